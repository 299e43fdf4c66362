#pragma once
#include "db/database.hpp"
#include "records/assessment/assessment.hpp"
#include "records/lift/draft.hpp"
#include "records/lift/handover.hpp"

#include <span>

// Intents: what a person asked for, under a key of the client's, before and after it is done (architecture,
// decision 12).
namespace torg::records {

enum class IntentState : std::uint8_t { pending, committed, cancelled };
[[nodiscard]] std::string_view to_text(IntentState state);

struct IntentKey {
  UserNid by;
  std::string key;
  friend auto operator<=>(IntentKey const&, IntentKey const&) = default;
};

/// What to lift; kept as JSON while the intent waits.
struct LiftRequest {
  IntentKey key;
  RoomNid room;
  AuthorityId authority;
  std::vector<std::string> event_ids;
  Draft draft;
  Handover handover{};  ///< of what is encrypted end to end
};

struct Intent {
  IntentKey key;
  IntentState state = IntentState::pending;
  Instant due_at{};
  RecordId record;  ///< 0 until committed
  std::string number;
  std::string problem;  ///< why it was cancelled by itself; empty when a person did
  RoomNid room;
  AuthorityId authority;
  std::vector<std::string> event_ids;
  std::string draft;  ///< JSON; empty once committed
  /// Committed, and its number is given by a register outside Torg; `number` is that one's, once it is there.
  std::optional<ShownDelivery> handover{};
  std::string originals;  ///< what the lifter's client decrypted, JSON; empty without, and once it is done
};

/// A notice for the room that waits to be sent.
struct Notice {
  RecordId record;
  RoomNid room;
  AuthorityId authority;
  std::string number;
  std::vector<std::string> event_ids;
};

/// That a record's text was handed over.
struct HandoverRow {
  UserNid by;
  std::string device;
  Instant at{};
  std::int64_t files = 0;
};

/// All SQL of lifting.
namespace lift_store {

[[nodiscard]] std::optional<Intent> intent(db::Reader& reader, IntentKey const& key);
void add_pending(db::Transaction& transaction, LiftRequest const& request, Instant due_at);
/// A lift that is committed at once leaves only its outcome.
void add_committed(db::Transaction& transaction, LiftRequest const& request, Instant at,
                   std::optional<RecordId> record);
/// @return false when it does not wait any more
[[nodiscard]] bool commit_pending(db::Transaction& transaction, IntentKey const& key,
                                  std::optional<RecordId> record);
[[nodiscard]] bool cancel(db::Transaction& transaction, IntentKey const& key, std::string_view problem);
[[nodiscard]] std::vector<Intent> pending(db::Reader& reader);

/// The first of `events` whose content is not here any more: disposed of, perhaps a moment ago; 0: all are.
[[nodiscard]] EventNid gone(db::Reader& reader, std::span<EventNid const> events);

/// Records of the authority that hold a file of the same bytes as one of the items', newest first; a few.
[[nodiscard]] std::vector<RecordCandidate> with_same_files(db::Reader& reader, AuthorityId authority,
                                                           std::vector<DraftItem> const& items);

void add_handover(db::Transaction& transaction, RecordId record, HandoverRow const& row);
/// None: the server could read what was lifted.
[[nodiscard]] std::optional<HandoverRow> handover(db::Reader& reader, RecordId record);

void add_notice(db::Transaction& transaction, Notice const& notice);
[[nodiscard]] std::vector<Notice> notices(db::Reader& reader, std::int64_t limit);
void remove_notices(db::Transaction& transaction, RecordId up_to);

}  // namespace lift_store

/// Slice `lift`.
[[nodiscard]] std::span<db::Migration const> lift_migrations();

}  // namespace torg::records
