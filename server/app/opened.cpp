#include "app/opened.hpp"

#include "base/log.hpp"

#include <boost/asio/co_spawn.hpp>
#include <fmt/format.h>

namespace torg::app {
namespace {

Result<std::unique_ptr<db::Database>> open_database(Runtime& runtime, DataDirectory const& data,
                                                    Config const& config) {
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

}  // namespace

int complain(Error const& error) {
  fmt::print(stderr, "torg: {}\n", error.message);
  if (!error.detail.empty()) fmt::print(stderr, "      {}\n", error.detail);
  return 1;
}

Result<> run_until_done(RealRuntime& runtime, Task<Result<>> task) {
  std::optional<Result<>> result;
  asio::co_spawn(runtime.executor(), std::move(task), [&](std::exception_ptr failure, Result<> value) {
    if (failure) std::rethrow_exception(failure);
    result = std::move(value);
  });
  while (!result) runtime.run_one();
  return std::move(*result);
}

Result<Opened> open(std::filesystem::path const& folder, Config const& config) {
  set_log_level(log_level_of(config.text("log_level")));
  auto data = DataDirectory::open(folder);
  if (!data) return fail(std::move(data));
  auto runtime = std::make_unique<RealRuntime>(static_cast<unsigned>(config.number("offload_threads")));
  auto database = open_database(*runtime, *data, config);
  if (!database) return fail(std::move(database));
  auto client = net::make_http_client(*runtime, {.allowed_networks = config.list("outbound_allowed_networks"),
                                                 .ca_file = config.text("outbound_ca_file")});
  if (!client) return fail(std::move(client));
  auto application = Application::open(
      *runtime, {std::move(*database), {data->blobs(), data->temporary(), data->keys()}, std::move(*client)},
      config);
  if (!application) return fail(std::move(application));
  if (auto started = run_until_done(*runtime, (*application)->start()); !started)
    return fail(std::move(started));
  return Opened{std::move(*data), std::move(runtime), std::move(*application)};
}

void close(Opened& opened) {
  auto const stop = [](Application& application) -> Task<Result<>> {
    co_await application.stop();
    co_return Result<>{};
  };
  (void)run_until_done(*opened.runtime, stop(*opened.application));  // it has no error of its own
}

}  // namespace torg::app
