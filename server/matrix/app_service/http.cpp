// What application services may ask besides the rest, and what everybody may ask them.
#include "identity/http.hpp"

#include "matrix/app_service/app_services.hpp"

namespace torg::matrix {
namespace {

using enum net::Method;
using Answer = Task<Result<net::Response>>;

net::Response list_answer(json::array const& list) { return net::json_response(json::serialize(list)); }

/// The query as it came, with its question mark, without what is between the client and us.
std::string query_of(net::Request const& request) {
  auto const question = request.target.find('?');
  if (question == std::string::npos) return "";
  std::string kept;
  for (std::string_view rest = std::string_view(request.target).substr(question + 1); !rest.empty();) {
    auto const pair = rest.substr(0, rest.find('&'));
    rest.remove_prefix(std::min(rest.size(), pair.size() + 1));
    bool const secret = pair.starts_with("access_token=") || pair == "access_token";
    if (!pair.empty() && !secret) (kept += kept.empty() ? '?' : '&') += pair;
  }
  return kept;
}

Answer answer_ping(AppServices& services, net::Call& call) {
  auto const body = call.request.body.empty() ? json::object() : parse_json_object(call.request.body);
  if (!body) co_return std::unexpected(body.error());
  auto const done = co_await services.ping(
      call.request, call.path[0], std::string(optional_string(*body, "transaction_id").value_or("")));
  if (!done) co_return std::unexpected(done.error());
  if (done->status / 100 == 2) co_return identity::json_answer({{"duration_ms", done->duration.count()}});
  auto const status = std::to_string(done->status);
  auto refused =
      net::error_response({ErrorCode::bad_status, "The ping was answered with " + status + ".", {}});
  refused.body.pop_back();
  refused.body += R"(,"status":)" + status + R"(,"body":)" + json::serialize(json::value(done->body)) + '}';
  co_return refused;
}

Answer all_protocols(AppServices& services, net::Call&) {
  co_return identity::json_answer(co_await services.protocols());
}

Answer one_protocol(AppServices& services, net::Call& call) {
  auto const found = co_await services.protocol(call.path[0]);
  if (!found) co_return std::unexpected(found.error());
  co_return identity::json_answer(*found);
}

/// By the fields that the protocol has.
template <bool is_user>
Answer search(AppServices& services, net::Call& call) {
  if (auto const known = co_await services.protocol(call.path[0]); !known)
    co_return std::unexpected(known.error());
  co_return list_answer(
      co_await services.third_party(is_user ? "user" : "location", call.path[0], query_of(call.request)));
}

/// By what it is called here.
template <bool is_user>
Answer find(AppServices& services, net::Call& call) {
  constexpr std::string_view kName = is_user ? "userid" : "alias";
  if (!call.request.query(kName))
    co_return fail(ErrorCode::missing_param, "The parameter '" + std::string(kName) + "' is missing.");
  co_return list_answer(
      co_await services.third_party(is_user ? "user" : "location", "", query_of(call.request)));
}

}  // namespace

std::vector<net::Route> AppServices::routes() {
  auto const open = [this](net::Method method, std::string_view pattern, auto handler) {
    auto route = identity::open_route(method, pattern,
                                      [this, handler](net::Call& call) { return handler(*this, call); });
    route.limit = net::Limit::small_write;
    return route;
  };
  auto const signed_in = [this](std::string_view pattern, auto handler) {
    auto route = identity::user_route(
        get, pattern, rooms_.identity(),
        [this, handler](identity::Requester, net::Call& call) { return handler(*this, call); });
    route.limit = net::Limit::search;
    return route;
  };
  auto const publish = [](AppServices& services, net::Call& call) -> Answer {
    auto const body = parse_json_object(call.request.body);
    if (!body) co_return std::unexpected(body.error());
    auto const visibility = required_string(*body, "visibility");
    if (!visibility) co_return std::unexpected(visibility.error());
    if (*visibility != "public" && *visibility != "private")
      co_return fail(ErrorCode::invalid_param, "'visibility' must be public or private.");
    auto const room = co_await services.rooms_.find(call.path[1]);
    if (!room) co_return std::unexpected(room.error());
    auto const done = co_await services.list_room(call.request, call.path[0], *room, *visibility == "public");
    if (!done) co_return std::unexpected(done.error());
    co_return identity::empty_answer();
  };
  std::vector<net::Route> routes;
  routes.push_back(open(post, "/_matrix/client/v1/appservice/{appserviceId}/ping", answer_ping));
  routes.push_back(open(put, "/_matrix/client/v3/directory/list/appservice/{networkId}/{roomId}", publish));
  routes.push_back(signed_in("/_matrix/client/v3/thirdparty/protocols", all_protocols));
  routes.push_back(signed_in("/_matrix/client/v3/thirdparty/protocol/{protocol}", one_protocol));
  routes.push_back(signed_in("/_matrix/client/v3/thirdparty/location/{protocol}", search<false>));
  routes.push_back(signed_in("/_matrix/client/v3/thirdparty/user/{protocol}", search<true>));
  routes.push_back(signed_in("/_matrix/client/v3/thirdparty/location", find<false>));
  routes.push_back(signed_in("/_matrix/client/v3/thirdparty/user", find<true>));
  return routes;
}

}  // namespace torg::matrix
