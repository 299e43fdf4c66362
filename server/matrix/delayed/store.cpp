#include "matrix/delayed/store.hpp"

namespace torg::matrix {
namespace {

constexpr db::Migration kMigrations[] = {
    {"delayed", 1, R"sql(
CREATE TABLE delayed_event (
  delay_id TEXT PRIMARY KEY,
  sender INTEGER NOT NULL,
  room INTEGER NOT NULL,
  type TEXT NOT NULL,
  state_key TEXT,
  content {bytes} NOT NULL,
  delay_ms BIGINT NOT NULL,
  scheduled_at BIGINT NOT NULL,
  origin_server_ts BIGINT,
  sticky_ms BIGINT,
  device BIGINT NOT NULL,
  transaction_id TEXT NOT NULL,
  finalised_at BIGINT,
  event BIGINT,
  error TEXT
);
CREATE INDEX delayed_event_by_sender ON delayed_event (sender, finalised_at);
CREATE UNIQUE INDEX delayed_event_by_request ON delayed_event (device, transaction_id) WHERE transaction_id <> '';
CREATE INDEX delayed_event_by_end ON delayed_event (finalised_at);
)sql"},
};

}  // namespace

std::span<db::Migration const> delayed_migrations() { return kMigrations; }

namespace delayed_store {
namespace {

constexpr db::Statement kWaiting{
    "SELECT delay_id, sender, scheduled_at, delay_ms FROM delayed_event WHERE finalised_at IS NULL "
    "ORDER BY scheduled_at + delay_ms, delay_id"};
constexpr db::Statement kInsert{
    "INSERT INTO delayed_event (delay_id, sender, room, type, state_key, content, delay_ms, scheduled_at, "
    "origin_server_ts, sticky_ms, device, transaction_id) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"};
constexpr db::Statement kRestart{
    "UPDATE delayed_event SET scheduled_at = $1 WHERE delay_id = $2 AND finalised_at IS NULL"};
constexpr db::Statement kCancelled{
    "UPDATE delayed_event SET finalised_at = $1, error = $2 WHERE delay_id = $3 AND finalised_at IS NULL"};
constexpr db::Statement kSent{
    "UPDATE delayed_event SET finalised_at = $1, event = $2, content = $3 "
    "WHERE delay_id = $4 AND finalised_at IS NULL"};
constexpr db::Statement kForgetUser{"DELETE FROM delayed_event WHERE sender = $1"};
constexpr db::Statement kForgetOld{"DELETE FROM delayed_event WHERE finalised_at < $1"};
constexpr db::Statement kForgetMany{
    "DELETE FROM delayed_event WHERE sender = $1 AND finalised_at IS NOT NULL AND delay_id NOT IN "
    "(SELECT delay_id FROM delayed_event WHERE sender = $2 AND finalised_at IS NOT NULL "
    "ORDER BY finalised_at DESC LIMIT $3)"};
constexpr db::Statement kRequest{
    "SELECT delay_id FROM delayed_event WHERE device = $1 AND transaction_id = $2"};

// Of a sent event the content is looked up in the event, where a redaction or disposal may have taken it
// away.
#define DELAYED_COLUMNS                                                                                      \
  "SELECT d.delay_id, d.sender, d.room, d.type, d.state_key, "                                               \
  "CASE WHEN d.event IS NULL THEN d.content WHEN e.redacted_by IS NULL THEN c.content END, d.delay_ms, "     \
  "d.scheduled_at, d.origin_server_ts, d.sticky_ms, d.finalised_at, e.event_id, d.error FROM delayed_event " \
  "d LEFT JOIN event e ON e.nid = d.event LEFT JOIN event_content c ON c.nid = d.event "
constexpr db::Statement kFind{DELAYED_COLUMNS "WHERE d.delay_id = $1"};
constexpr db::Statement kScheduled{DELAYED_COLUMNS
                                   "WHERE d.sender = $1 AND d.finalised_at IS NULL ORDER BY d.scheduled_at + "
                                   "d.delay_ms, d.delay_id LIMIT $2"};
constexpr db::Statement kFinalised{
    DELAYED_COLUMNS
    "WHERE d.sender = $1 AND d.finalised_at IS NOT NULL ORDER BY d.finalised_at, d.delay_id LIMIT $2"};
#undef DELAYED_COLUMNS

DelayedEvent read(db::Row const& row) {
  DelayedEvent event{.delay_id = row.string(0),
                     .sender = row.number<UserNid>(1),
                     .room = row.number<RoomNid>(2),
                     .type = row.string(3),
                     .content = row.is_null(5) ? "{}" : std::string(row.bytes(5)),
                     .delay_ms = row.integer(6),
                     .scheduled_at = row.integer(7),
                     .finalised_at = row.integer(10),
                     .error = row.string(12)};
  if (!row.is_null(4)) event.state_key = row.string(4);
  if (!row.is_null(8)) event.origin_server_ts = row.integer(8);
  if (!row.is_null(9)) event.sticky_ms = row.integer(9);
  if (!row.is_null(11)) event.event_id = StoredId::from_bytes(row.bytes(11)).text();
  return event;
}

}  // namespace

void each_waiting(db::Reader& reader, std::function<void(WaitingRow)> const& use) {
  reader.query(kWaiting, {}, [&](db::Row const& row) {
    use({row.string(0), row.number<UserNid>(1), row.integer(2), row.integer(3)});
  });
}

void insert(db::Transaction& transaction, DelayedEvent const& event) {
  transaction.execute(kInsert, {event.delay_id, event.sender, event.room, event.type, event.state_key,
                                db::Bytes{event.content}, event.delay_ms, event.scheduled_at,
                                event.origin_server_ts, event.sticky_ms, event.device, event.transaction_id});
}

void restart(db::Transaction& transaction, std::string const& delay_id, std::int64_t now_ms) {
  transaction.execute(kRestart, {now_ms, delay_id});
}

void finalise(db::Transaction& transaction, std::string const& delay_id, std::int64_t now_ms, EventNid event,
              std::string const& error) {
  if (event)
    transaction.execute(kSent, {now_ms, event, db::Bytes{"{}"}, delay_id});
  else
    transaction.execute(kCancelled, {now_ms, error, delay_id});
}

void forget_user(db::Transaction& transaction, UserNid user) { transaction.execute(kForgetUser, {user}); }

void forget_old(db::Transaction& transaction, UserNid user, std::int64_t before_ms, std::size_t kept) {
  transaction.execute(kForgetOld, {before_ms});
  transaction.execute(kForgetMany, {user, user, kept});
}

std::optional<DelayedEvent> find(db::Reader& reader, std::string const& delay_id) {
  return reader.query_one(kFind, {delay_id}, read);
}

std::optional<std::string> find_request(db::Reader& reader, std::int64_t device,
                                        std::string const& transaction_id) {
  return reader.query_one(kRequest, {device, transaction_id},
                          [](db::Row const& row) { return row.string(0); });
}

std::vector<DelayedEvent> of(db::Reader& reader, UserNid user, DelayedEvents::Which which,
                             std::size_t limit) {
  std::vector<DelayedEvent> events;
  reader.query(which == DelayedEvents::Which::scheduled ? kScheduled : kFinalised, {user, limit},
               [&](db::Row const& row) { events.push_back(read(row)); });
  return events;
}

}  // namespace delayed_store
}  // namespace torg::matrix
