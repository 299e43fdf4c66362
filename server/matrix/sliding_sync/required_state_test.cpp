#include "matrix/sliding_sync/required_state.hpp"

#include <gmock/gmock.h>

namespace torg::matrix {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

StatePattern pattern(std::optional<std::string> type, std::optional<std::string> key) {
  return {std::move(type), std::move(key)};
}

RequiredState one_rule(StateRule rule) {
  RequiredState state;
  state.add(rule);
  return state;
}

Room::StateMap room_state(std::vector<std::pair<std::string, std::string>> const& keys) {
  Room::StateMap state;
  for (auto const& [type, key] : keys) {
    auto& event = state[{type, key}] = std::make_shared<CachedEvent>();
    event->type = state.find(std::pair<std::string_view, std::string_view>(type, key))->first.first;
    event->state_key = key;
  }
  return state;
}

std::vector<std::string> selected(RequiredState const& wanted, Room::StateMap const& state) {
  std::vector<std::string> keys;
  for (auto const& event : wanted.select(state))
    keys.push_back(std::string(event->type) + "|" + *event->state_key);
  return keys;
}

Room::StateMap const kState = room_state({{"m.room.create", ""},
                                          {"m.room.member", "@a:x"},
                                          {"m.room.member", "@b:x"},
                                          {"m.room.member.like", ""},
                                          {"m.room.name", ""}});

TEST(RequiredState, SelectsByTypeAndKeyOrEither) {
  auto const wanted = one_rule({.include = {pattern("m.room.name", ""), pattern("m.room.member", "@b:x")}});
  EXPECT_THAT(selected(wanted, kState), ElementsAre("m.room.member|@b:x", "m.room.name|"));
  auto const members = one_rule({.include = {pattern("m.room.member", std::nullopt)}});
  EXPECT_THAT(selected(members, kState), ElementsAre("m.room.member|@a:x", "m.room.member|@b:x"));
  auto const of_a = one_rule({.include = {pattern(std::nullopt, "@a:x")}});
  EXPECT_THAT(selected(of_a, kState), ElementsAre("m.room.member|@a:x"));
}

TEST(RequiredState, LazyMembersArePassedOverByAPatternForAllTypes) {
  auto const wanted =
      one_rule({.include = {pattern(std::nullopt, std::nullopt), pattern("m.room.member", "@a:x")},
                .lazy_members = true});
  EXPECT_THAT(selected(wanted, kState),
              ElementsAre("m.room.create|", "m.room.member|@a:x", "m.room.member.like|", "m.room.name|"));
  EXPECT_TRUE(wanted.lazy_members());
}

TEST(RequiredState, WhatIsExcludedIsSoWithinItsRuleOnly) {
  auto wanted = one_rule({.include = {pattern(std::nullopt, std::nullopt)},
                          .exclude = {pattern("m.room.member", std::nullopt), pattern("m.room.name", "")}});
  EXPECT_THAT(selected(wanted, kState), ElementsAre("m.room.create|", "m.room.member.like|"));
  wanted.add({.include = {pattern("m.room.name", "")}});
  EXPECT_TRUE(wanted.wants("m.room.name", ""));
  EXPECT_FALSE(wanted.wants("m.room.member", "@a:x"));
}

TEST(RequiredState, MembersAreNotLazyWhereARuleWantsThemAll) {
  auto wanted = one_rule({.lazy_members = true});
  EXPECT_TRUE(wanted.lazy_members());
  EXPECT_THAT(selected(wanted, kState), IsEmpty());
  wanted.add({.include = {pattern(std::nullopt, std::nullopt)}});
  EXPECT_FALSE(wanted.lazy_members());
}

TEST(RequiredState, CoversItsOwnRulesAndWhatItWasJoinedWith) {
  auto const name = one_rule({.include = {pattern("m.room.name", "")}});
  auto const topic = one_rule({.include = {pattern("m.room.topic", "")}});
  EXPECT_TRUE(name.covers(name));
  EXPECT_FALSE(name.covers(topic));
  auto const both = name.joined_with(topic);
  EXPECT_TRUE(both.covers(name) && both.covers(topic));
}

}  // namespace
}  // namespace torg::matrix
