// POST /search: parse, ask, render.
#include "identity/http.hpp"

#include "matrix/room/render.hpp"
#include "matrix/search/search.hpp"
#include "matrix/sync/token.hpp"

namespace torg::matrix {
namespace {

constexpr std::size_t kPage = 10;
constexpr std::size_t kContext = 5;
constexpr std::size_t kLargestContext = 20;

struct ContextWanted {
  std::size_t before = 0, after = 0;
  bool include_profile = false;
};

struct Asking {
  SearchRequest request;
  std::optional<ContextWanted> context;
  bool include_state = false;
};

/// `keys` of the request: where the words may stand.
Result<> read_keys(json::object const& criteria, SearchRequest& request) {
  auto const* keys = optional_array(criteria, "keys");
  if (keys == nullptr) return {};
  for (auto const& key : *keys) {
    if (key == "content.body")
      request.types.emplace_back("m.room.message");
    else if (key == "content.name")
      request.types.emplace_back("m.room.name");
    else if (key == "content.topic")
      request.types.emplace_back("m.room.topic");
    else
      return fail(ErrorCode::invalid_param, "'keys' may hold content.body, content.name and content.topic.");
  }
  return {};
}

Result<> read_groupings(json::object const& criteria, SearchRequest& request) {
  auto const* groupings = optional_object(criteria, "groupings");
  auto const* list = groupings != nullptr ? optional_array(*groupings, "group_by") : nullptr;
  if (list == nullptr) return {};
  for (auto const& entry : *list) {
    auto const* grouping = entry.if_object();
    auto const key = grouping != nullptr ? optional_string(*grouping, "key").value_or("") : "";
    if (key != "room_id" && key != "sender")
      return fail(ErrorCode::invalid_param, "'group_by' may hold the keys room_id and sender.");
    auto const by = key == "room_id" ? SearchGroup::By::room : SearchGroup::By::sender;
    if (std::ranges::find(request.group_by, by) == request.group_by.end()) request.group_by.push_back(by);
  }
  return {};
}

Result<std::optional<std::vector<std::string>>> room_ids(json::object const& filter, std::string_view key) {
  auto const* list = optional_array(filter, key);
  if (list == nullptr) return std::nullopt;
  std::vector<std::string> ids;
  for (auto const& id : *list) {
    if (!id.is_string()) return fail(ErrorCode::bad_json, "'" + std::string(key) + "' must hold room ids.");
    ids.emplace_back(id.get_string());
  }
  return ids;
}

std::size_t bounded(json::object const& context, std::string_view key) {
  auto const number = optional_integer(context, key).value_or(kContext);
  return static_cast<std::size_t>(std::clamp<std::int64_t>(number, 0, kLargestContext));
}

Result<> read_filter(json::object const& criteria, SearchRequest& request) {
  auto const* filter = optional_object(criteria, "filter");
  if (filter == nullptr) return {};
  auto events = parse_event_filter(*filter, kPage);
  if (!events) return fail(std::move(events));
  request.filter = std::move(*events);
  auto rooms = room_ids(*filter, "rooms");
  if (!rooms) return fail(std::move(rooms));
  request.rooms = std::move(*rooms);
  auto not_rooms = room_ids(*filter, "not_rooms");
  if (!not_rooms) return fail(std::move(not_rooms));
  if (*not_rooms) request.not_rooms = std::move(**not_rooms);
  return {};
}

/// None: nothing in the request that this server searches.
Result<std::optional<Asking>> parse(net::Request const& request) {
  auto const body = parse_json_object(request.body);
  if (!body) return std::unexpected(body.error());
  auto const* categories = optional_object(*body, "search_categories");
  if (categories == nullptr) return fail(ErrorCode::missing_param, "'search_categories' is missing.");
  auto const* criteria = optional_object(*categories, "room_events");
  if (criteria == nullptr) return std::nullopt;
  Asking asking;
  auto term = required_string(*criteria, "search_term");
  if (!term) return std::unexpected(term.error());
  asking.request.term = std::move(*term);
  asking.request.from = request.query("next_batch").value_or("");
  auto const order = optional_string(*criteria, "order_by").value_or("rank");
  if (order != "rank" && order != "recent")
    return fail(ErrorCode::invalid_param, "'order_by' must be rank or recent.");
  if (order == "recent") asking.request.order = search_store::Order::recent;
  asking.include_state = optional_bool(*criteria, "include_state").value_or(false);
  for (auto const read : {read_filter, read_keys, read_groupings})
    if (auto done = read(*criteria, asking.request); !done) return fail(std::move(done));
  if (auto const* context = optional_object(*criteria, "event_context")) {
    asking.context = ContextWanted{bounded(*context, "before_limit"), bounded(*context, "after_limit"),
                                   optional_bool(*context, "include_profile").value_or(false)};
  }
  return asking;
}

/// Profiles as they are in the room now.
json::object profiles(RoomService& rooms, Room const& room, std::vector<EventPtr> const& events) {
  json::object profiles;
  for (auto const& event : events) {
    auto const& user_id = rooms.identity().user_id(event->sender);
    auto const* member = room.state("m.room.member", user_id);
    if (member == nullptr || profiles.contains(user_id)) continue;
    json::object profile;
    if (auto const content = parse_json_object(visible_content(**member))) {
      for (auto const* key : {"displayname", "avatar_url"}) {
        if (auto const value = optional_string(*content, key)) profile[key] = *value;
      }
    }
    profiles[user_id] = std::move(profile);
  }
  return profiles;
}

Task<Result<std::string>> render_context(RoomService& rooms, SearchPage::Result result, UserNid user,
                                         ContextWanted wanted, RenderFor render) {
  auto const visibility = co_await Visibility::of(rooms, result.room, user);
  if (!visibility) co_return std::unexpected(visibility.error());
  auto const at = result.event->position;
  auto const room = result.room->nid();
  auto around = co_await rooms.database().read([&](db::Reader& reader) {
    return std::pair{
        store::events_before(reader, rooms.types(), room, at, wanted.before),
        store::events_after(reader, rooms.types(), room, at, rooms.stream().last(), wanted.after)};
  });
  if (!around) co_return std::unexpected(around.error());
  render.visibility = &*visibility;
  auto& [before, after] = *around;
  for (auto* events : {&before, &after}) {
    std::erase_if(*events, [&](EventPtr const& event) { return !visibility->allows(*event); });
  }
  std::string out = R"({"events_before":[)";
  append_client_events(out, before, render);
  out += R"(],"events_after":[)";
  append_client_events(out, after, render);
  out += R"(],"start":")" + history_token(before.empty() ? at : before.back()->position) + R"(","end":")" +
         history_token(Position((after.empty() ? at : after.back()->position).value + 1)) + '"';
  if (wanted.include_profile) {
    auto speakers = std::move(before);
    speakers.push_back(result.event);
    speakers.insert(speakers.end(), after.begin(), after.end());
    out += R"(,"profile_info":)" + json::serialize(profiles(rooms, *result.room, speakers));
  }
  co_return out + '}';
}

json::object groups_json(std::vector<SearchPage::Group> const& groups) {
  json::object all;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    auto const& group = groups[i];
    json::object one{{"order", i + 1}};
    auto& results = one["results"].emplace_array();
    for (auto const& id : group.events) results.emplace_back(id);
    if (!group.next.empty()) one["next_batch"] = group.next;
    auto const* const by = group.which.by == SearchGroup::By::room ? "room_id" : "sender";
    if (!all.contains(by)) all[by].emplace_object();
    all[by].get_object()[group.key] = std::move(one);
  }
  return all;
}

