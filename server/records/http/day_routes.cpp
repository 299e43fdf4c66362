// What was registered on a day: the list that the web opens, and that paper and files are made of.
#include "records/http/day_routes.hpp"

#include "governance/zone.hpp"
#include "records/register/store.hpp"

#include <fmt/format.h>

namespace torg::records {
namespace {

using identity::json_answer;
using identity::Requester;
using net::Method;

struct Where {
  AuthorityId authority;
  std::string code;
};

Result<Where> where(HttpServices const& services, UserNid user, net::Request const& request) {
  auto const authority = authority_or_own(services, user, request.query("authority"));
  if (!authority) return std::unexpected(authority.error());
  if (!services->records.may_read(user, *authority))
    return fail(ErrorCode::forbidden, "You have no role in this register.");
  return Where{*authority, services->governance.authority(*authority)->code};
}

Result<Day> day_in(net::Request const& request, std::string_view name, Day otherwise) {
  auto const text = request.query(name);
  if (!text || text->empty()) return otherwise;
  auto const day = governance::parse_day(*text);
  if (!day) return fail(ErrorCode::invalid_param, std::string(name) + " is a day, written 2026-11-24.");
  return *day;
}

json::value or_null(std::optional<Day> day) {
  return day ? json::value(json::string_view(governance::to_text(*day))) : json::value(nullptr);
}

Task<HttpAnswer> one_day(HttpServices services, Requester requester, net::Request request) {
  auto const place = where(services, requester.user, request);
  if (!place) co_return std::unexpected(place.error());
  auto const wanted = day_in(request, "day", governance::day_of(services->runtime.now()));
  if (!wanted) co_return std::unexpected(wanted.error());
  auto found = co_await services->records.day_list(place->authority, *wanted);
  if (!found) co_return fail(std::move(found));
  auto const near = co_await services->database.read([place, wanted](db::Reader& reader) {
    return register_store::neighbours(reader, place->authority, *wanted);
  });
  if (!near) co_return std::unexpected(near.error());
  json::array records;
  for (auto& record : *found) {
    auto shown = co_await record_json(services, std::move(record));
    if (!shown) co_return fail(std::move(shown));
    records.push_back(std::move(*shown));
  }
  auto const day = governance::to_text(*wanted);
  co_return json_answer({{"authority", place->code},
                         {"day", day},
                         {"previous", or_null(near->first)},
                         {"following", or_null(near->second)},
                         {"print", fmt::format("/_torg/v1/daylist?authority={}&day={}", place->code, day)},
                         {"records", std::move(records)}});
}

Task<HttpAnswer> days(HttpServices services, Requester requester, net::Request request) {
  constexpr std::chrono::days kShown{31}, kMost{366};
  auto const place = where(services, requester.user, request);
  if (!place) co_return std::unexpected(place.error());
  auto const to = day_in(request, "to", governance::day_of(services->runtime.now()));
  if (!to) co_return std::unexpected(to.error());
  auto const from = day_in(request, "from", *to - kShown);
  if (!from) co_return std::unexpected(from.error());
  if (*to - *from > kMost) co_return fail(ErrorCode::invalid_param, "Ask for a year at most.");
  auto const found = co_await services->database.read([place, from, to](db::Reader& reader) {
    return register_store::days(reader, place->authority, *from, *to);
  });
  if (!found) co_return std::unexpected(found.error());
  json::array list;
  for (auto const& one : *found)
    list.push_back(json::object{{"day", governance::to_text(one.day)}, {"records", one.records}});
  co_return json_answer({{"authority", place->code}, {"days", std::move(list)}});
}

}  // namespace

std::vector<net::Route> day_routes(HttpServices services) {
  auto const& identity = services->identity;
  using identity::user_route;
  return {
      user_route(
          Method::get, "/_torg/v1/records/day", identity,
          [services](Requester r, net::Call& call) { return one_day(services, std::move(r), call.request); }),
      user_route(Method::get, "/_torg/v1/records/days", identity, [services](Requester r, net::Call& call) {
        return days(services, std::move(r), call.request);
      })};
}

}  // namespace torg::records
