#pragma once
#include "administration/acts.hpp"
#include "administration/store.hpp"

namespace torg::administration {

/// `name`, `joined_members`, `state_events`, `version` or `newest`; `invalid_param`.
[[nodiscard]] Result<RoomOrder> room_order(std::string_view text);

struct Member {
  std::string user_id;
  matrix::Membership membership = matrix::Membership::none;
  std::int64_t power = 0;
};
/// Everybody whose membership the room's state names, in order of their ids. `not_found`
[[nodiscard]] Task<Result<std::vector<Member>>> members_of(Services services, std::string room_id);

}  // namespace torg::administration
