#include "matrix/push/store.hpp"

#include "matrix/auth/auth.hpp"

namespace torg::matrix {
namespace {

constexpr db::Migration kMigrations[] = {
    {"push", 1, R"sql(
CREATE TABLE pusher (
  nid {id},
  owner INTEGER NOT NULL,
  session BIGINT NOT NULL,
  app_id TEXT NOT NULL,
  pushkey TEXT NOT NULL,
  app_display_name TEXT NOT NULL,
  device_display_name TEXT NOT NULL,
  profile_tag TEXT NOT NULL,
  lang TEXT NOT NULL,
  data TEXT NOT NULL,
  changed BIGINT NOT NULL,
  done BIGINT NOT NULL
);
CREATE UNIQUE INDEX pusher_by_key ON pusher (app_id, pushkey, owner);
CREATE INDEX pusher_by_session ON pusher (session);
)sql"},
    // Letters go to who has confirmed that they want them, by a link; the same key ends them.
    {"push", 2, R"sql(
ALTER TABLE pusher ADD COLUMN kind INTEGER NOT NULL DEFAULT 0;
ALTER TABLE pusher ADD COLUMN token TEXT NOT NULL DEFAULT '';
ALTER TABLE pusher ADD COLUMN confirmed INTEGER NOT NULL DEFAULT 1;
)sql"},
};

}  // namespace

std::span<db::Migration const> push_migrations() { return kMigrations; }

namespace push_store {
namespace {

constexpr db::Statement kPushers{
    "SELECT nid, owner, session, app_id, pushkey, app_display_name, device_display_name, profile_tag, lang, "
    "data, changed, done, kind, token, confirmed FROM pusher ORDER BY nid"};
constexpr db::Statement kNext{"SELECT COALESCE(MAX(nid), 0) + 1 FROM pusher"};
constexpr db::Statement kPut{
    "INSERT INTO pusher (nid, owner, session, app_id, pushkey, app_display_name, device_display_name, "
    "profile_tag, lang, data, changed, done, kind, token, confirmed) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) "
    "ON CONFLICT (app_id, pushkey, owner) DO UPDATE SET session = excluded.session, app_display_name = "
    "excluded.app_display_name, device_display_name = excluded.device_display_name, profile_tag = "
    "excluded.profile_tag, lang = excluded.lang, data = excluded.data, changed = excluded.changed, kind = "
    "excluded.kind, "
    "token = excluded.token, confirmed = excluded.confirmed"};
constexpr db::Statement kConfirm{"UPDATE pusher SET confirmed = 1 WHERE nid = $1"};
constexpr db::Statement kNumber{"SELECT nid FROM pusher WHERE app_id = $1 AND pushkey = $2 AND owner = $3"};
constexpr db::Statement kRemove{"DELETE FROM pusher WHERE app_id = $1 AND pushkey = $2 AND owner = $3"};
constexpr db::Statement kRemoveOfOthers{
    "DELETE FROM pusher WHERE app_id = $1 AND pushkey = $2 AND owner <> $3"};
constexpr db::Statement kRemoveOfSession{"DELETE FROM pusher WHERE session = $1"};
constexpr db::Statement kProgress{"UPDATE pusher SET done = $1 WHERE done < $1"};
constexpr db::Statement kBehind{"UPDATE pusher SET done = $1 WHERE nid = $2"};
constexpr db::Statement kActiveRooms{
    "SELECT r.nid, r.last_position FROM membership m JOIN room r ON r.nid = m.room WHERE m.member = $1 AND "
    "m.membership = $2 ORDER BY r.last_position DESC LIMIT $3"};
constexpr db::Statement kRoomsWithUnread{
    "SELECT m.room FROM membership m JOIN room r ON r.nid = m.room WHERE m.member = $1 AND m.membership = $2 "
    "AND r.messages > m.wrote AND r.messages > m.joined AND r.messages > COALESCE((SELECT MAX(c.messages) "
    "FROM receipt c WHERE c.room = m.room AND c.reader = m.member), 0)"};

int joined() { return static_cast<int>(Membership::join); }

}  // namespace

std::vector<Pusher> pushers(db::Reader& reader) {
  std::vector<Pusher> found;
  reader.query(kPushers, {}, [&](db::Row const& row) {
    auto data = parse_json_object(row.string(9));
    found.push_back({.nid = row.integer(0),
                     .owner = row.number<UserNid>(1),
                     .session = row.integer(2),
                     .app_id = row.string(3),
                     .pushkey = row.string(4),
                     .app_display_name = row.string(5),
                     .device_display_name = row.string(6),
                     .profile_tag = row.string(7),
                     .lang = row.string(8),
                     .data = data ? std::move(*data) : json::object(),
                     .changed = row.integer(10),
                     .done = row.number<EventNid>(11),
                     .token = row.string(13),
                     .confirmed = row.integer(14) == 1});
    found.back().kind = static_cast<PusherKind>(row.integer(12));
  });
  return found;
}

std::int64_t put(db::Transaction& transaction, Pusher const& p) {
  auto const first_integer = [](db::Row const& row) { return row.integer(0); };
  auto const next = transaction.query_one(kNext, {}, first_integer).value_or(1);
  transaction.execute(kPut, {next, p.owner, p.session, p.app_id, p.pushkey, p.app_display_name,
                             p.device_display_name, p.profile_tag, p.lang, json::serialize(p.data), p.changed,
                             p.done, static_cast<int>(p.kind), p.token, p.confirmed ? 1 : 0});
  return transaction.query_one(kNumber, {p.app_id, p.pushkey, p.owner}, first_integer).value_or(next);
}

void remove(db::Transaction& transaction, UserNid owner, std::string const& app_id,
            std::string const& pushkey) {
  transaction.execute(kRemove, {app_id, pushkey, owner});
}

void remove_of_others(db::Transaction& transaction, UserNid owner, std::string const& app_id,
                      std::string const& pushkey) {
  transaction.execute(kRemoveOfOthers, {app_id, pushkey, owner});
}

void confirm(db::Transaction& transaction, std::int64_t pusher) { transaction.execute(kConfirm, {pusher}); }

void remove_of_session(db::Transaction& transaction, std::int64_t session) {
  transaction.execute(kRemoveOfSession, {session});
}

void put_progress(db::Transaction& transaction, EventNid done,
                  std::vector<std::pair<std::int64_t, EventNid>> const& behind) {
  transaction.execute(kProgress, {done});
  for (auto const& [pusher, own] : behind) transaction.execute(kBehind, {own, pusher});  // few: they fail
}

std::vector<ActiveRoom> active_rooms(db::Reader& reader, UserNid user, std::size_t limit) {
  std::vector<ActiveRoom> found;
  reader.query(kActiveRooms, {user, joined(), limit}, [&](db::Row const& row) {
    found.push_back({row.number<RoomNid>(0), row.number<Position>(1)});
  });
  return found;
}

std::vector<RoomNid> rooms_with_unread(db::Reader& reader, UserNid user) {
  std::vector<RoomNid> found;
  reader.query(kRoomsWithUnread, {user, joined()},
               [&](db::Row const& row) { found.push_back(row.number<RoomNid>(0)); });
  return found;
}

}  // namespace push_store
}  // namespace torg::matrix
