// The pages that links in letters lead to: nobody signs in for them, and looking at them changes nothing, for
// mail programs look at links before people do. One-click as RFC 8058 has it is the same POST.
#include "matrix/push/push.hpp"

namespace torg::matrix {
namespace {

net::Response page(std::string html, unsigned status = 200) {
  return {.status = status,
          .headers = {{"content-type", "text/html; charset=utf-8"},
                      {"content-security-policy",
                       "default-src 'none'; form-action 'self'; frame-ancestors 'none'"},
                      {"referrer-policy", "no-referrer"},
                      {"cache-control", "no-store"}},
          .body = std::move(html)};
}

Task<net::Response> answer(PushService& push, net::Call& call, Letters::Act act) {
  using Step = Letters::Step;
  auto const token = call.request.query("token").value_or("");
  auto const asked_in = std::string(call.request.header("accept-language").value_or("en"));
  auto const language = push.language_of_token(token);
  auto const& letters = push.letters();
  if (!language) co_return page(letters.page(asked_in, act, Step::unknown), 404);
  if (call.request.method != net::Method::post) co_return page(letters.page(*language, act, Step::ask));
  auto const done =
      act == Letters::Act::confirm ? co_await push.confirm(token) : co_await push.unsubscribe(token);
  if (!done) co_return net::error_response(done.error());
  co_return page(letters.page(*language, act, Step::done));
}

}  // namespace

std::vector<net::Route> PushService::mail_routes() {
  using enum net::Method;
  std::vector<net::Route> routes;
  for (auto const method : {get, post}) {
    for (auto const& [path, act] : {std::pair{"/_torg/mail/confirm", Letters::Act::confirm},
                                    std::pair{"/_torg/mail/unsubscribe", Letters::Act::unsubscribe}}) {
      routes.push_back({.method = method,
                        .pattern = path,
                        .handler = [this, act](net::Call& call) { return answer(*this, call, act); },
                        .body = net::BodyKind::none,
                        .limit = net::Limit::public_page});
    }
  }
  return routes;
}

}  // namespace torg::matrix
