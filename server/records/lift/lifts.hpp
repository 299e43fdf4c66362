#pragma once
#include "governance/governance.hpp"
#include "records/assessment/assessment.hpp"
#include "records/assessment/desk_item.hpp"
#include "records/assessment/item_access.hpp"
#include "records/external/elsewhere.hpp"
#include "records/lift/intents.hpp"
#include "records/lift/manifest.hpp"
#include "records/lift/selection.hpp"
#include "records/plan/plans.hpp"
#include "records/register/register.hpp"
#include "records/rules/settings.hpp"
#include "runtime/task_group.hpp"

#include <set>

namespace torg::records {

class ExternalRegisters;

/// What lifting needs of its neighbours; all outlive it.
struct LiftServices {
  Runtime& runtime;
  db::Database& database;
  matrix::RoomService& rooms;
  governance::Governance const& governance;
  Register& records;
  People people;
  /// The stored file of an `mxc://` address, with role `attachment`; `not_found` when its bytes are not here.
  std::function<Task<Result<NewFile>>(std::string mxc)> find_file;
  InformationPlans const* plans = nullptr;  ///< null: no plan fills anything in
  ExternalRegisters* external = nullptr;    ///< null: every register is kept here
  db::Blobs* blobs = nullptr;               ///< null: no encrypted attachment can be opened
};

enum class CommitWhen : std::uint8_t { now, after };

/// The lift needs a second yes for these (409 `ORG.TORG.CONFIRM`).
struct NeedsConfirmation {
  std::vector<std::string> what;
};
/// The server can't read what is to be lifted: its originals are missing, or can't be the originals.
struct NeedsHandover {
  std::vector<std::string> event_ids;
  std::string refused;  ///< why; empty: nothing was handed over
};
using LiftOutcome = std::variant<Intent, NeedsConfirmation, NeedsHandover>;

struct LiftPreview {
  Prefilled prefilled;
  std::vector<DraftItem> items;
  std::string next_number;
  Bilingual status_text;
  bool becomes_public = false;  ///< something of it is no public record yet, and is one once it is registered
  AuthorityId authority;
  RegisterKept register_kept = RegisterKept::here;  ///< `external`: there is no next number
};

/// A record on its way from a desk or a room: everything but the transaction.
struct LiftCommit {
  LiftRequest request;
  NewRecord record;
  /// An item that arose with this very act (manual entry): it becomes a record for the authority first.
  std::optional<Arising> arising;
  bool notice = true;                    ///< tell the room
  std::optional<Elsewhere> elsewhere{};  ///< the number is given by a register outside Torg
  std::optional<HandoverRow> handed_over = std::nullopt;
};
struct Committed {
  RecordId record;
  std::string number;
  bool was_there = false;  ///< the key had been committed before
  bool elsewhere = false;  ///< no record here: the intent says what the register outside says
};
/// One transaction: number, record, files, manifest, log leaf, assessment, notice, rendition job, intent; or,
/// where the number is given elsewhere, handover, assessment and intent. Runs in the lane. `conflict` when
/// the intent was cancelled or another record of the authority holds an item.
[[nodiscard]] Result<Committed> commit_lift(db::Transaction& transaction, LiftCommit const& commit);

/// `conflict` with the record's number when one of the items is in a record of the authority: who comes
/// second learns what the first one's is called.
[[nodiscard]] Result<> refuse_registered(db::Reader& reader, RoomNid room, AuthorityId authority,
                                         std::vector<EventNid> const& items);

/// Lifting: intents with a key, committed now or after ten seconds to undo. Called on the executor only.
class Lifts {
 public:
  static constexpr std::chrono::seconds kUndo{10};
  static constexpr std::chrono::seconds kRetry{5};  ///< after a failure that may pass

  explicit Lifts(LiftServices services);

  /// Takes up the intents and notices that a stop left behind; what is overdue is committed at once.
  /// `service_user` sends the notices.
  void start(UserNid service_user);
  /// Stops the timers and waits for what runs; pending intents stay stored.
  Task<> stop();

