#pragma once
#include "matrix/room/service.hpp"

#include <set>

namespace torg::matrix {

/// What a user has marked their rooms with, in their account data: direct chats and tags.
struct RoomMarks {
  Position as_of;      ///< every change of account data up to here is in it
  Position direct_at;  ///< when the direct chats changed last
  std::set<RoomNid> direct;
  std::map<RoomNid, std::vector<std::string>> tags;
};

/// The marks of users, read once and then brought forward by what changed.
class MarksOfUsers {
 public:
  explicit MarksOfUsers(RoomService& rooms) : rooms_(rooms), marks_(rooms.cache().orders()) {}

  /// The marks as of the stream's end when it was asked, or later.
  [[nodiscard]] Task<Result<std::shared_ptr<RoomMarks const>>> of(UserNid user);

 private:
  Task<Result<>> take(RoomMarks& marks, identity::AccountDataEntry entry);

  RoomService& rooms_;
  LruCache<UserNid, std::shared_ptr<RoomMarks const>> marks_;
};

}  // namespace torg::matrix
