// The review of what a closed case left in its rooms (R13), and its line on the desk.
#include "governance/zone.hpp"
#include "records/assessment/json.hpp"
#include "records/http/case_routes.hpp"

namespace torg::records {
namespace {

using identity::json_answer;
using identity::Requester;

json::value verdict_or_null(ReviewVerdict verdict) {
  return verdict == ReviewVerdict::none ? json::value(nullptr) : json::value(to_text(verdict));
}

Task<json::object> item_json(HttpServices services, ShownReviewItem shown) {
  auto const& [item, event] = shown;
  auto const room = co_await services->rooms.room_id(item.room);
  auto const said = read_item(event).value_or(Item{});
  json::array attachments;
  for (auto const& file : said.attachments) attachments.emplace_back(file.name);
  bool const decided = item.verdict != ReviewVerdict::none;
  co_return json::object{
      {"event_id", event.id.value},
      {"room_id", room ? room->value : ""},
      {"text", event.redacted_by ? std::string() : said.text},
      {"attachments", std::move(attachments)},
      {"sender", services->people.name(event.sender)},
      {"at", event.origin_server_ts},
      {"suggested", to_text(item.suggested)},
      {"verdict", verdict_or_null(item.verdict)},
      {"by", decided && item.by ? json::value(services->people.user_id(item.by)) : json::value(nullptr)}};
}

Task<HttpAnswer> answer_review(HttpServices services, ShownReview shown) {
  json::array items;
  std::int64_t left = 0;
  for (auto const& item : shown.items) {
    if (item.item.verdict == ReviewVerdict::none) ++left;
    items.push_back(co_await item_json(services, item));
  }
  auto const& review = shown.review;
  auto const& settings = services->settings.of(shown.of_case.authority);
  bool const open = review && !review->done_at;
  auto const time =
      clock(open ? std::optional(review->due_day) : std::nullopt, services->runtime.now(), settings);
  co_return json_answer(
      {{"case", to_json(shown.of_case, names(services))},
       {"state", !review ? "not_closed"
                 : open  ? "open"
                         : "done"},
       {"due_day", open ? json::value(governance::to_text(review->due_day)) : json::value(nullptr)},
       {"grace_working_days", settings.working_days_to_review},
       {"clock", to_text(time.look)},
       {"clock_text", to_json(time.text)},
       {"items", std::move(items)},
       {"left", left}});
}

Task<Result<CaseId>> readable(HttpServices services, UserNid user, std::string id) {
  auto const nid = id_of(id);
  if (!nid) co_return std::unexpected(nid.error());
  auto const view = co_await services->records.case_view(CaseId(*nid));
  if (!view) co_return std::unexpected(view.error());
  if (!services->records.may_read(user, view->authority))
    co_return fail(ErrorCode::not_found, "There is no such case.");
  co_return view->id;
}

Task<HttpAnswer> show(HttpServices services, Requester requester, std::string id) {
  auto const of_case = co_await readable(services, requester.user, std::move(id));
  if (!of_case) co_return std::unexpected(of_case.error());
  auto shown = co_await services->reviews.show(*of_case);
  if (!shown) co_return std::unexpected(shown.error());
  co_return co_await answer_review(services, std::move(*shown));
}

Task<HttpAnswer> decide(HttpServices services, Requester requester, std::string id, std::string text) {
  auto const of_case = co_await readable(services, requester.user, id);
  if (!of_case) co_return std::unexpected(of_case.error());
  auto const body = parse_json_object(text);
  if (!body) co_return std::unexpected(body.error());
  auto const* given = optional_object(*body, "review");
  if (given == nullptr) co_return fail(ErrorCode::missing_param, "The field 'review' is missing.");
  auto verdicts = co_await review_verdicts(services, *given);
  if (!verdicts) co_return std::unexpected(verdicts.error());
  auto const done = co_await services->reviews.decide(requester.user, *of_case, std::move(*verdicts));
  if (!done) co_return std::unexpected(done.error());
  co_return co_await show(services, requester, std::move(id));
}

}  // namespace

Task<Result<ReviewVerdicts>> review_verdicts(HttpServices services, json::object review) {
  ReviewVerdicts verdicts;
  for (auto const& member : review) {
    auto const verdict =
        member.value().is_string() ? parse_review_verdict(member.value().get_string()) : std::nullopt;
    if (!verdict) co_return fail(ErrorCode::invalid_param, "The review says record or working of each item.");
    auto const event = co_await services->rooms.event(EventId(std::string(member.key())));
    if (!event) co_return std::unexpected(event.error());
    verdicts[event->nid] = *verdict;
  }
  co_return verdicts;
}

Task<Result<json::array>> review_lines(RegisterHttp services, std::vector<AuthorityId> authorities) {
  auto const waiting = co_await services.reviews.waiting(std::move(authorities));
  if (!waiting) co_return std::unexpected(waiting.error());
  json::array lines;
  for (auto const& [review, of_case, left] : *waiting) {
    auto const due = clock(review.due_day, services.runtime.now(), services.settings.of(review.authority));
    auto const* authority = services.governance.authority(review.authority);
    lines.push_back(json::object{
        {"id", "review:" + std::to_string(of_case.id.value)},
        {"room_id", nullptr},
        {"room_name", ""},
        {"event_id", ""},
        {"authority", authority == nullptr ? "" : authority->code},
        {"kind", "review"},
        {"title", of_case.title},
        {"party", ""},
        {"case", {{"id", of_case.id.value}, {"number", of_case.number}, {"title", of_case.title}}},
        {"due_day", governance::to_text(review.due_day)},
        {"clock", to_text(due.look)},
        {"clock_text", to_json(due.text)},
        {"left", left}});
  }
  co_return lines;
}

std::vector<net::Route> review_routes(HttpServices services) {
  using identity::user_route;
  return {user_route(net::Method::get, "/_torg/v1/cases/{id}/review", services->identity,
                     [services](Requester r, net::Call& call) {
                       return show(services, std::move(r), call.path.at(0));
                     }),
          user_route(net::Method::post, "/_torg/v1/cases/{id}/review", services->identity,
                     [services](Requester r, net::Call& call) {
                       return decide(services, std::move(r), call.path.at(0), std::move(call.request.body));
                     })};
}

}  // namespace torg::records
