#include "matrix/room/rooms.hpp"
#include "room_fixture.hpp"

#include <fstream>

namespace torg::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class SearchApi : public RoomApi {
 protected:
  void catch_up() {
    auto const done = server.run(server.app().search().catch_up());
    ASSERT_TRUE(done) << done.error().detail;
  }
  Reply search(std::string const& token, json::object criteria, std::string const& from = "") {
    catch_up();
    criteria.emplace("order_by", "recent");
    return server.post("/_matrix/client/v3/search" + (from.empty() ? "" : "?next_batch=" + from), token,
                       {{"search_categories", {{"room_events", std::move(criteria)}}}});
  }
  static json::value part_of(Reply const& reply, std::string_view name) {
    return reply.at("/search_categories/room_events/" + std::string(name));
  }
  /// Bodies of what is found, in order.
  std::vector<std::string> found(std::string const& token, std::string const& term) {
    return texts(search(token, {{"search_term", term}}));
  }
  static std::vector<std::string> texts(Reply const& reply) {
    EXPECT_EQ(reply.status, 200U) << json::serialize(reply.body);
    std::vector<std::string> texts;
    auto const results = part_of(reply, "results");
    if (!results.is_array()) return texts;
    for (auto const& result : results.get_array())
      texts.emplace_back(result.at("result").at("content").at("body").as_string());
    return texts;
  }
  void redact(std::string const& event) {
    ASSERT_EQ(server
                  .put(rooms(room, "redact/" + in_path(event) + "/r" + std::to_string(++redactions_)), alice,
                       json::object{})
                  .status,
              200U);
  }
  std::string edit(std::string const& original, std::string const& text) {
    auto const reply = server.put(rooms(room, "send/m.room.message/e" + text), alice,
                                  {{"msgtype", "m.text"},
                                   {"body", "* " + text},
                                   {"m.new_content", {{"msgtype", "m.text"}, {"body", text}}},
                                   {"m.relates_to", {{"rel_type", "m.replace"}, {"event_id", original}}}});
    EXPECT_EQ(reply.status, 200U) << json::serialize(reply.body);
    return reply.text("/event_id");
  }

 private:
  int redactions_ = 0;
};
INSTANTIATE_TEST_SUITE_P(Db, SearchApi, db::both_databases(), db::database_name);

TEST_P(SearchApi, FindsWordsInAnyOrderNewestFirst) {
  say(alice, "protokollet från mötet om skolan");
  say(bob, "mötet blev inställt");
  say(bob, "skolan hade sitt möte i går");
  EXPECT_THAT(found(bob, "mötet"), ElementsAre("mötet blev inställt", "protokollet från mötet om skolan"));
  EXPECT_THAT(found(bob, "skolan mötet"), ElementsAre("protokollet från mötet om skolan"));
}

TEST_P(SearchApi, ResultsCanBeGroupedByRoomAndBySender) {
  for (auto const* text : {"vallen ett", "vallen två", "vallen tre"}) say(alice, text);
  say(bob, "vallen fyra");
  auto const reply =
      search(bob, {{"search_term", "vallen"},
                   {"filter", {{"limit", 2}}},
                   {"groupings", json::parse(R"({"group_by":[{"key":"sender"},{"key":"room_id"}]})")}});
  EXPECT_THAT(texts(reply), ElementsAre("vallen fyra", "vallen tre"));
  auto const groups = part_of(reply, "groups");
  auto const& mine = groups.at("sender").at(TestServer::user_id("bob"));
  EXPECT_EQ(mine.at("results").as_array().size(), 1U);
  EXPECT_EQ(mine.at("order"), 1);
  EXPECT_FALSE(mine.as_object().contains("next_batch")) << "there is no other of bob's";
  EXPECT_EQ(groups.at("room_id").at(room).at("results").as_array().size(), 2U);
  auto const& hers = groups.at("sender").at(TestServer::user_id("alice"));
  auto const more = search(bob, {{"search_term", "vallen"}}, std::string(hers.at("next_batch").as_string()));
  EXPECT_THAT(texts(more), ElementsAre("vallen två", "vallen ett"));
}

