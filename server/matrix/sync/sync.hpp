#pragma once
#include "matrix/sync/device_lists.hpp"
#include "matrix/sync/filter.hpp"
#include "matrix/sync/notifications.hpp"
#include "matrix/sync/presence.hpp"
#include "matrix/sync/receipts.hpp"
#include "matrix/sync/room_part.hpp"
#include "matrix/sync/to_device.hpp"
#include "matrix/sync/token.hpp"
#include "matrix/sync/typing.hpp"

#include <array>
#include <set>
#include <unordered_set>

namespace torg::matrix {

/// Which state a room's part holds: as it was when its timeline begins, or as it is when that ends (MSC4222).
enum class StateAt : std::uint8_t { timeline_start, timeline_end };

struct SyncRequest {
  std::optional<SyncToken> since;  ///< none: initial
  std::chrono::milliseconds timeout{0};
  SyncFilter filter;
  bool full_state = false;
  Presence::State presence = Presence::State::online;  ///< what the client says of its user meanwhile
  StateAt state_at = StateAt::timeline_start;
  std::string_view state_key = "state";  ///< what the answer calls it; a literal
  net::Call* call = nullptr;             ///< ends the waiting when its client has left; null: nobody can
};

/// Classic sync: costs what changed (architecture, decision 7).
/// @see https://spec.matrix.org/v1.19/client-server-api/#syncing
class SyncService {
 public:
  SyncService(RoomService& rooms, Typing& typing, Receipts& receipts, ToDevice& to_device, Presence& presence,
              Notifications& notifications, std::uint32_t boot);

  /// The whole answer as JSON text; waits up to the timeout for something to say.
  Task<Result<std::string>> sync(identity::Requester requester, SyncRequest request);
  [[nodiscard]] std::uint32_t boot() const { return boot_; }
  [[nodiscard]] DeviceLists& device_lists() { return device_lists_; }
  /// Ends all waiting: the server is going down.
  void stop();
  [[nodiscard]] bool stopping() const { return stopping_; }

  // For other kinds of sync.
  /// What `user` has not read of a room. `member` is their own entry in `RoomService::rooms_of`.
  Task<Result<UnreadCounts>> unread(std::shared_ptr<Room> room, UserNid user, store::MemberOf member);
  /// Whether anything that happened after `since` may concern a user in these rooms, but for who is there; a
  /// few comparisons.
  [[nodiscard]] bool concerns(UserRooms const& rooms, UserNid user, SyncToken since) const;

  struct Reader;  ///< one sync on its way: who, what, from where to where

 private:
  using Page = TimelinePage;

  /// Members a session has been told of, so that lazy loading doesn't repeat them: room << 32 | user.
  using Told = std::unordered_set<std::uint64_t>;
  [[nodiscard]] std::shared_ptr<Told> told_to(std::int64_t session);

  [[nodiscard]] bool presence_concerns(UserRooms const& rooms, UserNid user, SyncToken since) const;
  Task<Result<std::vector<RoomNid>>> changed_rooms(Reader const& reader, UserRooms const& rooms);
  Task<Result<std::string>> build(Reader& reader, bool& something);
  // personal_section.cpp
  Task<Result<>> read_personal(Reader& reader);
  Task<Result<std::string>> personal_section(Reader& reader, bool& something);
  Task<Result<std::string>> device_lists_section(Reader& reader, bool& something);
  Task<Result<>> append_room(Reader& reader, store::MemberOf member, std::array<std::string, 4>& sections);

  // presence_section.cpp
  Task<std::set<UserNid>> newly_met(Reader const& reader, UserRooms const& rooms);
  Task<std::string> presence_section(Reader& reader, UserRooms const& rooms, bool& something);

  // room_section.cpp
  Task<Result<bool>> append_joined(Reader& reader, std::shared_ptr<Room> room, store::MemberOf member,
                                   std::string& out);
  Task<Result<bool>> append_left(Reader& reader, std::shared_ptr<Room> room, store::MemberOf member,
                                 std::string& out);
  void append_invited(Reader& reader, Room const& room, std::string_view section, std::string& out);
  Task<Result<Page>> page(Reader& reader, std::shared_ptr<Room> room, Position after, Position to,
                          bool all_visible);
  Task<Result<std::vector<EventPtr>>> state_part(Reader& reader, std::shared_ptr<Room> room, Page const& page,
                                                 Position after, bool whole);
  Task<std::vector<EventPtr>> lazy_members(Reader& reader, std::shared_ptr<Room> room, Page const& page,
                                           Position after, bool whole);
  Task<Result<std::vector<EventPtr>>> left_state(Reader& reader, std::shared_ptr<Room> room, Page const& page,
                                                 store::MemberOf member);
  Task<Result<>> append_timeline(Reader& reader, Room const& room, Page const& page,
                                 std::vector<EventPtr> const& state, std::string& out);
  Task<Result<std::string>> sticky_part(Reader& reader, std::shared_ptr<Room> room, Page const& page,
                                        Position after);
  Task<Result<bool>> newly_joined(Reader& reader, Room const& room, store::MemberOf member);
  Task<Result<>> append_counts(Reader& reader, std::shared_ptr<Room> room, store::MemberOf member,
                               std::shared_ptr<Receipts::InRoom const> receipts, std::string& out);
  void append_summary(Reader& reader, Room const& room, std::string& out) const;

  RoomService& rooms_;
  Typing& typing_;
  Receipts& receipts_;
  ToDevice& to_device_;
  DeviceLists device_lists_;
  Presence& presence_;
  Notifications& notifications_;
  std::uint32_t boot_;
  bool stopping_ = false;
  LruCache<std::int64_t, std::shared_ptr<Told>> told_;  ///< by session; who is forgotten is told again
};

}  // namespace torg::matrix
