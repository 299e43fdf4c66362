#include "matrix/room/threads.hpp"

namespace torg::matrix::store {
namespace {

constexpr db::Statement kPutReply{
    "INSERT INTO thread_reply (root, position, event, sender) VALUES ($1, $2, $3, $4)"};
constexpr db::Statement kPutThread{
    "INSERT INTO thread (root, room, latest) VALUES ($1, $2, $3) "
    "ON CONFLICT (root) DO UPDATE SET latest = excluded.latest"};
// The key is (root, position): the relation leads to the root.
constexpr db::Statement kForgetReply{
    "DELETE FROM thread_reply WHERE root IN (SELECT target FROM relation WHERE event = $1) AND event = $2"};
constexpr db::Statement kForgetReplies{"DELETE FROM thread_reply WHERE root = $1"};
constexpr db::Statement kForgetThread{"DELETE FROM thread WHERE root = $1"};
constexpr db::Statement kThreadsFrom{
    "SELECT s.root, l.event, s.replies, s.mine FROM ("
    "SELECT r.root AS root, COUNT(*) AS replies, MAX(r.position) AS latest, "
    "MAX(CASE WHEN r.sender = $1 OR t.sender = $2 THEN 1 ELSE 0 END) AS mine "
    "FROM event t JOIN thread_reply r ON r.root = t.nid "
    "WHERE t.room = $3 AND t.position >= $4 AND t.position <= $5 GROUP BY r.root) s "
    "JOIN thread_reply l ON l.root = s.root AND l.position = s.latest"};
constexpr db::Statement kThreads{
    "SELECT root, latest FROM thread WHERE room = $1 AND latest < $2 ORDER BY latest DESC LIMIT $3"};
constexpr db::Statement kThreadsWith{
    "SELECT h.root, h.latest FROM thread h JOIN event t ON t.nid = h.root "
    "WHERE h.room = $1 AND h.latest < $2 AND (t.sender = $3 OR EXISTS "
    "(SELECT 1 FROM thread_reply r WHERE r.root = h.root AND r.sender = $4)) ORDER BY h.latest DESC LIMIT "
    "$5"};

}  // namespace

void put_thread_reply(db::Transaction& transaction, EventRow const& row, Position position) {
  transaction.execute(kPutReply, {row.relates_to, position, row.nid, row.sender});
  transaction.execute(kPutThread, {row.relates_to, row.room, position});
}

void forget_thread_reply(db::Transaction& transaction, EventNid event) {
  transaction.execute(kForgetReply, {event, event});
}

void forget_thread(db::Transaction& transaction, EventNid root) {
  transaction.execute(kForgetReplies, {root});
  transaction.execute(kForgetThread, {root});
}

std::vector<Thread> threads_from(db::Reader& reader, RoomNid room, Position first, Position last,
                                 UserNid user) {
  std::vector<Thread> threads;
  reader.query(kThreadsFrom, {user, user, room, first, last}, [&](db::Row const& row) {
    threads.push_back(
        {row.number<EventNid>(0), row.number<EventNid>(1), row.integer(2), row.integer(3) != 0});
  });
  return threads;
}

std::vector<ThreadPlace> threads(db::Reader& reader, RoomNid room, Position before, std::size_t limit) {
  std::vector<ThreadPlace> places;
  reader.query(kThreads, {room, before, limit}, [&](db::Row const& row) {
    places.push_back({row.number<EventNid>(0), row.number<Position>(1)});
  });
  return places;
}

std::vector<ThreadPlace> threads_with(db::Reader& reader, RoomNid room, Position before, std::size_t limit,
                                      UserNid user) {
  std::vector<ThreadPlace> places;
  reader.query(kThreadsWith, {room, before, user, user, limit}, [&](db::Row const& row) {
    places.push_back({row.number<EventNid>(0), row.number<Position>(1)});
  });
  return places;
}

}  // namespace torg::matrix::store
