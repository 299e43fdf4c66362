#include "identity/sessions.hpp"

#include "base/encoding.hpp"
#include "identity/guests.hpp"
#include "identity/store.hpp"
#include "matrix/registration/registration.hpp"

#include <algorithm>
#include <array>

namespace torg::identity {
namespace {

constexpr std::size_t kTokenBytes = 32;
constexpr std::size_t kMaxDeviceId = 255;
constexpr std::size_t kMaxDeviceName = 100;
constexpr std::size_t kMaxDevices = 300;

/// Clients put whole user agents here.
std::string shortened(std::string name) {
  if (name.size() > kMaxDeviceName) name.resize(kMaxDeviceName);
  while (!is_valid_utf8(name)) name.pop_back();  // the cut may have split a character
  return name;
}

/// The token of a request; a view into its headers, or a copy of its parameter.
std::optional<std::string> token_of(net::Request const& request) {
  constexpr std::string_view kScheme = "bearer ";
  if (auto const header = request.header("authorization")) {
    auto const same = [](char a, char b) { return (a | 0x20) == b || a == b; };
    if (header->size() <= kScheme.size() ||
        !std::ranges::equal(header->substr(0, kScheme.size()), kScheme, same)) {
      return std::nullopt;
    }
    return std::string(header->substr(kScheme.size()));
  }
  return request.query("access_token");
}

}  // namespace

/// Fresh tokens with their hashes. The texts are for the client and stay out of the lane.
struct Sessions::Tokens {
  std::string access;
  std::optional<std::string> refresh;
  crypto::Sha256 access_hash{};
  std::optional<crypto::Sha256> refresh_hash;
  std::int64_t expires_ms = 0;
};

Sessions::Sessions(Runtime& runtime, db::Database& database, Users const& users,
                   std::shared_ptr<matrix::Registrations const> services,
                   std::chrono::milliseconds access_token_lifetime, ForgetDevice forget_device)
    : runtime_(runtime),
      database_(database),
      users_(users),
      services_(std::move(services)),
      access_token_lifetime_(access_token_lifetime),
      forget_device_(std::move(forget_device)) {}

void Sessions::load() {
  database_.read_now([this](db::Reader& reader) {
    store::each_session(reader, [this](store::SessionRow const& row) {
      sessions_.insert_or_assign(row.token_hash, to_session(row));
    });
    if (services_ == nullptr) return;
    store::each_device(reader, [this](UserNid user, DeviceId const& device) { learn_device(user, device); });
  });
}

void Sessions::learn_device(UserNid user, DeviceId const& device) {
  if (services_ != nullptr && services_->of_user(users_.user_id(user)) != nullptr)
    service_devices_.emplace(user, device.value);
}

std::int64_t device_key(UserNid user, DeviceId const& device) {
  auto const hash = crypto::sha256(std::to_string(user.value) + '/' + device.value);
  std::uint64_t key = 0;
  std::memcpy(&key, hash.data(), sizeof key);
  return static_cast<std::int64_t>(key >> 1) | 1;
}

Sessions::Session Sessions::to_session(store::SessionRow const& row) {
  return {row.id, row.user, row.device, row.expires_ms, device_key(row.user, row.device)};
}

std::unexpected<Error> Sessions::locked_out() {
  return fail(ErrorCode::user_locked, "This account has been locked by an administrator.", "soft_logout");
}

Result<Requester> Sessions::authenticate(net::Request const& request) const {
  auto requester = authenticate_even_locked(request);
  if (!requester) return requester;
  if (users_.is_locked(requester->user)) return locked_out();
  if (users_.is_guest(requester->user) && !guest_may(request.method, request.path()))
    return fail(ErrorCode::guest_access_forbidden, "Guests may not do this. Make an account.");
  return requester;
}

Result<Requester> Sessions::authenticate_even_locked(net::Request const& request) const {
  auto const token = token_of(request);
  if (!token || token->empty()) return fail(ErrorCode::missing_token, "You need to log in.");
  // Looking the hash up instead of the token gives away nothing by its timing.
  auto const hash = crypto::sha256(*token);
  auto const found = sessions_.find(hash);
  if (found == sessions_.end()) {
    auto const* service = services_ == nullptr ? nullptr : services_->by_token(hash);
    if (service != nullptr) return act_as(*service, request);
    return fail(ErrorCode::unknown_token, "Your session has ended. Log in again.");
  }
  auto const& session = found->second;
  if (session.expires_ms != 0 && to_ms(runtime_.now()) >= session.expires_ms) {
    return fail(ErrorCode::unknown_token, "Your access token has expired.", "soft_logout");
  }
  session.used = true;
  return Requester{.user = session.user,
                   .user_id = users_.user_id(session.user),
                   .device = session.device,
                   .session = session.id,
                   .device_key = session.device_key};
}

Result<matrix::Registration const*> Sessions::service_of(net::Request const& request) const {
  auto const token = token_of(request);
  if (!token || token->empty()) return fail(ErrorCode::missing_token, "The service's token is missing.");
  auto const* service = services_ == nullptr ? nullptr : services_->by_token(crypto::sha256(*token));
  if (service == nullptr) return fail(ErrorCode::unknown_token, "This is no application service's token.");
  return service;
}

Task<Result<Grant>> Sessions::open(NewSession wanted) {
  if (wanted.device_id.size() > kMaxDeviceId) {
    co_return fail(ErrorCode::invalid_param, "The device id is longer than 255 bytes.");
  }
  if (users_.is_locked(wanted.user)) co_return locked_out();
  auto const superfluous = co_await superfluous_device(wanted.user);
  if (!superfluous) co_return std::unexpected(superfluous.error());
  auto tokens = make_tokens(wanted.refresh);
  store::SessionRow const row{
      .id = random_session_id(),
      .user = wanted.user,
      .device = DeviceId(wanted.device_id.empty() ? random_device_id() : wanted.device_id),
      .token_hash = tokens.access_hash,
      .expires_ms = tokens.expires_ms};
  auto const written = co_await database_.write(
      [this, row, name = shortened(std::move(wanted.display_name)), refresh_hash = tokens.refresh_hash,
       now = runtime_.now(), superfluous = *superfluous](db::Transaction& transaction) -> Result<> {
        if (!store::is_active(transaction, row.user)) {
          return fail(ErrorCode::user_deactivated, "This account has been deactivated.");
        }
        if (!store::ensure_device(transaction, row.user, row.device, name, now)) {
          end_sessions(transaction, row.user, row.device, Fate::device_stays);
        } else if (superfluous && *superfluous != row.device) {
          remove_device(transaction, row.user, *superfluous);
        }
        store::insert_session(transaction, row, refresh_hash);
        transaction.on_commit([this, row] {
          sessions_.insert_or_assign(row.token_hash, to_session(row));
          learn_device(row.user, row.device);
        });
        return {};
      });
  if (!written) co_return std::unexpected(written.error());
  co_return grant(row.user, row.device, std::move(tokens));
}

Task<Result<std::optional<DeviceId>>> Sessions::superfluous_device(UserNid user) const {
  auto const all = co_await devices(user);
  if (!all) co_return std::unexpected(all.error());
  if (all->size() < kMaxDevices) co_return std::nullopt;
  std::vector<DeviceId> used;
  for (auto const& [hash, session] : sessions_) {  // all sessions, but only when there are so many devices
    if (session.user == user && session.used) used.push_back(session.device);
  }
  for (auto const& device : *all) {  // oldest first
    if (std::ranges::find(used, device.id) == used.end()) co_return device.id;
  }
  co_return all->front().id;
}

bool Sessions::has_device(db::Reader& reader, UserNid user, DeviceId const& device) {
  return store::device(reader, user, device).has_value();
}

Task<Result<Grant>> Sessions::refresh(std::string refresh_token) {
  auto const used_hash = crypto::sha256(refresh_token);
  auto found = co_await database_.read(
      [used_hash](db::Reader& reader) { return store::find_refresh(reader, used_hash); });
  if (!found) co_return fail(std::move(found));
  auto const unknown = [] { return fail(ErrorCode::unknown_token, "This refresh token is not known."); };
  if (!*found) co_return unknown();
  auto const old_hash = (*found)->session.token_hash;
  auto const old = sessions_.find(old_hash);
  if (old == sessions_.end() || ((*found)->is_previous && old->second.used)) co_return unknown();

  if (users_.is_locked((*found)->session.user)) co_return locked_out();
  auto tokens = make_tokens(Refresh::supported);
  auto row = (*found)->session;
  row.token_hash = tokens.access_hash;
  row.expires_ms = tokens.expires_ms;
  auto const written =
      co_await database_.write([this, row, old_hash, used_hash, refresh_hash = *tokens.refresh_hash](
                                   db::Transaction& transaction) -> Result<> {
        auto const now = store::find_refresh(transaction, used_hash);
        if (!now || now->session.token_hash != old_hash) {  // ended or refreshed while we were on our way
          return fail(ErrorCode::unknown_token, "This refresh token is not known.");
        }
        store::renew_session(transaction, row, refresh_hash, used_hash);
        transaction.on_commit([this, row, old_hash] {
          sessions_.erase(old_hash);
          sessions_.insert_or_assign(row.token_hash, to_session(row));
        });
        return {};
      });
  if (!written) co_return std::unexpected(written.error());
  co_return grant(row.user, row.device, std::move(tokens));
}

Task<Result<std::vector<Device>>> Sessions::devices(UserNid user) const {
  co_return co_await database_.read([user](db::Reader& reader) { return store::devices(reader, user); });
}

Task<Result<Device>> Sessions::device(UserNid user, DeviceId device) const {
  auto found = co_await database_.read(
      [user, device](db::Reader& reader) { return store::device(reader, user, device); });
  if (!found) co_return fail(std::move(found));
  if (!*found) co_return fail(ErrorCode::not_found, "You have no such device.");
  co_return std::move(**found);
}

Task<Result<>> Sessions::make_device(UserNid user, DeviceId device, std::string display_name) {
  if (device.value.empty() || device.value.size() > kMaxDeviceId)
    co_return fail(ErrorCode::invalid_param, "The device id is empty or longer than 255 bytes.");
  auto const name = shortened(std::move(display_name));
  co_return co_await database_.write(
      [this, user, device, name, now = runtime_.now()](db::Transaction& transaction) -> Result<> {
        if (!store::ensure_device(transaction, user, device, name, now) && !name.empty())
          (void)store::rename_device(transaction, user, device, name);  // it is there
        transaction.on_commit([this, user, device] { learn_device(user, device); });
        return {};
      });
}

Task<Result<>> Sessions::rename_device(UserNid user, DeviceId device, std::string display_name) {
  co_return co_await database_.write([user, device, display_name](db::Transaction& transaction) -> Result<> {
    if (store::rename_device(transaction, user, device, display_name)) return {};
    return fail(ErrorCode::not_found, "You have no such device.");
  });
}

Task<Result<>> Sessions::remove_devices(UserNid user, std::vector<DeviceId> devices, Also also) {
  co_return co_await database_.write([this, user, devices, also](db::Transaction& transaction) -> Result<> {
    for (auto const& device : devices) remove_device(transaction, user, device);
    return also ? also(transaction) : Result<>{};
  });
}

Task<Result<>> Sessions::remove_all_devices(UserNid user, std::optional<DeviceId> kept, Also also) {
  co_return co_await database_.write([this, user, kept, also](db::Transaction& transaction) -> Result<> {
    remove_all_devices(transaction, user, kept);
    return also ? also(transaction) : Result<>{};
  });
}

void Sessions::remove_all_devices(db::Transaction& transaction, UserNid user,
                                  std::optional<DeviceId> const& kept) {
  for (auto const& device : store::devices(transaction, user)) {
    if (device.id != kept) remove_device(transaction, user, device.id);
  }
}

void Sessions::remove_device(db::Transaction& transaction, UserNid user, DeviceId const& device) {
  end_sessions(transaction, user, device, Fate::device_goes);
  if (!store::delete_device(transaction, user, device)) return;
  forget_device_(transaction, user, device);
  if (services_ != nullptr)
    transaction.on_commit([this, user, device] { service_devices_.erase({user, device.value}); });
}

void Sessions::end_sessions(db::Transaction& transaction, UserNid user, DeviceId const& device, Fate fate) {
  auto keys = store::session_keys(transaction, user, device);
  if (keys.empty() && fate == Fate::device_stays) return;
  store::delete_sessions(transaction, user, device);
  Ended ended{.user = user, .device = device, .sessions = {}, .device_gone = fate == Fate::device_goes};
  for (auto const& key : keys) ended.sessions.push_back(key.id);
  for (auto const& forget : at_end_) forget(transaction, ended);
  transaction.on_commit([this, keys = std::move(keys)] {
    for (auto const& key : keys) sessions_.erase(key.token_hash);
  });
}

Sessions::Tokens Sessions::make_tokens(Refresh refresh) {
  Tokens tokens;
  tokens.access = random_token("torg_");
  tokens.access_hash = crypto::sha256(tokens.access);
  if (refresh == Refresh::supported) {
    tokens.refresh = random_token("torr_");
    tokens.refresh_hash = crypto::sha256(*tokens.refresh);
    tokens.expires_ms = to_ms(runtime_.now() + access_token_lifetime_);
  }
  return tokens;
}

std::string Sessions::random_token(std::string_view prefix) {
  std::array<unsigned char, kTokenBytes> bytes{};
  runtime_.fill_random(bytes);
  return std::string(prefix) +
         base64_encode({reinterpret_cast<char const*>(bytes.data()), bytes.size()}, Base64::url);
}

std::string Sessions::random_device_id() {
  constexpr std::size_t kLength = 10;
  constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  std::array<unsigned char, kLength> bytes{};
  runtime_.fill_random(bytes);
  std::string id;
  for (auto byte : bytes) id += kLetters[byte % kLetters.size()];
  return id;
}

/// Random, so that the number of a session that has ended never comes back for somebody else's.
std::int64_t Sessions::random_session_id() {
  std::array<unsigned char, 8> bytes{};
  runtime_.fill_random(bytes);
  std::int64_t id = 0;
  std::memcpy(&id, bytes.data(), sizeof id);
  return (id & INT64_MAX) | 1;
}

Grant Sessions::grant(UserNid user, DeviceId const& device, Tokens tokens) const {
  Grant made{.user = user,
             .user_id = users_.user_id(user),
             .device_id = device.value,
             .access_token = std::move(tokens.access),
             .refresh_token = std::move(tokens.refresh),
             .expires_in = std::nullopt};
  if (tokens.expires_ms != 0) made.expires_in = access_token_lifetime_;
  return made;
}

}  // namespace torg::identity
