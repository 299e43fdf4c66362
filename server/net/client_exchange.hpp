#pragma once
#include "net/address_policy.hpp"
#include "net/client_parser.hpp"
#include "net/client_pool.hpp"
#include "net/resolver.hpp"
#include "net/tls.hpp"

#include <set>

namespace torg::net {

class Exchange;

/// What all exchanges of a client share.
struct ClientCore {
  ClientCore(Runtime& runtime_, ClientSettings settings_, NetworkList allowed_)
      : runtime(runtime_),
        settings(std::move(settings_)),
        allowed(std::move(allowed_)),
        resolver(runtime_),
        pool(runtime_, {settings.connections, settings.connections_per_origin, settings.waiting,
                        settings.idle_timeout}),
        input(16 * 1024) {}

  Runtime& runtime;
  ClientSettings settings;
  NetworkList allowed;
  Resolver resolver;
  ClientPool pool;
  std::shared_ptr<TlsTrust> trust;  ///< from the first https on, for it takes a megabyte
  std::set<Exchange*> under_way;    ///< walked only to end all of them
  std::vector<char> input;          ///< filled and emptied between two suspensions: one serves all
  bool stopped = false;
};

/// One request and its answer: waits for its turn, takes a kept connection or makes one, writes, reads. Each
/// wait ends when the exchange is aborted.
class Exchange {
 public:
  Exchange(std::shared_ptr<ClientCore> core, ClientRequest request, Origin origin);
  ~Exchange();
  Exchange(Exchange const&) = delete;
  Exchange& operator=(Exchange const&) = delete;

  Task<Result<ClientAnswer>> run();
  /// Ends it with `why`, at its next turn; the first reason counts.
  void abort(Error why);

 private:
  Task<Result<>> wait_for_turn();
  Task<Result<>> open();
  Task<Result<Resolver::Addresses>> addresses();
  Task<Result<>> connect(asio::ip::tcp::endpoint endpoint, bool last);
  Task<Result<>> shake_hands();
  Task<Result<ClientAnswer>> converse();
  Task<Result<>> write();
  Task<Result<ClientAnswer>> read();
  Task<Result<>> wait(Attempt::Outcome outcome);
  /// Suspends until `resume`; `begin` is called once suspended.
  Task<> suspend(std::move_only_function<void()> begin);
  void resume();
  void arm_deadline();
  void write_head();
  [[nodiscard]] Result<> still_wanted() const;

  std::shared_ptr<ClientCore> core_;
  ClientRequest request_;
  Origin origin_;
  std::string head_;
  std::optional<Socket> connecting_;
  std::unique_ptr<Stream> stream_;
  std::move_only_function<void()> suspended_;
  std::optional<ClientPool::Turn> waiting_;
  std::optional<Error> aborted_;
  std::shared_ptr<Exchange*> self_ = std::make_shared<Exchange*>(this);  ///< for what may come too late
  Runtime::TimerId deadline_;
  Runtime::TimerId connect_deadline_;
  bool has_turn_ = false;
  bool heard_ = false;  ///< a byte of the answer has come
  bool wrote_all_ = false;
  bool reusable_ = false;
};

}  // namespace torg::net
