#include "records/plan/http.hpp"

#include "governance/zone.hpp"
#include "identity/http.hpp"

#include <algorithm>
#include <charconv>

namespace torg::records {
namespace {

using identity::json_answer;
using identity::Requester;
using net::Method;
using Answer = Result<net::Response>;
using Services = std::shared_ptr<PlanHttp const>;
using Version = std::shared_ptr<PlanVersion const>;

/// The authority, for those who work there.
Result<AuthorityId> own_authority(Services const& services, UserNid user, std::string const& code) {
  auto const* authority = services->governance.authority_by_code(code);
  if (authority == nullptr) return fail(ErrorCode::not_found, "There is no authority '" + code + "' here.");
  bool const works_there = services->governance.may(user, governance::Act::read_settings, authority->id);
  if (!works_there) return fail(ErrorCode::forbidden, "Only those who work there see an authority's plan.");
  return authority->id;
}

json::object to_json(Services const& services, PlanVersion const& version) {
  auto const now = services->plans.in_force(version.authority, services->governance.today());
  bool const adopted = version.adopted_at.has_value();
  return {{"id", version.id.value},
          {"valid_from", governance::to_text(version.valid_from)},
          {"state", !adopted                       ? "imported"
                    : now && now->id == version.id ? "in_force"
                                                   : "adopted"},
          {"classes", version.tables.classes.size()},
          {"rows", version.tables.rows.size()},
          {"imported_at", to_ms(version.imported_at)},
          {"imported_by", services->identity.user_id(version.imported_by)},
          {"adopted_at", adopted ? json::value(to_ms(*version.adopted_at)) : json::value(nullptr)},
          {"adopted_by",
           adopted ? json::value(services->identity.user_id(version.adopted_by)) : json::value(nullptr)},
          {"decision", version.decision}};
}

json::object with_rows(Services const& services, PlanVersion const& version) {
  auto shown = to_json(services, version);
  json::array classes, rows;
  for (auto const& row : version.tables.classes) classes.push_back(records::to_json(row));
  for (auto const& row : version.tables.rows) rows.push_back(records::to_json(row));
  shown["classification"] = std::move(classes);
  shown["plan"] = std::move(rows);
  return shown;
}

Task<Result<json::object>> to_json(Services services, PlanReport report) {
  json::array problems, rooms;
  for (auto const& problem : report.problems) problems.push_back(records::to_json(problem));
  std::int64_t open_items = 0;
  for (auto const& room : report.rooms) {
    auto const id = co_await services->rooms.room_id(room.room);
    if (!id) co_return std::unexpected(id.error());
    rooms.push_back(json::object{
        {"room_id", id->value}, {"classification", room.classification}, {"open_items", room.open_items}});
    open_items += room.open_items;
  }
  co_return json::object{{"problems", std::move(problems)},
                         {"classes", report.classes},
                         {"rows", report.rows},
                         {"changes", records::to_json(report.changes)},
                         {"rooms", std::move(rooms)},
                         {"open_items", open_items}};
}

/// What a body hands in: tables, and the day they hold from; today when it says none.
struct HandedIn {
  PlanTexts texts;
  Day day{};
};

Result<HandedIn> handed_in(Services const& services, std::string const& text) {
  auto const body = parse_json_object(text);
  if (!body) return std::unexpected(body.error());
  HandedIn given;
  if (auto const table = optional_string(*body, "classification"))
    given.texts.classification = std::string(*table);
  if (auto const table = optional_string(*body, "plan")) given.texts.plan = std::string(*table);
  if (!given.texts.classification && !given.texts.plan)
    return fail(ErrorCode::missing_param, "Give a classification, a plan, or both, as CSV.");
  given.day = services->governance.today();
  if (auto const day = optional_string(*body, "valid_from")) {
    auto const parsed = governance::parse_day(*day);
    if (!parsed)
      return fail(ErrorCode::invalid_param, "The field 'valid_from' must be a day, as 2026-11-24.");
    given.day = *parsed;
  }
  return given;
}

Task<Answer> current(Services services, Requester requester, std::string code,
                     std::optional<std::string> wanted_day) {
  auto const authority = own_authority(services, requester.user, code);
  if (!authority) co_return std::unexpected(authority.error());
  auto day = services->governance.today();
  if (wanted_day) {
    auto const parsed = governance::parse_day(*wanted_day);
    if (!parsed) co_return fail(ErrorCode::invalid_param, "A day is written 2026-11-24.");
    day = *parsed;
  }
  auto const version = services->plans.in_force(*authority, day);
  json::array versions;
  for (auto const& one : services->plans.versions(*authority)) versions.push_back(to_json(services, *one));
  co_return json_answer(
      {{"version", version ? json::value(with_rows(services, *version)) : json::value(nullptr)},
       {"versions", std::move(versions)},
       {"may_import", services->plans.may_import(requester.user, *authority)},
       {"may_adopt", services->plans.may_adopt(requester.user, *authority)}});
}

Task<Answer> check(Services services, Requester requester, std::string code, std::string text) {
  auto const authority = own_authority(services, requester.user, code);
  if (!authority) co_return std::unexpected(authority.error());
  auto given = handed_in(services, text);
  if (!given) co_return std::unexpected(given.error());
  auto report = co_await services->plans.check(*authority, std::move(given->texts), given->day);
  if (!report) co_return std::unexpected(report.error());
  auto const shown = co_await to_json(services, std::move(*report));
  if (!shown) co_return std::unexpected(shown.error());
  co_return json_answer(*shown);
}

/// Kept when nothing in it contradicts itself; else all that does, and nothing is kept.
Task<Answer> bring_in(Services services, Requester requester, std::string code, std::string text) {
  auto const authority = own_authority(services, requester.user, code);
  if (!authority) co_return std::unexpected(authority.error());
  auto given = handed_in(services, text);
  if (!given) co_return std::unexpected(given.error());
  if (!services->plans.may_import(requester.user, *authority))
    co_return fail(ErrorCode::forbidden,
                   "Archivists, registrars and administrators of the authority import its plan.");
  auto report = co_await services->plans.check(*authority, given->texts, given->day);
  if (!report) co_return std::unexpected(report.error());
  bool const good = report->problems.empty();
  auto shown = co_await to_json(services, std::move(*report));
  if (!shown) co_return std::unexpected(shown.error());
  if (!good) {
    (*shown)["errcode"] = "ORG.TORG.RULE_REFUSES";
    (*shown)["error"] = "The plan contradicts itself; nothing was imported.";
    co_return json_answer(*shown, 409);
  }
  auto const version =
      co_await services->plans.import(requester.user, *authority, std::move(given->texts), given->day);
  if (!version) co_return std::unexpected(version.error());
  (*shown)["version"] = to_json(services, **version);
  co_return json_answer(*shown);
}

Result<PlanVersionId> version_id(std::string const& text) {
  std::int64_t id = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  if (error != std::errc{} || end != text.data() + text.size() || id <= 0)
    return fail(ErrorCode::not_found, "There is no such version.");
  return PlanVersionId(id);
}

Task<Answer> one_version(Services services, Requester requester, net::PathParameters path) {
  auto const authority = own_authority(services, requester.user, path.at(0));
  if (!authority) co_return std::unexpected(authority.error());
  auto const id = version_id(path.at(1));
  if (!id) co_return std::unexpected(id.error());
  auto report = co_await services->plans.preview(*authority, *id);
  if (!report) co_return std::unexpected(report.error());
  auto shown = co_await to_json(services, std::move(*report));
  if (!shown) co_return std::unexpected(shown.error());
  (*shown)["version"] = with_rows(services, *services->plans.version(*id));
  co_return json_answer(*shown);
}

Task<Answer> adopt(Services services, Requester requester, net::PathParameters path, std::string text) {
  auto const authority = own_authority(services, requester.user, path.at(0));
  if (!authority) co_return std::unexpected(authority.error());
  auto const id = version_id(path.at(1));
  if (!id) co_return std::unexpected(id.error());
  auto const body = parse_json_object(text);
  if (!body) co_return std::unexpected(body.error());
  auto const waiting = services->plans.version(*id);
  auto day = waiting ? waiting->valid_from : services->governance.today();
  if (auto const asked = optional_string(*body, "valid_from")) {
    auto const parsed = governance::parse_day(*asked);
    if (!parsed)
      co_return fail(ErrorCode::invalid_param, "The field 'valid_from' must be a day, as 2026-11-24.");
    day = *parsed;
  }
  auto const done = co_await services->plans.adopt(
      requester.user, *authority, *id, day, std::string(optional_string(*body, "decision").value_or("")));
  if (!done) co_return std::unexpected(done.error());
  co_return json_answer(to_json(services, **done));
}

/// The lists that the server keeps from its first day: records, row by row, under the rule the plan gives
/// them.
Task<Answer> lists(Services services, Requester requester, std::string code) {
  auto const authority = own_authority(services, requester.user, code);
  if (!authority) co_return std::unexpected(authority.error());
  auto const today = services->governance.today();
  auto const version = services->plans.in_force(*authority, today);
  json::array shown;
  for (auto const& list : kept_lists()) {
    auto const* row = version ? row_of_list(version->tables, list.name, today) : nullptr;
    shown.push_back(
        json::object{{"name", list.name},
                     {"what", json::object{{"sv", list.what.sv}, {"en", list.what.en}}},
                     {"rule", "R14"},
                     {"status", to_text(Status::record)},
                     {"basis", to_text(Basis::continuing_list)},
                     {"handling", to_text(Handling::kept_ordered)},
                     {"since", governance::to_text(services->governance.authority(*authority)->valid_from)},
                     {"plan", row == nullptr ? json::value(nullptr) : json::value(records::to_json(*row))}});
  }
  co_return json_answer({{"lists", std::move(shown)}});
}

}  // namespace

std::vector<net::Route> plan_routes(PlanHttp given) {
  auto const services = std::make_shared<PlanHttp const>(std::move(given));
  auto const& identity = services->identity;
  using identity::user_route;
  std::vector<net::Route> table;
  table.push_back(user_route(Method::get, "/_torg/v1/authorities/{code}/information-plan", identity,
                             [services](Requester r, net::Call& call) {
                               return current(services, std::move(r), call.path.at(0),
                                              call.request.query("day"));
                             }));
  for (auto const& [pattern, act] :
       {std::pair(std::string_view("/_torg/v1/authorities/{code}/information-plan"), &bring_in),
        std::pair(std::string_view("/_torg/v1/authorities/{code}/information-plan/check"), &check)}) {
    auto route = user_route(Method::post, pattern, identity, [services, act](Requester r, net::Call& call) {
      return act(services, std::move(r), call.path.at(0), std::move(call.request.body));
    });
    route.max_body = 3 * kMaxCsvBytes;  // two tables, escaped
    route.admit = identity::only_signed_in(identity);
    table.push_back(std::move(route));
  }
  table.push_back(user_route(
      Method::get, "/_torg/v1/authorities/{code}/lists", identity,
      [services](Requester r, net::Call& call) { return lists(services, std::move(r), call.path.at(0)); }));
  table.push_back(user_route(
      Method::get, "/_torg/v1/authorities/{code}/information-plan/versions/{id}", identity,
      [services](Requester r, net::Call& call) { return one_version(services, std::move(r), call.path); }));
  table.push_back(user_route(Method::post,
                             "/_torg/v1/authorities/{code}/information-plan/versions/{id}/adopt", identity,
                             [services](Requester r, net::Call& call) {
                               return adopt(services, std::move(r), call.path, std::move(call.request.body));
                             }));
  return table;
}

}  // namespace torg::records
