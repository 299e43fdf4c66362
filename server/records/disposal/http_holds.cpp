#include "identity/http.hpp"
#include "records/assessment/json.hpp"
#include "records/disposal/http.hpp"

#include <charconv>

namespace torg::records {
namespace {

using identity::json_answer;
using identity::Requester;
using identity::user_route;
using net::Method;
using Answer = Result<net::Response>;

/// Who may do either sees them.
bool may_see(DisposalHttp const& services, UserNid user, AuthorityId authority) {
  return services.governance.acts(user, authority)
      .has_any({governance::Act::set_hold, governance::Act::release_hold});
}

/// What a hold is about, as the API names it.
Task<json::object> subject_json(DisposalHttp services, Hold hold) {
  if (hold.record) co_return json::object{{"record_id", hold.record.value}};
  if (hold.room) co_return co_await room_json(services.rooms, hold.room);
  auto const event = co_await services.rooms.event(hold.event);
  co_return json::object{{"event_id", event ? event->id.value : std::string()}};
}

Task<json::object> hold_json(DisposalHttp services, Hold hold) {
  auto what = co_await subject_json(services, hold);
  co_return json::object{
      {"id", hold.id.value},
      {"authority", code_of(services.governance, hold.authority)},
      {"what", std::move(what)},
      {"reason", hold.reason},
      {"placed_by", services.identity.user_id(hold.placed_by)},
      {"placed_at", to_ms(hold.placed_at)},
      {"released_at", hold.released_at ? json::value(to_ms(*hold.released_at)) : json::value(nullptr)},
      {"release_reason", hold.release_reason}};
}

Task<Answer> list(DisposalHttp services, Requester requester, Result<net::Page> page) {
  if (!page) co_return std::unexpected(page.error());
  auto const found = co_await services.database.read(
      [page = *page](db::Reader& reader) { return disposal_store::holds(reader, page); });
  if (!found) co_return std::unexpected(found.error());
  json::array lines;
  for (auto const& hold : *found) {
    if (may_see(services, requester.user, hold.authority))
      lines.push_back(co_await hold_json(services, hold));
  }
  json::object out{{"holds", std::move(lines)}};
  net::add_next(out, *page, found->size() == page->limit ? net::More::yes : net::More::no);
  co_return json_answer(out);
}

Task<Result<Hold>> read_subject(DisposalHttp services, json::object what, Hold hold) {
  if (auto const record = optional_integer(what, "record_id")) hold.record = RecordId(*record);
  if (auto const id = optional_string(what, "room_id")) {
    auto const room = co_await services.rooms.find(std::string(*id));
    if (!room) co_return std::unexpected(room.error());
    hold.room = *room;
  }
  if (auto const id = optional_string(what, "event_id")) {
    auto const event = co_await services.rooms.event(EventId(std::string(*id)));
    if (!event) co_return std::unexpected(event.error());
    hold.event = event->nid;
    hold.room = RoomNid{};  // the item alone, also when its room is named beside it
  }
  if (!hold.record && !hold.room && !hold.event) {
    co_return fail(ErrorCode::missing_param, "A hold needs a room, a record or an item.");
  }
  co_return hold;
}

Task<Answer> place(DisposalHttp services, Requester requester, std::string text) {
  auto const body = parse_json_object(text);
  if (!body) co_return std::unexpected(body.error());
  auto const code = required_string(*body, "authority");
  if (!code) co_return std::unexpected(code.error());
  auto const reason = required_string(*body, "reason");
  if (!reason) co_return std::unexpected(reason.error());
  auto const* authority = services.governance.authority_by_code(*code);
  if (authority == nullptr)
    co_return fail(ErrorCode::not_found, "There is no authority '" + *code + "' here.");
  if (!services.governance.may(requester.user, governance::Act::set_hold, authority->id))
    co_return fail(ErrorCode::forbidden,
                   "Only archivists, registrars and lawyers of the authority place holds.");
  Hold hold;
  hold.authority = authority->id;
  hold.reason = *reason;
  hold.placed_by = requester.user;
  hold.placed_at = services.runtime.now();
  auto const* what = optional_object(*body, "what");
  auto const named =
      co_await read_subject(services, what == nullptr ? json::object{} : *what, std::move(hold));
  if (!named) co_return std::unexpected(named.error());
  auto const placed =
      co_await services.database.write([hold = *named](db::Transaction& transaction) -> Result<Hold> {
        auto stored = hold;
        stored.id = disposal_store::place_hold(transaction, stored);
        governance::Governance::audit(transaction, stored.placed_at, stored.placed_by, "hold.placed",
                                      {{"hold", stored.id.value}, {"authority", stored.authority.value}});
        return stored;
      });
  if (!placed) co_return std::unexpected(placed.error());
  co_return json_answer(co_await hold_json(services, *placed));
}

Task<Result<Hold>> find_hold(DisposalHttp services, std::string id_text) {
  std::int64_t number = 0;
  std::from_chars(id_text.data(), id_text.data() + id_text.size(), number);
  auto const found = co_await services.database.read(
      [number](db::Reader& reader) { return disposal_store::hold(reader, HoldId(number)); });
  if (!found) co_return std::unexpected(found.error());
  if (!*found) co_return fail(ErrorCode::not_found, "There is no such hold.");
  co_return **found;
}

Task<Answer> release(DisposalHttp services, Requester requester, std::string id_text, std::string text) {
  auto const body = parse_json_object(text);
  if (!body) co_return std::unexpected(body.error());
  auto const reason = required_string(*body, "reason");
  if (!reason) co_return std::unexpected(reason.error());
  auto found = co_await find_hold(services, std::move(id_text));
  if (!found) co_return std::unexpected(found.error());
  if (!services.governance.may(requester.user, governance::Act::release_hold, found->authority))
    co_return fail(ErrorCode::not_found, "There is no such hold.");
  found->released_by = requester.user;
  found->released_at = services.runtime.now();
  found->release_reason = *reason;
  auto const done =
      co_await services.database.write([hold = *found](db::Transaction& transaction) -> Result<> {
        if (!disposal_store::release_hold(transaction, hold)) {
          return fail(ErrorCode::conflict, "The hold is released already.");
        }
        governance::Governance::audit(transaction, *hold.released_at, hold.released_by, "hold.released",
                                      {{"hold", hold.id.value}, {"authority", hold.authority.value}});
        return {};
      });
  if (!done) co_return std::unexpected(done.error());
  co_return json_answer(co_await hold_json(services, *found));
}

}  // namespace

std::vector<net::Route> hold_routes(DisposalHttp services) {
  auto const& identity = services.identity;
  std::vector<net::Route> table;
  table.push_back(
      user_route(Method::get, "/_torg/v1/holds", identity, [services](Requester requester, net::Call& call) {
        return list(services, std::move(requester), net::parse_page(call.request, net::Page::kMost));
      }));
  table.push_back(
      user_route(Method::post, "/_torg/v1/holds", identity, [services](Requester requester, net::Call& call) {
        return place(services, std::move(requester), call.request.body);
      }));
  table.push_back(user_route(Method::post, "/_torg/v1/holds/{id}/release", identity,
                             [services](Requester requester, net::Call& call) {
                               return release(services, std::move(requester), call.path.at(0),
                                              call.request.body);
                             }));
  return table;
}

}  // namespace torg::records
