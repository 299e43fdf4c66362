#include "matrix/media/preview/preview_http.hpp"

#include "identity/http.hpp"

namespace torg::matrix {

PreviewHttp::PreviewHttp(Previews& previews, identity::Identity& identity, net::Rate each)
    : previews_(previews), identity_(identity) {
  if (each.burst > 0) each_.emplace(identity.runtime(), each);
}

Task<Result<net::Response>> PreviewHttp::get(identity::Requester requester, net::Call& call) {
  auto url = call.request.query("url");
  if (!url) co_return fail(ErrorCode::missing_param, "url is missing.");
  if (each_) {
    if (auto const wait = each_->take(std::to_string(requester.user.value)); wait.count() > 0)
      co_return net::limited_response(
          {ErrorCode::limit_exceeded, "Too many previews at once. Wait a moment.", ""}, wait);
  }
  auto answer = co_await previews_.preview(std::move(*url));
  if (!answer) co_return std::unexpected(answer.error());
  co_return net::json_response(std::move(*answer));
}

std::vector<net::Route> PreviewHttp::routes() {
  std::vector<net::Route> routes;
  for (auto const* path : {"/_matrix/client/v1/media/preview_url", "/_matrix/media/v3/preview_url"})
    routes.push_back(identity::user_route(
        net::Method::get, path, identity_,
        [this](identity::Requester requester, net::Call& call) { return get(std::move(requester), call); }));
  return routes;
}

}  // namespace torg::matrix
