// All SQL about aliases.
#include "matrix/room/store.hpp"

namespace torg::matrix::store {
namespace {

constexpr db::Statement kPutAlias{"INSERT INTO room_alias (alias, room, creator) VALUES ($1, $2, $3)"};
constexpr db::Statement kMoveAliases{"UPDATE room_alias SET room = $1 WHERE room = $2"};
constexpr db::Statement kRemoveAlias{"DELETE FROM room_alias WHERE alias = $1"};
constexpr db::Statement kFindAlias{"SELECT room FROM room_alias WHERE alias = $1"};
constexpr db::Statement kAliases{"SELECT alias FROM room_alias WHERE room = $1 ORDER BY alias"};

}  // namespace

void put_alias(db::Transaction& transaction, std::string const& alias, RoomNid room, UserNid creator) {
  transaction.execute(kPutAlias, {alias, room, creator});
}

void move_aliases(db::Transaction& transaction, RoomNid from, RoomNid to) {
  transaction.execute(kMoveAliases, {to, from});
}

bool remove_alias(db::Transaction& transaction, std::string const& alias) {
  return transaction.execute(kRemoveAlias, {alias}) == 1;
}

std::optional<RoomNid> find_alias(db::Reader& reader, std::string_view alias) {
  return reader.query_one(kFindAlias, {alias}, [](db::Row const& row) { return row.number<RoomNid>(0); });
}

std::vector<std::string> aliases(db::Reader& reader, RoomNid room) {
  std::vector<std::string> found;
  reader.query(kAliases, {room}, [&](db::Row const& row) { found.push_back(row.string(0)); });
  return found;
}

}  // namespace torg::matrix::store
