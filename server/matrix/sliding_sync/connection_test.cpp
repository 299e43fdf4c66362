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
