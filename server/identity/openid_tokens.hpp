#pragma once
#include "base/ids.hpp"
#include "base/result.hpp"
#include "crypto/hash.hpp"
#include "runtime/runtime.hpp"

#include <deque>
#include <map>
#include <optional>
#include <string>

namespace torg::identity {

/// Tokens by which a widget or a media server learns who somebody is, and nothing else. Good for an hour;
/// kept as hashes, in memory only: a restart ends them, and the client asks for another.
/// @see https://spec.matrix.org/v1.19/client-server-api/#openid
class OpenIdTokens {
 public:
  static constexpr std::chrono::milliseconds kLife = std::chrono::hours(1);

  /// Of one person, so that nobody pushes out those of others.
  static constexpr std::size_t kMostOfOne = 1'000;

  explicit OpenIdTokens(Runtime& runtime) : runtime_(runtime) {}

  /// `limit_exceeded` for who has very many.
  [[nodiscard]] Result<std::string> make(UserNid user);
  /// Whose it is; none when it isn't known or its hour is over.
  [[nodiscard]] std::optional<UserNid> owner(std::string_view token) const;

 private:
  struct Token {
    UserNid user;
    SteadyTime ends{};
  };
  void drop_oldest();

  Runtime& runtime_;
  std::map<UserNid, std::size_t> counts_;
  std::map<crypto::Sha256, Token> tokens_;
  std::deque<crypto::Sha256> oldest_first_;  ///< all live equally long
};

}  // namespace torg::identity
