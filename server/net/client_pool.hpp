#pragma once
#include "net/client.hpp"
#include "net/stream.hpp"

#include <list>
#include <map>

namespace torg::net {

/// Where a request goes. Connections are kept and counted for each; those under different policies apart, for
/// only some have been judged.
struct Origin {
  bool tls = false;
  std::string host;  ///< a name or an address, the latter without brackets
  std::uint16_t port = 0;
  AddressPolicy policy = AddressPolicy::public_only;

  friend auto operator<=>(Origin const&, Origin const&) = default;
};

/// Connections that are kept for the next request, and whose turn it is to have one.
class ClientPool {
 public:
  struct Sizes {
    std::size_t connections;
    std::size_t per_origin;
    std::size_t waiting;
    std::chrono::milliseconds idle_timeout;
  };
  ClientPool(Runtime& runtime, Sizes sizes) : runtime_(runtime), sizes_(sizes) {}

  using Turn = std::list<std::pair<Origin, std::move_only_function<void()>>>::iterator;
  enum class Asked : std::uint8_t { now, later, never };
  /// Takes a turn (`now`), or calls `then` when it has been given one; `turn` can be given up until then.
  /// `never`: too many wait.
  Asked ask(Origin const& origin, std::move_only_function<void()> then, Turn& turn);
  void give_up(Turn turn) { waiting_.erase(turn); }
  /// The turn is over.
  void release(Origin const& origin);

  /// A connection that was kept and seems alive; null when there is none.
  [[nodiscard]] std::unique_ptr<Stream> take(Origin const& origin);
  void keep(Origin const& origin, std::unique_ptr<Stream> stream);
  void clear();  ///< in any case before the runtime ends
  [[nodiscard]] std::size_t kept() const { return kept_; }

 private:
  struct Idle {
    std::unique_ptr<Stream> stream;
    SteadyTime since;
  };
  struct Place {
    std::size_t busy = 0;
    std::vector<Idle> idle;  ///< the one used last is at the end
  };
  /// What others named leaves a quarter of the connections to what an administrator configured, however slow
  /// the servers are that somebody chose.
  [[nodiscard]] bool has_room(Origin const& origin) const;
  void grant(Origin const& origin);
  void make_room();
  void arm();
  void sweep();

  Runtime& runtime_;
  Sizes sizes_;
  std::map<Origin, Place> places_;
  std::list<std::pair<Origin, std::move_only_function<void()>>> waiting_;
  std::size_t busy_ = 0;
  std::size_t busy_for_others_ = 0;  ///< of these under `AddressPolicy::public_only`
  std::size_t kept_ = 0;
  Runtime::TimerId sweep_;
};

}  // namespace torg::net
