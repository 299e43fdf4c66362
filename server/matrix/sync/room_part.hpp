#pragma once
#include "matrix/room/membership_history.hpp"
#include "matrix/room/render.hpp"
#include "matrix/room/visibility.hpp"
#include "matrix/sync/filter.hpp"

namespace torg::matrix {

// What an answer says of one room, whichever kind of sync asks.

/// The newest events of a room within what is asked for.
struct TimelinePage {
  std::vector<EventPtr> events;                    ///< oldest first
  bool limited = false;                            ///< there are more, before `start`
  Position start;                                  ///< events before this one are not here
  bool hidden = false;                             ///< the reader may see nothing of the room
  std::shared_ptr<Visibility const> visibility{};  ///< the reader's; null: everything is shown as it is
};

struct PageWanted {
  UserNid reader;
  Position after;  ///< exclusive
  Position to;     ///< inclusive
  EventFilter const* filter;
  bool all_visible = false;  ///< the reader was in the room all the time
};

/// What the reader may see, has not filtered out and is not by somebody they ignore.
[[nodiscard]] Task<Result<TimelinePage>> read_page(RoomService& rooms, std::shared_ptr<Room> room,
                                                   PageWanted wanted);
[[nodiscard]] bool is_ignored(identity::Identity& identity, UserNid reader, CachedEvent const& event);
/// The newest of an event and those that it replaced that was committed up to `to`; null when there is none.
[[nodiscard]] Task<EventPtr> committed_state(RoomService& rooms, EventPtr event, Position to);
/// Whether the user was a joined member of the room at `at`.
[[nodiscard]] Task<Result<bool>> was_joined(RoomService& rooms, RoomNid room, UserNid user, Position at);

/// Members that a room without a name is called after, by their membership events: those who are in it or
/// invited, else those who were.
/// @see https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3sync, `m.heroes`
[[nodiscard]] std::vector<EventPtr> heroes_of(Room const& room, identity::Identity const& identity,
                                              UserNid reader);
/// Appends what an invited or knocking reader may know of a room, comma-separated.
/// @see https://spec.matrix.org/v1.19/client-server-api/#stripped-state
void append_stripped_state(std::string& out, Room const& room, identity::Identity const& identity,
                           std::string_view reader);

/// Appends a user's account data of one room (global: empty id) up to `to`, comma-separated.
void append_account_data(std::string& out, std::vector<identity::AccountDataEntry> const& entries,
                         Position to, std::string_view room_id, EventFilter const& filter);

/// Renders events of one room for one reader.
class PartRenderer {
 public:
  /// Knows what it needs for `events`, which gets the reader's own transaction ids filled in, and for what is
  /// newer than `oldest`.
  static Task<Result<PartRenderer>> of(RoomService& rooms, identity::Requester reader, RoomNid room,
                                       std::vector<EventPtr> events, Position oldest);
  /// Comma-separated. `visibility` is the page's.
  void append(std::string& out, std::vector<EventPtr> const& events, Visibility const* visibility) const;

 private:
  PartRenderer(identity::Identity const& identity, UserNid user, std::int64_t device, std::int64_t now_ms,
               MembershipHistory own, Replaced replaced)
      : identity_(identity),
        user_(user),
        device_(device),
        now_ms_(now_ms),
        own_(std::move(own)),
        replaced_(std::move(replaced)) {}

  identity::Identity const& identity_;
  UserNid user_;
  std::int64_t device_;
  std::int64_t now_ms_;
  MembershipHistory own_;
  Replaced replaced_;
};

}  // namespace torg::matrix
