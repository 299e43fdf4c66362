#include "matrix/sliding_sync/request.hpp"

#include <algorithm>
#include <charconv>

namespace torg::matrix {
namespace {

constexpr std::size_t kMostLists = 100;
constexpr std::size_t kMostSubscriptions = 100;
constexpr std::size_t kMostRanges = 32;
constexpr std::size_t kMostPatterns = 256;
constexpr std::size_t kMostNames = 1000;    // of rooms or lists in an extension
constexpr std::size_t kMostInFilter = 100;  // spaces, tags or types, which each room is compared with
constexpr std::size_t kLongestName = 255;
constexpr std::size_t kLargestTimeline = 100;
constexpr std::chrono::milliseconds kLongestPoll = std::chrono::minutes{5};
constexpr std::string_view kMember = "m.room.member";

std::unexpected<Error> bad_shape(std::string_view key, std::string_view should) {
  return fail(ErrorCode::bad_json, "'" + std::string(key) + "' must be " + std::string(should) + ".");
}
std::unexpected<Error> too_many(std::string_view key, std::size_t most) {
  return fail(ErrorCode::invalid_param,
              "'" + std::string(key) + "' holds more than " + std::to_string(most) + " entries.");
}

/// The member when it is there and not null.
json::value const* given(json::object const& object, std::string_view key) {
  auto const* value = object.if_contains(key);
  return value == nullptr || value->is_null() ? nullptr : value;
}

Result<std::optional<bool>> read_bool(json::object const& object, std::string_view key) {
  auto const* value = given(object, key);
  if (value == nullptr) return std::nullopt;
  if (!value->is_bool()) return bad_shape(key, "true or false");
  return value->get_bool();
}

Result<std::optional<std::string>> read_string(json::object const& object, std::string_view key) {
  auto const* value = given(object, key);
  if (value == nullptr) return std::nullopt;
  if (!value->is_string()) return bad_shape(key, "a string");
  if (value->get_string().size() > kLongestName)
    return fail(ErrorCode::invalid_param, "'" + std::string(key) + "' is too long.");
  return std::string(value->get_string());
}

Result<std::optional<std::size_t>> read_size(json::value const* value, std::string_view key) {
  if (value == nullptr) return std::nullopt;
  if (value->is_uint64()) return static_cast<std::size_t>(value->get_uint64());
  if (!value->is_int64()) return bad_shape(key, "a whole number");
  if (value->get_int64() < 0)
    return fail(ErrorCode::invalid_param, "'" + std::string(key) + "' must not be negative.");
  return static_cast<std::size_t>(value->get_int64());
}

/// A list of strings; null among them is none where that is allowed.
enum class Nulls : std::uint8_t { refused, allowed };
Result<std::optional<std::vector<std::optional<std::string>>>> read_names(json::object const& object,
                                                                          std::string_view key, Nulls nulls,
                                                                          std::size_t most) {
  auto const* value = given(object, key);
  if (value == nullptr) return std::nullopt;
  if (!value->is_array()) return bad_shape(key, "a list of strings");
  if (value->get_array().size() > most) return too_many(key, most);
  std::vector<std::optional<std::string>> names;
  for (auto const& entry : value->get_array()) {
    if (entry.is_null() && nulls == Nulls::allowed) {
      names.emplace_back();
      continue;
    }
    if (!entry.is_string()) return bad_shape(key, "a list of strings");
    names.emplace_back(std::string(entry.get_string()));
  }
  return names;
}

Result<std::optional<std::vector<std::string>>> read_strings(json::object const& object, std::string_view key,
                                                             std::size_t most) {
  auto names = read_names(object, key, Nulls::refused, most);
  if (!names) return fail(std::move(names));
  if (!*names) return std::nullopt;
  std::vector<std::string> strings;
  for (auto& name : **names) strings.push_back(std::move(*name));
  return strings;
}

/// Puts what was read into its place.
template <class T, class U>
Result<> take(Result<T> read, U& place) {
  if (!read) return fail(std::move(read));
  if constexpr (std::is_same_v<T, U>)
    place = std::move(*read);
  else if (*read)
    place = std::move(**read);
  return {};
}

std::optional<std::string> unless_wildcard(std::string_view text) {
  return text == "*" ? std::nullopt : std::optional(std::string(text));
}

/// `[["m.room.name", ""], ["m.room.member", "$LAZY"], …]`
Result<StateRule> read_pairs(json::array const& pairs, std::string_view me) {
  StateRule rule;
  for (auto const& entry : pairs) {
    bool const is_pair = entry.is_array() && entry.get_array().size() == 2 &&
                         entry.get_array()[0].is_string() && entry.get_array()[1].is_string();
    if (!is_pair) return bad_shape("required_state", "pairs of a type and a state key");
    std::string_view const type = entry.get_array()[0].get_string();
    std::string_view const state_key = entry.get_array()[1].get_string();
    if (type == kMember && state_key == "$LAZY")
      rule.lazy_members = true;
    else
      rule.include.push_back({unless_wildcard(type), unless_wildcard(state_key == "$ME" ? me : state_key)});
  }
  return rule;
}

/// `[{"type": "m.room.name", "state_key": ""}, …]`
Result<std::vector<StatePattern>> read_patterns(json::object const& object, std::string_view key) {
  std::vector<StatePattern> patterns;
  auto const* value = given(object, key);
  if (value == nullptr) return patterns;
  if (!value->is_array()) return bad_shape(key, "a list of objects");
  if (value->get_array().size() > kMostPatterns) return too_many(key, kMostPatterns);
  for (auto const& entry : value->get_array()) {
    if (!entry.is_object()) return bad_shape(key, "a list of objects");
    StatePattern pattern;
    if (auto r = take(read_string(entry.get_object(), "type"), pattern.type); !r) return fail(std::move(r));
    if (auto r = take(read_string(entry.get_object(), "state_key"), pattern.state_key); !r)
      return fail(std::move(r));
    patterns.push_back(std::move(pattern));
  }
  return patterns;
}

Result<StateRule> read_rule(json::object const& config, std::string_view me) {
  auto const* value = given(config, "required_state");
  if (value == nullptr) return StateRule{};
  if (value->is_array()) {
    if (value->get_array().size() > kMostPatterns) return too_many("required_state", kMostPatterns);
    return read_pairs(value->get_array(), me);
  }
  if (!value->is_object()) return bad_shape("required_state", "a list or an object");
  StateRule rule;
  auto const& object = value->get_object();
  if (auto r = take(read_patterns(object, "include"), rule.include); !r) return fail(std::move(r));
  if (auto r = take(read_patterns(object, "exclude"), rule.exclude); !r) return fail(std::move(r));
  if (auto r = take(read_bool(object, "lazy_members"), rule.lazy_members); !r) return fail(std::move(r));
  return rule;
}

Result<RoomConfig> read_config(json::object const& object, std::string_view me) {
  RoomConfig config;
  auto const limit = read_size(given(object, "timeline_limit"), "timeline_limit");
  if (!limit) return std::unexpected(limit.error());
  if (!*limit) return fail(ErrorCode::missing_param, "The field 'timeline_limit' is missing.");
  config.timeline_limit = std::min(**limit, kLargestTimeline);
  if (auto r = take(read_rule(object, me), config.state); !r) return fail(std::move(r));
  return config;
}

Result<WantedList::Range> read_range(json::value const& value) {
  if (!value.is_array() || value.get_array().size() != 2) return bad_shape("range", "two numbers");
  auto const first = read_size(&value.get_array()[0], "range");
  auto const last = read_size(&value.get_array()[1], "range");
  if (!first) return std::unexpected(first.error());
  if (!last) return std::unexpected(last.error());
  if (**first > **last) return fail(ErrorCode::invalid_param, "A range must not end before it begins.");
  return WantedList::Range{**first, **last};
}

/// `range`, or several as `ranges`; none of both means all rooms.
Result<std::optional<std::vector<WantedList::Range>>> read_ranges(json::object const& list) {
  std::vector<WantedList::Range> ranges;
  auto const* one = given(list, "range");
  auto const* many = given(list, "ranges");
  if (one == nullptr && many == nullptr) return std::nullopt;
  if (one != nullptr) {
    auto const range = read_range(*one);
    if (!range) return std::unexpected(range.error());
    ranges.push_back(*range);
  }
  if (many == nullptr) return ranges;
  if (!many->is_array()) return bad_shape("ranges", "a list of pairs of numbers");
  if (many->get_array().size() > kMostRanges) return too_many("ranges", kMostRanges);
  for (auto const& entry : many->get_array()) {
    auto const range = read_range(entry);
    if (!range) return std::unexpected(range.error());
    ranges.push_back(*range);
  }
  return ranges;
}

Result<RoomFilters> read_filters(json::object const& list) {
  RoomFilters filters;
  auto const* value = given(list, "filters");
  if (value == nullptr) return filters;
  if (!value->is_object()) return bad_shape("filters", "an object");
  auto const& object = value->get_object();
  for (auto const& [key, place] : {std::pair{"is_dm", &filters.is_dm},
                                   {"is_encrypted", &filters.is_encrypted},
                                   {"is_invite", &filters.is_invite},
                                   {"is_invited", &filters.is_invite}}) {
    auto const read = read_bool(object, key);
    if (!read) return std::unexpected(read.error());
    if (*read) *place = *read;
  }
  if (auto r = take(read_strings(object, "spaces", kMostInFilter), filters.spaces); !r)
    return fail(std::move(r));
  if (auto r = take(read_names(object, "room_types", Nulls::allowed, kMostInFilter), filters.room_types); !r)
    return fail(std::move(r));
  if (auto r =
          take(read_names(object, "not_room_types", Nulls::allowed, kMostInFilter), filters.not_room_types);
      !r)
    return fail(std::move(r));
  if (auto r = take(read_strings(object, "tags", kMostInFilter), filters.tags); !r) return fail(std::move(r));
  if (auto r = take(read_strings(object, "not_tags", kMostInFilter), filters.not_tags); !r)
    return fail(std::move(r));
  return filters;
}

Result<WantedList> read_list(std::string_view name, json::object const& object, std::string_view me) {
  WantedList list{.name = std::string(name), .ranges = {}, .config = {}, .filters = {}};
  if (name.empty() || name.size() > kLongestName)
    return fail(ErrorCode::invalid_param, "The name of a list must have 1 to 255 characters.");
  if (auto r = take(read_ranges(object), list.ranges); !r) return fail(std::move(r));
  if (auto r = take(read_config(object, me), list.config); !r) return fail(std::move(r));
  if (auto r = take(read_filters(object), list.filters); !r) return fail(std::move(r));
  return list;
}

/// Calls `use(key, object)` for the members of the object `key`; all of them must be objects.
template <class F>
Result<> each_object(json::object const& body, std::string_view key, std::size_t most, F&& use) {
  auto const* value = given(body, key);
  if (value == nullptr) return {};
  if (!value->is_object()) return bad_shape(key, "an object");
  if (value->get_object().size() > most) return too_many(key, most);
  for (auto const& [name, entry] : value->get_object()) {
    if (!entry.is_object()) return bad_shape(name, "an object");
    if (auto used = use(std::string_view(name), entry.get_object()); !used) return used;
  }
  return {};
}

Result<> read_rooms(json::object const& body, std::string_view me, SlidingSyncRequest& request) {
  auto lists = each_object(body, "lists", kMostLists, [&](auto name, auto const& object) -> Result<> {
    auto list = read_list(name, object, me);
    if (!list) return fail(std::move(list));
    request.lists.push_back(std::move(*list));
    return {};
  });
  if (!lists) return lists;
  return each_object(body, "room_subscriptions", kMostSubscriptions,
                     [&](auto room_id, auto const& object) -> Result<> {
                       if (!room_id.starts_with('!'))
                         return fail(ErrorCode::invalid_param, "Subscriptions are to ids of rooms.");
                       auto config = read_config(object, me);
                       if (!config) return fail(std::move(config));
                       request.subscriptions.push_back({std::string(room_id), std::move(*config)});
                       return {};
                     });
}

Result<Extension> read_extension(json::object const& object) {
  Extension extension;
  if (auto r = take(read_bool(object, "enabled"), extension.enabled); !r) return fail(std::move(r));
  if (auto r = take(read_strings(object, "lists", kMostNames), extension.lists); !r)
    return fail(std::move(r));
  if (auto r = take(read_strings(object, "rooms", kMostNames), extension.rooms); !r)
    return fail(std::move(r));
  return extension;
}

Result<ToDeviceExtension> read_to_device(json::object const& object) {
  ToDeviceExtension extension;
  if (auto r = take(read_bool(object, "enabled"), extension.enabled); !r) return fail(std::move(r));
  if (auto r = take(read_size(given(object, "limit"), "limit"), extension.limit); !r)
    return fail(std::move(r));
  auto const since = read_string(object, "since");
  if (!since) return std::unexpected(since.error());
  if (!*since) return extension;
  Position position;
  std::string_view text = **since;
  bool good = text.starts_with('d');
  text.remove_prefix(good ? 1 : 0);
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), position.value);
  good = good && error == std::errc{} && end == text.data() + text.size() && position.value >= 0;
  if (!good) return fail(ErrorCode::invalid_param, "'since' is not a token of to-device messages.");
  extension.since = position;
  return extension;
}

