#pragma once
#include "base/ids.hpp"
#include "crypto/hash.hpp"
#include "runtime/runtime.hpp"

#include <map>
#include <optional>
#include <string>

namespace torg::identity {

/// Tokens by which somebody who is signed in signs in on another device: good once, for two minutes. Kept as
/// hashes, in memory only: a restart ends them, and the client asks for another.
/// @see https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv1loginget_token
class LoginTokens {
 public:
  static constexpr std::chrono::milliseconds kLife = std::chrono::minutes(2);

  explicit LoginTokens(Runtime& runtime) : runtime_(runtime) {}

  /// None when too many wait to be used.
  [[nodiscard]] std::optional<std::string> make(UserNid user);
  /// Whose it is; it is used up.
  [[nodiscard]] std::optional<UserNid> take(std::string_view token);

 private:
  struct Waiting {
    UserNid user;
    SteadyTime ends{};
  };
  Runtime& runtime_;
  std::map<crypto::Sha256, Waiting> waiting_;
};

}  // namespace torg::identity
