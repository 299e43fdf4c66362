// Locking and suspending accounts. https://spec.matrix.org/v1.19/client-server-api/#account-moderation
#include "identity/handlers.hpp"

namespace torg::identity {
namespace {

/// The account that an administrator asks about. Whether they are one is checked first, so that nobody else
/// learns which accounts there are.
Result<UserNid> restricted_user(Identity const& identity, Requester const& requester,
                                std::string_view user_id) {
  if (!identity.acts_as_administrator(requester))
    return fail(ErrorCode::forbidden, "Only administrators may do this.");
  if (!identity.is_local(user_id)) return fail(ErrorCode::invalid_param, "This is no user of this server.");
  auto const user = identity.find(user_id);
  auto const* account = identity.account(user);
  if (account == nullptr || !account->active)
    return fail(ErrorCode::not_found, "There is no such user here.");
  return user;
}

constexpr std::string_view name_of(Restriction restriction) {
  return restriction == Restriction::locked ? "locked" : "suspended";
}

std::string_view verb(Restriction restriction, bool wanted) {
  if (restriction == Restriction::locked) return wanted ? "user.locked" : "user.unlocked";
  return wanted ? "user.suspended" : "user.unsuspended";
}

template <Restriction restriction>
Answer show(Identity& identity, Requester requester, net::Call& call) {
  auto const user = restricted_user(identity, requester, call.path[0]);
  if (!user) co_return std::unexpected(user.error());
  auto const* account = identity.account(*user);
  co_return json_answer(
      {{name_of(restriction), restriction == Restriction::locked ? account->locked : account->suspended}});
}

template <Restriction restriction>
Answer change(Identity& identity, Requester requester, net::Call& call) {
  auto const user = restricted_user(identity, requester, call.path[0]);
  if (!user) co_return std::unexpected(user.error());
  auto const body = parse_json_object(call.request.body);
  if (!body) co_return std::unexpected(body.error());
  auto const wanted = optional_bool(*body, name_of(restriction));
  if (!wanted) {
    co_return fail(ErrorCode::missing_param,
                   "The field '" + std::string(name_of(restriction)) + "' must be true or false.");
  }
  if (*user == requester.user || identity.is_administrator(*user))
    co_return fail(ErrorCode::forbidden, "Administrators can't be locked or suspended.");
  auto also = identity.noted(requester.user, verb(restriction, *wanted), {{"user", call.path[0]}});
  auto const done = co_await identity.users().restrict(
      *user, restriction, *wanted ? Restricted::yes : Restricted::no, std::move(also));
  if (!done) co_return std::unexpected(done.error());
  co_return json_answer({{name_of(restriction), *wanted}});
}

/// SPEC: addresses and times of last use are left out, because nobody's are recorded.
/// @see https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3adminwhoisuserid
Answer whois(Identity& identity, Requester requester, net::Call& call) {
  auto const& user_id = call.path[0];
  if (user_id != requester.user_id && !identity.acts_as_administrator(requester))
    co_return fail(ErrorCode::forbidden, "Only administrators may ask about others.");
  auto const user = identity.find(user_id);
  if (identity.account(user) == nullptr) co_return fail(ErrorCode::not_found, "There is no such user here.");
  auto const all = co_await identity.sessions().devices(user);
  if (!all) co_return std::unexpected(all.error());
  json::object devices;
  for (auto const& device : *all)
    devices[device.id.value] =
        json::object{{"sessions", json::array{json::object{{"connections", json::array()}}}}};
  co_return json_answer({{"user_id", user_id}, {"devices", std::move(devices)}});
}

}  // namespace

std::vector<net::Route> moderation_routes(Identity& identity) {
  using enum net::Method;
  constexpr std::string_view kLock = "/_matrix/client/v1/admin/lock/{userId}";
  constexpr std::string_view kSuspend = "/_matrix/client/v1/admin/suspend/{userId}";
  std::vector<net::Route> routes;
  routes.push_back(bind(get, "/_matrix/client/v3/admin/whois/{userId}", identity, whois));
  routes.push_back(bind(get, "/_synapse/admin/v1/whois/{userId}", identity, whois));
  routes.push_back(bind(get, kLock, identity, show<Restriction::locked>));
  routes.push_back(bind(put, kLock, identity, change<Restriction::locked>));
  routes.push_back(bind(get, kSuspend, identity, show<Restriction::suspended>));
  routes.push_back(bind(put, kSuspend, identity, change<Restriction::suspended>));
  return routes;
}

}  // namespace torg::identity
