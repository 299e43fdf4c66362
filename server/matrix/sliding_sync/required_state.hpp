#pragma once
#include "matrix/room/room.hpp"

namespace torg::matrix {

/// One entry of a `required_state`; what is not given fits everything.
struct StatePattern {
  std::optional<std::string> type;
  std::optional<std::string> state_key;

  [[nodiscard]] bool fits(std::string_view of_type, std::string_view of_key) const;
  friend bool operator==(StatePattern const&, StatePattern const&) = default;
};

/// The `required_state` of one list or subscription.
struct StateRule {
  std::vector<StatePattern> include, exclude;
  bool lazy_members =
      false;  ///< members as the timeline needs them; a pattern for all types passes them over

  [[nodiscard]] bool wants(std::string_view type, std::string_view state_key) const;
  friend bool operator==(StateRule const&, StateRule const&) = default;
};

/// What a client wants of a room's state: what any of the rules wants that the room falls under.
/// @see MSC4186, "Combining required_state"
class RequiredState {
 public:
  void add(StateRule const& rule);
  [[nodiscard]] bool wants(std::string_view type, std::string_view state_key) const;
  /// Whether members come as the timeline needs them. Not when a rule wants them all anyway.
  [[nodiscard]] bool lazy_members() const;
  /// The state events that are wanted, in the order of the state; costs what is wanted, not what there is,
  /// unless all types are.
  [[nodiscard]] std::vector<EventPtr> select(Room::StateMap const& state) const;

  /// Whether this wants all that `other` wants, rule by rule.
  [[nodiscard]] bool covers(RequiredState const& other) const;
  /// What either wants; `other` alone when it would become many rules.
  [[nodiscard]] RequiredState joined_with(RequiredState const& other) const;
  [[nodiscard]] std::size_t memory_bytes() const;

 private:
  std::vector<StateRule> rules_;
};

}  // namespace torg::matrix