Result<ThreadSubscriptionsExtension> read_thread_subscriptions(json::object const& object) {
  ThreadSubscriptionsExtension extension;
  if (auto r = take(read_bool(object, "enabled"), extension.enabled); !r) return fail(std::move(r));
  if (auto r = take(read_size(given(object, "limit"), "limit"), extension.limit); !r)
    return fail(std::move(r));
  return extension;
}

Result<> read_extensions(json::object const& body, SlidingSyncRequest& request) {
  return each_object(body, "extensions", kMostNames, [&](auto name, auto const& object) -> Result<> {
    if (name == "to_device") return take(read_to_device(object), request.to_device);
    if (name == "io.element.msc4308.thread_subscriptions" || name == "thread_subscriptions")
      return take(read_thread_subscriptions(object), request.thread_subscriptions);
    for (auto const& [known, place] : {std::pair{"e2ee", &request.e2ee},
                                       {"account_data", &request.account_data},
                                       {"receipts", &request.receipts},
                                       {"typing", &request.typing},
                                       {"org.matrix.msc4508.typing", &request.typing}}) {
      if (name == known) return take(read_extension(object), *place);
    }
    return {};  // one of another server's, or of another time
  });
}

}  // namespace

std::string to_device_token(Position position) { return 'd' + std::to_string(position.value); }