  /// `forbidden` without an officer's or registrar's role in the authority, or outside the room; `not_found`
  /// for what isn't there or may not be opened (`ItemAccess`).
  Task<Result<LiftOutcome>> lift(LiftRequest request, CommitWhen when, std::set<std::string> confirmed);
  [[nodiscard]] Task<Result<Intent>> intent(IntentKey key);  ///< `not_found`
  Task<Result<Intent>> commit_now(IntentKey key);            ///< `conflict` when it was cancelled
  Task<Result<Intent>> cancel(IntentKey key);                ///< `conflict` when it is committed
  [[nodiscard]] Task<Result<LiftPreview>> preview(UserNid by, RoomNid room, Selection selection,
                                                  AuthorityId authority, Handover handover = {});
  /// The drafts of lines of the registrar's queue, in their order. What an authority's register says is read
  /// once for all of them.
  [[nodiscard]] Task<Result<std::vector<LineDraft>>> desk_drafts(std::vector<DeskItem> items);

  /// Lifts that wait, for the items' assessments.
  [[nodiscard]] std::vector<PendingIntent> pending(std::vector<EventNid> const& events) const;
  [[nodiscard]] std::size_t waiting() const { return waiting_.size(); }

  /// Fills a draft's facts from the register: open cases, latest records. For manual entry too.
  [[nodiscard]] Task<Result<DraftInput>> facts_for(AuthorityId authority);
  /// The record that a draft and its sources make, but for `items`, manifest and attachments.
  [[nodiscard]] NewRecord new_record(UserNid by, AuthorityId authority, Draft const& draft);
  /// For a lift into this authority's register; none: it is kept here.
  [[nodiscard]] std::optional<Elsewhere> elsewhere(AuthorityId authority) const;
  [[nodiscard]] RegisterKept register_of(AuthorityId authority) const;
  /// The number that a record would get now; empty where a register outside gives it.
  [[nodiscard]] Task<Result<std::string>> next_number(AuthorityId authority, Draft const& draft);
  /// Puts what the information plan says of the guessed type into a draft. For manual entry too.
  void fill_by_plan(AuthorityId authority, Prefilled& prefilled) const;
  /// Sends what waits in `lift_notice`; runs once at a time.
  void send_notices();

 private:
  struct Waiting {
    LiftRequest request;
    std::vector<EventNid> items;
    Instant due_at{};
    Runtime::TimerId timer;
  };

  /// What `by` may lift of the room: items they may open, with a role in the authority.
  [[nodiscard]] Task<Result<ItemAccess>> may_lift(UserNid by, RoomNid room, AuthorityId authority);
  /// Asks `may_lift` again: a right can end while a lift waits.
  Task<Result<LiftCommit>> gather(LiftRequest request);
  Task<Result<ManifestItem>> gather_item(matrix::RoomEvent event, ItemAccess access, Handover handover);
  Task<Result<>> gather_files(ManifestItem& item);
  Task<Result<>> gather_sources(ManifestItem& item, ItemAccess access);
  Task<Result<>> gather_originals(ManifestItem& item, Handover handover, UserNid by);
  Task<Result<DraftItem>> draft_item(matrix::RoomEvent event, Handover handover);
  Task<Result<LiftPreview>> preview_items(AuthorityId authority, RoomNid room,
                                          std::vector<matrix::RoomEvent> events, Handover handover);
  Task<Result<>> tell_status(LiftPreview& preview, RoomNid room);
  /// Looks whether all that is encrypted is handed over and fits; none: it is and does.
  Task<Result<std::optional<NeedsHandover>>> look_at_handover(LiftRequest request, ItemAccess access);
  enum class Keep : std::uint8_t { no, yes };
  /// Checks an original and opens its attachment; `invalid_param` when it doesn't fit. Keeps the decrypted
  /// bytes when they are to be registered.
  Task<Result<OpenedOriginal>> open_original(matrix::RoomEvent event, Original original, Keep keep);
  Task<Result<OpenedFile>> open_file(FileSecret secret, std::string claimed_hash, Keep keep);
  Task<Result<Intent>> commit(LiftRequest request);
  Task<Result<Intent>> put_off(LiftRequest request);
  void wait_for(LiftRequest request, std::vector<EventNid> items, Instant due_at);
  void arm(IntentKey const& key, std::chrono::milliseconds in);
  void forget(IntentKey const& key);
  Task<Result<>> note_opened(UserNid by, AuthorityId authority, std::vector<matrix::RoomEvent> const& events);
  Task<> run_due(IntentKey key);
  Task<> take_up(Intent intent);
  Task<> notice_loop();
  Task<> send(Notice notice);

  LiftServices services_;
  UserNid service_user_;
  std::map<IntentKey, Waiting> waiting_;
  bool sending_ = false;
  bool notices_due_ = false;
  bool stopping_ = false;
  TaskGroup tasks_;
  TaskGroup notices_;  ///< those that are being sent
};

}  // namespace torg::records
