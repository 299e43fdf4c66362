#pragma once
#include "matrix/sliding_sync/sliding_sync.hpp"

namespace torg::matrix {

/// The configs of all lists and the subscription that a room falls under, as one.
struct CombinedConfig {
  std::size_t timeline_limit = 0;
  std::shared_ptr<RequiredState const> state;
};

struct SlidingSync::Match {
  RecentRoom room;
  std::shared_ptr<CombinedConfig const> config;
  std::vector<std::uint8_t> lists;          ///< numbers of the lists that show it
  std::optional<std::size_t> subscription;  ///< its number
};

struct SlidingSync::Reader {
  /// A room that the answer says something of.
  struct Shown {
    std::string room_id;
    std::vector<EventPtr> timeline;
  };

  identity::Requester requester;
  SlidingSyncRequest request;
  std::shared_ptr<Connection> connection;
  bool initial = false;  ///< of the connection

  SyncToken to;
  std::shared_ptr<RoomMarks const> marks;
  std::vector<Match> matches;             ///< the room where something happened last comes first
  std::vector<std::size_t> counts;        ///< of each list, all its rooms
  std::vector<RoomNid> with_receipts;     ///< rooms where somebody has read on since the last answer; sorted
  std::vector<RoomNid> with_own_receipt;  ///< those where the reader has; sorted
  std::vector<InScope> scopes;            ///< of the matches, in their order

  Step step;
  std::map<RoomNid, Shown> shown;
  std::string rooms;       ///< members of the answer's `rooms`
  std::string extensions;  ///< members of the answer's `extensions`
  bool something = false;  ///< worth an answer

  [[nodiscard]] Position after() const { return connection->at().position; }
  [[nodiscard]] bool marks_changed() const { return marks->direct_at > after(); }
};

/// Writes `"name":` of the next member of an object whose opening is there.
void append_key(std::string& out, std::string_view name);

/// What is said of one room that the reader is or was in.
struct SlidingSync::RoomPart {
  std::shared_ptr<Room> room;
  std::optional<SentRoom> sent;
  CombinedConfig config;
  Membership membership = Membership::join;
  Position membership_position;
  store::MemberOf member;  ///< the reader's own
  bool newly = false;      ///< all of it is new to the connection
  bool expanded = false;   ///< the timeline begins before what the connection has
  bool is_direct = false;
  TimelinePage page;
  std::vector<EventPtr> state;

  [[nodiscard]] Position after() const { return newly || !sent ? Position() : sent->up_to; }
  [[nodiscard]] bool is_new(CachedEvent const& event) const { return newly || event.position > after(); }
  /// Whether who is in the room may have changed.
  [[nodiscard]] bool members_changed() const;
};

}  // namespace torg::matrix
