#include "records/closing/store.hpp"

namespace torg::records {
namespace {

// closing_review: one per closed case. closing_review_item: the working items its rooms held when it closed;
// verdict 0 waits. A verdict is written once and stays: it is the item's history where it became no record.
constexpr db::Migration kMigrations[] = {{"closing", 1, R"sql(
CREATE TABLE closing_review (
  of_case BIGINT NOT NULL PRIMARY KEY,
  authority INTEGER NOT NULL,
  closed_at BIGINT NOT NULL,
  closed_by INTEGER NOT NULL,
  due_day BIGINT NOT NULL,
  done_at BIGINT
) {rowless};
CREATE INDEX closing_review_open ON closing_review (authority, due_day) WHERE done_at IS NULL;
CREATE TABLE closing_review_item (
  room INTEGER NOT NULL,
  event BIGINT NOT NULL,
  of_case BIGINT NOT NULL,
  suggested INTEGER NOT NULL,
  verdict INTEGER NOT NULL,
  person INTEGER NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (room, event, of_case)
) {rowless};
CREATE INDEX closing_review_item_case ON closing_review_item (of_case, room, event);
)sql"}};

#define TORG_REVIEWS \
  "SELECT of_case, authority, closed_at, closed_by, due_day, done_at FROM closing_review WHERE "
constexpr db::Statement kAdd{
    "INSERT INTO closing_review (of_case, authority, closed_at, closed_by, due_day, done_at) "
    "VALUES ($1, $2, $3, $4, $5, NULL)"};
constexpr db::Statement kReview{TORG_REVIEWS "of_case = $1"};
constexpr db::Statement kOpen{TORG_REVIEWS "authority = $1 AND done_at IS NULL ORDER BY due_day, of_case"};
constexpr db::Statement kOverdue{TORG_REVIEWS "done_at IS NULL AND due_day < $1 ORDER BY of_case"};
constexpr db::Statement kAddItem{
    "INSERT INTO closing_review_item (room, event, of_case, suggested, verdict, person, at) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7)"};
constexpr db::Statement kItems{
    "SELECT of_case, room, event, suggested, verdict, person, at FROM closing_review_item WHERE of_case = $1 "
    "ORDER BY room, event"};
constexpr db::Statement kSetVerdict{
    "UPDATE closing_review_item SET verdict = $1, person = $2, at = $3 "
    "WHERE of_case = $4 AND room = $5 AND event = $6 AND verdict = 0"};
constexpr db::Statement kCountLeft{
    "SELECT COUNT(*) FROM closing_review_item WHERE of_case = $1 AND verdict = 0"};
constexpr db::Statement kSetDone{"UPDATE closing_review SET done_at = $1 WHERE of_case = $2"};
constexpr db::Statement kUnderReview{
    "SELECT DISTINCT event FROM closing_review_item "
    "WHERE room = $1 AND event BETWEEN $2 AND $3 AND verdict = 0 ORDER BY event"};

ClosingReview to_review(db::Row const& row) {
  ClosingReview review{row.number<CaseId>(0),
                       row.number<AuthorityId>(1),
                       instant_from_ms(row.integer(2)),
                       row.number<UserNid>(3),
                       Day(std::chrono::days(row.integer(4))),
                       std::nullopt};
  if (!row.is_null(5)) review.done_at = instant_from_ms(row.integer(5));
  return review;
}

std::int64_t to_number(Day day) { return day.time_since_epoch().count(); }

std::vector<ClosingReview> all(db::Reader& reader, db::Statement const& statement, db::Value value) {
  std::vector<ClosingReview> found;
  reader.query(statement, {value}, [&](db::Row const& row) { found.push_back(to_review(row)); });
  return found;
}

}  // namespace

std::span<db::Migration const> closing_migrations() { return kMigrations; }

namespace closing_store {

void add_review(db::Transaction& transaction, ClosingReview const& review) {
  transaction.execute(kAdd, {review.of_case, review.authority, to_ms(review.closed_at), review.closed_by,
                             to_number(review.due_day)});
}

void add_item(db::Transaction& transaction, ReviewItem const& item) {
  transaction.execute(kAddItem, {item.room, item.event, item.of_case, static_cast<int>(item.suggested),
                                 static_cast<int>(item.verdict), item.by, to_ms(item.at)});
}

std::optional<ClosingReview> review(db::Reader& reader, CaseId of_case) {
  return reader.query_one(kReview, {of_case}, to_review);
}

std::vector<ClosingReview> open_reviews(db::Reader& reader, AuthorityId authority) {
  return all(reader, kOpen, authority);
}

std::vector<ClosingReview> overdue(db::Reader& reader, Day today) {
  return all(reader, kOverdue, to_number(today));
}

std::vector<ReviewItem> items(db::Reader& reader, CaseId of_case) {
  std::vector<ReviewItem> found;
  reader.query(kItems, {of_case}, [&](db::Row const& row) {
    found.push_back({row.number<CaseId>(0), row.number<RoomNid>(1), row.number<EventNid>(2),
                     static_cast<ReviewVerdict>(row.integer(3)), static_cast<ReviewVerdict>(row.integer(4)),
                     row.number<UserNid>(5), instant_from_ms(row.integer(6))});
  });
  return found;
}

bool set_verdict(db::Transaction& transaction, ReviewItem const& item) {
  return transaction.execute(kSetVerdict, {static_cast<int>(item.verdict), item.by, to_ms(item.at),
                                           item.of_case, item.room, item.event}) == 1;
}

std::int64_t count_left(db::Reader& reader, CaseId of_case) {
  return reader.query_one(kCountLeft, {of_case}, [](db::Row const& row) { return row.integer(0); })
      .value_or(0);
}

void set_done(db::Transaction& transaction, CaseId of_case, Instant at) {
  transaction.execute(kSetDone, {to_ms(at), of_case});
}

std::vector<EventNid> under_review(db::Reader& reader, RoomNid room, EventNid from, EventNid to) {
  std::vector<EventNid> found;
  reader.query(kUnderReview, {room, from, to},
               [&](db::Row const& row) { found.push_back(row.number<EventNid>(0)); });
  return found;
}

}  // namespace closing_store
}  // namespace torg::records
