#pragma once
#include "matrix/event/event.hpp"

#include <bitset>
#include <functional>
#include <map>
#include <set>

namespace torg::matrix {

/// From room version 12 on.
inline constexpr std::int64_t kCreatorPower = INT64_MAX;

/// `m.room.power_levels`, parsed once, with the defaults of the specification filled in.
struct PowerLevels {
  std::int64_t ban = 50, events_default = 0, invite = 0, kick = 50, redact = 50, state_default = 50,
               users_default = 0;
  std::map<std::string, std::int64_t, std::less<>> events, users, notifications;
  bool present = false;  ///< false: the room has no power-levels event, all values are the defaults
  /// Which single levels the event names, in the order `ban` … `users_default` above: the rules for changing
  /// levels tell a level that is absent from one that has its default value.
  std::bitset<7> given;

  /// `bad_json` when a level is not written as `form` allows or a key of `users` is no user id.
  static Result<PowerLevels> parse(json::object const& content, Levels form);
};

enum class Membership : std::uint8_t { none, invite, join, knock, leave, ban };
[[nodiscard]] Membership parse_membership(std::string_view text);
[[nodiscard]] std::string_view to_text(Membership membership);

/// What authorisation may look at: the room's state before the event, already parsed where that pays.
/// Implemented by the room actor over its memory and by tests over a map.
class AuthState {
 public:
  virtual ~AuthState() = default;
  [[nodiscard]] virtual RoomVersion version() const = 0;
  [[nodiscard]] virtual std::string_view create_id() const = 0;  ///< event id of m.room.create
  /// The creator or, where the room version has them, one of `additional_creators`.
  [[nodiscard]] virtual bool is_creator(std::string_view user) const = 0;
  /// Sender of create; before version 11 what its `creator` says.
  [[nodiscard]] virtual std::string_view creator() const = 0;
  [[nodiscard]] virtual bool federates() const = 0;  ///< m.federate; true when absent
  [[nodiscard]] virtual std::string_view creator_server() const = 0;
  [[nodiscard]] virtual PowerLevels const& power_levels() const = 0;
  [[nodiscard]] virtual Membership membership(std::string_view user) const = 0;
  [[nodiscard]] virtual std::string_view join_rule() const = 0;  ///< "invite" when absent
  /// Content of a third-party invite with this token; null when there is none.
  [[nodiscard]] virtual json::object const* third_party_invite(std::string_view token) const = 0;
  /// Who sent it; empty when there is none.
  [[nodiscard]] virtual std::string_view third_party_invite_sender(std::string_view token) const = 0;
};

/// The power level of `user`. From room version 12 on creators have `kCreatorPower` and can't be named in
/// `users`; before, the creator has 100 while the room has no power levels.
[[nodiscard]] std::int64_t power_of(AuthState const& state, std::string_view user);
[[nodiscard]] std::int64_t power_needed(PowerLevels const& levels, std::string_view type, bool is_state);

/// Authorisation rules of all room versions, steps numbered as version 12 numbers them; a step that it lacks
/// is named after the last version that has it (`v5 4`). Pure. The version is that of the state.
///
/// `content` is the parsed `event.content`. Before this the caller has checked the signatures (the sender's
/// server, and in step 5.2 that of `join_authorised_via_users_server`), that the room exists (step 2) and the
/// auth_events (step 3).
/// @return `forbidden` with a sentence that names the rule in plain words
/// @see https://spec.matrix.org/v1.19/rooms/v12/#authorization-rules
[[nodiscard]] Result<> authorise(Event const& event, json::object const& content, AuthState const& state);
/// The rules for m.room.create itself (step 1), of the version of the event.
[[nodiscard]] Result<> authorise_create(Event const& event, json::object const& content);

/// Which (type, state_key) of the current state an event cites as auth_events, in order; m.room.create before
/// room version 12 only.
/// @see https://spec.matrix.org/v1.19/server-server-api/#auth-events-selection
[[nodiscard]] std::vector<std::pair<std::string, std::string>> auth_event_keys(
    RoomVersion version, std::string_view type, std::optional<std::string_view> state_key,
    std::string_view sender, json::object const& content);

}  // namespace torg::matrix
