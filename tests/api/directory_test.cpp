#include "room_fixture.hpp"

namespace torg::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class DirectoryApi : public RoomApi {
 protected:
  std::string publish(json::object more) {
    more["visibility"] = "public";
    return make_room(alice, std::move(more));
  }
  Reply list(json::value body = json::object{}) {
    return server.post("/_matrix/client/v3/publicRooms", bob, std::move(body));
  }
  static std::vector<std::string> names(Reply const& reply) {
    std::vector<std::string> found;
    for (auto const& room : reply.at("/chunk").as_array()) {
      auto const* name = room.as_object().if_contains("name");
      found.emplace_back(name == nullptr ? "" : std::string_view(name->as_string()));
    }
    return found;
  }
  Reply find(std::string const& term) { return list({{"filter", {{"generic_search_term", term}}}}); }
  static std::string listing(std::string const& room_id) {
    return "/_matrix/client/v3/directory/list/room/" + in_path(room_id);
  }
};
INSTANTIATE_TEST_SUITE_P(Db, DirectoryApi, db::both_databases(), db::database_name);

TEST_P(DirectoryApi, APublicRoomIsListedWithWhatItSaysOfItself) {
  auto const id = publish({{"name", "Torget"}, {"topic", "Allt möjligt"}, {"room_alias_name", "torget"}});
  auto const reply = server.get("/_matrix/client/v3/publicRooms", bob);
  ASSERT_EQ(reply.at("/chunk").as_array().size(), 1U);
  json::value const expected{{"room_id", id},           {"name", "Torget"},
                             {"topic", "Allt möjligt"}, {"canonical_alias", "#torget:test.example"},
                             {"num_joined_members", 1}, {"world_readable", false},
                             {"guest_can_join", false}, {"join_rule", "public"},
                             {"room_version", "12"}};
  EXPECT_EQ(reply.at("/chunk/0"), expected);
  EXPECT_EQ(reply.at("/total_room_count_estimate"), 1);
  EXPECT_EQ(server.get("/_matrix/client/v3/publicRooms").errcode(), "M_MISSING_TOKEN");
}

TEST_P(DirectoryApi, TheDirectoryIsSearchedInNameTopicAndAlias) {
  publish({{"name", "Åkermark"}, {"topic", "Gränser"}});
  publish({{"name", "Vatten"}, {"room_alias_name", "brunnen"}});
  EXPECT_THAT(names(find("åkerMARK")), ElementsAre("Åkermark"));
  EXPECT_THAT(names(find("gräns")), ElementsAre("Åkermark"));
  EXPECT_THAT(names(find("#brunnen:")), ElementsAre("Vatten"));
  EXPECT_THAT(names(find("sten")), IsEmpty());
}

TEST_P(DirectoryApi, TheDirectoryIsFilteredByTypeOfRoom) {
  publish({{"name", "Rum"}});
  publish({{"name", "Yta"}, {"creation_content", {{"type", "m.space"}}}});
  EXPECT_THAT(names(list({{"filter", {{"room_types", {"m.space"}}}}})), ElementsAre("Yta"));
  EXPECT_THAT(names(list({{"filter", {{"room_types", json::array{nullptr}}}}})), ElementsAre("Rum"));
  EXPECT_EQ(list({{"filter", {{"room_types", json::array{1}}}}}).errcode(), "M_BAD_JSON");
}

TEST_P(DirectoryApi, TheDirectoryIsReadInPages) {
  for (auto const* name : {"a", "b", "c"}) publish({{"name", name}});
  auto const first = list({{"limit", 2}});
  EXPECT_EQ(first.at("/chunk").as_array().size(), 2U);
  EXPECT_EQ(first.at("/prev_batch"), nullptr);
  auto const second = list({{"limit", 2}, {"since", first.text("/next_batch")}});
  EXPECT_EQ(second.at("/chunk").as_array().size(), 1U);
  EXPECT_EQ(second.at("/next_batch"), nullptr);
  EXPECT_EQ(names(list({{"limit", 2}, {"since", second.text("/prev_batch")}})), names(first));
  EXPECT_EQ(list({{"since", "x1"}}).errcode(), "M_INVALID_PARAM");
}

TEST_P(DirectoryApi, WhoHasThePowerListsARoomAndTakesItOut) {
  ASSERT_EQ(server.put(rooms(room, "state/m.room.join_rules"), alice, {{"join_rule", "public"}}).status,
            200U);
  EXPECT_EQ(server.get(listing(room), bob).text("/visibility"), "private");
  EXPECT_EQ(server.put(listing(room), bob, {{"visibility", "public"}}).errcode(), "M_FORBIDDEN");
  EXPECT_EQ(server.put(listing(room), alice, {{"visibility", "open"}}).errcode(), "M_INVALID_PARAM");
  for (int i = 0; i < 2; ++i)
    EXPECT_EQ(server.put(listing(room), alice, {{"visibility", "public"}}).status, 200U);
  EXPECT_EQ(server.get(listing(room), bob).text("/visibility"), "public");
  EXPECT_EQ(list().text("/chunk/0/room_id"), room);
  ASSERT_EQ(server.put(listing(room), alice, {{"visibility", "private"}}).status, 200U);
  EXPECT_THAT(names(list()), IsEmpty());
  auto const carol = server.sign_up("carol");
  ASSERT_EQ(server.put(rooms(room, "state/m.room.join_rules"), alice, {{"join_rule", "invite"}}).status,
            200U);
  EXPECT_EQ(server.get(listing(room), carol).errcode(), "M_NOT_FOUND");
  EXPECT_EQ(server.get(listing("!nowhere"), carol).errcode(), "M_NOT_FOUND");
  EXPECT_EQ(server.put(listing("!nowhere"), carol, json::object{}).errcode(), "M_FORBIDDEN");
}

TEST_P(DirectoryApi, AListedRoomIsShownToThoseOnlyWhoMayLookAtIt) {
  publish({{"name", "Slutet"}, {"preset", "private_chat"}});
  EXPECT_THAT(names(list()), IsEmpty());
  auto const own = server.get("/_matrix/client/v3/publicRooms", alice);
  EXPECT_THAT(names(own), ElementsAre("Slutet"));
}

TEST_P(DirectoryApi, TheDirectoryOutlivesTheServer) {
  publish({{"name", "Torget"}});
  server.restart();
  EXPECT_THAT(names(list()), ElementsAre("Torget"));
}

TEST_P(DirectoryApi, TheSuccessorOfAListedRoomTakesItsPlace) {
  auto const old = publish({{"name", "Torget"}});
  auto const reply =
      server.post("/_matrix/client/v3/rooms/" + in_path(old) + "/upgrade", alice, {{"new_version", "12"}});
  ASSERT_EQ(reply.status, 200U);
  auto const found = list();
  ASSERT_EQ(found.at("/chunk").as_array().size(), 1U);
  EXPECT_EQ(found.at("/chunk/0/room_id"), reply.at("/replacement_room"));
}

TEST_P(DirectoryApi, NoOtherServersRoomsAreListed) {
  EXPECT_EQ(server.get("/_matrix/client/v3/publicRooms?server=other.example", bob).errcode(), "M_NOT_FOUND");
}

}  // namespace
}  // namespace torg::testing
