#include "app/serve.hpp"

#include "app/application.hpp"
#include "base/log.hpp"
#include "net/server.hpp"
#include "runtime/real_runtime.hpp"

#include <csignal>
#include <cstdio>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/signal_set.hpp>
#include <fmt/format.h>

namespace torg::app {
namespace {

int complain(Error const& error) {
  fmt::print(stderr, "torg: {}\n", error.message);
  if (!error.detail.empty()) fmt::print(stderr, "      {}\n", error.detail);
  return 1;
}

Result<std::unique_ptr<db::Database>> open_database(Runtime& runtime, DataDirectory const& data, Config const& config) {
  auto const url = config.text("database");
  if (url.empty()) return db::open_sqlite(runtime, {.path = data.database().string()});
  return db::open_postgresql(runtime, url);
}

LogLevel log_level_of(std::string_view name) {
  if (name == "debug") return LogLevel::debug;
  if (name == "warning") return LogLevel::warning;
  if (name == "error") return LogLevel::error;
  return name == "off" ? LogLevel::off : LogLevel::info;
}

std::optional<net::Tls> tls_of(std::string_view address, Config const& config) {
  if (!address.starts_with("https://")) return std::nullopt;
  return net::Tls{config.text("tls_certificate"), config.text("tls_key")};
}

Task<> shut_down(net::Server& server, Application& application, RealRuntime& runtime) {
  application.stop();
  co_await server.stop();
  runtime.stop();
}

}  // namespace

int serve(ServeOptions options) {
  auto const& config = options.config;
  set_log_level(log_level_of(config.text("log_level")));
  auto data = DataDirectory::open(options.data);
  if (!data) return complain(data.error());
  RealRuntime runtime(static_cast<unsigned>(config.number("offload_threads")));
  auto database = open_database(runtime, *data, config);
  if (!database) return complain(database.error());
  auto application = Application::open(runtime, std::move(*database), data->blobs(), data->temporary(), config);
  if (!application) return complain(application.error());

  net::Server server(runtime, (*application)->router(),
                     {.connections = static_cast<std::size_t>(config.number("connections"))}, data->temporary());
  std::string ready;
  for (auto const& address : options.listen) {
    auto const bound = server.listen(address, tls_of(address, config));
    if (!bound) return complain(bound.error());
    ready += fmt::format("Torg listens on {}\n", *bound);
  }
  asio::signal_set signals(runtime.executor(), SIGTERM, SIGINT);
  signals.async_wait([&](boost::system::error_code error, int) {
    if (!error) asio::co_spawn(runtime.executor(), shut_down(server, **application, runtime), asio::detached);
  });
  asio::signal_set hang_up(runtime.executor(), SIGHUP);
  std::function<void()> const wait_for_hang_up = [&] {
    hang_up.async_wait([&](boost::system::error_code error, int) {
      if (error) return;
      server.reload_tls();
      wait_for_hang_up();
    });
  };
  wait_for_hang_up();
  std::fputs(ready.c_str(), stdout);
  std::fflush(stdout);
  runtime.run();
  log(LogLevel::info, "stopped");
  return 0;
}

}  // namespace torg::app
