#pragma once
#include "records/assessment/assessment.hpp"

#include <map>

// All SQL of assessment, beside the functions of `namespace assessment`, which are defined here too.
namespace torg::records::assessment {

/// The first row of an item; nothing when there is one.
void insert_row(db::Transaction& transaction, Assessment const& row);

/// Where one has come to in the queues: the last line one has.
struct QueuePlace {
  Day due_day{};
  EventNid event;
  AuthorityId authority;
};
/// Unassessed items of an authority, first due first; after `from` when it is given.
[[nodiscard]] std::vector<Assessment> unassessed(db::Reader& reader, AuthorityId authority,
                                                 std::optional<QueuePlace> const& from, std::int64_t limit);
/// How many of them are past their day.
[[nodiscard]] std::int64_t count_late(db::Reader& reader, AuthorityId authority, Day today);
[[nodiscard]] std::int64_t count_unassessed(db::Reader& reader, AuthorityId authority);
/// How many of them each room holds; rooms without any are left out.
[[nodiscard]] std::map<RoomNid, std::int64_t> unassessed_by_room(db::Reader& reader, AuthorityId authority);
/// Decisions of persons since `from`.
[[nodiscard]] std::int64_t count_decided(db::Reader& reader, AuthorityId authority, Instant from);
/// Unassessed and registered items of a room for one authority, newest last.
[[nodiscard]] std::vector<Assessment> unassessed_of_room(db::Reader& reader, RoomNid room,
                                                         AuthorityId authority);
[[nodiscard]] std::vector<Assessment> registered_of_room(db::Reader& reader, RoomNid room,
                                                         AuthorityId authority);
/// Whether any authority has a row for the item, and so it is or was a record somewhere.
[[nodiscard]] std::vector<EventNid> events_with_rows(db::Reader& reader, RoomNid room, EventNid from,
                                                     EventNid to);
/// The event that a client names; 0 when it isn't in this room.
[[nodiscard]] EventNid find_event(db::Reader& reader, RoomNid room, std::string_view event_id);

/// One step of an item's history, oldest first.
struct Step {
  Instant at{};
  UserNid by, second_person;
  Handling handling{};
  std::string rule;
  std::int64_t rule_version = 0;
  std::string reason;
};
[[nodiscard]] std::vector<Step> history(db::Reader& reader, RoomNid room, EventNid event,
                                        AuthorityId authority);

/// Notes that an item shows a file, so that the file can go with the last item that shows it.
void add_file(db::Transaction& transaction, std::string_view mxc, EventNid event);
/// @return whether no item shows the file any more
[[nodiscard]] bool remove_file(db::Transaction& transaction, std::string_view mxc, EventNid event);
/// Whether any item shows the file.
[[nodiscard]] bool shows_file(db::Reader& reader, std::string_view mxc);

/// An authority's first member in a room that others had written in.
struct Opening {
  RoomNid room;
  AuthorityId authority;
  Instant at{};
  Position position;
};
void add_opening(db::Transaction& transaction, Opening const& opening);
void remove_opening(db::Transaction& transaction, Opening const& opening);
[[nodiscard]] std::vector<Opening> openings(db::Reader& reader);

}  // namespace torg::records::assessment
