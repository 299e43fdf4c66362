#include "identity/login_tokens.hpp"

#include "base/encoding.hpp"

#include <array>

namespace torg::identity {
namespace {

constexpr std::size_t kMaxWaiting = 10'000;

}  // namespace

std::optional<std::string> LoginTokens::make(UserNid user) {
  auto const now = runtime_.steady_now();
  std::erase_if(waiting_, [now](auto const& each) { return each.second.ends <= now; });
  if (waiting_.size() >= kMaxWaiting) return std::nullopt;
  std::array<unsigned char, 32> random{};
  runtime_.fill_random(random);
  auto token =
      "torl_" + base64_encode({reinterpret_cast<char const*>(random.data()), random.size()}, Base64::url);
  waiting_.emplace(crypto::sha256(token), Waiting{user, now + kLife});
  return token;
}

std::optional<UserNid> LoginTokens::take(std::string_view token) {
  auto const found = waiting_.find(crypto::sha256(token));
  if (found == waiting_.end()) return std::nullopt;
  auto const waiting = found->second;
  waiting_.erase(found);
  if (waiting.ends <= runtime_.steady_now()) return std::nullopt;
  return waiting.user;
}

}  // namespace torg::identity
