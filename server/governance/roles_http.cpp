// Who may do what: the table, and of an authority its assignments and delegations.
#include "governance/roles_http.hpp"

#include "governance/zone.hpp"
#include "identity/http.hpp"

#include <charconv>

namespace torg::governance {
namespace {

using identity::json_answer;
using identity::Requester;
using net::Method;
using Answer = Result<net::Response>;

json::object words(std::string_view sv, std::string_view en) { return {{"sv", sv}, {"en", en}}; }

json::array names_of(Acts acts) {
  json::array names;
  for (auto const& rule : act_rules())
    if (acts.has(rule.act)) names.emplace_back(rule.name);
  return names;
}

Task<Answer> table() {
  json::array acts, roles;
  for (auto const& rule : act_rules()) {
    acts.push_back(json::object{{"act", rule.name},
                                {"words", words(rule.sv, rule.en)},
                                {"shows_content", rule.shows != Shows::nothing},
                                {"may_be_delegated", rule.delegable == Delegable::yes}});
  }
  for (std::size_t i = 0; i < kRoles; ++i) {
    auto const role = static_cast<Role>(i);
    auto const [sv, en] = words_of(role);
    roles.push_back(json::object{{"role", to_text(role)},
                                 {"words", words(sv, en)},
                                 {"acts", names_of(acts_of(role))},
                                 {"may_be_delegated", !delegable_acts_of(role).empty()}});
  }
  co_return json_answer({{"acts", std::move(acts)}, {"roles", std::move(roles)}});
}

/// The authority that a path names; `forbidden` for who may not do `act` there.
Result<Authority> place_for(RolesHttp const& services, UserNid user, Act act, std::string const& code) {
  auto const* authority = services.governance.authority_by_code(code);
  if (authority == nullptr) return fail(ErrorCode::not_found, "There is no authority '" + code + "' here.");
  if (services.governance.may(user, act, authority->id)) return *authority;
  return fail(ErrorCode::forbidden,
              "You may not do this for " + authority->name_en + " (" + std::string(to_text(act)) + ").");
}

json::value day_or_null(std::optional<Day> day) {
  return day ? json::value(json::string_view(to_text(*day))) : json::value(nullptr);
}

std::string shown_name(identity::Identity const& identity, UserNid user) {
  auto const* account = identity.account(user);
  bool const named = account != nullptr && !account->profile.displayname.empty();
  return named ? account->profile.displayname : identity.user_id(user);
}

json::object to_json(RolesHttp const& services, Assignment const& one) {
  return {{"user_id", services.identity.user_id(one.user)},
          {"name", shown_name(services.identity, one.user)},
          {"role", to_text(one.role)},
          {"unit", one.unit},
          {"from", to_text(one.valid_from)},
          {"to", day_or_null(one.valid_to)}};
}

json::object to_json(RolesHttp const& services, Delegation const& one) {
  bool const an_act = std::holds_alternative<Act>(one.what);
  json::value const nothing = nullptr;
  auto const name = json::value(json::string_view(name_of(one.what)));
  bool const by_command_line = !one.by;
  return {{"id", one.id},
          {"user_id", services.identity.user_id(one.user)},
          {"name", shown_name(services.identity, one.user)},
          {"act", an_act ? name : nothing},
          {"role", an_act ? nothing : name},
          {"from", to_text(one.valid_from)},
          {"to", to_text(one.valid_to)},
          {"decision", one.decision},
          {"in_force", holds_on(one, services.governance.today())},
          {"by", by_command_line ? nothing : json::value(services.identity.user_id(one.by))},
          {"at", to_ms(one.at)},
          {"ended_at", one.ended_at ? json::value(to_ms(*one.ended_at)) : nothing},
          {"ended_by", one.ended_at ? json::value(services.identity.user_id(one.ended_by)) : nothing}};
}

Task<Answer> people(RolesHttp services, Requester requester, std::string code) {
  auto const place = place_for(services, requester.user, Act::see_roles, code);
  if (!place) co_return std::unexpected(place.error());
  json::array assignments, delegations;
  for (auto const& one : services.governance.assignments_of(place->id))
    assignments.push_back(to_json(services, one));
  for (auto const& one : services.governance.delegations_of(place->id))
    delegations.push_back(to_json(services, one));
  auto const may = [&](Act act) { return services.governance.may(requester.user, act, place->id); };
  co_return json_answer({{"authority", place->code},
                         {"assignments", std::move(assignments)},
                         {"delegations", std::move(delegations)},
                         {"may_assign", may(Act::assign_roles)},
                         {"may_delegate", may(Act::delegate)}});
}

Result<std::optional<Day>> day_in(json::object const& body, std::string_view key) {
  auto const text = optional_string(body, key);
  if (!text) return std::nullopt;
  auto const day = parse_day(*text);
  if (!day)
    return fail(ErrorCode::invalid_param,
                "The field '" + std::string(key) + "' must be a day, as 2026-11-24.");
  return day;
}

Result<UserNid> user_in(RolesHttp const& services, json::object const& body) {
  auto const id = required_string(body, "user_id");
  if (!id) return std::unexpected(id.error());
  auto const user = services.identity.find(*id);
  if (!user) return fail(ErrorCode::invalid_param, "There is no account '" + *id + "' here.");
  return user;
}

Result<Assignment> assignment_in(RolesHttp const& services, json::object const& body, AuthorityId authority) {
  auto const user = user_in(services, body);
  if (!user) return std::unexpected(user.error());
  auto const role = parse_role(optional_string(body, "role").value_or(""));
  if (!role) return fail(ErrorCode::invalid_param, "There is no such role: GET roles lists them.");
  auto const from = day_in(body, "from"), to = day_in(body, "to");
  if (!from || !to) return std::unexpected((from ? to : from).error());
  Assignment wanted{*user,
                    authority,
                    std::string(optional_string(body, "unit").value_or("")),
                    *role,
                    from->value_or(services.governance.today()),
                    *to};
  if (wanted.valid_to && *wanted.valid_to < wanted.valid_from)
    return fail(ErrorCode::invalid_param, "An assignment ends after it begins.");
  return wanted;
}

Task<Answer> assign(RolesHttp services, Requester requester, std::string code, std::string text) {
  auto const place = place_for(services, requester.user, Act::assign_roles, code);
  if (!place) co_return std::unexpected(place.error());
  auto const body = parse_json_object(text);
  if (!body) co_return std::unexpected(body.error());
  auto const wanted = assignment_in(services, *body, place->id);
  if (!wanted) co_return std::unexpected(wanted.error());
  if (wanted->user == requester.user)
    co_return fail(ErrorCode::rule_refuses, "Nobody gives themself a role: a colleague does.");
  if (auto may = services.governance.may_hold(*wanted); !may) co_return std::unexpected(may.error());
  auto const done = co_await services.governance.assign(*wanted, requester.user);
  if (!done) co_return std::unexpected(done.error());
  co_return json_answer(to_json(services, *wanted));
}

Task<Answer> end_assignment(RolesHttp services, Requester requester, std::string code, std::string text) {
  auto const place = place_for(services, requester.user, Act::assign_roles, code);
  if (!place) co_return std::unexpected(place.error());
  auto const body = parse_json_object(text);
  if (!body) co_return std::unexpected(body.error());
  auto const ended = assignment_in(services, *body, place->id);
  if (!ended) co_return std::unexpected(ended.error());
  auto const last = day_in(*body, "last_day");
  if (!last) co_return std::unexpected(last.error());
  auto const yesterday = services.governance.today() - std::chrono::days{1};
  auto const done =
      co_await services.governance.end_assignment(*ended, last->value_or(yesterday), requester.user);
  if (!done && done.error().code == ErrorCode::not_found)
    co_return fail(ErrorCode::conflict, "Nobody has this role here that long.");
  if (!done) co_return std::unexpected(done.error());
  co_return identity::empty_answer();
}

Result<Delegation> delegation_in(RolesHttp const& services, json::object const& body, AuthorityId authority) {
  auto const user = user_in(services, body);
  if (!user) return std::unexpected(user.error());
  Delegation wanted;
  wanted.user = *user;
  wanted.authority = authority;
  auto const act = optional_string(body, "act"), role = optional_string(body, "role");
  if (act.has_value() == role.has_value())
    return fail(ErrorCode::invalid_param, "A delegation gives either an act or the acts of a role.");
  auto const one_act = parse_act(act.value_or(""));
  auto const whole_role = parse_role(role.value_or(""));
  if (!one_act && !whole_role)
    return fail(ErrorCode::invalid_param, "There is no such act or role: GET roles lists them.");
  if (one_act)
    wanted.what = *one_act;
  else
    wanted.what = *whole_role;
  auto const from = day_in(body, "from"), to = day_in(body, "to");
  if (!from || !to) return std::unexpected((from ? to : from).error());
  if (!*to) return fail(ErrorCode::missing_param, "A delegation has a last day: the field 'to' is missing.");
  wanted.valid_from = from->value_or(services.governance.today());
  wanted.valid_to = **to;
  wanted.decision = optional_string(body, "decision").value_or("");
  return wanted;
}

Task<Answer> delegate(RolesHttp services, Requester requester, std::string code, std::string text) {
  auto const place = place_for(services, requester.user, Act::delegate, code);
  if (!place) co_return std::unexpected(place.error());
  auto const body = parse_json_object(text);
  if (!body) co_return std::unexpected(body.error());
  auto wanted = delegation_in(services, *body, place->id);
  if (!wanted) co_return std::unexpected(wanted.error());
  wanted->by = requester.user;
  auto const done = co_await services.governance.delegate(std::move(*wanted));
  if (!done) co_return std::unexpected(done.error());
  co_return json_answer(to_json(services, *done));
}

/// Those who enter them end them, and whoever was given one may lay it down.
Task<Answer> end_delegation(RolesHttp services, Requester requester, std::string id_text) {
  std::int64_t id = 0;
  std::from_chars(id_text.data(), id_text.data() + id_text.size(), id);
  auto const* found = services.governance.delegation(id);
  bool const may =
      found != nullptr && (found->user == requester.user ||
                           services.governance.may(requester.user, Act::delegate, found->authority));
  if (!may) co_return fail(ErrorCode::not_found, "There is no such delegation.");
  auto const done = co_await services.governance.end_delegation(id, requester.user);
  if (!done) co_return std::unexpected(done.error());
  co_return json_answer(to_json(services, *done));
}

}  // namespace

json::array acts_json(GovernanceService const& governance, UserNid user) {
  json::array places;
  for (auto const& authority : governance.authorities()) {
    auto const acts = governance.acts(user, authority.id);
    if (!acts.empty())
      places.push_back(json::object{{"authority", authority.code}, {"acts", names_of(acts)}});
  }
  return places;
}

std::vector<net::Route> role_routes(RolesHttp services) {
  auto const& identity = services.identity;
  using identity::user_route;
  std::vector<net::Route> routes;
  routes.push_back(
      user_route(Method::get, "/_torg/v1/roles", identity, [](Requester, net::Call&) { return table(); }));
  routes.push_back(user_route(Method::get, "/_torg/v1/authorities/{code}/people", identity,
                              [services](Requester requester, net::Call& call) {
                                return people(services, std::move(requester), call.path.at(0));
                              }));
  auto const writing = [&](std::string_view pattern, auto act) {
    routes.push_back(
        user_route(Method::post, pattern, identity, [services, act](Requester requester, net::Call& call) {
          return act(services, std::move(requester), call.path.at(0), call.request.body);
        }));
  };
  writing("/_torg/v1/authorities/{code}/assignments", assign);
  writing("/_torg/v1/authorities/{code}/assignments/end", end_assignment);
  writing("/_torg/v1/authorities/{code}/delegations", delegate);
  routes.push_back(user_route(Method::post, "/_torg/v1/delegations/{id}/end", identity,
                              [services](Requester requester, net::Call& call) {
                                return end_delegation(services, std::move(requester), call.path.at(0));
                              }));
  return routes;
}

}  // namespace torg::governance
