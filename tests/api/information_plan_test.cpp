// Information plans, joint drafting and letting an authority in, through a whole server.
#include "office_fixture.hpp"

#include <map>

namespace torg::testing {
namespace {

constexpr std::string_view kPlan = "/_torg/v1/authorities/KS/information-plan";
constexpr std::string_view kClasses =
    "code,parent,level,title_sv,title_en\n1,,1,Leda,Lead\n1.4,1,2,Trygghet,Safety\n1.4.1,1.4,3,Risker,"
    "Risks\n";
constexpr std::string_view kHead =
    "process_code,record_type_sv,record_type_en,where,disposition,period,trigger,decision_ref,mandatory_"
    "fields,list\n";

class InformationPlanApi : public OfficeApi {
 protected:
  static json::object tables(std::string_view rows) {
    return {{"classification", kClasses}, {"plan", std::string(kHead) + std::string(rows)}};
  }
  Reply plan(std::string_view rest, std::string const& token, json::object body) {
    return server.post(std::string(kPlan) + std::string(rest), token, std::move(body));
  }
  /// Imports and adopts; the version's id.
  std::int64_t adopt(std::string_view rows) {
    auto const imported = plan("", sandra, tables(rows));
    EXPECT_EQ(imported.status, 200u) << json::serialize(imported.body);
    auto const id = imported.at("/version/id").as_int64();
    auto const path = "/versions/" + std::to_string(id) + "/adopt";
    EXPECT_EQ(plan(path, sandra, {{"decision", "KS § 7"}}).status, 403u);
    EXPECT_EQ(plan(path, karin, {{"decision", "KS § 7"}}).status, 200u);
    return id;
  }
};
INSTANTIATE_TEST_SUITE_P(Db, InformationPlanApi, db::both_databases(), db::database_name);

TEST_P(InformationPlanApi, ShowsEveryContradictionAndKeepsNothing) {
  auto const refused = plan("", sandra,
                            tables("1.4.1,Yttrande,,registered,dispose,2 years,,GB 1,,\n"
                                   "7,Brev,,registered,,,,,,\n"));
  EXPECT_EQ(refused.status, 409u);
  EXPECT_EQ(refused.errcode(), "ORG.TORG.RULE_REFUSES");
  ASSERT_EQ(refused.at("/problems").as_array().size(), 3u);
  EXPECT_EQ(refused.text("/problems/0/code"), "period_without_trigger");
  EXPECT_EQ(refused.at("/problems/0/row").as_int64(), 2);
  EXPECT_TRUE(server.get(std::string(kPlan), maja).at("/versions").as_array().empty());
  EXPECT_EQ(server.get(std::string(kPlan), ali).status, 403u);
}

TEST_P(InformationPlanApi, TellsWhatAVersionChangesBeforeItIsAdopted) {
  adopt("1.4.1,Yttrande,,registered,preserve,,,,,\n");
  auto const dry = plan("/check", maja,
                        tables("1.4.1,Yttrande,,registered,dispose,2 years,case_closed,GB 1,,\n"
                               "1.4.1,Analys,,registered,preserve,,,,,\n"));
  ASSERT_EQ(dry.status, 200u) << json::serialize(dry.body);
  EXPECT_EQ(dry.text("/changes/added/0/record_type/sv"), "Analys");
  EXPECT_EQ(dry.text("/changes/changed/0/fields/0/to"), "dispose");
  EXPECT_EQ(server.get(std::string(kPlan), maja).at("/versions").as_array().size(), 1u);
}

TEST_P(InformationPlanApi, AsksForMandatoryFieldsByNameAndKeepsTheRowOfThen) {
  auto const first = adopt("1.4.1,Yttrande,Statement,registered,preserve,,,,recipient,\n");
  auto const refused = enter(sandra, "a", {{"recipient", ""}});
  EXPECT_EQ(refused.status, 409u);
  EXPECT_EQ(refused.text("/field"), "recipient");
  EXPECT_EQ(refused.text("/why/sv"), "Planen kräver mottagare för handlingstypen Yttrande.");
  auto const entered = enter(sandra, "a", {});
  ASSERT_EQ(entered.status, 200u) << json::serialize(entered.body);
  adopt("1.4.1,Yttrande,Statement,registered,dispose,2 years,case_closed,GB 1,,\n");
  auto const record =
      server.get("/_torg/v1/records/" + std::to_string(entered.at("/record/id").as_int64()), maja);
  EXPECT_EQ(record.at("/plan/version").as_int64(), first);
  EXPECT_EQ(record.text("/plan/disposition"), "preserve");
  EXPECT_EQ(enter(sandra, "b", {{"recipient", ""}}).text("/record/plan/disposition"), "dispose");
}

TEST_P(InformationPlanApi, NamesTheListsThatAreRecordsFromTheFirstRow) {
  adopt("1.4.1,Medlemslista,,kept_ordered,dispose,2 years,created,GB 1,,members\n");
  auto const lists = server.get("/_torg/v1/authorities/KS/lists", maja);
  ASSERT_EQ(lists.status, 200u);
  EXPECT_EQ(lists.text("/lists/2/name"), "members");
  EXPECT_EQ(lists.text("/lists/2/plan/period"), "2 years");
  EXPECT_TRUE(lists.at("/lists/0/plan").is_null());
  EXPECT_EQ(lists.text("/lists/0/basis"), "continuing_list");
}

TEST_P(InformationPlanApi, FindsProvisionsToMarkBy) {
  auto const found = server.get("/_torg/v1/secrecy/provisions?query=OSL%2021:1&limit=1", maja);
  EXPECT_EQ(found.text("/provisions/0/id"), "OSL-21-1");
  EXPECT_EQ(server.get("/_torg/v1/secrecy/provisions?limit=0", maja).status, 400u);
  auto const marked = enter(sandra, "a", {{"secrecy", {{"provision", "OSL 21:1"}, {"day", "2026-11-20"}}}});
  EXPECT_EQ(marked.text("/record/secrecy_shown/0/provision"), "21 kap. 1 § OSL");
  EXPECT_TRUE(marked.at("/record/secrecy_shown/0/listed").as_bool());
  EXPECT_EQ(marked.text("/record/secrecy_shown/0/authority"), "KS");
  auto const own = enter(sandra, "b", {{"secrecy", {{"provision", "egen grund"}, {"day", "2026-11-20"}}}});
  EXPECT_FALSE(own.at("/record/secrecy_shown/0/listed").as_bool());
  EXPECT_EQ(enter(sandra, "c", {{"secrecy", {{"provision", " "}, {"day", "2026-11-20"}}}}).errcode(),
            "ORG.TORG.RULE_REFUSES");
}

/// A room of Maja's in which something has been said.
class OpeningApi : public OfficeApi {
 protected:
  std::string room_of(std::string_view visibility) {
    json::array state;
    state.push_back(json::object{{"type", "m.room.history_visibility"},
                                 {"state_key", ""},
                                 {"content", {{"history_visibility", visibility}}}});
    auto const made = server.post("/_matrix/client/v3/createRoom", maja,
                                  {{"preset", "private_chat"}, {"initial_state", std::move(state)}});
    return made.text("/room_id");
  }
  std::string say(std::string const& token, std::string const& room, std::string const& text) {
    auto const path =
        "/_matrix/client/v3/rooms/" + in_path(room) + "/send/m.room.message/" + std::to_string(++sent_);
    auto const reply = server.put(path, token, {{"msgtype", "m.text"}, {"body", text}});
    EXPECT_EQ(reply.status, 200u) << json::serialize(reply.body);
    return reply.text("/event_id");
  }
  static std::string opening(std::string const& room) {
    return "/_torg/v1/rooms/" + in_path(room) + "/opening";
  }

