#pragma once
#include "db/database.hpp"

namespace torg::matrix::store {

/// What somebody tells the administrators about: a room, an event in one, or a person. The others are 0.
struct NewReport {
  Instant at{};
  UserNid reporter{};
  RoomNid room{};
  EventNid event{};
  UserNid person{};
  std::string reason{};
};
void add_report(db::Transaction& transaction, NewReport const& report);

/// The same as an administrator reads it; an id that isn't of the report is empty.
struct Report {
  std::int64_t nid = 0;  ///< counts up
  Instant at{};
  UserNid reporter;
  std::string room_id, event_id;
  UserNid person;
  std::string reason;
};
/// Up to `limit` reports with a number below `before`, the newest first.
[[nodiscard]] std::vector<Report> reports(db::Reader& reader, std::int64_t before, std::int64_t limit);

}  // namespace torg::matrix::store
