#include "records/disposal/store.hpp"

namespace torg::records::disposal_store {
namespace {

#define HOLD_COLUMNS                                                                              \
  "nid, authority, room, record, event, reason, placed_by, placed_at, released_by, released_at, " \
  "release_reason "
constexpr db::Statement kLastHold{"SELECT COALESCE(MAX(nid), 0) FROM hold"};
constexpr db::Statement kPlaceHold{"INSERT INTO hold (" HOLD_COLUMNS
                                   ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, NULL, '')"};
constexpr db::Statement kReleaseHold{
    "UPDATE hold SET released_by = $1, released_at = $2, release_reason = $3 "
    "WHERE nid = $4 AND authority = $5 AND released_at IS NULL"};
constexpr db::Statement kHolds{"SELECT " HOLD_COLUMNS
                               "FROM hold ORDER BY released_at IS NULL DESC, nid DESC LIMIT $1 OFFSET $2"};
constexpr db::Statement kHold{"SELECT " HOLD_COLUMNS "FROM hold WHERE nid = $1"};
constexpr db::Statement kOpenHolds{"SELECT " HOLD_COLUMNS "FROM hold WHERE released_at IS NULL ORDER BY nid"};

#define DISPOSAL_COLUMNS                                                                           \
  "nid, authority, decision, before_day, handling, state, proposed_by, proposed_at, approved_by, " \
  "approved_at, "                                                                                  \
  "items, removed, skeletons, log_index, number, certificate "
constexpr db::Statement kLastDisposal{"SELECT COALESCE(MAX(nid), 0) FROM disposal"};
constexpr db::Statement kAddDisposal{"INSERT INTO disposal (" DISPOSAL_COLUMNS
                                     ") VALUES ($1, $2, $3, $4, $5, 0, $6, $7, 0, 0, $8, 0, 0, 0, '', '')"};
constexpr db::Statement kAddItem{"INSERT INTO disposal_item (disposal, room, event) VALUES ($1, $2, $3)"};
constexpr db::Statement kFindDisposal{"SELECT " DISPOSAL_COLUMNS "FROM disposal WHERE nid = $1"};
constexpr db::Statement kDisposals{"SELECT " DISPOSAL_COLUMNS
                                   "FROM disposal ORDER BY nid DESC LIMIT $1 OFFSET $2"};
constexpr db::Statement kItems{
    "SELECT room, event FROM disposal_item WHERE disposal = $1 ORDER BY room, event"};
constexpr db::Statement kForgetItems{"DELETE FROM disposal_item WHERE disposal = $1"};
constexpr db::Statement kFinish{
    "UPDATE disposal SET state = 1, approved_by = $1, approved_at = $2, items = $3, removed = $4, skeletons "
    "= $5, "
    "log_index = $6, number = $7, certificate = $8 WHERE nid = $9 AND state = 0"};
constexpr db::Statement kCountDone{"SELECT COUNT(*) FROM disposal WHERE authority = $1 AND state = 1"};
constexpr db::Statement kNoteSample{
    "INSERT INTO disposal_sample (disposal, person, at) VALUES ($1, $2, $3) ON CONFLICT (disposal, person) "
    "DO NOTHING"};
constexpr db::Statement kHasSampled{"SELECT 1 FROM disposal_sample WHERE disposal = $1 AND person = $2"};

constexpr db::Statement kItemsWith{
    "SELECT event FROM assessment WHERE room = $1 AND authority = $2 AND handling = $3 AND status = 1 ORDER "
    "BY event"};
// status 1 is record: neither now nor at any step of its history may weeded material have been one.
constexpr db::Statement kEverRecords{
    "SELECT event FROM assessment WHERE room = $1 AND event BETWEEN $2 AND $3 AND status = 1 UNION "
    "SELECT event FROM assessment_history WHERE room = $1 AND event BETWEEN $2 AND $3 AND status = 1 ORDER "
    "BY event"};
constexpr db::Statement kForgetAssessment{"DELETE FROM assessment WHERE room = $1 AND event = $2"};
constexpr db::Statement kForgetHistory{"DELETE FROM assessment_history WHERE room = $1 AND event = $2"};

constexpr db::Statement kPaused{"SELECT paused FROM weeding WHERE one = 1"};
constexpr db::Statement kPause{
    "INSERT INTO weeding (one, paused) VALUES (1, $1) ON CONFLICT (one) DO UPDATE SET paused = "
    "excluded.paused"};
constexpr db::Statement kStart{"SELECT position FROM weeding_start WHERE room = $1"};
constexpr db::Statement kSetStart{
    "INSERT INTO weeding_start (room, position) VALUES ($1, $2) "
    "ON CONFLICT (room) DO UPDATE SET position = excluded.position"};
constexpr db::Statement kLastRun{"SELECT COALESCE(MAX(nid), 0) FROM weeding_run"};
constexpr db::Statement kAddRun{
    "INSERT INTO weeding_run (nid, at, person, room, items, removed, skeletons) VALUES ($1, $2, $3, $4, $5, "
    "$6, $7)"};
constexpr db::Statement kRuns{
    "SELECT at, person, room, items, removed, skeletons FROM weeding_run ORDER BY nid DESC LIMIT $1"};

constexpr db::Statement kAddSweepBlob{
    "INSERT INTO sweep_blob (blob) VALUES ($1) ON CONFLICT (blob) DO NOTHING"};
constexpr db::Statement kAddSweepScrub{
    "INSERT INTO sweep_scrub (one, at) VALUES (1, $1) ON CONFLICT (one) DO NOTHING"};
constexpr db::Statement kCountSweep{"SELECT COUNT(*) FROM sweep_blob"};
constexpr db::Statement kSweptBlobs{"SELECT blob FROM sweep_blob ORDER BY blob"};
constexpr db::Statement kBlobGone{"DELETE FROM sweep_blob WHERE blob = $1"};
constexpr db::Statement kScrubWaits{"SELECT 1 FROM sweep_scrub WHERE one = 1"};
constexpr db::Statement kScrubDone{"DELETE FROM sweep_scrub WHERE one = 1"};

std::int64_t read_number(db::Reader& reader, db::Statement const& statement,
                         std::initializer_list<db::Value> values) {
  return reader.query_one(statement, values, [](db::Row const& row) { return row.integer(0); }).value_or(0);
}

Hold read_hold(db::Row const& row) {
  Hold hold;
  hold.id = row.number<HoldId>(0);
  hold.authority = row.number<AuthorityId>(1);
  hold.room = row.number<RoomNid>(2);
  hold.record = row.number<RecordId>(3);
  hold.event = row.number<EventNid>(4);
  hold.reason = row.string(5);
  hold.placed_by = row.number<UserNid>(6);
  hold.placed_at = instant_from_ms(row.integer(7));
  hold.released_by = row.number<UserNid>(8);
  if (!row.is_null(9)) hold.released_at = instant_from_ms(row.integer(9));
  hold.release_reason = row.string(10);
  return hold;
}

std::vector<Hold> read_holds(db::Reader& reader, db::Statement const& statement,
                             std::initializer_list<db::Value> values) {
  std::vector<Hold> found;
  reader.query(statement, values, [&](db::Row const& row) { found.push_back(read_hold(row)); });
  return found;
}

Disposal read_disposal(db::Row const& row) {
  Disposal found;
  found.id = row.number<DisposalId>(0);
  found.terms.authority = row.number<AuthorityId>(1);
  found.terms.decision = row.string(2);
  found.terms.before_day = Day{std::chrono::days{row.integer(3)}};
  found.terms.handling = static_cast<Handling>(row.integer(4));
  found.state = static_cast<DisposalState>(row.integer(5));
  found.proposed_by = row.number<UserNid>(6);
  found.proposed_at = instant_from_ms(row.integer(7));
  found.approved_by = row.number<UserNid>(8);
  found.approved_at = instant_from_ms(row.integer(9));
  found.items = row.integer(10);
  found.removed = row.integer(11);
  found.skeletons = row.integer(12);
  found.log_index = row.integer(13);
  found.number = row.string(14);
  found.certificate = row.string(15);
  return found;
}

std::vector<EventNid> read_events(db::Reader& reader, db::Statement const& statement,
                                  std::initializer_list<db::Value> values) {
  std::vector<EventNid> found;
  reader.query(statement, values, [&](db::Row const& row) { found.push_back(row.number<EventNid>(0)); });
  return found;
}

}  // namespace

HoldId place_hold(db::Transaction& transaction, Hold const& hold) {
  HoldId const id(read_number(transaction, kLastHold, {}) + 1);
  transaction.execute(kPlaceHold, {id, hold.authority, hold.room, hold.record, hold.event, hold.reason,
                                   hold.placed_by, to_ms(hold.placed_at)});
  return id;
}

bool release_hold(db::Transaction& transaction, Hold const& hold) {
  auto const at = hold.released_at.value_or(Instant{});
  return transaction.execute(
             kReleaseHold, {hold.released_by, to_ms(at), hold.release_reason, hold.id, hold.authority}) == 1;
}

std::vector<Hold> holds(db::Reader& reader, net::Page page) {
  return read_holds(reader, kHolds, {page.limit, page.from});
}
std::vector<Hold> open_holds(db::Reader& reader) { return read_holds(reader, kOpenHolds, {}); }
std::optional<Hold> hold(db::Reader& reader, HoldId id) { return reader.query_one(kHold, {id}, read_hold); }

DisposalId add_disposal(db::Transaction& transaction, Disposal const& disposal, ItemsByRoom const& items) {
  DisposalId const id(read_number(transaction, kLastDisposal, {}) + 1);
  auto const& terms = disposal.terms;
  transaction.execute(
      kAddDisposal,
      {id, terms.authority, terms.decision, terms.before_day.time_since_epoch().count(),
       static_cast<int>(terms.handling), disposal.proposed_by, to_ms(disposal.proposed_at), disposal.items});
  for (auto const& [room, events] : items) {
    for (auto const event : events) transaction.execute(kAddItem, {id, room, event});
  }
  return id;
}

std::optional<Disposal> find_disposal(db::Reader& reader, DisposalId id) {
  return reader.query_one(kFindDisposal, {id}, read_disposal);
}

std::vector<Disposal> disposals(db::Reader& reader, net::Page page) {
  std::vector<Disposal> found;
  reader.query(kDisposals, {page.limit, page.from},
               [&](db::Row const& row) { found.push_back(read_disposal(row)); });
  return found;
}

ItemsByRoom items_of(db::Reader& reader, DisposalId id) {
  ItemsByRoom items;
  reader.query(kItems, {id},
               [&](db::Row const& row) { items[row.number<RoomNid>(0)].push_back(row.number<EventNid>(1)); });
  return items;
}

bool finish_disposal(db::Transaction& transaction, Disposal const& disposal) {
  auto const changed = transaction.execute(
      kFinish, {disposal.approved_by, to_ms(disposal.approved_at), disposal.items, disposal.removed,
                disposal.skeletons, disposal.log_index, disposal.number, disposal.certificate, disposal.id});
  transaction.execute(kForgetItems, {disposal.id});
  return changed == 1;
}

std::int64_t count_done(db::Reader& reader, AuthorityId authority) {
  return read_number(reader, kCountDone, {authority});
}

void note_sample(db::Transaction& transaction, DisposalId id, UserNid person, Instant at) {
  transaction.execute(kNoteSample, {id, person, to_ms(at)});
}

bool has_sampled(db::Reader& reader, DisposalId id, UserNid person) {
  return read_number(reader, kHasSampled, {id, person}) == 1;
}

std::vector<EventNid> items_with(db::Reader& reader, RoomNid room, AuthorityId authority, Handling handling) {
  return read_events(reader, kItemsWith, {room, authority, static_cast<int>(handling)});
}

std::vector<EventNid> ever_records(db::Reader& reader, RoomNid room, EventNid from, EventNid to) {
  return read_events(reader, kEverRecords, {room, from, to});
}

void forget_item(db::Transaction& transaction, RoomNid room, EventNid event) {
  transaction.execute(kForgetAssessment, {room, event});
  transaction.execute(kForgetHistory, {room, event});
}

bool weeding_paused(db::Reader& reader) { return read_number(reader, kPaused, {}) != 0; }
void pause_weeding(db::Transaction& transaction, bool paused) { transaction.execute(kPause, {paused}); }

Position weeding_start(db::Reader& reader, RoomNid room) {
  return Position(read_number(reader, kStart, {room}));
}

void set_weeding_start(db::Transaction& transaction, RoomNid room, Position start) {
  transaction.execute(kSetStart, {room, start});
}

void add_weeding_run(db::Transaction& transaction, WeedingRun const& run) {
  auto const nid = read_number(transaction, kLastRun, {}) + 1;
  transaction.execute(kAddRun, {nid, to_ms(run.at), run.by, run.room, run.items, run.removed, run.skeletons});
}

std::vector<WeedingRun> weeding_runs(db::Reader& reader, std::int64_t limit) {
  std::vector<WeedingRun> found;
  reader.query(kRuns, {limit}, [&](db::Row const& row) {
    found.push_back({instant_from_ms(row.integer(0)), row.number<UserNid>(1), row.number<RoomNid>(2),
                     row.integer(3), row.integer(4), row.integer(5)});
  });
  return found;
}

std::int64_t sweep_waiting(db::Reader& reader) {
  return reader.query_one(kCountSweep, {}, [](db::Row const& row) { return row.integer(0); }).value_or(0);
}

void add_sweep(db::Transaction& transaction, std::vector<db::BlobId> const& blobs, Instant at) {
  for (auto const& blob : blobs) transaction.execute(kAddSweepBlob, {blob});
  transaction.execute(kAddSweepScrub, {to_ms(at)});
}

std::vector<db::BlobId> swept_blobs(db::Reader& reader) {
  std::vector<db::BlobId> found;
  reader.query(kSweptBlobs, {}, [&](db::Row const& row) { found.push_back({row.string(0)}); });
  return found;
}

void blob_is_gone(db::Transaction& transaction, db::BlobId const& blob) {
  transaction.execute(kBlobGone, {blob});
}
bool scrub_waits(db::Reader& reader) { return read_number(reader, kScrubWaits, {}) == 1; }
void scrub_is_done(db::Transaction& transaction) { transaction.execute(kScrubDone, {}); }

}  // namespace torg::records::disposal_store
