#pragma once
#include "records/external/answer.hpp"
#include "records/external/handover.hpp"
#include "records/lift/lifts.hpp"

namespace torg::records {

/// The end of a lift whose number is given elsewhere: the items leave the queue, the handover waits, the
/// intent is committed. In the lane. `conflict` when an item is registered already.
[[nodiscard]] Result<Committed> hand_over(db::Transaction& transaction, LiftCommit const& commit,
                                          std::optional<Intent> const& before);

/// What came back, and when to look again where that is no decision.
struct Settling {
  std::string key;
  ExternalAnswer answer;
  Instant at{};
  UserNid by;  ///< a registrar who was told in another way; 0: the register
  std::chrono::milliseconds pause{};
};
/// Takes an answer. The same one again changes nothing; `conflict` for another number, and for a decision
/// about items that were registered otherwise meanwhile. What was refused is unassessed again, with the clock
/// it had. `not_found`.
[[nodiscard]] Result<Delivery> settle(db::Transaction& transaction, Settling const& settling);

}  // namespace torg::records
