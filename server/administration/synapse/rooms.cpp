// Rooms.
#include "administration/lists.hpp"
#include "administration/synapse/routes.hpp"

namespace torg::administration::synapse {
namespace {

json::object room_json(Services const& services, RoomRow const& room) {
  return {{"room_id", room.room_id},
          {"name", text_or_null(room.name)},
          {"canonical_alias", text_or_null(room.canonical_alias)},
          {"joined_members", room.joined_members},
          {"joined_local_members", room.joined_members},  // all are of this server until there is federation
          {"version", room.version},
          {"creator", user_or_null(services, room.creator)},
          {"encryption", text_or_null(room.encryption)},
          {"federatable", room.federates},
          {"public", room.listed},
          {"join_rules", text_or_null(room.join_rule)},
          {"guest_access", text_or_null(room.guest_access)},
          {"history_visibility", text_or_null(room.history_visibility)},
          {"state_events", room.state_events},
          {"room_type", text_or_null(room.room_type)}};
}

/// What Torg doesn't sort by is sorted by name.
RoomOrder order_of(std::string_view text) {
  if (text == "joined_local_members") return RoomOrder::joined_members;
  return room_order(text).value_or(RoomOrder::name);
}

Answer list(Administration& administration, Asked asked) {
  auto const page = asked.page();
  if (!page) co_return std::unexpected(page.error());
  auto const wanted = asked.query("order_by").value_or("name");
  Rooms::Query query{
      .search = asked.query("search_term").value_or(""), .order = order_of(wanted), .page = *page};
  // Synapse counts down by default where it sorts by numbers.
  bool const numbers = query.order == RoomOrder::joined_members || query.order == RoomOrder::state_events;
  bool const backwards = asked.query("dir").value_or("f") == "b";
  query.direction = numbers != backwards ? Direction::backwards : Direction::forwards;
  auto const found = co_await administration.rooms().list(query);
  if (!found) co_return std::unexpected(found.error());
  json::array rooms;
  for (auto const& room : found->rooms) rooms.push_back(room_json(administration.services(), room));
  json::object out{{"rooms", std::move(rooms)}, {"offset", page->from}, {"total_rooms", found->total}};
  auto const next = page->from + page->limit;
  if (next < static_cast<std::size_t>(found->total)) out["next_batch"] = next;
  if (page->from > 0) out["prev_batch"] = page->from > page->limit ? page->from - page->limit : 0;
  co_return json_answer(out);
}

Answer show(Administration& administration, Asked asked) {
  auto const row = co_await shown_room(administration, asked.path(0));
  if (!row) co_return std::unexpected(row.error());
  co_return json_answer(room_json(administration.services(), *row));
}

Answer members(Administration& administration, Asked asked) {
  auto const members = co_await members_of(administration.services(), asked.path(0));
  if (!members) co_return std::unexpected(members.error());
  json::array ids;
  for (auto const& member : *members) {
    if (member.membership == matrix::Membership::join) ids.emplace_back(member.user_id);
  }
  auto const total = ids.size();
  co_return json_answer({{"members", std::move(ids)}, {"total", total}});
}

Answer state(Administration& administration, Asked asked) {
  auto events = co_await room_state(administration, act_of(asked), asked.path(0));
  if (!events) co_return std::unexpected(events.error());
  co_return json_answer({{"state", std::move(*events)}});
}

Answer show_block(Administration& administration, Asked asked) {
  auto const room = co_await administration.rooms().find(asked.path(0));
  if (!room) co_return std::unexpected(room.error());
  auto const by = co_await administration.rooms().blocked_by(*room);
  if (!by) co_return std::unexpected(by.error());
  json::object out{{"block", by->has_value()}};
  if (*by) out["user_id"] = user_or_null(administration.services(), **by);
  co_return json_answer(out);
}

Answer set_block(Administration& administration, Asked asked) {
  auto const body = asked.body();
  if (!body) co_return std::unexpected(body.error());
  auto const wanted = required_bool(*body, "block");
  if (!wanted) co_return std::unexpected(wanted.error());
  auto const done = co_await set_blocked(administration, act_of(asked), asked.path(0), *wanted);
  if (!done) co_return std::unexpected(done.error());
  co_return json_answer({{"block", *wanted}});
}

Task<Result<RoomNid>> room_or_alias(Administration& administration, std::string name) {
  if (!name.starts_with('#')) co_return co_await administration.rooms().find(std::move(name));
  auto const found = co_await administration.services().rooms.find_alias(std::move(name));
  if (!found) co_return std::unexpected(found.error());
  co_return found->room;
}

Answer make_room_admin(Administration& administration, Asked asked) {
  auto const body = asked.body();
  if (!body) co_return std::unexpected(body.error());
  auto const room = co_await room_or_alias(administration, asked.path(0));
  if (!room) co_return std::unexpected(room.error());
  auto const done = co_await take_over(administration, act_of(asked), *room, *body);
  if (!done) co_return std::unexpected(done.error());
  co_return empty_answer();
}

// ---- Reports

json::object report_json(Services const& services, EventReport const& report) {
  return {{"id", report.nid},
          {"received_ts", to_ms(report.at)},
          {"room_id", report.room_id},
          {"event_id", report.event_id},
          {"user_id", user_or_null(services, report.by)},
          {"sender", user_or_null(services, report.sender)},
          {"reason", text_or_null(report.reason)},
          {"score", nullptr}};
}

Answer event_reports(Administration& administration, Asked asked) {
  auto const page = asked.page();
  if (!page) co_return std::unexpected(page.error());
  auto const found = co_await administration.rooms().event_reports(act_of(asked), *page);
  if (!found) co_return std::unexpected(found.error());
  json::array list;
  for (auto const& report : found->reports) list.push_back(report_json(administration.services(), report));
  json::object out{{"event_reports", std::move(list)}, {"total", found->total}};
  auto const next = page->from + page->limit;
  if (next < static_cast<std::size_t>(found->total)) out["next_token"] = next;
  co_return json_answer(out);
}

/// Without the event: what people have written is read by who may read it.
Answer event_report(Administration& administration, Asked asked) {
  auto const nid = number_in(asked, 0);
  if (!nid) co_return std::unexpected(nid.error());
  auto const found = co_await administration.rooms().event_report(act_of(asked), *nid);
  if (!found) co_return std::unexpected(found.error());
  co_return json_answer(report_json(administration.services(), *found));
}

Answer delete_report(Administration& administration, Asked asked) {
  auto const nid = number_in(asked, 0);
  if (!nid) co_return std::unexpected(nid.error());
  auto const done = co_await administration.rooms().close_report(act_of(asked), *nid);
  if (!done) co_return std::unexpected(done.error());
  co_return empty_answer();
}

// ---- "Deleting": closing. SPEC: Synapse purges unless told not to; here that must be asked for, and is
// refused.

Task<Result<Closings::Wanted>> wanted_closing(Administration& administration, Asked asked) {
  auto const body = asked.body();
  if (!body) co_return std::unexpected(body.error());
  for (auto const* purge : {"purge", "force_purge"}) {
    if (optional_bool(*body, purge).value_or(false)) co_return Rooms::purge_refused();
  }
  auto const room = co_await administration.rooms().find(asked.path(0));
  if (!room) co_return std::unexpected(room.error());
  bool const block = optional_bool(*body, "block").value_or(false);
  Closings::Wanted wanted{.room = *room, .block = block ? Closings::Block::yes : Closings::Block::no};
  if (auto const maker = optional_string(*body, "new_room_user_id")) {
    auto const user = administration.users().find(*maker);
    if (!user) co_return std::unexpected(user.error());
    wanted.successor_maker = *user;
    wanted.successor_name = optional_string(*body, "room_name").value_or("Content Violation Notification");
    wanted.message = optional_string(*body, "message")
                         .value_or(
                             "Sharing illegal content on this server is not permitted and rooms in "
                             "violation will be blocked.");
  }
  co_return wanted;
}

Task<Result<json::object>> shutdown_json(Administration& administration, Closing closing) {
  auto const there = co_await administration.closings().still_there(closing.room);
  if (!there) co_return std::unexpected(there.error());
  json::array failed;
  if (closing.finished) {
    for (auto const user : *there) failed.push_back(user_or_null(administration.services(), user));
  }
  json::object out{{"kicked_users", json::array()},
                   {"failed_to_kick_users", std::move(failed)},
                   {"local_aliases", json::array()},
                   {"new_room_id", nullptr}};
  auto const gone = co_await administration.closings().sent_out(closing.room);
  if (!gone) co_return std::unexpected(gone.error());
  for (auto const user : *gone)
    out["kicked_users"].as_array().push_back(user_or_null(administration.services(), user));
  for (auto const& alias : closing.aliases) out["local_aliases"].as_array().emplace_back(alias);
  if (closing.successor) {
    auto const id = co_await administration.services().rooms.room_id(closing.successor);
    if (id) out["new_room_id"] = id->value;
  }
  co_return out;
}

Answer delete_now(Administration& administration, Asked asked) {
  auto const act = act_of(asked);
  auto wanted = co_await wanted_closing(administration, std::move(asked));
  if (!wanted) co_return std::unexpected(wanted.error());
  auto closing = co_await administration.closings().close(act, std::move(*wanted));
  if (!closing) co_return std::unexpected(closing.error());
  auto const out = co_await shutdown_json(administration, std::move(*closing));
  if (!out) co_return std::unexpected(out.error());
  co_return json_answer(*out);
}

Answer delete_later(Administration& administration, Asked asked) {
  auto const act = act_of(asked);
  auto wanted = co_await wanted_closing(administration, std::move(asked));
  if (!wanted) co_return std::unexpected(wanted.error());
  auto const begun = co_await administration.closings().begin(act, std::move(*wanted));
  if (!begun) co_return std::unexpected(begun.error());
  co_return json_answer({{"delete_id", std::to_string(*begun)}});
}

Task<Result<json::object>> status_json(Administration& administration, Closing closing) {
  json::object out{{"delete_id", std::to_string(closing.nid)},
                   {"status", closing.finished ? "complete" : "shutting_down"}};
  auto shutdown = co_await shutdown_json(administration, std::move(closing));
  if (!shutdown) co_return std::unexpected(shutdown.error());
  out["shutdown_room"] = std::move(*shutdown);
  co_return out;
}

Answer delete_status(Administration& administration, Asked asked) {
  auto const nid = number_in(asked, 0);
  if (!nid) co_return std::unexpected(nid.error());
  auto closing = co_await administration.closings().find(*nid);
  if (!closing) co_return std::unexpected(closing.error());
  auto out = co_await status_json(administration, std::move(*closing));
  if (!out) co_return std::unexpected(out.error());
  co_return json_answer(*out);
}

Answer delete_statuses(Administration& administration, Asked asked) {
  auto const room = co_await administration.rooms().find(asked.path(0));
  if (!room) co_return std::unexpected(room.error());
  auto closings = co_await administration.closings().of_room(*room);
  if (!closings) co_return std::unexpected(closings.error());
  if (closings->empty()) co_return fail(ErrorCode::not_found, "This room has not been closed.");
  json::array results;
  for (auto& closing : *closings) {
    auto status = co_await status_json(administration, std::move(closing));
    if (!status) co_return std::unexpected(status.error());
    results.push_back(std::move(*status));
  }
  co_return json_answer({{"results", std::move(results)}});
}

Answer purge(Administration&, Asked) { co_return Rooms::purge_refused(); }

Answer no_purge(Administration&, Asked) { co_return fail(ErrorCode::not_found, "Nothing is purged here."); }

}  // namespace

std::vector<net::Route> room_routes(Administration& administration) {
  using enum Method;
  auto const route = [&](Method method, std::string_view pattern, Function function) {
    return admin_route(administration, method, pattern, function);
  };
  return {
      route(get, "/_synapse/admin/v1/rooms", list),
      route(get, "/_synapse/admin/v1/rooms/{roomId}", show),
      route(get, "/_synapse/admin/v1/rooms/{roomId}/members", members),
      route(get, "/_synapse/admin/v1/rooms/{roomId}/state", state),
      route(get, "/_synapse/admin/v1/rooms/{roomId}/block", show_block),
      route(put, "/_synapse/admin/v1/rooms/{roomId}/block", set_block),
      route(post, "/_synapse/admin/v1/rooms/{roomId}/make_room_admin", make_room_admin),
      route(delete_, "/_synapse/admin/v1/rooms/{roomId}", delete_now),
      route(delete_, "/_synapse/admin/v2/rooms/{roomId}", delete_later),
      route(get, "/_synapse/admin/v2/rooms/{roomId}/delete_status", delete_statuses),
      route(get, "/_synapse/admin/v2/rooms/delete_status/{deleteId}", delete_status),
      route(get, "/_synapse/admin/v1/event_reports", event_reports),
      route(get, "/_synapse/admin/v1/event_reports/{reportId}", event_report),
      route(delete_, "/_synapse/admin/v1/event_reports/{reportId}", delete_report),
      route(post, "/_synapse/admin/v1/purge_history/{roomId}", purge),
      route(post, "/_synapse/admin/v1/purge_history/{roomId}/{eventId}", purge),
      route(get, "/_synapse/admin/v1/purge_history_status/{purgeId}", no_purge),
  };
}

}  // namespace torg::administration::synapse
