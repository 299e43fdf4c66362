#pragma once
#include "base/lru_cache.hpp"
#include "identity/identity.hpp"
#include "matrix/room/cache_budget.hpp"
#include "matrix/room/preview.hpp"
#include "matrix/room/rooms.hpp"
#include "matrix/room/sticky.hpp"
#include "matrix/room/store.hpp"
#include "matrix/room/stream.hpp"

namespace torg::matrix {

/// Which rooms a user is in and as what, committed. It changes at every commit: keep no iterator over a
/// `co_await`.
using UserRooms = std::map<RoomNid, store::MemberOf>;
[[nodiscard]] std::size_t memory_bytes(UserRooms const& rooms);
/// Whether `m.room.guest_access` says so.
[[nodiscard]] bool lets_guests_in(Room const& room);

/// Everything about one event but where it goes in the graph.
struct EventDraft {
  UserNid sender;
  std::string type;
  std::optional<std::string> state_key;
  json::object content;
  EventNid redacts{};
  EventNid relates_to{};
  bool is_thread_reply = false;  ///< to `relates_to`
  UserNid member{};              ///< membership events: whose
  std::int64_t device_key = 0;
  int slot = 0;
  std::string transaction_id;
  // As in `SendEvent`.
  std::optional<std::int64_t> origin_server_ts{};
  std::optional<std::int64_t> sticky_ms{};
  std::string delay_id{};
  RoomPolicy::Facts also{};
};

/// Rooms as actors (architecture, decision 6). An event's life, in order: draft → authorise against the state
/// in memory → ask the policy → seal → apply → commit in the lane → publish to the stream.
class RoomService final : public Rooms {
 public:
  /// `cache` bounds what it and the slices above keep in memory of rooms that are not in use.
  RoomService(Runtime& runtime, db::Database& database, identity::Identity& identity, std::string server_name,
              CacheBudget cache = {});

  /// Loads what must be in memory. Call once, before anything else.
  void start();
  /// Null until wired: then everything is allowed and no facts are written.
  void set_policy(RoomPolicy* policy) { policy_ = policy; }
  /// Called for each committed event, after the policy.
  void observe(std::function<void(Room const&, EventPtr const&)> observer) {
    observers_.push_back(std::move(observer));
  }

  // Rooms
  Task<Result<RoomNid>> find(std::string room_id) override;
  Task<Result<RoomId>> room_id(RoomNid room) override;
  Task<Result<RoomNid>> create(CreateRoom request) override;
  Task<Result<RoomNid>> upgrade(Upgrade request) override;
  Task<Result<RoomEvent>> send(SendEvent request) override;
  Task<Result<RoomEvent>> set_membership(RoomNid room, UserNid by, UserNid target, Membership membership,
                                         std::string reason) override;
  /// `user` joins; what `more` holds stands in the membership event beside the profile.
  Task<Result<RoomEvent>> join(RoomNid room, UserNid user, json::object more);
  Task<Result<RoomEvent>> redact(RoomNid room, UserNid by, EventNid target, std::string reason,
                                 std::int64_t device_key, std::string transaction_id) override;
  /// The same with all that a request to send can say; the content may hold a reason.
  Task<Result<RoomEvent>> redact(SendEvent request, EventNid target);
  Task<Result<RoomEvent>> event(EventNid nid) override;
  Task<Result<RoomEvent>> event(EventId id) override;
  Task<Result<std::vector<RoomEvent>>> relations(EventNid nid) override;
  Task<Result<std::vector<RoomEvent>>> timeline(RoomNid room, Position after, Position to,
                                                std::size_t limit) override;
  Task<Result<Membership>> membership(RoomNid room, UserNid user) override;
  Task<Result<std::vector<UserNid>>> joined_members(RoomNid room) override;
  Task<Result<std::optional<std::string>>> state(RoomNid room, std::string type,
                                                 std::string state_key) override;
  void forget(RoomNid room, std::span<EventNid const> events) override;

