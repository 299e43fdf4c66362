#include "app/serve.hpp"

#include "app/allocator.hpp"
#include "app/demo.hpp"
#include "app/opened.hpp"
#include "base/log.hpp"
#include "net/server.hpp"

#include <csignal>
#include <cstdio>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/signal_set.hpp>
#include <fmt/format.h>

namespace torg::app {
namespace {

std::optional<net::Tls> tls_of(std::string_view address, Config const& config) {
  if (!address.starts_with("https://")) return std::nullopt;
  return net::Tls{config.text("tls_certificate"), config.text("tls_key")};
}

/// Written as the addresses of connections are: a proxy in another spelling would silently not be trusted.
Result<std::vector<std::string>> trusted_proxies(Config const& config) {
  std::vector<std::string> addresses;
  for (auto const& entry : config.list("trust_proxies")) {
    boost::system::error_code error;
    auto const address = asio::ip::make_address(entry, error);
    if (error)
      return fail(ErrorCode::invalid_param, fmt::format("trust_proxies: '{}' is no address.", entry));
    addresses.push_back(address.to_string());
  }
  return addresses;
}

Task<> shut_down(net::Server& server, Application& application, RealRuntime& runtime) {
  auto stopping = application.stop();
  co_await server.stop();
  co_await std::move(stopping);
  runtime.stop();
}

/// Reads certificates again at each SIGHUP.
void reload_on_hang_up(asio::signal_set& signals, net::Server& server) {
  signals.async_wait([&](boost::system::error_code error, int) {
    if (error) return;
    server.reload_tls();
    reload_on_hang_up(signals, server);
  });
}

}  // namespace

int serve(ServeOptions options) {
  auto const& config = options.config;
  auto opened = open(options.data, config);
  if (!opened) return complain(opened.error());
  auto& runtime = *opened->runtime;
  auto& application = *opened->application;
  net::Server server(runtime, application.router(),
                     {.connections = static_cast<std::size_t>(config.number("connections")),
                      .answer_timeout = std::chrono::seconds(config.number("answer_timeout"))},
                     opened->data.temporary());
  auto proxies = trusted_proxies(config);
  if (!proxies) return complain(proxies.error());
  server.trust_proxies(std::move(*proxies));
  std::string ready;
  for (auto const& address : options.listen) {
    auto const bound = server.listen(address, tls_of(address, config));
    if (!bound) return complain(bound.error());
    ready += fmt::format("Torg listens on {}\n", *bound);
  }
  asio::signal_set signals(runtime.executor(), SIGTERM, SIGINT);
  signals.async_wait([&](boost::system::error_code error, int) {
    if (!error) asio::co_spawn(runtime.executor(), shut_down(server, application, runtime), asio::detached);
  });
  asio::signal_set hang_up(runtime.executor(), SIGHUP);
  reload_on_hang_up(hang_up, server);
  IdleTrim const idle_trim(runtime);
  std::fputs(ready.c_str(), stdout);
  std::fflush(stdout);
  runtime.run();
  log(LogLevel::info, "stopped");
  return 0;
}

int demo(std::filesystem::path const& data, Config const& config) {
  auto opened = open(data, config);
  if (!opened) return complain(opened.error());
  auto const made = run_until_done(*opened->runtime, create_demo(*opened->application));
  close(*opened);
  if (!made && made.error().code != ErrorCode::conflict) return complain(made.error());
  fmt::print(
      "{}\nSign in as maja.ekdahl (officer), sandra.wiik (registrar), arne.palm (archivist) or henning.palm "
      "(administrator); the password is {}.\n",
      made ? "Älvhamns kommun is ready." : "Älvhamns kommun is already there.", kDemoPassword);
  return 0;
}

}  // namespace torg::app
