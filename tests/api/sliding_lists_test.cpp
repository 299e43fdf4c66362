#include "sliding_fixture.hpp"

namespace torg::testing {
namespace {

using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

/// What lists are filtered by.
class SlidingLists : public SlidingApi {
 protected:
  Reply filtered(json::object filters, std::string const& token = {}) {
    return slide(token.empty() ? bob : token, all_rooms({{"filters", std::move(filters)}}));
  }
  void put_account_data(std::string const& where, std::string const& type, json::value content) {
    auto const path =
        "/_matrix/client/v3/user/" + in_path(TestServer::user_id("bob")) + where + "/account_data/" + type;
    ASSERT_EQ(server.put(path, bob, std::move(content)).status, 200U);
  }
  void tag(std::string const& room_id, std::string const& name) {
    auto const path = "/_matrix/client/v3/user/" + in_path(TestServer::user_id("bob")) + "/rooms/" +
                      in_path(room_id) + "/tags/" + name;
    ASSERT_EQ(server.put(path, bob, json::object{}).status, 200U);
  }
};
INSTANTIATE_TEST_SUITE_P(Db, SlidingLists, db::both_databases(), db::database_name);

TEST_P(SlidingLists, ByDirectChat) {
  auto const other = make_room(bob, json::object{});
  put_account_data("", "m.direct", {{TestServer::user_id("alice"), {room, "!gone:x.example"}}});
  auto const direct = filtered({{"is_dm", true}});
  EXPECT_THAT(rooms_in(direct), UnorderedElementsAre(room));
  EXPECT_EQ(member(here(direct), "/is_dm"), true);
  EXPECT_THAT(rooms_in(filtered({{"is_dm", false}})), UnorderedElementsAre(other));
}

TEST_P(SlidingLists, ARoomThatBecomesADirectChatSaysSo) {
  auto const first = slide(bob, all_rooms());
  EXPECT_TRUE(member(here(first), "/is_dm").is_null());
  put_account_data("", "m.direct", {{TestServer::user_id("alice"), {room}}});
  auto const second = slide(bob, all_rooms(), first.text("/pos"));
  EXPECT_EQ(member(here(second), "/is_dm"), true);
  put_account_data("", "m.direct", json::object{});
  EXPECT_EQ(member(here(slide(bob, all_rooms(), second.text("/pos"))), "/is_dm"), false);
}

TEST_P(SlidingLists, ByEncryptionAlsoWhenItCameLater) {
  EXPECT_THAT(rooms_in(filtered({{"is_encrypted", true}})), IsEmpty());
  set_state(alice, "m.room.encryption", {{"algorithm", "m.megolm.v1.aes-sha2"}});
  EXPECT_THAT(rooms_in(filtered({{"is_encrypted", true}})), UnorderedElementsAre(room));
  EXPECT_THAT(rooms_in(filtered({{"is_encrypted", false}})), IsEmpty());
  server.restart();
  EXPECT_THAT(rooms_in(filtered({{"is_encrypted", true}})), UnorderedElementsAre(room));
}

TEST_P(SlidingLists, ByInvitation) {
  auto const second = make_room(alice, {{"invite", {TestServer::user_id("bob")}}});
  EXPECT_THAT(rooms_in(filtered({{"is_invite", true}})), UnorderedElementsAre(second));
  EXPECT_THAT(rooms_in(filtered({{"is_invited", false}})), UnorderedElementsAre(room));
}

TEST_P(SlidingLists, ByTypeOfRoom) {
  auto const space = make_room(bob, {{"creation_content", {{"type", "m.space"}}}});
  auto const of = [](json::value type) { return json::array{std::move(type)}; };
  EXPECT_THAT(rooms_in(filtered({{"room_types", of("m.space")}})), UnorderedElementsAre(space));
  EXPECT_THAT(rooms_in(filtered({{"room_types", of(nullptr)}})), UnorderedElementsAre(room));
  EXPECT_THAT(rooms_in(filtered({{"not_room_types", of("m.space")}})), UnorderedElementsAre(room));
  EXPECT_THAT(rooms_in(filtered({{"room_types", of("m.space")}, {"not_room_types", of("m.space")}})),
              IsEmpty());
}

TEST_P(SlidingLists, ByTypeAmongVeryManyRooms) {
  for (int i = 0; i < 12; ++i) make_room(bob, {{"creation_content", {{"type", "org.torg.board"}}}});
  server.restart();
  EXPECT_THAT(rooms_in(filtered({{"not_room_types", json::array{"org.torg.board"}}})),
              UnorderedElementsAre(room));
}

TEST_P(SlidingLists, ByTag) {
  auto const second = make_room(bob, json::object{});
  auto const third = make_room(bob, json::object{});
  tag(room, "m.favourite");
  tag(second, "m.favourite");
  tag(second, "m.lowpriority");
  auto const favourites = json::array{"m.favourite"};
  auto const low = json::array{"m.lowpriority"};
  EXPECT_THAT(rooms_in(filtered({{"tags", favourites}})), UnorderedElementsAre(room, second));
  EXPECT_THAT(rooms_in(filtered({{"tags", favourites}, {"not_tags", low}})), UnorderedElementsAre(room));
  EXPECT_THAT(rooms_in(filtered({{"not_tags", low}})), UnorderedElementsAre(room, third));
}

TEST_P(SlidingLists, BySpaceThatOneIsIn) {
  make_room(bob, json::object{});
  auto const space = make_room(bob, {{"creation_content", {{"type", "m.space"}}}});
  auto const child = "state/m.space.child/" + in_path(room);
  ASSERT_EQ(server.put(rooms(space, child), bob, {{"via", {"test.example"}}}).status, 200U);
  EXPECT_THAT(rooms_in(filtered({{"spaces", json::array{space}}})), UnorderedElementsAre(room));
  EXPECT_THAT(rooms_in(filtered({{"spaces", json::array{space}}}, alice)), IsEmpty());
  ASSERT_EQ(server.put(rooms(space, child), bob, json::object{}).status, 200U);
  EXPECT_THAT(rooms_in(filtered({{"spaces", json::array{space}}})), IsEmpty());
}

TEST_P(SlidingLists, ARoomUnderTwoListsGetsWhatEitherWants) {
  for (int i = 0; i < 4; ++i) say(alice, std::to_string(i));
  auto body = all_rooms(state({{"m.room.create", ""}}, 1));
  json::array levels;  // a list of one list: braces alone would make it a copy of the inner one
  levels.push_back(json::array{"m.room.power_levels", ""});
  body["lists"].as_object()["more"] = {
      {"ranges", {{0, 5}}}, {"timeline_limit", 3}, {"required_state", levels}};
  auto const part = here(slide(bob, body));
  EXPECT_THAT(said(part), ::testing::SizeIs(3));
  EXPECT_THAT(state_of(part), UnorderedElementsAre("m.room.create|", "m.room.power_levels|"));
}

TEST_P(SlidingLists, AListWithoutARangeHoldsAllRooms) {
  auto const second = make_room(bob, json::object{});
  json::object const body{{"lists", {{"all", {{"timeline_limit", 1}}}}}};
  EXPECT_THAT(rooms_in(slide(bob, body)), UnorderedElementsAre(room, second));
}

}  // namespace
}  // namespace torg::testing
