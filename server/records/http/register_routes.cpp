#include "base/encoding.hpp"
#include "governance/zone.hpp"
#include "records/http/case_routes.hpp"
#include "records/http/common.hpp"
#include "records/http/day_routes.hpp"
#include "records/http/relation_routes.hpp"
#include "records/http/search_routes.hpp"
#include "records/http/series_routes.hpp"

#include <algorithm>

namespace torg::records {
namespace {

using identity::json_answer;
using identity::Requester;
using net::Method;

/// The record with what it is related to: what it answers, replaces or is a version of, and the other way.
Task<HttpAnswer> answer_record(HttpServices services, UserNid reader, RecordView record) {
  auto const id = record.id;
  auto shown = co_await record_json(services, std::move(record));
  if (!shown) co_return fail(std::move(shown));
  auto const relations = co_await services->records.relations(reader, Related::records, id.value);
  if (!relations) co_return std::unexpected(relations.error());
  json::array related;
  for (auto const& relation : *relations) related.push_back(to_json(relation, names(services)));
  (*shown)["relations"] = std::move(related);
  co_return json_answer(*shown);
}

Task<HttpAnswer> record_by_id(HttpServices services, Requester requester, std::string id) {
  auto const nid = id_of(id);
  if (!nid) co_return std::unexpected(nid.error());
  auto record = co_await readable_record(services, requester.user, RecordId(*nid));
  if (!record) co_return fail(std::move(record));
  co_return co_await answer_record(services, requester.user, std::move(*record));
}

Task<HttpAnswer> record_by_number(HttpServices services, Requester requester,
                                  std::optional<std::string> number) {
  if (!number) co_return fail(ErrorCode::missing_param, "Say which number.");
  auto record = co_await services->records.record_by_number(std::move(*number));
  if (!record) co_return fail(std::move(record));
  if (!services->records.may_read(requester.user, record->authority)) {
    co_return fail(ErrorCode::not_found, "There is no such record.");
  }
  co_return co_await answer_record(services, requester.user, std::move(*record));
}

/// Types a browser may show by itself; all else is saved (a record holds what strangers sent).
bool is_safe_inline(std::string_view type) {
  return type == "application/pdf" || type == "image/png" || type == "image/jpeg" || type == "image/gif" ||
         type == "image/webp" || type == "application/json";
}

net::Headers file_headers(FileView const& file) {
  auto const disposition = is_safe_inline(file.type) ? "inline" : "attachment";
  return {
      {"content-type", is_safe_inline(file.type) ? file.type : "application/octet-stream"},
      {"content-disposition", std::string(disposition) + "; filename*=utf-8''" + percent_encode(file.name)},
      {"x-content-type-options", "nosniff"},
      {"content-security-policy", "sandbox; default-src 'none'"},
      {"cache-control", "private, no-store"}};
}

Task<HttpAnswer> file(HttpServices services, Requester requester, std::string id, std::string n) {
  auto const nid = id_of(id);
  auto const place = id_of(n);
  if (!nid || !place) co_return fail(ErrorCode::not_found, "There is no such file.");
  auto record = co_await readable_record(services, requester.user, RecordId(*nid));
  if (!record) co_return fail(std::move(record));
  auto const found = std::ranges::find(record->files, static_cast<int>(*place), &FileView::n);
  if (found == record->files.end()) co_return fail(ErrorCode::not_found, "There is no such file.");
  if (found->in_manifest) {
    auto bytes = co_await services->records.manifest(record->id);
    if (!bytes) co_return fail(std::move(bytes));
    co_return net::Response{200, file_headers(*found), std::move(*bytes), std::nullopt};
  }
  auto path = services->blobs.path(found->blob);
  if (!path) co_return fail(std::move(path));
  co_return net::Response{
      200, file_headers(*found), {}, net::FileBody{*path, 0, static_cast<std::uint64_t>(found->size)}};
}

Task<HttpAnswer> checks(HttpServices services, Requester requester, std::vector<std::string> codes) {
  auto authorities = authorities_of(services, requester.user, std::move(codes));
  if (!authorities) co_return fail(std::move(authorities));
  auto const today = governance::start_of(governance::day_of(services->runtime.now()));
  std::int64_t done = 0;
  for (auto const authority : *authorities) {
    auto count = co_await services->records.checked_since(authority, today);
    if (!count) co_return fail(std::move(count));
    done += *count;
  }
  auto lines = co_await services->records.checks(std::move(*authorities));
  if (!lines) co_return fail(std::move(lines));
  json::array shown;
  for (auto const& line : *lines) shown.push_back(to_json(line));
  co_return json_answer({{"lines", std::move(shown)}, {"done_today", done}});
}

Task<HttpAnswer> publication(HttpServices services, Requester requester, std::string id, std::string text) {
  auto const nid = id_of(id);
  if (!nid) co_return std::unexpected(nid.error());
  auto body = parse_json_object(text);
  if (!body) co_return fail(std::move(body));
  auto const show = parse_publication(optional_string(*body, "show").value_or(""));
  if (!show) co_return fail(ErrorCode::invalid_param, "show is full, number_only or taken_down.");
  auto const title = optional_string(*body, "title");
  auto done = co_await services->records.publish(requester.user, RecordId(*nid), *show,
                                                 title ? std::optional(std::string(*title)) : std::nullopt);
  if (!done) co_return fail(std::move(done));
  co_return co_await answer_record(services, requester.user, std::move(*done));
}

Task<HttpAnswer> correction(HttpServices services, Requester requester, std::string id, std::string text) {
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
  auto done = co_await services->records.correct(requester.user, RecordId(*nid), std::move(*field),
                                                 std::move(text_value),
                                                 std::string(optional_string(*body, "reason").value_or("")));
  if (!done) co_return fail(std::move(done));
  co_return co_await answer_record(services, requester.user, std::move(*done));
}

/// The registrar asks the officer, in the item's own room; the clock goes on (R23).
Task<HttpAnswer> ask(HttpServices services, Requester requester, std::string text) {
  auto body = parse_json_object(text);
  if (!body) co_return fail(std::move(body));
  auto event_id = required_string(*body, "event_id");
  auto to = required_string(*body, "to");
  auto question = required_string(*body, "question");
  if (!event_id || !to || !question)
    co_return fail(ErrorCode::missing_param, "An ask has event_id, to and question.");
  auto event = co_await services->rooms.event(EventId(*event_id));
  if (!event) co_return fail(std::move(event));
  matrix::SendEvent send;
  send.room = event->room;
  send.sender = requester.user;
  send.type = "m.room.message";
  auto const user = services->people.find(*to);
  auto const name = user ? services->people.name(user) : *to;
  send.content = {
      {"msgtype", "m.text"},
      {"body", name + ": " + *question},
      {"m.mentions", json::object{{"user_ids", json::array{json::value(json::string_view(*to))}}}},
      {"m.relates_to", json::object{{"m.in_reply_to", json::object{{"event_id", *event_id}}}}}};
  auto sent = co_await services->rooms.send(std::move(send));
  if (!sent) co_return fail(std::move(sent));
  co_return json_answer({{"event_id", sent->id.value}});
}

}  // namespace

std::vector<net::Route> register_routes(RegisterHttp given) {
  auto const services = std::make_shared<RegisterHttp const>(std::move(given));
  auto const& identity = services->identity;
  using identity::user_route;
  auto routes = case_routes(services);
  for (auto part : {review_routes, search_routes, day_routes, series_routes, relation_routes})
    for (auto& route : part(services)) routes.push_back(std::move(route));
  routes.push_back(
      user_route(Method::get, "/_torg/v1/records/{id}", identity, [services](Requester r, net::Call& call) {
        return record_by_id(services, std::move(r), call.path.at(0));
      }));
  routes.push_back(
      user_route(Method::get, "/_torg/v1/records", identity, [services](Requester r, net::Call& call) {
        return record_by_number(services, std::move(r), call.request.query("number"));
      }));
  routes.push_back(user_route(Method::get, "/_torg/v1/records/{id}/files/{n}", identity,
                              [services](Requester r, net::Call& call) {
                                return file(services, std::move(r), call.path.at(0), call.path.at(1));
                              }));
  routes.push_back(
      user_route(Method::get, "/_torg/v1/checks", identity, [services](Requester r, net::Call& call) {
        return checks(services, std::move(r), call.request.query_all("authority"));
      }));
  routes.push_back(user_route(
      Method::post, "/_torg/v1/records/{id}/publication", identity, [services](Requester r, net::Call& call) {
        return publication(services, std::move(r), call.path.at(0), std::move(call.request.body));
      }));
  routes.push_back(user_route(
      Method::post, "/_torg/v1/records/{id}/corrections", identity, [services](Requester r, net::Call& call) {
        return correction(services, std::move(r), call.path.at(0), std::move(call.request.body));
      }));
  routes.push_back(user_route(Method::post, "/_torg/v1/records/{id}/ask", identity,
                              [services](Requester r, net::Call& call) {
                                return ask(services, std::move(r), std::move(call.request.body));
                              }));
  return routes;
}

}  // namespace torg::records
