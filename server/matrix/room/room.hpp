#pragma once
#include "identity/identity.hpp"
#include "matrix/room/cached_event.hpp"

#include <deque>
#include <map>
#include <ranges>
#include <unordered_map>

namespace torg::matrix {

/// Orders (type, state_key) pairs whatever kind of strings they are made of.
struct StateKeyLess {
  using is_transparent = void;
  template <class A, class B>
  bool operator()(A const& a, B const& b) const {
    int const types = std::string_view(a.first).compare(std::string_view(b.first));
    return types != 0 ? types < 0 : std::string_view(a.second) < std::string_view(b.second);
  }
};

/// One room in memory: current state, members, head of the graph and the recent timeline.
///
/// `apply` moves the head when an event is made, before it is durable, so that many sends are in flight at
/// once; the lane commits them in this order, or none after the first that fails (`broken`). `publish` shows
/// an event to readers once it is committed.
class Room final : public AuthState {
 public:
  struct Head {
    EventNid nid;
    StoredId id;
    std::int64_t depth = 0;
    std::int64_t messages = 0;
  };

  Room(RoomNid nid, RoomId id, RoomVersion version, identity::Identity const& identity)
      : nid_(nid), id_(std::move(id)), version_(version), identity_(identity) {}

  [[nodiscard]] RoomNid nid() const { return nid_; }
  [[nodiscard]] RoomId const& id() const { return id_; }
  [[nodiscard]] Head const& head() const { return head_; }
  void set_head(Head head) { head_ = head; }

  /// Takes a state event into the current state and everything parsed from it.
  void apply_state(EventPtr const& event);
  /// Takes any event as the new head; state events also into the state.
  void apply(EventPtr const& event);
  /// Appends a committed event to the readable timeline.
  void publish(EventPtr const& event);
  /// Puts an older event before the timeline; used by loading only.
  void prepend(EventPtr const& event);

  [[nodiscard]] EventPtr const* state(std::string_view type, std::string_view state_key) const;
  using StateMap = std::map<std::pair<std::string, std::string>, EventPtr, StateKeyLess>;
  [[nodiscard]] StateMap const& state() const { return state_; }
  /// The part of the state whose events have this type.
  [[nodiscard]] std::ranges::subrange<StateMap::const_iterator> state_of_type(std::string_view type) const;
  [[nodiscard]] std::deque<EventPtr> const& timeline() const { return timeline_; }
  /// The timeline in memory holds everything after this position.
  [[nodiscard]] Position timeline_start() const { return timeline_start_; }
  void set_timeline_start(Position start) { timeline_start_ = start; }
  [[nodiscard]] Position last_position() const { return last_position_; }
  void set_last_position(Position position) { last_position_ = position; }

  /// Keeps the committed members: called at the commit of a membership event and when loading.
  void set_member(UserNid user, Membership membership);
  /// Committed joins only.
  [[nodiscard]] Membership member(UserNid user) const;
  [[nodiscard]] bool is_joined(UserNid user) const { return member(user) == Membership::join; }
  [[nodiscard]] std::size_t joined_count() const { return joined_; }
  [[nodiscard]] std::size_t invited_count() const { return invited_; }
  [[nodiscard]] std::vector<UserNid> joined_members() const;
  [[nodiscard]] std::string_view history_visibility() const { return history_visibility_; }

  /// Room id of the room that this one goes on from; empty when there is none.
  [[nodiscard]] std::string const& predecessor() const { return predecessor_; }
  [[nodiscard]] std::vector<std::string> const& creators() const { return creators_; }

  [[nodiscard]] bool broken() const { return broken_; }
  void set_broken() { broken_ = true; }
  /// Marks what is in memory of a redacted event.
  void mark_redacted(EventNid target, EventPtr const& redaction);
  /// What this room takes in memory, roughly.
  [[nodiscard]] std::size_t memory_bytes() const;

  // AuthState: includes what is in flight.
  [[nodiscard]] RoomVersion version() const override { return version_; }
  [[nodiscard]] std::string_view create_id() const override { return create_id_; }
  [[nodiscard]] bool is_creator(std::string_view user) const override;
  [[nodiscard]] std::string_view creator() const override {
    return creators_.empty() ? std::string_view() : creators_.front();
  }
  [[nodiscard]] bool federates() const override { return federates_; }
  [[nodiscard]] std::string_view creator_server() const override { return creator_server_; }
  [[nodiscard]] PowerLevels const& power_levels() const override { return power_levels_; }
  [[nodiscard]] Membership membership(std::string_view user) const override;
  [[nodiscard]] std::string_view join_rule() const override { return join_rule_; }
  [[nodiscard]] json::object const* third_party_invite(std::string_view token) const override;
  [[nodiscard]] std::string_view third_party_invite_sender(std::string_view token) const override;

 private:
  void parse_state(CachedEvent const& event);
  void parse_create(CachedEvent const& event, json::object const& content);

  RoomNid nid_;
  RoomId id_;
  RoomVersion version_;
  identity::Identity const& identity_;
  Head head_;
  StateMap state_;
  std::deque<EventPtr> timeline_;
  Position timeline_start_;
  Position last_position_;
  std::unordered_map<UserNid, Membership> members_;  ///< committed
  std::size_t joined_ = 0;
  std::size_t invited_ = 0;
  std::size_t event_bytes_ = 0;  ///< of timeline and state; what is in both counts twice
  bool broken_ = false;

  std::string create_id_;
  std::string predecessor_;
  std::vector<std::string> creators_;
  std::string creator_server_;
  bool federates_ = true;
  PowerLevels power_levels_;
  std::string join_rule_ = "invite";
  std::string history_visibility_ = "shared";
  std::map<std::string, Membership, std::less<>> memberships_;  ///< what is in flight included
  struct ThirdPartyInvite {
    json::object content;
    UserNid sender;
  };
  std::map<std::string, ThirdPartyInvite, std::less<>> third_party_invites_;
};

}  // namespace torg::matrix
