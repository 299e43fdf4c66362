// GET /notifications: judged anew when somebody asks, for nothing is written when an event comes.
#include "matrix/push/push.hpp"
#include "matrix/room/visibility.hpp"

#include <algorithm>

namespace torg::matrix {
namespace {

/// Of one look: so many rooms, so many events of each. What lies further back comes with the next.
constexpr std::size_t kRooms = 50;
constexpr std::size_t kEventsOfRoom = 50;
constexpr int kMostLooks = 10;

}  // namespace

/// Adds what `user` was notified of in a room; `reached` rises to where this look into it ended.
Task<Result<>> PushService::list_room(UserNid user, RoomNid nid, Position before, Position& reached,
                                      std::vector<Listed>& out) {
  auto const room = co_await rooms_.load(nid);
  if (!room) co_return std::unexpected(room.error());
  auto visibility = co_await Visibility::of(rooms_, *room, user);
  if (!visibility) co_return std::unexpected(visibility.error());
  auto const rules = co_await notifications_.rules().of(user);
  if (!rules) co_return std::unexpected(rules.error());
  auto const events = co_await rooms_.database().read([&](db::Reader& reader) {
    return store::events_before(reader, rooms_.types(), nid, before, kEventsOfRoom);
  });
  if (!events) co_return std::unexpected(events.error());
  if (events->size() == kEventsOfRoom) reached = std::max(reached, events->back()->position);
  for (auto const& event : *events) {
    if (event->sender == user || event->redacted_by || !visibility->allows(*event)) continue;
    auto const content = parse_json_object(event->content);
    if (!content) continue;
    auto const* actions = notifications_.judge(**room, *event, *content, user, *rules);
    if (actions == nullptr || !actions->notify) continue;
    out.push_back({event, (*room)->id().value, *actions});
  }
  co_return Result<>{};
}

Task<Result<PushService::Page>> PushService::notified(UserNid user, Position before, std::size_t limit,
                                                      Only only) {
  Page page;
  for (int look = 0; look < kMostLooks; ++look) {
    auto const rooms = co_await rooms_.database().read(
        [user](db::Reader& reader) { return push_store::active_rooms(reader, user, kRooms + 1); });
    if (!rooms) co_return std::unexpected(rooms.error());
    // Everything behind `reached` has been seen: rooms beyond the last of these have nothing there.
    auto reached = rooms->size() > kRooms ? rooms->back().last : Position{};
    std::vector<Listed> found;
    for (std::size_t i = 0; i < std::min(rooms->size(), kRooms); ++i) {
      if (auto listed = co_await list_room(user, (*rooms)[i].room, before, reached, found); !listed)
        co_return fail(std::move(listed));
    }
    std::erase_if(found, [&](Listed const& item) {
      return item.event->position < reached || (only == Only::highlights && !item.actions.highlight);
    });
    std::ranges::sort(found, std::ranges::greater{}, [](Listed const& item) { return item.event->position; });
    std::ranges::move(found, std::back_inserter(page.items));
    if (page.items.size() > limit) {
      page.items.resize(limit);
      page.next = page.items.back().event->position;
      break;
    }
    page.next = reached ? std::optional(reached) : std::nullopt;
    if (!reached || reached == before) break;
    before = reached;
  }
  for (auto& item : page.items) item.read = co_await badges_.has_read(user, item.event);
  co_return page;
}

}  // namespace torg::matrix
