// /_torg/v1/admin/rooms
#include "administration/handlers.hpp"
#include "administration/lists.hpp"

namespace torg::administration {
namespace {

json::object room_json(Services const& services, RoomRow const& room) {
  return {{"room_id", room.room_id},
          {"name", text_or_null(room.name)},
          {"alias", text_or_null(room.canonical_alias)},
          {"version", room.version},
          {"type", text_or_null(room.room_type)},
          {"creator", user_or_null(services, room.creator)},
          {"joined_members", room.joined_members},
          {"state_events", room.state_events},
          {"encrypted", !room.encryption.empty()},
          {"join_rule", text_or_null(room.join_rule)},
          {"guest_access", text_or_null(room.guest_access)},
          {"history_visibility", text_or_null(room.history_visibility)},
          {"planned", services.governance.plan(room.room) != nullptr},
          {"listed", room.listed},
          {"blocked", room.blocked}};
}

Answer list(Administration& administration, Asked asked) {
  Rooms::Query query{.search = asked.query("search").value_or("")};
  auto const page = asked.page();
  if (!page) co_return std::unexpected(page.error());
  query.page = *page;
  auto const order = room_order(asked.query("order").value_or("name"));
  if (!order) co_return std::unexpected(order.error());
  query.order = *order;
  if (asked.query("direction").value_or("forwards") == "backwards") query.direction = Direction::backwards;
  auto const found = co_await administration.rooms().list(query);
  if (!found) co_return std::unexpected(found.error());
  json::array rooms;
  for (auto const& room : found->rooms) rooms.push_back(room_json(administration.services(), room));
  json::object out{{"rooms", std::move(rooms)}};
  add_next(out, *page, static_cast<std::size_t>(found->total));
  co_return json_answer(out);
}

Answer show(Administration& administration, Asked asked) {
  auto const row = co_await shown_room(administration, asked.path(0));
  if (!row) co_return std::unexpected(row.error());
  co_return json_answer(room_json(administration.services(), *row));
}

Answer members(Administration& administration, Asked asked) {
  auto const page = asked.page();
  if (!page) co_return std::unexpected(page.error());
  auto const members = co_await members_of(administration.services(), asked.path(0));
  if (!members) co_return std::unexpected(members.error());
  json::array list;
  for (auto i = page->from; i < members->size() && i < page->from + page->limit; ++i)
    list.push_back(json::object{{"user_id", (*members)[i].user_id},
                                {"membership", matrix::to_text((*members)[i].membership)},
                                {"power", (*members)[i].power}});
  json::object out{{"members", std::move(list)}};
  add_next(out, *page, members->size());
  co_return json_answer(out);
}

Answer state(Administration& administration, Asked asked) {
  auto events = co_await room_state(administration, asked.act(), asked.path(0));
  if (!events) co_return std::unexpected(events.error());
  co_return json_answer({{"state", std::move(*events)}});
}

Answer set_block(Administration& administration, Asked asked) {
  auto const decision = decision_in(asked);
  if (!decision) co_return std::unexpected(decision.error());
  auto const wanted = required_bool(decision->body, "blocked");
  if (!wanted) co_return std::unexpected(wanted.error());
  auto const done = co_await set_blocked(administration, decision->act, asked.path(0), *wanted);
  if (!done) co_return std::unexpected(done.error());
  co_return json_answer({{"blocked", *wanted}});
}

Answer take_over_room(Administration& administration, Asked asked) {
  auto const decision = decision_in(asked);
  if (!decision) co_return std::unexpected(decision.error());
  auto const room = co_await administration.rooms().find(asked.path(0));
  if (!room) co_return std::unexpected(room.error());
  auto const done = co_await take_over(administration, decision->act, *room, decision->body);
  if (!done) co_return std::unexpected(done.error());
  co_return empty_answer();
}

Task<Result<json::object>> closing_json(Administration& administration, Closing closing) {
  auto const id = co_await administration.services().rooms.room_id(closing.room);
  if (!id) co_return std::unexpected(id.error());
  json::object out{{"id", closing.nid},
                   {"room_id", id->value},
                   {"by", user_or_null(administration.services(), closing.by)},
                   {"at", to_ms(closing.at)},
                   {"reason", closing.reason},
                   {"done", closing.finished.has_value()},
                   {"left", closing.kicked}};
  auto const there = co_await administration.closings().still_there(closing.room);
  if (!there) co_return std::unexpected(there.error());
  json::array still;
  for (auto const user : *there) still.push_back(user_or_null(administration.services(), user));
  out["still_there"] = std::move(still);
  co_return out;
}

Answer close(Administration& administration, Asked asked) {
  auto const decision = decision_in(asked);
  if (!decision) co_return std::unexpected(decision.error());
  if (optional_bool(decision->body, "purge").value_or(false)) co_return Rooms::purge_refused();
  auto const room = co_await administration.rooms().find(asked.path(0));
  if (!room) co_return std::unexpected(room.error());
  bool const block = optional_bool(decision->body, "block").value_or(true);
  auto const begun = co_await administration.closings().begin(
      decision->act, {.room = *room, .block = block ? Closings::Block::yes : Closings::Block::no});
  if (!begun) co_return std::unexpected(begun.error());
  co_return json_answer({{"id", *begun}}, 202);
}

Answer purge(Administration&, Asked) { co_return Rooms::purge_refused(); }

Answer show_closing(Administration& administration, Asked asked) {
  auto const nid = number_in(asked, 0);
  if (!nid) co_return std::unexpected(nid.error());
  auto closing = co_await administration.closings().find(*nid);
  if (!closing) co_return std::unexpected(closing.error());
  auto const out = co_await closing_json(administration, std::move(*closing));
  if (!out) co_return std::unexpected(out.error());
  co_return json_answer(*out);
}

}  // namespace

std::vector<net::Route> room_routes(Administration& administration) {
  using enum Method;
  auto const route = [&](Method method, std::string_view pattern, Function function) {
    return admin_route(administration, method, pattern, function);
  };
  return {
      route(get, "/_torg/v1/admin/rooms", list),
      route(get, "/_torg/v1/admin/rooms/{roomId}", show),
      route(get, "/_torg/v1/admin/rooms/{roomId}/members", members),
      route(get, "/_torg/v1/admin/rooms/{roomId}/state", state),
      route(put, "/_torg/v1/admin/rooms/{roomId}/block", set_block),
      route(post, "/_torg/v1/admin/rooms/{roomId}/take-over", take_over_room),
      route(post, "/_torg/v1/admin/rooms/{roomId}/close", close),
      route(post, "/_torg/v1/admin/rooms/{roomId}/purge", purge),
      route(get, "/_torg/v1/admin/closings/{id}", show_closing),
  };
}

}  // namespace torg::administration