TEST_P(SearchApi, KeysSayWhereTheWordsMayStand) {
  say(alice, "vallen");
  ASSERT_EQ(server.put(rooms(room, "state/m.room.topic/"), alice, {{"topic", "vallen vid ån"}}).status, 200U);
  auto const reply = search(bob, {{"search_term", "vallen"}, {"keys", {"content.topic"}}});
  auto const results = part_of(reply, "results").as_array();
  ASSERT_EQ(results.size(), 1U) << json::serialize(reply.body);
  EXPECT_EQ(results[0].at("result").at("type"), "m.room.topic");
  EXPECT_EQ(search(bob, {{"search_term", "vallen"}, {"keys", {"content.secret"}}}).status, 400U);
}

TEST_P(SearchApi, GivesTheStateOfTheRoomsWhenAsked) {
  say(alice, "vallen");
  auto const state = part_of(search(bob, {{"search_term", "vallen"}, {"include_state", true}}), "state");
  ASSERT_TRUE(state.as_object().contains(room)) << json::serialize(state);
  EXPECT_GE(state.at(room).as_array().size(), 5U);
}

TEST_P(SearchApi, OneFormOfAWordFindsTheOthersAndAPhraseDoesNot) {
  say(alice, "skyddsvallarna undersöks i dag");
  say(alice, "en skyddsvall ska byggas");
  EXPECT_THAT(found(bob, "skyddsvallen byggas"), ElementsAre("en skyddsvall ska byggas"));
  EXPECT_THAT(found(bob, "undersökt skyddsvall"), ElementsAre("skyddsvallarna undersöks i dag"));
  EXPECT_THAT(found(bob, "\"en skyddsvall\" ska"), ElementsAre("en skyddsvall ska byggas"));
  EXPECT_THAT(found(bob, "\"en skyddsvallen\""), IsEmpty());
}

TEST_P(SearchApi, TheLastWordMayBeTheBeginningOfOne) {
  say(alice, "bygglovet är klart");
  EXPECT_THAT(found(bob, "bygglov"), ElementsAre("bygglovet är klart"));
  EXPECT_THAT(found(bob, "bygglov klart"), IsEmpty());
}

TEST_P(SearchApi, SwedishLettersAreLettersOfTheirOwn) {
  say(alice, "räven");
  say(alice, "raven");
  say(alice, "en ö");
  EXPECT_THAT(found(bob, "räv"), ElementsAre("räven"));
  EXPECT_THAT(found(bob, "raven"), ElementsAre("raven"));
  EXPECT_THAT(found(bob, "ö"), ElementsAre("en ö"));
}

TEST_P(SearchApi, SignsInTheTermAreNoQueryLanguage) {
  say(alice, "det kostar 40 kr (ungefär) för Nils' båt AND annat");
  for (auto const* term :
       {"(ungefär)", "Nils' båt", "kostar \"40", "båt AND", "40 -", "kr ) OR", "kostar\\", "room : 1 båt"}) {
    auto const reply = search(bob, {{"search_term", term}});
    EXPECT_EQ(reply.status, 200U) << term << json::serialize(reply.body);
  }
  EXPECT_THAT(found(bob, "(ungefär)"), ::testing::SizeIs(1));
  EXPECT_THAT(found(bob, "Nils' båt AND"), ::testing::SizeIs(1));
}

TEST_P(SearchApi, ARoomThatWentOnInAnotherIsOneConversation) {
  say(alice, "bron före");
  auto const reply = server.post(rooms(room, "upgrade"), alice, {{"new_version", "11"}});
  room = reply.text("/replacement_room");
  say(alice, "bron efter");
  auto const in_new = search(alice, {{"search_term", "bron"}, {"filter", {{"rooms", {room}}}}});
  EXPECT_THAT(texts(in_new), ElementsAre("bron efter", "bron före"));
}

TEST_P(SearchApi, RoomsOneHasNotJoinedGiveNothing) {
  say(alice, "hemligt");
  auto const carol = server.sign_up("carol");
  EXPECT_THAT(found(carol, "hemligt"), IsEmpty());
  auto const reply = search(carol, {{"search_term", "hemligt"}, {"filter", {{"rooms", {room}}}}});
  EXPECT_EQ(part_of(reply, "count"), 0);
  ASSERT_EQ(server.post(rooms(room, "leave"), bob, json::object{}).status, 200U);
  EXPECT_THAT(found(bob, "hemligt"), IsEmpty());
}

