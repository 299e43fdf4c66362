// Accounts.
#include "administration/synapse/routes.hpp"
#include "base/identifiers.hpp"

namespace torg::administration::synapse {
namespace {

using identity::Restriction;
using Others = identity::Accounts::OtherDevices;

/// What lists and single answers have in common. Torg records no time of last use.
json::object user_json(Administration& administration, UserNid user) {
  auto const& services = administration.services();
  auto const& account = *services.identity.account(user);
  return {{"name", services.identity.user_id(user)},
          {"displayname", text_or_null(account.profile.displayname)},
          {"avatar_url", text_or_null(account.profile.avatar_url)},
          {"is_guest", account.guest},
          {"admin", administration.users().is_administrator(user)},
          {"user_type", nullptr},
          {"deactivated", !account.active},
          {"erased", !account.active},
          {"shadow_banned", false},
          {"creation_ts", to_ms(account.created)},
          {"last_seen_ts", nullptr},
          {"approved", true},
          {"locked", account.locked},
          {"suspended", account.suspended}};
}

json::object one_user(Administration& administration, UserNid user) {
  auto body = user_json(administration, user);
  constexpr std::int64_t kSecond = 1000;
  body["creation_ts"] = body.at("creation_ts").as_int64() / kSecond;  // here in seconds
  body["threepids"] = json::array();
  body["external_ids"] = json::array();
  body["appservice_id"] = nullptr;
  body["consent_server_notice_sent"] = nullptr;
  body["consent_version"] = nullptr;
  body["consent_ts"] = nullptr;
  return body;
}

Answer list(Administration& administration, Asked asked) {
  auto const page = asked.page();
  if (!page) co_return std::unexpected(page.error());
  auto const deactivated = asked.flag("deactivated");
  if (!deactivated) co_return std::unexpected(deactivated.error());
  auto const guests = asked.flag("guests");
  if (!guests) co_return std::unexpected(guests.error());
  auto const admins = asked.flag("admins");
  if (!admins) co_return std::unexpected(admins.error());
  auto const locked = asked.flag("locked");
  if (!locked) co_return std::unexpected(locked.error());
  Users::Query query{.search = asked.query("name").value_or(asked.query("user_id").value_or("")),
                     .administrator = *admins,
                     .page = *page};
  if (!deactivated->value_or(false)) query.active = true;
  if (!guests->value_or(true)) query.guest = false;
  if (!locked->value_or(true)) query.locked = false;
  auto const found = administration.users().list(query);
  json::array users;
  for (auto const user : found.users) users.push_back(user_json(administration, user));
  json::object out{{"users", std::move(users)}, {"total", found.total}};
  auto const next = page->from + page->limit;
  if (next < found.total) out["next_token"] = std::to_string(next);
  co_return json_answer(out);
}

Answer show(Administration& administration, Asked asked) {
  auto const user = administration.users().find(asked.path(0));
  if (!user) co_return std::unexpected(user.error());
  co_return json_answer(one_user(administration, *user));
}

// ---- Making and changing: each field of the body is one act

Task<Result<>> set_profile(Users& users, Act act, UserNid user, json::object body) {
  std::pair<char const*, identity::ProfileField> const fields[] = {
      {"displayname", identity::ProfileField::displayname},
      {"avatar_url", identity::ProfileField::avatar_url}};
  for (auto const& [name, field] : fields) {
    auto const value = optional_string(body, name);
    if (!value) continue;
    auto const done = co_await users.rename(act, user, field, std::string(*value));
    if (!done) co_return done;
  }
  co_return Result<>{};
}

Task<Result<>> set_restrictions(Users& users, Act act, UserNid user, json::object body) {
  std::pair<char const*, Restriction> const fields[] = {{"locked", Restriction::locked},
                                                        {"suspended", Restriction::suspended}};
  for (auto const& [name, restriction] : fields) {
    auto const wanted = optional_bool(body, name);
    if (!wanted) continue;
    auto const done = co_await users.restrict(act, user, restriction,
                                              *wanted ? identity::Restricted::yes : identity::Restricted::no);
    if (!done) co_return done;
  }
  co_return Result<>{};
}

Task<Result<>> change(Administration& administration, Act act, UserNid user, json::object body) {
  auto& users = administration.users();
  bool const active = administration.identity().account(user)->active;
  auto const ended = optional_bool(body, "deactivated");
  if (ended && !*ended && !active)
    co_return fail(ErrorCode::invalid_param, "An account that has ended is not given again.");
  if (auto const password = optional_string(body, "password")) {
    auto const others = optional_bool(body, "logout_devices").value_or(true) ? Others::log_out : Others::keep;
    auto const done = co_await users.reset_password(act, user, std::string(*password), others);
    if (!done) co_return done;
  }
  if (auto done = co_await set_profile(users, act, user, body); !done) co_return done;
  if (auto const admin = optional_bool(body, "admin")) {
    if (*admin != users.is_administrator(user)) {
      auto const role = *admin ? identity::Role::administrator : identity::Role::person;
      if (auto done = co_await users.set_role(act, user, role); !done) co_return done;
    }
  }
  if (auto done = co_await set_restrictions(users, act, user, body); !done) co_return done;
  if (ended.value_or(false) && active) co_return co_await users.deactivate(act, user);
  co_return Result<>{};
}

Answer make(Administration& administration, Asked asked, json::object body) {
  auto const& user_id = asked.path(0);
  bool const admin = optional_bool(body, "admin").value_or(false);
  auto const made = co_await administration.users().make(
      act_of(asked), {.localpart = std::string(localpart_of(user_id)),
                      .password = std::string(optional_string(body, "password").value_or("")),
                      .displayname = std::string(optional_string(body, "displayname").value_or("")),
                      .role = admin ? identity::Role::administrator : identity::Role::person});
  if (!made) co_return std::unexpected(made.error());
  for (auto const* done : {"password", "displayname", "admin"}) body.erase(done);
  auto const rest = co_await change(administration, act_of(asked), *made, std::move(body));
  if (!rest) co_return std::unexpected(rest.error());
  co_return json_answer(one_user(administration, *made), 201);
}

Answer make_or_change(Administration& administration, Asked asked) {
  auto body = asked.body();
  if (!body) co_return std::unexpected(body.error());
  auto const user = administration.users().find(asked.path(0));
  if (!user && user.error().code == ErrorCode::not_found)
    co_return co_await make(administration, std::move(asked), std::move(*body));
  if (!user) co_return std::unexpected(user.error());
  auto const done = co_await change(administration, act_of(asked), *user, std::move(*body));
  if (!done) co_return std::unexpected(done.error());
  co_return json_answer(one_user(administration, *user));
}

Answer deactivate(Administration& administration, Asked asked) {
  auto const user = administration.users().find(asked.path(0));
  if (!user) co_return std::unexpected(user.error());
  auto const done = co_await administration.users().deactivate(act_of(asked), *user);
  if (!done) co_return std::unexpected(done.error());
  co_return json_answer({{"id_server_unbind_result", "no-support"}});
}

Answer reset_password(Administration& administration, Asked asked) {
  auto const user = administration.users().find(asked.path(0));
  if (!user) co_return std::unexpected(user.error());
  auto const body = asked.body();
  if (!body) co_return std::unexpected(body.error());
  auto const password = required_string(*body, "new_password");
  if (!password) co_return std::unexpected(password.error());
  auto const others = optional_bool(*body, "logout_devices").value_or(true) ? Others::log_out : Others::keep;
  auto const done = co_await administration.users().reset_password(act_of(asked), *user, *password, others);
  if (!done) co_return std::unexpected(done.error());
  co_return empty_answer();
}

Answer show_admin(Administration& administration, Asked asked) {
  auto const user = administration.users().find(asked.path(0));
  if (!user) co_return std::unexpected(user.error());
  co_return json_answer({{"admin", administration.users().is_administrator(*user)}});
}

Answer set_admin(Administration& administration, Asked asked) {
  auto const user = administration.users().find(asked.path(0));
  if (!user) co_return std::unexpected(user.error());
  auto const body = asked.body();
  if (!body) co_return std::unexpected(body.error());
  auto const wanted = required_bool(*body, "admin");
  if (!wanted) co_return std::unexpected(wanted.error());
  auto const done = co_await administration.users().set_role(
      act_of(asked), *user, *wanted ? identity::Role::administrator : identity::Role::person);
  if (!done) co_return std::unexpected(done.error());
  co_return empty_answer();
}

Answer suspend(Administration& administration, Asked asked) {
  auto const user = administration.users().find(asked.path(0));
  if (!user) co_return std::unexpected(user.error());
  auto const body = asked.body();
  if (!body) co_return std::unexpected(body.error());
  auto const wanted = required_bool(*body, "suspend");
  if (!wanted) co_return std::unexpected(wanted.error());
  auto const done = co_await administration.users().restrict(
      act_of(asked), *user, Restriction::suspended,
      *wanted ? identity::Restricted::yes : identity::Restricted::no);
  if (!done) co_return std::unexpected(done.error());
  json::object out;
  out["user_" + asked.path(0) + "_suspended"] = *wanted;
  co_return json_answer(out);
}

Answer joined_rooms(Administration& administration, Asked asked) {
  auto const user = administration.users().find(asked.path(0));
  if (!user) co_return std::unexpected(user.error());
  auto const joined = co_await administration.users().joined_rooms(*user);
  if (!joined) co_return std::unexpected(joined.error());
  json::array ids;
  for (auto const room : *joined) {
    auto const id = co_await administration.services().rooms.room_id(room);
    if (id) ids.emplace_back(id->value);
  }
  auto const total = ids.size();
  co_return json_answer({{"joined_rooms", std::move(ids)}, {"total", total}});
}

Answer available(Administration& administration, Asked asked) {
  auto const name = asked.query("username");
  if (!name) co_return fail(ErrorCode::missing_param, "The parameter 'username' is missing.");
  auto good = administration.identity().accounts().check_available(identity::lower_localpart(*name));
  if (!good) co_return fail(std::move(good));
  co_return json_answer({{"available", true}});
}

// ---- What isn't done here

Answer no_login_as(Administration&, Asked) {
  co_return fail(ErrorCode::forbidden,
                 "Nobody acts in another person's name here: what is written is evidence of who wrote it.");
}

Answer no_shadow_ban(Administration&, Asked) {
  co_return fail(ErrorCode::forbidden,
                 "Nobody is silenced without being told here. Lock or suspend the account instead.");
}

}  // namespace

std::vector<net::Route> user_routes(Administration& administration) {
  using enum Method;
  auto const route = [&](Method method, std::string_view pattern, Function function) {
    return admin_route(administration, method, pattern, function);
  };
  constexpr std::string_view kUser = "/_synapse/admin/v2/users/{userId}";
  constexpr std::string_view kAdmin = "/_synapse/admin/v1/users/{userId}/admin";
  constexpr std::string_view kShadowBan = "/_synapse/admin/v1/users/{userId}/shadow_ban";
  return {
      route(get, "/_synapse/admin/v2/users", list),
      route(get, "/_synapse/admin/v3/users", list),
      route(get, kUser, show),
      route(put, kUser, make_or_change),
      route(post, "/_synapse/admin/v1/deactivate/{userId}", deactivate),
      route(post, "/_synapse/admin/v1/reset_password/{userId}", reset_password),
      route(get, kAdmin, show_admin),
      route(put, kAdmin, set_admin),
      route(put, "/_synapse/admin/v1/suspend/{userId}", suspend),
      route(get, "/_synapse/admin/v1/users/{userId}/joined_rooms", joined_rooms),
      route(post, "/_synapse/admin/v1/users/{userId}/login", no_login_as),
      route(post, kShadowBan, no_shadow_ban),
      route(delete_, kShadowBan, no_shadow_ban),
      route(get, "/_synapse/admin/v1/username_available", available),
  };
}

}  // namespace torg::administration::synapse
