// Rooms of every version, as clients see them.
#include "base/encoding.hpp"
#include "matrix/event/canonical.hpp"
#include "room_fixture.hpp"

namespace torg::testing {
namespace {

using matrix::RoomVersion;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

class VersionApi : public RoomApi {
 protected:
  std::string room_of(RoomVersion version, json::object more = {}) {
    more["room_version"] = to_text(version);
    return make_room(alice, std::move(more));
  }
  json::object state(std::string_view in, std::string_view type) {
    auto const reply = server.get(rooms(in, "state/" + std::string(type)), alice);
    return reply.body.is_object() ? reply.body.get_object() : json::object{};
  }
  std::vector<json::object> events(std::string_view in) {
    auto const page = server.get(rooms(in, "messages?dir=f&limit=100"), alice);
    std::vector<json::object> found;
    for (auto const& event : page.at("/chunk").as_array()) found.push_back(event.as_object());
    return found;
  }
  json::object pdu_of(std::string const& event_id) {
    auto const stored = server.run(server.app().rooms().event(EventId(event_id)));
    EXPECT_TRUE(stored) << event_id;
    return *parse_json_object(*server.run(server.app().rooms().pdu(stored->nid)));
  }
  unsigned set_state(std::string const& token, std::string_view in, std::string_view type,
                     json::value content) {
    return server.put(rooms(in, "state/" + std::string(type)), token, std::move(content)).status;
  }
  /// The reference hash by the specification's own words, over the whole event.
  static std::string reference_hash(RoomVersion version, json::object event) {
    auto const type = std::string(event.at("type").as_string());
    event["content"] = *parse_json(matrix::redacted_content(version, type, event.at("content").as_object()));
    event.erase("redacts");
    auto const hash = crypto::sha256(*matrix::canonical_json(event));
    return base64_encode(crypto::view(hash), Base64::standard);
  }
  std::string upgrade(std::string const& token, std::string_view in, RoomVersion version,
                      json::object more = {}) {
    more["new_version"] = to_text(version);
    auto const reply = server.post(rooms(in, "upgrade"), token, std::move(more));
    EXPECT_EQ(reply.status, 200U) << json::serialize(reply.body);
    return reply.text("/replacement_room");
  }
};
INSTANTIATE_TEST_SUITE_P(Db, VersionApi, db::both_databases(), db::database_name);

TEST_P(VersionApi, ClientsLearnWhichVersionsThereAre) {
  auto const versions =
      server.get("/_matrix/client/v3/capabilities", alice).at("/capabilities/m.room_versions").as_object();
  EXPECT_EQ(versions.at("default").as_string(), "12");
  EXPECT_EQ(versions.at("available").as_object().size(), 12U);
  for (auto const& version : versions.at("available").as_object())
    EXPECT_EQ(version.value().as_string(), "stable");
}

TEST_P(VersionApi, AnUnknownVersionIsRefused) {
  auto const made = [&](json::value version) {
    return server.post("/_matrix/client/v3/createRoom", alice, {{"room_version", std::move(version)}})
        .errcode();
  };
  EXPECT_EQ(made("ahead"), "M_UNSUPPORTED_ROOM_VERSION");
  EXPECT_EQ(made(1), "M_BAD_JSON");
}

TEST_P(VersionApi, ARoomOfEachVersionIsMadeAndUsed) {
  for (auto const version : matrix::kRoomVersions) {
    SCOPED_TRACE(to_text(version));
    room = room_of(version, {{"invite", json::array{TestServer::user_id("bob")}}});
    EXPECT_EQ(room.ends_with(":test.example"), version < RoomVersion::v12);
    ASSERT_EQ(server.post(rooms(room, "join"), bob, json::object{}).status, 200U);
    auto const said = say(bob, "hej");
    EXPECT_EQ(said.ends_with(":test.example"), version < RoomVersion::v3);
    EXPECT_EQ(server.get(rooms(room, "event/" + in_path(said)), alice).text("/content/body"), "hej");
    EXPECT_EQ(server.get(rooms(room, "event/" + in_path(said)), alice).text("/event_id"), said);
    auto const create = state(room, "m.room.create/");
    EXPECT_EQ(create.at("room_version").as_string(), to_text(version));
    EXPECT_EQ(create.contains("creator"), version < RoomVersion::v11);
    auto const users = state(room, "m.room.power_levels/").at("users").as_object();
    EXPECT_EQ(users.contains(TestServer::user_id("alice")), version < RoomVersion::v12);
  }
}

TEST_P(VersionApi, ThePduOfEveryEventHashesToItsId) {
  for (auto const version : matrix::kRoomVersions) {
    SCOPED_TRACE(to_text(version));
    room = room_of(version);
    auto const gone = say(alice, "bort");
    ASSERT_EQ(server.put(rooms(room, "redact/" + in_path(gone) + "/r"), alice, {{"reason", "fel"}}).status,
              200U);
    std::string hash_before;
    auto const all = events(room);
    std::string const create(all.front().at("event_id").as_string());
    for (auto const& event : all) {
      std::string const id(event.at("event_id").as_string());
      auto const pdu = pdu_of(id);
      auto const hash = reference_hash(version, pdu);
      auto const& cited = pdu.at("prev_events").as_array();
      if (version < RoomVersion::v3) {
        EXPECT_EQ(pdu.at("event_id").as_string(), id);
        if (!cited.empty()) EXPECT_EQ(cited.at(0).at(1).at("sha256").as_string(), hash_before);
      } else {
        auto const bytes = *base64_decode(hash, Base64::standard);
        EXPECT_EQ(id,
                  '$' + base64_encode(bytes, version == RoomVersion::v3 ? Base64::standard : Base64::url));
      }
      hash_before = hash;
      bool const cites_create = json::serialize(pdu.at("auth_events")).find(create) != std::string::npos;
      EXPECT_EQ(cites_create, version < RoomVersion::v12 && event.at("type") != "m.room.create") << id;
    }
  }
}

TEST_P(VersionApi, ARedactionSaysWhatItRedactsInBothPlaces) {
  for (auto const version : {RoomVersion::v1, RoomVersion::v3, RoomVersion::v10, RoomVersion::v11}) {
    SCOPED_TRACE(to_text(version));
    room = room_of(version);
    auto const gone = say(alice, "hemligt");
    auto const reply = server.put(rooms(room, "redact/" + in_path(gone) + "/r"), alice, {{"reason", "fel"}});
    ASSERT_EQ(reply.status, 200U);
    auto const redaction = server.get(rooms(room, "event/" + in_path(reply.text("/event_id"))), alice);
    EXPECT_EQ(redaction.text("/redacts"), gone);
    EXPECT_EQ(redaction.text("/content/redacts"), gone);
    EXPECT_EQ(pdu_of(reply.text("/event_id")).contains("redacts"), version < RoomVersion::v11);
    server.restart();
    auto const shown = server.get(rooms(room, "event/" + in_path(gone)), alice);
    EXPECT_EQ(json::serialize(shown.body).find("hemligt"), std::string::npos);
    EXPECT_EQ(shown.text("/unsigned/redacted_because/content/reason"), "fel");
  }
}

TEST_P(VersionApi, RedactionLeavesWhatTheVersionLeaves) {
  for (auto const version : {RoomVersion::v5, RoomVersion::v6}) {
    SCOPED_TRACE(to_text(version));
    room = room_of(version);
    auto const set = server.put(rooms(room, "state/m.room.aliases/test.example"), alice,
                                {{"aliases", json::array{"#a:test.example"}}});
    ASSERT_EQ(set.status, 200U) << json::serialize(set.body);
    auto const event = set.text("/event_id");
    ASSERT_EQ(server.put(rooms(room, "redact/" + in_path(event) + "/r"), alice, json::object{}).status, 200U);
    for (int again = 0; again < 2; ++again) {
      auto const content =
          server.get(rooms(room, "event/" + in_path(event)), alice).at("/content").as_object();
      EXPECT_EQ(content.contains("aliases"), version == RoomVersion::v5);
      server.restart();
    }
  }
}

TEST_P(VersionApi, AnEditOfANamedEventIsBundled) {
  for (auto const version : {RoomVersion::v1, RoomVersion::v3}) {
    room = room_of(version);
    auto const said = say(alice, "fel");
    auto const edit = server.put(rooms(room, "send/m.room.message/edit"), alice,
                                 {{"body", "rätt"},
                                  {"msgtype", "m.text"},
                                  {"m.new_content", {{"body", "rätt"}, {"msgtype", "m.text"}}},
                                  {"m.relates_to", {{"rel_type", "m.replace"}, {"event_id", said}}}});
    ASSERT_EQ(edit.status, 200U);
    auto const shown = server.get(rooms(room, "event/" + in_path(said)), alice);
    EXPECT_EQ(shown.text("/unsigned/m.relations/m.replace/event_id"), edit.text("/event_id"));
  }
}

TEST_P(VersionApi, AnyNumberIsAllowedBeforeVersion6) {
  for (auto const version : {RoomVersion::v5, RoomVersion::v6}) {
    room = room_of(version);
    auto const reply = server.put(rooms(room, "send/org.example.number/n"), alice, {{"half", 0.5}});
    EXPECT_EQ(reply.status, version == RoomVersion::v5 ? 200U : 400U);
    if (reply.status != 200) continue;
    auto const shown = server.get(rooms(room, "event/" + in_path(reply.text("/event_id"))), alice);
    EXPECT_EQ(shown.at("/content/half").as_double(), 0.5);
  }
}

TEST_P(VersionApi, WhoIsTrustedFromTheBeginningHasTheCreatorsPower) {
  json::object const trusted{{"preset", "trusted_private_chat"},
                             {"invite", json::array{TestServer::user_id("bob")}}};
  auto const old = room_of(RoomVersion::v11, trusted);
  EXPECT_EQ(state(old, "m.room.power_levels/").at("users").at(TestServer::user_id("bob")).as_int64(), 100);
  EXPECT_FALSE(state(old, "m.room.create/").contains("additional_creators"));
  auto const now = room_of(RoomVersion::v12, trusted);
  EXPECT_EQ(state(now, "m.room.create/").at("additional_creators"),
            json::value(json::array{TestServer::user_id("bob")}));
}

TEST_P(VersionApi, MistakesAboutCreatorsAndLevelsAreBadRequests) {
  json::object const own{{"users", {{TestServer::user_id("alice"), 100}}}};
  EXPECT_EQ(set_state(alice, room, "m.room.power_levels", own), 400U) << "a creator among the levels";
  EXPECT_EQ(set_state(alice, room, "m.room.create", {{"room_version", "12"}}), 400U) << "a second creation";
  EXPECT_EQ(set_state(alice, room_of(RoomVersion::v9), "m.room.power_levels", {{"ban", "50"}}), 400U);
  auto const made = [&](json::object body) {
    return server.post("/_matrix/client/v3/createRoom", alice, std::move(body)).status;
  };
  EXPECT_EQ(made({{"power_level_content_override", own}}), 400U);
  for (auto const& bad : {json::value("@b:c"), json::value(json::array{1}), json::value(json::array{"b"}),
                          json::value(json::array{"@b:!"})})
    EXPECT_EQ(made({{"creation_content", {{"additional_creators", bad}}}}), 400U);
}

TEST_P(VersionApi, ATopicIsWrittenInBothForms) {
  auto const topic = state(make_room(alice, {{"topic", "Bron"}}), "m.room.topic/");
  EXPECT_EQ(topic.at("topic").as_string(), "Bron");
  EXPECT_EQ(topic.at("m.topic").at("m.text").at(0).at("body").as_string(), "Bron");
}

TEST_P(VersionApi, TheDefaultIsTheAuthoritysChoice) {
  TestServer other(GetParam(), {"default_room_version=9"});
  auto const token = other.sign_up("carol");
  auto const made = other.post("/_matrix/client/v3/createRoom", token, json::object{}).text("/room_id");
  EXPECT_EQ(other.get(rooms(made, "state/m.room.create/"), token).text("/room_version"), "9");
  EXPECT_EQ(other.get("/_matrix/client/v3/capabilities", token).text("/capabilities/m.room_versions/default"),
            "9");
}

TEST_P(VersionApi, AMemberOfTheSpaceJoinsARestrictedRoom) {
  for (auto const version : {RoomVersion::v8, RoomVersion::v10, RoomVersion::v12}) {
    SCOPED_TRACE(to_text(version));
    auto const space = room_of(version, {{"preset", "public_chat"}});
    json::object const rules{
        {"join_rule", "restricted"},
        {"allow", json::array{json::object{{"type", "m.room_membership"}, {"room_id", space}}}}};
    auto const closed = room_of(
        version,
        {{"initial_state",
          json::array{json::object{{"type", "m.room.join_rules"}, {"state_key", ""}, {"content", rules}}}}});
    auto const join = [&](std::string const& in) {
      return server.post(rooms(in, "join"), bob, json::object{}).status;
    };
    EXPECT_EQ(join(closed), 403U);
    ASSERT_EQ(join(space), 200U);
    EXPECT_EQ(join(closed), 200U);
    auto const member = state(closed, "m.room.member/" + in_path(TestServer::user_id("bob")));
    EXPECT_EQ(member.at("join_authorised_via_users_server").as_string(), TestServer::user_id("alice"));
    ASSERT_EQ(server.post(rooms(closed, "leave"), bob, json::object{}).status, 200U);
    ASSERT_EQ(server.post(rooms(space, "leave"), bob, json::object{}).status, 200U);
    EXPECT_EQ(join(closed), 403U) << "who has left the space has left";
    ASSERT_EQ(
        set_state(alice, closed, "m.room.join_rules", {{"join_rule", "restricted"}, {"allow", "mangled"}}),
        200U);
    ASSERT_EQ(join(space), 200U);
    EXPECT_EQ(join(closed), 403U);
  }
}

// ---- Upgrades

TEST_P(VersionApi, AnUpgradeLeadsFromOneRoomToTheOther) {
  for (auto const from : {RoomVersion::v1, RoomVersion::v10, RoomVersion::v12}) {
    for (auto const to : {RoomVersion::v2, RoomVersion::v11, RoomVersion::v12}) {
      SCOPED_TRACE(std::string(to_text(from)) + " to " + std::string(to_text(to)));
      auto const old = room_of(from, {{"name", "Bron"}, {"preset", "public_chat"}});
      auto const since = sync(alice).text("/next_batch");
      auto const next = upgrade(alice, old, to);
      EXPECT_EQ(state(old, "m.room.tombstone/").at("replacement_room").as_string(), next);
      auto const create = state(next, "m.room.create/");
      EXPECT_EQ(create.at("room_version").as_string(), to_text(to));
      EXPECT_EQ(create.at("predecessor").at("room_id").as_string(), old);
      EXPECT_EQ(create.at("predecessor").as_object().contains("event_id"), to != RoomVersion::v12);
      EXPECT_EQ(state(next, "m.room.name/").at("name").as_string(), "Bron");
      EXPECT_EQ(state(next, "m.room.join_rules/").at("join_rule").as_string(), "public");
      auto const joined = sync(alice, since).at("/rooms/join").as_object();
      EXPECT_TRUE(joined.contains(old) && joined.contains(next));
      EXPECT_EQ(server.put(rooms(next, "send/m.room.message/1"), alice, {{"body", "x"}}).status, 200U);
    }
  }
}

TEST_P(VersionApi, AnUpgradeNeedsThePowerForATombstone) {
  EXPECT_EQ(server.post(rooms(room, "upgrade"), bob, {{"new_version", "11"}}).errcode(), "M_FORBIDDEN");
  EXPECT_EQ(server.post(rooms(room, "upgrade"), alice, {{"new_version", "0"}}).errcode(),
            "M_UNSUPPORTED_ROOM_VERSION");
  EXPECT_EQ(server.get(rooms(room, "state/m.room.tombstone/"), alice).status, 404U);
  EXPECT_EQ(say(bob, "vi är kvar").empty(), false);
}

TEST_P(VersionApi, TheOldRoomIsClosedToThoseWithoutPower) {
  upgrade(alice, room, RoomVersion::v11);
  EXPECT_EQ(send(bob, "för sent", "late").errcode(), "M_FORBIDDEN");
  EXPECT_EQ(send(alice, "farväl", "bye").status, 200U);
}

TEST_P(VersionApi, BansAndAliasesGoAlong) {
  auto const old =
      make_room(alice, {{"room_alias_name", "bron"}, {"preset", "public_chat"}, {"room_version", "10"}});
  ASSERT_EQ(server.post(rooms(old, "ban"), alice, {{"user_id", TestServer::user_id("bob")}}).status, 200U);
  auto const next = upgrade(alice, old, RoomVersion::v11);
  EXPECT_EQ(server.post(rooms(next, "join"), bob, json::object{}).errcode(), "M_FORBIDDEN");
  EXPECT_EQ(server.get("/_matrix/client/v3/directory/room/%23bron:test.example", bob).text("/room_id"), next);
  EXPECT_EQ(state(next, "m.room.canonical_alias/").at("alias").as_string(), "#bron:test.example");
  EXPECT_FALSE(state(old, "m.room.canonical_alias/").contains("alias"));
}

TEST_P(VersionApi, PowerFollowsWhatTheNewVersionKnows) {
  auto const old = room_of(RoomVersion::v11);
  json::object const levels{
      {"users", {{TestServer::user_id("alice"), 100}, {TestServer::user_id("bob"), 50}}}};
  ASSERT_EQ(set_state(alice, old, "m.room.power_levels", levels), 200U);
  auto const newest = upgrade(alice, old, RoomVersion::v12);
  EXPECT_EQ(state(newest, "m.room.power_levels/").at("users"),
            json::value(json::object{{TestServer::user_id("bob"), 50}}));
  auto const older = upgrade(alice, newest, RoomVersion::v10);
  EXPECT_EQ(state(older, "m.room.power_levels/").at("users"), json::value(levels.at("users")));
  auto const shared = upgrade(alice, older, RoomVersion::v12,
                              {{"additional_creators", json::array{TestServer::user_id("bob")}}});
  EXPECT_EQ(state(shared, "m.room.create/").at("additional_creators"),
            json::value(json::array{TestServer::user_id("bob")}));
  EXPECT_THAT(state(shared, "m.room.power_levels/").at("users").as_object(), IsEmpty());
}

TEST_P(VersionApi, TagsAndPushRulesMoveWithTheirOwner) {
  auto const old = room_of(RoomVersion::v10, {{"preset", "public_chat"}});
  ASSERT_EQ(server.post(rooms(old, "join"), bob, json::object{}).status, 200U);
  auto const user = "/_matrix/client/v3/user/" + in_path(TestServer::user_id("bob"));
  ASSERT_EQ(server.put(user + "/rooms/" + in_path(old) + "/tags/m.favourite", bob, {{"order", 0.5}}).status,
            200U);
  auto const rule = [](std::string const& in) {
    return "/_matrix/client/v3/pushrules/global/room/" + in_path(in);
  };
  ASSERT_EQ(server.put(rule(old), bob, {{"actions", json::array{"dont_notify"}}}).status, 200U);
  ASSERT_EQ(
      server.put(user + "/account_data/m.direct", bob, {{TestServer::user_id("alice"), json::array{old}}})
          .status,
      200U);

  auto const next = upgrade(alice, old, RoomVersion::v11);
  EXPECT_EQ(server.get(rule(next), bob).status, 404U) << "not before they have moved";
  ASSERT_EQ(server.post(rooms(next, "join"), bob, json::object{}).status, 200U);
  EXPECT_EQ(server.get(rule(next), bob).text("/actions/0"), "dont_notify");
  EXPECT_EQ(server.get(rule(old), bob).status, 200U);
  EXPECT_TRUE(server.get(user + "/rooms/" + in_path(next) + "/tags", bob)
                  .at("/tags")
                  .as_object()
                  .contains("m.favourite"));
  EXPECT_EQ(server.get(user + "/account_data/m.direct", bob).body,
            json::value(json::object{{TestServer::user_id("alice"), json::array{old, next}}}));
}

}  // namespace
}  // namespace torg::testing
