#include "identity/identity.hpp"

#include "base/encoding.hpp"

#include <array>

namespace torg::identity {
namespace {

using namespace std::chrono_literals;

// Generous to a person who mistypes, useless for guessing.
constexpr RateLimiter::Rate kLoginRate{.burst = 10, .interval = 6s};
constexpr RateLimiter::Rate kRegistrationRate{.burst = 5, .interval = 60s};
constexpr auto kNonceLife = 60s;
constexpr std::size_t kMaxNonces = 1'000;

}  // namespace

Identity::Identity(Runtime& runtime, db::Database& database, Options options)
    : runtime_(runtime),
      options_(std::move(options)),
      users_(database, options_.server_name),
      account_data_(database, users_),
      device_keys_(database, users_),
      sessions_(runtime, database, users_, options_.access_token_lifetime,
                [this](db::Transaction& transaction, UserNid user, DeviceId const& device) {
                  device_keys_.forget(transaction, user, device);
                  account_data_.forget_device(transaction, user, device);
                }),
      accounts_(runtime, database, users_, sessions_, options_.password_cost),
      login_limiter_(runtime, kLoginRate, options_.rate_limits),
      registration_limiter_(runtime, kRegistrationRate, options_.rate_limits) {
  users_.load();
  sessions_.load();
  account_data_.load();
  device_keys_.load();
}

std::string Identity::make_nonce() {
  auto const now = runtime_.steady_now();
  std::erase_if(nonces_, [now](auto const& nonce) { return nonce.second <= now; });
  if (nonces_.size() >= kMaxNonces) nonces_.erase(nonces_.begin());
  std::array<unsigned char, 32> bytes{};
  runtime_.fill_random(bytes);
  auto nonce = hex_encode({reinterpret_cast<char const*>(bytes.data()), bytes.size()});
  nonces_.emplace(nonce, now + kNonceLife);
  return nonce;
}

bool Identity::take_nonce(std::string_view nonce) {
  auto const found = nonces_.find(nonce);
  if (found == nonces_.end()) return false;
  bool const good = found->second > runtime_.steady_now();
  nonces_.erase(found);
  return good;
}

}  // namespace torg::identity
