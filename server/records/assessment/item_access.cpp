#include "records/assessment/item_access.hpp"

#include "records/assessment/assessment.hpp"

#include <algorithm>
#include <set>

namespace torg::records {
namespace {

using matrix::RoomEvent;

std::vector<EventNid> nids_of(std::vector<RoomEvent> const& events) {
  std::vector<EventNid> nids;
  for (auto const& event : events) nids.push_back(event.nid);
  return nids;
}

std::unexpected<Error> no_such_item() {
  return fail(
      ErrorCode::not_found,
      "There is no such item in this room, or it has been disposed of. / Inlägget finns inte i rummet, "
      "eller är gallrat.");
}

}  // namespace

Task<Result<ItemAccess>> ItemAccess::of(AccessServices services, RoomNid room, UserNid by,
                                        AuthorityId authority) {
  ItemAccess access(services, room, authority);
  access.desk_ = authority && services.governance.may(by, governance::Act::work_at_desk, authority);
  auto const loaded = co_await services.rooms.load(room);
  if (!loaded) co_return std::unexpected(loaded.error());
  if ((*loaded)->is_joined(by)) {
    auto visibility = co_await matrix::Visibility::of(services.rooms, *loaded, by);
    if (!visibility) co_return std::unexpected(visibility.error());
    access.member_ = std::move(*visibility);
  }
  if (!access.member_ && !access.desk_) co_return fail(ErrorCode::forbidden, "You are not in this room.");
  co_return access;
}

Task<Result<std::vector<RoomEvent>>> ItemAccess::among(std::vector<RoomEvent> events) const {
  auto const nids = nids_of(events);
  auto const rows =
      co_await services_.database.read([room = room_, authority = authority_, nids](db::Reader& reader) {
        std::set<EventNid> own;
        for (auto const& row : assessment::rows_of(reader, room, nids)) {
          if (row.authority == authority) own.insert(row.event);
        }
        return own;
      });
  if (!rows) co_return std::unexpected(rows.error());
  std::erase_if(events, [&](RoomEvent const& event) {
    bool const record = rows->contains(event.nid);
    bool const shown = shows(event) && (!event.redacted_by || record);
    return !shown && !(desk_ && record);
  });
  co_return events;
}

Task<Result<std::vector<RoomEvent>>> ItemAccess::find(std::vector<std::string> event_ids) const {
  std::vector<RoomEvent> events;
  for (auto& id : event_ids) {
    auto event = co_await services_.rooms.event(EventId(std::move(id)));
    if (!event && event.error().code == ErrorCode::not_found) continue;
    if (!event) co_return std::unexpected(event.error());
    events.push_back(std::move(*event));
  }
  co_return co_await among(std::move(events));
}

Task<Result<std::vector<RoomEvent>>> ItemAccess::open(std::vector<std::string> event_ids) const {
  auto const asked = event_ids.size();
  auto opened = co_await find(std::move(event_ids));
  if (opened && opened->size() != asked) co_return no_such_item();
  co_return opened;
}

}  // namespace torg::records
