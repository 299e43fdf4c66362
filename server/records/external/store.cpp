#include "records/external/handover.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace torg::records {
namespace {

constexpr std::array<std::string_view, 4> kStates{"waiting", "sent", "registered", "refused"};

// external_handover: one row per lift that goes to a register outside; state: 0 waiting, 1 sent, 2
// registered, 3 refused. The two unique indices are what makes "once" true: one key there, one intent here.
constexpr db::Migration kMigrations[] = {{"external", 1, R"sql(
CREATE TABLE external_handover (
  id {id},
  handover_key TEXT NOT NULL,
  by_user BIGINT NOT NULL,
  client_key TEXT NOT NULL,
  authority BIGINT NOT NULL,
  room BIGINT NOT NULL,
  state BIGINT NOT NULL,
  attempts BIGINT NOT NULL,
  due_at BIGINT NOT NULL,
  made_at BIGINT NOT NULL,
  decided_at BIGINT NOT NULL,
  told BIGINT NOT NULL,
  problem TEXT NOT NULL,
  number TEXT NOT NULL,
  place TEXT NOT NULL,
  by_id TEXT NOT NULL,
  title TEXT NOT NULL,
  draft TEXT NOT NULL,
  manifest TEXT NOT NULL
);
CREATE UNIQUE INDEX external_handover_key ON external_handover (handover_key);
CREATE UNIQUE INDEX external_handover_intent ON external_handover (by_user, client_key);
CREATE INDEX external_handover_open ON external_handover (authority, due_at) WHERE state < 2;
CREATE INDEX external_handover_untold ON external_handover (id) WHERE state = 2 AND told = 0;
CREATE INDEX external_handover_of ON external_handover (authority, id);
CREATE TABLE external_item (
  event BIGINT NOT NULL,
  handover BIGINT NOT NULL,
  n BIGINT NOT NULL,
  event_id TEXT NOT NULL,
  PRIMARY KEY (event, handover)
) {rowless};
CREATE INDEX external_item_of ON external_item (handover, n);
CREATE TABLE external_file (
  handover BIGINT NOT NULL,
  n BIGINT NOT NULL,
  role BIGINT NOT NULL,
  name TEXT NOT NULL,
  type TEXT NOT NULL,
  size BIGINT NOT NULL,
  blob TEXT NOT NULL,
  PRIMARY KEY (handover, n)
) {rowless};
CREATE INDEX external_file_blob ON external_file (blob);
)sql"}};

#define TORG_COLUMNS                                                                                    \
  "h.id, h.handover_key, h.by_user, h.client_key, h.authority, h.room, h.state, h.attempts, h.due_at, " \
  "h.made_at, h.decided_at, h.problem, h.number, h.place, h.by_id, h.title, h.draft "
constexpr db::Statement kAdd{
    "INSERT INTO external_handover (handover_key, by_user, client_key, authority, room, state, attempts, "
    "due_at, "
    "made_at, decided_at, told, problem, number, place, by_id, title, draft, manifest) "
    "VALUES ($1, $2, $3, $4, $5, 0, 0, $6, $7, 0, 0, '', '', '', $8, $9, $10, $11) RETURNING id"};
constexpr db::Statement kAddItem{
    "INSERT INTO external_item (event, handover, n, event_id) VALUES ($1, $2, $3, $4)"};
constexpr db::Statement kAddFile{
    "INSERT INTO external_file (handover, n, role, name, type, size, blob) VALUES ($1, $2, $3, $4, $5, $6, "
    "$7)"};
constexpr db::Statement kFind{"SELECT " TORG_COLUMNS "FROM external_handover h WHERE h.handover_key = $1"};
constexpr db::Statement kWhole{"SELECT " TORG_COLUMNS
                               ", h.manifest FROM external_handover h WHERE h.id = $1"};
constexpr db::Statement kOfIntent{"SELECT " TORG_COLUMNS
                                  "FROM external_handover h WHERE h.by_user = $1 AND h.client_key = $2"};
constexpr db::Statement kItems{"SELECT event, event_id FROM external_item WHERE handover = $1 ORDER BY n"};
constexpr db::Statement kFiles{
    "SELECT role, name, type, size, blob FROM external_file WHERE handover = $1 ORDER BY n"};
// `state < 2` stands in the text so that the partial index is used.
constexpr db::Statement kDue{
    "SELECT id FROM external_handover WHERE authority = $1 AND state < 2 AND due_at <= $2 "
    "ORDER BY due_at, id LIMIT $3"};
constexpr db::Statement kNextDue{
    "SELECT authority, MIN(due_at) FROM external_handover WHERE state < 2 GROUP BY authority ORDER BY "
    "authority"};
constexpr db::Statement kList{"SELECT " TORG_COLUMNS
                              "FROM external_handover h WHERE h.authority = $1 AND h.id < $2 "
                              "ORDER BY h.id DESC LIMIT $3"};
constexpr db::Statement kListOfState{
    "SELECT " TORG_COLUMNS
    "FROM external_handover h WHERE h.authority = $1 AND h.id < $2 AND h.state = $3 "
    "ORDER BY h.id DESC LIMIT $4"};
constexpr db::Statement kOfItems{
    "SELECT " TORG_COLUMNS
    ", i.event FROM external_item i JOIN external_handover h ON h.id = i.handover "
    "WHERE i.event BETWEEN $1 AND $2 AND h.state < 3 ORDER BY h.id"};
constexpr db::Statement kUpdate{
    "UPDATE external_handover SET state = $1, attempts = $2, due_at = $3, problem = $4, number = $5, place = "
    "$6, "
    "decided_at = $7 WHERE id = $8"};
constexpr db::Statement kUntold{
    "SELECT id FROM external_handover WHERE state = 2 AND told = 0 ORDER BY id LIMIT $1"};
constexpr db::Statement kSetTold{"UPDATE external_handover SET told = 1 WHERE id = $1"};
constexpr db::Statement kRefersTo{"SELECT 1 FROM external_file WHERE blob = $1 LIMIT 1"};

Delivery to_handover(db::Row const& row) {
  Delivery found;
  found.id = row.number<DeliveryId>(0);
  found.key = row.string(1);
  found.intent = {row.number<UserNid>(2), row.string(3)};
  found.authority = row.number<AuthorityId>(4);
  found.room = row.number<RoomNid>(5);
  found.state = static_cast<DeliveryState>(row.integer(6));
  found.attempts = static_cast<int>(row.integer(7));
  found.due_at = instant_from_ms(row.integer(8));
  found.made_at = instant_from_ms(row.integer(9));
  found.decided_at = instant_from_ms(row.integer(10));
  found.problem = row.string(11);
  found.number = row.string(12);
  found.place = row.string(13);
  found.by_id = row.string(14);
  found.title = row.string(15);
  found.draft = row.string(16);
  return found;
}

template <class T>
std::vector<T> ids_of(db::Reader& reader, db::Statement const& statement,
                      std::initializer_list<db::Value> values) {
  std::vector<T> found;
  reader.query(statement, values, [&](db::Row const& row) { found.push_back(row.number<T>(0)); });
  return found;
}

}  // namespace

std::string_view to_text(DeliveryState state) { return kStates.at(static_cast<std::size_t>(state)); }

std::optional<DeliveryState> parse_handover_state(std::string_view text) {
  auto const found = std::ranges::find(kStates, text);
  if (found == kStates.end()) return std::nullopt;
  return static_cast<DeliveryState>(found - kStates.begin());
}

ShownDelivery shown(Delivery const& handover) {
  bool const open = handover.state == DeliveryState::waiting || handover.state == DeliveryState::sent;
  bool const again = handover.state == DeliveryState::waiting && handover.attempts > 0;
  return {.event = {},
          .authority = handover.authority,
          .key = handover.key,
          .state = again ? "retrying" : std::string(to_text(handover.state)),
          .number = handover.number,
          .place = handover.place,
          .problem = handover.problem,
          .title = handover.title,
          .next_try = open ? std::optional(handover.due_at) : std::nullopt};
}

namespace handover_store {

void add(db::Transaction& transaction, Delivery const& handover) {
  auto const id =
      transaction.query_one(kAdd,
                            {handover.key, handover.intent.by, handover.intent.key, handover.authority,
                             handover.room, to_ms(handover.due_at), to_ms(handover.made_at), handover.by_id,
                             handover.title, handover.draft, handover.manifest},
                            [](db::Row const& row) { return row.integer(0); });
  for (std::size_t n = 0; n < handover.items.size(); ++n)
    transaction.execute(kAddItem, {handover.items[n], *id, n + 1, handover.item_ids.at(n)});
  auto n = 0;
  for (auto const& file : handover.files) {
    transaction.execute(
        kAddFile, {*id, ++n, static_cast<int>(file.role), file.name, file.type, file.size, file.blob.value});
  }
}

std::optional<Delivery> find(db::Reader& reader, std::string_view key) {
  return reader.query_one(kFind, {key}, to_handover);
}

std::optional<Delivery> whole(db::Reader& reader, DeliveryId id) {
  auto found = reader.query_one(kWhole, {id}, [](db::Row const& row) {
    auto handover = to_handover(row);
    handover.manifest = row.string(17);
    return handover;
  });
  if (!found) return found;
  reader.query(kItems, {id}, [&](db::Row const& row) {
    found->items.push_back(row.number<EventNid>(0));
    found->item_ids.push_back(row.string(1));
  });
  reader.query(kFiles, {id}, [&](db::Row const& row) {
    found->files.push_back({static_cast<FileRole>(row.integer(0)), row.string(1), row.string(2),
                            row.integer(3), db::BlobId{row.string(4)}});
  });
  return found;
}

std::optional<ShownDelivery> of_intent(db::Reader& reader, IntentKey const& key) {
  auto const found = reader.query_one(kOfIntent, {key.by, key.key}, to_handover);
  return found ? std::optional(shown(*found)) : std::nullopt;
}

std::vector<DeliveryId> due(db::Reader& reader, AuthorityId authority, Instant now, int limit) {
  return ids_of<DeliveryId>(reader, kDue, {authority, to_ms(now), limit});
}

std::vector<std::pair<AuthorityId, Instant>> next_due(db::Reader& reader) {
  std::vector<std::pair<AuthorityId, Instant>> found;
  reader.query(kNextDue, {}, [&](db::Row const& row) {
    found.emplace_back(row.number<AuthorityId>(0), instant_from_ms(row.integer(1)));
  });
  return found;
}

std::vector<Delivery> list(db::Reader& reader, AuthorityId authority, std::optional<DeliveryState> state,
                           DeliveryId before, int limit) {
  std::vector<Delivery> found;
  auto const keep = [&](db::Row const& row) { found.push_back(to_handover(row)); };
  if (state)
    reader.query(kListOfState, {authority, before, static_cast<int>(*state), limit}, keep);
  else
    reader.query(kList, {authority, before, limit}, keep);
  return found;
}

std::vector<ShownDelivery> of_items(db::Reader& reader, std::vector<EventNid> const& items) {
  std::vector<ShownDelivery> found;
  if (items.empty()) return found;
  auto const [first, last] = std::ranges::minmax(items);
  reader.query(kOfItems, {first, last}, [&](db::Row const& row) {
    auto const event = row.number<EventNid>(17);
    if (std::ranges::find(items, event) == items.end()) return;
    found.push_back(shown(to_handover(row)));
    found.back().event = event;
  });
  return found;
}

void update(db::Transaction& transaction, Delivery const& handover) {
  transaction.execute(
      kUpdate, {static_cast<int>(handover.state), handover.attempts, to_ms(handover.due_at), handover.problem,
                handover.number, handover.place, to_ms(handover.decided_at), handover.id});
}

std::vector<DeliveryId> untold(db::Reader& reader, int limit) {
  return ids_of<DeliveryId>(reader, kUntold, {limit});
}

void set_told(db::Transaction& transaction, DeliveryId id) { transaction.execute(kSetTold, {id}); }

bool refers_to(db::Reader& reader, db::BlobId const& blob) {
  return reader.query_one(kRefersTo, {blob.value}, [](db::Row const&) { return true; }).has_value();
}

}  // namespace handover_store

std::span<db::Migration const> external_migrations() { return kMigrations; }

}  // namespace torg::records
