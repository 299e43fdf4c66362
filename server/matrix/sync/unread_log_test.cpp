#include "matrix/sync/unread_log.hpp"

#include <gtest/gtest.h>

namespace torg::matrix {
namespace {

constexpr UserNid kReader{1};
constexpr UserNid kOther{2};

/// A message with its number, which is also where it lies.
UnreadLog::Special message(std::int64_t number, std::string thread = {}, UserNid sender = kOther) {
  return {.number = number,
          .position = Position(number),
          .sender = sender,
          .is_message = true,
          .notifies = true,
          .thread = std::move(thread),
          .called = {}};
}

UnreadLog log_of(std::int64_t total, std::vector<UnreadLog::Special> newest_first) {
  UnreadLog log;
  log.extend(std::move(newest_first), total, Position(total));
  return log;
}

ReadMarks read_up_to(std::int64_t message) {
  return {.everything = message,
          .everything_at = Position(message),
          .main = message,
          .main_at = Position(message)};
}

TEST(UnreadLog, PlainMessagesAreCountedByTheirNumbers) {
  auto const log = log_of(1'000'000, {});
  EXPECT_EQ(log.count(kReader, read_up_to(999'990)).main.notifications, 10);
  EXPECT_EQ(log.count(kReader, read_up_to(1'000'000)).main.notifications, 0);
}

TEST(UnreadLog, AThreadedMessageCountsInItsThreadOnly) {
  auto const log = log_of(10, {message(9, "$t"), message(5, "$t")});
  auto const counts = log.count(kReader, read_up_to(4));
  EXPECT_EQ(counts.main.notifications, 4);
  EXPECT_EQ(counts.threads.at("$t").notifications, 2);
  EXPECT_EQ(counts.all().notifications, 6);
  auto marks = read_up_to(4);
  marks.threads["$t"] = Position(5);
  EXPECT_EQ(log.count(kReader, marks).threads.at("$t").notifications, 1);
}

TEST(UnreadLog, WhoWroteInAThreadHasReadItUpToThere) {
  auto const log = log_of(10, {message(9, "$t"), message(7, "$t", kReader), message(5, "$t")});
  EXPECT_EQ(log.count(kReader, read_up_to(4)).threads.at("$t").notifications, 1);
  EXPECT_EQ(log.count(kOther, read_up_to(4)).threads.count("$t"), 0U) << "they wrote last themselves";
}

TEST(UnreadLog, ACallHighlightsForThoseWhomItNames) {
  auto call = message(8);
  call.called = {kReader};
  auto const log = log_of(10, {call});
  EXPECT_EQ(log.count(kReader, read_up_to(4)).main.highlights, 1);
  EXPECT_EQ(log.count(kReader, read_up_to(8)).main.highlights, 0);
  EXPECT_EQ(log.count(UserNid(3), read_up_to(4)).main.highlights, 0);
  EXPECT_EQ(log.count(UserNid(3), read_up_to(4)).main.notifications, 6);
}

TEST(UnreadLog, WhatIsNoMessageCountsFromItsPlaceBehindTheMessageBefore) {
  UnreadLog::Special tombstone{.number = 5,
                               .position = Position(50),
                               .sender = kOther,
                               .notifies = true,
                               .highlights = true,
                               .thread = {},
                               .called = {}};
  auto const log = log_of(5, {tombstone});
  ReadMarks marks{.everything = 5, .everything_at = Position(49), .main = 5, .main_at = Position(49)};
  EXPECT_EQ(log.count(kReader, marks).main.highlights, 1);
  marks.main_at = Position(50);
  EXPECT_EQ(log.count(kReader, marks).main.highlights, 0);
}

TEST(UnreadLog, WherePlainMessagesAreSilentOnlyOthersCount) {
  auto log = log_of(10, {message(8)});
  log.plain_notifies = false;
  EXPECT_EQ(log.count(kReader, read_up_to(4)).main.notifications, 1);
}

TEST(UnreadLog, WhatIsTooOldIsLetGo) {
  UnreadLog log;
  for (std::int64_t number = 1; number <= 5'000; ++number)
    log.extend({message(number, "$t")}, number, Position(number));
  EXPECT_LE(log.specials.size(), 2U * kMostUnread);
  EXPECT_GE(log.specials.size(), std::size_t{kMostUnread});
  EXPECT_EQ(log.specials.front().number, log.from + 1);
  EXPECT_GT(log.bytes, 0U);
}

}  // namespace
}  // namespace torg::matrix
