// Server notices, by the request that tools know.
// https://spec.matrix.org/v1.19/client-server-api/#server-notices
#include "administration_fixture.hpp"

namespace torg::testing {
namespace {

class NoticesApi : public AdministrationApi {
 protected:
  Reply tell(std::string_view text, std::string_view transaction = "") {
    json::object const body{{"user_id", TestServer::user_id("bob")},
                            {"content", {{"msgtype", "m.text"}, {"body", text}}}};
    constexpr std::string_view kPath = "/_synapse/admin/v1/send_server_notice";
    if (transaction.empty()) return server.post(std::string(kPath), root, body);
    return server.put(std::string(kPath) + "/" + std::string(transaction), root, body);
  }
  /// The room to which Bob is invited.
  std::string invited_to() {
    auto const invites = sync(bob).at("/rooms/invite");
    if (!invites.is_object() || invites.as_object().empty()) return {};
    return std::string(invites.as_object().begin()->key());
  }
};
INSTANTIATE_TEST_SUITE_P(Db, NoticesApi, db::both_databases(), db::database_name);

TEST_P(NoticesApi, InviteTheirReaderIntoATaggedRoom) {
  auto const told = tell("The server rests on Sunday");
  ASSERT_EQ(told.status, 200U) << json::serialize(told.body);
  auto const notices = invited_to();
  ASSERT_FALSE(notices.empty());
  auto const tags = server.get("/_matrix/client/v3/user/" + in_path(TestServer::user_id("bob")) + "/rooms/" +
                                   in_path(notices) + "/tags",
                               bob);
  EXPECT_TRUE(tags.at("/tags").as_object().contains("m.server_notice"));
  ASSERT_EQ(server.post(rooms(notices, "join"), bob, json::object{}).status, 200U);
  auto const event = server.get(rooms(notices, "event/" + in_path(told.text("/event_id"))), bob);
  EXPECT_EQ(event.text("/content/body"), "The server rests on Sunday");
  EXPECT_EQ(event.text("/sender"), TestServer::user_id("notices"));
  EXPECT_EQ(last_audit().at("what"), "notice.sent");
  EXPECT_FALSE(last_audit().at("details").as_object().contains("content"));
}

TEST_P(NoticesApi, CanNotBeDeclinedButLeftOnceJoined) {
  ASSERT_EQ(tell("one").status, 200U);
  auto const notices = invited_to();
  EXPECT_EQ(server.post(rooms(notices, "leave"), bob, json::object{}).errcode(),
            "M_CANNOT_LEAVE_SERVER_NOTICE_ROOM");
  ASSERT_EQ(server.post(rooms(notices, "join"), bob, json::object{}).status, 200U);
  EXPECT_EQ(server.post(rooms(notices, "leave"), bob, json::object{}).status, 200U);
  server.restart();
  ASSERT_EQ(tell("two").status, 200U);
  EXPECT_EQ(invited_to(), notices) << "one room for each reader";
}

TEST_P(NoticesApi, AreAnsweredByNobody) {
  ASSERT_EQ(tell("one").status, 200U);
  auto const notices = invited_to();
  ASSERT_EQ(server.post(rooms(notices, "join"), bob, json::object{}).status, 200U);
  auto const path = rooms(notices, "send/m.room.message/1");
  EXPECT_EQ(server.put(path, bob, {{"msgtype", "m.text"}, {"body", "but"}}).errcode(), "M_FORBIDDEN");
}

TEST_P(NoticesApi, AreSentOnceForOneTransaction) {
  auto const first = tell("one", "1");
  EXPECT_EQ(tell("one", "1").text("/event_id"), first.text("/event_id"));
  EXPECT_NE(tell("one", "2").text("/event_id"), first.text("/event_id"));
}

TEST_P(NoticesApi, OfOneReaderGoIntoOneRoomWhenTheyComeTogether) {
  std::vector<unsigned> statuses;
  for (int i = 0; i < 3; ++i) {
    server.start(net::Method::post, "/_synapse/admin/v1/send_server_notice", root,
                 json::value{{"user_id", TestServer::user_id("bob")},
                             {"content", {{"msgtype", "m.text"}, {"body", "n"}}}},
                 [&](Reply const& reply) { statuses.push_back(reply.status); });
  }
  server.run_all();
  EXPECT_THAT(statuses, ::testing::ElementsAre(200U, 200U, 200U));
  EXPECT_EQ(sync(bob).at("/rooms/invite").as_object().size(), 1U);
}

TEST_P(NoticesApi, AreNoLettersFromOutside) {
  auto& governance = server.app().governance();
  auto const board = server.run(governance.add_authority(
      {.code = "KS", .name_sv = "Kommunstyrelsen", .name_en = "Board", .valid_from = governance.today()},
      {}));
  ASSERT_TRUE(board);
  auto const reader = server.app().identity().find(TestServer::user_id("bob"));
  ASSERT_TRUE(server.run(governance.assign({.user = reader,
                                            .authority = *board,
                                            .role = governance::Role::registrar,
                                            .valid_from = governance.today()},
                                           {})));
  ASSERT_EQ(tell("one").status, 200U);
  ASSERT_EQ(server.post(rooms(invited_to(), "join"), bob, json::object{}).status, 200U);
  ASSERT_EQ(tell("two").status, 200U);
  auto const desk = server.get("/_torg/v1/queue?authority=KS", bob);
  ASSERT_EQ(desk.status, 200U) << json::serialize(desk.body);
  EXPECT_EQ(desk.at("/lines"), json::array()) << "what the organisation itself says";
  server.restart();
  ASSERT_EQ(tell("three").status, 200U);
  EXPECT_EQ(server.get("/_torg/v1/queue?authority=KS", bob).at("/lines"), json::array());
}

TEST_P(NoticesApi, EndWithTheAccountOfTheirReader) {
  ASSERT_EQ(tell("one").status, 200U);
  auto const notices = invited_to();
  ASSERT_EQ(server.post(user_path("bob", "/deactivate"), root, because()).status, 200U);
  auto const members = server.get(std::string(kAdmin) + "/rooms/" + in_path(notices) + "/members", root);
  EXPECT_EQ(members.at("/members/0/membership"), "leave");
  EXPECT_EQ(tell("two").errcode(), "M_NOT_FOUND");
}

TEST(Notices, AreNotSentWhereNoNameIsConfigured) {
  TestServer server(db::Database::Kind::sqlite, {"server_notices="});
  server.run(server.app().identity().create_user({.localpart = "root",
                                                  .password = "secret-root",
                                                  .displayname = {},
                                                  .role = identity::Role::administrator}));
  auto const root = server.log_in("root", "secret-root");
  json::object const body{{"user_id", TestServer::user_id("root")}, {"content", json::object{}}};
  EXPECT_EQ(server.post("/_synapse/admin/v1/send_server_notice", root, body).status, 400U);
}

}  // namespace
}  // namespace torg::testing
