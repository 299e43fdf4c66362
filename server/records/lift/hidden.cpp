#include "records/lift/hidden.hpp"

#include "matrix/room/visibility.hpp"

namespace torg::records {

Task<Result<std::vector<std::string>>> hidden_from(matrix::RoomService& rooms, UserNid user, RoomNid room,
                                                   std::vector<std::string> event_ids) {
  auto const loaded = co_await rooms.load(room);
  if (!loaded) co_return std::unexpected(loaded.error());
  auto const visibility = co_await matrix::Visibility::of(rooms, *loaded, user);
  if (!visibility && visibility.error().code == ErrorCode::forbidden) co_return event_ids;  // never in there
  if (!visibility) co_return std::unexpected(visibility.error());
  std::vector<std::string> hidden;
  for (auto& id : event_ids) {
    auto const event = co_await rooms.cached_event(id);
    if (!event && event.error().code != ErrorCode::not_found) co_return std::unexpected(event.error());
    if (!event || (*event)->room != room || !visibility->allows(**event)) hidden.push_back(std::move(id));
  }
  co_return hidden;
}

}  // namespace torg::records
