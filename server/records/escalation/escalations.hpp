#pragma once
#include "records/closing/reviews.hpp"
#include "records/escalation/tellings.hpp"
#include "runtime/task_group.hpp"

namespace torg::records {

/// Watches the clocks: at the start of each day, and when the server starts, it settles closing reviews whose
/// grace time is over and tells of what is due and late. Called on the executor only.
class Escalations {
 public:
  Escalations(Runtime& runtime, db::Database& database, governance::GovernanceService& governance,
              ClosingReviews& reviews, ClockTellers tellers = {})
      : runtime_(runtime),
        database_(database),
        governance_(governance),
        reviews_(reviews),
        tellers_(std::move(tellers)),
        tasks_(runtime) {}
  ~Escalations() { runtime_.cancel(timer_); }

  void start();
  /// Waits for a round under way; at shutdown.
  Task<> stop();
  /// One round; the second of a day does nothing. `today` is the day it is told on.
  Task<Result<>> round(Day today);
  /// Sends what rounds have left to tell rooms and by mail. @return whether nothing is left
  Task<bool> tell();

  /// What a person has to know and hasn't put away, newest first: a registrar everything, an archivist or
  /// administrator of the authority what is three working days late. Of the last thirty days.
  [[nodiscard]] Task<Result<std::vector<ClockNotice>>> notices_for(UserNid person);
  /// `not_found` when it isn't hers to see.
  Task<Result<>> see(UserNid person, NoticeId id);

 private:
  [[nodiscard]] bool is_told(UserNid person, ClockNotice const& notice) const;
  Task<> daily();
  void schedule(bool told);
  Task<bool> tell_room(LateRoom late);
  Task<bool> tell_by_mail(ClockLetter letter);

  Runtime& runtime_;
  db::Database& database_;
  governance::GovernanceService& governance_;
  ClosingReviews& reviews_;
  ClockTellers tellers_;
  TaskGroup tasks_;
  Runtime::TimerId timer_;
};

}  // namespace torg::records
