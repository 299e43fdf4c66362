#include "records/assessment/store.hpp"

#include "matrix/room/store.hpp"
#include "records/rules/settings.hpp"

#include <algorithm>

namespace torg::records::assessment {
namespace {

#define COLUMNS                                                                                             \
  "room, event, authority, status, basis, handling, rule, since, due_day, may_be_secret, matters, record, " \
  "reason, "                                                                                                \
  "person, decided_at "

constexpr db::Statement kInsert{"INSERT INTO assessment (" COLUMNS
                                ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) "
                                "ON CONFLICT (room, event, authority) DO NOTHING"};
constexpr db::Statement kUpdate{
    "UPDATE assessment SET status = $1, basis = $2, handling = $3, rule = $4, since = $5, due_day = $6, "
    "may_be_secret = $7, matters = $8, record = $9, reason = $10, person = $11, decided_at = $12 "
    "WHERE room = $13 AND event = $14 AND authority = $15"};
constexpr db::Statement kRow{"SELECT " COLUMNS
                             "FROM assessment WHERE room = $1 AND event = $2 AND authority = $3"};
constexpr db::Statement kRows{
    "SELECT " COLUMNS
    "FROM assessment WHERE room = $1 AND event BETWEEN $2 AND $3 ORDER BY event, authority"};
constexpr db::Statement kRowsOfRecord{
    "SELECT " COLUMNS "FROM assessment WHERE record = $1 AND record <> 0 ORDER BY event, authority"};
// `handling = 0` stands in the text so that the partial index is used.
constexpr db::Statement kQueue{
    "SELECT " COLUMNS
    "FROM assessment WHERE authority = $1 AND handling = 0 ORDER BY due_day, event LIMIT $2"};
// Row values, so that the index of the queue is entered where the page before ended.
constexpr db::Statement kQueueAfter{
    "SELECT " COLUMNS
    "FROM assessment WHERE authority = $1 AND handling = 0 AND (due_day, event) > ($2, $3) "
    "ORDER BY due_day, event LIMIT $4"};
constexpr db::Statement kLate{
    "SELECT COUNT(*) FROM assessment WHERE authority = $1 AND handling = 0 AND due_day < $2"};
constexpr db::Statement kQueueLength{"SELECT COUNT(*) FROM assessment WHERE authority = $1 AND handling = 0"};
constexpr db::Statement kQueueByRoom{
    "SELECT room, COUNT(*) FROM assessment WHERE authority = $1 AND handling = 0 GROUP BY room"};
constexpr db::Statement kQueueOfRoom{
    "SELECT " COLUMNS "FROM assessment WHERE room = $1 AND authority = $2 AND handling = 0 ORDER BY event"};
// `handling = 3`, registered, and not by `record`: a register outside has its own numbers.
constexpr db::Statement kRegisteredOfRoom{
    "SELECT " COLUMNS "FROM assessment WHERE room = $1 AND authority = $2 AND handling = 3 ORDER BY event"};
constexpr db::Statement kEventsWithRows{
    "SELECT DISTINCT event FROM assessment WHERE room = $1 AND event BETWEEN $2 AND $3 ORDER BY event"};
constexpr db::Statement kDecided{
    "SELECT COUNT(*) FROM assessment_history WHERE authority = $1 AND at >= $2 AND person <> 0"};
constexpr db::Statement kSteps{
    "SELECT COUNT(*) FROM assessment_history WHERE room = $1 AND event = $2 AND authority = $3"};
constexpr db::Statement kAddStep{
    "INSERT INTO assessment_history (room, event, authority, step, at, person, second_person, status, basis, "
    "handling, "
    "rule, rule_version, record, reason) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, "
    "$14)"};
constexpr db::Statement kHistory{
    "SELECT at, person, second_person, handling, rule, rule_version, reason FROM assessment_history "
    "WHERE room = $1 AND event = $2 AND authority = $3 ORDER BY step"};
constexpr db::Statement kAddOpening{
    "INSERT INTO access_opening (room, authority, at, position) VALUES ($1, $2, $3, $4) "
    "ON CONFLICT (room, authority) DO NOTHING"};
constexpr db::Statement kRemoveOpening{"DELETE FROM access_opening WHERE room = $1 AND authority = $2"};
constexpr db::Statement kOpenings{
    "SELECT room, authority, at, position FROM access_opening ORDER BY position"};
constexpr db::Statement kAddFile{
    "INSERT INTO item_file (mxc, event) VALUES ($1, $2) ON CONFLICT (mxc, event) DO NOTHING"};
constexpr db::Statement kRemoveFile{"DELETE FROM item_file WHERE mxc = $1 AND event = $2"};
constexpr db::Statement kFileUses{"SELECT COUNT(*) FROM item_file WHERE mxc = $1"};

std::optional<std::int64_t> to_number(std::optional<Day> day) {
  return day ? std::optional<std::int64_t>(day->time_since_epoch().count()) : std::nullopt;
}

Assessment read_row(db::Row const& row) {
  Assessment found;
  found.room = row.number<RoomNid>(0);
  found.event = row.number<EventNid>(1);
  found.authority = row.number<AuthorityId>(2);
  found.status = static_cast<Status>(row.integer(3));
  found.basis = static_cast<Basis>(row.integer(4));
  found.handling = static_cast<Handling>(row.integer(5));
  found.rule = row.string(6);
  found.since = instant_from_ms(row.integer(7));
  if (!row.is_null(8)) found.due_day = Day{std::chrono::days{row.integer(8)}};
  found.may_be_secret = row.integer(9) != 0;
  found.matters = row.integer(10) != 0;
  found.record = row.number<RecordId>(11);
  found.reason = row.string(12);
  found.by = row.number<UserNid>(13);
  found.decided_at = instant_from_ms(row.integer(14));
  return found;
}

template <class... Values>
std::vector<Assessment> read_rows(db::Reader& reader, db::Statement const& statement, Values... values) {
  std::vector<Assessment> found;
  reader.query(statement, {db::Value(values)...},
               [&](db::Row const& row) { found.push_back(read_row(row)); });
  return found;
}

std::int64_t read_count(db::Reader& reader, db::Statement const& statement,
                        std::initializer_list<db::Value> values) {
  return reader.query_one(statement, values, [](db::Row const& row) { return row.integer(0); }).value_or(0);
}

void update_row(db::Transaction& transaction, Assessment const& row) {
  transaction.execute(
      kUpdate, {static_cast<int>(row.status), static_cast<int>(row.basis), static_cast<int>(row.handling),
                row.rule, to_ms(row.since), to_number(row.due_day), row.may_be_secret, row.matters,
                row.record, row.reason, row.by, to_ms(row.decided_at), row.room, row.event, row.authority});
}

void add_step(db::Transaction& transaction, Assessment const& row, std::int64_t step, UserNid second_person) {
  transaction.execute(
      kAddStep, {row.room, row.event, row.authority, step, to_ms(row.decided_at), row.by, second_person,
                 static_cast<int>(row.status), static_cast<int>(row.basis), static_cast<int>(row.handling),
                 row.rule, kRuleVersion, row.record, row.reason});
}

/// Replaces a row and writes both how it was, the first time, and how it is.
void change(db::Transaction& transaction, std::optional<Assessment> const& before, Assessment const& after,
            UserNid second_person = {}) {
  auto steps = read_count(transaction, kSteps, {after.room, after.event, after.authority});
  if (before && steps == 0) add_step(transaction, *before, steps++, {});
  add_step(transaction, after, steps, second_person);
  if (before)
    update_row(transaction, after);
  else
    insert_row(transaction, after);
}

/// The first row of an item that had none: working material so far.
Assessment fresh(RoomNid room, EventNid event, AuthorityId authority, Instant at) {
  Assessment row;
  row.room = room;
  row.event = event;
  row.authority = authority;
  row.since = at;
  return row;
}

/// Here, or in a register outside that gives the number.
bool is_registered(Assessment const& row) { return row.handling == Handling::registered; }

/// A person's decision stands; so does the register. What only a rule has decided is open to a new fact.
bool stands(Assessment const& before, Arising const& arising) {
  if (is_registered(before) || before.handling == Handling::unassessed) return true;
  bool const decided_by_person = before.by && before.status == Status::record;
  bool const asks_for_less = before.status == Status::record && arising.handling != Handling::unassessed;
  return decided_by_person || asks_for_less;
}

}  // namespace

