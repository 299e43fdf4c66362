#include "records/assessment/opening_http.hpp"

#include "identity/http.hpp"
#include "records/assessment/http.hpp"
#include "records/assessment/json.hpp"

#include <algorithm>
#include <memory>

namespace torg::records {
namespace {

using identity::json_answer;
using identity::Requester;
using net::Method;
using Answer = Result<net::Response>;
using Services = std::shared_ptr<OpeningHttp const>;

Bilingual const& history_was_open() {
  static Bilingual const text{
      "Det som skrivits här har varit öppet för alla medlemmar, och visas därför för var och en som kommer "
      "senare. Gör "
      "ett nytt rum som följer på det här, så ser den nya myndigheten bara det som skrivs från och med nu "
      "(R9).",
      "What was written here has been open to all members, so everyone who comes later sees it. Make a room "
      "that "
      "follows this one, and the new authority sees only what is written from now on (R9)."};
  return text;
}

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

json::value code_or_null(Services const& services, AuthorityId id) {
  auto const code = code_of(services->governance, id);
  return code.empty() ? json::value(nullptr) : json::value(code);
}

json::object to_json(Services const& services, OpeningPreview const& preview) {
  json::array items;
  for (auto const& item : preview.items) {
    json::array becomes;
    for (auto const& one : item.becomes) {
      becomes.push_back(json::object{{"authority", code_or_null(services, one.authority)},
                                     {"basis", to_text(one.basis)},
                                     {"rule", one.rule},
                                     {"handling", to_text(one.handling)}});
    }
    items.push_back(json::object{{"event_id", item.event_id},
                                 {"sender_authority", code_or_null(services, item.sender)},
                                 {"at", to_ms(item.at)},
                                 {"becomes", std::move(becomes)}});
  }
  auto const nothing = preview.discloses_nothing();
  return {{"takes_part", preview.takes_part},
          {"sent", preview.sent},
          {"received", preview.received},
          {"items", std::move(items)},
          {"from_now_on",
           {{"possible", nothing},
            {"changes_visibility", nothing && preview.shows_history && !preview.takes_part},
            {"why", nothing ? json::value(nullptr) : json::value(records::to_json(history_was_open()))}}}};
}

Task<Answer> preview(Services services, Requester requester, std::string room_id, std::string code) {
  auto const room = co_await members_room(services, std::move(room_id), requester.user);
  if (!room) co_return std::unexpected(room.error());
  auto const* authority = code.empty() ? nullptr : services->governance.authority_by_code(code);
  if (!code.empty() && authority == nullptr)
    co_return fail(ErrorCode::not_found, "There is no authority '" + code + "' here.");
  auto const found = co_await services->assessment.preview_opening(
      *room, authority == nullptr ? AuthorityId{} : authority->id);
  if (!found) co_return std::unexpected(found.error());
  co_return json_answer(to_json(services, *found));
}

/// The history is closed to those who come later, from now on.
Task<Result<>> close_history(Services services, RoomNid room, UserNid by) {
  matrix::SendEvent event;
  event.room = room;
  event.sender = by;
  event.type = "m.room.history_visibility";
  event.state_key = "";
  event.content = {{"history_visibility", "joined"}};
  auto const sent = co_await services->rooms.send(std::move(event));
  if (!sent) co_return std::unexpected(sent.error());
  co_return Result<>{};
}

Task<Result<>> note_disclosure(Services services, RoomNid room, UserNid by, AuthorityId authority,
                               OpeningPreview const& preview) {
  co_return co_await services->database.write(
      [room, by, authority, sent = preview.sent, received = preview.received,
       at = services->runtime.now()](db::Transaction& transaction) -> Result<> {
        governance::Governance::audit(
            transaction, at, by, "room.history_opened",
            {{"room", room.value}, {"authority", authority.value}, {"sent", sent}, {"received", received}});
        return {};
      });
}

/// Invites somebody, after the choice about what was said before: never by itself with the history.
Task<Answer> open(Services services, Requester requester, std::string room_id, std::string text) {
  auto const body = parse_json_object(text);
  if (!body) co_return std::unexpected(body.error());
  auto const user_id = required_string(*body, "user_id");
  if (!user_id) co_return std::unexpected(user_id.error());
  auto const history = optional_string(*body, "history").value_or("from_now_on");
  if (history != "from_now_on" && history != "with_history")
    co_return fail(ErrorCode::invalid_param, "The field 'history' is from_now_on or with_history.");
  bool const with_history = history == "with_history";
  auto const target = services->identity.find(*user_id);
  if (!target) co_return fail(ErrorCode::not_found, "There is no such account here.");
  auto const room = co_await members_room(services, std::move(room_id), requester.user);
  if (!room) co_return std::unexpected(room.error());
  auto const authority = services->governance.authority_or_none(target);
  auto const found = co_await services->assessment.preview_opening(*room, authority);
  if (!found) co_return std::unexpected(found.error());
  if (!with_history && !found->discloses_nothing()) {
    co_return refusal_answer({{ErrorCode::rule_refuses, history_was_open().en, {}}, history_was_open()});
  }
  if (!with_history && found->shows_history && !found->takes_part) {
    if (auto closed = co_await close_history(services, *room, requester.user); !closed)
      co_return std::unexpected(closed.error());
  }
  auto const invited =
      co_await services->rooms.set_membership(*room, requester.user, target, matrix::Membership::invite, "");
  if (!invited) co_return std::unexpected(invited.error());
  if (with_history && !found->discloses_nothing()) {
    auto const noted = co_await note_disclosure(services, *room, requester.user, authority, *found);
    if (!noted) co_return std::unexpected(noted.error());
  }
  co_return json_answer({{"event_id", invited->id.value}, {"opening", to_json(services, *found)}});
}

// What an item has been for each authority.

bool is_made_here(Basis basis) {
  switch (basis) {
    case Basis::drawn_up_sent:
    case Basis::drawn_up_approved:
    case Basis::drawn_up_final:
    case Basis::drawn_up_case_closed:
    case Basis::archived:
    case Basis::sent_and_received:
      return true;
    default:
      return false;
  }
}

json::value moment(Instant at, std::string_view rule) {
  return json::object{{"at", to_ms(at)}, {"rule", rule}};
}

/// Drawn up and sent for those who wrote it, received for the others; each null until it happened.
json::object steps_of(Services const& services, ShownAssessment const& shown, AuthorityId sender) {
  auto const& row = shown.row;
  bool const record = row.status == Status::record;
  bool const own = row.authority == sender;
  bool const sent = row.basis == Basis::drawn_up_sent || row.basis == Basis::sent_and_received;
  json::value const when = record ? moment(row.since, row.rule) : json::value(nullptr);
  bool const registered = bool(shown.record.id);
  return {{"authority", code_of(services->governance, row.authority)},
          {"drawn_up", own && is_made_here(row.basis) ? when : json::value(nullptr)},
          {"sent", own && sent ? when : json::value(nullptr)},
          {"received", own ? json::value(nullptr) : when},
          {"working", !record},
          {"basis", to_text(row.basis)},
          {"registered", registered ? json::value(json::object{{"at", to_ms(row.decided_at)},
                                                               {"number", shown.record.number}})
                                    : json::value(nullptr)}};
}

json::value registers_of(Services const& services, RoomNid room) {
  auto const* plan = services->governance.plan(room);
  return plan == nullptr ? json::value(nullptr) : code_or_null(services, plan->registers);
}

Task<Answer> timeline(Services services, Requester requester, net::PathParameters path) {
  auto const room = co_await members_room(services, path.at(0), requester.user);
  if (!room) co_return std::unexpected(room.error());
  auto const event = co_await services->rooms.event(EventId(path.at(1)));
  if (!event || event->room != *room)
    co_return fail(ErrorCode::not_found, "There is no such item in this room.");
  auto const posting = services->assessment.posting_of(*event);
  auto const shown = co_await services->assessment.assessments_of(*room, {*event}, posting.concerned);
  if (!shown) co_return std::unexpected(shown.error());
  json::array authorities;
  for (auto const& one : *shown) authorities.push_back(steps_of(services, one, posting.sender));
  co_return json_answer({{"event_id", path.at(1)},
                         {"written_at", event->origin_server_ts},
                         {"written_by", code_or_null(services, posting.sender)},
                         {"registers", registers_of(services, *room)},
                         {"authorities", std::move(authorities)}});
}

}  // namespace

std::vector<net::Route> opening_routes(OpeningHttp given) {
  auto const services = std::make_shared<OpeningHttp const>(std::move(given));
  auto const& identity = services->identity;
  using identity::user_route;
  return {user_route(Method::get, "/_torg/v1/rooms/{roomId}/opening", identity,
                     [services](Requester r, net::Call& call) {
                       return preview(services, std::move(r), call.path.at(0),
                                      call.request.query("authority").value_or(""));
                     }),
          user_route(Method::post, "/_torg/v1/rooms/{roomId}/opening", identity,
                     [services](Requester r, net::Call& call) {
                       return open(services, std::move(r), call.path.at(0), std::move(call.request.body));
                     }),
          user_route(Method::get, "/_torg/v1/rooms/{roomId}/items/{eventId}/timeline", identity,
                     [services](Requester r, net::Call& call) {
                       return timeline(services, std::move(r), call.path);
                     })};
}

}  // namespace torg::records
