#pragma once
#include "governance/types.hpp"

#include <map>

namespace torg::governance {

/// Which authorities' people read along in each room, and whether outsiders do. In memory; eight bytes a
/// member.
class RoomParts {
 public:
  void put(RoomNid room, UserNid member, AuthorityId authority);
  void remove(RoomNid room, UserNid member);
  /// After an assignment began or ended.
  void move(UserNid member, AuthorityId authority);

  struct TakingPart {
    std::vector<AuthorityId> authorities;  ///< in order, without 0
    bool outsiders = false;
  };
  [[nodiscard]] TakingPart taking_part(RoomNid room) const;
  [[nodiscard]] bool takes_part(RoomNid room, AuthorityId authority) const;
  [[nodiscard]] bool is_in(RoomNid room, UserNid member) const;

 private:
  struct Room {
    std::vector<std::pair<UserNid, AuthorityId>> members;  ///< in order of member
    std::map<AuthorityId, std::int64_t> counts;            ///< never 0
  };
  static void count(Room& room, AuthorityId authority, std::int64_t change);

  std::map<RoomNid, Room> rooms_;
};

}  // namespace torg::governance
