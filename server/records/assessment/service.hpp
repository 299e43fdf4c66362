#pragma once
#include "governance/room_policy.hpp"
#include "identity/identity.hpp"
#include "records/assessment/item_access.hpp"
#include "records/assessment/opening.hpp"
#include "records/assessment/post.hpp"
#include "records/assessment/store.hpp"
#include "runtime/task_group.hpp"

#include <functional>
#include <set>

namespace torg::records {

/// What assessment asks its neighbours; each may be empty. The readers run inside a read of the database.
struct RegisterLinks {
  std::function<std::vector<RecordName>(db::Reader&, std::vector<RecordId> const&)> record_names;
  /// The record with this number in an authority's register; 0: none.
  std::function<RecordId(db::Reader&, AuthorityId, std::string_view number)> find_record;
  /// What was handed to registers outside, of these items, in any order; refused ones left out.
  std::function<std::vector<ShownDelivery>(db::Reader&, std::vector<EventNid> const&)> handovers;
  /// Lifts under way for any of these items; asked on the executor.
  std::function<std::vector<PendingIntent>(std::vector<EventNid> const&)> pending_intents;
};

/// An assessment with what a screen shows beside it.
struct ShownAssessment {
  Assessment row;
  RecordName record;  ///< id 0: none
  std::optional<PendingIntent> intent;
  std::optional<ShownDelivery> handover{};  ///< registered outside Torg, or on the way there
};

struct AssessRequest {
  UserNid by;
  RoomNid room;
  EventNid event;
  AuthorityId authority;
  std::string handling;  ///< kept_ordered, trivial, working or already_registered
  std::string reason;
  std::string record;  ///< number, for already_registered
  UserNid second_person;
};

/// Whether one refusal stops the rest.
enum class Bulk : std::uint8_t { each, all_or_none };

/// A refusal with the rule in words in both languages.
struct RuleRefusal {
  Error error;
  std::optional<Bilingual> why;
};
template <class T = void>
using Ruled = std::expected<T, RuleRefusal>;

/// The public face of assessment: which items are records for whom, what is decided about them, what waits.
/// On the executor. Implements what records write beside each event of a room.
class AssessmentService final : public governance::RecordsFacts {
 public:
  AssessmentService(Runtime& runtime, db::Database& database, governance::GovernanceService& governance,
                    identity::Identity const& identity, matrix::RoomService& rooms,
                    SettingsByAuthority const& settings);

  /// Goes on with what a stop interrupted. After the rooms have started.
  void start();
  /// Waits for work in the background; at shutdown.
  Task<> stop() { co_await tasks_.join(); }
  void link(RegisterLinks links) { links_ = std::move(links); }
  [[nodiscard]] SettingsByAuthority const& settings() const { return settings_; }

  // RecordsFacts
  [[nodiscard]] matrix::RoomPolicy::Facts facts(matrix::RoomEvent const& draft) override;
  void committed(matrix::RoomEvent const& event) override;

  /// The authorities whose assessments a person may see: those they work for today.
  [[nodiscard]] std::vector<AuthorityId> visible_to(UserNid user) const;
  /// Assessments of items of one room for some authorities, working material included; in order of event and
  /// authority.
  Task<Result<std::vector<ShownAssessment>>> assessments_of(RoomNid room,
                                                            std::vector<matrix::RoomEvent> events,
                                                            std::vector<AuthorityId> authorities);
  /// `forbidden`, `not_found`; `rule_refuses` with the rule in words; `needs_second_person`; `bad_state`.
  Task<Ruled<ShownAssessment>> assess(AssessRequest request);
  /// Many decisions in one transaction, at most `kMostAtOnce`; an answer for each, in their order. What the
  /// rules refuse is refused for its item alone (`each`) or for all of them (`all_or_none`). Sent again, what
  /// is done already stays as it is.
  Task<std::vector<Ruled<ShownAssessment>>> assess_many(std::vector<AssessRequest> requests, Bulk bulk);
  static constexpr std::size_t kMostAtOnce = 500;
  /// An item was sent outside Torg (R5): its clock starts, counted from `day`.
  Task<Result<ShownAssessment>> mark_sent(UserNid by, RoomNid room, EventNid event, AuthorityId authority,
                                          std::string to, Day day);