void insert_row(db::Transaction& transaction, Assessment const& row) {
  transaction.execute(
      kInsert, {row.room, row.event, row.authority, static_cast<int>(row.status), static_cast<int>(row.basis),
                static_cast<int>(row.handling), row.rule, to_ms(row.since), to_number(row.due_day),
                row.may_be_secret, row.matters, row.record, row.reason, row.by, to_ms(row.decided_at)});
}

void arise(db::Transaction& transaction, Arising const& arising) {
  auto const before = row_of(transaction, arising.room, arising.event, arising.authority);
  if (before && stands(*before, arising)) return;
  auto row = fresh(arising.room, arising.event, arising.authority, arising.since);
  row.status = Status::record;
  row.basis = arising.basis;
  row.handling = arising.handling;
  row.rule = arising.rule;
  row.due_day = arising.due_day;
  row.may_be_secret = arising.may_be_secret || (before && before->may_be_secret);
  row.matters = arising.matters || (before && before->matters);
  row.reason = arising.reason;
  row.by = arising.by;
  row.decided_at = arising.since;
  change(transaction, before, row);
}

Result<Assessment> decide(db::Transaction& transaction, Deciding const& deciding) {
  auto const before = row_of(transaction, deciding.room, deciding.event, deciding.authority);
  if (before && is_registered(*before)) {
    return fail(ErrorCode::bad_state, "The item is registered; correct the record instead.");
  }
  auto row = before.value_or(fresh(deciding.room, deciding.event, deciding.authority, deciding.at));
  row.handling = deciding.handling;
  row.rule = deciding.rule;
  row.reason = deciding.reason;
  row.by = deciding.by;
  row.decided_at = deciding.at;
  change(transaction, before, row, deciding.second_person);
  return row;
}

