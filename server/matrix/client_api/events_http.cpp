// Single events and state.
#include "matrix/client_api/reading.hpp"

#include <charconv>

namespace torg::matrix {
namespace {

using enum net::Method;

Answer event_in(ClientApi& api, identity::Requester requester, std::string room_id, std::string event_id) {
  auto const reading = co_await open_room(api, requester, std::move(room_id));
  // SPEC: "not found or you do not have permission to read it" is one answer.
  if (!reading && reading.error().code == ErrorCode::forbidden)
    co_return fail(ErrorCode::not_found, "There is no such event that you may read.");
  if (!reading) co_return std::unexpected(reading.error());
  auto const event = co_await readable_event(api, *reading, std::move(event_id));
  if (!event) co_return std::unexpected(event.error());
  auto const around = co_await surroundings(api, *reading, {*event});
  if (!around) co_return std::unexpected(around.error());
  co_await api.rooms.recall_sent({*event}, std::move(requester));
  std::string out;
  append_client_event(out, **event, render_for(api, *reading, *around));
  co_return out;
}

Answer one_event(ClientApi& api, Asked asked) {
  co_return co_await event_in(api, asked.requester, asked.path(0), asked.path(1));
}

/// @see https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3eventseventid
Answer event_anywhere(ClientApi& api, Asked asked) {
  auto const event = co_await api.rooms.cached_event(asked.path(0));
  if (!event && event.error().code == ErrorCode::not_found)
    co_return fail(ErrorCode::not_found, "There is no such event that you may read.");
  if (!event) co_return std::unexpected(event.error());
  auto const room = co_await api.rooms.room_id((*event)->room);
  if (!room) co_return std::unexpected(room.error());
  co_return co_await event_in(api, asked.requester, room->value, asked.path(0));
}

Answer whole_state(ClientApi& api, Asked asked) {
  auto const reading = co_await open_room(api, asked);
  if (!reading) co_return std::unexpected(reading.error());
  auto const at = state_end(api, *reading);
  if (!at) co_return std::unexpected(at.error());
  auto const state = co_await api.rooms.database().read([&](db::Reader& reader) {
    return store::whole_state_at(reader, api.rooms.types(), reading->room->nid(), *at);
  });
  if (!state) co_return std::unexpected(state.error());
  std::string out = "[";
  append_list(out, *state, render_plain(api, *reading));
  co_return out + ']';
}

Answer one_state(ClientApi& api, Asked asked) {
  auto const reading = co_await open_room(api, asked);
  if (!reading) co_return std::unexpected(reading.error());
  auto const key = asked.call.path.size() > 2 ? asked.path(2) : std::string();
  auto const type = api.rooms.types().find(asked.path(1));
  auto const at = state_end(api, *reading);
  if (!at) co_return std::unexpected(at.error());
  auto const event = co_await api.rooms.database().read([&](db::Reader& reader) {
    return store::state_at(reader, api.rooms.types(), reading->room->nid(), type, key, *at);
  });
  if (!event) co_return std::unexpected(event.error());
  if (!*event) co_return fail(ErrorCode::not_found, "The room has no such state.");
  auto const render = render_plain(api, *reading);
  if (asked.call.request.query("format") != "event") co_return shown_content(**event, render);
  std::string out;
  append_client_event(out, **event, render);
  co_return out;
}

/// The event nearest to an instant that the reader may see; null when there is none.
Task<Result<EventPtr>> nearest(ClientApi& api, Reading const& reading, store::TimeDirection direction,
                               std::int64_t ts) {
  constexpr std::size_t kBatch = 100;
  constexpr int kMostBatches = 50;
  auto position = Position(direction == store::TimeDirection::later ? 0 : INT64_MAX);
  for (int batch = 0; batch < kMostBatches; ++batch) {
    auto const found = co_await api.rooms.database().read([&](db::Reader& reader) {
      return store::events_by_time(reader, api.rooms.types(), reading.room->nid(), direction, ts, position,
                                   kBatch);
    });
    if (!found) co_return std::unexpected(found.error());
    for (auto const& event : *found) {
      if (shows(api, reading, *event)) co_return event;
      ts = event->origin_server_ts;
      position = event->position;
    }
    if (found->size() < kBatch) break;
  }
  co_return nullptr;
}

/// @see https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv1roomsroomidtimestamp_to_event
Answer timestamp_to_event(ClientApi& api, Asked asked) {
  auto const reading = co_await open_room(api, asked);
  if (!reading) co_return std::unexpected(reading.error());
  auto const direction = direction_of(asked, std::nullopt);
  if (!direction) co_return std::unexpected(direction.error());
  auto const text = asked.call.request.query("ts").value_or("");
  std::int64_t ts = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), ts);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size())
    co_return fail(ErrorCode::invalid_param, "'ts' must be a time in milliseconds.");
  auto const towards =
      *direction == Direction::forwards ? store::TimeDirection::later : store::TimeDirection::earlier;
  auto const event = co_await nearest(api, *reading, towards, ts);
  if (!event) co_return std::unexpected(event.error());
  if (!*event) co_return fail(ErrorCode::not_found, "There is no event in this direction.");
  co_return json::serialize(
      json::object{{"event_id", (*event)->id.text()}, {"origin_server_ts", (*event)->origin_server_ts}});
}

}  // namespace

std::vector<net::Route> event_routes(ClientApi& api) {
  return {
      authed(api, get, "/_matrix/client/v3/events/{eventId}", event_anywhere),
      authed(api, get, "/_matrix/client/v3/rooms/{roomId}/event/{eventId}", one_event),
      authed(api, get, "/_matrix/client/v3/rooms/{roomId}/state", whole_state),
      authed(api, get, "/_matrix/client/v3/rooms/{roomId}/state/{eventType}", one_state),
      authed(api, get, "/_matrix/client/v3/rooms/{roomId}/state/{eventType}/{stateKey}", one_state),
      authed(api, get, "/_matrix/client/v1/rooms/{roomId}/timestamp_to_event", timestamp_to_event,
             net::Limit::search),
  };
}

}  // namespace torg::matrix
