#pragma once
#include "governance/types.hpp"

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string_view>

// Roles × acts: the one table of who may do what (docs/roles.md). Nothing else in the server asks for a role.
namespace torg::governance {

/// What the records layer lets a person do for an authority. By name in the store and the API.
enum class Act : std::uint8_t {
  read_settings,  ///< settings, information plan, series, the list of lists
  see_roles,
  see_status,  ///< of items in one's own rooms
  read_register,
  register_record,
  assess_item,
  work_at_desk,  ///< the queue, and items of the authority in rooms one is not in
  open_case,
  change_case,
  close_case,
  settle_case,  ///< what of a case only its keepers change
  correct_record,
  strike_record,
  check_for_web,
  take_down,
  mark_secrecy,
  answer_request,
  set_hold,
  release_hold,
  see_disposals,
  order_disposal,
  approve_disposal,
  weed,
  decide_room_plan,
  change_settings,
  change_series,
  import_plan,
  adopt_plan,
  import_register,
  hear_of_clocks,
  hear_of_late_clocks,
  assign_roles,
  delegate,
  read_audit,
  administer_server,
};
inline constexpr std::size_t kActs = static_cast<std::size_t>(Act::administer_server) + 1;
inline constexpr std::size_t kRoles = static_cast<std::size_t>(Role::data_protection_officer) + 1;

/// A set of the values of an enum with fewer than 64.
template <class Value>
class SetOf {
 public:
  constexpr SetOf() = default;
  constexpr SetOf(std::initializer_list<Value> values) {
    for (auto const value : values) add(value);
  }
  constexpr void add(Value value) { bits_ |= bit(value); }
  constexpr void add(SetOf other) { bits_ |= other.bits_; }
  constexpr void remove(SetOf others) { bits_ &= ~others.bits_; }
  [[nodiscard]] constexpr bool has(Value value) const { return (bits_ & bit(value)) != 0; }
  [[nodiscard]] constexpr bool has_any(SetOf others) const { return (bits_ & others.bits_) != 0; }
  [[nodiscard]] constexpr bool empty() const { return bits_ == 0; }
  friend constexpr bool operator==(SetOf, SetOf) = default;

 private:
  static constexpr std::uint64_t bit(Value value) { return std::uint64_t{1} << static_cast<unsigned>(value); }
  std::uint64_t bits_ = 0;
};
using Acts = SetOf<Act>;
using Roles = SetOf<Role>;

/// What an act shows of records that are not public. Who is administrator has no act that shows anything.
enum class Shows : std::uint8_t {
  nothing,
  own_rooms,  ///< what was registered of one's own rooms
  register_,  ///< brings the reading of the register with it
};
/// Whether somebody may be given the act by a decision, for a time.
enum class Delegable : std::uint8_t { no, yes };

/// One row of the table.
struct ActRule {
  Act act;
  std::string_view name;
  Shows shows;
  Delegable delegable;
  Roles roles;
  std::string_view sv, en;  ///< for people: "Diarieföra"
};
/// All acts, in the order of the enum.
[[nodiscard]] std::span<ActRule const> act_rules();
[[nodiscard]] ActRule const& rule_of(Act act);

[[nodiscard]] Acts acts_of(Role role);
/// What a role gives to somebody it is delegated to; nothing for roles that people are appointed to only.
[[nodiscard]] Acts delegable_acts_of(Role role);
/// All that somebody may do in an authority, with what the acts bring with them: `given` by her roles and
/// delegations there.
[[nodiscard]] Acts with_what_follows(Acts given);
/// What is left for somebody who is an administrator of any authority.
[[nodiscard]] Acts without_content(Acts acts);

/// `read_register`
[[nodiscard]] std::string_view to_text(Act act);
[[nodiscard]] std::optional<Act> parse_act(std::string_view text);
/// `data_protection_officer`
[[nodiscard]] std::string_view to_text(Role role);
[[nodiscard]] std::optional<Role> parse_role(std::string_view text);
/// "data protection officer", in Swedish and English.
struct RoleWords {
  std::string_view sv, en;
};
[[nodiscard]] RoleWords words_of(Role role);

}  // namespace torg::governance
