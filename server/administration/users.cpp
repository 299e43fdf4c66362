#include "administration/users.hpp"

#include "base/identifiers.hpp"

#include <algorithm>

namespace torg::administration {
namespace {

using identity::Account;
using identity::Restriction;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool contains(std::string_view text, std::string_view term) {
  return term.empty() || !std::ranges::search(text, term, {}, lower, lower).empty();
}

bool fits(std::optional<bool> wanted, bool is) { return !wanted || *wanted == is; }

std::string_view verb(Restriction restriction, identity::Restricted restricted) {
  bool const yes = restricted == identity::Restricted::yes;
  if (restriction == Restriction::locked) return yes ? "user.locked" : "user.unlocked";
  return yes ? "user.suspended" : "user.unsuspended";
}

}  // namespace

bool Users::is_administrator(UserNid user) const { return services_.identity.is_administrator(user); }

Users::Found Users::list(Query const& query) const {
  Found found;
  for (auto const& [user, account] : services_.identity.users().accounts()) {
    bool const wanted = fits(query.active, account.active) && fits(query.guest, account.guest) &&
                        fits(query.locked, account.locked) &&
                        fits(query.administrator, is_administrator(user)) &&
                        (contains(services_.identity.user_id(user), query.search) ||
                         contains(account.profile.displayname, query.search));
    if (!wanted) continue;
    if (found.total >= query.page.from && found.users.size() < query.page.limit) found.users.push_back(user);
    ++found.total;
  }
  return found;
}

Result<UserNid> Users::find(std::string_view user_id) const {
  if (!services_.identity.is_local(user_id))
    return fail(ErrorCode::invalid_param, "This is no user of this server.");
  auto const user = services_.identity.find(user_id);
  if (services_.identity.account(user) == nullptr)
    return fail(ErrorCode::not_found, "There is no such user here.");
  return user;
}

Result<> Users::check_person(UserNid user) const {
  auto const name = localpart_of(services_.identity.user_id(user));
  bool const reserved = services_.identity.accounts().is_reserved(name);
  if (!reserved && !services_.governance.is_service_user(user)) return {};
  return fail(ErrorCode::forbidden, "This user is the server's own.");
}

Task<Result<UserNid>> Users::make(Act act, identity::NewAccount account) {
  auto const user_id =
      "@" + identity::lower_localpart(account.localpart) + ":" + services_.identity.users().server_name();
  auto also = noted(services_, act, "user.made",
                    {{"user", user_id}, {"administrator", account.role == identity::Role::administrator}});
  co_return co_await services_.identity.accounts().create(std::move(account), std::move(also));
}

Task<Result<>> Users::set_role(Act act, UserNid user, identity::Role role) {
  if (auto person = check_person(user); !person) co_return person;
  if (user == act.by && role != identity::Role::administrator)
    co_return fail(ErrorCode::forbidden, "Another administrator must take this role from you.");
  auto also = noted(services_, act,
                    role == identity::Role::administrator ? "user.made_administrator" : "user.made_ordinary",
                    {{"user", services_.identity.user_id(user)}});
  co_return co_await services_.identity.users().set_role(user, role, std::move(also));
}

Task<Result<>> Users::rename(Act act, UserNid user, identity::ProfileField field, std::string value) {
  if (auto person = check_person(user); !person) co_return person;
  auto const written =
      co_await note(services_, act, "user.renamed",
                    {{"user", services_.identity.user_id(user)},
                     {"field", field == identity::ProfileField::displayname ? "displayname" : "avatar_url"}});
  if (!written) co_return written;
  auto const done = co_await services_.identity.users().set_profile_field(user, field, std::move(value));
  if (!done) co_return done;
  if (services_.identity.on_profile_change) co_await services_.identity.on_profile_change(user);
  co_return Result<>{};
}

Task<Result<>> Users::reset_password(Act act, UserNid user, std::string password,
                                     identity::Accounts::OtherDevices sessions) {
  if (auto person = check_person(user); !person) co_return person;
  auto also = noted(services_, act, "user.password_reset", {{"user", services_.identity.user_id(user)}});
  co_return co_await services_.identity.accounts().reset_password(user, std::move(password), sessions,
                                                                  std::move(also));
}

Task<Result<>> Users::restrict(Act act, UserNid user, Restriction restriction,
                               identity::Restricted restricted) {
  if (auto person = check_person(user); !person) co_return person;
  if (user == act.by || is_administrator(user))
    co_return fail(ErrorCode::forbidden, "Administrators can't be locked or suspended.");
  auto also =
      noted(services_, act, verb(restriction, restricted), {{"user", services_.identity.user_id(user)}});
  co_return co_await services_.identity.users().restrict(user, restriction, restricted, std::move(also));
}

Task<Result<>> Users::deactivate(Act act, UserNid user) {
  if (auto person = check_person(user); !person) co_return person;
  if (user == act.by) co_return fail(ErrorCode::forbidden, "Another administrator must end your account.");
  auto also = noted(services_, act, "user.deactivated", {{"user", services_.identity.user_id(user)}});
  auto const done = co_await services_.identity.accounts().deactivate(user, std::move(also));
  if (!done) co_return done;
  if (services_.identity.on_deactivation) co_await services_.identity.on_deactivation(user);
  co_return Result<>{};
}

Task<Result<>> Users::end_sessions(Act act, UserNid user, std::vector<DeviceId> devices) {
  json::array names;
  for (auto const& device : devices) names.emplace_back(device.value);
  auto also = noted(services_, act, "user.sessions_ended",
                    {{"user", services_.identity.user_id(user)}, {"devices", std::move(names)}});
  auto& sessions = services_.identity.sessions();
  if (devices.empty()) co_return co_await sessions.remove_all_devices(user, std::nullopt, std::move(also));
  co_return co_await sessions.remove_devices(user, std::move(devices), std::move(also));
}

Task<Result<std::vector<RoomNid>>> Users::joined_rooms(UserNid user) {
  auto const rooms = co_await services_.rooms.rooms_of(user);
  if (!rooms) co_return std::unexpected(rooms.error());
  std::vector<RoomNid> joined;
  for (auto const& [room, member] : **rooms) {
    if (member.membership == matrix::Membership::join) joined.push_back(room);
  }
  co_return joined;
}

}  // namespace torg::administration
