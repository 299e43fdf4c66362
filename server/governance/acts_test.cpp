#include "governance/acts.hpp"

#include "governance/delegation.hpp"

#include <fstream>
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace torg::governance {
namespace {

/// The cells of a table's row, without what Markdown puts around them.
std::vector<std::string> cells_of(std::string_view line) {
  std::vector<std::string> cells;
  line.remove_prefix(1);
  while (!line.empty()) {
    auto const end = std::min(line.find('|'), line.size());
    auto cell = line.substr(0, end);
    line.remove_prefix(std::min(line.size(), end + 1));
    auto const first = cell.find_first_not_of(" `");
    if (first == std::string_view::npos) continue;
    cells.emplace_back(cell.substr(first, cell.find_last_not_of(" `") + 1 - first));
  }
  return cells;
}

/// What docs/roles.md says of each act: its row without text and source.
std::map<std::string, std::vector<std::string>> documented() {
  std::map<std::string, std::vector<std::string>> rows;
  std::ifstream page(TORG_DOCS "/roles.md");
  for (std::string line; std::getline(page, line);) {
    if (!line.starts_with("| `")) continue;
    auto const cells = cells_of(line);
    if (cells.size() == 6) rows[cells[0]] = {cells[2], cells[3], cells[4]};
  }
  return rows;
}

std::string names_of(Roles roles) {
  std::string names;
  for (std::size_t i = 0; i < kRoles; ++i) {
    auto const role = static_cast<Role>(i);
    if (roles.has(role)) names += (names.empty() ? "" : ", ") + std::string(to_text(role));
  }
  return names;
}

TEST(Acts, ThePageAboutRolesSaysWhatTheTableSays) {
  std::map<std::string, std::vector<std::string>> coded;
  for (auto const& rule : act_rules()) {
    auto const* shows = rule.shows == Shows::nothing     ? "no"
                        : rule.shows == Shows::own_rooms ? "own rooms"
                                                         : "yes";
    coded[std::string(rule.name)] = {names_of(rule.roles), shows,
                                     rule.delegable == Delegable::yes ? "yes" : "no"};
  }
  EXPECT_THAT(documented(), testing::ContainerEq(coded));
}

/// Assignments are stored by these numbers.
TEST(Acts, RolesKeepTheNumbersTheyAreStoredBy) {
  EXPECT_EQ(static_cast<int>(Role::member), 0);
  EXPECT_EQ(static_cast<int>(Role::officer), 1);
  EXPECT_EQ(static_cast<int>(Role::registrar), 2);
  EXPECT_EQ(static_cast<int>(Role::archivist), 3);
  EXPECT_EQ(static_cast<int>(Role::administrator), 4);
  EXPECT_EQ(static_cast<int>(Role::disclosing_officer), 5);
  EXPECT_EQ(static_cast<int>(Role::lawyer), 6);
  EXPECT_EQ(static_cast<int>(Role::communicator), 7);
  EXPECT_EQ(static_cast<int>(Role::auditor), 8);
  EXPECT_EQ(static_cast<int>(Role::data_protection_officer), 9);
}

TEST(Acts, NamesAreReadBack) {
  for (auto const& rule : act_rules()) EXPECT_EQ(parse_act(to_text(rule.act)), rule.act);
  for (std::size_t i = 0; i < kRoles; ++i) {
    auto const role = static_cast<Role>(i);
    EXPECT_EQ(parse_role(to_text(role)), role);
  }
  EXPECT_FALSE(parse_act("read everything"));
  EXPECT_FALSE(parse_role(""));
}

TEST(Acts, AnActOnTheRegisterBringsItsReadingAlong) {
  EXPECT_TRUE(with_what_follows({Act::check_for_web}).has(Act::read_register));
  EXPECT_TRUE(with_what_follows({Act::adopt_plan}).has(Act::read_settings));
  EXPECT_FALSE(with_what_follows({Act::adopt_plan}).has(Act::read_register));
  EXPECT_TRUE(with_what_follows({}).empty());
}

TEST(Acts, WhatFollowsAddsNothingToARole) {
  for (std::size_t i = 0; i < kRoles; ++i) {
    auto const acts = acts_of(static_cast<Role>(i));
    EXPECT_EQ(with_what_follows(acts), acts) << i;
  }
}

TEST(Acts, NothingOfAnAdministratorsIsLostWithTheContent) {
  auto const acts = acts_of(Role::administrator);
  EXPECT_EQ(without_content(acts), acts);
  EXPECT_FALSE(without_content(acts_of(Role::registrar)).has(Act::read_register));
  EXPECT_TRUE(without_content(acts_of(Role::registrar)).has(Act::import_plan));
}

TEST(Acts, ADelegatedRoleComesWithoutTheRightToDelegate) {
  EXPECT_TRUE(delegable_acts_of(Role::archivist).has(Act::order_disposal));
  EXPECT_FALSE(delegable_acts_of(Role::archivist).has(Act::delegate));
  for (auto const role : {Role::member, Role::administrator, Role::auditor, Role::data_protection_officer})
    EXPECT_TRUE(delegable_acts_of(role).empty()) << to_text(role);
}

TEST(Acts, ADelegationHoldsOnItsFirstAndLastDayAndEndsByItself) {
  auto const day = std::chrono::sys_days(std::chrono::year(2026) / 11 / 22);
  Delegation delegation;
  delegation.valid_from = day;
  delegation.valid_to = day + std::chrono::days(7);
  EXPECT_FALSE(holds_on(delegation, day - std::chrono::days(1)));
  EXPECT_TRUE(holds_on(delegation, day));
  EXPECT_TRUE(holds_on(delegation, day + std::chrono::days(7)));
  EXPECT_FALSE(holds_on(delegation, day + std::chrono::days(8)));
  delegation.ended_at = Instant{};
  EXPECT_FALSE(holds_on(delegation, day));
}

}  // namespace
}  // namespace torg::governance
