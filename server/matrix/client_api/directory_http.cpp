// The directory of this server's rooms. It is for people who have signed in, and shows each of them what they
// may look at or enter.
#include "base/small_letters.hpp"
#include "matrix/app_service/store.hpp"
#include "matrix/client_api/reading.hpp"

#include <algorithm>
#include <charconv>

namespace torg::matrix {
namespace {

using enum net::Method;

constexpr std::size_t kPage = 100;
constexpr std::size_t kLargestPage = 500;

struct Search {
  std::size_t limit = kPage;
  std::size_t offset = 0;
  std::string term;                                    ///< in small letters
  std::optional<std::vector<std::string>> room_types;  ///< an empty one: rooms without a type
  std::string network;  ///< of an application service; empty: this server's own
  bool all_networks = false;
};

bool matches(Search const& search, RoomPreview const& room) {
  if (search.room_types && std::ranges::find(*search.room_types, room.room_type) == search.room_types->end())
    return false;
  if (search.term.empty()) return true;
  return std::ranges::any_of(
      std::array{&room.name, &room.topic, &room.canonical_alias},
      [&](auto const* text) { return in_small_letters(*text).find(search.term) != std::string::npos; });
}

Result<std::size_t> parse_since(std::string_view text) {
  std::size_t offset = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), offset);
  if (error != std::errc() || end != text.data() + text.size())
    return fail(ErrorCode::invalid_param, "'since' is not a token of this server.");
  return offset;
}

std::string page_of(Search const& search, std::vector<RoomPreview> const& rooms) {
  auto const first = std::min(search.offset, rooms.size());
  auto const last = std::min(first + search.limit, rooms.size());
  json::array chunk;
  for (auto i = first; i < last; ++i) chunk.push_back(to_json(rooms[i]));
  json::object out{{"chunk", std::move(chunk)}, {"total_room_count_estimate", rooms.size()}};
  if (last < rooms.size()) out["next_batch"] = std::to_string(last);
  if (first > 0) out["prev_batch"] = std::to_string(first - std::min(first, search.limit));
  return json::serialize(out);
}

/// Rooms that application services have put into the directory of a network, or of any.
Task<Result<std::vector<RoomPreview>>> network_rooms(ClientApi& api, std::string network) {
  auto const listed = co_await api.rooms.database().read(
      [](db::Reader& reader) { return service_store::listed_rooms(reader); });
  if (!listed) co_return std::unexpected(listed.error());
  std::vector<RoomPreview> rooms;
  for (auto const& [name, nid] : *listed) {
    if (!network.empty() && name != network) continue;
    if (auto const room = co_await api.rooms.load(nid)) rooms.push_back(preview_of(**room));
  }
  co_return rooms;
}

Task<Result<std::vector<RoomPreview>>> rooms_for(ClientApi& api, Search const& search) {
  if (!search.network.empty()) co_return co_await network_rooms(api, search.network);
  auto rooms = co_await api.rooms.database().read_aside(
      [](db::Reader& reader) { return store::listed_rooms(reader); });
  if (!rooms || !search.all_networks) co_return rooms;
  auto others = co_await network_rooms(api, "");
  if (!others) co_return others;
  for (auto& other : *others) {
    if (std::ranges::find(*rooms, other.room, &RoomPreview::room) == rooms->end())
      rooms->push_back(std::move(other));
  }
  co_return rooms;
}

Answer list(ClientApi& api, Asked asked, Search search) {
  if (auto const server = asked.call.request.query("server"); server && *server != api.rooms.server_name())
    co_return fail(ErrorCode::not_found, "This server knows no other server's rooms.");
  auto rooms = co_await rooms_for(api, search);
  if (!rooms) co_return std::unexpected(rooms.error());
  std::vector<RoomPreview> shown;
  for (auto& room : *rooms) {
    if (!matches(search, room)) continue;
    auto const may = co_await may_preview(api.rooms, room, asked.requester.user);
    if (!may) co_return std::unexpected(may.error());
    if (*may) shown.push_back(std::move(room));
  }
  co_return page_of(search, shown);
}

