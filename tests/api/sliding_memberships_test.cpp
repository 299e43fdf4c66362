// Sliding sync of rooms that one comes into and leaves, and of people one doesn't want to hear.
#include "sliding_fixture.hpp"

namespace torg::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

class SlidingMemberships : public SlidingApi {};
INSTANTIATE_TEST_SUITE_P(Db, SlidingMemberships, db::both_databases(), db::database_name);

TEST_P(SlidingMemberships, AnInvitationShowsStrippedStateAndJoiningTheRoom) {
  auto const carol = server.sign_up("carol");
  auto const first = slide(carol, all_rooms());
  EXPECT_THAT(rooms_in(first), IsEmpty());
  act(alice, room, "invite", {{"user_id", TestServer::user_id("carol")}});
  auto const invited = slide(carol, all_rooms(), first.text("/pos"));
  EXPECT_FALSE(member(here(invited), "/invite_state").as_array().empty());
  EXPECT_TRUE(member(here(invited), "/timeline").is_null());
  EXPECT_THAT(rooms_in(slide(carol, all_rooms(), invited.text("/pos"))), IsEmpty());
  act(carol, room, "join");
  auto const joined = slide(carol, all_rooms(), invited.text("/pos"));
  EXPECT_EQ(member(here(joined), "/initial"), true);
  EXPECT_TRUE(member(here(joined), "/invite_state").is_null());
}

TEST_P(SlidingMemberships, ADeclinedInvitationShowsThatAndNothingOfTheRoom) {
  auto const carol = server.sign_up("carol");
  say(alice, "internt");
  act(alice, room, "invite", {{"user_id", TestServer::user_id("carol")}});
  auto const invited = slide(carol, all_rooms(state({{"*", "*"}})));
  act(carol, room, "leave");
  auto const left = slide(carol, all_rooms(state({{"*", "*"}})), invited.text("/pos"));
  EXPECT_THAT(state_of(here(left)), UnorderedElementsAre("m.room.member|" + TestServer::user_id("carol")));
  EXPECT_EQ(json::serialize(left.body).find("internt"), std::string::npos);
}

TEST_P(SlidingMemberships, LeavingIsShownOnceAndEndsTheView) {
  auto const asked = all_rooms(state({{"m.room.member", "$ME"}}));
  auto const first = slide(bob, asked);
  act(bob, room, "leave");
  say(alice, "efteråt");
  auto const left = slide(bob, asked, first.text("/pos"));
  EXPECT_EQ(member(here(left), "/required_state/0/content/membership"), "leave");
  EXPECT_EQ(json::serialize(left.body).find("efteråt"), std::string::npos);
  auto const after = slide(bob, asked, left.text("/pos"));
  EXPECT_THAT(rooms_in(after), IsEmpty());
  EXPECT_EQ(after.at("/lists/all/count"), 0);
  EXPECT_THAT(rooms_in(slide(bob, asked)), IsEmpty()) << "who went by themselves knows";
}

TEST_P(SlidingMemberships, WhoWasSentAwayIsToldOnNewConnectionsToo) {
  say(alice, "före");
  act(alice, room, "kick", {{"user_id", TestServer::user_id("bob")}});
  say(alice, "efteråt");
  auto const reply = slide(bob, all_rooms(state({{"m.room.member", "$ME"}})));
  EXPECT_THAT(said(here(reply)), ElementsAre("före"));
  EXPECT_EQ(member(here(reply), "/required_state/0/content/membership"), "leave");
}

TEST_P(SlidingMemberships, ABanOfOneWhoWasNeverInIsNotShown) {
  auto const carol = server.sign_up("carol");
  act(alice, room, "ban", {{"user_id", TestServer::user_id("carol")}});
  EXPECT_THAT(rooms_in(slide(carol, all_rooms())), IsEmpty());
}

TEST_P(SlidingMemberships, WhoComesBackSeesTheRoomWholeButNotWhatTheyMissed) {
  set_state(alice, "m.room.history_visibility", {{"history_visibility", "joined"}});
  auto const first = slide(bob, all_rooms());
  act(bob, room, "leave");
  say(alice, "internt");
  act(alice, room, "invite", {{"user_id", TestServer::user_id("bob")}});
  act(bob, room, "join");
  say(alice, "välkommen åter");
  auto const back = slide(bob, all_rooms(), first.text("/pos"));
  EXPECT_THAT(said(here(back)), ElementsAre("välkommen åter"));
}

TEST_P(SlidingMemberships, WhoLeavesAndForgetsIsToldOnOtherDevices) {
  auto const asked = all_rooms(state({{"m.room.member", "$ME"}}));
  auto const first = slide(bob, asked);
  act(bob, room, "leave");
  act(bob, room, "forget");
  auto const left = slide(bob, asked, first.text("/pos"));
  EXPECT_EQ(member(here(left), "/required_state/0/content/membership"), "leave");
}

TEST_P(SlidingMemberships, IgnoredPeopleAreNotHeard) {
  ASSERT_EQ(server
                .put("/_matrix/client/v3/user/" + in_path(TestServer::user_id("bob")) +
                         "/account_data/m.ignored_user_list",
                     bob, {{"ignored_users", {{TestServer::user_id("alice"), json::object{}}}}})
                .status,
            200U);
  say(alice, "hör du mig?");
  auto const second = make_room(alice, {{"invite", {TestServer::user_id("bob")}}});
  auto const reply = slide(bob, all_rooms());
  EXPECT_THAT(rooms_in(reply), UnorderedElementsAre(room));
  EXPECT_THAT(said(here(reply)), IsEmpty());
}

}  // namespace
}  // namespace torg::testing
