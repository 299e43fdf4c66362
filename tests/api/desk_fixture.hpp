#pragma once
#include "governance/service.hpp"
#include "room_fixture.hpp"

namespace torg::testing {

/// Alice is an officer of the building board, Bob the registrar and Carol an officer of the municipal board.
class DeskRoom : public RoomApi {
 protected:
  std::string carol = server.sign_up("carol");

  void SetUp() override {
    RoomApi::SetUp();
    auto const ks = board("KS", "Kommunstyrelsen"), bn = board("BN", "Byggnadsnämnden");
    assign("alice", bn, governance::Role::officer);
    assign("bob", ks, governance::Role::registrar);
    assign("carol", ks, governance::Role::officer);
    room = make_room(alice, {{"invite", {TestServer::user_id("bob"), TestServer::user_id("carol")}},
                             {"initial_state",
                              {{{"type", "m.room.history_visibility"},
                                {"state_key", ""},
                                {"content", {{"history_visibility", "joined"}}}}}}});
    ASSERT_EQ(server.post(rooms(room, "join"), bob, json::object{}).status, 200U);
  }
  AuthorityId board(std::string code, std::string name) {
    auto& governance = server.app().governance();
    return server
        .run(governance.add_authority(
            {.code = std::move(code), .name_sv = name, .name_en = name, .valid_from = governance.today()},
            {}))
        .value();
  }
  void assign(std::string_view who, AuthorityId authority, governance::Role role) {
    auto& governance = server.app().governance();
    ASSERT_TRUE(server.run(governance.assign({.user = server.app().identity().find(TestServer::user_id(who)),
                                              .authority = authority,
                                              .role = role,
                                              .valid_from = governance.today()},
                                             {})));
  }
  /// The body of a preview, and of a lift with a key and a draft beside.
  [[nodiscard]] json::object what(std::vector<std::string> const& events) const {
    json::array ids;
    for (auto const& event : events) ids.emplace_back(event);
    return {{"room_id", room}, {"event_ids", std::move(ids)}, {"authority", "KS"}};
  }
  Reply preview(std::string const& who, std::string const& event) {
    return server.post("/_torg/v1/lifts/preview", who, what({event}));
  }
};

}  // namespace torg::testing
