#include "app/operations.hpp"

#include <fmt/format.h>

namespace torg::app {
namespace {

bool is_this_machine(std::string_view address) {
  return address == "::1" || address.starts_with("127.") || address.starts_with("::ffff:127.");
}

std::string prometheus(std::vector<Gauge> const& gauges) {
  std::string out;
  for (auto const& gauge : gauges) {
    out += fmt::format("# HELP torg_{0} {1}\n# TYPE torg_{0} gauge\ntorg_{0} {2}\n", gauge.name, gauge.help,
                       gauge.read());
  }
  return out;
}

}  // namespace

std::vector<net::Route> operations_routes(std::vector<Gauge> gauges) {
  auto const health = [](net::Call&) -> Task<net::Response> {
    co_return net::json_response(R"({"status":"ok"})");
  };
  auto const metrics = [gauges = std::move(gauges)](net::Call& call) -> Task<net::Response> {
    if (!is_this_machine(call.request.remote_address)) {
      co_return net::error_response({ErrorCode::unrecognized, "There is no such endpoint.", ""});
    }
    net::Response response{.status = 200, .body = prometheus(gauges)};
    response.headers.emplace_back("content-type", "text/plain; version=0.0.4");
    co_return response;
  };
  // What other servers ask first. Which version it is, and so what may be wrong with it, is not for
  // strangers.
  auto const version = [](net::Call&) -> Task<net::Response> {
    co_return net::json_response(R"({"server":{"name":"Torg"}})");
  };
  auto const get = [](std::string_view pattern, net::Handler handler) {
    return net::Route{.method = net::Method::get,
                      .pattern = pattern,
                      .handler = std::move(handler),
                      .body = net::BodyKind::none};
  };
  return {get("/_matrix/federation/v1/version", version), get("/_torg/health", health),
          get("/_torg/metrics", metrics)};
}

}  // namespace torg::app
