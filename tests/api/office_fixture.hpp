#pragma once
#include "testing/test_server.hpp"

namespace torg::testing {

/// A municipality's two boards and their people: Sandra registers and Maja works for KS, Karin keeps its
/// archives, Ali works for BN.
class OfficeApi : public ::testing::TestWithParam<db::Database::Kind> {
 protected:
  explicit OfficeApi(std::vector<std::string> settings = {}) : server(GetParam(), std::move(settings)) {}

  TestServer server;
  std::string sandra = server.sign_up("sandra"), maja = server.sign_up("maja"),
              karin = server.sign_up("karin"), ali = server.sign_up("ali");

  void SetUp() override {
    auto const ks = found("KS", "Kommunstyrelsen");
    auto const bn = found("BN", "Byggnadsnämnden");
    using governance::Role;
    give("sandra", ks, Role::registrar);
    give("maja", ks, Role::officer);
    give("karin", ks, Role::archivist);
    give("ali", bn, Role::officer);
  }

  AuthorityId found(std::string code, std::string name) {
    governance::Authority board;
    board.code = std::move(code);
    board.name_sv = board.name_en = std::move(name);
    board.organisation = "Älvhamns kommun";
    board.mark = "wave";
    board.valid_from = server.app().governance().today();
    auto const id = server.run(server.app().governance().add_authority(std::move(board), {}));
    EXPECT_TRUE(id) << id.error().message;
    return id.value_or(AuthorityId{});
  }
  void give(std::string_view name, AuthorityId authority, governance::Role role) {
    governance::Assignment assignment;
    assignment.user = server.app().identity().find(TestServer::user_id(name));
    assignment.authority = authority;
    assignment.role = role;
    assignment.valid_from = server.app().governance().today();
    EXPECT_TRUE(server.run(server.app().governance().assign(std::move(assignment), {})));
  }
  /// A letter over the counter; the parts of the draft that are given win.
  Reply enter(std::string const& token, std::string const& key, json::object const& more) {
    json::object draft{{"title", "Skrivelse"},
                       {"direction", "in"},
                       {"sender", "Granviks kommun"},
                       {"recipient", "Kommunstyrelsen"},
                       {"classification", "1.4.1"},
                       {"record_type", "Yttrande"},
                       {"came_or_made_day", "2026-11-20"}};
    for (auto const& member : more) draft[member.key()] = member.value();
    return server.post(
        "/_torg/v1/manual", token,
        {{"key", key}, {"kind", "counter"}, {"authority", "KS"}, {"note", ""}, {"draft", std::move(draft)}});
  }
};

}  // namespace torg::testing
