#include "records/http/series_routes.hpp"

#include "governance/zone.hpp"

#include <algorithm>
#include <set>

namespace torg::records {
namespace {

using identity::json_answer;
using identity::Requester;
using net::Method;

json::object words(Bilingual const& text) { return {{"sv", text.sv}, {"en", text.en}}; }

/// Formal decisions are the archivist's and the administrator's, as an authority's settings are.
bool may_change(HttpServices const& services, UserNid user, AuthorityId authority) {
  using governance::Role;
  return services->governance.has_role(user, authority, Role::archivist) ||
         services->governance.has_role(user, authority, Role::administrator);
}

json::object to_json(NumberSeries const& series, std::string const& code, int year, bool used) {
  NumberParts const parts{code, year, 123, 4, "1.4.1"};
  json::array types;
  for (auto const& type : series.record_types) types.emplace_back(type);
  return {{"n", series.n},
          {"name", json::object{{"sv", series.name_sv}, {"en", series.name_en}}},
          {"pattern", series.pattern.text()},
          {"record_types", std::move(types)},
          {"retired", series.retired},
          {"has_given_numbers", used},
          {"example", json::object{{"case", series.pattern.case_number(parts)},
                                   {"record", series.pattern.record_number(parts)}}}};
}

Task<HttpAnswer> answer(HttpServices services, UserNid user, governance::Authority authority) {
  auto const used = co_await services->records.used_series(authority.id);
  if (!used) co_return std::unexpected(used.error());
  auto const today = governance::day_of(services->runtime.now());
  auto const year = static_cast<int>(std::chrono::year_month_day(today).year());
  json::array list;
  for (auto const& one : services->records.all_series(authority.id))
    list.push_back(to_json(one, authority.code, year, used->contains(one.n)));
  co_return json_answer({{"authority", authority.code},
                         {"series", std::move(list)},
                         {"may_change", may_change(services, user, authority.id)}});
}

Result<governance::Authority> named(HttpServices const& services, std::string const& code) {
  auto const id = authority_by(services, code);
  if (!id) return std::unexpected(id.error());
  return *services->governance.authority(*id);
}

Task<HttpAnswer> show(HttpServices services, Requester requester, std::string code) {
  auto const authority = named(services, code);
  if (!authority) co_return std::unexpected(authority.error());
  if (!services->records.may_read(requester.user, authority->id) &&
      !may_change(services, requester.user, authority->id))
    co_return fail(ErrorCode::forbidden, "You have no role in this register.");
  co_return co_await answer(services, requester.user, *authority);
}

Result<WantedSeries> parse_wanted(json::value const& value) {
  if (!value.is_object()) return fail(ErrorCode::bad_json, "A series is an object.");
  auto const& object = value.get_object();
  auto pattern = required_string(object, "pattern");
  if (!pattern) return fail(std::move(pattern));
  WantedSeries wanted{optional_integer(object, "n"), {}, {}, std::move(*pattern), {}};
  auto const* name = optional_object(object, "name");
  if (name != nullptr) {
    wanted.name_sv = optional_string(*name, "sv").value_or("");
    wanted.name_en = optional_string(*name, "en").value_or(wanted.name_sv);
  }
  if (wanted.name_sv.empty() || wanted.name_sv.size() > 100 || wanted.name_en.size() > 100)
    return fail(ErrorCode::invalid_param, "A series has a name of at most 100 characters in Swedish.");
  if (auto const* types = optional_array(object, "record_types")) {
    for (auto const& type : *types) {
      if (!type.is_string() || type.get_string().empty())
        return fail(ErrorCode::invalid_param, "Record types are texts.");
      wanted.record_types.emplace_back(type.get_string());
    }
  }
  return wanted;
}

/// All that is wrong with the list, each with its place in it.
net::Response refusal(std::vector<SeriesProblem> const& problems) {
  auto response = net::error_response({ErrorCode::rule_refuses, problems.front().why.en, {}});
  auto body = parse_json_object(response.body).value_or(json::object{});
  json::array list;
  for (auto const& one : problems)
    list.push_back(json::object{{"series", one.place}, {"why", words(one.why)}});
  body["why"] = words(problems.front().why);
  body["problems"] = std::move(list);
  response.body = json::serialize(body);
  return response;
}

Task<HttpAnswer> change(HttpServices services, Requester requester, std::string code, std::string text) {
  auto const authority = named(services, code);
  if (!authority) co_return std::unexpected(authority.error());
  if (!may_change(services, requester.user, authority->id))
    co_return fail(ErrorCode::forbidden,
                   "Only the authority's archivist or administrator changes its series.");
  auto body = parse_json_object(text);
  if (!body) co_return fail(std::move(body));
  auto decision = required_string(*body, "decision");
  auto const* list = optional_array(*body, "series");
  if (!decision || decision->empty() || list == nullptr || list->empty())
    co_return fail(ErrorCode::missing_param, "A change has series and the decision that it rests on.");
  std::vector<WantedSeries> wanted;
  for (auto const& one : *list) {
    auto parsed = parse_wanted(one);
    if (!parsed) co_return fail(std::move(parsed));
    wanted.push_back(std::move(*parsed));
  }
  auto const done = co_await services->records.set_series(requester.user, authority->id, std::move(wanted),
                                                          std::move(*decision));
  if (!done) co_return std::unexpected(done.error());
  if (!*done) co_return refusal(done->error());
  co_return co_await answer(services, requester.user, *authority);
}

}  // namespace

std::vector<net::Route> series_routes(HttpServices services) {
  auto const& identity = services->identity;
  using identity::user_route;
  return {user_route(Method::get, "/_torg/v1/authorities/{code}/series", identity,
                     [services](Requester r, net::Call& call) {
                       return show(services, std::move(r), call.path.at(0));
                     }),
          user_route(Method::put, "/_torg/v1/authorities/{code}/series", identity,
                     [services](Requester r, net::Call& call) {
                       return change(services, std::move(r), call.path.at(0), std::move(call.request.body));
                     })};
}

}  // namespace torg::records
