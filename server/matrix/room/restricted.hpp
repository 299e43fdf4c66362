#pragma once
#include "matrix/room/service.hpp"

namespace torg::matrix {

/// A member of ours who may invite and so vouches for a join of `user`, when the room is restricted and
/// `user` is in one of the rooms that it is open to; none when nobody is needed or nobody can.
/// @see https://spec.matrix.org/v1.19/client-server-api/#restricted-rooms
[[nodiscard]] Task<std::optional<std::string>> voucher(RoomService& rooms, std::shared_ptr<Room> room,
                                                       UserNid user);

}  // namespace torg::matrix
