#pragma once
#include "db/database.hpp"
#include "matrix/push/types.hpp"

#include <span>

namespace torg::matrix {

[[nodiscard]] std::span<db::Migration const> push_migrations();

namespace push_store {

[[nodiscard]] std::vector<Pusher> pushers(db::Reader& reader);
/// Adds or changes the pusher of this owner, app and key. @return its number
[[nodiscard]] std::int64_t put(db::Transaction& transaction, Pusher const& pusher);
void remove(db::Transaction& transaction, UserNid owner, std::string const& app_id,
            std::string const& pushkey);
/// Those of other users with the same app and key: a device belongs to one person at a time.
void remove_of_others(db::Transaction& transaction, UserNid owner, std::string const& app_id,
                      std::string const& pushkey);
void confirm(db::Transaction& transaction, std::int64_t pusher);
void remove_of_session(db::Transaction& transaction, std::int64_t session);
/// All pushers have done with events up to `done`, but those in `behind`.
void put_progress(db::Transaction& transaction, EventNid done,
                  std::vector<std::pair<std::int64_t, EventNid>> const& behind);

/// Rooms where `user` is joined, last active first.
struct ActiveRoom {
  RoomNid room;
  Position last;
};
[[nodiscard]] std::vector<ActiveRoom> active_rooms(db::Reader& reader, UserNid user, std::size_t limit);
/// Rooms where `user` is joined that have messages after their newest receipt and their own last message.
[[nodiscard]] std::vector<RoomNid> rooms_with_unread(db::Reader& reader, UserNid user);

}  // namespace push_store
}  // namespace torg::matrix
