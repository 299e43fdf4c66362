// Disposal in the store: content and index rows go, and the header where the graph can do without it.
#include "matrix/room/rooms.hpp"
#include "matrix/room/threads.hpp"

namespace torg::matrix {
namespace {

// First of all: the index finds the text's words through the content (migrations.cpp).
constexpr db::Statement kUnindex{
    "DELETE FROM search_text WHERE rowid = $1 AND rowid <= (SELECT indexed_up_to FROM search_progress)"};
constexpr db::Statement kForgetEdit{"DELETE FROM search_edit WHERE event = $1"};
constexpr db::Statement kForgetContent{"DELETE FROM event_content WHERE nid = $1"};
constexpr db::Statement kForgetRelations{"DELETE FROM relation WHERE target = $1 OR event = $2"};
constexpr db::Statement kForgetTransaction{"DELETE FROM sent_transaction WHERE event = $1"};
// State is cited by the auth chain, and the head by the next event: those headers stay as skeletons. A
// message's header may go; what came after it then begins at a marked edge: a `prev` that names nothing
// (docs/adr/0003).
constexpr db::Statement kForgetHeader{
    "DELETE FROM event WHERE nid = $1 AND state_key IS NULL AND NOT EXISTS (SELECT 1 FROM room WHERE head = "
    "$2)"};

}  // namespace

Destroyed destroy_events(db::Transaction& transaction, std::span<EventNid const> events) {
  Destroyed destroyed;
  for (auto const nid : events) {  // each by its key: a disposal is a batch in the background
    transaction.execute(kUnindex, {nid});
    transaction.execute(kForgetEdit, {nid});
    transaction.execute(kForgetContent, {nid});
    store::forget_thread_reply(transaction, nid);
    store::forget_thread(transaction, nid);
    transaction.execute(kForgetRelations, {nid, nid});
    transaction.execute(kForgetTransaction, {nid});
    if (transaction.execute(kForgetHeader, {nid, nid}) == 1)
      ++destroyed.removed;
    else
      ++destroyed.skeletons;
  }
  return destroyed;
}

}  // namespace torg::matrix
