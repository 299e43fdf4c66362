#include "records/http/relation_routes.hpp"

namespace torg::records {
namespace {

using identity::json_answer;
using identity::Requester;
using net::Method;

/// One end, named by its number or its id.
Task<Result<std::int64_t>> end_of(HttpServices services, Related what, json::object body,
                                  std::string_view key) {
  if (auto const id = optional_integer(body, key)) co_return *id;
  auto number = required_string(body, key);
  if (!number) co_return fail(std::move(number));
  if (what == Related::cases) {
    auto const view = co_await services->records.case_by_number(std::move(*number));
    if (!view) co_return std::unexpected(view.error());
    co_return view->id.value;
  }
  auto const view = co_await services->records.record_by_number(std::move(*number));
  if (!view) co_return std::unexpected(view.error());
  co_return view->id.value;
}

Task<HttpAnswer> relate(HttpServices services, Requester requester, std::string text) {
  auto const body = parse_json_object(text);
  if (!body) co_return std::unexpected(body.error());
  auto const of = optional_string(*body, "of").value_or("");
  auto const kind = parse_relation_kind(optional_string(*body, "kind").value_or(""));
  if ((of != "cases" && of != "records") || !kind)
    co_return fail(ErrorCode::invalid_param,
                   "A relation is of cases or records, and see, answers, replaces or version_of.");
  Relate relation;
  relation.what = of == "cases" ? Related::cases : Related::records;
  relation.kind = *kind;
  relation.by = requester.user;
  relation.reason = optional_string(*body, "reason").value_or("");
  auto const subject = co_await end_of(services, relation.what, *body, "from");
  if (!subject) co_return std::unexpected(subject.error());
  auto const object = co_await end_of(services, relation.what, *body, "to");
  if (!object) co_return std::unexpected(object.error());
  relation.subject = *subject;
  relation.object = *object;
  auto const made = co_await services->records.relate(std::move(relation));
  if (!made) co_return std::unexpected(made.error());
  co_return json_answer({{"id", *made}});
}

Task<HttpAnswer> end(HttpServices services, Requester requester, std::string id) {
  auto const nid = id_of(id);
  if (!nid) co_return std::unexpected(nid.error());
  auto const done = co_await services->records.end_relation(requester.user, *nid);
  if (!done) co_return std::unexpected(done.error());
  co_return identity::empty_answer();
}

}  // namespace

std::vector<net::Route> relation_routes(HttpServices services) {
  auto const& identity = services->identity;
  using identity::user_route;
  return {user_route(Method::post, "/_torg/v1/relations", identity,
                     [services](Requester r, net::Call& call) {
                       return relate(services, std::move(r), std::move(call.request.body));
                     }),
          user_route(Method::post, "/_torg/v1/relations/{id}/end", identity,
                     [services](Requester r, net::Call& call) {
                       return end(services, std::move(r), call.path.at(0));
                     })};
}

}  // namespace torg::records
