// https://spec.matrix.org/v1.19/client-server-api/#policy-servers
#include "room_fixture.hpp"

namespace torg::testing {
namespace {

class PolicyServerApi : public RoomApi {
 protected:
  Reply name(std::string const& server_name) {
    return server.put(rooms(room, "state/m.room.policy"), alice,
                      {{"via", server_name}, {"public_keys", {{"ed25519", "key"}}}});
  }
};
INSTANTIATE_TEST_SUITE_P(Db, PolicyServerApi, db::both_databases(), db::database_name);

TEST_P(PolicyServerApi, ThisServerIsNone) {
  EXPECT_EQ(server.get("/.well-known/matrix/policy_server").errcode(), "M_NOT_FOUND");
  EXPECT_EQ(name("test.example").errcode(), "M_BAD_JSON");
}

TEST_P(PolicyServerApi, OneWithoutAnybodyInTheRoomIsNotAsked) {
  ASSERT_EQ(name("policy.example").status, 200U);
  EXPECT_EQ(send(bob, "hej", "t").status, 200U);
  EXPECT_EQ(server.get(rooms(room, "state/m.room.policy"), bob).text("/via"), "policy.example");
}

}  // namespace
}  // namespace torg::testing
