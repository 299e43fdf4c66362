#pragma once
#include "net/http.hpp"
#include "runtime/runtime.hpp"

namespace torg::app {

/// One number that operations watch.
struct Gauge {
  std::string_view name, help;
  std::function<std::int64_t()> read;
};

/// `/_torg/health` for load balancers and `/_torg/metrics` for Prometheus, the latter for this machine only:
/// no metric joins a person or an address with anything (architecture, "Traces").
[[nodiscard]] std::vector<net::Route> operations_routes(std::vector<Gauge> gauges);

}  // namespace torg::app
