#pragma once
#include "records/disposal/store.hpp"

#include <functional>
#include <set>

namespace torg::records {

/// What disposal asks its neighbours; each may be empty.
struct DisposalLinks {
  /// Lifts under way for any of these items; asked on the executor.
  std::function<std::vector<PendingIntent>(std::vector<EventNid> const&)> pending_intents;
  /// Whether a record's files or captures need these bytes; asked inside a read of the database.
  std::function<bool(db::Reader&, db::BlobId const&)> register_uses_blob;
};
/// Items that a lift is about to register.
using BeingLifted = std::set<EventNid>;
[[nodiscard]] BeingLifted being_lifted(DisposalLinks const& links, std::vector<EventNid> const& events);

/// All that keeps items from being destroyed, whatever rule would let them go: holds and open requests (R52).
/// Read once, then asked for each item.
class Keeping {
 public:
  /// Requests of `authorities` count, and every hold.
  [[nodiscard]] static Keeping read(db::Reader& reader, std::vector<AuthorityId> const& authorities,
                                    Instant now);

  [[nodiscard]] bool holds(RoomNid room, EventNid event, std::vector<RecordId> const& records) const;
  [[nodiscard]] bool requests(std::vector<RecordId> const& records) const;

 private:
  std::vector<Hold> holds_;
  bool everything_requested_ = false;  ///< a request in words may mean anything
  std::vector<RecordId> requested_;
};

/// Each of `events` of one room, with what stops it, in the same order.
struct Judged {
  EventNid event;
  std::optional<Stop> stop;
};
[[nodiscard]] std::vector<Judged> judge(db::Reader& reader, governance::Plan const& plan,
                                        DisposalTerms const& terms, std::vector<EventNid> const& events,
                                        Instant now, BeingLifted const& lifted);

/// The events of one room that may be weeded now, and whether each of the others may be later.
struct WeedingJudgement {
  std::vector<EventNid> weed;
  std::vector<EventNid> kept_for_now;  ///< held, requested, being lifted or under review
};
struct AgedEvent {
  EventNid event;
  std::chrono::days age{};
};
[[nodiscard]] WeedingJudgement judge_weeding(db::Reader& reader, governance::Plan const& plan,
                                             std::vector<AgedEvent> const& events, Instant now,
                                             BeingLifted const& lifted);

}  // namespace torg::records
