#include "administration/lists.hpp"

#include <algorithm>
#include <array>

namespace torg::administration {

Result<RoomOrder> room_order(std::string_view text) {
  constexpr std::array<std::string_view, 5> kOrders{"name", "joined_members", "state_events", "version",
                                                    "newest"};
  auto const found = std::ranges::find(kOrders, text);
  if (found != kOrders.end()) return static_cast<RoomOrder>(found - kOrders.begin());
  return fail(ErrorCode::invalid_param, "'order' is name, joined_members, state_events, version or newest.");
}

Task<Result<std::vector<Member>>> members_of(Services services, std::string room_id) {
  auto const room = co_await services.rooms.load(std::move(room_id));
  if (!room) co_return std::unexpected(room.error());
  std::vector<Member> members;
  for (auto const& [key, event] : (*room)->state()) {
    if (key.first != "m.room.member") continue;
    auto const membership = (*room)->member(services.identity.find(key.second));
    if (membership == matrix::Membership::none) continue;
    // A creator of version 12 and later stands above all numbers; JavaScript's largest is as good as any.
    constexpr std::int64_t kMost = (std::int64_t{1} << 53) - 1;
    members.push_back({key.second, membership, std::min(matrix::power_of(**room, key.second), kMost)});
  }
  co_return members;
}

}  // namespace torg::administration
