#pragma once
#include "matrix/sliding_sync/connections.hpp"
#include "matrix/sliding_sync/recent_rooms.hpp"
#include "matrix/sliding_sync/request.hpp"
#include "matrix/sliding_sync/room_facts.hpp"
#include "matrix/sliding_sync/room_marks.hpp"
#include "matrix/sync/sync.hpp"
#include "matrix/sync/thread_subscriptions.hpp"

namespace torg::matrix {

/// Simplified sliding sync: of a user's rooms, those that the client's lists and subscriptions show, as far
/// as they are news to the connection. It costs a look at each of the user's rooms, and what is said.
/// @see MSC4186
class SlidingSync {
 public:
  SlidingSync(RoomService& rooms, SyncService& sync, Typing& typing, Receipts& receipts, ToDevice& to_device,
              Presence& presence, ThreadSubscriptions& subscriptions);

  /// The whole answer as JSON text; waits up to the timeout for something to say. `unknown_pos` when the
  /// connection isn't known, or the position is neither its last nor the one before.
  /// `call` ends the waiting when its client has left; null: nobody can.
  Task<Result<std::string>> sync(identity::Requester requester, SlidingSyncRequest request, net::Call* call);

  struct Reader;    ///< one answer on its way (reader.hpp)
  struct Match;     ///< a room that the request asks for
  struct RoomPart;  ///< what is said of one room

 private:
  Task<Result<>> build(Reader& reader);
  [[nodiscard]] std::string finish(Reader const& reader, std::string_view pos) const;
  Task<bool> wait(Reader const& reader, net::Call* call, SteadyTime deadline);

  // lists.cpp
  struct Question;
  Task<Result<>> prepare(Reader const& reader, Question& question);
  Task<Result<std::shared_ptr<RecentRooms const>>> recent_rooms(UserNid user, bool with_facts);
  [[nodiscard]] std::optional<Match> match(Reader& reader, Question const& question, RecentRoom room);
  Task<Result<>> match_rooms(Reader& reader);
  Task<Result<>> look_at_tail(Reader& reader);
  using Spaces = std::map<std::string, std::set<RoomNid>>;  ///< their rooms
  Task<Result<>> look_into_spaces(UserNid user, std::vector<std::string> space_ids, Spaces& known);
  Task<Result<std::set<RoomNid>>> rooms_in_space(UserNid user, std::string space_id);

  // rooms.cpp
  Task<Result<>> append_rooms(Reader& reader);
  Task<Result<>> append_joined(Reader& reader, Match const& match, std::optional<SentRoom> sent);
  Task<Result<>> append_left(Reader& reader, Match const& match, std::optional<SentRoom> sent);
  Task<Result<>> append_invited(Reader& reader, Match const& match);
  Task<Result<>> read_joined(Reader& reader, Match const& match, RoomPart& part);
  Task<Result<>> read_state(Reader& reader, RoomPart& part);
  Task<Result<>> add_lazy_members(Reader& reader, RoomPart& part);
  Task<Result<>> append_part(Reader& reader, Match const& match, RoomPart const& part);
  // room_fields.cpp
  void append_membership(Reader const& reader, Match const& match, std::string& out) const;
  Task<Result<>> append_summary(Reader& reader, RoomPart const& part, std::string& out);
  Task<Result<>> append_name(Reader& reader, RoomPart const& part, std::string& out);
  Task<Result<>> append_counts(Reader& reader, RoomPart const& part, std::string& out);

  // extensions.cpp
  Task<Result<>> append_extensions(Reader& reader);
  void find_scopes(Reader& reader);
  Task<Result<>> append_to_device(Reader& reader);
  Task<Result<>> append_e2ee(Reader& reader);
  Task<Result<>> append_account_data(Reader& reader);
  Task<Result<std::vector<identity::AccountDataEntry>>> read_room_data(UserNid user,
                                                                       std::map<RoomNid, Position> told);
  Task<Result<std::string>> room_account_data(Reader& reader);
  Task<Result<>> append_thread_subscriptions(Reader& reader);
  Task<Result<>> append_receipts(Reader& reader);
  Task<Result<>> append_typing(Reader& reader);

  RoomService& rooms_;
  SyncService& sync_;
  Typing& typing_;
  Receipts& receipts_;
  ToDevice& to_device_;
  Presence& presence_;
  ThreadSubscriptions& subscriptions_;
  Connections connections_;
  RecencyOrders orders_;
  FactsOfRooms facts_;
  MarksOfUsers marks_;
};

}  // namespace torg::matrix
