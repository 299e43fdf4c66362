#include "records/assessment/http.hpp"

#include "governance/plan.hpp"
#include "governance/zone.hpp"
#include "identity/http.hpp"

#include <algorithm>
#include <memory>
#include <set>

namespace torg::records {
namespace {

using identity::json_answer;
using identity::Requester;
using identity::user_route;
using matrix::RoomEvent;
using net::Method;
using Answer = Result<net::Response>;
using Services = std::shared_ptr<AssessmentHttp const>;

constexpr std::size_t kMostItems = 200;

AssessmentNames names(Services const& services) {
  return {services->governance, services->identity, services->assessment.settings(), services->runtime.now()};
}

Result<AuthorityId> authority_of(Services const& services, json::object const& body) {
  auto const code = required_string(body, "authority");
  if (!code) return std::unexpected(code.error());
  auto const* authority = services->governance.authority_by_code(*code);
  if (authority == nullptr) return fail(ErrorCode::not_found, "There is no authority '" + *code + "' here.");
  return authority->id;
}

/// The room, for its members.
Task<Result<RoomNid>> members_room(Services services, std::string room_id, UserNid user) {
  auto const room = co_await services->rooms.find(std::move(room_id));
  if (!room && room.error().code == ErrorCode::not_found)
    co_return fail(ErrorCode::forbidden, "You are not in this room.");
  if (!room) co_return std::unexpected(room.error());
  auto const membership = co_await services->rooms.membership(*room, user);
  if (!membership) co_return std::unexpected(membership.error());
  if (*membership != matrix::Membership::join)
    co_return fail(ErrorCode::forbidden, "You are not in this room.");
  co_return *room;
}

Result<std::vector<std::string>> read_event_ids(std::string const& text) {
  auto const body = parse_json_object(text);
  if (!body) return std::unexpected(body.error());
  auto const* ids = optional_array(*body, "event_ids");
  if (ids == nullptr) return fail(ErrorCode::missing_param, "The field 'event_ids' is missing.");
  if (ids->size() > kMostItems)
    return fail(ErrorCode::invalid_param, "At most 200 items can be asked about at once.");
  std::vector<std::string> found;
  for (auto const& id : *ids) {
    if (!id.is_string()) return fail(ErrorCode::invalid_param, "The event ids must be strings.");
    found.emplace_back(id.get_string());
  }
  return found;
}

Task<Answer> items(Services services, Requester requester, std::string room_id, std::string text) {
  auto const ids = read_event_ids(text);
  if (!ids) co_return std::unexpected(ids.error());
  auto const room = co_await members_room(services, std::move(room_id), requester.user);
  if (!room) co_return std::unexpected(room.error());
  std::vector<RoomEvent> events;
  json::object by_item;
  std::map<EventNid, std::string> id_of;
  for (auto const& id : *ids) {
    auto event = co_await services->rooms.event(EventId(id));
    if (!event || event->room != *room) continue;  // gone, or of another room: no answer for it
    id_of[event->nid] = id;
    by_item[id] = json::array{};
    events.push_back(std::move(*event));
  }
  auto const shown = co_await services->assessment.assessments_of(
      *room, std::move(events), services->assessment.visible_to(requester.user));
  if (!shown) co_return std::unexpected(shown.error());
  for (auto const& item : *shown) {
    by_item[id_of[item.row.event]].as_array().push_back(to_json(item, names(services)));
  }
  co_return json_answer({{"items", std::move(by_item)}});
}

/// An item's id and title for the side panel; what its author removed shows no text there.
Task<std::pair<std::string, std::string>> title_of(Services services, EventNid nid) {
  auto const event = co_await services->rooms.event(nid);
  if (!event) co_return std::pair<std::string, std::string>{};
  auto const item = read_item(*event);
  if (event->redacted_by || !item) co_return std::pair(event->id.value, std::string());
  auto title = short_title(item->text);
  if (title.empty() && !item->attachments.empty()) title = item->attachments.front().name;
  co_return std::pair(event->id.value, title);
}

Task<Answer> overview(Services services, Requester requester, std::string room_id) {
  auto const room = co_await members_room(services, std::move(room_id), requester.user);
  if (!room) co_return std::unexpected(room.error());
  auto const found =
      co_await services->assessment.overview(*room, services->assessment.visible_to(requester.user));
  if (!found) co_return std::unexpected(found.error());
  json::array to_assess, registered;
  for (auto const& item : found->to_assess) {
    auto const [id, title] = co_await title_of(services, item.row.event);
    to_assess.push_back(
        json::object{{"event_id", id}, {"title", title}, {"assessment", to_json(item, names(services))}});
  }
  std::set<RecordId> seen;
  for (auto const& item : found->registered) {
    if (!seen.insert(item.row.record).second) continue;  // several items, one record
    registered.push_back(json::object{{"number", item.record.number},
                                      {"title", item.record.title},
                                      {"at", to_ms(item.row.decided_at)},
                                      {"record_id", item.row.record.value}});
  }
  co_return json_answer({{"to_assess", std::move(to_assess)}, {"registered", std::move(registered)}});
}

struct NamedItem {
  RoomNid room;
  EventNid event;
};

Task<Result<NamedItem>> find_item(Services services, std::string room_id, std::string event_id) {
  auto const room = co_await services->rooms.find(std::move(room_id));
  auto const event = co_await services->rooms.event(EventId(std::move(event_id)));
  if (!room || !event || event->room != *room)
    co_return fail(ErrorCode::not_found, "There is no such item in this room.");
  co_return NamedItem{*room, event->nid};
}

Task<Answer> assess(Services services, Requester requester, net::PathParameters path, std::string text) {
  auto const body = parse_json_object(text);
  if (!body) co_return std::unexpected(body.error());
  auto const authority = authority_of(services, *body);
  if (!authority) co_return std::unexpected(authority.error());
  auto const handling = required_string(*body, "handling");
  if (!handling) co_return std::unexpected(handling.error());
  auto const item = co_await find_item(services, path.at(0), path.at(1));
  if (!item) co_return std::unexpected(item.error());
  AssessRequest request;
  request.by = requester.user;
  request.room = item->room;
  request.event = item->event;
  request.authority = *authority;
  request.handling = *handling;
  request.reason = optional_string(*body, "reason").value_or("");
  request.record = optional_string(*body, "record").value_or("");
  if (auto const second = optional_string(*body, "second_person")) {
    request.second_person = services->identity.find(*second);
  }
  auto const done = co_await services->assessment.assess(std::move(request));
  if (!done) co_return refusal_answer(done.error());
  co_return json_answer(to_json(*done, names(services)));
}

Task<Answer> mark_sent(Services services, Requester requester, net::PathParameters path, std::string text) {
  auto const body = parse_json_object(text);
  if (!body) co_return std::unexpected(body.error());
  auto const authority = authority_of(services, *body);
  if (!authority) co_return std::unexpected(authority.error());
  auto const to = required_string(*body, "to");
  if (!to) co_return std::unexpected(to.error());
  auto const day = governance::parse_day(optional_string(*body, "day").value_or(""));
  if (!day) co_return fail(ErrorCode::invalid_param, "The field 'day' must be a day, as 2026-11-24.");
  auto const item = co_await find_item(services, path.at(0), path.at(1));
  if (!item) co_return std::unexpected(item.error());
  auto const done =
      co_await services->assessment.mark_sent(requester.user, item->room, item->event, *authority, *to, *day);
  if (!done) co_return std::unexpected(done.error());
  co_return json_answer(to_json(*done, names(services)));
}

/// The authorities a registrar asks for, all own ones when none is named; `forbidden` without the role.
Result<std::vector<AuthorityId>> desk_authorities(Services const& services, UserNid user,
                                                  std::vector<std::string> const& codes) {
  std::vector<AuthorityId> found;
  auto const& governance = services->governance;
  for (auto const& code : codes) {
    auto const* authority = governance.authority_by_code(code);
    if (authority == nullptr) return fail(ErrorCode::not_found, "There is no authority '" + code + "' here.");
    if (!governance.has_role(user, authority->id, governance::Role::registrar)) {
      return fail(ErrorCode::forbidden, "Only a registrar of " + authority->name_en + " sees its queue.");
    }
    found.push_back(authority->id);
  }
  if (!codes.empty()) return found;
  for (auto const& held : governance.assignments(user)) {
    if (held.role == governance::Role::registrar) found.push_back(held.authority);
  }
  if (found.empty()) return fail(ErrorCode::forbidden, "Only registrars have a queue.");
  return found;
}

Task<LinePlace> place_of(Services services, RoomNid room) {
  LinePlace place;
  if (auto const id = co_await services->rooms.room_id(room)) place.room_id = id->value;
  auto const state = co_await services->rooms.state(room, "m.room.name", "");
  if (state && *state) {
    if (auto const content = parse_json_object(**state)) {
      place.room_name = optional_string(*content, "name").value_or("");
    }
  }
  auto const* plans = services->governance.plans(room);
  auto const* entry = plans == nullptr ? nullptr : plans->in_force();
  if (entry != nullptr) place.case_of_room = governance::linked_case(entry->content);
  co_return place;
}

Task<Result<json::array>> queue_lines(Services services, UserNid by, std::vector<ShownAssessment> queue) {
  json::array lines;
  std::map<RoomNid, LinePlace> places;
  std::vector<std::pair<EventNid, AuthorityId>> opened;
  for (auto const& shown : queue) {
    auto const event = co_await services->rooms.event(shown.row.event);
    if (!event) continue;  // disposed of by the other authorities while the queue was read
    if (!places.contains(shown.row.room))
      places[shown.row.room] = co_await place_of(services, shown.row.room);
    auto const posting = services->assessment.posting_of(*event);
    auto line = to_line(shown, *event, places[shown.row.room], posting.concerned.size(), names(services));
    if (event->redacted_by) opened.emplace_back(event->nid, shown.row.authority);
    if (services->draft_of_line) {
      auto const filled = co_await services->draft_of_line(shown.row, *event, by);
      if (!filled) co_return std::unexpected(filled.error());
      line["draft"] = filled->draft;
      line["next_number"] = filled->next_number;
    }
    lines.push_back(std::move(line));
  }
  auto const noted = co_await services->assessment.note_opened(by, std::move(opened));
  if (!noted) co_return std::unexpected(noted.error());
  co_return lines;
}

/// The clock of a line: its assessment's, or its own when it is a request or a review.
json::object const& clock_of(json::value const& line) {
  auto const* assessment = optional_object(line.as_object(), "assessment");
  return assessment == nullptr ? line.as_object() : *assessment;
}

bool is_late(json::value const& line) { return optional_string(clock_of(line), "clock") == "late"; }

/// Days as text sort like days; what has none comes last. Lines of one day stay in their order.
void sort_by_due(json::array& lines) {
  auto const day = [](json::value const& line) {
    return std::string(optional_string(clock_of(line), "due_day").value_or("9999-12-31"));
  };
  std::vector<std::pair<std::string, std::size_t>> order;
  for (std::size_t at = 0; at < lines.size(); ++at) order.emplace_back(day(lines[at]), at);
  std::ranges::sort(order);
  json::array sorted;
  for (auto const& [due, at] : order) sorted.push_back(std::move(lines[at]));
  lines = std::move(sorted);
}

Task<Answer> queue(Services services, Requester requester, std::vector<std::string> codes) {
  auto const authorities = desk_authorities(services, requester.user, codes);
  if (!authorities) co_return std::unexpected(authorities.error());
  auto found = co_await services->assessment.queue(*authorities);
  if (!found) co_return std::unexpected(found.error());
  auto lines = co_await queue_lines(services, requester.user, std::move(found->lines));
  if (!lines) co_return std::unexpected(lines.error());
  std::int64_t left = found->left;
  if (services->other_lines) {
    auto const others = co_await services->other_lines(*authorities);
    if (!others) co_return std::unexpected(others.error());
    for (auto const& line : *others) lines->push_back(line);
    left += static_cast<std::int64_t>(others->size());
  }
  sort_by_due(*lines);
  auto const late = std::ranges::count_if(*lines, is_late);
  co_return json_answer(
      {{"lines", std::move(*lines)}, {"left", left}, {"late", late}, {"done_today", found->done_today}});
}

}  // namespace

net::Response refusal_answer(RuleRefusal const& refusal) {
  auto response = net::error_response(refusal.error);
  if (!refusal.why) return response;
  auto body = parse_json_object(response.body).value_or(json::object{});
  body["why"] = to_json(*refusal.why);
  response.body = json::serialize(body);
  return response;
}

std::vector<net::Route> assessment_routes(AssessmentHttp services) {
  auto const shared = std::make_shared<AssessmentHttp const>(std::move(services));
  auto const& identity = shared->identity;
  std::vector<net::Route> table;
  table.push_back(user_route(Method::post, "/_torg/v1/rooms/{roomId}/items", identity,
                             [shared](Requester requester, net::Call& call) {
                               return items(shared, std::move(requester), call.path.at(0), call.request.body);
                             }));
  table.push_back(user_route(Method::get, "/_torg/v1/rooms/{roomId}/overview", identity,
                             [shared](Requester requester, net::Call& call) {
                               return overview(shared, std::move(requester), call.path.at(0));
                             }));
  table.push_back(user_route(Method::post, "/_torg/v1/rooms/{roomId}/items/{eventId}/assess", identity,
                             [shared](Requester requester, net::Call& call) {
                               return assess(shared, std::move(requester), call.path, call.request.body);
                             }));
  table.push_back(user_route(Method::post, "/_torg/v1/rooms/{roomId}/items/{eventId}/mark-sent", identity,
                             [shared](Requester requester, net::Call& call) {
                               return mark_sent(shared, std::move(requester), call.path, call.request.body);
                             }));
  table.push_back(
      user_route(Method::get, "/_torg/v1/queue", identity, [shared](Requester requester, net::Call& call) {
        return queue(shared, std::move(requester), call.request.query_all("authority"));
      }));
  return table;
}

}  // namespace torg::records
