#pragma once
#include "runtime/runtime.hpp"

#include <exception>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/async_result.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace torg {

/// Work that many may ask for at the same time and that is done once: who comes while it is under way waits
/// for it and gets the same. Nothing is kept afterwards. On the executor.
template <class T>
class SingleFlight {
 public:
  explicit SingleFlight(Runtime& runtime) : runtime_(runtime) {}
  SingleFlight(SingleFlight const&) = delete;
  SingleFlight& operator=(SingleFlight const&) = delete;

  /// Rethrows to everybody what `work` throws.
  Task<T> run(std::string key, std::function<Task<T>()> work) {
    if (auto const found = flights_.find(key); found != flights_.end()) {
      auto const flight = found->second;
      co_await landing(flight);
      co_return outcome(*flight);
    }
    auto const flight = std::make_shared<Flight>();
    flights_.emplace(key, flight);
    try {
      flight->result.emplace(co_await work());
    } catch (...) {
      flight->failure = std::current_exception();
    }
    flights_.erase(key);
    for (auto& resume : std::exchange(flight->waiting, {})) runtime_.post(std::move(resume));
    co_return outcome(*flight);
  }
  [[nodiscard]] std::size_t size() const { return flights_.size(); }

 private:
  struct Flight {
    std::vector<Runtime::Job> waiting;
    std::optional<T> result;
    std::exception_ptr failure;
  };

  static Task<> landing(std::shared_ptr<Flight> flight) {
    co_await asio::async_initiate<asio::use_awaitable_t<asio::any_io_executor> const, void()>(
        [flight](auto handler) {
          flight->waiting.emplace_back([h = std::move(handler)]() mutable { std::move(h)(); });
        },
        asio::use_awaitable);
  }
  static T outcome(Flight const& flight) {
    if (flight.failure) std::rethrow_exception(flight.failure);
    return *flight.result;
  }

  Runtime& runtime_;
  std::map<std::string, std::shared_ptr<Flight>, std::less<>> flights_;
};

}  // namespace torg
