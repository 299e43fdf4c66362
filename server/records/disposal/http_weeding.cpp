#include "identity/http.hpp"
#include "records/assessment/json.hpp"
#include "records/disposal/http.hpp"

namespace torg::records {
namespace {

using identity::json_answer;
using identity::Requester;
using identity::user_route;
using net::Method;
using Answer = Result<net::Response>;

std::unexpected<Error> archivists_only() {
  return fail(ErrorCode::forbidden, "Only archivists see and run the weeding.");
}

json::value by_json(DisposalHttp const& services, UserNid user) {
  return user ? json::value(std::string_view(services.identity.user_id(user))) : json::value(nullptr);
}

Task<json::object> run_json(DisposalHttp services, WeedingRun run) {
  auto line = co_await room_json(services.rooms, run.room);
  line["at"] = to_ms(run.at);
  line["by"] = by_json(services, run.by);
  line["count"] = run.items;
  line["removed"] = run.removed;
  line["skeletons"] = run.skeletons;
  co_return line;
}

Task<json::array> runs_json(DisposalHttp services, std::vector<WeedingRun> runs) {
  json::array list;
  for (auto const& run : runs) list.push_back(co_await run_json(services, run));
  co_return list;
}

Task<Answer> status(DisposalHttp services, Requester requester) {
  if (!services.governance.may_somewhere(requester.user, governance::Act::weed)) co_return archivists_only();
  auto const found = co_await services.weeding.status();
  if (!found) co_return std::unexpected(found.error());
  json::array rules;
  for (auto const& plan : services.weeding.rules()) {
    auto line = co_await room_json(services.rooms, plan.room);
    line["authority"] = code_of(services.governance, plan.host);
    line["after_days"] = plan.weed_after_days;
    rules.push_back(std::move(line));
  }
  auto runs = co_await runs_json(services, found->runs);
  co_return json_answer({{"paused", found->paused},
                         {"next_run", to_ms(found->next_run)},
                         {"rules", std::move(rules)},
                         {"runs", std::move(runs)}});
}

Task<Answer> pause(DisposalHttp services, Requester requester, std::string text) {
  if (!services.governance.may_somewhere(requester.user, governance::Act::weed)) co_return archivists_only();
  auto const body = parse_json_object(text);
  if (!body) co_return std::unexpected(body.error());
  auto const paused = optional_bool(*body, "paused");
  if (!paused) co_return fail(ErrorCode::missing_param, "The field 'paused' is missing.");
  auto const done = co_await services.weeding.pause(requester.user, *paused);
  if (!done) co_return std::unexpected(done.error());
  co_return co_await status(services, std::move(requester));
}

Task<Answer> run_now(DisposalHttp services, Requester requester, std::string text) {
  if (!services.governance.may_somewhere(requester.user, governance::Act::weed)) co_return archivists_only();
  std::optional<RoomNid> room;
  if (!text.empty()) {
    auto const body = parse_json_object(text);
    if (!body) co_return std::unexpected(body.error());
    if (auto const id = optional_string(*body, "room_id")) {
      auto const found = co_await services.rooms.find(std::string(*id));
      if (!found) co_return std::unexpected(found.error());
      room = *found;
    }
  }
  auto const done = co_await services.weeding.run(requester.user, room);
  if (!done) co_return std::unexpected(done.error());
  std::int64_t count = 0;
  for (auto const& run : *done) count += run.items;
  auto runs = co_await runs_json(services, *done);
  co_return json_answer({{"count", count}, {"runs", std::move(runs)}});
}

}  // namespace

std::vector<net::Route> weeding_routes(DisposalHttp services) {
  auto const& identity = services.identity;
  std::vector<net::Route> table;
  table.push_back(user_route(
      Method::get, "/_torg/v1/weeding", identity,
      [services](Requester requester, net::Call&) { return status(services, std::move(requester)); }));
  table.push_back(user_route(Method::post, "/_torg/v1/weeding", identity,
                             [services](Requester requester, net::Call& call) {
                               return pause(services, std::move(requester), call.request.body);
                             }));
  table.push_back(user_route(Method::post, "/_torg/v1/weeding/run", identity,
                             [services](Requester requester, net::Call& call) {
                               return run_now(services, std::move(requester), call.request.body);
                             }));
  return table;
}

}  // namespace torg::records
