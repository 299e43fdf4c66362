#include "records/reserve/store.hpp"

#include "records/reserve/reserve.hpp"

#include <algorithm>
#include <array>

namespace torg::records {
namespace {

constexpr std::array<std::string_view, 3> kStates{"open", "used", "void"};

// state: 0 open, 1 used, 2 void. void_log_index: the entry that says so.
constexpr db::Migration kMigrations[] = {{"reserve", 1, R"sql(
CREATE TABLE register_reservation (
  id {id},
  authority BIGINT NOT NULL,
  by_user BIGINT NOT NULL,
  client_key TEXT NOT NULL,
  at BIGINT NOT NULL,
  reason TEXT NOT NULL,
  log_index BIGINT NOT NULL
);
CREATE UNIQUE INDEX register_reservation_key ON register_reservation (by_user, client_key);
CREATE INDEX register_reservation_of ON register_reservation (authority, id);
CREATE INDEX register_reservation_log ON register_reservation (log_index);
CREATE TABLE register_reserved (
  number TEXT NOT NULL PRIMARY KEY,
  case_number TEXT NOT NULL,
  reservation BIGINT NOT NULL,
  n BIGINT NOT NULL,
  authority BIGINT NOT NULL,
  series BIGINT NOT NULL,
  pattern TEXT NOT NULL,
  year BIGINT NOT NULL,
  document BIGINT NOT NULL,
  state BIGINT NOT NULL,
  record BIGINT NOT NULL,
  reason TEXT NOT NULL,
  settled_at BIGINT NOT NULL,
  settled_by BIGINT NOT NULL,
  void_log_index BIGINT
) {rowless};
CREATE INDEX register_reserved_of ON register_reserved (reservation, n);
CREATE INDEX register_reserved_void ON register_reserved (void_log_index) WHERE void_log_index IS NOT NULL;
)sql"}};

#define TORG_COLUMNS                                                                                      \
  "number, case_number, reservation, authority, series, pattern, year, document, state, record, reason, " \
  "settled_at, settled_by "
constexpr db::Statement kFind{"SELECT " TORG_COLUMNS "FROM register_reserved WHERE number = $1"};
constexpr db::Statement kOf{"SELECT " TORG_COLUMNS
                            "FROM register_reserved WHERE reservation = $1 ORDER BY n"};
constexpr db::Statement kOfMany{
    "SELECT " TORG_COLUMNS
    "FROM register_reserved WHERE reservation BETWEEN $1 AND $2 AND authority = $3 "
    "ORDER BY reservation DESC, n"};
constexpr db::Statement kAddReservation{
    "INSERT INTO register_reservation (authority, by_user, client_key, at, reason, log_index) "
    "VALUES ($1, $2, $3, $4, $5, $6) RETURNING id"};
constexpr db::Statement kAddNumber{
    "INSERT INTO register_reserved (number, case_number, reservation, n, authority, series, pattern, year, "
    "document, "
    "state, record, reason, settled_at, settled_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, 0, '', 0, "
    "0)"};
constexpr db::Statement kUse{
    "UPDATE register_reserved SET state = 1, record = $1, settled_at = $2, settled_by = $3 "
    "WHERE number = $4 AND state = 0"};
constexpr db::Statement kVoid{
    "UPDATE register_reserved SET state = 2, reason = $1, settled_at = $2, settled_by = $3, void_log_index = "
    "$4 "
    "WHERE number = $5 AND state = 0"};
constexpr db::Statement kOfKey{"SELECT id FROM register_reservation WHERE by_user = $1 AND client_key = $2"};
constexpr db::Statement kReservation{
    "SELECT id, authority, at, by_user, reason, log_index FROM register_reservation WHERE id = $1"};
constexpr db::Statement kList{
    "SELECT id, authority, at, by_user, reason, log_index FROM register_reservation "
    "WHERE authority = $1 AND id < $2 ORDER BY id DESC LIMIT $3"};
constexpr db::Statement kTold{
    "SELECT r.number, b.log_index, r.void_log_index, r.state, u.number, "
    "EXISTS (SELECT 1 FROM register_record x WHERE x.number = r.number) "
    "FROM register_reserved r JOIN register_reservation b ON b.id = r.reservation "
    "LEFT JOIN register_record u ON u.id = r.record WHERE r.number > $1 ORDER BY r.number LIMIT $2"};
constexpr db::Statement kIsKnown{"SELECT 1 FROM db_migration WHERE slice = 'reserve' LIMIT 1"};
constexpr db::Statement kTellsReservation{"SELECT 1 FROM register_reservation WHERE log_index = $1 LIMIT 1"};
constexpr db::Statement kTellsVoid{"SELECT 1 FROM register_reserved WHERE void_log_index = $1 LIMIT 1"};

ReservedNumber to_number(db::Row const& row) {
  ReservedNumber found;
  found.number = row.string(0);
  found.case_number = row.string(1);
  found.reservation = row.integer(2);
  found.authority = row.number<AuthorityId>(3);
  found.series = row.integer(4);
  found.pattern = row.string(5);
  found.year = static_cast<int>(row.integer(6));
  found.document = row.integer(7);
  found.state = static_cast<ReservedState>(row.integer(8));
  found.record = row.number<RecordId>(9);
  found.reason = row.string(10);
  found.settled_at = instant_from_ms(row.integer(11));
  found.settled_by = row.number<UserNid>(12);
  return found;
}

Reservation to_reservation(db::Row const& row) {
  return {row.integer(0),
          row.number<AuthorityId>(1),
          instant_from_ms(row.integer(2)),
          row.number<UserNid>(3),
          row.string(4),
          row.integer(5),
          {}};
}

bool is_there(db::Reader& reader, db::Statement const& statement, std::int64_t log_index) {
  return reader.query_one(statement, {log_index}, [](db::Row const&) { return true; }).has_value();
}

}  // namespace

std::string_view to_text(ReservedState state) { return kStates.at(static_cast<std::size_t>(state)); }

std::optional<ReservedState> parse_reserved_state(std::string_view text) {
  auto const found = std::ranges::find(kStates, text);
  if (found == kStates.end()) return std::nullopt;
  return static_cast<ReservedState>(found - kStates.begin());
}

namespace reserve_store {

std::int64_t add(db::Transaction& transaction, Reserve const& request, std::int64_t log_index,
                 std::vector<ReservedNumber> const& numbers) {
  auto const id = transaction.query_one(
      kAddReservation,
      {request.authority, request.by, request.key, to_ms(request.at), request.reason, log_index},
      [](db::Row const& row) { return row.integer(0); });
  auto n = 0;
  for (auto const& one : numbers) {
    transaction.execute(kAddNumber, {one.number, one.case_number, *id, ++n, one.authority, one.series,
                                     one.pattern, one.year, one.document});
  }
  return *id;
}

bool set_void(db::Transaction& transaction, VoidNumbers const& request, std::string_view number,
              std::int64_t log_index) {
  return transaction.execute(kVoid, {request.reason, to_ms(request.at), request.by, log_index, number}) == 1;
}

std::optional<ReservedNumber> find(db::Reader& reader, std::string_view number) {
  return reader.query_one(kFind, {number}, to_number);
}

Result<ReservedNumber> open_number(db::Reader& reader, AuthorityId authority, std::string_view number) {
  auto found = find(reader, number);
  if (!found || found->authority != authority)
    return fail(ErrorCode::not_found,
                "The number " + std::string(number) + " is not reserved in this register.");
  if (found->state == ReservedState::used)
    return fail(ErrorCode::conflict, "The reserved number " + found->number + " is used already.");
  if (found->state == ReservedState::voided)
    return fail(ErrorCode::conflict, "The reserved number " + found->number + " was declared void.");
  return std::move(*found);
}

void set_used(db::Transaction& transaction, std::string_view number, RecordId record, Instant at,
              UserNid by) {
  transaction.execute(kUse, {record, to_ms(at), by, number});
}

std::optional<std::int64_t> of_key(db::Reader& reader, UserNid by, std::string_view key) {
  return reader.query_one(kOfKey, {by, key}, [](db::Row const& row) { return row.integer(0); });
}

std::optional<Reservation> reservation(db::Reader& reader, std::int64_t id) {
  auto found = reader.query_one(kReservation, {id}, to_reservation);
  if (!found) return found;
  reader.query(kOf, {id}, [&](db::Row const& row) { found->numbers.push_back(to_number(row)); });
  return found;
}

std::vector<Reservation> list(db::Reader& reader, AuthorityId authority, std::optional<ReservedState> state,
                              std::int64_t before, int limit) {
  std::vector<Reservation> found;
  reader.query(kList, {authority, before, limit},
               [&](db::Row const& row) { found.push_back(to_reservation(row)); });
  if (found.empty()) return found;
  reader.query(kOfMany, {found.back().id, found.front().id, authority}, [&](db::Row const& row) {
    auto one = to_number(row);
    if (state && one.state != *state) return;
    auto const owner = std::ranges::find(found, one.reservation, &Reservation::id);
    if (owner != found.end()) owner->numbers.push_back(std::move(one));
  });
  return found;
}

bool is_known(db::Reader& reader) {
  return reader.query_one(kIsKnown, {}, [](db::Row const&) { return true; }).has_value();
}

std::vector<Told> told(db::Reader& reader, std::string_view after, std::int64_t limit) {
  std::vector<Told> found;
  reader.query(kTold, {after, limit}, [&](db::Row const& row) {
    found.push_back({row.string(0), row.integer(1),
                     row.is_null(2) ? std::nullopt : std::optional(row.integer(2)),
                     static_cast<ReservedState>(row.integer(3)),
                     row.is_null(4) ? std::nullopt : std::optional(row.string(4)), row.integer(5) != 0});
  });
  return found;
}

bool tells(db::Reader& reader, std::int64_t log_index) {
  return is_there(reader, kTellsReservation, log_index) || is_there(reader, kTellsVoid, log_index);
}

}  // namespace reserve_store

std::span<db::Migration const> reserve_migrations() { return kMigrations; }

}  // namespace torg::records
