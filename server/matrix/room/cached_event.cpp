#include "matrix/room/cached_event.hpp"

#include "base/encoding.hpp"
#include "base/json.hpp"

#include <algorithm>

namespace torg::matrix {

std::string event_id_text(crypto::Sha256 const& id) {
  return '$' + base64_encode(crypto::view(id), Base64::url);
}

std::optional<crypto::Sha256> parse_event_id(std::string_view text) {
  if (text.size() != 44 || text.front() != '$') return std::nullopt;
  auto const bytes = base64_decode(text.substr(1), Base64::url);
  crypto::Sha256 id{};
  if (!bytes || bytes->size() != id.size()) return std::nullopt;
  std::ranges::copy(*bytes, id.begin());
  return id;
}

RoomEvent to_room_event(CachedEvent const& event) {
  return {.nid = event.nid,
          .position = event.position,
          .id = EventId(event_id_text(event.id)),
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
  return parse_event_id(optional_string(*relation, "event_id").value_or(""));
}

bool is_message(std::string_view type) { return type == "m.room.message" || type == "m.room.encrypted"; }

}  // namespace torg::matrix