 private:
  int sent_ = 0;
};
INSTANTIATE_TEST_SUITE_P(Db, OpeningApi, db::both_databases(), db::database_name);

TEST_P(OpeningApi, CountsWhatWouldBeSentAndReceivedAndChangesNothing) {
  auto const room = room_of("shared");
  auto const said = say(maja, room, "Vi tillstyrker förslaget");
  auto const preview = server.get(opening(room) + "?authority=BN", maja);
  ASSERT_EQ(preview.status, 200u) << json::serialize(preview.body);
  EXPECT_EQ(preview.at("/sent").as_int64(), 1);
  EXPECT_EQ(preview.at("/received").as_int64(), 1);
  EXPECT_EQ(preview.text("/items/0/event_id"), said);
  EXPECT_EQ(preview.text("/items/0/becomes/0/rule"), "R9");
  EXPECT_FALSE(preview.at("/from_now_on/possible").as_bool());
  EXPECT_EQ(server.get(opening(room) + "?authority=BN", ali).status, 403u);
  auto const items =
      server.post("/_torg/v1/rooms/" + in_path(room) + "/items", maja, {{"event_ids", {said}}});
  EXPECT_EQ(items.body.at("items").at(said).at(0).at("handling"), "working");
}

TEST_P(OpeningApi, LetsNobodyInFromNowOnWhereTheHistoryWouldShow) {
  auto const room = room_of("shared");
  say(maja, room, "Vi tillstyrker förslaget");
  json::object const invitation{{"user_id", TestServer::user_id("ali")}};
  auto const refused = server.post(opening(room), maja, invitation);
  EXPECT_EQ(refused.status, 409u);
  EXPECT_FALSE(refused.text("/why/sv").empty());
  auto with_history = invitation;
  with_history["history"] = "with_history";
  auto const invited = server.post(opening(room), maja, std::move(with_history));
  EXPECT_EQ(invited.status, 200u) << json::serialize(invited.body);
  EXPECT_EQ(invited.at("/opening/sent").as_int64(), 1);
}

TEST_P(OpeningApi, ClosesTheHistoryBeforeItInvitesFromNowOn) {
  auto const room = room_of("shared");
  ASSERT_EQ(server.post(opening(room), maja, {{"user_id", TestServer::user_id("ali")}}).status, 200u);
  auto const visibility =
      server.get("/_matrix/client/v3/rooms/" + in_path(room) + "/state/m.room.history_visibility", maja);
  EXPECT_EQ(visibility.text("/history_visibility"), "joined");
}

TEST_P(OpeningApi, DisclosesNothingThatWasSaidWhileTheHistoryWasClosed) {
  auto const room = room_of("joined");
  say(maja, room, "Vi tillstyrker förslaget");
  auto const preview = server.get(opening(room) + "?authority=BN", maja);
  EXPECT_EQ(preview.at("/sent").as_int64(), 0);
  EXPECT_TRUE(preview.at("/from_now_on/possible").as_bool());
  EXPECT_FALSE(preview.at("/from_now_on/changes_visibility").as_bool());
}

TEST_P(OpeningApi, ShowsWhatAnItemIsForEachAuthorityThatTakesPart) {
  auto const room = room_of("joined");
  ASSERT_EQ(server.post(opening(room), maja, {{"user_id", TestServer::user_id("ali")}}).status, 200u);
  ASSERT_EQ(server.post("/_matrix/client/v3/rooms/" + in_path(room) + "/join", ali, json::object{}).status,
            200u);
  auto const said = say(ali, room, "Nämnden avstyrker förslaget");
  auto const path = "/_torg/v1/rooms/" + in_path(room) + "/items/" + in_path(said) + "/timeline";
  auto const line = server.get(path, maja);
  ASSERT_EQ(line.status, 200u) << json::serialize(line.body);
  EXPECT_EQ(line.text("/written_by"), "BN");
  std::map<std::string, json::object> by_code;
  for (auto const& one : line.at("/authorities").as_array())
    by_code[std::string(one.at("authority").as_string())] = one.as_object();
  ASSERT_EQ(by_code.size(), 2u);
  EXPECT_TRUE(by_code["BN"].at("sent").is_object());
  EXPECT_TRUE(by_code["BN"].at("drawn_up").is_object());
  EXPECT_TRUE(by_code["BN"].at("received").is_null());
  EXPECT_TRUE(by_code["KS"].at("received").is_object());
  EXPECT_TRUE(by_code["KS"].at("sent").is_null());
  EXPECT_EQ(server.get(path, karin).status, 403u);
}

}  // namespace
}  // namespace torg::testing
