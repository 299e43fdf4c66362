#include "net/testing/running_server.hpp"

#include <cstdlib>
#include <stdexcept>

#include <boost/asio/co_spawn.hpp>

namespace torg::net::testing {
namespace {

std::filesystem::path make_folder() {
  auto pattern = (std::filesystem::temp_directory_path() / "torg-net-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
  return pattern;
}

Router make_router(std::vector<Route> routes) {
  Router router;
  router.add(std::move(routes));
  return router;
}

std::uint16_t port_of(std::string const& address) {
  return static_cast<std::uint16_t>(std::stoul(address.substr(address.rfind(':') + 1)));
}

}  // namespace

RunningServer::RunningServer(std::vector<Route> routes, Limits limits, std::optional<Tls> tls)
    : router_(make_router(std::move(routes))),
      temporary_(make_folder()),
      server_(runtime_, router_, limits, temporary_) {
  auto const address = server_.listen(tls ? "https://127.0.0.1:0" : "http://127.0.0.1:0", tls);
  if (!address) throw std::runtime_error(address.error().message);
  port_ = port_of(*address);
  thread_ = std::thread([this] { work(); });
}

RunningServer::~RunningServer() {
  runtime_.post([this] {
    ends_ = true;
    runtime_.stop();
  });
  thread_.join();
  std::error_code ignored;  // it is the system's temporary folder
  std::filesystem::remove_all(temporary_, ignored);
}

/// All at once as a rule, job by job while a condition is waited for.
void RunningServer::work() {
  while (!ends_) {
    if (!awaited_) {
      runtime_.run();
    } else if (awaited_->condition(server_)) {
      std::exchange(awaited_, nullptr)->met.set_value();
    } else {
      runtime_.run_one();
    }
  }
}

bool RunningServer::eventually(std::function<bool(Server&)> condition) {
  auto const awaited = std::make_shared<Awaited>(std::move(condition));
  auto const met = awaited->met.get_future();
  runtime_.post([this, awaited] {
    awaited_ = awaited;
    runtime_.stop();
  });
  if (met.wait_for(std::chrono::seconds{10}) == std::future_status::ready) return true;
  return on_server([this](Server&) { return std::exchange(awaited_, nullptr) == nullptr; });
}

std::future<void> RunningServer::begin_stop() {
  auto ended = std::make_shared<std::promise<void>>();
  runtime_.post([this, ended] {
    asio::co_spawn(runtime_.executor(), server_.stop(), [ended](std::exception_ptr) { ended->set_value(); });
  });
  return ended->get_future();
}

}  // namespace torg::net::testing