Result<SlidingSyncRequest> parse_sliding_sync(json::object const& body, Dialect dialect,
                                              std::string_view me) {
  SlidingSyncRequest request;
  request.dialect = dialect;
  if (auto r = take(read_string(body, "conn_id"), request.connection); !r) return fail(std::move(r));
  if (auto r = take(read_string(body, "pos"), request.pos); !r) return fail(std::move(r));
  if (auto r = take(read_string(body, "txn_id"), request.transaction_id); !r) return fail(std::move(r));
  auto const presence = read_string(body, "set_presence");
  if (!presence) return std::unexpected(presence.error());
  if (*presence) {
    auto const state = parse_presence(**presence);
    if (!state)
      return fail(ErrorCode::invalid_param, "'set_presence' must be online, unavailable or offline.");
    request.presence = *state;
  }
  auto const timeout = read_size(given(body, "timeout"), "timeout");
  if (!timeout) return std::unexpected(timeout.error());
  request.timeout = std::chrono::milliseconds(
      std::min(timeout->value_or(0), static_cast<std::size_t>(kLongestPoll.count())));
  if (auto r = read_rooms(body, me, request); !r) return fail(std::move(r));
  if (auto r = read_extensions(body, request); !r) return fail(std::move(r));
  return request;
}

}  // namespace torg::matrix