namespace {

Result<> take_in(db::Transaction& transaction, std::optional<Assessment> const& before,
                 Registering const& registering) {
  if (before && is_registered(*before)) return fail(ErrorCode::conflict, "The item is registered already.");
  auto row =
      before.value_or(fresh(registering.room, registering.event, registering.authority, registering.at));
  if (row.status == Status::not_record) {
    // Nobody had to: registering takes it into the archive, and that makes it a record (R7).
    row.status = Status::record;
    row.basis = Basis::archived;
    row.since = registering.at;
  }
  row.handling = Handling::registered;
  row.rule = "R20";
  row.record = registering.record;
  row.by = registering.by;
  row.reason.clear();
  row.decided_at = registering.at;
  change(transaction, before, row);
  return {};
}

/// Unassessed again, with the clock it had; what was registered of free will is working material again.
void take_out(db::Transaction& transaction, Assessment const& before, UserNid by, Instant at,
              std::string_view reason) {
  auto row = before;
  bool const of_free_will = before.basis == Basis::archived;
  row.status = of_free_will ? Status::not_record : Status::record;
  row.basis = of_free_will ? Basis::internal_no_case : before.basis;
  row.handling = of_free_will ? Handling::working : Handling::unassessed;
  row.record = RecordId{};
  row.by = by;
  row.reason = reason;
  row.decided_at = at;
  change(transaction, before, row);
}

}  // namespace

Result<> registered(db::Transaction& transaction, Registering const& registering) {
  auto const before = row_of(transaction, registering.room, registering.event, registering.authority);
  if (before && before->record == registering.record) return {};
  return take_in(transaction, before, registering);
}

Result<> handed_over(db::Transaction& transaction, Registering const& registering) {
  auto const before = row_of(transaction, registering.room, registering.event, registering.authority);
  return take_in(transaction, before, registering);
}

void handed_back(db::Transaction& transaction, Registering const& registering, std::string_view reason) {
  auto const before = row_of(transaction, registering.room, registering.event, registering.authority);
  if (before && is_registered(*before) && !before->record)
    take_out(transaction, *before, registering.by, registering.at, reason);
}

void unregistered(db::Transaction& transaction, RecordId record, UserNid by, Instant at,
                  std::string_view reason) {
  for (auto const& before : rows_of_record(transaction, record))
    take_out(transaction, before, by, at, reason);
}

std::vector<Assessment> rows_of(db::Reader& reader, RoomNid room, std::span<EventNid const> events) {
  if (events.empty()) return {};
  auto const [first, last] = std::ranges::minmax(events);
  auto rows = read_rows(reader, kRows, room, first, last);
  std::erase_if(rows,
                [&](Assessment const& row) { return std::ranges::find(events, row.event) == events.end(); });
  return rows;
}

