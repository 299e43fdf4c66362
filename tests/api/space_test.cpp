#include "room_fixture.hpp"

namespace torg::testing {
namespace {

using ::testing::ElementsAre;

class SpaceApi : public RoomApi {
 protected:
  std::string space(std::string const& name, std::string const& preset = "public_chat") {
    return make_room(alice,
                     {{"name", name}, {"preset", preset}, {"creation_content", {{"type", "m.space"}}}});
  }
  std::string plain(std::string const& name, std::string const& preset = "public_chat") {
    return make_room(alice, {{"name", name}, {"preset", preset}});
  }
  void hang(std::string const& parent, std::string const& child, json::object more = {}) {
    more["via"] = json::array{"test.example"};
    set_child(parent, child, std::move(more));
  }
  void set_child(std::string const& parent, std::string const& child, json::object content) {
    auto const path = rooms(parent, "state/m.space.child/" + in_path(child));
    ASSERT_EQ(server.put(path, alice, std::move(content)).status, 200U);
  }
  Reply tree(std::string const& root, std::string const& more = "", std::string const& token = {}) {
    return server.get("/_matrix/client/v1/rooms/" + in_path(root) + "/hierarchy?" + more,
                      token.empty() ? bob : token);
  }
  static std::vector<std::string> names(Reply const& reply) {
    std::vector<std::string> found;
    for (auto const& room : reply.at("/rooms").as_array()) found.emplace_back(room.at("name").as_string());
    return found;
  }
  Reply summary(std::string const& room_id, std::string const& token) {
    return server.get("/_matrix/client/v1/room_summary/" + in_path(room_id), token);
  }
};
INSTANTIATE_TEST_SUITE_P(Db, SpaceApi, db::both_databases(), db::database_name);

TEST_P(SpaceApi, ATreeIsReadDepthFirstInItsOrder) {
  auto const root = space("root"), branch = space("branch");
  hang(root, plain("last"));
  hang(root, branch, {{"order", "b"}});
  hang(root, plain("first"), {{"order", "a"}});
  hang(branch, plain("leaf"));
  hang(branch, root);
  auto const reply = tree(root);
  EXPECT_THAT(names(reply), ElementsAre("root", "first", "branch", "leaf", "last"));
  EXPECT_EQ(reply.at("/rooms/0/room_type"), "m.space");
  EXPECT_EQ(reply.at("/rooms/0/children_state").as_array().size(), 3U);
  EXPECT_EQ(reply.text("/rooms/0/children_state/1/state_key"), branch);
  EXPECT_TRUE(reply.at("/rooms/0/children_state/1/origin_server_ts").is_int64());
  EXPECT_EQ(reply.at("/rooms/1/children_state"), json::array{});
  EXPECT_THAT(names(tree(root, "max_depth=1")), ElementsAre("root", "first", "branch", "last"));
  EXPECT_THAT(names(tree(root, "max_depth=0")), ElementsAre("root"));
}

TEST_P(SpaceApi, ATreeIsReadInPages) {
  auto const root = space("root");
  for (auto const* name : {"a", "b", "c"}) hang(root, plain(name), {{"order", name}});
  auto const first = tree(root, "limit=2");
  EXPECT_THAT(names(first), ElementsAre("root", "a"));
  auto const from = "from=" + first.text("/next_batch");
  auto const second = tree(root, "limit=2&" + from);
  EXPECT_THAT(names(second), ElementsAre("b", "c"));
  EXPECT_EQ(second.at("/next_batch"), nullptr);
  EXPECT_EQ(tree(root, "max_depth=1&" + from).errcode(), "M_INVALID_PARAM");
  EXPECT_EQ(tree(root, "suggested_only=true&" + from).errcode(), "M_INVALID_PARAM");
  EXPECT_EQ(tree(root, "from=x").errcode(), "M_INVALID_PARAM");
  EXPECT_EQ(tree(root, "limit=0").errcode(), "M_INVALID_PARAM");
}

TEST_P(SpaceApi, OnlyWhatIsSuggestedIsShownWhenAskedSo) {
  auto const root = space("root");
  hang(root, plain("good"), {{"suggested", true}});
  hang(root, plain("other"));
  EXPECT_THAT(names(tree(root, "suggested_only=true")), ElementsAre("root", "good"));
}

TEST_P(SpaceApi, ALinkWithoutServersOrRedactedLeadsNowhere) {
  auto const root = space("root"), child = plain("child");
  hang(root, child);
  ASSERT_THAT(names(tree(root)), ElementsAre("root", "child"));
  set_child(root, child, {});
  EXPECT_THAT(names(tree(root)), ElementsAre("root"));
  auto const path = rooms(root, "state/m.space.child/" + in_path(child));
  auto const link = server.put(path, alice, {{"via", {"test.example"}}}).text("/event_id");
  ASSERT_EQ(server.put(rooms(root, "redact/" + in_path(link) + "/t"), alice, json::object{}).status, 200U);
  EXPECT_THAT(names(tree(root)), ElementsAre("root"));
}

TEST_P(SpaceApi, ARoomThatOneMayNotEnterIsLeftOut) {
  auto const root = space("root"), secret = plain("secret", "private_chat");
  hang(root, secret);
  EXPECT_THAT(names(tree(root)), ElementsAre("root"));
  EXPECT_THAT(names(tree(root, "", alice)), ElementsAre("root", "secret"));
  ASSERT_EQ(server.post(rooms(secret, "invite"), alice, {{"user_id", TestServer::user_id("bob")}}).status,
            200U);
  EXPECT_THAT(names(tree(root)), ElementsAre("root", "secret"));
  ASSERT_EQ(server.post(rooms(secret, "leave"), bob, json::object{}).status, 200U);
  EXPECT_THAT(names(tree(root)), ElementsAre("root"));
  EXPECT_EQ(tree(secret).errcode(), "M_FORBIDDEN");
  EXPECT_EQ(tree("!nowhere").errcode(), "M_FORBIDDEN");
}

TEST_P(SpaceApi, ARestrictedRoomIsShownToThoseWhoMayJoinIt) {
  auto const root = space("root"), inner = plain("inner", "private_chat");
  hang(root, inner);
  json::value const rule{{"join_rule", "restricted"},
                         {"allow", {{{"type", "m.room_membership"}, {"room_id", root}}}}};
  ASSERT_EQ(server.put(rooms(inner, "state/m.room.join_rules"), alice, rule).status, 200U);
  EXPECT_THAT(names(tree(root)), ElementsAre("root"));
  EXPECT_EQ(summary(inner, bob).errcode(), "M_NOT_FOUND");
  ASSERT_EQ(server.post(rooms(root, "join"), bob, json::object{}).status, 200U);
  EXPECT_THAT(names(tree(root)), ElementsAre("root", "inner"));
  EXPECT_EQ(summary(inner, bob).at("/allowed_room_ids"), json::array{json::value(root)});
}

TEST_P(SpaceApi, WhoIsBannedSeesNothingOfTheRoom) {
  auto const open = plain("open");
  ASSERT_EQ(summary(open, bob).status, 200U);
  ASSERT_EQ(server.post(rooms(open, "ban"), alice, {{"user_id", TestServer::user_id("bob")}}).status, 200U);
  EXPECT_EQ(summary(open, bob).errcode(), "M_NOT_FOUND");
  EXPECT_EQ(tree(open).errcode(), "M_FORBIDDEN");
}

TEST_P(SpaceApi, ASummarySaysWhatTheRoomIsAndWhatOneIsInIt) {
  auto const open =
      make_room(alice, {{"name", "Torget"}, {"preset", "public_chat"}, {"room_alias_name", "torget"}});
  auto const before = summary("#torget:test.example", bob);
  EXPECT_EQ(before.text("/room_id"), open);
  EXPECT_EQ(before.text("/name"), "Torget");
  EXPECT_EQ(before.text("/room_version"), "12");
  EXPECT_EQ(before.at("/membership"), nullptr);
  ASSERT_EQ(server.post(rooms(open, "join"), bob, json::object{}).status, 200U);
  for (auto const* path : {"v1/room_summary/{}", "unstable/im.nheko.summary/summary/{}",
                           "unstable/im.nheko.summary/rooms/{}/summary"}) {
    std::string target = "/_matrix/client/" + std::string(path);
    target.replace(target.find("{}"), 2, in_path(open));
    EXPECT_EQ(server.get(target, bob).text("/membership"), "join") << path;
  }
  EXPECT_EQ(summary("#saknas:test.example", bob).errcode(), "M_NOT_FOUND");
  EXPECT_EQ(summary("!nowhere", bob).errcode(), "M_NOT_FOUND");
}

}  // namespace
}  // namespace torg::testing
