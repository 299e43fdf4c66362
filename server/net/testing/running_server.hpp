#pragma once
#include "net/server.hpp"
#include "net/testing/http_client.hpp"
#include "runtime/real_runtime.hpp"

#include <future>
#include <thread>

namespace torg::net::testing {

/// A real server on a free port of the loopback interface, for tests: it runs on a thread of its own until
/// the object ends, and the test is its client.
class RunningServer {
 public:
  explicit RunningServer(std::vector<Route> routes, Limits limits = {},
                         std::optional<Tls> tls = std::nullopt);
  ~RunningServer();
  RunningServer(RunningServer const&) = delete;
  RunningServer& operator=(RunningServer const&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] HttpClient connect() const { return HttpClient(port_); }
  [[nodiscard]] std::filesystem::path const& temporary() const { return temporary_; }
  [[nodiscard]] Runtime& runtime() { return runtime_; }

  /// Calls `work(server)` on the server's thread and gives back its value.
  template <class F>
  auto on_server(F work) -> std::invoke_result_t<F, Server&> {
    std::packaged_task<std::invoke_result_t<F, Server&>()> task(
        [this, work = std::move(work)] { return work(server_); });
    auto value = task.get_future();
    runtime_.post([&task] { task(); });
    return value.get();
  }
  /// Waits until `condition(server)` holds: it is looked at on the server's thread after each of its jobs,
  /// for nothing changes between them. False when it still doesn't after ten seconds.
  bool eventually(std::function<bool(Server&)> condition);
  /// Runs `Server::stop` and waits for its end.
  void stop() { begin_stop().get(); }
  /// The same without waiting.
  std::future<void> begin_stop();

 private:
  struct Awaited {
    std::function<bool(Server&)> condition;
    std::promise<void> met;
  };
  void work();

  RealRuntime runtime_{2};
  Router router_;
  std::filesystem::path temporary_;
  Server server_;
  std::uint16_t port_ = 0;
  std::shared_ptr<Awaited> awaited_;  ///< on the server's thread, as the next
  bool ends_ = false;
  std::thread thread_;
};

/// A handler that answers at once with what `make` makes of the call.
template <class F>
Handler answer_with(F make) {
  return [make = std::move(make)](Call& call) -> Task<Response> { co_return make(call); };
}

}  // namespace torg::net::testing
