#include "records/http/case_routes.hpp"

#include "governance/zone.hpp"
#include "records/rules/assess.hpp"

namespace torg::records {
namespace {

using identity::json_answer;
using identity::Requester;
using net::Method;

Task<HttpAnswer> list(HttpServices services, Requester requester, net::Request request) {
  auto authorities = authorities_of(services, requester.user, request.query_all("authority"));
  if (!authorities) co_return fail(std::move(authorities));
  auto const open = request.query("open").value_or("");
  auto const which = open == "true"    ? Register::Open::open
                     : open == "false" ? Register::Open::closed
                                       : Register::Open::any;
  auto found =
      co_await services->records.cases(std::move(*authorities), request.query("query").value_or(""), which);
  if (!found) co_return fail(std::move(found));
  json::array cases;
  for (auto const& view : *found) cases.push_back(to_json(view, names(services)));
  co_return json_answer({{"cases", std::move(cases)}});
}

Task<Result<CaseView>> readable_case(HttpServices services, UserNid user, std::string id) {
  auto const nid = id_of(id);
  if (!nid) co_return std::unexpected(nid.error());
  auto view = co_await services->records.case_view(CaseId(*nid));
  if (!view) co_return fail(std::move(view));
  if (!services->records.may_read(user, view->authority))
    co_return fail(ErrorCode::not_found, "There is no such case.");
  co_return std::move(*view);
}

Task<HttpAnswer> answer_case(HttpServices services, CaseView view) {
  auto body = to_json(view, names(services));
  auto records = co_await services->records.records_of(view.id);
  if (!records) co_return fail(std::move(records));
  json::array entries;
  for (auto& record : *records) {
    auto shown = co_await record_json(services, std::move(record));
    if (!shown) co_return fail(std::move(shown));
    entries.push_back(std::move(*shown));
  }
  body["entries"] = std::move(entries);
  co_return json_answer(body);
}

Task<HttpAnswer> one(HttpServices services, Requester requester, std::string id) {
  auto view = co_await readable_case(services, requester.user, std::move(id));
  if (!view) co_return fail(std::move(view));
  co_return co_await answer_case(services, std::move(*view));
}

Task<HttpAnswer> open(HttpServices services, Requester requester, std::string text) {
  auto body = parse_json_object(text);
  if (!body) co_return fail(std::move(body));
  auto code = required_string(*body, "authority");
  if (!code) co_return fail(std::move(code));
  auto authority = authority_by(services, *code);
  if (!authority) co_return fail(std::move(authority));
  auto view = co_await services->records.open_case(
      requester.user, *authority, std::string(optional_string(*body, "title").value_or("")),
      std::string(optional_string(*body, "classification").value_or("")));
  if (!view) co_return fail(std::move(view));
  co_return co_await answer_case(services, std::move(*view));
}

/// The items that the closing review calls records: they arise with the closing (R13). Those called drafts or
/// memos stay working material, for the room's weeding.
Task<Result<std::vector<Arising>>> reviewed(HttpServices services, UserNid by, AuthorityId authority,
                                            json::object const& review) {
  auto const now = services->runtime.now();
  std::vector<Arising> arisings;
  for (auto const& member : review) {
    auto const verdict =
        member.value().is_string() ? std::string_view(member.value().get_string()) : std::string_view();
    if (verdict != "record" && verdict != "working") {
      co_return fail(ErrorCode::invalid_param, "The review says record or working of each item.");
    }
    if (verdict == "working") continue;
    auto event = co_await services->rooms.event(EventId(std::string(member.key())));
    // Whatever is named becomes readable at the desk: only what the person can read anyway.
    auto const membership = event ? co_await services->rooms.membership(event->room, by)
                                  : Result<matrix::Membership>(matrix::Membership::none);
    if (!membership || *membership != matrix::Membership::join)
      co_return fail(ErrorCode::not_found, "There is no such item in your rooms.");
    Arising arising{event->nid, authority, event->room};
    arising.basis = Basis::drawn_up_case_closed;
    arising.rule = "R13";
    arising.since = now;
    arising.due_day = due_day(now, Settings{});
    arising.by = by;
    arisings.push_back(std::move(arising));
  }
  co_return arisings;
}

Task<HttpAnswer> close(HttpServices services, Requester requester, std::string id, std::string text) {
  auto view = co_await readable_case(services, requester.user, std::move(id));
  if (!view) co_return fail(std::move(view));
  auto body = parse_json_object(text.empty() ? "{}" : text);
  if (!body) co_return fail(std::move(body));
  auto const* review = optional_object(*body, "review");
  auto arisings = co_await reviewed(services, requester.user, view->authority,
                                    review == nullptr ? json::object() : *review);
  if (!arisings) co_return fail(std::move(arisings));
  auto closed = co_await services->records.close_case(
      requester.user, view->id, [all = std::move(*arisings)](db::Transaction& transaction) {
        for (auto const& arising : all) assessment::arise(transaction, arising);
      });
  if (!closed) co_return fail(std::move(closed));
  co_return co_await answer_case(services, std::move(*closed));
}

}  // namespace

std::vector<net::Route> case_routes(HttpServices services) {
  auto const& identity = services->identity;
  using identity::user_route;
  return {user_route(Method::get, "/_torg/v1/cases", identity,
                     [services](Requester r, net::Call& call) {
                       return list(services, std::move(r), call.request);
                     }),
          user_route(Method::get, "/_torg/v1/cases/{id}", identity,
                     [services](Requester r, net::Call& call) {
                       return one(services, std::move(r), call.path.at(0));
                     }),
          user_route(Method::post, "/_torg/v1/cases", identity,
                     [services](Requester r, net::Call& call) {
                       return open(services, std::move(r), std::move(call.request.body));
                     }),
          user_route(Method::post, "/_torg/v1/cases/{id}/close", identity,
                     [services](Requester r, net::Call& call) {
                       return close(services, std::move(r), call.path.at(0), std::move(call.request.body));
                     })};
}

}  // namespace torg::records
