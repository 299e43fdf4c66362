#include "identity/accounts.hpp"

#include "base/identifiers.hpp"
#include "identity/store.hpp"
#include "matrix/registration/registration.hpp"

#include <algorithm>

namespace torg::identity {
namespace {

constexpr std::size_t kMaxUserId = 255;
/// Argon2 takes any length; nobody types more, and hashing is the most expensive thing a stranger can ask
/// for.
constexpr std::size_t kMaxPassword = 512;
constexpr std::size_t kMaxDisplayname = 256;

Result<> check_length(std::string_view password) {
  if (password.size() <= kMaxPassword) return {};
  return fail(ErrorCode::invalid_param, "The password is longer than 512 bytes.");
}

}  // namespace

Accounts::Accounts(Runtime& runtime, db::Database& database, Users& users, Sessions& sessions,
                   Options const& options, ForgetPrivate forget_private)
    : runtime_(runtime),
      database_(database),
      users_(users),
      sessions_(sessions),
      options_(options),
      forget_private_(std::move(forget_private)),
      decoy_(crypto::hash_password("nobody has this password", options.password_cost)) {}

std::string lower_localpart(std::string name) {
  std::ranges::transform(name, name.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return name;
}

Result<> Accounts::check_available(std::string_view localpart, matrix::Registration const* service) const {
  if (!is_valid_new_localpart(localpart)) {
    return fail(ErrorCode::invalid_username, "A user name consists of a-z, 0-9 and the signs . _ = - / +");
  }
  auto const user_id = "@" + std::string(localpart) + ":" + users_.server_name();
  if (user_id.size() > kMaxUserId) return fail(ErrorCode::invalid_username, "This user name is too long.");
  bool const reserved = is_reserved(localpart);
  auto const& services = options_.services;
  bool const others = services != nullptr && services->exclusive_user(user_id, service) != nullptr;
  if (others || (service != nullptr && !service->owns_user(user_id)))
    return fail(ErrorCode::exclusive, "This user name belongs to another application service, or to people.");
  if (reserved || users_.account(users_.find(user_id)) != nullptr)
    return fail(ErrorCode::user_in_use, "This user name is taken.");
  return {};
}

Result<> Accounts::check_strength(std::string_view password) const {
  if (password.size() < options_.password_length) {
    return fail(ErrorCode::weak_password,
                "A password has at least " + std::to_string(options_.password_length) + " characters.");
  }
  return check_length(password);
}

bool Accounts::is_reserved(std::string_view localpart) const {
  return std::ranges::find(options_.reserved_names, localpart) != options_.reserved_names.end();
}

bool Accounts::is_free_reserved(std::string_view localpart) const {
  auto const user_id = "@" + std::string(localpart) + ":" + users_.server_name();
  return is_reserved(localpart) && users_.account(users_.find(user_id)) == nullptr;
}

/// People and services; the server's own users and guests are no accounts that anybody counts.
Result<> Accounts::check_room(NewAccount const& account) const {
  bool const counts = options_.most_accounts > 0 && !account.password.empty() && !account.guest;
  if (!counts || users_.count_active() < options_.most_accounts) return {};
  return fail(ErrorCode::resource_limit_exceeded, "This server has as many accounts as it may have.",
              options_.admin_contact);
}

Task<Result<UserNid>> Accounts::create(NewAccount account, Also also) {
  account.localpart = lower_localpart(std::move(account.localpart));
  // The server's own users take reserved names.
  bool const own = account.password.empty() && !account.guest && account.service == nullptr;
  if (auto available = check_available(account.localpart, account.service);
      !available && !(own && is_free_reserved(account.localpart)))
    co_return fail(std::move(available));
  if (auto good = account.password.empty() ? Result<>{} : check_strength(account.password); !good)
    co_return fail(std::move(good));
  if (auto room = check_room(account); !room) co_return fail(std::move(room));
  if (account.displayname.size() > kMaxDisplayname) {
    co_return fail(ErrorCode::invalid_param, "The display name is longer than 256 bytes.");
  }
  store::AccountRow row{.user_id = "@" + account.localpart + ":" + users_.server_name(),
                        .password_hash = {},
                        .displayname = account.displayname,
                        .role = account.role,
                        .guest = account.guest,
                        .created = runtime_.now(),
                        .service = account.service == nullptr ? "" : account.service->id};
  if (!account.password.empty()) row.password_hash = co_await hash(account.password);
  co_return co_await database_.write([this, row, also](db::Transaction& transaction) -> Result<UserNid> {
    auto const user = store::insert_account(transaction, row);
    if (!user) return user;
    if (auto done = also ? also(transaction) : Result<>{}; !done) return fail(std::move(done));
    transaction.on_commit([this, user = *user, row] {
      users_.learn(user, row.user_id);
      users_.set_account(user, {.profile = {.displayname = row.displayname, .avatar_url = {}},
                                .role = row.role,
                                .created = row.created,
                                .guest = row.guest,
                                .service = row.service});
    });
    return user;
  });
}

Task<Result<UserNid>> Accounts::check_password(std::string name, std::string password) {
  // Old clients and phone keyboards write capitals; no account has any, and no server name but in small.
  name = lower_localpart(std::move(name));
  if (!name.starts_with('@')) name = "@" + name + ":" + users_.server_name();
  auto const user = users_.find(name);
  // An account that has ended has no hash any more: it takes as long and answers as one that never was.
  auto stored =
      co_await database_.read([user](db::Reader& reader) { return store::password_hash(reader, user); });
  if (!stored) co_return fail(std::move(stored));
  bool const fits = password.size() <= kMaxPassword;
  auto const encoded = stored->value_or(decoy_);
  auto const good = co_await run_offloaded(runtime_, [encoded, password = fits ? password : std::string()] {
    return crypto::verify_password(encoded, password);
  });
  if (!good || !fits || !stored->has_value()) {
    co_return fail(ErrorCode::forbidden, "The user name or the password is wrong.");
  }
  co_return user;
}

Task<Result<>> Accounts::change_password(Requester requester, std::string password, OtherDevices others) {
  if (password.empty()) co_return fail(ErrorCode::invalid_param, "The new password is empty.");
  if (auto good = check_strength(password); !good) co_return good;
  auto const encoded = co_await hash(std::move(password));
  co_return co_await database_.write([this, user = requester.user, device = requester.device, encoded,
                                      others](db::Transaction& transaction) -> Result<> {
    store::set_password_hash(transaction, user, encoded);
    if (others == OtherDevices::log_out) sessions_.remove_all_devices(transaction, user, device);
    return {};
  });
}

Task<Result<bool>> Accounts::has_password(UserNid user) {
  auto stored =
      co_await database_.read([user](db::Reader& reader) { return store::password_hash(reader, user); });
  if (!stored) co_return fail(std::move(stored));
  co_return stored->has_value();
}

Task<Result<>> Accounts::reset_password(UserNid user, std::string password, OtherDevices others, Also also) {
  if (auto good = check_strength(password); !good) co_return good;
  auto const encoded = co_await hash(std::move(password));
  co_return co_await database_.write([=, this](db::Transaction& transaction) -> Result<> {
    if (!store::is_active(transaction, user))
      return fail(ErrorCode::not_found, "There is no such user here.");
    store::set_password_hash(transaction, user, encoded);
    if (others == OtherDevices::log_out) sessions_.remove_all_devices(transaction, user, std::nullopt);
    return also ? also(transaction) : Result<>{};
  });
}

void Accounts::hide_words(db::Transaction& transaction, UserNid user) {
  auto const position = transaction.next_position();
  store::mark_erased(transaction, user, position);
  transaction.on_commit([this, user, position] { users_.set_erased(user, position); });
}

Task<Result<>> Accounts::deactivate(UserNid user, Also also, Words words) {
  auto const* account = users_.account(user);
  if (account == nullptr) co_return fail(ErrorCode::not_found, "There is no such user here.");
  co_return co_await database_.write(
      [=, this, old = *account, now = runtime_.now()](db::Transaction& transaction) -> Result<> {
        store::deactivate(transaction, user, now);
        if (words == Words::hide) hide_words(transaction, user);
        sessions_.remove_all_devices(transaction, user, std::nullopt);
        forget_private_(transaction, user);
        transaction.on_commit([this, user, old] {
          users_.set_account(user, {.profile = {},
                                    .role = old.role,
                                    .created = old.created,
                                    .active = false,
                                    .guest = old.guest,
                                    .service = {}});
        });
        return also ? also(transaction) : Result<>{};
      });
}

Task<std::string> Accounts::hash(std::string password) {
  co_return co_await run_offloaded(runtime_, [password = std::move(password), cost = options_.password_cost] {
    return crypto::hash_password(password, cost);
  });
}

}  // namespace torg::identity
