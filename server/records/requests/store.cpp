#include "records/requests/store.hpp"

#include "records/requests/open_requests.hpp"

#include <fmt/format.h>

namespace torg::records {
namespace {

// disclosure_request: one row per request for ever (R14: a list of requests is a record itself). Days are
// days since 1970-01-01; outcome 0 is open, kind 1 a report on accessibility. disclosure_counter: the next
// number of an authority's year.
constexpr db::Migration kMigrations[] = {{"requests", 1, R"sql(
CREATE TABLE disclosure_counter (
  authority BIGINT NOT NULL,
  year BIGINT NOT NULL,
  next BIGINT NOT NULL,
  PRIMARY KEY (authority, year)
){rowless};
CREATE TABLE disclosure_request (
  id {id},
  kind BIGINT NOT NULL,
  authority BIGINT NOT NULL,
  number TEXT NOT NULL UNIQUE,
  record BIGINT NOT NULL,
  record_number TEXT NOT NULL,
  wanted TEXT NOT NULL,
  contact TEXT NOT NULL,
  received_at BIGINT NOT NULL,
  due_day BIGINT NOT NULL,
  latest_day BIGINT NOT NULL,
  outcome BIGINT NOT NULL,
  answered_at BIGINT,
  answered_by BIGINT,
  note TEXT NOT NULL
);
CREATE INDEX disclosure_request_open ON disclosure_request (authority, outcome, due_day);
)sql"}};

constexpr db::Statement kTakeSerial{
    "INSERT INTO disclosure_counter (authority, year, next) VALUES ($1, $2, 2) "
    "ON CONFLICT (authority, year) DO UPDATE SET next = disclosure_counter.next + 1 RETURNING next - 1"};
constexpr db::Statement kAdd{
    "INSERT INTO disclosure_request (kind, authority, number, record, record_number, wanted, contact, "
    "received_at, "
    "due_day, "
    "latest_day, outcome, note) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, '') RETURNING id"};
#define TORG_REQUESTS                                                                                        \
  "SELECT id, authority, number, record, record_number, wanted, contact, received_at, due_day, latest_day, " \
  "outcome, "                                                                                                \
  "answered_at, answered_by, note, kind FROM disclosure_request WHERE "
constexpr db::Statement kFind{TORG_REQUESTS "id = $1"};
constexpr db::Statement kOpen{TORG_REQUESTS "authority = $1 AND outcome = 0 ORDER BY due_day, id LIMIT 1000"};
constexpr db::Statement kAnswered{
    TORG_REQUESTS "authority = $1 AND outcome <> 0 ORDER BY answered_at DESC, id DESC LIMIT $2"};
// 2 and 3: partly and refused, which can be appealed.
constexpr db::Statement kKeeping{
    TORG_REQUESTS
    "authority = $1 AND (outcome = 0 OR (outcome IN (2, 3) AND answered_at >= $2)) ORDER BY id"};
constexpr db::Statement kAnswer{
    "UPDATE disclosure_request SET outcome = $1, answered_at = $2, answered_by = $3, note = $4 "
    "WHERE id = $5 AND outcome = 0"};

static_assert(static_cast<int>(Outcome::partly) == 2 && static_cast<int>(Outcome::refused) == 3);

Day to_day(std::int64_t days) { return Day(std::chrono::days(days)); }
std::int64_t from_day(Day day) { return day.time_since_epoch().count(); }

DisclosureRequest to_request(db::Row const& row) {
  DisclosureRequest request;
  request.id = row.number<DisclosureId>(0);
  request.authority = row.number<AuthorityId>(1);
  request.number = row.string(2);
  request.record = row.number<RecordId>(3);
  request.record_number = row.string(4);
  request.text = row.string(5);
  request.contact = row.string(6);
  request.received_at = instant_from_ms(row.integer(7));
  request.due_day = to_day(row.integer(8));
  request.latest_day = to_day(row.integer(9));
  request.outcome = static_cast<Outcome>(row.integer(10));
  if (!row.is_null(11)) request.answered_at = instant_from_ms(row.integer(11));
  request.answered_by = row.number<UserNid>(12);
  request.note = row.string(13);
  request.kind = static_cast<RequestKind>(row.integer(14));
  return request;
}

std::vector<DisclosureRequest> all(db::Reader& reader, db::Statement const& statement,
                                   std::initializer_list<db::Value> values) {
  std::vector<DisclosureRequest> found;
  reader.query(statement, values, [&](db::Row const& row) { found.push_back(to_request(row)); });
  return found;
}

}  // namespace

std::span<db::Migration const> requests_migrations() { return kMigrations; }

namespace requests_store {

DisclosureRequest add(db::Transaction& transaction, DisclosureRequest request, std::string_view code,
                      int year) {
  auto const first = [](db::Row const& row) { return row.integer(0); };
  auto const serial = transaction.query_one(kTakeSerial, {request.authority, year}, first).value();
  request.number = fmt::format("{} B {}/{}", code, year, serial);
  request.id = DisclosureId(
      transaction
          .query_one(kAdd,
                     {static_cast<int>(request.kind), request.authority, request.number, request.record,
                      request.record_number, request.text, request.contact, to_ms(request.received_at),
                      from_day(request.due_day), from_day(request.latest_day)},
                     first)
          .value());
  return request;
}

std::optional<DisclosureRequest> find(db::Reader& reader, DisclosureId id) {
  return reader.query_one(kFind, {id}, to_request);
}

std::vector<DisclosureRequest> open(db::Reader& reader, AuthorityId authority) {
  return all(reader, kOpen, {authority});
}

std::vector<DisclosureRequest> answered(db::Reader& reader, AuthorityId authority, int limit) {
  return all(reader, kAnswered, {authority, limit});
}

bool answer(db::Transaction& transaction, Answer const& answer) {
  return transaction.execute(kAnswer, {static_cast<int>(answer.outcome), to_ms(answer.at), answer.by,
                                       answer.note, answer.id}) == 1;
}

}  // namespace requests_store

namespace open_requests {

std::vector<OpenRequest> of(db::Reader& reader, AuthorityId authority, Instant now) {
  std::vector<OpenRequest> kept;
  for (auto const& request : all(reader, kKeeping, {authority, to_ms(now - std::chrono::days(kAppealDays))}))
    kept.push_back({request.authority, request.number, request.record});
  return kept;
}

bool concerns(db::Reader& reader, AuthorityId authority, RecordId record, Instant now) {
  for (auto const& request : of(reader, authority, now))
    if (!request.record || request.record == record) return true;
  return false;
}

}  // namespace open_requests
}  // namespace torg::records
