#include "matrix/sync/push_rule_set.hpp"

#include "matrix/auth/auth.hpp"

#include <algorithm>
#include <charconv>
#include <limits>

namespace torg::matrix {
namespace {

/// In the order they are checked. `postcontent`: MSC4306.
constexpr std::array<std::string_view, 6> kKinds{"override", "content", "postcontent",
                                                 "room",     "sender",  "underride"};
/// The rules that looked for names in the text before there was `m.mentions`, which they give way to.
constexpr std::array<std::string_view, 3> kBodyRules{".m.rule.contains_display_name", ".m.rule.roomnotif",
                                                     ".m.rule.contains_user_name"};
constexpr std::size_t kLongestPattern = 1024;
constexpr std::size_t kBytesOfACondition = 160;
constexpr std::int64_t kDefaultNotificationLevel = 50;

PushActions parse_actions(json::array const* actions) {
  PushActions parsed;
  if (actions == nullptr) return parsed;
  for (auto const& action : *actions) {
    if (action.is_string()) {
      parsed.notify = parsed.notify || action.get_string() == "notify";
      continue;
    }
    auto const* object = action.if_object();
    auto const tweak = object == nullptr ? std::nullopt : optional_string(*object, "set_tweak");
    if (!tweak) continue;
    auto const* value = object->if_contains("value");
    parsed.tweaks[*tweak] = value == nullptr ? json::value(true) : *value;
  }
  auto const* highlight = parsed.tweaks.if_contains("highlight");
  parsed.highlight = highlight != nullptr && (!highlight->is_bool() || highlight->get_bool());
  return parsed;
}

bool is_simple(json::value const& value) {
  return value.is_string() || value.is_int64() || value.is_uint64() || value.is_bool() || value.is_null();
}

/// `2`, `==2`, `<2`, `>2`, `<=2`, `>=2`.
std::optional<std::pair<std::int64_t, std::int64_t>> parse_range(std::string_view text) {
  auto const digits = text.find_first_of("0123456789");
  if (digits == std::string_view::npos) return std::nullopt;
  auto const prefix = text.substr(0, digits);
  std::int64_t number = 0;
  auto const [end, error] = std::from_chars(text.data() + digits, text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  constexpr auto kMost = std::numeric_limits<std::int64_t>::max();
  if (prefix.empty() || prefix == "==") return std::pair{number, number};
  if (prefix == "<") return std::pair{std::int64_t{0}, number - 1};
  if (prefix == "<=") return std::pair{std::int64_t{0}, number};
  if (prefix == ">") return std::pair{number == kMost ? kMost : number + 1, kMost};
  if (prefix == ">=") return std::pair{number, kMost};
  return std::nullopt;
}

}  // namespace

std::vector<std::string> property_path(std::string_view key) {
  std::vector<std::string> segments(1);
  for (std::size_t i = 0; i < key.size(); ++i) {
    bool const escaped = key[i] == '\\' && i + 1 < key.size() && (key[i + 1] == '.' || key[i + 1] == '\\');
    if (escaped)
      segments.back() += key[++i];
    else if (key[i] == '.')
      segments.emplace_back();
    else
      segments.back() += key[i];
  }
  return segments;
}

// Compiling

PushRuleSet::PushRuleSet(json::object const& global, std::string_view own_id) {
  for (auto const kind : kKinds) {
    auto const* rules = optional_array(global, kind);
    if (rules == nullptr) continue;
    for (auto const& rule : *rules) {
      if (rule.is_object() && optional_bool(rule.get_object(), "enabled").value_or(true))
        add(kind, rule.get_object(), own_id);
    }
  }
}

void PushRuleSet::add(std::string_view kind, json::object const& rule, std::string_view own_id) {
  Rule compiled{.conditions = {}, .actions = parse_actions(optional_array(rule, "actions"))};
  auto& conditions = compiled.conditions;
  auto const id = optional_string(rule, "rule_id").value_or("");
  auto const equals = [](std::string_view property, std::string_view value) {
    return Is{{std::string(property)}, json::value(value)};
  };
  if (kind == "room") {
    conditions.push_back(equals("room_id", id));
  } else if (kind == "sender") {
    conditions.push_back(equals("sender", id));
  } else if (kind == "content") {
    auto const pattern = optional_string(rule, "pattern").value_or("");
    conditions.push_back(
        compile({{"kind", "event_match"}, {"key", "content.body"}, {"pattern", pattern}}, {}));
  } else if (auto const* listed = optional_array(rule, "conditions")) {
    for (auto const& condition : *listed)
      conditions.push_back(condition.is_object() ? compile(condition.get_object(), own_id) : Unknown{});
  }
  if (std::ranges::find(kBodyRules, id) != kBodyRules.end()) conditions.emplace_back(NoMentions{});
  asks_for_threads_ = asks_for_threads_ || std::ranges::any_of(conditions, [](Condition const& condition) {
                        return std::holds_alternative<ThreadSubscription>(condition);
                      });
  memory_bytes_ += sizeof(Rule) + conditions.size() * kBytesOfACondition;
  rules_.push_back(std::move(compiled));
}

PushRuleSet::Condition PushRuleSet::compile(json::object const& condition, std::string_view own_id) {
  auto const kind = optional_string(condition, "kind").value_or("");
  if (kind == "event_match" || kind == "event_property_is" || kind == "event_property_contains")
    return compile_property(kind, condition, own_id);
  if (kind == "contains_display_name") return DisplayName{};
  if (kind == "room_member_count") {
    auto const range = parse_range(optional_string(condition, "is").value_or(""));
    return range ? Condition(MemberCount{range->first, range->second}) : Unknown{};
  }
  if (kind == "sender_notification_permission") {
    auto const key = optional_string(condition, "key");
    return key ? Condition(SenderMayNotify{std::string(*key)}) : Unknown{};
  }
  if (kind == "io.element.msc4306.thread_subscription") {
    auto const subscribed = optional_bool(condition, "subscribed");
    return subscribed ? Condition(ThreadSubscription{*subscribed}) : Unknown{};
  }
  return Unknown{};
}

PushRuleSet::Condition PushRuleSet::compile_property(std::string_view kind, json::object const& condition,
                                                     std::string_view own_id) {
  auto const key = optional_string(condition, "key");
  if (!key) return Unknown{};
  if (kind == "event_match") {
    auto const pattern = optional_string(condition, "pattern");
    if (!pattern || pattern->size() > kLongestPattern) return Unknown{};
    return Matches{property_path(*key), Glob(*pattern), *key == "content.body",
                   !own_id.empty() && *pattern == own_id};
  }
  auto const* value = condition.if_contains("value");
  if (value == nullptr || !is_simple(*value)) return Unknown{};
  Is is{property_path(*key), *value, !own_id.empty() && value->is_string() && value->get_string() == own_id};
  if (kind == "event_property_is") return is;
  return Contains{std::move(is)};
}

// Evaluating

struct PushRuleSet::Evaluation {
  PushSubject const& subject;
  PushReader const& reader;

