#include "identity/identity.hpp"

#include "base/encoding.hpp"
#include "matrix/registration/registration.hpp"

#include <array>

namespace torg::identity {
namespace {

using namespace std::chrono_literals;

constexpr auto kNonceLife = 60s;
constexpr std::size_t kMaxNonces = 10'000;

}  // namespace

Identity::Identity(Runtime& runtime, db::Database& database, Options options)
    : runtime_(runtime),
      options_(std::move(options)),
      users_(database, options_.server_name),
      account_data_(database, users_, options_.body_mentions),
      device_keys_(database, users_),
      sessions_(runtime, database, users_, options_.services, options_.access_token_lifetime,
                [this](db::Transaction& transaction, UserNid user, DeviceId const& device) {
                  device_keys_.forget(transaction, user, device);
                  DehydratedDevices::forget(transaction, user, device);
                  account_data_.forget_device(transaction, user, device);
                }),
      accounts_(runtime, database, users_, sessions_, options_,
                [this](db::Transaction& transaction, UserNid user) {
                  AccountData::forget_user(transaction, user);
                  KeyBackup::forget_user(transaction, user);
                  device_keys_.forget_user(transaction, user);
                  ProfileFields::forget_user(transaction, user);
                }),
      key_backup_(database),
      dehydrated_devices_(runtime, database, device_keys_, sessions_),
      interactive_auth_(runtime),
      login_tokens_(runtime),
      registration_tokens_(runtime, database),
      openid_tokens_(runtime),
      profile_fields_(database),
      password_attempts_(runtime, options_.password_attempts) {
  users_.load();
  sessions_.load();
  account_data_.load();
  device_keys_.load();
}

Task<std::expected<UserNid, Identity::Refusal>> Identity::check_password(std::string name,
                                                                         std::string password) {
  // One account, one bucket, however it is named; names without an account have theirs too.
  name = lower_localpart(std::move(name));
  if (!name.starts_with('@')) name = "@" + name + ":" + users_.server_name();
  if (auto const wait = password_attempts_.take(name); wait > wait.zero()) {
    co_return std::unexpected(
        Refusal{{ErrorCode::limit_exceeded, "Too many attempts. Wait a little.", {}}, wait});
  }
  auto const user = co_await accounts_.check_password(name, std::move(password));
  if (!user) co_return std::unexpected(Refusal{user.error()});
  password_attempts_.give_back(name);
  co_return *user;
}

bool Identity::is_administrator(UserNid user) const {
  auto const* found = account(user);
  if (found == nullptr || !found->active) return false;
  return found->role == Role::administrator || (also_administrator && also_administrator(user));
}

bool Identity::acts_as_administrator(Requester const& requester) const {
  if (!is_administrator(requester.user)) return false;
  return requester.service == nullptr || account(requester.user)->service == requester.service->id;
}

Also Identity::noted(UserNid by, std::string_view what, json::object details) const {
  return note ? note(by, std::string(what), std::move(details)) : Also{};
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
