// Pages of history, and the context of one event.
#include "matrix/client_api/reading.hpp"

#include <algorithm>

namespace torg::matrix {
namespace {

using enum net::Method;

constexpr std::size_t kPage = 10;

/// Member events of those who speak on a page, for clients that load members lazily.
std::vector<EventPtr> members_of(ClientApi& api, Reading const& reading,
                                 std::vector<EventPtr> const& events) {
  std::vector<UserNid> senders;
  for (auto const& event : events) senders.push_back(event->sender);
  std::ranges::sort(senders);
  senders.erase(std::ranges::unique(senders).begin(), senders.end());
  std::vector<EventPtr> members;
  for (auto const sender : senders) {
    auto const* member = reading.room->state("m.room.member", api.rooms.identity().user_id(sender));
    if (member != nullptr && (*member)->position) members.push_back(*member);
  }
  return members;
}

/// Where a page of `/messages` lies.
struct Place {
  Direction direction;
  Position from;
  std::optional<Position> to;
};

Result<Place> place_of(ClientApi const& api, Asked const& asked) {
  auto const direction = direction_of(asked, std::nullopt);
  if (!direction) return std::unexpected(direction.error());
  auto const from = token_of(asked, "from");
  if (!from) return std::unexpected(from.error());
  auto const to = token_of(asked, "to");
  if (!to) return std::unexpected(to.error());
  auto const end =
      *direction == Direction::backwards ? Position(api.rooms.stream().last().value + 1) : Position(1);
  return Place{*direction, from->value_or(end), *to};
}

Answer messages(ClientApi& api, Asked asked) {
  auto const reading = co_await open_room(api, asked);
  if (!reading) co_return std::unexpected(reading.error());
  auto const place = place_of(api, asked);
  if (!place) co_return std::unexpected(place.error());
  auto const filter = filter_of(asked);
  if (!filter) co_return std::unexpected(filter.error());
  auto const page = co_await slice(api, *reading, place->from, place->direction, limit_of(asked, kPage),
                                   *filter, place->to);
  if (!page) co_return std::unexpected(page.error());
  std::string out = R"({"chunk":[)";
  if (!page->events.empty()) {
    auto const around = co_await surroundings_of_page(api, *reading, page->events);
    if (!around) co_return std::unexpected(around.error());
    append_list(out, page->events, render_for(api, *reading, *around));
  }
  out += R"(],"start":")" + history_token(place->from) + '"';
  if (page->next) out += R"(,"end":")" + history_token(*page->next) + '"';
  if (filter->lazy_load_members) {
    out += R"(,"state":[)";
    append_list(out, members_of(api, *reading, page->events), render_plain(api, *reading));
    out += ']';
  }
  co_return out + '}';
}

/// An event among its neighbours.
struct Context {
  EventPtr event;
  std::vector<EventPtr> before, after;  ///< nearest first

  [[nodiscard]] std::vector<EventPtr> all() const {
    std::vector<EventPtr> events{event};
    std::ranges::copy(before, std::back_inserter(events));
    std::ranges::copy(after, std::back_inserter(events));
    return events;
  }
  [[nodiscard]] Position oldest() const { return (before.empty() ? event : before.back())->position; }
  [[nodiscard]] Position newest() const { return (after.empty() ? event : after.back())->position; }
};

Task<Result<Context>> context_of(ClientApi& api, Reading const& reading, EventPtr event, std::size_t limit,
                                 EventFilter filter) {
  auto const at = event->position;
  auto before = co_await slice(api, reading, at, Direction::backwards, limit / 2, filter, std::nullopt);
  if (!before) co_return std::unexpected(before.error());
  auto after = co_await slice(api, reading, Position(at.value + 1), Direction::forwards,
                              limit - before->events.size(), filter, std::nullopt);
  if (!after) co_return std::unexpected(after.error());
  co_return Context{std::move(event), std::move(before->events), std::move(after->events)};
}

Answer context(ClientApi& api, Asked asked) {
  auto const reading = co_await open_room(api, asked);
  if (!reading) co_return std::unexpected(reading.error());
  auto const event = co_await readable_event(api, *reading, asked.path(1));
  if (!event) co_return std::unexpected(event.error());
  auto const filter = filter_of(asked);
  if (!filter) co_return std::unexpected(filter.error());
  auto const found = co_await context_of(api, *reading, *event, limit_of(asked, kPage, 0), *filter);
  if (!found) co_return std::unexpected(found.error());
  auto const state = co_await api.rooms.database().read([&](db::Reader& reader) {
    return store::whole_state_at(reader, api.rooms.types(), reading->room->nid(), found->newest());
  });
  if (!state) co_return std::unexpected(state.error());
  auto const around = co_await surroundings_of_page(api, *reading, found->all());
  if (!around) co_return std::unexpected(around.error());
  auto const render = render_for(api, *reading, *around);
  std::string out = R"({"event":)";
  append_client_event(out, *found->event, render);
  out += R"(,"events_before":[)";
  append_list(out, found->before, render);
  out += R"(],"events_after":[)";
  append_list(out, found->after, render);
  out += R"(],"state":[)";
  append_list(out, *state, render_plain(api, *reading));
  out += R"(],"start":")" + history_token(found->oldest()) + R"(","end":")" +
         history_token(Position(found->newest().value + 1)) + R"("})";
  co_return out;
}

}  // namespace

std::vector<net::Route> message_routes(ClientApi& api) {
  return {
      authed(api, get, "/_matrix/client/v3/rooms/{roomId}/messages", messages),
      authed(api, get, "/_matrix/client/v3/rooms/{roomId}/context/{eventId}", context),
  };
}

}  // namespace torg::matrix
