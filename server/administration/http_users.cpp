// /_torg/v1/admin/users
#include "administration/handlers.hpp"

namespace torg::administration {
namespace {

using identity::Restriction;

json::object user_json(Administration& administration, UserNid user) {
  auto const& services = administration.services();
  auto const& account = *services.identity.account(user);
  return {{"user_id", services.identity.user_id(user)},
          {"name", text_or_null(account.profile.displayname)},
          {"administrator", administration.users().is_administrator(user)},
          {"active", account.active},
          {"locked", account.locked},
          {"suspended", account.suspended},
          {"guest", account.guest},
          {"created_at", to_ms(account.created)}};
}

Answer list(Administration& administration, Asked asked) {
  Users::Query query{.search = asked.query("search").value_or("")};
  auto const page = asked.page();
  if (!page) co_return std::unexpected(page.error());
  query.page = *page;
  std::pair<std::string_view, std::optional<bool>*> const flags[] = {{"active", &query.active},
                                                                     {"administrator", &query.administrator},
                                                                     {"guest", &query.guest},
                                                                     {"locked", &query.locked}};
  for (auto const& [name, place] : flags) {
    auto const flag = asked.flag(name);
    if (!flag) co_return std::unexpected(flag.error());
    *place = *flag;
  }
  auto const found = administration.users().list(query);
  json::array users;
  for (auto const user : found.users) users.push_back(user_json(administration, user));
  json::object out{{"users", std::move(users)}};
  add_next(out, query.page, found.total);
  co_return json_answer(out);
}

Answer show(Administration& administration, Asked asked) {
  auto const user = administration.users().find(asked.path(0));
  if (!user) co_return std::unexpected(user.error());
  co_return json_answer(user_json(administration, *user));
}

Answer make(Administration& administration, Asked asked) {
  auto const decision = decision_in(asked);
  if (!decision) co_return std::unexpected(decision.error());
  auto const& body = decision->body;
  auto name = required_string(body, "name");
  if (!name) co_return std::unexpected(name.error());
  auto password = required_string(body, "password");
  if (!password) co_return std::unexpected(password.error());
  if (password->empty()) co_return fail(ErrorCode::weak_password, "The password is empty.");
  auto const role = optional_bool(body, "administrator").value_or(false) ? identity::Role::administrator
                                                                         : identity::Role::person;
  auto const made = co_await administration.users().make(
      decision->act, {.localpart = std::move(*name),
                      .password = std::move(*password),
                      .displayname = std::string(optional_string(body, "display_name").value_or("")),
                      .role = role});
  if (!made) co_return std::unexpected(made.error());
  co_return json_answer(user_json(administration, *made), 201);
}

/// One act on the account that the path names; answers as it is afterwards.
template <class F>
Answer act_on_user(Administration& administration, Asked asked, F act) {
  auto const user = administration.users().find(asked.path(0));
  if (!user) co_return std::unexpected(user.error());
  auto const decision = decision_in(asked);
  if (!decision) co_return std::unexpected(decision.error());
  auto const done = co_await act(administration.users(), *user, *decision);
  if (!done) co_return std::unexpected(done.error());
  co_return json_answer(user_json(administration, *user));
}

Answer set_administrator(Administration& administration, Asked asked) {
  return act_on_user(
      administration, std::move(asked), [](Users& users, UserNid user, Decision decision) -> Task<Result<>> {
        auto const wanted = required_bool(decision.body, "administrator");
        if (!wanted) co_return std::unexpected(wanted.error());
        co_return co_await users.set_role(decision.act, user,
                                          *wanted ? identity::Role::administrator : identity::Role::person);
      });
}

template <Restriction restriction>
Answer restrict(Administration& administration, Asked asked) {
  return act_on_user(
      administration, std::move(asked), [](Users& users, UserNid user, Decision decision) -> Task<Result<>> {
        auto const wanted =
            required_bool(decision.body, restriction == Restriction::locked ? "locked" : "suspended");
        if (!wanted) co_return std::unexpected(wanted.error());
        co_return co_await users.restrict(decision.act, user, restriction,
                                          *wanted ? identity::Restricted::yes : identity::Restricted::no);
      });
}

Answer reset_password(Administration& administration, Asked asked) {
  return act_on_user(administration, std::move(asked),
                     [](Users& users, UserNid user, Decision decision) -> Task<Result<>> {
                       using Others = identity::Accounts::OtherDevices;
                       auto const password = required_string(decision.body, "password");
                       if (!password) co_return std::unexpected(password.error());
                       if (password->empty())
                         co_return fail(ErrorCode::weak_password, "The password is empty.");
                       bool const log_out = optional_bool(decision.body, "log_out").value_or(true);
                       co_return co_await users.reset_password(decision.act, user, *password,
                                                               log_out ? Others::log_out : Others::keep);
                     });
}

Answer deactivate(Administration& administration, Asked asked) {
  return act_on_user(administration, std::move(asked),
                     [](Users& users, UserNid user, Decision decision) -> Task<Result<>> {
                       co_return co_await users.deactivate(decision.act, user);
                     });
}

Answer sessions(Administration& administration, Asked asked) {
  auto const user = administration.users().find(asked.path(0));
  if (!user) co_return std::unexpected(user.error());
  auto const devices = co_await administration.identity().sessions().devices(*user);
  if (!devices) co_return std::unexpected(devices.error());
  json::array list;
  for (auto const& device : *devices) {
    list.push_back(json::object{{"device_id", device.id.value},
                                {"name", text_or_null(device.display_name)},
                                {"created_at", to_ms(device.created)}});
  }
  co_return json_answer({{"sessions", std::move(list)}});
}

Answer end_sessions(Administration& administration, Asked asked) {
  return act_on_user(administration, std::move(asked),
                     [](Users& users, UserNid user, Decision decision) -> Task<Result<>> {
                       std::vector<DeviceId> devices;
                       if (auto const* named = optional_array(decision.body, "devices")) {
                         for (auto const& id : *named) {
                           if (!id.is_string())
                             co_return fail(ErrorCode::bad_json, "'devices' must hold device ids.");
                           devices.emplace_back(std::string(id.get_string()));
                         }
                         if (devices.empty()) co_return Result<>{};
                       }
                       co_return co_await users.end_sessions(decision.act, user, std::move(devices));
                     });
}

Answer rooms(Administration& administration, Asked asked) {
  auto const user = administration.users().find(asked.path(0));
  if (!user) co_return std::unexpected(user.error());
  auto const page = asked.page();
  if (!page) co_return std::unexpected(page.error());
  auto const joined = co_await administration.users().joined_rooms(*user);
  if (!joined) co_return std::unexpected(joined.error());
  json::array ids;
  for (auto i = page->from; i < joined->size() && i < page->from + page->limit; ++i) {
    auto const id = co_await administration.services().rooms.room_id((*joined)[i]);
    if (!id) co_return std::unexpected(id.error());
    ids.emplace_back(id->value);
  }
  json::object out{{"rooms", std::move(ids)}};
  add_next(out, *page, joined->size());
  co_return json_answer(out);
}

json::object rate_json(std::optional<net::Rate> rate) {
  if (!rate) return {{"rate", nullptr}};
  return {{"rate", {{"burst", rate->burst}, {"interval_ms", rate->interval.count()}}}};
}

Answer rate(Administration& administration, Asked asked) {
  auto const user = administration.users().find(asked.path(0));
  if (!user) co_return std::unexpected(user.error());
  co_return json_answer(rate_json(administration.rate_of(*user)));
}

/// `rate`: null (as everybody), or `burst` and `interval_ms`; a burst of 0 is no limit.
Answer set_rate(Administration& administration, Asked asked) {
  auto const user = administration.users().find(asked.path(0));
  if (!user) co_return std::unexpected(user.error());
  auto const decision = decision_in(asked);
  if (!decision) co_return std::unexpected(decision.error());
  std::optional<net::Rate> wanted;
  if (auto const* given = optional_object(decision->body, "rate")) {
    auto const burst = required_integer(*given, "burst");
    if (!burst) co_return std::unexpected(burst.error());
    auto const interval = optional_integer(*given, "interval_ms").value_or(0);
    bool const good =
        *burst == 0 || (*burst > 0 && *burst <= 1'000'000 && interval > 0 && interval <= 3'600'000);
    if (!good)
      co_return fail(ErrorCode::invalid_param,
                     "A rate has a burst up to a million and an interval up to an hour.");
    wanted = net::Rate{*burst, std::chrono::milliseconds(*burst == 0 ? 0 : interval)};
  } else if (!decision->body.contains("rate")) {
    co_return fail(ErrorCode::missing_param, "The field 'rate' is missing.");
  }
  auto const done = co_await administration.set_rate(decision->act, *user, wanted);
  if (!done) co_return std::unexpected(done.error());
  co_return json_answer(rate_json(administration.rate_of(*user)));
}

}  // namespace

std::vector<net::Route> user_routes(Administration& administration) {
  using enum Method;
  auto const route = [&](Method method, std::string_view pattern, Function function) {
    return admin_route(administration, method, pattern, function);
  };
  return {
      route(get, "/_torg/v1/admin/users", list),
      route(post, "/_torg/v1/admin/users", make),
      route(get, "/_torg/v1/admin/users/{userId}", show),
      route(put, "/_torg/v1/admin/users/{userId}/administrator", set_administrator),
      route(put, "/_torg/v1/admin/users/{userId}/password", reset_password),
      route(put, "/_torg/v1/admin/users/{userId}/lock", restrict<Restriction::locked>),
      route(put, "/_torg/v1/admin/users/{userId}/suspension", restrict<Restriction::suspended>),
      route(post, "/_torg/v1/admin/users/{userId}/deactivate", deactivate),
      route(get, "/_torg/v1/admin/users/{userId}/sessions", sessions),
      route(post, "/_torg/v1/admin/users/{userId}/sessions/end", end_sessions),
      route(get, "/_torg/v1/admin/users/{userId}/rooms", rooms),
      route(get, "/_torg/v1/admin/users/{userId}/rate", rate),
      route(put, "/_torg/v1/admin/users/{userId}/rate", set_rate),
  };
}

}  // namespace torg::administration
