#pragma once
#include "records/lift/intents.hpp"

#include <span>

// What is handed to a register outside Torg: the same lift, but its number is given there
// (docs/external-register.md).
namespace torg::records {

using DeliveryId = StrongNumber<struct DeliveryIdTag, std::int64_t>;

/// `sent`: the register has everything and has not answered yet.
enum class DeliveryState : std::uint8_t { waiting, sent, registered, refused };
/// `waiting`, `sent` …
[[nodiscard]] std::string_view to_text(DeliveryState state);
[[nodiscard]] std::optional<DeliveryState> parse_handover_state(std::string_view text);

/// One record on its way to a register outside, durable from the lift's commit on.
struct Delivery {
  DeliveryId id;
  std::string key;  ///< what the register knows it by: one key is one record there
  IntentKey intent;
  AuthorityId authority;
  RoomNid room;
  DeliveryState state = DeliveryState::waiting;
  int attempts = 0;  ///< in vain since the last step forward
  Instant due_at{};  ///< of the next attempt
  Instant made_at{}, decided_at{};
  std::string problem;  ///< why it was refused, or why it is tried again
  std::string number;   ///< the register's
  std::string place;    ///< where the register shows it; may be empty
  std::string by_id;    ///< user id of who lifted it
  std::string title;
  std::string draft;     ///< JSON
  std::string manifest;  ///< JSON: the originals as they were
  std::vector<EventNid> items;
  std::vector<std::string> item_ids;  ///< event ids, in the order of `items`
  std::vector<NewFile> files;
};
[[nodiscard]] ShownDelivery shown(Delivery const& handover);

/// All SQL of handovers.
namespace handover_store {

/// Its id and state are given here.
void add(db::Transaction& transaction, Delivery const& handover);
/// Without items, manifest and files.
[[nodiscard]] std::optional<Delivery> find(db::Reader& reader, std::string_view key);
/// With everything.
[[nodiscard]] std::optional<Delivery> whole(db::Reader& reader, DeliveryId id);
[[nodiscard]] std::optional<ShownDelivery> of_intent(db::Reader& reader, IntentKey const& key);
/// Open ones of the authority that are due, the longest due first.
[[nodiscard]] std::vector<DeliveryId> due(db::Reader& reader, AuthorityId authority, Instant now, int limit);
/// When each authority's next open one is due.
[[nodiscard]] std::vector<std::pair<AuthorityId, Instant>> next_due(db::Reader& reader);
/// Newest first, those made before `before`; without items, manifest and files.
[[nodiscard]] std::vector<Delivery> list(db::Reader& reader, AuthorityId authority,
                                         std::optional<DeliveryState> state, DeliveryId before, int limit);
/// Those of the items that are not refused, by item and authority.
[[nodiscard]] std::vector<ShownDelivery> of_items(db::Reader& reader, std::vector<EventNid> const& items);

/// Writes state, attempts, due time, problem, number, place and the time of the decision.
void update(db::Transaction& transaction, Delivery const& handover);
/// Registered ones whose rooms were not told.
[[nodiscard]] std::vector<DeliveryId> untold(db::Reader& reader, int limit);
void set_told(db::Transaction& transaction, DeliveryId id);
/// Whether a handover still needs the blob.
[[nodiscard]] bool refers_to(db::Reader& reader, db::BlobId const& blob);

}  // namespace handover_store

/// Slice `external`.
[[nodiscard]] std::span<db::Migration const> external_migrations();

}  // namespace torg::records
