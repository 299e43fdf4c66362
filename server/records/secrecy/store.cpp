#include "records/secrecy/store.hpp"

#include "records/register/entry_json.hpp"

namespace torg::records::secrecy_store {
namespace {

#define TORG_MARKS                                                                                 \
  "SELECT marking, at, by_user, ended_at, ended_by, reason FROM secrecy_mark WHERE kind = $1 AND " \
  "subject = $2 AND n = $3"
constexpr db::Statement kOpen{TORG_MARKS " AND ended_at IS NULL"};
constexpr db::Statement kAll{TORG_MARKS " ORDER BY nid DESC"};
constexpr db::Statement kAdd{
    "INSERT INTO secrecy_mark (kind, subject, n, marking, at, by_user, reason) "
    "VALUES ($1, $2, $3, $4, $5, $6, '')"};
constexpr db::Statement kEnd{
    "UPDATE secrecy_mark SET ended_at = $1, ended_by = $2, reason = $3 "
    "WHERE kind = $4 AND subject = $5 AND n = $6 AND ended_at IS NULL"};
constexpr db::Statement kForget{"DELETE FROM secrecy_mark WHERE kind = 1 AND subject = $1"};

std::int64_t number(MarkedThing::Kind kind) { return static_cast<std::int64_t>(kind); }

Mark to_mark(db::Row const& row) {
  Mark mark;
  mark.secrecy = parse_secrecy(row.text(0)).value_or(Secrecy{});
  mark.at = instant_from_ms(row.integer(1));
  mark.by = row.number<UserNid>(2);
  if (!row.is_null(3)) {
    mark.ended_at = instant_from_ms(row.integer(3));
    mark.ended_by = row.number<UserNid>(4);
  }
  mark.reason = row.string(5);
  return mark;
}

}  // namespace

std::optional<Mark> open_mark(db::Reader& reader, MarkedThing thing) {
  return reader.query_one(kOpen, {number(thing.kind), thing.subject, thing.n}, to_mark);
}

std::vector<Mark> marks(db::Reader& reader, MarkedThing thing) {
  std::vector<Mark> found;
  reader.query(kAll, {number(thing.kind), thing.subject, thing.n},
               [&](db::Row const& row) { found.push_back(to_mark(row)); });
  return found;
}

void add(db::Transaction& transaction, MarkedThing thing, Mark const& mark) {
  auto const marking = json::serialize(to_json(mark.secrecy));
  transaction.execute(kAdd, {number(thing.kind), thing.subject, thing.n, marking, to_ms(mark.at), mark.by});
}

bool end(db::Transaction& transaction, MarkedThing thing, Instant at, UserNid by, std::string_view reason) {
  return transaction.execute(kEnd, {to_ms(at), by, reason, number(thing.kind), thing.subject, thing.n}) == 1;
}

void forget_files(db::Transaction& transaction, RecordId record) { transaction.execute(kForget, {record}); }

}  // namespace torg::records::secrecy_store
