// Sliding sync, at the address of today's clients and at that of the accepted proposal (MSC4186).
#include "matrix/client_api/handler.hpp"

#include <charconv>

namespace torg::matrix {
namespace {

using Answer = Task<Result<std::string>>;

Answer sliding_sync(ClientApi& api, Asked asked, Dialect dialect) {
  auto body = asked.body();
  if (!body) co_return std::unexpected(body.error());
  // The unstable form has these beside the body.
  if (auto pos = asked.call.request.query("pos"); pos && !pos->empty()) (*body)["pos"] = std::move(*pos);
  if (auto presence = asked.call.request.query("set_presence"))
    (*body)["set_presence"] = std::move(*presence);
  if (auto const timeout = asked.call.request.query("timeout")) {
    std::int64_t milliseconds = 0;
    auto const* end = timeout->data() + timeout->size();
    auto const [rest, error] = std::from_chars(timeout->data(), end, milliseconds);
    if (error != std::errc{} || rest != end)
      co_return fail(ErrorCode::invalid_param, "'timeout' must be a number of milliseconds.");
    (*body)["timeout"] = milliseconds;
  }
  auto request = parse_sliding_sync(*body, dialect, asked.requester.user_id);
  if (!request) co_return std::unexpected(request.error());
  auto answer = co_await api.sliding_sync.sync(std::move(asked.requester), std::move(*request), &asked.call);
  if (auto still = still_signed_in(api, asked.call); !still) co_return std::unexpected(still.error());
  co_return answer;
}

Answer unstable_sync(ClientApi& api, Asked asked) {
  return sliding_sync(api, std::move(asked), Dialect::unstable);
}
Answer stable_sync(ClientApi& api, Asked asked) {
  return sliding_sync(api, std::move(asked), Dialect::stable);
}

}  // namespace

std::vector<net::Route> sliding_sync_routes(ClientApi& api) {
  std::vector<net::Route> routes;
  routes.push_back(authed(api, net::Method::post,
                          "/_matrix/client/unstable/org.matrix.simplified_msc3575/sync", unstable_sync));
  routes.push_back(authed(api, net::Method::post, "/_matrix/client/v4/sync", stable_sync));
  for (auto& route : routes) route.pace = net::Pace::long_poll;
  return net::limit_writes(std::move(routes), net::Limit::small_write);  // a read, but asked by POST
}

}  // namespace torg::matrix
