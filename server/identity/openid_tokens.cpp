#include "identity/openid_tokens.hpp"

#include "base/encoding.hpp"

#include <array>

namespace torg::identity {
namespace {

/// Beyond that the oldest go before their time: they are used within seconds.
constexpr std::size_t kMaxTokens = 100'000;

}  // namespace

void OpenIdTokens::drop_oldest() {
  auto const oldest = tokens_.find(oldest_first_.front());
  auto const count = counts_.find(oldest->second.user);
  if (--count->second == 0) counts_.erase(count);
  tokens_.erase(oldest);
  oldest_first_.pop_front();
}

Result<std::string> OpenIdTokens::make(UserNid user) {
  auto const now = runtime_.steady_now();
  while (!oldest_first_.empty()) {
    bool const stays = tokens_.at(oldest_first_.front()).ends > now && oldest_first_.size() < kMaxTokens;
    if (stays) break;
    drop_oldest();
  }
  if (auto const count = counts_.find(user); count != counts_.end() && count->second >= kMostOfOne)
    return fail(ErrorCode::limit_exceeded, "You have asked for too many of these tokens. Wait a while.");
  std::array<unsigned char, 32> random{};
  runtime_.fill_random(random);
  auto token =
      "toro_" + base64_encode({reinterpret_cast<char const*>(random.data()), random.size()}, Base64::url);
  auto const hash = crypto::sha256(token);
  tokens_.emplace(hash, Token{user, now + kLife});
  ++counts_[user];
  oldest_first_.push_back(hash);
  return token;
}

std::optional<UserNid> OpenIdTokens::owner(std::string_view token) const {
  auto const found = tokens_.find(crypto::sha256(token));
  if (found == tokens_.end() || found->second.ends <= runtime_.steady_now()) return std::nullopt;
  return found->second.user;
}

}  // namespace torg::identity
