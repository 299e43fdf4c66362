#pragma once
#include "matrix/room/store.hpp"

/// What the store knows about threads.
namespace torg::matrix::store {

void put_thread_reply(db::Transaction& transaction, EventRow const& row, Position position);
/// For an event that is redacted or destroyed. Call it while its relation is still there.
void forget_thread_reply(db::Transaction& transaction, EventNid event);
/// For a root that is destroyed.
void forget_thread(db::Transaction& transaction, EventNid root);

struct Thread {
  EventNid root;
  EventNid latest;
  std::int64_t replies = 0;
  bool participated = false;  ///< whether the reader wrote in it, as its root or later
};
/// The threads whose roots lie from `first` to `last`; without those that have no reply left.
[[nodiscard]] std::vector<Thread> threads_from(db::Reader& reader, RoomNid room, Position first,
                                               Position last, UserNid user);

struct ThreadPlace {
  EventNid root;
  Position latest;  ///< of the newest reply
};
/// Up to `limit` threads with their newest reply before `before`, newest first.
[[nodiscard]] std::vector<ThreadPlace> threads(db::Reader& reader, RoomNid room, Position before,
                                               std::size_t limit);
/// Those among them that `user` has written in.
[[nodiscard]] std::vector<ThreadPlace> threads_with(db::Reader& reader, RoomNid room, Position before,
                                                    std::size_t limit, UserNid user);

}  // namespace torg::matrix::store
