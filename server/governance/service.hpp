#pragma once
#include "governance/delegation.hpp"
#include "governance/governance.hpp"
#include "governance/room_parts.hpp"
#include "governance/room_plans.hpp"

#include <functional>
#include <map>
#include <set>

namespace torg::governance {

/// Governance over its store. All members run on the executor.
class GovernanceService final : public Governance {
 public:
  /// Finds a user by its id; 0 when this server has never heard of it: `identity::Identity::find`, bound.
  using FindUser = std::function<UserNid(std::string_view user_id)>;
  /// Without `member_of` nobody's joining is followed: for tests that have no rooms.
  GovernanceService(
      Runtime& runtime, db::Database& database,
      FindUser member_of = [](std::string_view) { return UserNid(); })
      : runtime_(runtime), database_(database), member_of_(std::move(member_of)) {}

  /// Loads everything; once, before anything else.
  void start();
  /// The organisation's service user, set before `start`: it makes rooms from plans, belongs to no authority
  /// and is no outsider.
  void set_service_user(UserNid user) { service_user_ = user; }
  [[nodiscard]] UserNid service_user() const { return service_user_; }
  /// Who administers the server by the account itself, without a role; unset: nobody.
  void set_administers(std::function<bool(UserNid)> administers) { administers_ = std::move(administers); }
  /// Another of the organisation's own users, such as the one who sends notices: what it writes is no letter
  /// from outside.
  void add_service_user(UserNid user) { more_service_users_.insert(user); }
  [[nodiscard]] bool is_service_user(UserNid user) const {
    return user && (user == service_user_ || more_service_users_.contains(user));
  }

  // Governance
  [[nodiscard]] std::vector<Authority> const& authorities() const override { return authorities_; }
  [[nodiscard]] Authority const* authority(AuthorityId id) const override;
  [[nodiscard]] Authority const* authority_by_code(std::string_view code) const override;
  [[nodiscard]] std::optional<AuthorityId> authority_of(UserNid user) const override;
  /// Those of today.
  [[nodiscard]] std::vector<Assignment> assignments(UserNid user) const override;
  [[nodiscard]] Acts acts(UserNid user, AuthorityId authority) const override;
  [[nodiscard]] Plan const* plan(RoomNid room) const override;

  /// Today in the authority's zone.
  [[nodiscard]] Day today() const;
  /// Everyone with an assignment today, each with the main one.
  [[nodiscard]] std::vector<Assignment> people() const;
  [[nodiscard]] RoomParts::TakingPart taking_part(RoomNid room) const { return parts_.taking_part(room); }
  [[nodiscard]] bool takes_part(RoomNid room, AuthorityId id) const { return parts_.takes_part(room, id); }
  /// The authority a user works for, 0 for outsiders.
  [[nodiscard]] AuthorityId authority_or_none(UserNid user) const {
    return authority_of(user).value_or(AuthorityId{});
  }

  // Administration. `by` is 0 for the command line and the demo.
  /// `conflict` when the code is taken.
  Task<Result<AuthorityId>> add_authority(Authority authority, UserNid by);
  /// Again from the same day: the unit and last day of before are replaced.
  Task<Result<>> assign(Assignment assignment, UserNid by);
  /// `not_found` when no such assignment holds longer than that.
  Task<Result<>> end_assignment(Assignment assignment, Day last_day, UserNid by);
  /// `rule_refuses` what would make an administrator of somebody who works with records, or the other way
  /// round.
  [[nodiscard]] Result<> may_hold(Assignment const& assignment) const;
  /// Those of today and coming ones of an authority, in order of user.
  [[nodiscard]] std::vector<Assignment> assignments_of(AuthorityId id) const;

  // Delegations
  /// Enters one, for its `by`. `invalid_param` what has no days or no decision, `rule_refuses` what nobody
  /// may be given.
  Task<Result<Delegation>> delegate(Delegation wanted);
  /// Ends it at once; `conflict` when it has ended.
  Task<Result<Delegation>> end_delegation(std::int64_t id, UserNid by);
  [[nodiscard]] Delegation const* delegation(std::int64_t id) const;
  /// Ended ones too, the newest first.
  [[nodiscard]] std::vector<Delegation> delegations_of(AuthorityId id) const;

  // Plans
  [[nodiscard]] RoomPlans const* plans(RoomNid room) const;
  /// Plans in force, in order of room.
  [[nodiscard]] std::vector<Plan const*> plans_in_force() const;
  /// Accepts what waits, for `authority`. `forbidden` without an officer's, registrar's or archivist's role
  /// there, `conflict` when nothing waits for it.
  Task<Result<>> accept_plan(RoomNid room, AuthorityId authority, UserNid by);
  [[nodiscard]] Result<Plan> parse(json::object const& content) const;

  // For the room policy: what belongs in an event's transaction, and what follows its commit.
  [[nodiscard]] matrix::RoomPolicy::Facts facts(matrix::RoomEvent const& draft) const;
  void committed(matrix::RoomEvent const& event);
  /// `next` follows `old`: the plan in force there is in force in `next` from its own event on, accepted by
  /// those who accepted it.
  void carry_over(RoomNid next, RoomNid old);

 private:
  [[nodiscard]] matrix::RoomPolicy::Facts plan_facts(matrix::RoomEvent const& draft) const;
  void apply_proposal(RoomNid room, EventNid event, std::string_view content);
  void load_plans(db::Reader& reader);
  void refresh_part(UserNid user);
  [[nodiscard]] Result<> check(Delegation const& wanted) const;
  /// By the account, or with an administrator's role in any authority today.
  [[nodiscard]] bool administers(UserNid user) const;

  Runtime& runtime_;
  db::Database& database_;
  FindUser member_of_;
  std::function<bool(UserNid)> administers_;
  UserNid service_user_;
  std::set<UserNid> more_service_users_;
  std::vector<Authority> authorities_;
  std::map<UserNid, std::vector<Assignment>> assignments_;  ///< past and coming ones included
  std::map<UserNid, std::vector<Delegation>> delegations_;  ///< past and coming ones included
  std::map<RoomNid, RoomPlans> plans_;
  /// What an upgrade carries over into a room whose plan event is not committed yet.
  struct Carried {
    RoomNid from;
    EventNid event;
    std::vector<AuthorityId> accepted_by;
  };
  std::map<RoomNid, Carried> carried_;
  RoomParts parts_;
  mutable Day today_{};
  mutable Instant today_ends_{};
};

}  // namespace torg::governance
