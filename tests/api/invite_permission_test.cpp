// Who may invite whom: https://spec.matrix.org/v1.19/client-server-api/#invite-permission
#include "room_fixture.hpp"

namespace torg::testing {
namespace {

class InvitePermissionApi : public RoomApi {
 protected:
  std::string carol = server.sign_up("carol");

  void set_permission(json::value content, std::string const& type = "m.invite_permission_config") {
    auto const path =
        "/_matrix/client/v3/user/" + in_path(TestServer::user_id("carol")) + "/account_data/" + type;
    ASSERT_EQ(server.put(path, carol, std::move(content)).status, 200U);
  }
  Reply invite(std::string const& token) {
    return server.post(rooms(room, "invite"), token, {{"user_id", TestServer::user_id("carol")}});
  }
  bool is_invited(Reply const& answer) { return !part(answer, "invite").is_null(); }
};
INSTANTIATE_TEST_SUITE_P(Db, InvitePermissionApi, db::both_databases(), db::database_name);

TEST_P(InvitePermissionApi, WhoBlocksInvitationsIsInvitedNowhere) {
  for (auto const* type : {"m.invite_permission_config", "org.matrix.msc4380.invite_permission_config"}) {
    set_permission({{"default_action", "block"}}, type);
    EXPECT_EQ(invite(alice).errcode(), "M_INVITE_BLOCKED") << type;
    auto const member = rooms(room, "state/m.room.member/" + in_path(TestServer::user_id("carol")));
    EXPECT_EQ(server.put(member, alice, {{"membership", "invite"}}).errcode(), "M_INVITE_BLOCKED") << type;
    auto const created = server.post("/_matrix/client/v3/createRoom", alice,
                                     {{"invite", json::array{TestServer::user_id("carol")}}});
    EXPECT_EQ(created.errcode(), "M_INVITE_BLOCKED") << type;
    set_permission(json::object{}, type);
  }
  EXPECT_FALSE(is_invited(sync(carol)));
  EXPECT_EQ(invite(alice).status, 200U);
  EXPECT_TRUE(is_invited(sync(carol)));
}

TEST_P(InvitePermissionApi, AnInvitationFromBeforeIsHiddenWhileTheyAreBlocked) {
  ASSERT_EQ(invite(alice).status, 200U);
  set_permission({{"default_action", "block"}});
  EXPECT_FALSE(is_invited(sync(carol)));
  server.restart();
  EXPECT_FALSE(is_invited(sync(carol)));
  EXPECT_EQ(invite(alice).errcode(), "M_INVITE_BLOCKED");
  set_permission(json::object{});
  EXPECT_TRUE(is_invited(sync(carol)));
}

TEST_P(InvitePermissionApi, AnIgnoredInvitationIsMadeWithoutReachingAnybody) {
  set_permission({{"ignored_users", {TestServer::user_id("al*")}}, {"blocked_users", {"@b?b:*"}}},
                 "org.matrix.msc4155.invite_permission_config");
  EXPECT_EQ(invite(bob).errcode(), "M_INVITE_BLOCKED");
  auto const since = sync(carol).text("/next_batch");
  EXPECT_EQ(invite(alice).status, 200U);
  EXPECT_FALSE(is_invited(sync(carol, since)));
  EXPECT_FALSE(is_invited(sync(carol)));
  EXPECT_EQ(server.post(rooms(room, "join"), carol, json::object{}).status, 200U);
}

}  // namespace
}  // namespace torg::testing
