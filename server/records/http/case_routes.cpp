#include "records/http/case_routes.hpp"

#include "net/page.hpp"
#include "records/secrecy/http.hpp"

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
  auto const page = net::parse_page(request, Register::kCasesPage);
  if (!page) co_return std::unexpected(page.error());
  CaseId const before(page->from == 0 ? INT64_MAX : static_cast<std::int64_t>(page->from));
  auto found = co_await services->records.cases(std::move(*authorities), request.query("query").value_or(""),
                                                which, before, page->limit);
  if (!found) co_return fail(std::move(found));
  json::array cases;
  for (auto const& view : *found) cases.push_back(to_json(view, names(services)));
  json::object out{{"cases", std::move(cases)}, {"next", nullptr}};
  if (found->size() == page->limit) out["next"] = found->back().id.value;
  co_return json_answer(out);
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
  auto mark = co_await services->database.read(
      [thing = marked_case(view.id)](db::Reader& reader) { return secrecy_store::open_mark(reader, thing); });
  if (!mark) co_return fail(std::move(mark));
  body["secrecy"] = *mark ? json::value(shown_secrecy((*mark)->secrecy)) : json::value(nullptr);
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

Task<HttpAnswer> close(HttpServices services, Requester requester, std::string id, std::string text) {
  auto view = co_await readable_case(services, requester.user, std::move(id));
  if (!view) co_return fail(std::move(view));
  auto body = parse_json_object(text.empty() ? "{}" : text);
  if (!body) co_return fail(std::move(body));
  auto const* review = optional_object(*body, "review");
  auto verdicts = co_await review_verdicts(services, review == nullptr ? json::object() : *review);
  if (!verdicts) co_return fail(std::move(verdicts));
  auto closed = co_await services->reviews.close(requester.user, view->id, std::move(*verdicts));
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
