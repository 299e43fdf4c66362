// https://spec.matrix.org/v1.19/client-server-api/#push-rules-api
#include "identity/handlers.hpp"
#include "identity/push_rules.hpp"

namespace torg::identity {
namespace {

Answer get_all(Identity& identity, Requester requester, net::Call&) {
  auto const rules = co_await identity.account_data().push_rules(requester.user);
  if (!rules) co_return std::unexpected(rules.error());
  co_return json_answer(*rules);
}

Answer get_global(Identity& identity, Requester requester, net::Call&) {
  auto const rules = co_await identity.account_data().push_rules(requester.user);
  if (!rules) co_return std::unexpected(rules.error());
  co_return json_answer(rules->at("global").as_object());
}

/// One rule, whole or one part of it.
Answer get_rule(Identity& identity, Requester requester, net::Call& call, std::string part) {
  auto const rules = co_await identity.account_data().push_rules(requester.user);
  if (!rules) co_return std::unexpected(rules.error());
  auto const* rule = find_rule(rules->at("global").as_object(), call.path[0], call.path[1]);
  if (rule == nullptr) co_return fail(ErrorCode::not_found, "There is no such push rule.");
  if (part.empty()) co_return json_answer(*rule);
  co_return json_answer({{part, rule->at(part)}});
}

Answer get_whole(Identity& identity, Requester requester, net::Call& call) {
  return get_rule(identity, std::move(requester), call, "");
}
Answer get_enabled(Identity& identity, Requester requester, net::Call& call) {
  return get_rule(identity, std::move(requester), call, "enabled");
}
Answer get_actions(Identity& identity, Requester requester, net::Call& call) {
  return get_rule(identity, std::move(requester), call, "actions");
}

Answer change(Identity& identity, Requester requester, AccountData::Change change) {
  auto const done = co_await identity.account_data().change_push_rules(requester.user, std::move(change));
  if (!done) co_return std::unexpected(done.error());
  co_return empty_answer();
}

Answer put_rule(Identity& identity, Requester requester, net::Call& call) {
  auto body = parse_json_object(call.request.body);
  if (!body) co_return std::unexpected(body.error());
  RulePlace const place{.before = call.request.query("before"), .after = call.request.query("after")};
  co_return co_await change(
      identity, std::move(requester),
      [kind = call.path[0], rule_id = call.path[1], body = *body, place](json::object rules) {
        return with_rule(std::move(rules), kind, rule_id, body, place);
      });
}

Answer delete_rule(Identity& identity, Requester requester, net::Call& call) {
  return change(identity, std::move(requester),
                [kind = call.path[0], rule_id = call.path[1]](json::object rules) {
                  return without_rule(std::move(rules), kind, rule_id);
                });
}

Answer put_part(Identity& identity, Requester requester, net::Call& call, std::string part,
                json::value value) {
  return change(identity, std::move(requester),
                [kind = call.path[0], rule_id = call.path[1], part, value](json::object rules) {
                  return with_rule_part(std::move(rules), kind, rule_id, part, value);
                });
}

Answer put_enabled(Identity& identity, Requester requester, net::Call& call) {
  auto const body = parse_json_object(call.request.body);
  if (!body) co_return std::unexpected(body.error());
  auto const enabled = optional_bool(*body, "enabled");
  if (!enabled) co_return fail(ErrorCode::missing_param, "The field 'enabled' must be true or false.");
  co_return co_await put_part(identity, std::move(requester), call, "enabled", *enabled);
}

Answer put_actions(Identity& identity, Requester requester, net::Call& call) {
  auto const body = parse_json_object(call.request.body);
  if (!body) co_return std::unexpected(body.error());
  auto const* actions = optional_array(*body, "actions");
  if (actions == nullptr) co_return fail(ErrorCode::missing_param, "The field 'actions' must be a list.");
  if (auto good = check_actions(*actions); !good) co_return fail(std::move(good));
  json::value value(*actions);
  co_return co_await put_part(identity, std::move(requester), call, "actions", std::move(value));
}

}  // namespace

std::vector<net::Route> push_rule_routes(Identity& identity) {
  using enum net::Method;
  constexpr std::string_view kRule = "/_matrix/client/v3/pushrules/global/{kind}/{ruleId}";
  constexpr std::string_view kEnabled = "/_matrix/client/v3/pushrules/global/{kind}/{ruleId}/enabled";
  constexpr std::string_view kActions = "/_matrix/client/v3/pushrules/global/{kind}/{ruleId}/actions";
  std::vector<net::Route> routes;
  routes.push_back(bind(get, "/_matrix/client/v3/pushrules/", identity, get_all));
  routes.push_back(bind(get, "/_matrix/client/v3/pushrules/global/", identity, get_global));
  routes.push_back(bind(get, kRule, identity, get_whole));
  routes.push_back(bind(put, kRule, identity, put_rule));
  routes.push_back(bind(delete_, kRule, identity, delete_rule));
  routes.push_back(bind(get, kEnabled, identity, get_enabled));
  routes.push_back(bind(put, kEnabled, identity, put_enabled));
  routes.push_back(bind(get, kActions, identity, get_actions));
  routes.push_back(bind(put, kActions, identity, put_actions));
  return routes;
}

}  // namespace torg::identity
