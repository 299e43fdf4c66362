// Step 5 of the authorisation rules (4 in versions 6 to 11): who may join, invite, leave, kick, ban and
// knock. https://spec.matrix.org/v1.19/rooms/v12/#authorization-rules
#include "matrix/auth/rules.hpp"

#include <array>

namespace torg::matrix {
namespace {

constexpr std::array<std::string_view, 6> kNames{"", "invite", "join", "knock", "leave", "ban"};

}  // namespace

Membership parse_membership(std::string_view text) {
  for (std::size_t i = 1; i < kNames.size(); ++i) {
    if (kNames[i] == text) return static_cast<Membership>(i);
  }
  return Membership::none;
}

std::string_view to_text(Membership membership) { return kNames[static_cast<std::size_t>(membership)]; }

namespace rules {
namespace {

/// A change of membership: `sender` changes that of `target`.
struct Change {
  Question const& question;
  AuthState const& state;
  std::string_view sender;
  std::string_view target;
  Membership of_sender;  ///< now
  Membership of_target;

  [[nodiscard]] bool outranks_target() const { return power_of(state, target) < power_of(state, sender); }
};

/// Step 5.3.1: the event follows nothing but the m.room.create.
bool follows_creation(Change const& change) {
  auto const& previous = change.question.event.prev_events;
  return previous.size() == 1 && previous.front().id == change.state.create_id();
}

/// What the room version makes of a join rule: one that it doesn't know lets nobody in.
std::string_view join_rule(AuthState const& state) {
  auto const rule = state.join_rule();
  auto const& version = traits(state.version());
  bool const known = rule == "knock"              ? version.knocking != Knocking::none
                     : rule == "restricted"       ? version.restricted == Restricted::allowed
                     : rule == "knock_restricted" ? version.knocking == Knocking::also_restricted
                                                  : true;
  return known ? rule : std::string_view();
}

/// Step 5.3.5
Result<> join_restricted(Change const& change) {
  if (change.of_sender == Membership::join || change.of_sender == Membership::invite) return {};  // 5.3.5.1
  auto const voucher = optional_string(change.question.content, "join_authorised_via_users_server");
  auto const may_invite = voucher && change.state.membership(*voucher) == Membership::join &&
                          power_of(change.state, *voucher) >= change.state.power_levels().invite;
  if (!may_invite)
    return reject("You need to be in one of the rooms or spaces this room is open to.", "5.3.5.2");
  return {};  // 5.3.5.3
}

/// Step 5.3
Result<> join(Change const& change) {
  if (follows_creation(change) && change.target == change.state.creator()) return {};  // 5.3.1
  if (change.sender != change.target)
    return reject("You can't join in another person's name.", "5.3.2");  // 5.3.2
  if (change.of_sender == Membership::ban) return reject("You are banned from this room.", "5.3.3");
  auto const rule = join_rule(change.state);
  if (rule == "invite" || rule == "knock") {  // 5.3.4
    if (change.of_sender == Membership::invite || change.of_sender == Membership::join) return {};
    return reject("You need an invitation to join this room.", "5.3.4");
  }
  if (rule == "restricted" || rule == "knock_restricted") return join_restricted(change);  // 5.3.5
  if (rule == "public") return {};                                                         // 5.3.6
  return reject("Nobody can join this room.", "5.3.7");
}

/// Step 5.4
Result<> invite(Change const& change) {
  if (change.question.content.contains("third_party_invite"))
    return third_party_invitation(change.question);  // 5.4.1
  if (change.of_sender != Membership::join) return reject("You are not in this room.", "5.4.2");
  if (change.of_target == Membership::join) return reject("This person is in the room already.", "5.4.3");
  if (change.of_target == Membership::ban) return reject("This person is banned from the room.", "5.4.3");
  if (power_of(change.state, change.sender) >= change.state.power_levels().invite) return {};  // 5.4.4
  return reject("You may not invite people to this room.", "5.4.5");
}

bool can_knock(AuthState const& state) { return traits(state.version()).knocking != Knocking::none; }

/// Step 5.5: leaving, declining, withdrawing a knock; or a kick or an unban by somebody else.
Result<> leave(Change const& change) {
  if (change.sender == change.target) {  // 5.5.1
    auto const now = change.of_sender;
    bool const knocking = now == Membership::knock && can_knock(change.state);
    if (now == Membership::invite || now == Membership::join || knocking) return {};
    return reject("You are not in this room.", "5.5.1");
  }
  if (change.of_sender != Membership::join) return reject("You are not in this room.", "5.5.2");
  auto const power = power_of(change.state, change.sender);
  auto const& levels = change.state.power_levels();
  if (change.of_target == Membership::ban && power < levels.ban) {
    return reject("You may not lift a ban in this room.", "5.5.3");
  }
  if (power >= levels.kick && change.outranks_target()) return {};  // 5.5.4
  return reject("You may not remove this person from the room.", "5.5.5");
}

/// Step 5.6
Result<> ban(Change const& change) {
  if (change.of_sender != Membership::join) return reject("You are not in this room.", "5.6.1");
  auto const power = power_of(change.state, change.sender);
  if (power >= change.state.power_levels().ban && change.outranks_target()) return {};  // 5.6.2
  return reject("You may not ban this person from the room.", "5.6.3");
}

/// Step 5.7
Result<> knock(Change const& change) {
  auto const rule = join_rule(change.state);
  if (rule != "knock" && rule != "knock_restricted") return reject("One can't knock at this room.", "5.7.1");
  if (change.sender != change.target) return reject("You can't knock in another person's name.", "5.7.2");
  switch (change.of_sender) {
    case Membership::ban:
      return reject("You are banned from this room.", "5.7.4");
    case Membership::invite:
      return reject("You are invited to this room already.", "5.7.4");
    case Membership::join:
      return reject("You are in this room already.", "5.7.4");
    case Membership::none:
    case Membership::knock:
    case Membership::leave:
      break;
  }
  return {};  // 5.7.3
}

}  // namespace

Result<> membership(Question const& question) {
  auto const& [event, content, state] = question;
  auto const wanted = optional_string(content, "membership");
  if (!event.state_key || !wanted)
    return reject("A membership event needs a state key and a membership.", "5.1");
  Change const change{.question = question,
                      .state = state,
                      .sender = event.sender,
                      .target = *event.state_key,
                      .of_sender = state.membership(event.sender),
                      .of_target = state.membership(*event.state_key)};
  // 5.2, the signature of the vouching server, was checked by the caller.
  switch (parse_membership(*wanted)) {
    case Membership::join:
      return join(change);
    case Membership::invite:
      return invite(change);
    case Membership::leave:
      return leave(change);
    case Membership::ban:
      return ban(change);
    case Membership::knock:
      if (can_knock(state)) return knock(change);
      break;
    case Membership::none:
      break;
  }
  return reject("There is no membership of this name.", "5.8");
}

}  // namespace rules
}  // namespace torg::matrix
