#include "records/lift/selection.hpp"

#include "base/json.hpp"
#include "records/assessment/item.hpp"

#include <algorithm>

namespace torg::records {
namespace {

using matrix::RoomEvent;
using Events = Result<std::vector<RoomEvent>>;

constexpr std::size_t kPage = 200;
/// So far a span is searched: most of what a busy room holds is reactions and edits.
constexpr std::size_t kLongestWalk = 5'000;

std::unexpected<Error> too_many() {
  return fail(
      ErrorCode::too_large,
      "That is more than 200 items. Choose a shorter span, or lift the thread in parts. / Det är fler än 200 "
      "inlägg. Välj en kortare tid, eller lyft tråden i delar.");
}

bool is_in_thread(RoomEvent const& event) {
  auto const content = parse_json_object(event.content);
  auto const* relation = content ? optional_object(*content, "m.relates_to") : nullptr;
  return relation != nullptr && optional_string(*relation, "rel_type") == "m.thread";
}

/// An item of its own: said by somebody, no edit, with something left of it.
bool is_liftable(RoomEvent const& event) {
  auto const item = read_item(event);
  return item && item->replaces.empty() && event.content != "{}";
}

Task<Events> thread_events(matrix::RoomService& rooms, ItemAccess access, std::string root) {
  std::vector<std::string> only{std::move(root)};
  auto opened = co_await access.open(std::move(only));
  if (!opened) co_return opened;
  auto relations = co_await rooms.relations(opened->front().nid);
  if (!relations) co_return relations;
  for (auto& event : *relations) {
    if (is_in_thread(event)) opened->push_back(std::move(event));
    if (opened->size() > kLongestWalk) co_return too_many();
  }
  co_return opened;
}

struct TimePlace {
  std::int64_t ts = 0;
  Position position;
};

Task<Events> span_page(matrix::RoomService& rooms, RoomNid room, TimePlace after) {
  co_return co_await rooms.database().read([&rooms, room, after](db::Reader& reader) {
    std::vector<RoomEvent> page;
    for (auto const& event :
         matrix::store::events_by_time(reader, rooms.types(), room, matrix::store::TimeDirection::later,
                                       after.ts, after.position, kPage))
      page.push_back(to_room_event(*event));
    return page;
  });
}

/// In the order of what senders say the time is.
Task<Events> span_events(matrix::RoomService& rooms, RoomNid room, SpanOfTime span) {
  std::vector<RoomEvent> found;
  TimePlace after{to_ms(span.from), Position(INT64_MIN)};
  for (std::size_t looked_at = 0;;) {
    auto page = co_await span_page(rooms, room, after);
    if (!page) co_return page;
    bool more = page->size() == kPage;
    looked_at += page->size();
    for (auto& event : *page) {
      after = {event.origin_server_ts, event.position};
      if (after.ts > to_ms(span.to)) {
        more = false;
        break;
      }
      if (is_liftable(event)) found.push_back(std::move(event));
    }
    if (found.size() > kMostLifted || (more && looked_at >= kLongestWalk)) co_return too_many();
    if (!more) co_return found;
  }
}

}  // namespace

Task<Events> select_items(matrix::RoomService& rooms, RoomNid room, ItemAccess access, Selection selection) {
  if (auto* ids = std::get_if<std::vector<std::string>>(&selection))
    co_return co_await access.open(std::move(*ids));
  Events found = std::vector<RoomEvent>();
  if (auto* thread = std::get_if<WholeThread>(&selection)) {
    found = co_await thread_events(rooms, access, std::move(thread->root));
  } else {
    found = co_await span_events(rooms, room, std::get<SpanOfTime>(selection));
  }
  if (!found) co_return found;
  auto opened = co_await access.among(std::move(*found));
  if (!opened) co_return opened;
  std::erase_if(*opened, [](RoomEvent const& event) { return !is_liftable(event); });
  std::ranges::sort(*opened, {}, &RoomEvent::position);
  if (opened->size() > kMostLifted) co_return too_many();
  if (opened->empty()) co_return fail(ErrorCode::not_found, "Nothing was said there that can be lifted.");
  co_return opened;
}

}  // namespace torg::records
