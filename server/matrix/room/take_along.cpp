// Who moves from a room to its successor finds their tags and push rules there.
// https://spec.matrix.org/v1.19/client-server-api/#room-upgrades, "Server behaviour"
#include "matrix/room/service.hpp"

#include <algorithm>
#include <array>

namespace torg::matrix {
namespace {

/// Room account data that is about events of the old room.
constexpr std::array<std::string_view, 2> kStaysBehind{"m.fully_read", "m.marked_unread"};

/// A rule about the old room, made one about the new; none when it isn't about the old.
std::optional<json::object> moved_rule(json::object const& rule, std::string_view from, std::string_view to) {
  json::object moved = rule;
  bool concerns = optional_string(rule, "rule_id") == from;
  if (auto* conditions = moved.contains("conditions") ? moved["conditions"].if_array() : nullptr) {
    for (auto& condition : *conditions) {
      auto* object = condition.if_object();
      bool const names = object != nullptr && optional_string(*object, "key") == "room_id" &&
                         optional_string(*object, "pattern") == from;
      if (!names) continue;
      (*object)["pattern"] = to;
      concerns = true;
    }
  }
  if (!concerns) return std::nullopt;
  std::string id(optional_string(rule, "rule_id").value_or(""));
  moved["rule_id"] = id == from ? std::string(to) : id + ' ' + std::string(to);
  return moved;
}

bool has_rule(json::array const& rules, json::value const& id) {
  return std::ranges::any_of(rules, [&](json::value const& rule) {
    auto const* found = rule.is_object() ? rule.get_object().if_contains("rule_id") : nullptr;
    return found != nullptr && *found == id;
  });
}

/// The rules with those about the old room doubled; none when there are none to double.
std::optional<json::object> moved_rules(json::object rules, std::string_view from, std::string_view to) {
  bool changed = false;
  for (auto& kind : rules) {
    auto* list = kind.value().if_array();
    if (list == nullptr) continue;
    json::array more;
    for (auto const& rule : *list) {
      auto moved = rule.is_object() ? moved_rule(rule.get_object(), from, to) : std::nullopt;
      if (moved && !has_rule(*list, moved->at("rule_id"))) more.emplace_back(std::move(*moved));
    }
    changed = changed || !more.empty();
    list->insert(list->begin(), more.begin(), more.end());  // own rules stand before the default ones
  }
  return changed ? std::optional(std::move(rules)) : std::nullopt;
}

/// `m.direct` with the new room wherever the old one is; none when nothing changes.
std::optional<json::object> moved_direct(json::object direct, std::string_view from, std::string_view to) {
  bool changed = false;
  for (auto& entry : direct) {
    auto* rooms = entry.value().if_array();
    if (rooms == nullptr || std::ranges::find(*rooms, json::value(from)) == rooms->end()) continue;
    if (std::ranges::find(*rooms, json::value(to)) != rooms->end()) continue;
    rooms->emplace_back(to);
    changed = true;
  }
  return changed ? std::optional(std::move(direct)) : std::nullopt;
}

}  // namespace

Task<> RoomService::take_along(std::shared_ptr<Room> room, UserNid user) {
  auto const from = room->predecessor();
  if (from.empty() || identity_.account(user) == nullptr) co_return;
  auto const to = room->id().value;
  auto& data = identity_.account_data();
  auto const all = co_await data.changes(user, Position{});
  if (!all) co_return;  // the room is joined whatever becomes of a tag
  std::vector<identity::AccountDataEntry> moving;
  for (auto const& entry : *all) {
    if (entry.room_id != from || std::ranges::find(kStaysBehind, entry.type) != kStaysBehind.end()) continue;
    bool const there = std::ranges::any_of(
        *all, [&](auto const& other) { return other.room_id == to && other.type == entry.type; });
    if (!there) moving.push_back(entry);
  }
  for (auto const& entry : moving) (void)co_await data.put(user, to, entry.type, entry.content);

  auto const rules = co_await data.push_rules(user);
  auto const* global = rules ? optional_object(*rules, "global") : nullptr;
  if (global != nullptr && moved_rules(*global, from, to)) {
    (void)co_await data.change_push_rules(user, [from, to](json::object now) -> Result<json::object> {
      auto moved = moved_rules(now, from, to);
      return moved ? std::move(*moved) : now;
    });
  }
  auto const direct = co_await data.get(user, "", "m.direct");
  auto const parsed = direct ? parse_json_object(*direct) : Result<json::object>(json::object{});
  if (!parsed || !moved_direct(*parsed, from, to)) co_return;
  (void)co_await data.change(user, "", "m.direct", [from, to](json::object now) -> Result<json::object> {
    auto moved = moved_direct(now, from, to);
    return moved ? std::move(*moved) : now;
  });
}

}  // namespace torg::matrix
