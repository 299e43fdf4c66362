#include "governance/http.hpp"

#include "governance/plan.hpp"
#include "governance/roles_http.hpp"
#include "identity/http.hpp"

#include <algorithm>

namespace torg::governance {
namespace {

using identity::json_answer;
using identity::Requester;
using identity::user_route;
using net::Method;
using Answer = Result<net::Response>;

json::value code_or_null(GovernanceService const& governance, AuthorityId id) {
  auto const* authority = governance.authority(id);
  return authority == nullptr ? json::value(nullptr) : json::value(std::string_view(authority->code));
}

std::string name_of(identity::Identity const& identity, UserNid user) {
  auto const* account = identity.account(user);
  bool const named = account != nullptr && !account->profile.displayname.empty();
  return named ? account->profile.displayname : identity.user_id(user);
}

json::object person(HttpServices const& services, Assignment const& assignment) {
  return {{"user_id", services.identity.user_id(assignment.user)},
          {"name", name_of(services.identity, assignment.user)},
          {"authority", code_or_null(services.governance, assignment.authority)},
          {"unit", assignment.unit}};
}

Task<Answer> me(HttpServices services, Requester requester) {
  auto const held = services.governance.assignments(requester.user);
  Assignment outsider;
  outsider.user = requester.user;
  auto body = person(services, held.empty() ? outsider : held.front());
  json::array roles, authorities;
  for (auto const& assignment : held) {
    roles.push_back(json::object{{"authority", code_or_null(services.governance, assignment.authority)},
                                 {"role", to_text(assignment.role)}});
  }
  // All of the organisation: colleagues of every one stand in the rooms, with their board's mark.
  for (auto const& authority : services.governance.authorities()) authorities.push_back(to_json(authority));
  body["roles"] = std::move(roles);
  body["may"] = acts_json(services.governance, requester.user);
  body["authorities"] = std::move(authorities);
  co_return json_answer(body);
}

Task<Answer> directory(HttpServices services) {
  json::array people;
  for (auto const& assignment : services.governance.people()) people.push_back(person(services, assignment));
  co_return json_answer({{"people", std::move(people)}});
}

Task<Answer> authorities(HttpServices services) {
  json::array all;
  for (auto const& authority : services.governance.authorities()) all.push_back(to_json(authority));
  co_return json_answer({{"authorities", std::move(all)}});
}

json::value plan_or_null(GovernanceService const& governance, PlanEntry const* entry) {
  if (entry == nullptr) return nullptr;
  return to_json(entry->plan, entry->content, [&](AuthorityId id) { return governance.authority(id); });
}

json::object plan_body(GovernanceService const& governance, RoomNid room) {
  auto const* plans = governance.plans(room);
  json::array waiting;
  if (plans != nullptr) {
    for (auto const id : plans->waiting_for()) waiting.push_back(code_or_null(governance, id));
  }
  return {{"plan", plan_or_null(governance, plans == nullptr ? nullptr : plans->in_force())},
          {"proposed", plan_or_null(governance, plans == nullptr ? nullptr : plans->proposed())},
          {"waiting_for", std::move(waiting)}};
}

bool works_for_a_party(GovernanceService const& governance, RoomNid room, UserNid user) {
  auto const* plans = governance.plans(room);
  auto const authority = governance.authority_of(user);
  if (plans == nullptr || !authority) return false;
  auto const names = [&](PlanEntry const* entry) {
    return entry != nullptr &&
           std::ranges::find(entry->plan.parties, *authority) != entry->plan.parties.end();
  };
  return names(plans->in_force()) || names(plans->proposed());
}

/// The room, for those in it or invited, and for people of an authority that its plan names.
Task<Result<RoomNid>> room_to_plan(HttpServices services, std::string room_id, UserNid user) {
  auto const room = co_await services.rooms.find(std::move(room_id));
  if (!room && room.error().code == ErrorCode::not_found)
    co_return fail(ErrorCode::forbidden, "You are not in this room.");
  if (!room) co_return std::unexpected(room.error());
  if (works_for_a_party(services.governance, *room, user)) co_return *room;
  auto const membership = co_await services.rooms.membership(*room, user);
  if (!membership) co_return std::unexpected(membership.error());
  if (*membership != matrix::Membership::join && *membership != matrix::Membership::invite) {
    co_return fail(ErrorCode::forbidden, "You are not in this room.");
  }
  co_return *room;
}

Task<Answer> read_plan(HttpServices services, Requester requester, std::string room_id) {
  auto const room = co_await room_to_plan(services, std::move(room_id), requester.user);
  if (!room) co_return std::unexpected(room.error());
  co_return json_answer(plan_body(services.governance, *room));
}

/// Proposes, and accepts for the proposer's own authority when the proposer may.
Task<Answer> propose_plan(HttpServices services, Requester requester, std::string room_id, std::string text) {
  auto body = parse_json_object(text);
  if (!body) co_return std::unexpected(body.error());
  auto const room = co_await room_to_plan(services, std::move(room_id), requester.user);
  if (!room) co_return std::unexpected(room.error());
  body->erase("accepted_by");
  auto const sent = co_await services.rooms.send({.room = *room,
                                                  .sender = requester.user,
                                                  .type = std::string(kPlanEvent),
                                                  .state_key = "",
                                                  .content = std::move(*body),
                                                  .device_key = 0,
                                                  .transaction_id = {},
                                                  .redacts = std::nullopt});
  if (!sent) co_return std::unexpected(sent.error());
  if (auto const authority = services.governance.authority_of(requester.user)) {
    // An official without the role has proposed all the same; a colleague with the role accepts.
    (void)co_await services.governance.accept_plan(*room, *authority, requester.user);
  }
  co_return json_answer(plan_body(services.governance, *room));
}

Task<Answer> accept_plan(HttpServices services, Requester requester, std::string room_id, std::string text) {
  auto const body = parse_json_object(text);
  if (!body) co_return std::unexpected(body.error());
  auto const code = required_string(*body, "authority");
  if (!code) co_return std::unexpected(code.error());
  auto const* authority = services.governance.authority_by_code(*code);
  if (authority == nullptr)
    co_return fail(ErrorCode::not_found, "There is no authority '" + *code + "' here.");
  auto const id = authority->id;
  auto const room = co_await services.rooms.find(std::move(room_id));
  if (!room && room.error().code == ErrorCode::not_found)
    co_return fail(ErrorCode::conflict, "No plan waits for this authority's acceptance.");
  if (!room) co_return std::unexpected(room.error());
  auto const accepted = co_await services.governance.accept_plan(*room, id, requester.user);
  if (!accepted) co_return std::unexpected(accepted.error());
  co_return json_answer(plan_body(services.governance, *room));
}

}  // namespace

json::object to_json(Authority const& authority) {
  return {{"code", authority.code},
          {"name", {{"sv", authority.name_sv}, {"en", authority.name_en}}},
          {"organisation", authority.organisation},
          {"organisation_number", authority.organisation_number},
          {"mark", authority.mark}};
}

std::vector<net::Route> routes(HttpServices services) {
  auto const& identity = services.identity;
  std::vector<net::Route> table;
  table.push_back(
      user_route(Method::get, "/_torg/v1/me", identity,
                 [services](Requester requester, net::Call&) { return me(services, std::move(requester)); }));
  table.push_back(user_route(Method::get, "/_torg/v1/directory", identity,
                             [services](Requester, net::Call&) { return directory(services); }));
  table.push_back(user_route(Method::get, "/_torg/v1/authorities", identity,
                             [services](Requester, net::Call&) { return authorities(services); }));
  table.push_back(user_route(Method::get, "/_torg/v1/rooms/{roomId}/plan", identity,
                             [services](Requester requester, net::Call& call) {
                               return read_plan(services, std::move(requester), call.path.at(0));
                             }));
  table.push_back(user_route(Method::put, "/_torg/v1/rooms/{roomId}/plan", identity,
                             [services](Requester requester, net::Call& call) {
                               return propose_plan(services, std::move(requester), call.path.at(0),
                                                   call.request.body);
                             }));
  table.push_back(user_route(Method::post, "/_torg/v1/rooms/{roomId}/plan/accept", identity,
                             [services](Requester requester, net::Call& call) {
                               return accept_plan(services, std::move(requester), call.path.at(0),
                                                  call.request.body);
                             }));
  return table;
}

}  // namespace torg::governance
