#include "app/serve.hpp"

#include "app/application.hpp"
#include "app/demo.hpp"
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

/// Runs the server's thread until `task` has ended.
Result<> run_until_done(RealRuntime& runtime, Task<Result<>> task) {
  std::optional<Result<>> result;
  asio::co_spawn(runtime.executor(), std::move(task), [&](std::exception_ptr failure, Result<> value) {
    if (failure) std::rethrow_exception(failure);
    result = std::move(value);
  });
  while (!result) runtime.run_one();
  return std::move(*result);
}

Task<> shut_down(net::Server& server, Application& application, RealRuntime& runtime) {
  auto stopping = application.stop();
  co_await server.stop();
  co_await std::move(stopping);
  runtime.stop();
}

/// Everything a command on a data directory needs, opened and started.
struct Opened {
  DataDirectory data;
  std::unique_ptr<RealRuntime> runtime;
  std::unique_ptr<Application> application;
};

Result<Opened> open(std::filesystem::path const& folder, Config const& config) {
  set_log_level(log_level_of(config.text("log_level")));
  auto data = DataDirectory::open(folder);
  if (!data) return fail(std::move(data));
  auto runtime = std::make_unique<RealRuntime>(static_cast<unsigned>(config.number("offload_threads")));
  auto database = open_database(*runtime, *data, config);
  if (!database) return fail(std::move(database));
  auto application = Application::open(*runtime, std::move(*database), {data->blobs(), data->temporary(), data->keys()}, config);
  if (!application) return fail(std::move(application));
  if (auto started = run_until_done(*runtime, (*application)->start()); !started) return fail(std::move(started));
  return Opened{std::move(*data), std::move(runtime), std::move(*application)};
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
  net::Server server(runtime, application.router(), {.connections = static_cast<std::size_t>(config.number("connections"))},
                     opened->data.temporary());
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
  if (!made && made.error().code != ErrorCode::conflict) return complain(made.error());
  fmt::print("{}\nSign in as maja.ekdahl (officer), sandra.wiik (registrar), arne.palm (archivist) or henning.palm "
             "(administrator); the password is {}.\n",
             made ? "Älvhamns kommun is ready." : "Älvhamns kommun is already there.", kDemoPassword);
  return 0;
}

}  // namespace torg::app
