#pragma once
#include "base/ids.hpp"
#include "base/json.hpp"
#include "runtime/runtime.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace torg::identity {

/// User-interactive authentication: which stages somebody has been through on the way to one operation. A
/// session belongs to the user and the operation it was begun for, ends when it is used up or after a quarter
/// of an hour, and there is a bounded number of them: the oldest makes room. In memory, on the executor.
/// @see https://spec.matrix.org/v1.19/client-server-api/#user-interactive-authentication-api
class InteractiveAuth {
 public:
  using Flow = std::vector<std::string>;  ///< stages, all of which are needed

  /// What somebody wants to do, and the ways to be allowed.
  struct Wanted {
    UserNid user;           ///< zero: nobody yet (registration)
    std::string operation;  ///< method and path of the request
    std::vector<Flow> flows;
  };

  static constexpr std::size_t kMaxSessions = 10'000;
  static constexpr std::chrono::minutes kLife{15};

  explicit InteractiveAuth(Runtime& runtime) : runtime_(runtime) {}

  /// The session `id` if it is one for this, a new one otherwise. @return its id
  [[nodiscard]] std::string session(std::string_view id, Wanted const& wanted);
  /// @return whether a flow is complete by now; then the session has ended
  [[nodiscard]] bool complete(std::string const& session, std::string_view stage, Wanted const& wanted);
  /// The body of the 401 that says how to go on.
  [[nodiscard]] json::object challenge(std::string const& session, Wanted const& wanted) const;
  [[nodiscard]] std::size_t size() const { return sessions_.size(); }

 private:
  struct Session {
    UserNid user;
    std::string operation;
    std::set<std::string, std::less<>> completed;
    SteadyTime ends{};
    std::uint64_t serial = 0;  ///< in order of beginning
  };
  void make_room(SteadyTime now);

  Runtime& runtime_;
  std::map<std::string, Session, std::less<>> sessions_;
  std::map<std::uint64_t, std::string> by_age_;
  std::uint64_t begun_ = 0;
};

}  // namespace torg::identity
