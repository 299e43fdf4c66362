#include "matrix/sync/filter.hpp"

#include <algorithm>

namespace torg::matrix {
namespace {

/// Of one room in one sync, or one page: an initial sync has this for each room.
constexpr std::size_t kLargestLimit = 100;

bool matches(std::string_view pattern, std::string_view type) {
  if (pattern.ends_with('*')) return type.starts_with(pattern.substr(0, pattern.size() - 1));
  return pattern == type;
}

bool contains(std::vector<std::string> const& list, std::string_view text) {
  return std::ranges::find(list, text) != list.end();
}

/// `sigil`: what each entry begins with; none when it may be anything.
Result<> read_list(json::object const& filter, std::string_view key, std::vector<std::string>& list,
                   bool* present, char sigil = '\0') {
  auto const* value = filter.if_contains(key);
  if (value == nullptr || value->is_null()) return {};
  if (!value->is_array())
    return fail(ErrorCode::bad_json, "'" + std::string(key) + "' in the filter must be a list.");
  for (auto const& entry : value->get_array()) {
    if (!entry.is_string()) return fail(ErrorCode::bad_json, "'" + std::string(key) + "' must hold strings.");
    std::string_view const text = entry.get_string();
    if (sigil != '\0' && !text.starts_with(sigil))
      return fail(ErrorCode::bad_json, "'" + std::string(key) + "' holds something that is no id.");
    list.emplace_back(text);
  }
  if (present != nullptr) *present = true;
  return {};
}

/// What is there must be of its kind; null is as good as nothing.
Result<> check_kinds(json::object const& filter) {
  for (auto const* key : {"lazy_load_members", "include_redundant_members", "unread_thread_notifications",
                          "contains_url", "include_leave"}) {
    auto const* value = filter.if_contains(key);
    if (value != nullptr && !value->is_null() && !value->is_bool())
      return fail(ErrorCode::bad_json, "'" + std::string(key) + "' in the filter must be true or false.");
  }
  auto const* limit = filter.if_contains("limit");
  if (limit != nullptr && !limit->is_null() && !limit->is_number())
    return fail(ErrorCode::bad_json, "The filter's limit must be a number.");
  return {};
}

Result<> check_format(json::object const& filter) {
  std::vector<std::string> unused;
  if (auto fields = read_list(filter, "event_fields", unused, nullptr); !fields) return fields;
  auto const* format = filter.if_contains("event_format");
  if (format == nullptr || format->is_null()) return {};
  if (!format->is_string() || (format->get_string() != "client" && format->get_string() != "federation"))
    return fail(ErrorCode::bad_json, "'event_format' is client or federation.");
  return {};
}

}  // namespace

bool EventFilter::allows_type(std::string_view type) const {
  auto const fits = [&](std::string const& pattern) { return matches(pattern, type); };
  if (std::ranges::any_of(not_types, fits)) return false;
  return !has_types || std::ranges::any_of(types, fits);
}

bool EventFilter::allows_sender(std::string_view sender) const {
  return !contains(not_senders, sender) && (!has_senders || contains(senders, sender));
}

bool EventFilter::allows(CachedEvent const& event, std::string_view sender) const {
  if (is_open()) return true;
  if (!allows_type(event.type) || !allows_sender(sender)) return false;
  if (!contains_url && !has_rel_types && not_rel_types.empty()) return true;
  auto const content = parse_json_object(event.content).value_or(json::object());
  if (contains_url && optional_string(content, "url").has_value() != *contains_url) return false;
  auto const* relation = optional_object(content, "m.relates_to");
  auto const rel_type = relation == nullptr ? std::nullopt : optional_string(*relation, "rel_type");
  if (has_rel_types && !(rel_type && contains(rel_types, *rel_type))) return false;
  return !rel_type || !contains(not_rel_types, *rel_type);
}

EventFilter EventFilter::of_headers() const {
  auto filter = *this;
  filter.contains_url.reset();
  filter.has_rel_types = false;
  filter.not_rel_types.clear();
  return filter;
}

bool SyncFilter::allows_room(std::string_view room_id) const {
  return !contains(not_rooms, room_id) && (!has_rooms || contains(rooms, room_id));
}

Result<EventFilter> parse_event_filter(json::object const& filter, std::size_t default_limit) {
  if (auto good = check_kinds(filter); !good) return fail(std::move(good));
  EventFilter result;
  auto const limit = optional_integer(filter, "limit").value_or(static_cast<std::int64_t>(default_limit));
  if (limit < 0) return fail(ErrorCode::bad_json, "The filter's limit must not be negative.");
  result.limit = std::min(static_cast<std::size_t>(limit), kLargestLimit);
  // Rooms are chosen one level up; here they must only make sense.
  std::vector<std::string> unused;
  for (auto const& [key, list, present, sigil] :
       {std::tuple{"types", &result.types, &result.has_types, '\0'},
        {"not_types", &result.not_types, nullptr, '\0'},
        {"senders", &result.senders, &result.has_senders, '@'},
        {"not_senders", &result.not_senders, nullptr, '@'},
        {"rel_types", &result.rel_types, &result.has_rel_types, '\0'},
        {"not_rel_types", &result.not_rel_types, nullptr, '\0'},
        {"org.matrix.msc3874.rel_types", &result.rel_types, &result.has_rel_types, '\0'},
        {"org.matrix.msc3874.not_rel_types", &result.not_rel_types, nullptr, '\0'},
        {"rooms", &unused, nullptr, '!'},
        {"not_rooms", &unused, nullptr, '!'}}) {
    if (auto read = read_list(filter, key, *list, present, sigil); !read) return fail(std::move(read));
  }
  result.lazy_load_members = optional_bool(filter, "lazy_load_members").value_or(false);
  result.unread_thread_notifications = optional_bool(filter, "unread_thread_notifications").value_or(false);
  result.include_redundant_members = optional_bool(filter, "include_redundant_members").value_or(false);
  result.contains_url = optional_bool(filter, "contains_url");
  return result;
}

Result<SyncFilter> parse_sync_filter(json::object const& filter) {
  if (auto good = check_format(filter); !good) return fail(std::move(good));
  SyncFilter result;
  auto const part = [](json::object const& of, std::string_view key,
                       std::size_t limit) -> Result<EventFilter> {
    auto const* value = of.if_contains(key);
    if (value == nullptr || value->is_null()) return EventFilter{.limit = limit};
    if (!value->is_object())
      return fail(ErrorCode::bad_json, "'" + std::string(key) + "' in the filter must be an object.");
    return parse_event_filter(value->get_object(), limit);
  };
  auto const take = [](Result<EventFilter> parsed, EventFilter& place) -> Result<> {
    if (!parsed) return fail(std::move(parsed));
    place = std::move(*parsed);
    return {};
  };
  if (auto r = take(part(filter, "account_data", 100), result.account_data); !r) return fail(std::move(r));
  if (auto r = take(part(filter, "presence", 100), result.presence); !r) return fail(std::move(r));
  auto const* room = filter.if_contains("room");
  if (room == nullptr || room->is_null()) return result;
  if (!room->is_object()) return fail(ErrorCode::bad_json, "'room' in the filter must be an object.");
  auto const& of = room->get_object();
  if (auto good = check_kinds(of); !good) return fail(std::move(good));
  if (auto r = read_list(of, "rooms", result.rooms, &result.has_rooms, '!'); !r) return fail(std::move(r));
  if (auto r = read_list(of, "not_rooms", result.not_rooms, nullptr, '!'); !r) return fail(std::move(r));
  result.include_leave = optional_bool(of, "include_leave").value_or(false);
  if (auto r = take(part(of, "timeline", 10), result.timeline); !r) return fail(std::move(r));
  if (auto r = take(part(of, "state", 100), result.state); !r) return fail(std::move(r));
  if (auto r = take(part(of, "ephemeral", 100), result.ephemeral); !r) return fail(std::move(r));
  if (auto r = take(part(of, "account_data", 100), result.room_account_data); !r) return fail(std::move(r));
  return result;
}

}  // namespace torg::matrix
