#include "identity/push_rules.hpp"

#include <algorithm>
#include <array>

namespace torg::identity {
namespace {

constexpr std::array<std::string_view, 6> kKinds{"override", "content", "postcontent",
                                                 "room",     "sender",  "underride"};
constexpr std::string_view kMaster = ".m.rule.master";

json::value match(std::string_view key, std::string_view pattern) {
  return {{"kind", "event_match"}, {"key", key}, {"pattern", pattern}};
}
json::value type_is(std::string_view type) { return match("type", type); }
json::value two_members() { return {{"kind", "room_member_count"}, {"is", "2"}}; }

json::value highlight() { return {{"set_tweak", "highlight"}}; }
json::value sound(std::string_view name) { return {{"set_tweak", "sound"}, {"value", name}}; }

json::object rule(std::string_view id, json::array conditions, json::array actions) {
  return {{"rule_id", id},
          {"default", true},
          {"enabled", id != kMaster},
          {"conditions", std::move(conditions)},
          {"actions", std::move(actions)}};
}

bool is_default(json::value const& rule) {
  return optional_bool(rule.as_object(), "default").value_or(false);
}

std::string_view id_of(json::value const& rule) {
  return optional_string(rule.as_object(), "rule_id").value_or("");
}

json::array::iterator find_in(json::array& rules, std::string_view rule_id) {
  return std::ranges::find_if(rules, [&](json::value const& rule) { return id_of(rule) == rule_id; });
}

/// Highest first; they stand behind the rules on mentions, before the others.
/// @see https://spec.matrix.org/v1.16/client-server-api/#default-override-rules
json::array body_mention_rules() {
  return {rule(".m.rule.contains_display_name", {{{"kind", "contains_display_name"}}},
               {"notify", sound("default"), highlight()}),
          rule(".m.rule.roomnotif",
               {match("content.body", "@room"),
                json::value{{"kind", "sender_notification_permission"}, {"key", "room"}}},
               {"notify", highlight()})};
}

json::array default_content(std::string_view user_id, BodyMentions mentions) {
  if (mentions == BodyMentions::ignored) return {};
  auto const localpart = user_id.substr(std::min<std::size_t>(1, user_id.size()),
                                        std::max<std::size_t>(user_id.find(':'), 1) - 1);
  return {json::object{{"rule_id", ".m.rule.contains_user_name"},
                       {"default", true},
                       {"enabled", true},
                       {"pattern", localpart},
                       {"actions", {"notify", sound("default"), highlight()}}}};
}

/// Of messages in threads (MSC4306). Off until a client that subscribes to threads switches them on: without
/// it they would silence every thread.
json::array default_postcontent() {
  constexpr std::string_view kPrefix = ".io.element.msc4306.rule.";
  auto const made = [&](std::string_view name, bool subscribed, json::array actions) {
    auto made_rule =
        rule(std::string(kPrefix) + std::string(name),
             {json::value{{"kind", "io.element.msc4306.thread_subscription"}, {"subscribed", subscribed}}},
             std::move(actions));
    made_rule["enabled"] = false;
    return made_rule;
  };
  return {made("unsubscribed_thread", false, {}),
          made("subscribed_thread", true, {"notify", sound("default")})};
}

json::array default_override(std::string_view user_id) {
  json::value const mentions_me{
      {"kind", "event_property_contains"}, {"key", R"(content.m\.mentions.user_ids)"}, {"value", user_id}};
  json::value const mentions_room{
      {"kind", "event_property_is"}, {"key", R"(content.m\.mentions.room)"}, {"value", true}};
  json::value const may_notify_room{{"kind", "sender_notification_permission"}, {"key", "room"}};
  json::value const is_edit{
      {"kind", "event_property_is"}, {"key", R"(content.m\.relates_to.rel_type)"}, {"value", "m.replace"}};
  return {rule(kMaster, {}, {}),
          rule(".m.rule.suppress_notices", {match("content.msgtype", "m.notice")}, {}),
          rule(".m.rule.invite_for_me",
               {type_is("m.room.member"), match("content.membership", "invite"), match("state_key", user_id)},
               {"notify", sound("default")}),
          rule(".m.rule.member_event", {type_is("m.room.member")}, {}),
          rule(".m.rule.is_user_mention", {mentions_me}, {"notify", sound("default"), highlight()}),
          rule(".m.rule.is_room_mention", {mentions_room, may_notify_room}, {"notify", highlight()}),
          rule(".m.rule.tombstone", {type_is("m.room.tombstone"), match("state_key", "")},
               {"notify", highlight()}),
          rule(".m.rule.reaction", {type_is("m.reaction")}, {}),
          rule(".m.rule.room.server_acl", {type_is("m.room.server_acl"), match("state_key", "")}, {}),
          rule(".m.rule.suppress_edits", {is_edit}, {}),
          rule(".org.matrix.msc3930.rule.poll_response", {type_is("org.matrix.msc3381.poll.response")}, {})};
}

json::array default_underride() {
  return {rule(".m.rule.call", {type_is("m.call.invite")}, {"notify", sound("ring")}),
          rule(".m.rule.encrypted_room_one_to_one", {two_members(), type_is("m.room.encrypted")},
               {"notify", sound("default")}),
          rule(".m.rule.room_one_to_one", {two_members(), type_is("m.room.message")},
               {"notify", sound("default")}),
          rule(".m.rule.message", {type_is("m.room.message")}, {"notify"}),
          rule(".m.rule.encrypted", {type_is("m.room.encrypted")}, {"notify"}),
          // Polls (MSC3930)
          rule(".org.matrix.msc3930.rule.poll_start_one_to_one",
               {two_members(), type_is("org.matrix.msc3381.poll.start")}, {"notify", sound("default")}),
          rule(".org.matrix.msc3930.rule.poll_start", {type_is("org.matrix.msc3381.poll.start")}, {"notify"}),
          rule(".org.matrix.msc3930.rule.poll_end_one_to_one",
               {two_members(), type_is("org.matrix.msc3381.poll.end")}, {"notify", sound("default")}),
          rule(".org.matrix.msc3930.rule.poll_end", {type_is("org.matrix.msc3381.poll.end")}, {"notify"})};
}

bool is_condition(json::value const& value) {
  return value.is_object() && optional_string(value.get_object(), "kind").has_value();
}

/// The part of a client's body that belongs to a rule of this kind.
Result<json::object> new_rule(std::string_view kind, std::string_view rule_id, json::object const& body) {
  if (rule_id.empty() || rule_id.starts_with('.') || rule_id.find_first_of("/\\") != std::string_view::npos) {
    return fail(ErrorCode::invalid_param, "A rule id may not begin with a dot or contain a slash.");
  }
  auto const* actions = optional_array(body, "actions");
  if (actions == nullptr) return fail(ErrorCode::missing_param, "The field 'actions' must be a list.");
  if (auto good = check_actions(*actions); !good) return fail(std::move(good));
  json::object rule{{"rule_id", rule_id}, {"default", false}, {"enabled", true}, {"actions", *actions}};
  if (kind == "content") {
    auto const pattern = optional_string(body, "pattern");
    if (!pattern) return fail(ErrorCode::missing_param, "The field 'pattern' must be a text.");
    rule["pattern"] = *pattern;
  } else if (kind == "override" || kind == "postcontent" || kind == "underride") {
    auto const* conditions = optional_array(body, "conditions");
    if (conditions != nullptr && !std::ranges::all_of(*conditions, is_condition)) {
      return fail(ErrorCode::invalid_param, "A condition is an object with a kind.");
    }
    rule["conditions"] = conditions == nullptr ? json::array() : *conditions;
  }
  return rule;
}

std::unexpected<Error> no_rule() { return fail(ErrorCode::not_found, "There is no such push rule."); }

Result<json::array*> rules_of_kind(json::object& rules, std::string_view kind) {
  if (std::ranges::find(kKinds, kind) == kKinds.end())
    return fail(ErrorCode::invalid_param, "There is no such kind of rule.");
  return &rules[kind].as_array();
}

/// Where a rule goes: the user's own come first, only the master rule stands before them.
Result<json::array::iterator> place_of(json::array& rules, RulePlace const& place) {
  if (place.before || place.after) {
    auto const& neighbour = place.before ? *place.before : *place.after;
    auto const found = find_in(rules, neighbour);
    if (found == rules.end() || is_default(*found)) {
      return fail(ErrorCode::bad_request, "There is no rule of yours to stand before or after.");
    }
    return place.before ? found : found + 1;
  }
  return std::ranges::find_if(rules, [](json::value const& rule) { return id_of(rule) != kMaster; });
}

}  // namespace

Result<> check_actions(json::array const& actions) {
  auto const good = [](json::value const& action) { return action.is_string() || action.is_object(); };
  if (!std::ranges::all_of(actions, good)) {
    return fail(ErrorCode::invalid_param, "An action is a text or an object.");
  }
  return {};
}

json::object default_push_rules(std::string_view user_id, BodyMentions mentions) {
  auto overrides = default_override(user_id);
  if (mentions == BodyMentions::matched) {
    auto const tombstone = find_in(overrides, ".m.rule.tombstone");
    auto const rules = body_mention_rules();
    overrides.insert(tombstone, rules.begin(), rules.end());
  }
  return {{"override", std::move(overrides)},
          {"content", default_content(user_id, mentions)},
          {"postcontent", default_postcontent()},
          {"room", json::array()},
          {"sender", json::array()},
          {"underride", default_underride()}};
}

json::object effective_push_rules(std::string_view user_id, json::object const& stored,
                                  BodyMentions mentions) {
  auto effective = default_push_rules(user_id, mentions);
  for (auto kind : kKinds) {
    auto const* old = optional_array(stored, kind);
    if (old == nullptr) continue;
    auto& rules = effective[kind].as_array();
    for (auto& rule : rules) {
      auto const* kept = find_rule(stored, kind, id_of(rule));
      if (kept == nullptr) continue;
      if (auto const enabled = optional_bool(*kept, "enabled")) rule.as_object()["enabled"] = *enabled;
      if (auto const* actions = optional_array(*kept, "actions")) rule.as_object()["actions"] = *actions;
    }
    auto place = std::ranges::find_if(rules, [](json::value const& rule) { return id_of(rule) != kMaster; });
    for (auto const& rule : *old) {
      if (rule.is_object() && !is_default(rule)) place = rules.insert(place, rule) + 1;
    }
  }
  return effective;
}

json::object const* find_rule(json::object const& rules, std::string_view kind, std::string_view rule_id) {
  auto const* list = optional_array(rules, kind);
  if (list == nullptr) return nullptr;
  for (auto const& rule : *list) {
    if (rule.is_object() && id_of(rule) == rule_id) return &rule.get_object();
  }
  return nullptr;
}

Result<json::object> with_rule(json::object rules, std::string_view kind, std::string_view rule_id,
                               json::object const& body, RulePlace const& place) {
  auto list = rules_of_kind(rules, kind);
  if (!list) return fail(std::move(list));
  auto made = new_rule(kind, rule_id, body);
  if (!made) return made;
  auto const existing = find_in(**list, rule_id);
  if (existing != (*list)->end()) {
    (*made)["enabled"] = existing->as_object()["enabled"];
    if (!place.before && !place.after) {
      *existing = std::move(*made);
      return rules;
    }
    (*list)->erase(existing);
  }
  auto const where = place_of(**list, place);
  if (!where) return fail(Result<json::array::iterator>(where));
  (*list)->insert(*where, std::move(*made));
  return rules;
}

Result<json::object> without_rule(json::object rules, std::string_view kind, std::string_view rule_id) {
  auto list = rules_of_kind(rules, kind);
  if (!list) return fail(std::move(list));
  auto const found = find_in(**list, rule_id);
  if (found == (*list)->end()) return no_rule();
  if (is_default(*found))
    return fail(ErrorCode::invalid_param, "Predefined rules can be disabled, not deleted.");
  (*list)->erase(found);
  return rules;
}

Result<json::object> with_rule_part(json::object rules, std::string_view kind, std::string_view rule_id,
                                    std::string_view part, json::value value) {
  auto list = rules_of_kind(rules, kind);
  if (!list) return fail(std::move(list));
  auto const found = find_in(**list, rule_id);
  if (found == (*list)->end()) return no_rule();
  found->as_object()[part] = std::move(value);
  return rules;
}

}  // namespace torg::identity
