#pragma once
#include "net/buckets.hpp"
#include "net/http.hpp"

#include <array>
#include <map>

namespace torg::net {

/// Counts requests by what the table of routes says they are, per person, address, room, and in all. The
/// router asks it before each handler. On the executor.
class RateLimiter {
 public:
  /// Who is never counted: their number for `Who`.
  static constexpr std::int64_t kUncounted = -1;
  /// A number for the person who has signed in; none for everybody else. Must not wait.
  using Who = std::function<std::optional<std::int64_t>(Request const&)>;

  RateLimiter(Runtime& runtime, Who who) : runtime_(runtime), who_(std::move(who)) {}

  /// What holds of `limit` for one person, or one address where nobody has signed in.
  void set(Limit limit, Rate rate);
  /// Besides, for the room that the path names first.
  void set_in_room(Limit limit, Rate rate);
  /// Besides, for everybody together.
  void set_in_all(Limit limit, Rate rate);

  /// How much of `Limit::message` one person may do, instead of what holds for everybody, in rooms too; none:
  /// as everybody.
  void set_for(std::int64_t person, std::optional<Rate> rate);

  /// @return zero, or how long the caller should wait
  [[nodiscard]] std::chrono::milliseconds take(Limit limit, Call const& call);
  /// The handler refused it: it counts for who asked, not for the room, which nobody outside it may exhaust.
  void was_refused(Limit limit, Call const& call);

 private:
  struct Kind {
    std::optional<Buckets> each, in_room, in_all;
  };
  static constexpr std::size_t kKinds = static_cast<std::size_t>(Limit::public_request) + 1;

  /// What is counted; none for who isn't.
  [[nodiscard]] std::optional<std::string> name_of(Limit limit, Request const& request) const;
  [[nodiscard]] Buckets* own_buckets(Limit limit, Request const& request);
  [[nodiscard]] Kind& kind(Limit limit) { return kinds_[static_cast<std::size_t>(limit)]; }

  Runtime& runtime_;
  Who who_;
  std::array<Kind, kKinds> kinds_;
  std::map<std::int64_t, Buckets> own_;  ///< by person
};

/// What stands for a client's network: an IPv4 address, or the first half of an IPv6 address, of which
/// everyone has a whole network.
[[nodiscard]] std::string network_of(std::string const& address);

}  // namespace torg::net
