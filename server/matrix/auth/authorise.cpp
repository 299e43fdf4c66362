// Authorisation rules, steps 1 to 4 and 6 to 11 of room version 12, and what older versions had.
// https://spec.matrix.org/v1.19/rooms/v12/#authorization-rules
#include "base/identifiers.hpp"
#include "matrix/auth/auth.hpp"
#include "matrix/auth/rules.hpp"

#include <algorithm>

namespace torg::matrix {
namespace {

using rules::reject;

bool are_user_ids(json::value const& value) {
  auto const* ids = value.if_array();
  if (ids == nullptr) return false;
  return std::ranges::all_of(
      *ids, [](json::value const& id) { return id.is_string() && is_valid_user_id(id.get_string()); });
}

/// Step 11 of versions 1 and 2: by power, or within one server.
Result<> redaction(rules::Question const& question) {
  auto const& [event, content, state] = question;
  if (power_of(state, event.sender) >= state.power_levels().redact) return {};             // 11.1
  if (event.redacts && server_of(*event.redacts) == server_of(event.event_id)) return {};  // 11.2
  return reject("You may not remove what others have written in this room.", "v2 11.3");
}

/// Step 4 of versions 1 to 5: each server keeps the list of its own aliases, in the room or not.
Result<> aliases(Event const& event) {
  if (!event.state_key) return reject("A list of aliases needs the server's name as state key.", "v5 4.1");
  if (server_of(event.sender) != *event.state_key)
    return reject("A list of aliases belongs to the server it is named after.", "v5 4.2");
  return {};
}

/// Steps 6 to 11: everything that only a joined member may do.
Result<> authorise_member(rules::Question const& question) {
  auto const& [event, content, state] = question;
  if (state.membership(event.sender) != Membership::join) return reject("You are not in this room.", "6");

  auto const power = power_of(state, event.sender);
  auto const& levels = state.power_levels();
  if (event.type == "m.room.third_party_invite") {
    if (power >= levels.invite) return {};
    return reject("You may not invite people to this room.", "7.1");
  }

  if (power_needed(levels, event.type, event.state_key.has_value()) > power) {
    return reject("You may not send events of the type " + event.type + " in this room.", "8");
  }

  if (event.state_key && event.state_key->starts_with('@') && *event.state_key != event.sender) {
    return reject("State named after a user may be set by that user only.", "9");
  }

  if (event.type == "m.room.power_levels") return rules::power_levels_change(question);
  bool const right_needed = traits(state.version()).redaction_right == RedactionRight::authorised;
  if (event.type == "m.room.redaction" && right_needed) return redaction(question);
  return {};  // 11
}

/// Step 1.2: before version 12 a room id names the server that made it; then the event becomes it.
Result<> creation_of_room_id(Event const& event) {
  if (traits(event.version).room_ids == RoomIds::create_hash) {
    if (event.room_id.empty()) return {};
    return reject("The m.room.create event has no room_id, it becomes it.", "1.2");
  }
  if (server_of(event.room_id) == server_of(event.sender)) return {};
  return reject("A room is made by a user of the server in its id.", "1.2");
}

}  // namespace

Result<> authorise_create(Event const& event, json::object const& content) {
  if (!event.prev_events.empty()) return reject("A room begins with its m.room.create event.", "1.1");
  if (auto id = creation_of_room_id(event); !id) return id;
  if (auto const* version = content.if_contains("room_version")) {
    if (!version->is_string() || parse_room_version(version->get_string()) != event.version) {
      return reject("This room version is not known.", "1.3");
    }
  }
  auto const creators = traits(event.version).creators;
  if (creators == Creators::in_content && !content.contains("creator")) {
    return reject("The m.room.create event has no creator.", "v10 1.4");
  }
  auto const* more = content.if_contains("additional_creators");
  if (creators == Creators::all_powerful && more != nullptr && !are_user_ids(*more)) {
    return reject("The field 'additional_creators' must be a list of user ids.", "1.4");
  }
  return {};  // 1.5
}

Result<> authorise(Event const& event, json::object const& content, AuthState const& state) {
  if (event.type == "m.room.create") return authorise_create(event, content);
  if (!state.federates() && server_of(event.sender) != state.creator_server()) {
    return reject("This room is for users of " + std::string(state.creator_server()) + " only.", "4");
  }
  bool const by_server = traits(state.version()).aliases == Aliases::by_server;
  if (event.type == "m.room.aliases" && by_server) return aliases(event);
  rules::Question const question{event, content, state};
  if (event.type == "m.room.member") return rules::membership(question);
  return authorise_member(question);
}

std::vector<std::pair<std::string, std::string>> auth_event_keys(RoomVersion version, std::string_view type,
                                                                 std::optional<std::string_view> state_key,
                                                                 std::string_view sender,
                                                                 json::object const& content) {
  std::vector<std::pair<std::string, std::string>> keys;
  auto const cite = [&](std::string_view key_type, std::string_view key) {
    std::pair<std::string, std::string> wanted(key_type, key);
    if (std::ranges::find(keys, wanted) == keys.end()) keys.push_back(std::move(wanted));
  };
  if (type == "m.room.create") return keys;
  if (traits(version).create_cited == CreateCited::yes) cite("m.room.create", "");
  cite("m.room.power_levels", "");
  cite("m.room.member", sender);
  if (type != "m.room.member") return keys;

  if (state_key) cite("m.room.member", *state_key);
  auto const membership = parse_membership(optional_string(content, "membership").value_or(""));
  if (membership == Membership::join || membership == Membership::invite || membership == Membership::knock) {
    cite("m.room.join_rules", "");
  }
  if (membership == Membership::invite) {
    auto const* invite = optional_object(content, "third_party_invite");
    auto const* part = invite == nullptr ? nullptr : optional_object(*invite, "signed");
    auto const token = part == nullptr ? std::nullopt : optional_string(*part, "token");
    if (token) cite("m.room.third_party_invite", *token);
  }
  if (membership == Membership::join && traits(version).restricted == Restricted::allowed) {
    if (auto const voucher = optional_string(content, "join_authorised_via_users_server")) {
      cite("m.room.member", *voucher);
    }
  }
  return keys;
}

}  // namespace torg::matrix
