// What each session sent lately, as the store has it; `insert_event` writes it.
#include "matrix/room/store.hpp"

namespace torg::matrix::store {
namespace {

constexpr db::Statement kForgetSent{"DELETE FROM sent_transaction WHERE session = $1"};
constexpr db::Statement kSent{"SELECT slot, transaction_id, event FROM sent_transaction WHERE session = $1"};

}  // namespace

void forget_sent(db::Transaction& transaction, std::int64_t session) {
  transaction.execute(kForgetSent, {session});
}

std::vector<SentTransaction> sent_transactions(db::Reader& reader, std::int64_t session) {
  std::vector<SentTransaction> sent;
  reader.query(kSent, {session}, [&](db::Row const& row) {
    sent.push_back({static_cast<int>(row.integer(0)), row.string(1), row.number<EventNid>(2)});
  });
  return sent;
}

}  // namespace torg::matrix::store
