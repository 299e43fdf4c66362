#include "matrix/room/cached_event.hpp"

#include "base/json.hpp"

namespace torg::matrix {

RoomEvent to_room_event(CachedEvent const& event) {
  return {.nid = event.nid,
          .position = event.position,
          .id = EventId(event.id.text()),
          .room = event.room,
          .sender = event.sender,
          .type = std::string(event.type),
          .state_key = event.state_key,
          .origin_server_ts = event.origin_server_ts,
          .content = event.content,
          .redacted_by = event.redacted_by};
}

std::optional<crypto::Sha256> edited_event(CachedEvent const& event) {
  if (event.is_state() || event.content.find("m.replace") == std::string::npos) return std::nullopt;
  auto const content = parse_json_object(event.content);
  auto const* relation = content ? optional_object(*content, "m.relates_to") : nullptr;
  if (relation == nullptr || optional_string(*relation, "rel_type") != "m.replace") return std::nullopt;
  auto const target = look_up_event(optional_string(*relation, "event_id").value_or(""));
  return target ? std::optional(target->key) : std::nullopt;
}

bool is_message(std::string_view type) { return type == "m.room.message" || type == "m.room.encrypted"; }

}  // namespace torg::matrix
