#include "records/escalation/tellings.hpp"

#include "records/rules/working_days.hpp"

#include <fmt/format.h>

namespace torg::records {
namespace {

constexpr db::Statement kLate{
    "SELECT room, due_day, COUNT(*) FROM assessment WHERE authority = $1 AND handling = 0 AND due_day < $2 "
    "GROUP BY room, due_day ORDER BY room, due_day"};
constexpr db::Statement kAddRoom{"INSERT INTO late_room_notice (authority, room, count) VALUES ($1, $2, $3)"};
constexpr db::Statement kAddLetter{"INSERT INTO clock_letter (authority, text) VALUES ($1, $2)"};
constexpr db::Statement kRooms{"SELECT nid, authority, room, count FROM late_room_notice ORDER BY nid"};
constexpr db::Statement kLetters{"SELECT nid, authority, text FROM clock_letter ORDER BY nid"};
constexpr db::Statement kRemoveRoom{"DELETE FROM late_room_notice WHERE nid = $1"};
constexpr db::Statement kRemoveLetter{"DELETE FROM clock_letter WHERE nid = $1"};

std::int64_t to_number(Day day) { return day.time_since_epoch().count(); }

}  // namespace

Bilingual room_words(std::string_view authority, std::int64_t count) {
  if (count == 1) {
    return {fmt::format("{}: en handling i det här rummet skulle ha varit bedömd.", authority),
            fmt::format("{}: one record in this room should have been assessed.", authority)};
  }
  return {fmt::format("{}: {} handlingar i det här rummet skulle ha varit bedömda.", authority, count),
          fmt::format("{}: {} records in this room should have been assessed.", authority, count)};
}

std::string letter_text(std::vector<ClockNotice> const& notices) {
  std::string sv, en;
  for (auto const& notice : notices) {
    auto const words = to_words(notice);
    sv += words.sv + "\n";
    en += words.en + "\n";
  }
  return sv + "\n" + en;
}

namespace telling_store {

std::vector<LateRoom> late_rooms(db::Reader& reader, AuthorityId authority, Day after, Day today) {
  std::vector<LateRoom> found;
  reader.query(kLate, {authority, to_number(today)}, [&](db::Row const& row) {
    auto const told_on = plus_working_days(Day(std::chrono::days(row.integer(1))), 1);
    if (told_on <= after || told_on > today) return;
    auto const room = row.number<RoomNid>(0);
    if (found.empty() || found.back().room != room) found.push_back({0, authority, room, 0});
    found.back().count += row.integer(2);
  });
  return found;
}

void add(db::Transaction& transaction, LateRoom const& room) {
  transaction.execute(kAddRoom, {room.authority, room.room, room.count});
}

void add(db::Transaction& transaction, AuthorityId authority, std::string_view text) {
  transaction.execute(kAddLetter, {authority, text});
}

std::vector<LateRoom> rooms(db::Reader& reader) {
  std::vector<LateRoom> found;
  reader.query(kRooms, {}, [&](db::Row const& row) {
    found.push_back({row.integer(0), row.number<AuthorityId>(1), row.number<RoomNid>(2), row.integer(3)});
  });
  return found;
}

std::vector<ClockLetter> letters(db::Reader& reader) {
  std::vector<ClockLetter> found;
  reader.query(kLetters, {}, [&](db::Row const& row) {
    found.push_back({row.integer(0), row.number<AuthorityId>(1), row.string(2)});
  });
  return found;
}

void remove_room(db::Transaction& transaction, std::int64_t id) { transaction.execute(kRemoveRoom, {id}); }
void remove_letter(db::Transaction& transaction, std::int64_t id) {
  transaction.execute(kRemoveLetter, {id});
}

}  // namespace telling_store
}  // namespace torg::records