TEST_P(SearchApi, WhatWasSaidBeforeOneMightReadIsNeitherFoundNorCounted) {
  ASSERT_EQ(
      server.put(rooms(room, "state/m.room.history_visibility"), alice, {{"history_visibility", "joined"}})
          .status,
      200U);
  say(alice, "personalfrågan internt");
  auto const carol = server.sign_up("carol");
  ASSERT_EQ(server.post(rooms(room, "invite"), alice, {{"user_id", TestServer::user_id("carol")}}).status,
            200U);
  ASSERT_EQ(server.post(rooms(room, "join"), carol, json::object{}).status, 200U);
  say(alice, "personalfrågan öppet");
  auto const reply = search(carol, {{"search_term", "personalfrågan"}});
  EXPECT_THAT(texts(reply), ElementsAre("personalfrågan öppet"));
  EXPECT_EQ(part_of(reply, "count"), 1);
}

TEST_P(SearchApi, ARedactedMessageIsNotFound) {
  auto const early = say(alice, "fel person ett");
  catch_up();
  redact(early);
  EXPECT_THAT(found(bob, "person"), IsEmpty());
  auto const late = say(alice, "fel person två");
  redact(late);
  EXPECT_THAT(found(bob, "person"), IsEmpty());
}

TEST_P(SearchApi, AnEditIsFoundAsTheMessageItEdits) {
  auto const original = say(alice, "sammanträdet är på onsdag");
  edit(original, "sammanträdet är på torsdag");
  auto const reply = search(bob, {{"search_term", "torsdag"}});
  EXPECT_EQ(part_of(reply, "results/0/result/event_id"), json::value(original));
  EXPECT_THAT(found(bob, "sammanträdet"), ::testing::SizeIs(1)) << "one result for both";
  redact(original);
  EXPECT_THAT(found(bob, "torsdag"), IsEmpty()) << "a redaction takes the edits along";
}

TEST_P(SearchApi, PagesUntilTheEnd) {
  for (int i = 0; i < 7; ++i) say(alice, "ärende " + std::to_string(i));
  json::object const criteria{{"search_term", "ärende"}, {"filter", {{"limit", 3}}}};
  std::vector<std::string> all;
  std::string from;
  int pages = 0;
  do {
    auto const reply = search(bob, criteria, from);
    EXPECT_EQ(part_of(reply, "count"), 7);
    for (auto& text : texts(reply)) all.push_back(std::move(text));
    from = reply.text("/search_categories/room_events/next_batch");
  } while (!from.empty() && ++pages < 9);
  EXPECT_THAT(
      all, ElementsAre("ärende 6", "ärende 5", "ärende 4", "ärende 3", "ärende 2", "ärende 1", "ärende 0"));
}

TEST_P(SearchApi, RanksTheBetterMatchFirstAndPages) {
  say(alice, "vägen vägen vägen");
  say(alice, "vägen är en lång historia med många andra ord som inte hör hit alls i dag");
  json::object criteria{{"search_term", "vägen"}, {"order_by", "rank"}, {"filter", {{"limit", 1}}}};
  auto const first = search(bob, criteria);
  EXPECT_THAT(texts(first), ElementsAre("vägen vägen vägen"));
  EXPECT_GT(part_of(first, "results/0/rank").to_number<double>(), 0);
  auto const second = search(bob, criteria, first.text("/search_categories/room_events/next_batch"));
  EXPECT_THAT(texts(second), ::testing::SizeIs(1));
  auto const third = search(bob, criteria, second.text("/search_categories/room_events/next_batch"));
  EXPECT_THAT(texts(third), IsEmpty());
  EXPECT_EQ(part_of(third, "count"), 2);
  EXPECT_EQ(part_of(third, "next_batch"), nullptr);
}

