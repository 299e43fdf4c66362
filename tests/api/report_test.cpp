#include "governance/store.hpp"
#include "room_fixture.hpp"

namespace torg::testing {
namespace {

class ReportApi : public RoomApi {
 protected:
  std::string boss = server.sign_up("boss");

  void SetUp() override {
    RoomApi::SetUp();
    auto& app = server.app();
    auto const by = app.identity().find(TestServer::user_id("boss"));
    governance::Authority authority;
    authority.code = "KS";
    authority.name_sv = "Kommunstyrelsen";
    authority.name_en = "Municipal Executive Board";
    authority.organisation = "Älvhamn";
    auto const board = server.run(app.governance().add_authority(std::move(authority), by));
    ASSERT_TRUE(board);
    governance::Assignment assignment;
    assignment.user = by;
    assignment.authority = *board;
    assignment.role = governance::Role::administrator;
    ASSERT_TRUE(server.run(app.governance().assign(std::move(assignment), by)));
  }
  Reply report(std::string const& token, std::string const& what, json::value body = {{"reason", "spam"}}) {
    return server.post("/_matrix/client/v3/" + what, token, std::move(body));
  }
  Reply reports(std::string const& more = "") { return server.get("/_torg/v1/admin/reports" + more, boss); }
};
INSTANTIATE_TEST_SUITE_P(Db, ReportApi, db::both_databases(), db::database_name);

TEST_P(ReportApi, AdministratorsReadWhatPeopleReport) {
  auto const event = say(alice, "otrevligheter");
  auto const in_room = "rooms/" + in_path(room) + "/report";
  ASSERT_EQ(report(bob, in_room).status, 200U);
  ASSERT_EQ(report(bob, in_room + "/" + in_path(event), {{"reason", "fult"}}).status, 200U);
  ASSERT_EQ(
      report(bob, "users/" + in_path(TestServer::user_id("alice")) + "/report", {{"reason", ""}}).status,
      200U);
  auto const list = reports();
  ASSERT_EQ(list.at("/reports").as_array().size(), 3U);
  EXPECT_EQ(list.text("/reports/0/user_id"), TestServer::user_id("alice"));
  EXPECT_EQ(list.at("/reports/0/room_id"), nullptr);
  EXPECT_EQ(list.text("/reports/1/event_id"), event);
  EXPECT_EQ(list.text("/reports/1/room_id"), room);
  EXPECT_EQ(list.text("/reports/1/reason"), "fult");
  EXPECT_EQ(list.text("/reports/2/by"), TestServer::user_id("bob"));
  EXPECT_EQ(list.at("/reports/2/event_id"), nullptr);
  EXPECT_EQ(list.at("/next"), nullptr);
  auto const older = reports("?before=" + std::to_string(list.at("/reports/1/id").as_int64()));
  EXPECT_EQ(older.at("/reports").as_array().size(), 1U);
  EXPECT_EQ(reports("?before=x").errcode(), "M_INVALID_PARAM");
}

TEST_P(ReportApi, ReadingThemIsALineInTheAuditLog) {
  ASSERT_EQ(reports().status, 200U);
  bool found = false;
  auto const boss_nid = server.app().identity().find(TestServer::user_id("boss"));
  server.app().rooms().database().read_now([&](db::Reader& reader) {
    for (auto const& row : governance::store::audit_rows(reader, 0, 1'000))
      found = found || (row.what == "reports.read" && row.by == boss_nid);
  });
  EXPECT_TRUE(found);
}

TEST_P(ReportApi, NobodyElseReadsThem) {
  EXPECT_EQ(server.get("/_torg/v1/admin/reports", alice).errcode(), "M_FORBIDDEN");
  EXPECT_EQ(server.get("/_torg/v1/admin/reports").errcode(), "M_MISSING_TOKEN");
}

TEST_P(ReportApi, AnEventIsReportedByThoseWhoMayReadIt) {
  auto const carol = server.sign_up("carol");
  auto const event = say(alice, "hej");
  auto const path = "rooms/" + in_path(room) + "/report/";
  EXPECT_EQ(report(carol, path + in_path(event)).errcode(), "M_NOT_FOUND");
  EXPECT_EQ(report(bob, path + "$nothing").errcode(), "M_NOT_FOUND");
  EXPECT_EQ(report(bob, path + in_path(event), {{"reason", 1}}).errcode(), "M_BAD_JSON");
  EXPECT_EQ(report(bob, path + in_path(event), {{"reason", std::string(5'000, 'x')}}).errcode(),
            "M_TOO_LARGE");
  EXPECT_EQ(reports().at("/reports"), json::array{});
}

TEST_P(ReportApi, AReportTellsNobodyWhatThereIs) {
  EXPECT_EQ(report(bob, "rooms/!nowhere/report").status, 200U);
  EXPECT_EQ(report(bob, "users/@nobody:test.example/report").status, 200U);
  EXPECT_EQ(reports().at("/reports"), json::array{});
}

class MutualRoomsApi : public RoomApi {
 protected:
  Reply mutual(std::string const& token, std::string const& query) {
    return server.get("/_matrix/client/v1/mutual_rooms" + query, token);
  }
};
INSTANTIATE_TEST_SUITE_P(Db, MutualRoomsApi, db::both_databases(), db::database_name);

TEST_P(MutualRoomsApi, TheRoomsThatBothHaveJoinedAreGiven) {
  make_room(alice, {{"invite", {TestServer::user_id("bob")}}});
  auto const of_alice = "?user_id=" + in_path(TestServer::user_id("alice"));
  EXPECT_EQ(mutual(bob, of_alice).body,
            (json::value{{"count", 1}, {"joined", json::array{json::value(room)}}}));
  auto const nobody = mutual(bob, "?user_id=" + in_path(TestServer::user_id("nobody")));
  EXPECT_EQ(nobody.body, (json::value{{"count", 0}, {"joined", json::array{}}}));
}

TEST_P(MutualRoomsApi, TheyAreReadInPages) {
  for (int i = 0; i < 100; ++i) {
    auto const other = make_room(alice, {{"preset", "public_chat"}});
    ASSERT_EQ(server.post(rooms(other, "join"), bob, json::object{}).status, 200U);
  }
  auto const of_alice = "?user_id=" + in_path(TestServer::user_id("alice"));
  auto const first = mutual(bob, of_alice);
  EXPECT_EQ(first.at("/count"), 101);
  EXPECT_EQ(first.at("/joined").as_array().size(), 100U);
  auto const second = mutual(bob, of_alice + "&from=" + first.text("/next_batch"));
  EXPECT_EQ(second.at("/joined").as_array().size(), 1U);
  EXPECT_EQ(second.at("/next_batch"), nullptr);
}

TEST_P(MutualRoomsApi, AQuestionWithoutAnotherPersonIsRefused) {
  EXPECT_EQ(mutual(bob, "").errcode(), "M_MISSING_PARAM");
  EXPECT_EQ(mutual(bob, "?user_id=bob").errcode(), "M_INVALID_PARAM");
  EXPECT_EQ(mutual(bob, "?user_id=" + in_path(TestServer::user_id("bob"))).errcode(), "M_INVALID_PARAM");
  EXPECT_EQ(mutual(bob, "?from=x&user_id=" + in_path(TestServer::user_id("alice"))).errcode(),
            "M_INVALID_PARAM");
}

}  // namespace
}  // namespace torg::testing
