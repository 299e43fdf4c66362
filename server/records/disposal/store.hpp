#pragma once
#include "db/blobs.hpp"
#include "net/page.hpp"
#include "records/disposal/rule.hpp"

#include <map>

// All SQL of holds, weeding and disposal. Writes run in the lane.
namespace torg::records {

using HoldId = StrongNumber<struct HoldIdTag, std::int64_t>;
using DisposalId = StrongNumber<struct DisposalIdTag, std::int64_t>;

/// What is held: a room, a record or an item; one of them is set.
struct Hold {
  HoldId id;
  AuthorityId authority;
  RoomNid room;
  RecordId record;
  EventNid event;
  std::string reason;
  UserNid placed_by;
  Instant placed_at{};
  UserNid released_by;
  std::optional<Instant> released_at;
  std::string release_reason;
};

enum class DisposalState : std::uint8_t { waiting_for_approval, done };

struct Disposal {
  DisposalId id;
  DisposalTerms terms;
  DisposalState state = DisposalState::waiting_for_approval;
  UserNid proposed_by, approved_by;
  Instant proposed_at{}, approved_at{};
  std::int64_t items = 0;  ///< proposed; after approval: destroyed
  std::int64_t removed = 0, skeletons = 0, log_index = 0;
  std::string number;       ///< of the certificate
  std::string certificate;  ///< JSON; empty until done
};

/// Items by room, in order.
using ItemsByRoom = std::map<RoomNid, std::vector<EventNid>>;

struct WeedingRun {
  Instant at{};
  UserNid by;  ///< 0: by itself
  RoomNid room;
  std::int64_t items = 0, removed = 0, skeletons = 0;
};

namespace disposal_store {

HoldId place_hold(db::Transaction& transaction, Hold const& hold);
/// @return false when it was released already or isn't this authority's
bool release_hold(db::Transaction& transaction, Hold const& hold);
/// Newest first, released ones included.
[[nodiscard]] std::vector<Hold> holds(db::Reader& reader, net::Page page);
[[nodiscard]] std::optional<Hold> hold(db::Reader& reader, HoldId id);
[[nodiscard]] std::vector<Hold> open_holds(db::Reader& reader);

DisposalId add_disposal(db::Transaction& transaction, Disposal const& disposal, ItemsByRoom const& items);
[[nodiscard]] std::optional<Disposal> find_disposal(db::Reader& reader, DisposalId id);
[[nodiscard]] std::vector<Disposal> disposals(db::Reader& reader, net::Page page);
[[nodiscard]] ItemsByRoom items_of(db::Reader& reader, DisposalId id);
/// Writes the outcome and forgets which items it was. @return false when it was done already
bool finish_disposal(db::Transaction& transaction, Disposal const& disposal);
/// Certificates of an authority so far, for the next number.
[[nodiscard]] std::int64_t count_done(db::Reader& reader, AuthorityId authority);
void note_sample(db::Transaction& transaction, DisposalId id, UserNid person, Instant at);
[[nodiscard]] bool has_sampled(db::Reader& reader, DisposalId id, UserNid person);

/// Kept-ordered or trivial items of one room for one authority, in order.
[[nodiscard]] std::vector<EventNid> items_with(db::Reader& reader, RoomNid room, AuthorityId authority,
                                               Handling handling);
/// Items of a room that are, or were at any time, a record for anybody.
[[nodiscard]] std::vector<EventNid> ever_records(db::Reader& reader, RoomNid room, EventNid from,
                                                 EventNid to);
/// Everything assessment knows about an item, its history included.
void forget_item(db::Transaction& transaction, RoomNid room, EventNid event);

[[nodiscard]] bool weeding_paused(db::Reader& reader);
void pause_weeding(db::Transaction& transaction, bool paused);
[[nodiscard]] Position weeding_start(db::Reader& reader, RoomNid room);
void set_weeding_start(db::Transaction& transaction, RoomNid room, Position start);
void add_weeding_run(db::Transaction& transaction, WeedingRun const& run);
/// Newest first.
[[nodiscard]] std::vector<WeedingRun> weeding_runs(db::Reader& reader, std::int64_t limit);

// What is left to remove from the disk after a commit.
/// Blobs that are to go from the disk, if nobody else needs them.
[[nodiscard]] std::int64_t sweep_waiting(db::Reader& reader);
void add_sweep(db::Transaction& transaction, std::vector<db::BlobId> const& blobs, Instant at);
[[nodiscard]] std::vector<db::BlobId> swept_blobs(db::Reader& reader);
void blob_is_gone(db::Transaction& transaction, db::BlobId const& blob);
[[nodiscard]] bool scrub_waits(db::Reader& reader);
void scrub_is_done(db::Transaction& transaction);

}  // namespace disposal_store
}  // namespace torg::records
