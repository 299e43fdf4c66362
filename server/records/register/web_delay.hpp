#pragma once
#include "records/register/register.hpp"
#include "records/settings/rule_settings.hpp"
#include "runtime/task_group.hpp"

namespace torg::records {

/// Shows title and party by themselves where the authority has set a delay instead of the check (R63): when
/// the hours have passed since the record was registered, or since an officer's correction sent it back. What
/// was registered before the setting waits for the check, and so does what points somebody out: a marking, a
/// personal number, a name in the title. The waiting records are the queue, so nothing is lost in a stop.
/// Called on the executor only.
class WebDelay {
 public:
  static constexpr std::chrono::minutes kBetween{5};

  WebDelay(Runtime& runtime, db::Database& database, governance::Governance const& governance,
           RuleSettings& settings)
      : runtime_(runtime),
        database_(database),
        governance_(governance),
        settings_(settings),
        tasks_(runtime) {}
  ~WebDelay() { runtime_.cancel(timer_); }

  void start();
  /// Waits for a round under way; at shutdown.
  Task<> stop();
  /// Shows what is due at `now`. @return how many records
  Task<Result<std::int64_t>> round(Instant now);

 private:
  Task<Result<std::int64_t>> round_of(AuthorityId authority, Instant now);
  Task<> regularly();

  Runtime& runtime_;
  db::Database& database_;
  governance::Governance const& governance_;
  RuleSettings& settings_;
  TaskGroup tasks_;
  Runtime::TimerId timer_;
};

/// Whether a registrar must look at it before anyone: it is marked, no record, or its title holds a personal
/// number or what looks like a name.
[[nodiscard]] bool needs_a_check(RecordView const& record, Day today);

}  // namespace torg::records