TEST_P(SearchApi, FiltersByRoomSenderAndType) {
  auto const other = make_room(alice, json::object{{"name", "Hamnen"}});
  ASSERT_EQ(server
                .put(rooms(other, "send/m.room.message/x"), alice,
                     {{"msgtype", "m.text"}, {"body", "hamnen annanstans"}})
                .status,
            200U);
  say(alice, "hamnen alice");
  say(bob, "hamnen bob");
  auto const filtered = [&](json::object filter) {
    return part_of(search(alice, {{"search_term", "hamnen"}, {"filter", std::move(filter)}}), "count");
  };
  EXPECT_EQ(filtered({}), 4) << "three messages and the name of a room";
  EXPECT_EQ(filtered({{"rooms", {room}}}), 2);
  EXPECT_EQ(filtered({{"not_rooms", {room}}}), 2);
  EXPECT_EQ(filtered({{"senders", {TestServer::user_id("bob")}}}), 1);
  EXPECT_EQ(filtered({{"types", {"m.room.name"}}}), 1);
}

TEST_P(SearchApi, BringsTheContextThatIsAskedFor) {
  say(alice, "före");
  say(alice, "träffen");
  say(bob, "efter");
  auto const reply =
      search(bob, {{"search_term", "träffen"},
                   {"event_context", {{"before_limit", 1}, {"after_limit", 1}, {"include_profile", true}}}});
  EXPECT_THAT(bodies(part_of(reply, "results/0/context/events_before")), ElementsAre("före"));
  EXPECT_THAT(bodies(part_of(reply, "results/0/context/events_after")), ElementsAre("efter"));
  EXPECT_TRUE(
      part_of(reply, "results/0/context/profile_info").as_object().contains(TestServer::user_id("alice")));
}

TEST_P(SearchApi, RefusesATermWithoutAWordAndOneTooLong) {
  EXPECT_EQ(search(bob, {{"search_term", "!!"}}).errcode(), "M_INVALID_PARAM");
  EXPECT_EQ(search(bob, {{"search_term", std::string(501, 'a')}}).errcode(), "M_INVALID_PARAM");
  EXPECT_EQ(search(bob, json::object{}).status, 400U);
  EXPECT_EQ(search(bob, {{"search_term", "hej"}}, "fel").errcode(), "M_INVALID_PARAM");
  EXPECT_EQ(server.post("/_matrix/client/v3/search", "", json::object{}).status, 401U);
}

TEST_P(SearchApi, ARestartGoesOnWhereTheIndexStopped) {
  say(alice, "innan");
  catch_up();
  say(alice, "innan men inte indexerat");
  server.restart();
  EXPECT_THAT(found(bob, "innan"), ElementsAre("innan men inte indexerat", "innan"));
}

TEST_P(SearchApi, FollowsByItselfWhatIsCommitted) {
  say(alice, "självgående");
  auto const bob_number = server.app().identity().find(TestServer::user_id("bob"));
  for (;;) {
    auto const page = server.run(server.app().search().find(bob_number, {.term = "självgående"}));
    if (page && !page->results.empty()) break;
    server.runtime().run_one();  // whatever the server does next
  }
}

TEST_P(SearchApi, FindsWhatWasSaidJustNow) {
  say(alice, "nyss");
  auto const reply = server.post("/_matrix/client/v3/search", bob,
                                 {{"search_categories", {{"room_events", {{"search_term", "nyss"}}}}}});
  EXPECT_THAT(texts(reply), ElementsAre("nyss"));
}

TEST_P(SearchApi, AFullPageSaysWhereToGoOn) {
  say(alice, "ensam");
  json::object const criteria{{"search_term", "ensam"}, {"filter", {{"limit", 1}}}};
  auto const first = search(bob, criteria);
  EXPECT_EQ(part_of(first, "count"), 1);
  auto const from = first.text("/search_categories/room_events/next_batch");
  ASSERT_FALSE(from.empty());
  auto const second = search(bob, criteria, from);
  EXPECT_THAT(texts(second), IsEmpty());
  EXPECT_EQ(part_of(second, "count"), 1);
  EXPECT_EQ(part_of(second, "next_batch"), nullptr);
}

TEST_P(SearchApi, AZeroCharacterStopsNothing) {
  say(alice, std::string("noll\0tecken", 11));
  say(alice, R"(bakåt\u0000streck)");
  say(alice, "därefter");
  EXPECT_THAT(found(bob, "därefter"), ElementsAre("därefter"));
}

}  // namespace
}  // namespace torg::testing