  struct Queue {
    std::vector<ShownAssessment> lines;
    std::int64_t left = 0, late = 0, done_today = 0;
    std::optional<assessment::QueuePlace> next;  ///< where the next page begins; none: this is the last one
  };
  static constexpr std::size_t kMostLines = 200;
  /// Which items of a room `by` may open for `authority`; `authority` 0: as a member only.
  Task<Result<ItemAccess>> access(RoomNid room, UserNid by, AuthorityId authority);
  /// At most `limit` (and `kMostLines`) lines by due day, after `from`; the counts are of all there are.
  Task<Result<Queue>> queue(std::vector<AuthorityId> authorities,
                            std::optional<assessment::QueuePlace> from = std::nullopt,
                            std::size_t limit = kMostLines);
  struct Overview {
    std::vector<ShownAssessment> to_assess, registered;
  };
  Task<Result<Overview>> overview(RoomNid room, std::vector<AuthorityId> authorities);
  /// What would be sent and received if somebody of `authority` (0: an outsider) were let in now (R9).
  Task<Result<OpeningPreview>> preview_opening(RoomNid room, AuthorityId authority);
  /// Notes in the audit log that what an author removed was opened for assessment (architecture, decision
  /// 15).
  Task<Result<>> note_opened(UserNid by, std::vector<std::pair<EventNid, AuthorityId>> items);

  /// Whether a person acts for an authority: officer, registrar or archivist there.
  [[nodiscard]] bool may_act(UserNid user, AuthorityId authority) const;
  /// And may assess: an authority can keep that to its registrars.
  [[nodiscard]] bool may_decide(UserNid user, AuthorityId authority) const;
  [[nodiscard]] Posting posting_of(matrix::RoomEvent const& event) const;

 private:
  [[nodiscard]] matrix::RoomPolicy::Facts facts_of_join(matrix::RoomEvent const& draft);
  [[nodiscard]] matrix::RoomPolicy::Facts facts_of_item(matrix::RoomEvent const& draft, Posting posting,
                                                        Item const& item) const;
  Task<> open_access(assessment::Opening opening);
  [[nodiscard]] std::vector<Arising> access_arisings(matrix::RoomEvent const& event,
                                                     assessment::Opening const& opening) const;
  /// A decision that the rules allow, on its way to the store.
  struct Decision {
    AssessRequest request;
    Handling handling{};
    RecordId record;  ///< for already_registered
    Assessment before;
    Instant at{};
  };
  [[nodiscard]] Task<Ruled<Decision>> prepare(AssessRequest request);
  static Result<Assessment> store(db::Transaction& transaction, Decision const& decision);
  [[nodiscard]] Task<Result<std::vector<ShownAssessment>>> show_all(std::vector<Assessment> rows);
  Task<Result<ShownAssessment>> show(Assessment row);
  Task<Ruled<Assessment>> current(UserNid by, RoomNid room, EventNid event, AuthorityId authority);
  Task<Ruled<RecordId>> named_record(AuthorityId authority, std::string number);
  [[nodiscard]] Ruled<> check_choice(AssessRequest const& request, Handling handling,
                                     Assessment const& row) const;
  void add_record_names(db::Reader& reader, std::vector<ShownAssessment>& shown) const;
  void add_handovers(db::Reader& reader, std::vector<ShownAssessment>& shown) const;
  void add_intents(std::vector<ShownAssessment>& shown) const;

  Runtime& runtime_;
  db::Database& database_;
  governance::GovernanceService& governance_;
  identity::Identity const& identity_;
  matrix::RoomService& rooms_;
  SettingsByAuthority const& settings_;
  RegisterLinks links_;
  std::set<EventNid> opening_joins_;  ///< joins on their way that bring a new authority or a first outsider
  TaskGroup tasks_;
};

}  // namespace torg::records
