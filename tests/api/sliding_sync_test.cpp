#include "sliding_fixture.hpp"

namespace torg::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

class SlidingSync : public SlidingApi {};
INSTANTIATE_TEST_SUITE_P(Db, SlidingSync, db::both_databases(), db::database_name);

TEST_P(SlidingSync, IsAnnounced) {
  EXPECT_EQ(server.get("/_matrix/client/versions").at("/unstable_features/org.matrix.simplified_msc3575"),
            true);
}

TEST_P(SlidingSync, TheFirstAnswerShowsARoomWhole) {
  say(alice, "ett");
  auto const reply = slide(bob, all_rooms(state({{"m.room.create", ""}, {"m.room.member", "$ME"}})));
  ASSERT_EQ(reply.status, 200U) << json::serialize(reply.body);
  auto const part = here(reply);
  EXPECT_EQ(member(part, "/initial"), true);
  EXPECT_THAT(said(part), ElementsAre("ett"));
  EXPECT_THAT(state_of(part),
              UnorderedElementsAre("m.room.create|", "m.room.member|" + TestServer::user_id("bob")));
  EXPECT_EQ(member(part, "/joined_count"), 2);
  EXPECT_EQ(member(part, "/num_live"), 0);
  EXPECT_EQ(reply.at("/lists/all/count"), 1);
  EXPECT_EQ(member(part, "/notification_count"), 1);
}

TEST_P(SlidingSync, ThenOnlyWhatIsNew) {
  set_state(alice, "m.room.name", {{"name", "Diariet"}});
  auto const asked = all_rooms(state({{"m.room.name", ""}}));
  auto const first = slide(bob, asked);
  EXPECT_EQ(member(here(first), "/name"), "Diariet");
  say(alice, "nytt");
  auto const second = slide(bob, asked, first.text("/pos"));
  auto const part = here(second);
  EXPECT_THAT(said(part), ElementsAre("nytt"));
  EXPECT_THAT(state_of(part), IsEmpty());
  EXPECT_TRUE(member(part, "/initial").is_null());
  EXPECT_TRUE(member(part, "/name").is_null());
  EXPECT_EQ(member(part, "/num_live"), 1);
  EXPECT_EQ(member(part, "/limited"), false);
  EXPECT_THAT(rooms_in(slide(bob, asked, second.text("/pos"))), IsEmpty());
}

TEST_P(SlidingSync, ARepeatedRequestGetsTheSameAgain) {
  auto const first = slide(bob, all_rooms());
  say(alice, "nytt");
  auto const lost = slide(bob, all_rooms(), first.text("/pos"));
  auto const again = slide(bob, all_rooms(), first.text("/pos"));
  EXPECT_EQ(here(lost), here(again));
  EXPECT_THAT(rooms_in(slide(bob, all_rooms(), again.text("/pos"))), IsEmpty());
}

TEST_P(SlidingSync, AnOlderPositionIsUnknown) {
  auto const first = slide(bob, all_rooms());
  auto const second = slide(bob, all_rooms(), first.text("/pos"));
  auto const third = slide(bob, all_rooms(), second.text("/pos"));
  EXPECT_EQ(slide(bob, all_rooms(), third.text("/pos")).status, 200U);
  auto const reply = slide(bob, all_rooms(), first.text("/pos"));
  EXPECT_EQ(reply.status, 400U);
  EXPECT_EQ(reply.errcode(), "M_UNKNOWN_POS");
}

TEST_P(SlidingSync, APositionIsGoodForItsOwnDeviceOnly) {
  auto const first = slide(bob, all_rooms());
  EXPECT_EQ(slide(alice, all_rooms(), first.text("/pos")).errcode(), "M_UNKNOWN_POS");
}

TEST_P(SlidingSync, AfterARestartTheClientIsToldToStartAnew) {
  auto const first = slide(bob, all_rooms());
  server.restart();
  auto const reply = slide(bob, all_rooms(), first.text("/pos"));
  EXPECT_EQ(reply.status, 400U);
  EXPECT_EQ(reply.errcode(), "M_UNKNOWN_POS");
  EXPECT_EQ(member(here(slide(bob, all_rooms())), "/initial"), true);
}

TEST_P(SlidingSync, ConnectionsOfOneDeviceDontDisturbEachOther) {
  auto const asked = [](char const* name) {
    auto body = all_rooms();
    body["conn_id"] = name;
    return body;
  };
  auto const one = slide(bob, asked("one"));
  auto const other = slide(bob, asked("other"));
  say(alice, "nytt");
  EXPECT_THAT(said(here(slide(bob, asked("one"), one.text("/pos")))), ElementsAre("nytt"));
  EXPECT_THAT(said(here(slide(bob, asked("other"), other.text("/pos")))), ElementsAre("nytt"));
}

