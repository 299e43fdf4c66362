#pragma once
#include "runtime/runtime.hpp"

#include <map>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/ip/address.hpp>

namespace torg::net {

/// Names to addresses, by the system. It blocks, for seconds when a name server is silent, so it has threads
/// of its own: files and passwords don't wait behind a name. An answer is kept for half a minute.
class Resolver {
 public:
  using Addresses = std::vector<asio::ip::address>;  ///< in the system's order of preference
  using Then = std::move_only_function<void(Result<Addresses>)>;

  explicit Resolver(Runtime& runtime);
  ~Resolver();  ///< waits for look-ups under way, which the system bounds; their `then` isn't called any more

  /// Calls `then` on the executor, at once when the answer is known. `unavailable` when there is no such
  /// name.
  void look_up(std::string host, Then then);

 private:
  struct Threads;
  struct Known {
    Addresses addresses;
    SteadyTime until;
  };
  void remember(std::string const& host, Addresses const& addresses);

  Runtime& runtime_;
  std::map<std::string, Known, std::less<>> known_;
  std::map<std::string, std::vector<Then>, std::less<>> asked_;
  std::unique_ptr<Threads> threads_;  ///< from the first name on
  std::shared_ptr<Resolver*> self_ = std::make_shared<Resolver*>(this);
};

}  // namespace torg::net
