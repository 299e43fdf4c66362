#pragma once
#include "matrix/room/rooms.hpp"
#include "matrix/room/stored_id.hpp"

#include <array>
#include <memory>

namespace torg::matrix {

/// An event as the room actor keeps it: what rendering needs, nothing parsed. Shared by timeline, state and
/// stream. It is written by the executor only; `position` is filled at the commit, `redacted_by` when a
/// redaction commits.
struct CachedEvent {
  EventNid nid;
  Position position;
  StoredId id;
  RoomNid room;
  UserNid sender;
  std::string_view type;  ///< points into the table of type names, which only grows
  std::optional<std::string> state_key;
  std::int64_t origin_server_ts = 0;
  std::int64_t depth = 0;
  std::string content;  ///< canonical JSON, as sent
  EventNid replaces;    ///< the state event that this one took the place of
  EventNid redacted_by;
  RoomVersion version = RoomVersion::v12;  ///< of the room; always right when `redacted_by` is set
  std::shared_ptr<CachedEvent> redaction;  ///< the event `redacted_by` names, for rendering
  std::int64_t messages = 0;  ///< how many messages the room had, this one included; 0: not known
  std::int64_t session = 0;   ///< device that sent it, with `transaction_id`; see `RoomService::recall_sent`
  std::string transaction_id;
  std::optional<std::int64_t> sticky_ms;  ///< see `Event::sticky_ms`
  std::string delay_id;                   ///< of a delayed event; for its sender only

  [[nodiscard]] bool is_state() const { return state_key.has_value(); }
};
using EventPtr = std::shared_ptr<CachedEvent>;

[[nodiscard]] RoomEvent to_room_event(CachedEvent const& event);

/// The key of the id of the event that `event` replaces the content of (`m.replace`); none when it isn't an
/// edit.
[[nodiscard]] std::optional<crypto::Sha256> edited_event(CachedEvent const& event);

/// Whether an event counts as unread and notifies by the default push rules.
[[nodiscard]] bool is_message(std::string_view type);

}  // namespace torg::matrix