  /// A property of the event; texts that aren't JSON of their own are put into `place`.
  [[nodiscard]] json::value const* find(Path const& path, json::value& place) const {
    auto const& first = path.front();
    if (first == "content" && path.size() > 1) return in_content(path);
    if (path.size() != 1) return nullptr;
    if (first == "type")
      place = subject.event.type;
    else if (first == "sender")
      place = subject.sender;
    else if (first == "room_id")
      place = subject.room.id().value;
    else if (first == "state_key" && subject.event.state_key)
      place = *subject.event.state_key;
    else if (first == "event_id")
      place = subject.event.id.text();
    else
      return nullptr;
    return &place;
  }
  [[nodiscard]] json::value const* in_content(Path const& path) const {
    auto const* object = &subject.content;
    for (std::size_t i = 1; i < path.size(); ++i) {
      auto const* value = object->if_contains(path[i]);
      if (value == nullptr || i + 1 == path.size()) return value;
      object = value->if_object();
      if (object == nullptr) return nullptr;
    }
    return nullptr;
  }

  bool operator()(Matches const& condition) const {
    json::value place;
    auto const* value = find(condition.path, place);
    if (value == nullptr || !value->is_string()) return false;
    auto const text = fold_case(value->get_string());
    if (condition.own_id) return text == fold_case(reader.user_id);
    return condition.in_body ? condition.glob.matches_words(text) : condition.glob.matches(text);
  }
  [[nodiscard]] bool equals(json::value const& value, Is const& condition) const {
    if (condition.own_id) return value.is_string() && value.get_string() == reader.user_id;
    return is_simple(value) && value == condition.value;
  }
  bool operator()(Is const& condition) const {
    json::value place;
    auto const* value = find(condition.path, place);
    return value != nullptr && equals(*value, condition);
  }
  bool operator()(Contains const& condition) const {
    json::value place;
    auto const* value = find(condition.path, place);
    auto const* list = value == nullptr ? nullptr : value->if_array();
    return list != nullptr &&
           std::ranges::any_of(*list, [&](json::value const& each) { return equals(each, condition); });
  }
  bool operator()(DisplayName) const {
    auto const body = optional_string(subject.content, "body");
    auto const name = reader.display_name ? reader.display_name() : std::string();
    return body && !name.empty() && contains_words(fold_case(*body), fold_case(name));
  }
  bool operator()(MemberCount const& condition) const {
    auto const count = static_cast<std::int64_t>(subject.room.joined_count());
    return count >= condition.least && count <= condition.most;
  }
  bool operator()(SenderMayNotify const& condition) const {
    auto const& levels = subject.room.power_levels().notifications;
    auto const named = levels.find(condition.key);
    auto const needed = named == levels.end() ? kDefaultNotificationLevel : named->second;
    return power_of(subject.room, subject.sender) >= needed;
  }
  bool operator()(ThreadSubscription const& condition) const {
    auto const subscribed = reader.subscribed ? reader.subscribed() : std::nullopt;
    return subscribed && *subscribed == condition.subscribed;
  }
  bool operator()(NoMentions) const { return !subject.content.contains("m.mentions"); }
  bool operator()(Unknown) const { return false; }

  /// A name is no pattern: `*` in it is a star.
  static bool contains_words(std::string_view text, std::string_view name) {
    auto const is_word = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; };
    for (auto at = text.find(name); at != std::string_view::npos; at = text.find(name, at + 1)) {
      auto const end = at + name.size();
      if ((at == 0 || !is_word(text[at - 1])) && (end == text.size() || !is_word(text[end]))) return true;
    }
    return false;
  }
};

PushActions const* PushRuleSet::match(PushSubject const& subject, PushReader const& reader) const {
  Evaluation const evaluation{subject, reader};
  for (auto const& rule : rules_) {
    auto const holds = [&](Condition const& condition) { return std::visit(evaluation, condition); };
    if (std::ranges::all_of(rule.conditions, holds)) return &rule.actions;
  }
  return nullptr;
}

}  // namespace torg::matrix
