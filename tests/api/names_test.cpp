#include "room_fixture.hpp"

namespace torg::testing {
namespace {

class NamesApi : public RoomApi {
 protected:
  static std::string alias_path(std::string const& alias) {
    return "/_matrix/client/v3/directory/room/" + in_path(alias);
  }
  void name(std::string const& token, std::string const& room_id, std::string const& alias) {
    ASSERT_EQ(server.put(alias_path(alias), token, {{"room_id", room_id}}).status, 200U);
  }
  Reply set_canonical(json::value content) {
    return server.put(rooms(room, "state/m.room.canonical_alias"), alice, std::move(content));
  }
  json::value canonical() { return server.get(rooms(room, "state/m.room.canonical_alias"), alice).body; }
};
INSTANTIATE_TEST_SUITE_P(Db, NamesApi, db::both_databases(), db::database_name);

TEST_P(NamesApi, ACanonicalAliasMustLeadToItsRoom) {
  name(alice, room, "#vallen:test.example");
  name(alice, make_room(alice, json::object{}), "#annat:test.example");
  EXPECT_EQ(set_canonical({{"alias", "#saknas:test.example"}}).errcode(), "M_BAD_ALIAS");
  EXPECT_EQ(set_canonical({{"alias", "#annat:test.example"}}).errcode(), "M_BAD_ALIAS");
  EXPECT_EQ(set_canonical({{"alias", "%vallen:test.example"}}).errcode(), "M_INVALID_PARAM");
  EXPECT_EQ(set_canonical({{"alias", "#vallen:test.example"}}).status, 200U);
  json::value const others{{"alias", "#vallen:test.example"}, {"alt_aliases", {"#annat:test.example"}}};
  EXPECT_EQ(set_canonical(others).errcode(), "M_BAD_ALIAS");
  EXPECT_EQ(set_canonical({{"alt_aliases", {"no alias"}}}).errcode(), "M_INVALID_PARAM");
  EXPECT_EQ(set_canonical({{"alt_aliases", "#vallen:test.example"}}).errcode(), "M_INVALID_PARAM");
  EXPECT_EQ(set_canonical({{"alias", nullptr}}).status, 200U);
}

TEST_P(NamesApi, AnAliasThatStandsInTheEventAlreadyIsNotAskedForAgain) {
  name(bob, room, "#gammal:test.example");
  ASSERT_EQ(
      server
          .put(rooms(room, "state/m.room.power_levels"), alice,
               {{"users", {{TestServer::user_id("bob"), 0}}}, {"events", {{"m.room.canonical_alias", 50}}}})
          .status,
      200U);
  ASSERT_EQ(set_canonical({{"alias", "#gammal:test.example"}}).status, 200U);
  // Bob made the alias and takes it away, but may not change what the room says of itself.
  ASSERT_EQ(server.call(net::Method::delete_, alias_path("#gammal:test.example"), bob).status, 200U);
  EXPECT_EQ(canonical(), (json::value{{"alias", "#gammal:test.example"}}));
  name(alice, room, "#ny:test.example");
  EXPECT_EQ(set_canonical({{"alias", "#gammal:test.example"}, {"alt_aliases", {"#ny:test.example"}}}).status,
            200U);
}

TEST_P(NamesApi, WhoMadeAnAliasOrHasThePowerMayTakeItAway) {
  name(bob, room, "#bobs:test.example");
  name(alice, room, "#alices:test.example");
  auto const remove = [&](std::string const& token, std::string const& alias) {
    return server.call(net::Method::delete_, alias_path(alias), token);
  };
  EXPECT_EQ(remove(bob, "#alices:test.example").errcode(), "M_FORBIDDEN");
  EXPECT_EQ(remove(bob, "#bobs:test.example").status, 200U);
  EXPECT_EQ(remove(bob, "#bobs:test.example").errcode(), "M_NOT_FOUND");
  name(bob, room, "#bobs:test.example");
  EXPECT_EQ(remove(alice, "#bobs:test.example").status, 200U);
}

TEST_P(NamesApi, ADeletedAliasLeavesTheCanonicalOnes) {
  name(alice, room, "#ett:test.example");
  name(alice, room, "#tva:test.example");
  ASSERT_EQ(set_canonical({{"alias", "#ett:test.example"}, {"alt_aliases", {"#tva:test.example"}}}).status,
            200U);
  auto const since = sync(bob).text("/next_batch");
  ASSERT_EQ(server.call(net::Method::delete_, alias_path("#tva:test.example"), alice).status, 200U);
  EXPECT_EQ(canonical(), (json::value{{"alias", "#ett:test.example"}}));
  ASSERT_EQ(server.call(net::Method::delete_, alias_path("#ett:test.example"), alice).status, 200U);
  EXPECT_EQ(canonical(), json::object{});
  auto const events = member(part(sync(bob, since)), "/timeline/events").as_array();
  EXPECT_EQ(events.back().at("type"), "m.room.canonical_alias");
}

TEST_P(NamesApi, AnAliasNeedsANameAndThisServer) {
  for (auto const* bad : {"#:other.example", "#vallen:other.example", "vallen:test.example", "#vallen"})
    EXPECT_EQ(server.put(alias_path(bad), alice, {{"room_id", room}}).errcode(), "M_INVALID_PARAM") << bad;
}

}  // namespace
}  // namespace torg::testing
