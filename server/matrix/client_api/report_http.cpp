// Telling the administrators of a room, an event or a person.
#include "matrix/client_api/reading.hpp"
#include "matrix/room/reports.hpp"

namespace torg::matrix {
namespace {

using enum net::Method;

constexpr std::size_t kLongestReason = 4'096;

Result<std::string> reason_of(Asked const& asked) {
  auto const body = asked.body();
  if (!body) return std::unexpected(body.error());
  auto const* value = body->if_contains("reason");
  if (value != nullptr && !value->is_string() && !value->is_null())
    return fail(ErrorCode::bad_json, "'reason' must be text.");
  std::string reason(optional_string(*body, "reason").value_or(""));
  if (reason.size() > kLongestReason)
    return fail(ErrorCode::too_large, "'reason' is longer than 4096 bytes.");
  return reason;
}

Answer keep(ClientApi& api, store::NewReport report) {
  report.at = api.rooms.runtime().now();
  auto const done = co_await api.rooms.database().write([report](db::Transaction& t) -> Result<> {
    store::add_report(t, report);
    return {};
  });
  if (!done) co_return std::unexpected(done.error());
  co_return "{}";
}

/// SPEC: a room or a person that isn't here is answered like one that is, so that nobody can try out which
/// there are; nothing is kept of it.
Answer report_room(ClientApi& api, Asked asked) {
  auto reason = reason_of(asked);
  if (!reason) co_return std::unexpected(reason.error());
  auto const room = co_await api.rooms.find(asked.path(0));
  if (!room && room.error().code == ErrorCode::not_found) co_return "{}";
  if (!room) co_return std::unexpected(room.error());
  co_return co_await keep(api,
                          {.reporter = asked.requester.user, .room = *room, .reason = std::move(*reason)});
}

Answer report_user(ClientApi& api, Asked asked) {
  auto reason = reason_of(asked);
  if (!reason) co_return std::unexpected(reason.error());
  auto const person = api.rooms.identity().find(asked.path(0));
  if (!person) co_return "{}";
  co_return co_await keep(api,
                          {.reporter = asked.requester.user, .person = person, .reason = std::move(*reason)});
}

Answer report_event(ClientApi& api, Asked asked) {
  auto reason = reason_of(asked);
  if (!reason) co_return std::unexpected(reason.error());
  auto const reading = co_await open_room(api, asked);
  bool const joined = reading && reading->room->is_joined(asked.requester.user);
  if (!reading && reading.error().code != ErrorCode::forbidden) co_return std::unexpected(reading.error());
  if (!joined) co_return fail(ErrorCode::not_found, "There is no such event in a room that you are in.");
  auto const event = co_await readable_event(api, *reading, asked.path(1));
  if (!event) co_return std::unexpected(event.error());
  co_return co_await keep(api, {.reporter = asked.requester.user,
                                .room = reading->room->nid(),
                                .event = (*event)->nid,
                                .reason = std::move(*reason)});
}

}  // namespace

std::vector<net::Route> report_routes(ClientApi& api) {
  using net::Limit;
  return {
      authed(api, post, "/_matrix/client/v3/rooms/{roomId}/report", report_room, Limit::small_write),
      authed(api, post, "/_matrix/client/v3/rooms/{roomId}/report/{eventId}", report_event,
             Limit::small_write),
      authed(api, post, "/_matrix/client/v3/users/{userId}/report", report_user, Limit::small_write),
  };
}

}  // namespace torg::matrix
