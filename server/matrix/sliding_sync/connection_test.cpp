#include "matrix/sliding_sync/connection.hpp"

#include <gtest/gtest.h>

namespace torg::matrix {
namespace {

constexpr RoomNid kRoom{1};
constexpr UserNid kMember{7};

Step step_to(std::int64_t position, std::int64_t up_to) {
  Step step;
  step.at = {Position(position), 0, 1};
  step.rooms.emplace_back(kRoom, SentRoom{.up_to = Position(up_to), .state = {}});
  return step;
}

TEST(Connection, TakesAnAnswerOnlyWhenTheClientGoesOnFromIt) {
  Connection connection;
  connection.restart("name");
  auto const pos = connection.propose(step_to(10, 10));
  EXPECT_EQ(connection.room(kRoom), nullptr);
  ASSERT_TRUE(connection.resume(pos));
  ASSERT_NE(connection.room(kRoom), nullptr);
  EXPECT_EQ(connection.room(kRoom)->up_to, Position(10));
}

std::shared_ptr<RequiredState const> state_of(std::string const& type) {
  StateRule rule;
  rule.include.push_back({.type = type, .state_key = {}});
  RequiredState state;
  state.add(rule);
  return std::make_shared<RequiredState const>(std::move(state));
}

TEST(Connection, CountsWhatIsAskedOfTheStateOnceForAllRooms) {
  constexpr std::size_t kLong = 100'000;
  Connection connection;
  connection.restart("name");
  auto const state = state_of(std::string(kLong, 'a'));
  Step step;
  for (int i = 1; i <= 10; ++i) step.rooms.emplace_back(RoomNid(i), SentRoom{.state = state});
  auto const pos = connection.propose(std::move(step));
  EXPECT_GT(connection.memory_bytes(), kLong);
  ASSERT_TRUE(connection.resume(pos));
  EXPECT_GT(connection.memory_bytes(), kLong);
  EXPECT_LT(connection.memory_bytes(), 2 * kLong);
  Step next;
  for (int i = 1; i <= 10; ++i) next.rooms.emplace_back(RoomNid(i), SentRoom{.state = state_of("b")});
  ASSERT_TRUE(connection.resume(connection.propose(std::move(next))));
  EXPECT_LT(connection.memory_bytes(), kLong) << "nobody asks for it any more";
}

TEST(Connection, EndsWhenOtherStateIsAskedOfEachRoomWithoutEnd) {
  Connection connection;
  connection.restart("name");
  int steps = 0;
  for (; steps < 100; ++steps) {
    Step step;
    step.rooms.emplace_back(RoomNid(steps + 1), SentRoom{.state = state_of(std::string(100'000, 'a'))});
    if (!connection.resume(connection.propose(std::move(step)))) break;
  }
  EXPECT_LT(steps, 100);
  connection.restart("other");
  EXPECT_TRUE(connection.resume(connection.propose(step_to(10, 10))));
}

TEST(Connection, ARepeatedRequestStandsWhereTheFirstDid) {
  Connection connection;
  connection.restart("name");
  auto const first = connection.propose(step_to(10, 10));
  ASSERT_TRUE(connection.resume(first));
  auto const lost = connection.propose(step_to(20, 20));
  ASSERT_TRUE(connection.resume(first));
  EXPECT_EQ(connection.at().position, Position(10));
  auto const second = connection.propose(step_to(30, 30));
  EXPECT_FALSE(connection.resume(lost));
  ASSERT_TRUE(connection.resume(second));
  EXPECT_EQ(connection.room(kRoom)->up_to, Position(30));
  EXPECT_FALSE(connection.resume(first));
}

TEST(Connection, PositionsFromBeforeANewStartAreUnknown) {
  Connection connection;
  connection.restart("one");
  auto const pos = connection.propose(step_to(10, 10));
  connection.restart("other");
  EXPECT_FALSE(connection.resume(pos));
  EXPECT_FALSE(connection.resume(""));
}

TEST(Connection, ForgetsTheMembersOfARoomThatStartsAnew) {
  Connection connection;
  connection.restart("name");
  auto step = step_to(10, 10);
  step.members = {{kRoom, kMember}, {RoomNid(2), kMember}};
  ASSERT_TRUE(connection.resume(connection.propose(std::move(step))));
  EXPECT_TRUE(connection.was_told_of(kRoom, kMember));
  auto gap = step_to(20, 20);
  gap.forget_members = {kRoom};
  ASSERT_TRUE(connection.resume(connection.propose(std::move(gap))));
  EXPECT_FALSE(connection.was_told_of(kRoom, kMember));
  EXPECT_TRUE(connection.was_told_of(RoomNid(2), kMember));
}

TEST(Connection, TakesMemoryByTheRoomsItKnows) {
  Connection connection;
  connection.restart("name");
  auto const before = connection.memory_bytes();
  auto step = step_to(10, 10);
  for (int i = 2; i <= 1000; ++i)
    step.rooms.emplace_back(RoomNid(i), SentRoom{.up_to = Position(10), .state = {}});
  ASSERT_TRUE(connection.resume(connection.propose(std::move(step))));
  EXPECT_GT(connection.memory_bytes(), before + 1000 * sizeof(SentRoom));
}

}  // namespace
}  // namespace torg::matrix
