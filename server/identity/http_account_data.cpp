// https://spec.matrix.org/v1.19/client-server-api/#client-config, #room-tagging and #filtering
#include "identity/handlers.hpp"

#include <algorithm>
#include <array>

namespace torg::identity {
namespace {

/// Kept by endpoints of their own.
constexpr std::array<std::string_view, 2> kReserved{"m.fully_read", "m.push_rules"};

Answer get_data(Identity& identity, Requester requester, std::string owner, std::string room_id,
                std::string type) {
  if (auto own = check_own(requester, owner); !own) co_return fail(std::move(own));
  auto content = co_await identity.account_data().get(requester.user, std::move(room_id), std::move(type));
  if (!content) co_return std::unexpected(content.error());
  co_return net::json_response(std::move(*content));
}

/// What to answer instead of changing an entry; none when it may be changed.
std::optional<net::Response> refusal(Requester const& requester, std::string_view owner,
                                     std::string_view room_id, std::string_view type) {
  if (auto const own = check_own(requester, owner); !own) return error_answer(own.error());
  if (!room_id.empty() && !room_id.starts_with('!'))
    return error_answer({ErrorCode::invalid_param, "This is not a room id.", {}});
  if (std::ranges::find(kReserved, type) == kReserved.end()) return std::nullopt;
  auto response = net::error_response({ErrorCode::bad_json, "This type has an endpoint of its own.", {}});
  response.status = 405;
  return response;
}

Answer put_data(Identity& identity, Requester requester, net::Call& call, std::string room_id,
                std::string type) {
  if (auto refused = refusal(requester, call.path[0], room_id, type)) co_return std::move(*refused);
  auto const body = parse_json_object(call.request.body);
  if (!body) co_return std::unexpected(body.error());
  auto const done = co_await identity.account_data().put(requester.user, std::move(room_id), std::move(type),
                                                         body->empty() ? "{}" : call.request.body);
  if (!done) co_return std::unexpected(done.error());
  co_return empty_answer();
}

/// @see https://github.com/matrix-org/matrix-spec-proposals/pull/3391
Answer delete_data(Identity& identity, Requester requester, net::Call& call, std::string room_id,
                   std::string type) {
  if (auto refused = refusal(requester, call.path[0], room_id, type)) co_return std::move(*refused);
  auto const done =
      co_await identity.account_data().remove(requester.user, std::move(room_id), std::move(type));
  if (!done) co_return std::unexpected(done.error());
  co_return empty_answer();
}

Answer get_global(Identity& identity, Requester requester, net::Call& call) {
  return get_data(identity, std::move(requester), call.path[0], {}, call.path[1]);
}
Answer put_global(Identity& identity, Requester requester, net::Call& call) {
  return put_data(identity, std::move(requester), call, {}, call.path[1]);
}
Answer delete_global(Identity& identity, Requester requester, net::Call& call) {
  return delete_data(identity, std::move(requester), call, {}, call.path[1]);
}
Answer get_of_room(Identity& identity, Requester requester, net::Call& call) {
  return get_data(identity, std::move(requester), call.path[0], call.path[1], call.path[2]);
}
Answer put_of_room(Identity& identity, Requester requester, net::Call& call) {
  return put_data(identity, std::move(requester), call, call.path[1], call.path[2]);
}
Answer delete_of_room(Identity& identity, Requester requester, net::Call& call) {
  return delete_data(identity, std::move(requester), call, call.path[1], call.path[2]);
}

// ---- Tags are the account data `m.tag` of a room

Answer get_tags(Identity& identity, Requester requester, net::Call& call) {
  if (auto own = check_own(requester, call.path[0]); !own) co_return fail(std::move(own));
  auto content = co_await identity.account_data().get(requester.user, call.path[1], "m.tag");
  if (content) co_return net::json_response(std::move(*content));
  if (content.error().code != ErrorCode::not_found) co_return std::unexpected(content.error());
  co_return json_answer({{"tags", json::object()}});
}

Answer change_tags(Identity& identity, Requester requester, net::Call& call,
                   std::function<void(json::object& tags)> edit) {
  if (auto own = check_own(requester, call.path[0]); !own) co_return fail(std::move(own));
  auto const done = co_await identity.account_data().change(
      requester.user, call.path[1], "m.tag", [edit](json::object content) -> Result<json::object> {
        auto& tags = content["tags"];
        if (!tags.is_object()) tags.emplace_object();
        edit(tags.get_object());
        return content;
      });
  if (!done) co_return std::unexpected(done.error());
  co_return empty_answer();
}

Answer put_tag(Identity& identity, Requester requester, net::Call& call) {
  auto body = parse_json_object(call.request.body);
  if (!body) co_return std::unexpected(body.error());
  if (auto const* order = body->if_contains("order"); order != nullptr && !order->is_number()) {
    co_return fail(ErrorCode::invalid_param, "A tag's order is a number.");
  }
  co_return co_await change_tags(
      identity, std::move(requester), call,
      [tag = call.path[2], body = *body](json::object& tags) { tags[tag] = body; });
}

Answer delete_tag(Identity& identity, Requester requester, net::Call& call) {
  return change_tags(identity, std::move(requester), call,
                     [tag = call.path[2]](json::object& tags) { tags.erase(tag); });
}

// ---- Filters

Answer put_filter(Identity& identity, Requester requester, net::Call& call) {
  if (auto own = check_own(requester, call.path[0]); !own) co_return fail(std::move(own));
  auto body = parse_json_object(call.request.body);
  if (!body) co_return std::unexpected(body.error());
  if (identity.check_filter) {
    if (auto good = identity.check_filter(*body); !good) co_return fail(std::move(good));
  }
  auto const id = co_await identity.account_data().put_filter(requester.user, std::move(*body));
  if (!id) co_return std::unexpected(id.error());
  co_return json_answer({{"filter_id", *id}});
}

Answer get_filter(Identity& identity, Requester requester, net::Call& call) {
  if (auto own = check_own(requester, call.path[0]); !own) co_return fail(std::move(own));
  auto const filter = co_await identity.account_data().filter(requester.user, call.path[1]);
  if (!filter) co_return std::unexpected(filter.error());
  co_return json_answer(*filter);
}

}  // namespace

std::vector<net::Route> account_data_routes(Identity& identity) {
  using enum net::Method;
  constexpr std::string_view kGlobal = "/_matrix/client/v3/user/{userId}/account_data/{type}";
  constexpr std::string_view kOfRoom = "/_matrix/client/v3/user/{userId}/rooms/{roomId}/account_data/{type}";
  constexpr std::string_view kDeleteGlobal =
      "/_matrix/client/unstable/org.matrix.msc3391/user/{userId}/account_data/{type}";
  constexpr std::string_view kDeleteOfRoom =
      "/_matrix/client/unstable/org.matrix.msc3391/user/{userId}/rooms/{roomId}/account_data/{type}";
  constexpr std::string_view kTag = "/_matrix/client/v3/user/{userId}/rooms/{roomId}/tags/{tag}";
  constexpr std::uint64_t kMaxFilter = 64 * 1024;
  std::vector<net::Route> routes;
  routes.push_back(bind(get, kGlobal, identity, get_global));
  routes.push_back(bind(put, kGlobal, identity, put_global));
  routes.push_back(bind(get, kOfRoom, identity, get_of_room));
  routes.push_back(bind(put, kOfRoom, identity, put_of_room));
  routes.push_back(bind(delete_, kDeleteGlobal, identity, delete_global));
  routes.push_back(bind(delete_, kDeleteOfRoom, identity, delete_of_room));
  routes.push_back(bind(get, "/_matrix/client/v3/user/{userId}/rooms/{roomId}/tags", identity, get_tags));
  routes.push_back(bind(put, kTag, identity, put_tag));
  routes.push_back(bind(delete_, kTag, identity, delete_tag));
  routes.push_back(bind(post, "/_matrix/client/v3/user/{userId}/filter", identity, put_filter));
  routes.back().max_body = kMaxFilter;
  routes.push_back(bind(get, "/_matrix/client/v3/user/{userId}/filter/{filterId}", identity, get_filter));
  return routes;
}

}  // namespace torg::identity
