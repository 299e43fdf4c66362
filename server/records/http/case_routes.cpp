#include "records/http/case_routes.hpp"

#include "governance/zone.hpp"
#include "net/page.hpp"
#include "records/assessment/collection.hpp"
#include "records/assessment/item.hpp"
#include "records/secrecy/http.hpp"

namespace torg::records {
namespace {

using identity::json_answer;
using identity::Requester;
using net::Method;

Result<CaseFilter> parse_filter(HttpServices const& services, net::Request const& request) {
  CaseFilter filter;
  if (auto const text = request.query("state")) {
    filter.state = parse_case_stage(*text);
    if (!filter.state)
      return fail(ErrorCode::invalid_param, "A case is open, waiting, decided, closed or archived.");
  }
  if (auto const text = request.query("officer")) {
    filter.officer = services->people.find(*text);
    if (!filter.officer) return fail(ErrorCode::not_found, "Nobody here has this user id.");
  }
  if (auto const text = request.query("due_by")) {
    filter.due_by = governance::parse_day(*text);
    if (!filter.due_by) return fail(ErrorCode::invalid_param, "due_by is a day, written 2026-11-24.");
  }
  return filter;
}

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
  auto const filter = parse_filter(services, request);
  if (!filter) co_return std::unexpected(filter.error());
  auto found = co_await services->records.cases(std::move(*authorities), request.query("query").value_or(""),
                                                which, before, page->limit, *filter);
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

Task<HttpAnswer> answer_case(HttpServices services, UserNid reader, CaseView view) {
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
  auto const events = co_await services->records.case_events(view.id);
  if (!events) co_return std::unexpected(events.error());
  auto const relations = co_await services->records.relations(reader, Related::cases, view.id.value);
  if (!relations) co_return std::unexpected(relations.error());
  json::array changes, related;
  for (auto const& event : *events) changes.push_back(to_json(event, names(services)));
  for (auto const& relation : *relations) related.push_back(to_json(relation, names(services)));
  body["changes"] = std::move(changes);
  body["relations"] = std::move(related);
  co_return json_answer(body);
}

Task<HttpAnswer> one(HttpServices services, Requester requester, std::string id) {
  auto view = co_await readable_case(services, requester.user, std::move(id));
  if (!view) co_return fail(std::move(view));
  co_return co_await answer_case(services, requester.user, std::move(*view));
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
      std::string(optional_string(*body, "classification").value_or("")),
      std::string(optional_string(*body, "record_type").value_or("")));
  if (!view) co_return fail(std::move(view));
  co_return co_await answer_case(services, requester.user, std::move(*view));
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
  co_return co_await answer_case(services, requester.user, std::move(*closed));
}

/// A change of one field; the value of `parallel` is a list.
Task<HttpAnswer> change(HttpServices services, Requester requester, std::string id, std::string text) {
  auto const nid = id_of(id);
  if (!nid) co_return std::unexpected(nid.error());
  auto body = parse_json_object(text);
  if (!body) co_return fail(std::move(body));
  auto field = required_string(*body, "field");
  if (!field) co_return fail(std::move(field));
  auto const* value = body->if_contains("value");
  auto text_value = value == nullptr || value->is_null() ? std::string()
                    : value->is_string()                 ? std::string(value->get_string())
                                                         : json::serialize(*value);
  auto view = co_await services->records.change_case(
      requester.user, CaseId(*nid), std::move(*field), std::move(text_value),
      std::string(optional_string(*body, "reason").value_or("")));
  if (!view) co_return fail(std::move(view));
  co_return co_await answer_case(services, requester.user, std::move(*view));
}

/// What the case's rooms hold that was kept in order, or is of little importance.
Task<HttpAnswer> collection(HttpServices services, Requester requester, std::string id,
                            net::Request request) {
  auto const view = co_await readable_case(services, requester.user, std::move(id));
  if (!view) co_return std::unexpected(view.error());
  auto const handling = parse_handling(request.query("handling").value_or("kept_ordered"));
  if (handling != Handling::kept_ordered && handling != Handling::trivial)
    co_return fail(ErrorCode::invalid_param, "A collection is kept_ordered or trivial.");
  auto const page = net::parse_page(request);
  if (!page) co_return std::unexpected(page.error());
  EventNid const before(page->from == 0 ? INT64_MAX : static_cast<std::int64_t>(page->from));
  auto const found = co_await services->database.read([rooms = services->reviews.rooms_of(view->id),
                                                       authority = view->authority, handling, before,
                                                       limit = page->limit](db::Reader& reader) {
    return kept_items(reader, rooms, authority, *handling, before, limit);
  });
  if (!found) co_return std::unexpected(found.error());
  json::array items;
  for (auto const& kept : *found) {
    auto const event = co_await services->rooms.event(kept.event);
    if (!event) continue;  // disposed of meanwhile
    auto const room = co_await services->rooms.room_id(kept.room);
    auto const item = read_item(*event).value_or(Item{});
    items.push_back(json::object{{"event_id", event->id.value},
                                 {"room_id", room ? room->value : std::string()},
                                 {"text", short_title(item.text)},
                                 {"sender", services->people.user_id(event->sender)},
                                 {"at", event->origin_server_ts},
                                 {"handling", to_text(kept.handling)},
                                 {"rule", kept.rule},
                                 {"reason", kept.reason}});
  }
  json::object out{{"items", std::move(items)}, {"next", nullptr}};
  if (found->size() == page->limit) out["next"] = found->back().event.value;
  co_return json_answer(out);
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
          user_route(Method::post, "/_torg/v1/cases/{id}/changes", identity,
                     [services](Requester r, net::Call& call) {
                       return change(services, std::move(r), call.path.at(0), std::move(call.request.body));
                     }),
          user_route(Method::get, "/_torg/v1/cases/{id}/collections", identity,
                     [services](Requester r, net::Call& call) {
                       return collection(services, std::move(r), call.path.at(0), call.request);
                     }),
          user_route(Method::post, "/_torg/v1/cases/{id}/close", identity,
                     [services](Requester r, net::Call& call) {
                       return close(services, std::move(r), call.path.at(0), std::move(call.request.body));
                     })};
}

}  // namespace torg::records
