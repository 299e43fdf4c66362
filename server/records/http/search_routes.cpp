#include "records/http/search_routes.hpp"

#include "governance/zone.hpp"
#include "net/page.hpp"
#include "records/register/saved_searches.hpp"

#include <algorithm>
#include <array>

namespace torg::records {
namespace {

using identity::json_answer;
using identity::Requester;
using net::Method;

constexpr std::size_t kPage = 50, kMostPage = 200;
constexpr std::size_t kMostName = 100;       // bytes
constexpr std::size_t kMostQuestion = 1000;  // bytes
constexpr std::array<std::string_view, 9> kParameters{"q",    "authority", "from",    "to",    "direction",
                                                      "type", "case",      "officer", "status"};

Result<std::optional<Day>> day_of_query(net::Request const& request, std::string_view name) {
  auto const text = request.query(name);
  if (!text || text->empty()) return std::nullopt;
  auto const day = governance::parse_day(*text);
  if (!day) return fail(ErrorCode::invalid_param, std::string(name) + " is a day, written 2026-11-24.");
  return day;
}

Result<> add_authorities(HttpServices const& services, UserNid user, net::Request const& request,
                         StaffQuery& query) {
  auto const codes = request.query_all("authority");
  for (auto const& code : codes) {
    auto const authority = authority_by(services, code);
    if (!authority) return std::unexpected(authority.error());
    (services->records.may_read(user, *authority) ? query.authorities : query.masked).push_back(*authority);
  }
  if (!codes.empty()) return {};
  auto own = authorities_of(services, user, {});
  if (!own) return fail(std::move(own));
  query.authorities = std::move(*own);
  return {};
}

template <class T, class Parse>
Result<> add_choices(net::Request const& request, std::string_view name, std::vector<T>& to, Parse parse) {
  for (auto const& text : request.query_all(name)) {
    auto const one = parse(text);
    if (!one)
      return fail(ErrorCode::invalid_param, "'" + text + "' is no " + std::string(name) + " of a record.");
    to.push_back(*one);
  }
  return {};
}

/// The page and what is a number or a person.
Result<> add_rest(HttpServices const& services, net::Request const& request, StaffQuery& query) {
  auto const page = net::parse_page(request, kPage);
  auto const of_case = net::query_number(request, "case");
  auto const before = net::query_number(request, "before");
  if (!page || !of_case || !before)
    return fail(ErrorCode::invalid_param, "limit, case and before are numbers.");
  query.limit = static_cast<std::int64_t>(std::clamp<std::size_t>(page->limit, 1, kMostPage));
  query.of_case = CaseId(of_case->value_or(0));
  query.before = RecordId(before->value_or(0));
  if (auto const officer = request.query("officer")) {
    query.officer = services->people.find(*officer);
    if (!query.officer) return fail(ErrorCode::not_found, "Nobody here has this user id.");
  }
  return {};
}

json::value or_null(std::optional<std::string> const& text) {
  return text ? json::value(json::string_view(*text)) : json::value(nullptr);
}

json::object masked_json(RecordView const& record, RecordNames const& names) {
  auto const shown = public_view(record);
  auto const* authority = names.governance.authority(shown.authority);
  return {{"id", shown.id.value},
          {"number", shown.number},
          {"authority", authority == nullptr ? std::string() : authority->code},
          {"title", or_null(shown.title)},
          {"party", or_null(shown.party)},
          {"direction", to_text(shown.direction)},
          {"came_or_made_day", governance::to_text(shown.came_or_made_day)},
          {"registered_at", to_ms(shown.registered_at)},
          {"masked", true}};
}

Task<HttpAnswer> search(HttpServices services, Requester requester, net::Request request) {
  auto query = parse_staff_query(services, requester.user, request);
  if (!query) co_return fail(std::move(query));
  auto page = co_await services->records.staff_search(std::move(*query));
  if (!page) co_return fail(std::move(page));
  json::array hits;
  for (auto const& hit : page->hits) hits.push_back(hit_json(hit, names(services)));
  co_return json_answer({{"records", std::move(hits)},
                         {"count", std::min(page->count, kCounted)},
                         {"more_than_count", page->count > kCounted},
                         {"next", page->next ? json::value(page->next->value) : json::value(nullptr)}});
}

json::object to_json(SavedSearch const& search) {
  return {{"id", search.id}, {"name", search.name}, {"query", search.query}, {"at", to_ms(search.at)}};
}

/// Only what the search knows, as text or a list of texts.
Result<json::object> checked_query(json::object const& given) {
  json::object query;
  for (auto const& member : given) {
    if (std::ranges::find(kParameters, std::string_view(member.key())) == kParameters.end())
      return fail(ErrorCode::invalid_param, "A search has no '" + std::string(member.key()) + "'.");
    auto const& value = member.value();
    bool const list = value.is_array() && std::ranges::all_of(value.get_array(), &json::value::is_string);
    if (!value.is_string() && !list)
      return fail(ErrorCode::invalid_param, "The parameters of a search are texts or lists of texts.");
    query[member.key()] = value;
  }
  if (json::serialize(query).size() > 4 * kMostQuestion)
    return fail(ErrorCode::too_large, "The search is too long to keep.");
  return query;
}

Task<HttpAnswer> saved(HttpServices services, Requester requester) {
  auto const found = co_await services->database.read(
      [user = requester.user](db::Reader& reader) { return saved_search_store::of(reader, user); });
  if (!found) co_return std::unexpected(found.error());
  json::array searches;
  for (auto const& one : *found) searches.push_back(to_json(one));
  co_return json_answer({{"searches", std::move(searches)}});
}

Task<HttpAnswer> save(HttpServices services, Requester requester, std::string text) {
  auto body = parse_json_object(text);
  if (!body) co_return fail(std::move(body));
  auto name = required_string(*body, "name");
  if (!name) co_return fail(std::move(name));
  if (name->find_first_not_of(' ') == std::string::npos || name->size() > kMostName)
    co_return fail(ErrorCode::invalid_param, "A saved search has a name of at most 100 characters.");
  auto const* given = optional_object(*body, "query");
  if (given == nullptr) co_return fail(ErrorCode::missing_param, "A saved search has a query.");
  auto query = checked_query(*given);
  if (!query) co_return fail(std::move(query));
  SavedSearch const search{0, std::string(*name), std::move(*query), services->runtime.now()};
  auto const kept =
      co_await services->database.write([user = requester.user, search](db::Transaction& transaction) {
        return saved_search_store::save(transaction, user, search);
      });
  if (!kept) co_return std::unexpected(kept.error());
  co_return json_answer(to_json(*kept));
}

Task<HttpAnswer> forget(HttpServices services, Requester requester, std::string id) {
  auto const nid = id_of(id);
  if (!nid) co_return std::unexpected(nid.error());
  auto const done =
      co_await services->database.write([user = requester.user, id = *nid](db::Transaction& transaction) {
        return saved_search_store::forget(transaction, user, id);
      });
  if (!done) co_return std::unexpected(done.error());
  co_return identity::empty_answer();
}

}  // namespace

Result<StaffQuery> parse_staff_query(HttpServices const& services, UserNid user,
                                     net::Request const& request) {
  StaffQuery query;
  query.text = request.query("q").value_or("");
  if (query.text.size() > kMostQuestion)
    return fail(ErrorCode::invalid_param, "A search has at most 1,000 characters.");
  if (auto done = add_authorities(services, user, request, query); !done) return fail(std::move(done));
  if (auto done = add_choices(request, "direction", query.directions, parse_direction); !done)
    return fail(std::move(done));
  if (auto done = add_choices(request, "status", query.statuses, parse_staff_status); !done)
    return fail(std::move(done));
  query.types = request.query_all("type");
  auto const from = day_of_query(request, "from"), to = day_of_query(request, "to");
  if (!from || !to) return std::unexpected((from ? to : from).error());
  query.from = *from;
  query.to = *to;
  if (auto done = add_rest(services, request, query); !done) return fail(std::move(done));
  return query;
}

json::object hit_json(StaffHit const& hit, RecordNames const& names) {
  auto const& record = hit.record;
  auto shown = masked_json(record, names);
  if (hit.masked) return shown;
  shown["masked"] = false;
  shown["title"] = record.title;
  shown["internal_title"] = record.internal_title;
  shown["party"] = other_party(record);
  shown["sender"] = record.sender;
  shown["recipient"] = record.recipient;
  shown["private_person"] = record.private_person;
  shown["case"] = record.case_id ? json::value(json::object{{"id", record.case_id->value},
                                                            {"number", record.case_number},
                                                            {"title", record.case_title},
                                                            {"state", to_text(record.case_state)}})
                                 : json::value(nullptr);
  shown["classification"] = record.classification;
  shown["record_type"] = record.record_type;
  shown["secrecy"] = record.secrecy ? json::value(json::string_view(record.secrecy->provision)) : nullptr;
  shown["publication"] = to_text(record.publication);
  shown["not_a_record"] = record.not_a_record;
  shown["disposed"] = record.disposed;
  shown["registered_by"] = names.people.user_id(record.registered_by);
  shown["officer"] = record.case_officer
                         ? json::value(json::string_view(names.people.user_id(record.case_officer)))
                         : nullptr;
  return shown;
}

std::vector<net::Route> search_routes(HttpServices services) {
  auto const& identity = services->identity;
  using identity::user_route;
  std::vector<net::Route> routes{
      user_route(
          Method::get, "/_torg/v1/records/search", identity,
          [services](Requester r, net::Call& call) { return search(services, std::move(r), call.request); }),
      user_route(Method::get, "/_torg/v1/searches", identity,
                 [services](Requester r, net::Call&) { return saved(services, std::move(r)); }),
      user_route(Method::post, "/_torg/v1/searches", identity,
                 [services](Requester r, net::Call& call) {
                   return save(services, std::move(r), std::move(call.request.body));
                 }),
      user_route(Method::delete_, "/_torg/v1/searches/{id}", identity,
                 [services](Requester r, net::Call& call) {
                   return forget(services, std::move(r), call.path.at(0));
                 })};
  routes.front().limit = net::Limit::search;
  return routes;
}

}  // namespace torg::records
