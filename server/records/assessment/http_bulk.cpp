// One decision about many items of the queue.
#include "identity/http.hpp"
#include "records/assessment/http_queue.hpp"

#include <algorithm>

namespace torg::records {
namespace {

using identity::json_answer;
using identity::Requester;
using Services = std::shared_ptr<AssessmentHttp const>;
using Answer = Result<net::Response>;

/// What is the same for all items.
struct Verdict {
  std::string handling, reason, record;
  UserNid second_person;
  Bulk bulk = Bulk::each;
};

Result<Verdict> read_verdict(Services const& services, json::object const& body) {
  auto handling = required_string(body, "handling");
  if (!handling) return fail(std::move(handling));
  Verdict verdict{std::move(*handling),
                  std::string(optional_string(body, "reason").value_or("")),
                  std::string(optional_string(body, "record").value_or("")),
                  {},
                  Bulk::each};
  if (auto const second = optional_string(body, "second_person"))
    verdict.second_person = services->identity.find(*second);
  auto const mode = optional_string(body, "mode").value_or("each");
  if (mode != "each" && mode != "all") return fail(ErrorCode::invalid_param, "'mode' is each or all.");
  verdict.bulk = mode == "all" ? Bulk::all_or_none : Bulk::each;
  return verdict;
}

struct Named {
  std::string event_id, authority;
};

Result<std::vector<Named>> read_items(json::object const& body) {
  auto const* items = optional_array(body, "items");
  if (items == nullptr || items->empty())
    return fail(ErrorCode::missing_param, "'items' names what is decided about.");
  if (items->size() > AssessmentService::kMostAtOnce)
    return fail(ErrorCode::too_large, "Decide about at most 500 items at once.");
  std::vector<Named> named;
  for (auto const& item : *items) {
    auto const* object = item.if_object();
    if (object == nullptr) return fail(ErrorCode::invalid_param, "An item has event_id and authority.");
    auto event_id = required_string(*object, "event_id");
    if (!event_id) return fail(std::move(event_id));
    auto authority = required_string(*object, "authority");
    if (!authority) return fail(std::move(authority));
    bool const twice = std::ranges::any_of(named, [&](Named const& other) {
      return other.event_id == *event_id && other.authority == *authority;
    });
    if (twice) return fail(ErrorCode::invalid_param, "An item is named twice.");
    named.push_back({std::move(*event_id), std::move(*authority)});
  }
  return named;
}

/// The request about one item; one that isn't there becomes a request about nothing, which is refused like
/// what is hidden.
Task<AssessRequest> request_for(Services services, Requester requester, Named named, Verdict verdict) {
  AssessRequest request;
  request.by = requester.user;
  request.handling = std::move(verdict.handling);
  request.reason = std::move(verdict.reason);
  request.record = std::move(verdict.record);
  request.second_person = verdict.second_person;
  if (auto const* authority = services->governance.authority_by_code(named.authority))
    request.authority = authority->id;
  if (auto const event = co_await services->rooms.event(EventId(std::move(named.event_id)))) {
    request.room = event->room;
    request.event = event->nid;
  }
  co_return request;
}

json::object refused_json(RuleRefusal const& refusal) {
  auto body = parse_json_object(refusal_answer(refusal).body).value_or(json::object{});
  body["done"] = false;
  return body;
}

Task<Answer> assess_many(Services services, Requester requester, std::string text) {
  auto const body = parse_json_object(text);
  if (!body) co_return std::unexpected(body.error());
  auto const verdict = read_verdict(services, *body);
  if (!verdict) co_return std::unexpected(verdict.error());
  auto const items = read_items(*body);
  if (!items) co_return std::unexpected(items.error());
  std::vector<AssessRequest> requests;
  for (auto const& item : *items)
    requests.push_back(co_await request_for(services, requester, item, *verdict));
  auto const answers = co_await services->assessment.assess_many(std::move(requests), verdict->bulk);
  AssessmentNames const names{services->governance, services->identity, services->assessment.settings(),
                              services->runtime.now()};
  json::array results;
  std::int64_t done = 0;
  for (std::size_t at = 0; at < answers.size(); ++at) {
    auto const& answer = answers[at];
    auto one = answer ? json::object{{"done", true}, {"assessment", to_json(*answer, names)}}
                      : refused_json(answer.error());
    one["event_id"] = (*items)[at].event_id;
    one["authority"] = (*items)[at].authority;
    done += answer ? 1 : 0;
    results.push_back(std::move(one));
  }
  auto const refused = static_cast<std::int64_t>(answers.size()) - done;
  co_return json_answer({{"results", std::move(results)}, {"done", done}, {"refused", refused}});
}

}  // namespace

net::Route bulk_route(Services services) {
  auto const& identity = services->identity;
  return identity::user_route(net::Method::post, "/_torg/v1/queue/assess", identity,
                              [services](Requester requester, net::Call& call) {
                                return assess_many(services, std::move(requester), call.request.body);
                              });
}

}  // namespace torg::records