TEST_P(SlidingSync, AWaitingRequestIsWokenByAMessage) {
  auto const first = slide(bob, all_rooms());
  std::vector<std::string> got;
  server.start(net::Method::post, target(first.text("/pos"), 30'000), bob, all_rooms(),
               [&](Reply reply) { got = said(here(reply)); });
  say(alice, "vakna");
  server.run_all();
  EXPECT_THAT(got, ElementsAre("vakna"));
}

TEST_P(SlidingSync, RoomsComeInTheOrderOfWhatHappenedLast) {
  auto const second = make_room(bob, json::object{});
  auto const third = make_room(bob, json::object{});
  say(alice, "nu är det här");
  auto const asked = all_rooms({{"ranges", {{0, 0}}}});
  auto const first = slide(bob, asked);
  EXPECT_THAT(rooms_in(first), UnorderedElementsAre(room));
  EXPECT_EQ(first.at("/lists/all/count"), 3);
  auto const wider = slide(bob, all_rooms({{"ranges", {{0, 1}}}}), first.text("/pos"));
  EXPECT_THAT(rooms_in(wider), UnorderedElementsAre(third)) << "only what is new in the range";
  auto const all = slide(bob, all_rooms({{"ranges", {{0, 0}, {1, 5}}}}), wider.text("/pos"));
  EXPECT_THAT(rooms_in(all), UnorderedElementsAre(second));
}

TEST_P(SlidingSync, ARoomOutsideTheRangeComesWithAllItMissedWhenItComesIn) {
  auto const second = make_room(bob, json::object{});
  auto const asked = all_rooms({{"ranges", {{0, 0}}}});
  auto const first = slide(bob, all_rooms());
  say(alice, "ett");
  auto const other = [&] { return server.put(rooms(second, "send/m.room.message/x"), bob, {{"body", "x"}}); };
  ASSERT_EQ(other().status, 200U);
  auto const narrow = slide(bob, asked, first.text("/pos"));
  EXPECT_THAT(rooms_in(narrow), UnorderedElementsAre(second));
  say(alice, "två");
  auto const back = slide(bob, asked, narrow.text("/pos"));
  EXPECT_THAT(said(here(back)), ElementsAre("ett", "två"));
  EXPECT_EQ(member(here(back), "/num_live"), 1) << "the first happened before the last answer";
}

TEST_P(SlidingSync, AGapIsMarkedAndPagingClosesIt) {
  auto const asked = all_rooms({{"timeline_limit", 2}});
  auto const first = slide(bob, asked);
  for (int i = 0; i < 40; ++i) say(alice, std::to_string(i));
  auto const part = here(slide(bob, asked, first.text("/pos")));
  EXPECT_EQ(member(part, "/limited"), true);
  EXPECT_THAT(said(part), ElementsAre("38", "39"));
  auto const from = std::string(member(part, "/prev_batch").as_string());
  auto const page = server.get(rooms(room, "messages?dir=b&limit=3&from=" + from), bob);
  EXPECT_THAT(bodies(page.at("/chunk")), ElementsAre("37", "36", "35"));
}

TEST_P(SlidingSync, HistoryCanBePagedFromAPosition) {
  say(alice, "ett");
  auto const first = slide(bob, all_rooms());
  say(alice, "två");
  auto const page = server.get(rooms(room, "messages?dir=b&limit=1&from=" + first.text("/pos")), bob);
  EXPECT_THAT(bodies(page.at("/chunk")), ElementsAre("ett"));
}

TEST_P(SlidingSync, AWiderTimelineComesAtOnceAndSaysSo) {
  for (int i = 0; i < 5; ++i) say(alice, std::to_string(i));
  auto const first = slide(bob, all_rooms({{"timeline_limit", 1}}));
  EXPECT_THAT(said(here(first)), ElementsAre("4"));
  auto body = all_rooms({{"timeline_limit", 1}});
  body["room_subscriptions"] = {{room, {{"timeline_limit", 3}, {"required_state", json::array()}}}};
  auto const wide = slide(bob, body, first.text("/pos"));
  EXPECT_THAT(said(here(wide)), ElementsAre("2", "3", "4"));
  EXPECT_EQ(member(here(wide), "/unstable_expanded_timeline"), true);
  EXPECT_EQ(member(here(wide), "/limited"), true) << "or clients show events twice";
  EXPECT_TRUE(member(here(wide), "/initial").is_null());
  EXPECT_EQ(member(here(wide), "/num_live"), 0);
  EXPECT_THAT(rooms_in(slide(bob, body, wide.text("/pos"))), IsEmpty());
}

TEST_P(SlidingSync, MoreRequiredStateComesAtOnce) {
  set_state(alice, "m.room.topic", {{"topic", "vallen"}});
  auto const first = slide(bob, all_rooms(state({{"m.room.create", ""}})));
  auto const more =
      slide(bob, all_rooms(state({{"m.room.create", ""}, {"m.room.topic", ""}})), first.text("/pos"));
  EXPECT_THAT(state_of(here(more)), UnorderedElementsAre("m.room.topic|"));
  EXPECT_THAT(said(here(more)), IsEmpty());
}

TEST_P(SlidingSync, StateThatChangedInAGapComesWithIt) {
  auto const asked = all_rooms(state({{"m.room.topic", ""}}, 2));
  auto const first = slide(bob, asked);
  set_state(alice, "m.room.topic", {{"topic", "vallen"}});
  for (int i = 0; i < 10; ++i) say(alice, std::to_string(i));
  EXPECT_THAT(state_of(here(slide(bob, asked, first.text("/pos")))), UnorderedElementsAre("m.room.topic|"));
}

TEST_P(SlidingSync, LazyMembersAreThoseWhoSpeakAndEachIsSentOnce) {
  auto const carol = server.sign_up("carol");
  act(alice, room, "invite", {{"user_id", TestServer::user_id("carol")}});
  act(carol, room, "join");
  say(alice, "hej");
  auto const asked = all_rooms(state({{"m.room.member", "$LAZY"}}, 1));
  auto const first = slide(bob, asked);
  auto const of = [](char const* name) { return "m.room.member|" + TestServer::user_id(name); };
  EXPECT_THAT(state_of(here(first)), UnorderedElementsAre(of("alice")));
  say(alice, "igen");
  auto const second = slide(bob, asked, first.text("/pos"));
  EXPECT_THAT(state_of(here(second)), IsEmpty());
  say(carol, "jag med");
  EXPECT_THAT(state_of(here(slide(bob, asked, second.text("/pos")))), UnorderedElementsAre(of("carol")));
}

TEST_P(SlidingSync, AllStateWithLazyMembersLeavesOutMembers) {
  say(alice, "hej");
  auto const lazy = state_of(here(slide(bob, all_rooms(state({{"*", "*"}, {"m.room.member", "$LAZY"}}, 1)))));
  EXPECT_TRUE(lazy.contains("m.room.create|"));
  EXPECT_TRUE(lazy.contains("m.room.member|" + TestServer::user_id("alice")));
  EXPECT_FALSE(lazy.contains("m.room.member|" + TestServer::user_id("bob")));
  auto const everything = state_of(here(slide(bob, all_rooms(state({{"*", "*"}})))));
  EXPECT_TRUE(everything.contains("m.room.member|" + TestServer::user_id("bob")));
}

TEST_P(SlidingSync, RequiredStateMayBeAnObjectWithExclusions) {
  set_state(alice, "m.room.topic", {{"topic", "vallen"}});
  json::object const wanted{{"include", {json::object{}}},
                            {"exclude", {json::object{{"type", "m.room.topic"}}}},
                            {"lazy_members", true}};
  auto const got = state_of(here(slide(bob, all_rooms({{"timeline_limit", 0}, {"required_state", wanted}}))));
  EXPECT_TRUE(got.contains("m.room.create|"));
  EXPECT_FALSE(got.contains("m.room.topic|"));
  EXPECT_FALSE(got.contains("m.room.member|" + TestServer::user_id("alice")));
}

TEST_P(SlidingSync, ASubscribedRoomIsShownWhateverTheRanges) {
  auto const second = make_room(bob, json::object{});
  auto body = all_rooms({{"ranges", {{0, 0}}}});
  body["room_subscriptions"] = {{room, {{"timeline_limit", 5}}}};
  EXPECT_THAT(rooms_in(slide(bob, body)), UnorderedElementsAre(room, second));
}

TEST_P(SlidingSync, NobodySubscribesToARoomTheyHaveNoPartIn) {
  auto const carol = server.sign_up("carol");
  json::object const body{
      {"room_subscriptions",
       {{room, {{"timeline_limit", 5}}}, {"!nowhere:x.example", {{"timeline_limit", 5}}}}}};
  auto const reply = slide(carol, body);
  EXPECT_EQ(reply.status, 200U);
  EXPECT_THAT(rooms_in(reply), IsEmpty());
}

TEST_P(SlidingSync, ARoomWithoutANameHasHeroes) {
  auto const part = here(slide(bob, all_rooms()));
  EXPECT_EQ(member(part, "/heroes/0/user_id"), json::value(TestServer::user_id("alice")));
  set_state(alice, "m.room.name", {{"name", "Diariet"}});
  set_state(alice, "m.room.avatar", {{"url", "mxc://x/y"}});
  auto const named = here(slide(bob, all_rooms()));
  EXPECT_TRUE(member(named, "/heroes").is_null());
  EXPECT_EQ(member(named, "/avatar"), "mxc://x/y");
}

TEST_P(SlidingSync, ANameThatIsTakenAwayIsNull) {
  set_state(alice, "m.room.name", {{"name", "Diariet"}});
  auto const first = slide(bob, all_rooms());
  set_state(alice, "m.room.name", json::object{});
  auto const part = here(slide(bob, all_rooms(), first.text("/pos")));
  ASSERT_TRUE(part.as_object().contains("name"));
  EXPECT_TRUE(part.at("name").is_null());
  EXPECT_EQ(member(part, "/heroes/0/user_id"), json::value(TestServer::user_id("alice")));
}

TEST_P(SlidingSync, OnlyRealActivityMovesTheBumpStamp) {
  say(alice, "ett");
  auto const first = slide(bob, all_rooms());
  set_state(alice, "m.room.topic", {{"topic", "vallen"}});
  auto const second = slide(bob, all_rooms(), first.text("/pos"));
  EXPECT_EQ(member(here(second), "/bump_stamp"), member(here(first), "/bump_stamp"));
  say(alice, "två");
  auto const third = slide(bob, all_rooms(), second.text("/pos"));
  EXPECT_GT(member(here(third), "/bump_stamp").as_int64(), member(here(first), "/bump_stamp").as_int64());
  server.restart();
  EXPECT_EQ(member(here(slide(bob, all_rooms())), "/bump_stamp"), member(here(third), "/bump_stamp"));
}

TEST_P(SlidingSync, ReadingClearsTheCountsOnOtherDevices) {
  auto const event = say(alice, "läs mig");
  auto const first = slide(bob, all_rooms());
  EXPECT_EQ(member(here(first), "/notification_count"), 1);
  act(bob, room, "receipt/m.read/" + in_path(event));
  auto const part = here(slide(bob, all_rooms(), first.text("/pos")));
  EXPECT_EQ(member(part, "/notification_count"), 0);
  EXPECT_THAT(said(part), IsEmpty());
}

TEST_P(SlidingSync, TheAcceptedFormSpeaksItsOwnNames) {
  auto const carol = server.sign_up("carol");
  act(alice, room, "invite", {{"user_id", TestServer::user_id("carol")}});
  json::object body{
      {"conn_id", "main"},
      {"lists",
       {{"all",
         {{"range", {0, 9}}, {"timeline_limit", 1}, {"required_state", {{"include", {json::object{}}}}}}}}}};
  auto const invited = server.post(std::string(kStable), carol, body);
  ASSERT_EQ(invited.status, 200U) << json::serialize(invited.body);
  EXPECT_FALSE(member(here(invited), "/stripped_state").as_array().empty());
  EXPECT_EQ(member(here(invited), "/membership"), "invite");
  EXPECT_EQ(member(here(invited), "/lists/0"), "all");
  for (int i = 0; i < 3; ++i) say(alice, std::to_string(i));
  auto const first = server.post(std::string(kStable), bob, body);
  EXPECT_EQ(member(here(first), "/membership"), "join");
  EXPECT_TRUE(member(here(first), "/notification_count").is_null());
  body["pos"] = first.text("/pos");
  body["lists"].at("all").as_object()["timeline_limit"] = 3;
  auto const wide = server.post(std::string(kStable), bob, body);
  EXPECT_EQ(member(here(wide), "/expanded_timeline"), true);
  EXPECT_THAT(said(here(wide)), ElementsAre("0", "1", "2"));
}

TEST_P(SlidingSync, AMessageComesWithItsTransactionIdToTheDeviceThatSentIt) {
  auto const first = slide(bob, all_rooms());
  send(bob, "mitt", "min-egen");
  auto const part = here(slide(bob, all_rooms(), first.text("/pos")));
  EXPECT_EQ(member(part, "/timeline/0/unsigned/transaction_id"), "min-egen");
}

}  // namespace
}  // namespace torg::testing