/// The present state of each room that something was found in: those who search have joined it.
std::string rooms_state(RoomService& rooms, identity::Requester const& requester, SearchPage const& page) {
  std::string out = "{";
  std::set<RoomNid> done;
  for (auto const& result : page.results) {
    if (!done.insert(result.room->nid()).second) continue;
    if (out.size() > 1) out += ',';
    append_json_string(out, result.room->id().value);
    out += ":[";
    std::vector<EventPtr> events;
    for (auto const& [key, event] : result.room->state()) events.push_back(event);
    append_client_events(out, events, {rooms.identity(), requester.device_key, result.room->id().value});
    out += ']';
  }
  return out + '}';
}

Task<Result<std::string>> render_page(RoomService& rooms, identity::Requester requester, SearchPage page,
                                      Asking asking) {
  std::string out =
      R"({"search_categories":{"room_events":{"count":)" + std::to_string(page.count) + R"(,"highlights":[)";
  for (auto const& word : page.highlights) {
    if (&word != page.highlights.data()) out += ',';
    append_json_string(out, word);
  }
  out += R"(],"results":[)";
  for (auto const& result : page.results) {
    if (&result != page.results.data()) out += ',';
    RenderFor const render{rooms.identity(), requester.device_key, result.room->id().value};
    out += R"({"rank":)" + json::serialize(json::value(result.rank)) + R"(,"result":)";
    append_client_event(out, *result.event, render);
    if (asking.context) {
      auto const around = co_await render_context(rooms, result, requester.user, *asking.context, render);
      if (!around) co_return std::unexpected(around.error());
      out += R"(,"context":)" + *around;
    }
    out += '}';
  }
  out += "]";
  if (!asking.request.group_by.empty()) out += R"(,"groups":)" + json::serialize(groups_json(page.groups));
  if (asking.include_state) out += R"(,"state":)" + rooms_state(rooms, requester, page);
  if (!page.next.empty()) out += R"(,"next_batch":")" + page.next + '"';
  co_return out + "}}}";
}

Task<net::Response> post_search(Search& search, RoomService& rooms, net::Call& call) {
  auto const requester = rooms.identity().authenticate(call.request);
  if (!requester) co_return net::error_response(requester.error());
  auto asking = parse(call.request);
  if (!asking) co_return net::error_response(asking.error());
  if (!*asking) co_return net::json_response(R"({"search_categories":{}})");
  auto page = co_await search.find(requester->user, (*asking)->request);
  if (!page) co_return net::error_response(page.error());
  auto text = co_await render_page(rooms, *requester, std::move(*page), std::move(**asking));
  if (!text) co_return net::error_response(text.error());
  co_return net::json_response(std::move(*text));
}

}  // namespace

/// @see https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3search
std::vector<net::Route> Search::routes() {
  return {{.method = net::Method::post,
           .pattern = "/_matrix/client/v3/search",
           .handler = [this](net::Call& call) { return post_search(*this, rooms_, call); },
           .admit = identity::only_signed_in(rooms_.identity()),
           .limit = net::Limit::search}};
}

}  // namespace torg::matrix
