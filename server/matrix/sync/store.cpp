#include "matrix/sync/store.hpp"

namespace torg::matrix {
namespace {

constexpr db::Migration kMigrations[] = {
    {"sync", 1, R"sql(
CREATE TABLE receipt (
  room INTEGER NOT NULL,
  reader INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  thread TEXT NOT NULL,
  event BIGINT NOT NULL,
  event_id TEXT NOT NULL,
  event_position BIGINT NOT NULL,
  at BIGINT NOT NULL,
  messages BIGINT NOT NULL,
  position BIGINT NOT NULL,
  PRIMARY KEY (room, reader, kind, thread)
) {rowless};
CREATE TABLE to_device (
  recipient INTEGER NOT NULL,
  device TEXT NOT NULL,
  position BIGINT NOT NULL,
  sender TEXT NOT NULL,
  type TEXT NOT NULL,
  content TEXT NOT NULL,
  PRIMARY KEY (recipient, device, position)
) {rowless};
CREATE TABLE to_device_transaction (
  session BIGINT NOT NULL,
  transaction_id TEXT NOT NULL,
  PRIMARY KEY (session, transaction_id)
) {rowless};
)sql"},
    // The newest transactions of each session, numbered; older ones nobody repeats.
    {"sync", 2, R"sql(
DROP TABLE to_device_transaction;
CREATE TABLE to_device_transaction (
  session BIGINT NOT NULL,
  n BIGINT NOT NULL,
  transaction_id TEXT NOT NULL,
  PRIMARY KEY (session, n)
) {rowless};
CREATE UNIQUE INDEX to_device_transaction_id ON to_device_transaction (session, transaction_id);
)sql"},
    // One row stays for each thread somebody ever subscribed to: that they left it must be known, too.
    {"thread_subscription", 1, R"sql(
CREATE TABLE thread_subscription (
  subscriber INTEGER NOT NULL,
  room INTEGER NOT NULL,
  root TEXT NOT NULL,
  subscribed INTEGER NOT NULL,
  automatic INTEGER NOT NULL,
  position BIGINT NOT NULL,
  unsubscribed_at BIGINT NOT NULL,
  PRIMARY KEY (subscriber, room, root)
) {rowless};
CREATE INDEX thread_subscription_by_position ON thread_subscription (subscriber, position);
)sql"},
};

}  // namespace

std::span<db::Migration const> sync_migrations() { return kMigrations; }

namespace sync_store {
namespace {

constexpr std::int64_t kRememberedToDevice = 128;
constexpr std::int64_t kMostWaiting = 10'000;
constexpr std::int64_t kBetweenCounts = 64;

constexpr db::Statement kReceipts{
    "SELECT reader, kind, thread, event, event_id, event_position, at, messages, position FROM receipt WHERE "
    "room = $1 "
    "ORDER BY reader, kind, thread"};
constexpr db::Statement kPutReceipt{
    "INSERT INTO receipt (room, reader, kind, thread, event, event_id, event_position, at, messages, "
    "position) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (room, reader, kind, thread) DO UPDATE SET "
    "event = excluded.event, event_id = excluded.event_id, event_position = excluded.event_position, at = "
    "excluded.at, "
    "messages = excluded.messages, position = excluded.position"};
constexpr db::Statement kRoomsWithReceipts{
    "SELECT DISTINCT r.room FROM membership m JOIN receipt r ON r.room = m.room WHERE m.member = $1 AND "
    "r.position > $2"};
constexpr db::Statement kMessagesAfter{
    "SELECT COUNT(*) FROM event WHERE room = $1 AND position > $2 AND type IN ($3, $4)"};

constexpr db::Statement kMemberEvents{
    "SELECT DISTINCT e.room, e.state_key FROM membership m JOIN event e ON e.room = m.room WHERE m.member = "
    "$1 "
    "AND e.position > $2 AND e.position <= $3 AND e.type = $4 AND e.state_key IS NOT NULL"};

constexpr db::Statement kPutSubscription{
    "INSERT INTO thread_subscription (subscriber, room, root, subscribed, automatic, position, "
    "unsubscribed_at) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (subscriber, room, root) DO UPDATE SET subscribed = "
    "excluded.subscribed, automatic = excluded.automatic, position = excluded.position, unsubscribed_at = "
    "excluded.unsubscribed_at"};
#define SUBSCRIPTION \
  "SELECT room, root, subscribed, automatic, position, unsubscribed_at FROM thread_subscription "
constexpr db::Statement kSubscription{SUBSCRIPTION "WHERE subscriber = $1 AND room = $2 AND root = $3"};
constexpr db::Statement kSubscriptions{
    SUBSCRIPTION
    "WHERE subscriber = $1 AND position > $2 AND position <= $3 ORDER BY position DESC LIMIT $4"};
#undef SUBSCRIPTION
constexpr db::Statement kSubscribed{
    "SELECT room, root FROM thread_subscription WHERE subscriber = $1 AND subscribed = 1"};
constexpr db::Statement kNewestSubscriptions{
    "SELECT subscriber, MAX(position) FROM thread_subscription GROUP BY subscriber ORDER BY subscriber"};

constexpr db::Statement kPutToDevice{
    "INSERT INTO to_device (recipient, device, position, sender, type, content) VALUES ($1, $2, $3, $4, $5, "
    "$6)"};
constexpr db::Statement kRememberToDevice{
    "INSERT INTO to_device_transaction (session, n, transaction_id) "
    "SELECT CAST($1 AS BIGINT), coalesce(max(n), 0) + 1, CAST($2 AS TEXT) FROM to_device_transaction "
    "WHERE session = $1 ON CONFLICT DO NOTHING"};
constexpr db::Statement kForgetOldToDevice{
    "DELETE FROM to_device_transaction WHERE session = $1 AND n <= "
    "(SELECT max(n) FROM to_device_transaction WHERE session = $1) - $2"};
constexpr db::Statement kForgetSender{"DELETE FROM to_device_transaction WHERE session = $1"};
constexpr db::Statement kDropDevice{"DELETE FROM to_device WHERE recipient = $1 AND device = $2"};
// A device that nobody reads from keeps its newest messages.
constexpr db::Statement kDropTooMany{
    "DELETE FROM to_device WHERE recipient = $1 AND device = $2 AND position <= (SELECT position FROM "
    "to_device WHERE recipient = $1 AND device = $2 ORDER BY position DESC LIMIT 1 OFFSET $3)"};
constexpr db::Statement kDropToDevice{
    "DELETE FROM to_device WHERE recipient = $1 AND device = $2 AND position <= $3"};
constexpr db::Statement kToDevice{
    "SELECT position, sender, type, content FROM to_device WHERE recipient = $1 AND device = $2 AND position "
    "> $3 "
    "AND position <= $4 ORDER BY position LIMIT $5"};
constexpr db::Statement kNewestToDevice{
    "SELECT recipient, MAX(position) FROM to_device GROUP BY recipient ORDER BY recipient"};

ThreadSubscription read_subscription(db::Row const& row) {
  return {row.number<RoomNid>(0), row.string(1),           row.integer(2) == 1,
          row.integer(3) == 1,    row.number<Position>(4), row.number<Position>(5)};
}

}  // namespace

void put_subscription(db::Transaction& transaction, UserNid user, ThreadSubscription const& s) {
  transaction.execute(kPutSubscription, {user, s.room, s.root, s.subscribed ? 1 : 0, s.automatic ? 1 : 0,
                                         s.position, s.unsubscribed_at});
}

std::optional<ThreadSubscription> subscription(db::Reader& reader, UserNid user, RoomNid room,
                                               std::string const& root) {
  return reader.query_one(kSubscription, {user, room, root}, read_subscription);
}

std::set<std::pair<RoomNid, std::string>> subscribed_threads(db::Reader& reader, UserNid user) {
  std::set<std::pair<RoomNid, std::string>> found;
  reader.query(kSubscribed, {user},
               [&](db::Row const& row) { found.emplace(row.number<RoomNid>(0), row.string(1)); });
  return found;
}

std::vector<ThreadSubscription> subscriptions(db::Reader& reader, UserNid user, Position after, Position to,
                                              std::size_t limit) {
  std::vector<ThreadSubscription> found;
  reader.query(kSubscriptions, {user, after, to, limit},
               [&](db::Row const& row) { found.push_back(read_subscription(row)); });
  return found;
}

std::vector<std::pair<UserNid, Position>> newest_subscriptions(db::Reader& reader) {
  std::vector<std::pair<UserNid, Position>> newest;
  reader.query(kNewestSubscriptions, {}, [&](db::Row const& row) {
    newest.emplace_back(row.number<UserNid>(0), row.number<Position>(1));
  });
  return newest;
}

void put_to_device(db::Transaction& transaction, UserNid user, std::string const& device,
                   ToDeviceMessage const& m) {
  transaction.execute(kPutToDevice, {user, device, m.position, m.sender, m.type, m.content});
  // Counting costs what there is: done now and then, it costs nothing.
  if (m.position.value % kBetweenCounts == 0) transaction.execute(kDropTooMany, {user, device, kMostWaiting});
}

bool remember_to_device(db::Transaction& transaction, std::int64_t sender,
                        std::string const& transaction_id) {
  if (transaction.execute(kRememberToDevice, {sender, transaction_id}) == 0) return false;
  transaction.execute(kForgetOldToDevice, {sender, kRememberedToDevice});
  return true;
}

void forget_sender(db::Transaction& transaction, std::int64_t sender) {
  transaction.execute(kForgetSender, {sender});
}

void drop_device(db::Transaction& transaction, UserNid user, std::string const& device) {
  transaction.execute(kDropDevice, {user, device});
}

void drop_to_device(db::Transaction& transaction, UserNid user, std::string const& device, Position up_to) {
  transaction.execute(kDropToDevice, {user, device, up_to});
}

std::vector<ToDeviceMessage> to_device(db::Reader& reader, UserNid user, std::string const& device,
                                       Position after, Position to, std::size_t limit) {
  std::vector<ToDeviceMessage> messages;
  reader.query(kToDevice, {user, device, after, to, limit}, [&](db::Row const& row) {
    messages.push_back({row.number<Position>(0), row.string(1), row.string(2), row.string(3)});
  });
  return messages;
}

std::vector<std::pair<UserNid, Position>> newest_to_device(db::Reader& reader) {
  std::vector<std::pair<UserNid, Position>> newest;
  reader.query(kNewestToDevice, {}, [&](db::Row const& row) {
    newest.emplace_back(row.number<UserNid>(0), row.number<Position>(1));
  });
  return newest;
}

std::vector<Receipt> receipts(db::Reader& reader, RoomNid room) {
  std::vector<Receipt> found;
  reader.query(kReceipts, {room}, [&](db::Row const& row) {
    found.push_back({row.number<UserNid>(0), static_cast<ReceiptKind>(row.integer(1)), row.string(2),
                     row.number<EventNid>(3), row.string(4), row.number<Position>(5), row.integer(6),
                     row.integer(7), row.number<Position>(8)});
  });
  return found;
}

void put_receipt(db::Transaction& transaction, RoomNid room, Receipt const& r) {
  transaction.execute(kPutReceipt, {room, r.user, static_cast<int>(r.kind), r.thread, r.event, r.event_id,
                                    r.event_position, r.at, r.messages, r.position});
}

std::vector<RoomNid> rooms_with_receipts_since(db::Reader& reader, UserNid user, Position after) {
  std::vector<RoomNid> rooms;
  reader.query(kRoomsWithReceipts, {user, after},
               [&](db::Row const& row) { rooms.push_back(row.number<RoomNid>(0)); });
  return rooms;
}

std::int64_t messages_after(db::Reader& reader, RoomNid room, Position position, TypeNames const& types) {
  auto const message = types.find("m.room.message");
  auto const encrypted = types.find("m.room.encrypted");
  return reader
      .query_one(kMessagesAfter, {room, position, message, encrypted},
                 [](db::Row const& row) { return row.integer(0); })
      .value_or(0);
}

std::vector<std::pair<RoomNid, std::string>> member_events(db::Reader& reader, UserNid user,
                                                           std::int32_t type, Position after, Position to) {
  std::vector<std::pair<RoomNid, std::string>> found;
  reader.query(kMemberEvents, {user, after, to, type},
               [&](db::Row const& row) { found.emplace_back(row.number<RoomNid>(0), row.string(1)); });
  return found;
}

}  // namespace sync_store
}  // namespace torg::matrix
