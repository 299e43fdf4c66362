#include "room_fixture.hpp"

namespace torg::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

class HistoryApi : public RoomApi {
 protected:
  Reply messages(std::string const& query) { return server.get(rooms(room, "messages?" + query), bob); }
  void join(std::string const& token, std::string const& room_id) {
    ASSERT_EQ(server.post(rooms(room_id, "join"), token, json::object{}).status, 200U);
  }
  static std::vector<std::string> keys(json::value const& events) {
    std::vector<std::string> found;
    for (auto const& event : events.as_array()) found.emplace_back(event.at("state_key").as_string());
    return found;
  }
};
INSTANTIATE_TEST_SUITE_P(Db, HistoryApi, db::both_databases(), db::database_name);

TEST_P(HistoryApi, APageNamesItsEndAsLongAsItReadAnything) {
  say(alice, "hej");
  auto const url_only = in_path(R"({"contains_url":true})");
  auto const filtered = messages("dir=b&limit=100&filter=" + url_only);
  EXPECT_THAT(filtered.at("/chunk").as_array(), IsEmpty());
  ASSERT_FALSE(filtered.text("/end").empty()) << "events were read, though none was shown";
  auto const last = messages("dir=b&limit=100&from=" + filtered.text("/end"));
  EXPECT_TRUE(last.at("/end").is_null()) << json::serialize(last.body);
}

TEST_P(HistoryApi, AFilterChoosesByTheKindOfRelation) {
  auto const since = sync(bob).text("/next_batch");
  auto const root = say(alice, "rot");
  for (auto const* rel_type : {"m.thread", "m.reference"}) {
    ASSERT_EQ(server
                  .put(rooms(room, "send/m.room.message/" + std::string(rel_type)), alice,
                       {{"msgtype", "m.text"},
                        {"body", rel_type},
                        {"m.relates_to", {{"rel_type", rel_type}, {"event_id", root}}}})
                  .status,
              200U);
  }
  auto const read = [&](std::string const& filter) {
    return bodies(messages("dir=f&from=" + since + "&filter=" + in_path(filter)).at("/chunk"));
  };
  EXPECT_THAT(read(R"({"rel_types":["m.thread"]})"), ElementsAre("m.thread"));
  EXPECT_THAT(read(R"({"org.matrix.msc3874.rel_types":["m.thread","m.reference"]})"),
              ElementsAre("m.thread", "m.reference"));
  EXPECT_THAT(read(R"({"not_rel_types":["m.thread"]})"), ElementsAre("rot", "m.reference"));
  EXPECT_THAT(read(R"({"rel_types":[]})"), IsEmpty());
}

TEST_P(HistoryApi, AnEventOfARoomOneWasNeverInIsNotFound) {
  auto const event = say(alice, "hemligt");
  auto const carol = server.sign_up("carol");
  auto const reply = server.get(rooms(room, "event/" + in_path(event)), carol);
  EXPECT_EQ(reply.status, 404U);
  EXPECT_EQ(reply.errcode(), "M_NOT_FOUND");
}

TEST_P(HistoryApi, AContextOfNothingIsTheEventAlone) {
  say(alice, "före");
  auto const event = say(alice, "här");
  say(alice, "efter");
  auto const alone = server.get(rooms(room, "context/" + in_path(event) + "?limit=0"), bob);
  EXPECT_EQ(alone.text("/event/event_id"), event);
  EXPECT_THAT(alone.at("/events_before").as_array(), IsEmpty());
  EXPECT_THAT(alone.at("/events_after").as_array(), IsEmpty());
  EXPECT_THAT(bodies(messages("dir=b&limit=1&from=" + alone.text("/start")).at("/chunk")),
              ElementsAre("före"));
  EXPECT_THAT(bodies(messages("dir=f&limit=1&from=" + alone.text("/end")).at("/chunk")),
              ElementsAre("efter"));
}

