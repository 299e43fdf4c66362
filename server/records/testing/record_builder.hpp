#pragma once
#include "records/register/entry.hpp"

namespace torg::records {

/// For tests: an instant on 26 November 2024, 09.14 in Stockholm, and its day; in the past of every real
/// clock.
inline constexpr Instant kTestInstant{std::chrono::sys_days(std::chrono::year(2024) / 11 / 26) +
                                      std::chrono::hours(8) + std::chrono::minutes(14)};
inline constexpr Day kTestDay = std::chrono::sys_days(std::chrono::year(2024) / 11 / 26);

inline SaltSeed test_seed(std::uint64_t n) {
  SaltSeed seed;
  for (std::size_t at = 0; at < 8; ++at) seed.bytes[at] = static_cast<unsigned char>(n >> (8 * at));
  return seed;
}

/// For tests: a letter to the municipal board, in a case of its own unless the test says otherwise.
inline NewRecord a_record(std::uint64_t n = 1) {
  NewRecord record;
  record.series = {AuthorityId(1), "KS", NumberPattern::standard()};
  record.at = kTestInstant;
  record.today = kTestDay;
  record.by = UserNid(7);
  record.by_id = "@maja:alvhamn.example";
  record.of_case = NewCase{"Översvämningsskydd Laxån", "1.4.1", true};
  record.title = "Yttrande över provisorisk vall";
  record.internal_title = "Yttrande från Leila om vallen";
  record.sender = "Länsstyrelsen Mellansjö";
  record.recipient = "Kommunstyrelsen";
  record.came_or_made_day = kTestDay;
  record.classification = "1.4.1";
  record.record_type = "Yttrande";
  record.room = RoomNid(3);
  record.items = {EventNid(static_cast<std::int64_t>(n))};
  record.item_ids = {"$event" + std::to_string(n)};
  record.manifest = R"({"items":[{"event_id":"$event)" + std::to_string(n) + R"("}]})";
  record.seed = test_seed(n);
  return record;
}

}  // namespace torg::records