  // For the slices above within matrix/.
  [[nodiscard]] Task<Result<std::shared_ptr<Room>>> load(RoomNid room);
  [[nodiscard]] Task<Result<std::shared_ptr<Room>>> load(std::string room_id);
  [[nodiscard]] Task<Result<std::shared_ptr<UserRooms const>>> rooms_of(UserNid user);
  [[nodiscard]] Task<Result<EventPtr>> cached_event(std::string event_id);
  [[nodiscard]] Task<Result<EventPtr>> event_by_nid(EventNid nid);
  /// Gives events of the requester that came from the store the transaction ids back by which this device
  /// sent them.
  Task<> recall_sent(std::vector<EventPtr> events, identity::Requester requester);
  /// The exact bytes of an event without `signatures` and `unsigned`, rebuilt from header and content.
  [[nodiscard]] Task<Result<std::string>> pdu(EventNid nid);
  /// Takes a room that `user` has left out of their rooms; what it held they can't read any more. Their other
  /// devices still hear of the leave. `bad_request` while they are in it or invited.
  Task<Result<>> forget_left_room(RoomNid room, UserNid user);
  Task<Result<>> put_alias(std::string alias, RoomNid room, UserNid by);
  Task<Result<>> remove_alias(std::string alias);
  Task<Result<store::Alias>> find_alias(std::string alias);
  /// Asked about an alias of this server that leads nowhere, before somebody is told so. @return whether it
  /// may lead somewhere now. Unset: nobody knows of others.
  std::function<Task<bool>(std::string alias)> on_unknown_alias;
  /// After a change of profile: a new member event in every room the user has joined.
  Task<> republish_profile(UserNid user);
  /// After the end of an account: it leaves its rooms and declines its invitations.
  Task<> leave_all(UserNid user);

  [[nodiscard]] Task<bool> share_a_room(UserNid a, UserNid b);
  /// Whom `user` meets in a room of both, or could in a public one. Nobody meets themselves.
  [[nodiscard]] Task<Result<std::unordered_set<UserNid>>> could_meet(UserNid user);
  /// How many have joined a room that is in memory; none for another.
  [[nodiscard]] std::optional<std::size_t> joined_count_in_memory(RoomNid room);
  /// Wakes those who wait and have joined `room`, when it is in memory.
  void wake_members(RoomNid room);
  /// Wakes everyone who waits: some of them may share a room with `user`, which they find out themselves.
  void wake_neighbours(UserNid) { stream_.wake_all(); }

  [[nodiscard]] Stream& stream() { return stream_; }
  [[nodiscard]] StickyEvents& sticky() { return sticky_; }
  [[nodiscard]] db::Database& database() { return database_; }
  [[nodiscard]] identity::Identity& identity() { return identity_; }
  [[nodiscard]] Runtime& runtime() { return runtime_; }
  [[nodiscard]] TypeNames const& types() const { return types_; }
  [[nodiscard]] std::string const& server_name() const { return server_name_; }
  [[nodiscard]] CacheBudget const& cache() const { return cache_; }
  /// The newest event made, which may be on its way to the disk.
  [[nodiscard]] EventNid last_event() const { return EventNid(last_event_); }

 private:
  struct Sealed {
    EventPtr event;
    EventRow row;
    RoomPolicy::Facts facts;
    RoomPolicy::Facts also;
    UserNid member;
    std::optional<store::Door> door{};  ///< set by the event
  };
  /// Events of one room that become durable together.
  struct Batch {
    std::shared_ptr<Room> room;
    bool is_new = false;
    std::vector<Sealed> events{};
    std::string alias{};
    UserNid alias_creator{};
    RoomNid follows{};  ///< a room whose aliases and place in the directory become this one's
    store::Listing listing = store::Listing::unlisted;  ///< of a new room
    ErrorCode not_allowed = ErrorCode::forbidden;       ///< what it is called that the room doesn't allow
  };
  /// What one session sent lately, so that a repeated request finds its event.
  struct Sent {
    struct Entry {
      EventNid event;  ///< 0 while in flight
      std::vector<Runtime::Job> waiting;
    };
    explicit Sent(std::vector<store::SentTransaction> const& stored);
    int next_slot = 0;
    std::map<std::string, Entry, std::less<>> entries;
    std::vector<std::string> slots;

