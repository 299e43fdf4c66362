#pragma once
#include "db/database.hpp"
#include "governance/service.hpp"
#include "records/rules/types.hpp"

#include <span>
#include <vector>

namespace torg::records {

using NoticeId = StrongNumber<struct NoticeIdTag, std::int64_t>;

/// Whose clock it is.
enum class NoticeKind : std::uint8_t { items, requests, reviews };
/// How far past it the clock is (R23, R41): the last day itself, one working day and three after it. A
/// request past its last day is told of every working day.
enum class NoticeStep : std::uint8_t { due, late, very_late };

/// "Three records should have been assessed": a count, never a list of names (R61), for one authority and
/// day.
struct ClockNotice {
  NoticeId id;
  AuthorityId authority;
  Day day{};
  NoticeKind kind = NoticeKind::items;
  NoticeStep step = NoticeStep::due;
  std::int64_t count = 0;
  friend bool operator==(ClockNotice const&, ClockNotice const&) = default;
};

[[nodiscard]] std::string_view to_text(NoticeKind kind);
[[nodiscard]] std::string_view to_text(NoticeStep step);
[[nodiscard]] Bilingual to_words(ClockNotice const& notice);

/// How many clocks of one kind end on each day.
using DueCounts = std::map<Day, std::int64_t>;

/// What is told on `today`, given when it was told last (`after`, exclusive): each item once per step, also
/// when the server stood still on the day. On a day that is no working day nothing is told. Pure.
[[nodiscard]] std::vector<ClockNotice> notices_of(AuthorityId authority, NoticeKind kind,
                                                  DueCounts const& counts, Day after, Day today);

/// All SQL of notices.
namespace notice_store {

[[nodiscard]] DueCounts items_due(db::Reader& reader, AuthorityId authority);
/// The last day told of; none: never.
[[nodiscard]] std::optional<Day> told(db::Reader& reader, AuthorityId authority);
void tell(db::Transaction& transaction, AuthorityId authority, Day day,
          std::vector<ClockNotice> const& notices);
/// Newest first, those of `since` and later that `person` hasn't seen.
[[nodiscard]] std::vector<ClockNotice> unseen(db::Reader& reader, AuthorityId authority, Day since,
                                              UserNid person);
[[nodiscard]] std::optional<ClockNotice> find(db::Reader& reader, NoticeId id);
void see(db::Transaction& transaction, NoticeId id, UserNid person, Instant at);

}  // namespace notice_store

[[nodiscard]] std::span<db::Migration const> notice_migrations();

}  // namespace torg::records
