#include "matrix/room/reports.hpp"

#include "matrix/room/cached_event.hpp"

namespace torg::matrix::store {
namespace {

constexpr db::Statement kAdd{
    "INSERT INTO report (nid, at, reporter, room, event, person, reason) "
    "VALUES ((SELECT COALESCE(MAX(nid), 0) + 1 FROM report), $1, $2, $3, $4, $5, $6)"};
constexpr db::Statement kNewest{
    "SELECT p.nid, p.at, p.reporter, r.room_id, e.event_id, p.person, p.reason FROM report p "
    "LEFT JOIN room r ON r.nid = p.room LEFT JOIN event e ON e.nid = p.event "
    "WHERE p.nid < $1 ORDER BY p.nid DESC LIMIT $2"};

}  // namespace

void add_report(db::Transaction& transaction, NewReport const& report) {
  transaction.execute(
      kAdd, {to_ms(report.at), report.reporter, report.room, report.event, report.person, report.reason});
}

std::vector<Report> reports(db::Reader& reader, std::int64_t before, std::int64_t limit) {
  std::vector<Report> found;
  reader.query(kNewest, {before, limit}, [&](db::Row const& row) {
    found.push_back({.nid = row.integer(0),
                     .at = instant_from_ms(row.integer(1)),
                     .reporter = row.number<UserNid>(2),
                     .room_id = row.string(3),
                     .event_id = row.is_null(4) ? "" : StoredId::from_bytes(row.bytes(4)).text(),
                     .person = row.number<UserNid>(5),
                     .reason = row.string(6)});
  });
  return found;
}

}  // namespace torg::matrix::store