std::optional<Assessment> row_of(db::Reader& reader, RoomNid room, EventNid event, AuthorityId authority) {
  return reader.query_one(kRow, {room, event, authority}, read_row);
}

std::vector<Assessment> rows_of_record(db::Reader& reader, RecordId record) {
  return read_rows(reader, kRowsOfRecord, record);
}

std::vector<Assessment> unassessed(db::Reader& reader, AuthorityId authority,
                                   std::optional<QueuePlace> const& from, std::int64_t limit) {
  if (!from) return read_rows(reader, kQueue, authority, limit);
  // Lines of one day and item stand in order of authority.
  auto const after = authority > from->authority ? EventNid(from->event.value - 1) : from->event;
  std::int64_t const day = from->due_day.time_since_epoch().count();
  return read_rows(reader, kQueueAfter, authority, day, after, limit);
}

std::int64_t count_late(db::Reader& reader, AuthorityId authority, Day today) {
  return read_count(reader, kLate, {authority, std::int64_t(today.time_since_epoch().count())});
}

std::int64_t count_unassessed(db::Reader& reader, AuthorityId authority) {
  return read_count(reader, kQueueLength, {authority});
}

std::map<RoomNid, std::int64_t> unassessed_by_room(db::Reader& reader, AuthorityId authority) {
  std::map<RoomNid, std::int64_t> counts;
  reader.query(kQueueByRoom, {authority},
               [&](db::Row const& row) { counts[row.number<RoomNid>(0)] = row.integer(1); });
  return counts;
}

std::int64_t count_decided(db::Reader& reader, AuthorityId authority, Instant from) {
  return read_count(reader, kDecided, {authority, to_ms(from)});
}

std::vector<Assessment> unassessed_of_room(db::Reader& reader, RoomNid room, AuthorityId authority) {
  return read_rows(reader, kQueueOfRoom, room, authority);
}

std::vector<Assessment> registered_of_room(db::Reader& reader, RoomNid room, AuthorityId authority) {
  return read_rows(reader, kRegisteredOfRoom, room, authority);
}

std::vector<EventNid> events_with_rows(db::Reader& reader, RoomNid room, EventNid from, EventNid to) {
  std::vector<EventNid> found;
  reader.query(kEventsWithRows, {room, from, to},
               [&](db::Row const& row) { found.push_back(row.number<EventNid>(0)); });
  return found;
}

EventNid find_event(db::Reader& reader, RoomNid room, std::string_view event_id) {
  auto const id = matrix::look_up_event(event_id);
  return id ? matrix::store::find_event(reader, room, *id) : EventNid{};
}

std::vector<Step> history(db::Reader& reader, RoomNid room, EventNid event, AuthorityId authority) {
  std::vector<Step> found;
  reader.query(kHistory, {room, event, authority}, [&](db::Row const& row) {
    found.push_back({instant_from_ms(row.integer(0)), row.number<UserNid>(1), row.number<UserNid>(2),
                     static_cast<Handling>(row.integer(3)), row.string(4), row.integer(5), row.string(6)});
  });
  return found;
}

void add_file(db::Transaction& transaction, std::string_view mxc, EventNid event) {
  transaction.execute(kAddFile, {mxc, event});
}

bool shows_file(db::Reader& reader, std::string_view mxc) { return read_count(reader, kFileUses, {mxc}) > 0; }

bool remove_file(db::Transaction& transaction, std::string_view mxc, EventNid event) {
  transaction.execute(kRemoveFile, {mxc, event});
  return read_count(transaction, kFileUses, {mxc}) == 0;
}

void add_opening(db::Transaction& transaction, Opening const& opening) {
  transaction.execute(kAddOpening, {opening.room, opening.authority, to_ms(opening.at), opening.position});
}

void remove_opening(db::Transaction& transaction, Opening const& opening) {
  transaction.execute(kRemoveOpening, {opening.room, opening.authority});
}

std::vector<Opening> openings(db::Reader& reader) {
  std::vector<Opening> found;
  reader.query(kOpenings, {}, [&](db::Row const& row) {
    found.push_back({row.number<RoomNid>(0), row.number<AuthorityId>(1), instant_from_ms(row.integer(2)),
                     row.number<Position>(3)});
  });
  return found;
}

}  // namespace torg::records::assessment
