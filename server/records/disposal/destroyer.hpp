#pragma once
#include "db/blobs.hpp"
#include "matrix/room/rooms.hpp"
#include "records/disposal/keeping.hpp"

namespace torg::records {

/// An item with all that goes when it goes.
struct DoomedItem {
  RoomNid room;
  EventNid event;
  EventId id;
  std::vector<EventNid> companions;                     ///< its edits, reactions and redactions
  std::vector<std::pair<std::string, EventNid>> files;  ///< `mxc://…`, and the event that shows it
};

/// Destroys items: content, graph rows where the graph allows, assessment, media; then what lies on the disk.
/// What is left to remove after the commit is itself durable, and `sweep` goes on with it after a crash.
class Destroyer {
 public:
  Destroyer(Runtime& runtime, db::Database& database, db::Blobs& blobs, matrix::Rooms& rooms,
            std::string server_name)
      : runtime_(runtime),
        database_(database),
        blobs_(blobs),
        rooms_(rooms),
        server_name_(std::move(server_name)) {}
  void link(DisposalLinks links) { links_ = std::move(links); }
  [[nodiscard]] DisposalLinks const& links() const { return links_; }

  /// Looks up what belongs to the items. Those that are gone already are left out.
  Task<Result<std::vector<DoomedItem>>> gather(ItemsByRoom items);

  /// In the lane. `server_name` is ours: other servers' media isn't stored here.
  static matrix::Destroyed destroy(db::Transaction& transaction, std::vector<DoomedItem> const& items,
                                   std::string_view server_name, Instant at);
  [[nodiscard]] std::string const& server_name() const { return server_name_; }

  /// After the commit: forgets what the rooms have in memory.
  void forget(std::vector<DoomedItem> const& items);
  /// After the commit, or a crash: removes blobs that nobody else needs, scrubs the database's files.
  Task<Result<>> sweep();

 private:
  Task<Result<DoomedItem>> gather_one(RoomNid room, EventNid event);

  Runtime& runtime_;
  db::Database& database_;
  db::Blobs& blobs_;
  matrix::Rooms& rooms_;
  std::string server_name_;
  DisposalLinks links_;
};

}  // namespace torg::records
