#include "records/requests/http.hpp"

#include "governance/zone.hpp"
#include "identity/http.hpp"
#include "records/assessment/item.hpp"
#include "records/rules/explain.hpp"

#include <algorithm>
#include <charconv>

namespace torg::records {
namespace {

using identity::Requester;
using Answer = Result<net::Response>;

json::value instant_or_null(std::optional<Instant> at) {
  return at ? json::value(to_ms(*at)) : json::value(nullptr);
}

json::value text_or_null(std::string const& text) {
  return text.empty() ? json::value(nullptr) : json::value(std::string_view(text));
}

/// The authorities asked for, those alone where the person answers requests; all of hers when none is named.
std::vector<AuthorityId> readable(RequestsHttp const& services, net::Request const& request, UserNid user) {
  auto const named = request.query_all("authority");
  std::vector<AuthorityId> out;
  for (auto const& authority : services.governance.authorities()) {
    bool const asked = named.empty() || std::ranges::find(named, authority.code) != named.end();
    if (asked && services.governance.may(user, governance::Act::answer_request, authority.id))
      out.push_back(authority.id);
  }
  return out;
}

Task<Answer> list(RequestsHttp services, Requester requester, std::vector<AuthorityId> authorities) {
  if (authorities.empty())
    co_return fail(ErrorCode::forbidden,
                   "Only registrars and disclosing officers see the requests of their authority.");
  auto const found = co_await services.requests.list(std::move(authorities));
  if (!found) co_return std::unexpected(found.error());
  json::array requests;
  for (auto const& one : *found)
    requests.push_back(
        to_json(one, services.governance, services.runtime.now(), services.settings.of(one.authority)));
  co_return identity::json_answer({{"requests", std::move(requests)}});
}

Task<Answer> answer(RequestsHttp services, Requester requester, std::string id_text, std::string body) {
  auto const given = parse_json_object(body);
  if (!given) co_return std::unexpected(given.error());
  DisclosureId id;
  std::from_chars(id_text.data(), id_text.data() + id_text.size(), id.value);
  auto const outcome = parse_outcome(optional_string(*given, "outcome").value_or(""));
  if (!outcome)
    co_return fail(ErrorCode::invalid_param, "The outcome is released, partly, refused or withdrawn.");
  auto const note = std::string(optional_string(*given, "note").value_or(""));
  auto const answered = co_await services.requests.answer(requester.user, id, *outcome, note);
  if (!answered) co_return std::unexpected(answered.error());
  auto shown = to_json(*answered, services.governance, services.runtime.now(),
                       services.settings.of(answered->authority));
  if (*outcome == Outcome::partly || *outcome == Outcome::refused) {
    auto const text = refusal_text();
    shown["tell"] = json::object{{"sv", text.sv}, {"en", text.en}};
  }
  co_return identity::json_answer(shown);
}

}  // namespace

json::object to_json(DisclosureRequest const& request, governance::Governance const& governance, Instant now,
                     Settings const& settings) {
  auto const* const authority = governance.authority(request.authority);
  bool const open = request.outcome == Outcome::open;
  // The first day is the one to keep; when it has passed the clock shows how long there is at most (R41).
  auto const due = governance::day_of(now) <= request.due_day ? request.due_day : request.latest_day;
  auto const shown = clock(open ? std::optional(due) : std::nullopt, now, settings);
  json::value record;
  if (request.record) record = json::object{{"id", request.record.value}, {"number", request.record_number}};
  return {{"id", request.id.value},
          {"kind", to_text(request.kind)},
          {"authority", authority ? authority->code : ""},
          {"number", request.number},
          {"record", std::move(record)},
          {"text", request.text.empty() ? request.record_number : request.text},
          {"contact", text_or_null(request.contact)},
          {"at", to_ms(request.received_at)},
          {"due_day", governance::to_text(request.due_day)},
          {"latest_day", governance::to_text(request.latest_day)},
          {"clock", to_text(shown.look)},
          {"clock_text", json::object{{"sv", shown.text.sv}, {"en", shown.text.en}}},
          {"state", open ? "open" : "answered"},
          {"outcome", open ? json::value(nullptr) : json::value(to_text(request.outcome))},
          {"answered_at", instant_or_null(request.answered_at)},
          {"note", text_or_null(request.note)}};
}

Task<Result<json::array>> request_lines(RequestsHttp services, std::vector<AuthorityId> authorities) {
  auto const found = co_await services.requests.list(std::move(authorities));
  if (!found) co_return std::unexpected(found.error());
  json::array lines;
  for (auto const& one : *found) {
    if (one.outcome != Outcome::open) continue;
    auto const now = services.runtime.now();
    auto request = to_json(one, services.governance, now, services.settings.of(one.authority));
    auto const due = governance::day_of(now) <= one.due_day ? one.due_day : one.latest_day;
    auto title = one.text.empty() ? one.record_number : short_title(one.text);
    lines.push_back(json::object{{"id", "request:" + std::to_string(one.id.value)},
                                 {"room_id", nullptr},
                                 {"room_name", ""},
                                 {"event_id", ""},
                                 {"authority", request.at("authority")},
                                 {"kind", "request"},
                                 {"title", std::move(title)},
                                 {"party", one.contact},
                                 {"case", nullptr},
                                 {"due_day", governance::to_text(due)},
                                 {"clock", request.at("clock")},
                                 {"clock_text", request.at("clock_text")},
                                 {"request", std::move(request)}});
  }
  co_return lines;
}

std::vector<net::Route> requests_routes(RequestsHttp services) {
  using identity::user_route;
  using net::Method;
  return {user_route(Method::get, "/_torg/v1/requests", services.identity,
                     [services](Requester requester, net::Call& call) {
                       return list(services, requester, readable(services, call.request, requester.user));
                     }),
          user_route(Method::post, "/_torg/v1/requests/{id}/answer", services.identity,
                     [services](Requester requester, net::Call& call) {
                       return answer(services, requester, call.path.at(0), call.request.body);
                     })};
}

}  // namespace torg::records
