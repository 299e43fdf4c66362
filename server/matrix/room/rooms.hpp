#pragma once
#include "base/ids.hpp"
#include "db/database.hpp"
#include "matrix/auth/auth.hpp"

#include <span>

namespace torg::matrix {

/// One stored event as the layers above see it.
struct RoomEvent {
  EventNid nid;
  Position position;
  EventId id;
  RoomNid room;
  UserNid sender;
  std::string type;
  std::optional<std::string> state_key;
  std::int64_t origin_server_ts = 0;  ///< milliseconds
  std::string content;  ///< canonical JSON as sent; when `redacted_by` is set it is sealed: never to a client
  EventNid redacted_by;  ///< 0: not redacted
};

/// The one door into rooms for governance and records; implemented above, wired by `app/`. All members run on
/// the executor and must not block.
class RoomPolicy {
 public:
  enum class Act : std::uint8_t {
    create,
    send,
    set_state,
    join,
    invite,
    knock,
    leave,
    kick,
    ban,
    redact,
    upload,
    upgrade
  };
  struct Intent {
    Act act;
    UserNid by;
    RoomNid room;  ///< 0 for create; for upgrade the old room, with the content of the new m.room.create
    std::string_view type;  ///< event type, for send and set_state
    std::string_view state_key;
    json::object const* content = nullptr;
    UserNid target;                        ///< for invite, kick, ban
    Membership before = Membership::none;  ///< of the one whose membership changes
  };
  virtual ~RoomPolicy() = default;
  /// May refuse what a local user does.
  [[nodiscard]] virtual Result<> may(Intent const& intent) const = 0;

  /// What must be written in the same transaction as the event; empty when nothing. It runs on the lane's
  /// thread, perhaps more than once: it may use only its arguments and what it captured by value.
  using Facts = std::function<void(db::Transaction&, EventNid, Position)>;
  [[nodiscard]] virtual Facts facts(RoomEvent const& draft) = 0;
  /// Says, before the first event of `next` but its m.room.create is asked about, that an upgrade makes it to
  /// follow `old`.
  virtual void succeeds(RoomNid next, RoomNid old) = 0;
  /// After the commit, in order of position.
  virtual void committed(RoomEvent const& event) = 0;
};

struct CreateRoom {
  UserNid creator;
  std::optional<RoomVersion> version{};  ///< none: the server's default
  std::string name, topic, alias_localpart, preset,
      visibility;                   ///< preset: private_chat, trusted_private_chat, public_chat
  std::vector<std::string> invite;  ///< user ids
  bool is_direct = false;
  json::object creation_content;
  json::object power_level_content_override;
  json::array initial_state;  ///< {type, state_key, content} objects
};

/// A room that goes on in a new one.
struct Upgrade {
  RoomNid room;
  UserNid by;
  RoomVersion version = RoomVersion::v12;
  std::vector<std::string> additional_creators;  ///< user ids; for versions that have them
};

struct SendEvent {
  RoomNid room;
  UserNid sender;
  std::string type;
  std::optional<std::string> state_key;
  json::object content;
  /// `identity::Requester::device_key`, with `transaction_id`: sent again, the same event comes back.
  std::int64_t device_key = 0;
  std::string transaction_id;
  std::optional<EventNid> redacts;
  /// When it says that it was sent (milliseconds); none: now. For application services.
  std::optional<std::int64_t> origin_server_ts{};
  std::optional<std::int64_t> sticky_ms{};  ///< see `Event::sticky_ms`
  std::string delay_id{};                   ///< of a delayed event: shown to its sender
  /// Written in the same transaction as the event; see `RoomPolicy::Facts`.
  RoomPolicy::Facts also{};
};

/// Rooms of this server as actors in memory over the store. Called on the executor only.
class Rooms {
 public:
  virtual ~Rooms() = default;

  [[nodiscard]] virtual Task<Result<RoomNid>> find(std::string room_id) = 0;  ///< `not_found`
  [[nodiscard]] virtual Task<Result<RoomId>> room_id(RoomNid room) = 0;
  virtual Task<Result<RoomNid>> create(CreateRoom request) = 0;
  /// Makes a room of another version that follows `request.room`, with its state, bans and aliases, and ends
  /// the old one by a tombstone; one write. `forbidden` without the power for a tombstone.
  /// @see https://spec.matrix.org/v1.19/client-server-api/#room-upgrades
  virtual Task<Result<RoomNid>> upgrade(Upgrade request) = 0;
  /// Authorises, asks the policy, commits; durable when it returns.
  virtual Task<Result<RoomEvent>> send(SendEvent request) = 0;
  /// join, invite, leave, kick, ban, unban as a membership event of `target` by `by`.
  virtual Task<Result<RoomEvent>> set_membership(RoomNid room, UserNid by, UserNid target,
                                                 Membership membership, std::string reason) = 0;
  virtual Task<Result<RoomEvent>> redact(RoomNid room, UserNid by, EventNid target, std::string reason,
                                         std::int64_t device_key, std::string transaction_id) = 0;

  [[nodiscard]] virtual Task<Result<RoomEvent>> event(EventNid nid) = 0;  ///< `not_found`
  [[nodiscard]] virtual Task<Result<RoomEvent>> event(EventId id) = 0;
  /// Edits, reactions, replies in thread and redactions that point at `nid`, oldest first.
  [[nodiscard]] virtual Task<Result<std::vector<RoomEvent>>> relations(EventNid nid) = 0;
  /// Events of a room with position in (after, to], oldest first, at most `limit`.
  [[nodiscard]] virtual Task<Result<std::vector<RoomEvent>>> timeline(RoomNid room, Position after,
                                                                      Position to, std::size_t limit) = 0;

  [[nodiscard]] virtual Task<Result<Membership>> membership(RoomNid room, UserNid user) = 0;
  [[nodiscard]] virtual Task<Result<std::vector<UserNid>>> joined_members(RoomNid room) = 0;
  /// Content of the current state event as text; none when there is none.
  [[nodiscard]] virtual Task<Result<std::optional<std::string>>> state(RoomNid room, std::string type,
                                                                       std::string state_key) = 0;

  /// Forgets what it has in memory of these events, after their rows were destroyed (`destroy_events`).
  virtual void forget(RoomNid room, std::span<EventNid const> events) = 0;
};

/// Destroys content, index rows and, where the graph allows it, headers of `events` inside the caller's
/// transaction. What the graph must keep (state, auth chain, extremities) stays as a redacted skeleton. Runs
/// in the lane.
struct Destroyed {
  std::int64_t removed = 0;    ///< whole rows gone
  std::int64_t skeletons = 0;  ///< content gone, header kept
};
Destroyed destroy_events(db::Transaction& transaction, std::span<EventNid const> events);

}  // namespace torg::matrix
