#include "matrix/push/gateway.hpp"

#include "matrix/room/render.hpp"

#include <algorithm>

namespace torg::matrix {
namespace {

/// What may wait until the device is awake anyway: what neither sounds nor calls anybody.
std::string_view priority(PushActions const& actions) {
  return actions.highlight || actions.tweaks.contains("sound") ? "high" : "low";
}

void add_event(json::object& notification, CachedEvent const& event, Room const& room, UserNid owner,
               identity::Identity const& identity) {
  auto const& sender = identity.user_id(event.sender);
  notification["type"] = event.type;
  notification["sender"] = sender;
  auto const add = [&](std::string_view key, std::string text) {
    if (!text.empty()) notification[key] = std::move(text);
  };
  add("sender_display_name", text_in_state(room, "m.room.member", sender, "displayname"));
  add("room_name", text_in_state(room, "m.room.name", "", "name"));
  add("room_alias", text_in_state(room, "m.room.canonical_alias", "", "alias"));
  if (event.type == "m.room.member")
    notification["user_is_target"] = event.state_key == identity.user_id(owner);
  if (auto content = parse_json_object(visible_content(event))) notification["content"] = std::move(*content);
}

}  // namespace

std::string text_in_state(Room const& room, std::string_view type, std::string_view state_key,
                          std::string_view key) {
  auto const* event = room.state(type, state_key);
  if (event == nullptr) return {};
  auto const content = parse_json_object(visible_content(**event));
  return content ? std::string(optional_string(*content, key).value_or("")) : std::string();
}

json::object gateway_body(Pusher const& pusher, PushNote const& note, Room const* room, std::int64_t unread,
                          PushContent content, identity::Identity const& identity) {
  json::object device{{"app_id", pusher.app_id},
                      {"pushkey", pusher.pushkey},
                      {"pushkey_ts", pusher.changed / 1000},
                      {"data", pusher.data}};
  device["data"].as_object().erase("url");
  json::object notification{{"counts", json::object{}}};
  if (unread > 0 || note.event == nullptr) notification["counts"].as_object()["unread"] = unread;
  if (note.event && room != nullptr) {
    notification["event_id"] = note.event->id.text();
    notification["room_id"] = room->id().value;
    notification["prio"] = priority(note.actions);
    bool const ids_only =
        content == PushContent::ids || optional_string(pusher.data, "format") == "event_id_only";
    if (!ids_only) {
      add_event(notification, *note.event, *room, pusher.owner, identity);
      device["tweaks"] = note.actions.tweaks;
    }
  }
  notification["devices"] = json::array{std::move(device)};
  return {{"notification", std::move(notification)}};
}

bool is_rejected(std::string_view answer, std::string_view pushkey) {
  auto const body = parse_json_object(answer);
  auto const* rejected = body ? optional_array(*body, "rejected") : nullptr;
  return rejected != nullptr && std::ranges::any_of(*rejected, [&](json::value const& key) {
           return key.is_string() && key.get_string() == pushkey;
         });
}

}  // namespace torg::matrix
