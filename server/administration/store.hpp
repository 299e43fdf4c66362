#pragma once
#include "db/database.hpp"
#include "net/buckets.hpp"

#include <map>
#include <span>
#include <vector>

// All SQL of the administration. Writes run in the lane.
namespace torg::administration {

[[nodiscard]] std::span<db::Migration const> migrations();

/// A room as lists show it. What redactions took away isn't in it.
struct RoomRow {
  RoomNid room;
  std::string room_id, version;
  std::int64_t joined_members = 0, state_events = 0;
  UserNid creator;
  std::string name, canonical_alias, encryption, join_rule, guest_access, history_visibility,
      room_type;  ///< empty: not set
  bool federates = true;
  bool blocked = false;
  bool listed = false;  ///< in the room directory
};

/// An event that somebody has told the administrators about.
struct EventReport {
  std::int64_t nid = 0;
  Instant at{};
  UserNid by;
  std::string room_id, event_id;
  UserNid sender;
  std::string reason;
};
enum class RoomOrder : std::uint8_t { name, joined_members, state_events, version, newest };
enum class Direction : std::uint8_t { forwards, backwards };

/// A room that is being closed, or was.
struct Closing {
  std::int64_t nid = 0;
  RoomNid room;
  UserNid by;
  Instant at{};
  std::string reason;
  std::string message;      ///< in the room that people find instead
  UserNid successor_maker;  ///< who makes that room; 0: there is none
  std::string successor_name;
  RoomNid successor;  ///< once it is made
  std::optional<Instant> finished;
  std::int64_t kicked = 0;
  std::vector<std::string> aliases;  ///< that led there
};

namespace store {

[[nodiscard]] std::map<UserNid, RoomNid> notice_rooms(db::Reader& reader);
void put_notice_room(db::Transaction& transaction, UserNid user, RoomNid room);

/// Rooms whose name, alias or id contains `search`, and how many these are.
struct RoomPage {
  std::vector<RoomRow> rooms;
  std::int64_t total = 0;
};
[[nodiscard]] RoomPage rooms(db::Reader& reader, std::string_view search, RoomOrder order,
                             Direction direction, std::size_t from, std::size_t limit);
[[nodiscard]] std::optional<RoomRow> room(db::Reader& reader, RoomNid nid);

[[nodiscard]] std::vector<RoomNid> blocked_rooms(db::Reader& reader);
/// Who blocked it; none when nobody has.
[[nodiscard]] std::optional<UserNid> blocked_by(db::Reader& reader, RoomNid room);
void block_room(db::Transaction& transaction, RoomNid room, UserNid by, Instant at);
void unblock_room(db::Transaction& transaction, RoomNid room);

/// @return its number
[[nodiscard]] std::int64_t add_closing(db::Transaction& transaction, Closing const& closing);
/// Oldest first.
[[nodiscard]] std::vector<Closing> closings(db::Reader& reader, RoomNid room);
[[nodiscard]] std::vector<Closing> unfinished_closings(db::Reader& reader);
[[nodiscard]] std::optional<Closing> closing(db::Reader& reader, std::int64_t nid);
[[nodiscard]] std::int64_t unfinished_count(db::Reader& reader);
void set_successor(db::Transaction& transaction, std::int64_t closing, RoomNid successor);
void finish_closing(db::Transaction& transaction, Closing const& closing);

/// Those that are not closed, the newest first, and how many there are.
struct ReportPage {
  std::vector<EventReport> reports;
  std::int64_t total = 0;
};
[[nodiscard]] ReportPage event_reports(db::Reader& reader, std::size_t from, std::size_t limit);
[[nodiscard]] std::optional<EventReport> event_report(db::Reader& reader, std::int64_t nid);
/// @return false when there is no such report, or it is closed already
[[nodiscard]] bool close_report(db::Transaction& transaction, std::int64_t nid, Instant at);

[[nodiscard]] std::map<UserNid, net::Rate> rate_overrides(db::Reader& reader);
void put_rate_override(db::Transaction& transaction, UserNid user, net::Rate rate);
void remove_rate_override(db::Transaction& transaction, UserNid user);

}  // namespace store
}  // namespace torg::administration