    [[nodiscard]] std::size_t memory_bytes() const;
  };

  [[nodiscard]] std::shared_ptr<Room> make_room(RoomNid nid, store::StoredRoom stored) const;
  // append.cpp
  Task<Result<EventPtr>> append(RoomNid room, EventDraft draft);
  Result<> add(Batch& batch, EventDraft draft);
  [[nodiscard]] Task<Result<>> check_annotation(EventDraft const& draft);
  [[nodiscard]] Result<> check_suspension(EventDraft const& draft) const;
  [[nodiscard]] Result<> check_type(EventDraft const& draft);
  [[nodiscard]] Result<> check_invitation(EventDraft const& draft) const;
  [[nodiscard]] Result<> check_guest(Room const& room, EventDraft const& draft) const;
  Result<> ask_policy(Room const& room, EventDraft const& draft) const;
  [[nodiscard]] Event make_event(Room const& room, EventDraft const& draft,
                                 std::vector<EventNid>& auth) const;
  [[nodiscard]] Sealed seal_draft(Room const& room, EventDraft draft, Event event, EventId const& id,
                                  std::vector<EventNid> auth);
  [[nodiscard]] std::string new_event_id(RoomVersion version) const;
  [[nodiscard]] std::string random_name() const;
  Task<Result<EventPtr>> commit(Batch batch);
  /// All or none. @return the last event
  Task<Result<EventPtr>> commit(std::vector<Batch> batches);
  void publish(std::shared_ptr<Room> const& room, Sealed const& sealed, Position position);
  void publish_membership(RoomNid room, Sealed const& sealed, Position position);
  void drop(std::shared_ptr<Room> const& room);
  // sent.cpp
  Task<Result<std::shared_ptr<Sent>>> sent_of(std::int64_t session);
  Task<Result<EventPtr>> append_once(RoomNid room, EventDraft draft);
  // create.cpp
  [[nodiscard]] json::object creation_content(CreateRoom const& request, RoomVersion version) const;
  Result<Batch> start_room(CreateRoom const& request);
  Result<> add_first_events(Batch& batch, CreateRoom const& request);
  // upgrade.cpp
  Result<Batch> start_successor(Room const& old, Upgrade const& request);
  Result<> add_copied_state(Batch& batch, Room const& old, Upgrade const& request);
  Result<Batch> end_room(std::shared_ptr<Room> const& old, Upgrade const& request, RoomId const& successor);
  // take_along.cpp
  Task<> take_along(std::shared_ptr<Room> room, UserNid user);
  [[nodiscard]] json::object member_content(UserNid user, Membership membership, std::string reason) const;

  Runtime& runtime_;
  db::Database& database_;
  identity::Identity& identity_;
  std::string server_name_;
  CacheBudget cache_;
  RoomPolicy* policy_ = nullptr;
  std::vector<std::function<void(Room const&, EventPtr const&)>> observers_;
  TypeNames types_;
  net::Buckets new_types_;  ///< by person
  Stream stream_;
  StickyEvents sticky_;
  std::int64_t last_event_ = 0;
  std::int32_t last_room_ = 0;
  LruCache<RoomNid, std::shared_ptr<Room>> rooms_;
  LruCache<std::string, RoomNid> by_room_id_;
  LruCache<UserNid, std::shared_ptr<UserRooms>> user_rooms_;
  LruCache<std::int64_t, std::shared_ptr<Sent>> sent_;  ///< by device
};

}  // namespace torg::matrix
