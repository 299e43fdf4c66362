#include "records/assessment/http.hpp"

#include "governance/plan.hpp"
#include "governance/zone.hpp"
#include "identity/http.hpp"
#include "records/assessment/http_queue.hpp"
#include "records/rules/routine.hpp"

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

struct MembersRoom {
  RoomNid room;
  ItemAccess access;  ///< what its history shows them
};

/// The room, for its members.
Task<Result<MembersRoom>> members_room(Services services, std::string room_id, UserNid user) {
  auto const room = co_await services->rooms.find(std::move(room_id));
  if (!room && room.error().code == ErrorCode::not_found)
    co_return fail(ErrorCode::forbidden, "You are not in this room.");
  if (!room) co_return std::unexpected(room.error());
  auto access = co_await services->assessment.access(*room, user, AuthorityId{});
  if (!access) co_return std::unexpected(access.error());
  co_return MembersRoom{*room, std::move(*access)};
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

/// What was told rather than written and is no note yet.
bool tells_of_speech(RoomEvent const& event) {
  auto const item = event.redacted_by ? std::nullopt : read_item(event);
  return item && !item->note && records::tells_of_speech(item->text);
}

/// R16: what was told and may matter in the room's case calls for an official note, at once.
json::value note_prompt(Services const& services, Assessment const& row) {
  auto const wanted = services->assessment.settings().of(row.authority).note_prompts;
  auto const* plan = services->governance.plan(row.room);
  bool const in_case = plan != nullptr && plan->case_id;
  if (wanted == NotePrompts::never || (wanted == NotePrompts::in_cases && !in_case)) return nullptr;
  return to_json({"En muntlig uppgift? Kan den få betydelse i ärendet ska den skrivas ner genast (FL 27 §).",
                  "Was this told, not written? If it may matter in the case it must be written down at once "
                  "(FL 27)."});
}

Task<Answer> items(Services services, Requester requester, std::string room_id, std::string text) {
  auto const ids = read_event_ids(text);
  if (!ids) co_return std::unexpected(ids.error());
  auto const room = co_await members_room(services, std::move(room_id), requester.user);
  if (!room) co_return std::unexpected(room.error());
  std::vector<RoomEvent> events;
  json::object by_item;
  std::map<EventNid, std::string> id_of;
  std::set<EventNid> told;
  for (auto const& id : *ids) {
    auto event = co_await services->rooms.event(EventId(id));
    if (!event || !room->access.shows(*event)) continue;  // gone, of another room or hidden: no answer
    if (tells_of_speech(*event)) told.insert(event->nid);
    id_of[event->nid] = id;
    by_item[id] = json::array{};
    events.push_back(std::move(*event));
  }
  auto const shown = co_await services->assessment.assessments_of(
      room->room, std::move(events), services->assessment.visible_to(requester.user));
  if (!shown) co_return std::unexpected(shown.error());
  for (auto const& item : *shown) {
    auto one = to_json(item, names(services));
    one["note_prompt"] = told.contains(item.row.event) ? note_prompt(services, item.row) : nullptr;
    by_item[id_of[item.row.event]].as_array().push_back(std::move(one));
  }
  co_return json_answer({{"items", std::move(by_item)}});
}

/// An item's id and title for the side panel; what its author removed shows no text there.
/// None for what they may not read.
Task<std::optional<std::pair<std::string, std::string>>> title_of(Services services, ItemAccess access,
                                                                  EventNid nid) {
  auto const event = co_await services->rooms.event(nid);
  if (!event || !access.shows(*event)) co_return std::nullopt;
  auto const item = read_item(*event);
  if (event->redacted_by || !item) co_return std::pair(event->id.value, std::string());
  auto title = short_title(item->text);
  if (title.empty() && !item->attachments.empty()) title = item->attachments.front().name;
  co_return std::pair(event->id.value, title);
}

json::object registered_json(ShownAssessment const& item) {
  auto const& outside = item.handover;
  auto const& number = outside ? outside->number : item.record.number;
  return {{"number", number.empty() ? json::value(nullptr) : json::value(number)},
          {"title", outside ? outside->title : item.record.title},
          {"at", to_ms(item.row.decided_at)},
          {"record_id", item.row.record ? json::value(item.row.record.value) : json::value(nullptr)},
          {"external", outside ? json::value(to_json(*outside)) : json::value(nullptr)}};
}

Task<Answer> overview(Services services, Requester requester, std::string room_id) {
  auto const room = co_await members_room(services, std::move(room_id), requester.user);
  if (!room) co_return std::unexpected(room.error());
  auto const found =
      co_await services->assessment.overview(room->room, services->assessment.visible_to(requester.user));
  if (!found) co_return std::unexpected(found.error());
  json::array to_assess, registered;
  for (auto const& item : found->to_assess) {
    auto const named = co_await title_of(services, room->access, item.row.event);
    if (!named) continue;
    to_assess.push_back(json::object{{"event_id", named->first},
                                     {"title", named->second},
                                     {"assessment", to_json(item, names(services))}});
  }
  std::set<std::pair<RecordId, std::string>> seen;
  for (auto const& item : found->registered) {
    auto const& outside = item.handover;
    if (!seen.emplace(item.row.record, outside ? outside->key : "").second)
      continue;  // several items, one record
    registered.push_back(registered_json(item));
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
  table.push_back(queue_route(shared));
  table.push_back(bulk_route(shared));
  return table;
}

}  // namespace torg::records
