#pragma once
#include "governance/service.hpp"
#include "records/disposal/destroyer.hpp"
#include "runtime/task_group.hpp"

namespace torg::records {

/// Weeding of working material (R55): by each room's rule, by itself once a night, counted and logged;
/// nothing that is or was a record, nothing requested or held.
class Weeding {
 public:
  Weeding(Runtime& runtime, db::Database& database, governance::GovernanceService& governance,
          matrix::Rooms& rooms, Destroyer& destroyer)
      : runtime_(runtime),
        database_(database),
        governance_(governance),
        rooms_(rooms),
        destroyer_(destroyer),
        tasks_(runtime) {}
  ~Weeding() { runtime_.cancel(timer_); }

  /// Goes on with what a crash left to sweep, and waits for the night.
  void start();
  /// Waits for a run under way; at shutdown.
  Task<> stop();

  struct Status {
    bool paused = false;
    Instant next_run{};
    std::vector<WeedingRun> runs;  ///< newest first, at most a hundred
  };
  Task<Result<Status>> status();
  Task<Result<>> pause(UserNid by, bool paused);
  /// Rooms with a rule, in order.
  [[nodiscard]] std::vector<governance::Plan> rules() const;
  /// Weeds one room or all of them now. `bad_state` while paused, `conflict` while another run is under way,
  /// `not_found` for a room without a rule.
  Task<Result<std::vector<WeedingRun>>> run(UserNid by, std::optional<RoomNid> room);

 private:
  struct Page {
    std::vector<AgedEvent> candidates;
    Position last;  ///< of the page
    bool more = false;
  };
  Task<Result<WeedingRun>> weed_room(UserNid by, governance::Plan plan);
  Task<Result<std::vector<WeedingRun>>> weed_rooms(UserNid by, std::vector<governance::Plan> plans);
  Task<Result<Page>> next_page(governance::Plan const& plan, Position after);
  Task<Result<matrix::Destroyed>> weed_page(governance::Plan plan, Page page, WeedingRun& run,
                                            bool& all_settled);
  Task<> nightly();
  void schedule();
  [[nodiscard]] Instant next_night() const;

  Runtime& runtime_;
  db::Database& database_;
  governance::GovernanceService& governance_;
  matrix::Rooms& rooms_;
  Destroyer& destroyer_;
  TaskGroup tasks_;
  Runtime::TimerId timer_;
  bool running_ = false;
};

}  // namespace torg::records