TEST_P(HistoryApi, MembersAreTheOnesOfThePointAskedFor) {
  auto const here = make_room(alice, {{"preset", "public_chat"}});
  auto const first = sync(alice);
  auto const place = first.at("/rooms/join").as_object().at(here).as_object();
  auto const start = std::string(place.at("timeline").at("prev_batch").as_string());
  auto const since = first.text("/next_batch");
  join(bob, here);
  auto const members = [&](std::string const& query) {
    return keys(server.get(rooms(here, "members" + query), alice).at("/chunk"));
  };
  auto const alice_id = TestServer::user_id("alice");
  auto const bob_id = TestServer::user_id("bob");
  EXPECT_THAT(members("?at=" + since), ElementsAre(alice_id));
  EXPECT_THAT(members("?at=" + start), ElementsAre(alice_id)) << "the room as its maker entered it";
  EXPECT_THAT(members("?at=" + sync(alice).text("/next_batch")), UnorderedElementsAre(alice_id, bob_id));
  EXPECT_EQ(server.get(rooms(here, "members?at=nonsense"), alice).errcode(), "M_INVALID_PARAM");
}

TEST_P(HistoryApi, JoinedMembersHaveBothPartsOfTheirProfile) {
  auto const bob_id = TestServer::user_id("bob");
  ASSERT_EQ(
      server
          .put("/_matrix/client/v3/profile/" + in_path(bob_id) + "/displayname", bob, {{"displayname", "Bo"}})
          .status,
      200U);
  auto const joined = server.get(rooms(room, "joined_members"), alice).at("/joined").as_object();
  EXPECT_EQ(joined.at(bob_id), (json::value{{"display_name", "Bo"}, {"avatar_url", nullptr}}));
  ASSERT_EQ(server.post(rooms(room, "leave"), bob, json::object{}).status, 200U);
  EXPECT_EQ(server.get(rooms(room, "joined_members"), bob).status, 403U);
}

TEST_P(HistoryApi, EachEventSaysWhatItsReaderWasInTheRoomThen) {
  auto const here = make_room(alice, {{"preset", "public_chat"}});
  join(bob, here);
  ASSERT_EQ(server.put(rooms(here, "send/m.room.message/m1"), alice, {{"body", "efter"}}).status, 200U);
  auto const check = [](json::array events) {
    bool joined = false;
    for (auto const& event : events) {
      auto const* key = event.as_object().if_contains("state_key");
      joined = joined || (key != nullptr && key->as_string() == TestServer::user_id("bob"));
      EXPECT_EQ(event.at("unsigned").at("membership"), joined ? "join" : "leave") << json::serialize(event);
    }
    EXPECT_TRUE(joined);
  };
  check(sync(bob).at("/rooms/join").as_object().at(here).at("timeline").at("events").as_array());
  check(server.get(rooms(here, "messages?dir=f&limit=50"), bob).at("/chunk").as_array());
}