Answer list_all(ClientApi& api, Asked asked) {
  Search search{.limit = std::min(limit_of(asked, kPage), kLargestPage), .term = {}, .room_types = {}};
  if (auto const since = asked.call.request.query("since"); since && !since->empty()) {
    auto const offset = parse_since(*since);
    if (!offset) co_return std::unexpected(offset.error());
    search.offset = *offset;
  }
  co_return co_await list(api, std::move(asked), std::move(search));
}

Result<Search> parse_search(json::object const& body) {
  auto const limit = optional_integer(body, "limit").value_or(kPage);
  Search search{.limit = static_cast<std::size_t>(std::clamp<std::int64_t>(limit, 1, kLargestPage)),
                .term = {},
                .room_types = {}};
  if (auto const since = optional_string(body, "since"); since && !since->empty()) {
    auto const offset = parse_since(*since);
    if (!offset) return std::unexpected(offset.error());
    search.offset = *offset;
  }
  search.network = optional_string(body, "third_party_instance_id").value_or("");
  search.all_networks = optional_bool(body, "include_all_networks").value_or(false);
  auto const* filter = optional_object(body, "filter");
  if (filter == nullptr) return search;
  search.term = in_small_letters(optional_string(*filter, "generic_search_term").value_or(""));
  auto const* types = optional_array(*filter, "room_types");
  if (types == nullptr) return search;
  search.room_types.emplace();
  for (auto const& type : *types) {
    if (!type.is_string() && !type.is_null())
      return fail(ErrorCode::bad_json, "'room_types' must hold texts and null.");
    search.room_types->emplace_back(type.is_string() ? std::string_view(type.get_string()) : "");
  }
  return search;
}

Answer search_all(ClientApi& api, Asked asked) {
  auto const body = asked.body();
  if (!body) co_return std::unexpected(body.error());
  auto search = parse_search(*body);
  if (!search) co_return std::unexpected(search.error());
  co_return co_await list(api, std::move(asked), std::move(*search));
}

Answer get_listing(ClientApi& api, Asked asked) {
  auto const room = co_await api.rooms.load(asked.path(0));
  if (!room) co_return std::unexpected(room.error());
  auto const may = co_await may_preview(api.rooms, preview_of(**room), asked.requester.user);
  if (!may) co_return std::unexpected(may.error());
  if (!*may) co_return fail(ErrorCode::not_found, "There is no such room here.");
  auto const listing = co_await api.rooms.database().read(
      [nid = (*room)->nid()](db::Reader& reader) { return store::listing(reader, nid); });
  if (!listing) co_return std::unexpected(listing.error());
  co_return *listing == store::Listing::listed ? R"({"visibility":"public"})" : R"({"visibility":"private"})";
}

/// Who may name a room may also put it into the directory.
Answer put_listing(ClientApi& api, Asked asked) {
  auto const body = asked.body();
  if (!body) co_return std::unexpected(body.error());
  auto const visibility = optional_string(*body, "visibility").value_or("public");
  if (visibility != "public" && visibility != "private")
    co_return fail(ErrorCode::invalid_param, "'visibility' must be public or private.");
  auto const user = asked.requester.user;
  auto const loaded = co_await joined_room(api, asked.path(0), user);
  if (!loaded) co_return std::unexpected(loaded.error());
  auto const& room = **loaded;
  auto const needed = power_needed(room.power_levels(), "m.room.canonical_alias", true);
  if (power_of(room, api.rooms.identity().user_id(user)) < needed)
    co_return fail(ErrorCode::forbidden, "You may not decide whether this room is listed.");
  auto const listing = visibility == "public" ? store::Listing::listed : store::Listing::unlisted;
  auto const done =
      co_await api.rooms.database().write([nid = room.nid(), listing](db::Transaction& t) -> Result<> {
        store::list_room(t, nid, listing);
        return {};
      });
  if (!done) co_return std::unexpected(done.error());
  co_return "{}";
}

}  // namespace

std::vector<net::Route> directory_routes(ClientApi& api) {
  constexpr std::string_view kListing = "/_matrix/client/v3/directory/list/room/{roomId}";
  return {
      authed(api, get, "/_matrix/client/v3/publicRooms", list_all, net::Limit::search),
      authed(api, post, "/_matrix/client/v3/publicRooms", search_all, net::Limit::search),
      authed(api, get, kListing, get_listing),
      authed(api, put, kListing, put_listing, net::Limit::membership),
  };
}

}  // namespace torg::matrix