TEST_P(HistoryApi, TheEventNearestToATimeIsFound) {
  auto const first = say(alice, "ett");
  auto const last = say(alice, "två");
  auto const when = server.get(rooms(room, "event/" + in_path(last)), bob).at("/origin_server_ts").as_int64();
  auto const find = [&](std::int64_t ts, std::string const& dir, std::string const& token) {
    return server.get("/_matrix/client/v1/rooms/" + in_path(room) +
                          "/timestamp_to_event?ts=" + std::to_string(ts) + "&dir=" + dir,
                      token);
  };
  EXPECT_EQ(find(when + 1'000, "b", bob).text("/event_id"), last);
  EXPECT_EQ(find(when + 1'000, "f", bob).errcode(), "M_NOT_FOUND");
  EXPECT_EQ(find(0, "b", bob).errcode(), "M_NOT_FOUND");
  auto const oldest = find(0, "f", bob);
  EXPECT_EQ(oldest.status, 200U);
  EXPECT_NE(oldest.text("/event_id"), first) << "the room was made before";
  EXPECT_EQ(find(0, "x", bob).errcode(), "M_INVALID_PARAM");
  EXPECT_EQ(find(0, "f", server.sign_up("carol")).status, 403U);
}

TEST_P(HistoryApi, AmongEventsOfOneInstantTheOrderOfTheRoomDecides) {
  // Creation makes its events at once: most of them carry one and the same time.
  auto const here = make_room(alice, json::object{});
  auto const events = server.get(rooms(here, "messages?dir=f&limit=50"), alice).at("/chunk").as_array();
  auto const time = [](json::value const& event) { return event.at("origin_server_ts").as_int64(); };
  for (auto const& event : events) {
    std::vector<std::string> same;
    for (auto const& other : events) {
      if (time(other) == time(event)) same.emplace_back(other.at("event_id").as_string());
    }
    auto const find = [&](std::string const& dir) {
      return server
          .get("/_matrix/client/v1/rooms/" + in_path(here) +
                   "/timestamp_to_event?ts=" + std::to_string(time(event)) + "&dir=" + dir,
               alice)
          .text("/event_id");
    };
    EXPECT_EQ(find("f"), same.front());
    EXPECT_EQ(find("b"), same.back());
  }
}

TEST_P(HistoryApi, AStateEventShowsWhatItTookThePlaceOf) {
  auto const name = [&](std::string const& text) {
    return server.put(rooms(room, "state/m.room.name"), alice, {{"name", text}}).text("/event_id");
  };
  auto const since = sync(bob).text("/next_batch");
  auto const first = name("Ett");
  auto const second = name("Två");
  auto const check = [&](json::value const& newest, json::value const& before) {
    EXPECT_EQ(member(newest, "/unsigned/replaces_state"), json::value(first));
    EXPECT_EQ(member(newest, "/unsigned/prev_content"), (json::object{{"name", "Ett"}}));
    EXPECT_TRUE(member(before, "/unsigned/replaces_state").is_null()) << "there was no name";
    EXPECT_TRUE(member(before, "/unsigned/prev_content").is_null());
  };
  auto const page = messages("dir=b&limit=2");
  check(page.at("/chunk/0"), page.at("/chunk/1"));
  auto const timeline = member(part(sync(bob, since)), "/timeline/events");
  check(timeline.as_array().at(1), timeline.as_array().at(0));
  auto const single = [&](std::string const& event) {
    return server.get(rooms(room, "event/" + in_path(event)), bob).body;
  };
  check(single(second), single(first));
  auto const context = server.get(rooms(room, "context/" + in_path(second)), bob);
  check(context.at("/event"), context.at("/events_before/0"));
}

TEST_P(HistoryApi, WhatWasReplacedIsShownToThoseWhoMayReadItAndNotOnceItIsRedacted) {
  auto const set = [&](std::string const& type, json::value content) {
    auto const reply = server.put(rooms(room, "state/" + type), alice, std::move(content));
    EXPECT_EQ(reply.status, 200U);
    return reply.text("/event_id");
  };
  set("m.room.history_visibility", {{"history_visibility", "joined"}});
  auto const secret = set("m.room.topic", {{"topic", "före carol"}});
  auto const carol = server.sign_up("carol");
  json::object const whom{{"user_id", TestServer::user_id("carol")}};
  ASSERT_EQ(server.post(rooms(room, "invite"), alice, whom).status, 200U);
  join(carol, room);
  auto const newest = set("m.room.topic", {{"topic", "efter carol"}});
  auto const seen_by = [&](std::string const& token) {
    return server.get(rooms(room, "event/" + in_path(newest)), token).at("/unsigned");
  };
  EXPECT_EQ(member(seen_by(carol), "/replaces_state"), json::value(secret));
  EXPECT_TRUE(member(seen_by(carol), "/prev_content").is_null()) << "she wasn't there then";
  EXPECT_EQ(member(seen_by(bob), "/prev_content/topic"), "före carol");
  ASSERT_EQ(server.put(rooms(room, "redact/" + in_path(secret) + "/r"), alice, json::object{}).status, 200U);
  EXPECT_EQ(member(seen_by(bob), "/prev_content"), json::object());
}

}  // namespace
}  // namespace torg::testing
