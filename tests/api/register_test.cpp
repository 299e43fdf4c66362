// The register as its people use it, over the API: search, files of lists, series, cases, the list of a day.
#include "governance/zone.hpp"
#include "room_fixture.hpp"

namespace torg::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr std::string_view kOurs = "/_torg/v1/";

class RegisterApi : public ::testing::TestWithParam<db::Database::Kind> {
 protected:
  TestServer server{GetParam()};
  std::string sandra = server.sign_up("sandra"), ali = server.sign_up("ali"), karin = server.sign_up("karin");

  void SetUp() override {
    auto const ks = authority("KS", "Kommunstyrelsen"), bn = authority("BN", "Byggnadsnämnden");
    assign("sandra", ks, governance::Role::registrar);
    assign("karin", ks, governance::Role::archivist);
    assign("ali", bn, governance::Role::registrar);
  }
  AuthorityId authority(std::string code, std::string name) {
    auto& governance = server.app().governance();
    return server
        .run(governance.add_authority(
            {.code = std::move(code), .name_sv = name, .name_en = name, .valid_from = governance.today()},
            {}))
        .value();
  }
  void assign(std::string_view name, AuthorityId where, governance::Role role) {
    auto& app = server.app();
    ASSERT_TRUE(server.run(app.governance().assign({.user = app.identity().find(TestServer::user_id(name)),
                                                    .authority = where,
                                                    .role = role,
                                                    .valid_from = app.governance().today()},
                                                   {})));
  }
  static std::string ours(std::string_view rest) { return std::string(kOurs) + std::string(rest); }
  Reply get(std::string_view rest, std::string const& token) { return server.get(ours(rest), token); }
  Reply post(std::string_view rest, std::string const& token, json::value body) {
    return server.post(ours(rest), token, std::move(body));
  }

  /// Somebody called; the registrar writes it down. @return the record
  json::value call_about(std::string const& token, std::string_view code, std::string_view title,
                         json::object more = {}) {
    json::object draft{{"title", title},
                       {"direction", "in"},
                       {"sender", "Gun Ahlbäck"},
                       {"recipient", "Kommunen"},
                       {"private_person", true},
                       {"came_or_made_day", "2026-11-20"},
                       {"record_type", "Synpunkt"},
                       {"internal_title", ""}};
    for (auto const& member : more) draft[member.key()] = member.value();
    auto const reply = post("manual", token,
                            {{"key", "k" + std::to_string(++calls_)},
                             {"kind", "phone"},
                             {"authority", code},
                             {"note", "Hon ringde."},
                             {"draft", std::move(draft)}});
    EXPECT_EQ(reply.status, 200u) << json::serialize(reply.body);
    return reply.at("/record");
  }
  net::Response raw(std::string target, std::string const& token) {
    net::Request request;
    request.target = std::move(target);
    request.headers = {{"authorization", "Bearer " + token}};
    return server.run(server.app().router().dispatch(std::move(request)));
  }
  static std::vector<std::string> titles(Reply const& reply) {
    std::vector<std::string> found;
    for (auto const& record : reply.at("/records").as_array()) {
      auto const& title = record.at("title");
      found.emplace_back(title.is_string() ? title.as_string() : "-");
    }
    return found;
  }

 private:
  int calls_ = 0;
};
INSTANTIATE_TEST_SUITE_P(Db, RegisterApi, db::both_databases(), db::database_name);

TEST_P(RegisterApi, FindsByWhatOnlyItsOwnPeopleMayKnow) {
  call_about(sandra, "KS", "Synpunkt om bron", {{"internal_title", "Grannen klagar på bron"}});
  auto const found = get("records/search?q=grannens", sandra);
  ASSERT_EQ(found.status, 200u) << json::serialize(found.body);
  EXPECT_THAT(titles(found), ::testing::ElementsAre("Synpunkt om bron"));
  EXPECT_EQ(found.at("/count"), 1);
  EXPECT_EQ(found.at("/records/0/masked"), false);
  EXPECT_TRUE(titles(get("records/search?q=grannens", ali)).empty());
  auto const masked = get("records/search?q=bron&authority=KS", ali);
  ASSERT_THAT(titles(masked), ::testing::ElementsAre("Synpunkt om bron")) << "the registrar showed it";
  EXPECT_EQ(masked.at("/records/0/masked"), true);
  EXPECT_THAT(json::serialize(masked.body), ::testing::Not(HasSubstr("Gun Ahl")));
  EXPECT_TRUE(titles(get("records/search?q=grannens&authority=KS", ali)).empty());
  EXPECT_TRUE(titles(get("records/search?q=ahlb%C3%A4ck&authority=KS", ali)).empty());
}

TEST_P(RegisterApi, RefusesAQuestionThatMakesNoSense) {
  EXPECT_EQ(get("records/search?from=imorgon", sandra).errcode(), "M_INVALID_PARAM");
  EXPECT_EQ(get("records/search?direction=up", sandra).errcode(), "M_INVALID_PARAM");
  EXPECT_EQ(get("records/search?status=lost", sandra).errcode(), "M_INVALID_PARAM");
  EXPECT_EQ(get("records/search?authority=XX", sandra).errcode(), "M_NOT_FOUND");
  EXPECT_EQ(get("records/search?format=pdf", sandra).errcode(), "M_INVALID_PARAM");
  EXPECT_EQ(get("records/search", server.sign_up("citizen")).errcode(), "M_FORBIDDEN");
}

TEST_P(RegisterApi, GivesAnyListAsAFile) {
  for (int n = 0; n < 3; ++n) call_about(sandra, "KS", "=SUM(A" + std::to_string(n) + ")");
  auto const csv = raw(ours("records/search?q=sum&format=csv&bom=true"), sandra);
  ASSERT_EQ(csv.status, 200u) << csv.body;
  EXPECT_THAT(csv.body, StartsWith("\xef\xbb\xbf"
                                   "Diarienummer,"));
  EXPECT_THAT(csv.body, HasSubstr(",\"'=SUM(A0)\","));
  EXPECT_EQ(std::ranges::count(csv.body, '\n'), 4);
  auto const lines = parse_json(raw(ours("records/search?q=sum&format=json"), sandra).body).value();
  EXPECT_EQ(lines.as_array().size(), 3u);
  EXPECT_EQ(lines.at(0).at("sender"), "Gun Ahlbäck");
  EXPECT_THAT(raw(ours("cases?format=csv&lang=en"), sandra).body, StartsWith("Number,Title,"));
  EXPECT_THAT(raw(ours("queue?format=csv"), sandra).body, StartsWith("Senast,"));
  EXPECT_THAT(raw(ours("records/day?format=xlsx"), sandra).body, StartsWith("PK"));
  auto const masked = raw(ours("records/search?q=sum&authority=KS&format=csv"), ali);
  EXPECT_THAT(masked.body, ::testing::Not(HasSubstr("Gun")));
}

TEST_P(RegisterApi, KeepsSearchesForThePersonWhoMadeThem) {
  json::object const query{{"q", "bron"}, {"authority", json::array{"KS"}}};
  auto const saved = post("searches", sandra, {{"name", "Bron"}, {"query", query}});
  ASSERT_EQ(saved.status, 200u) << json::serialize(saved.body);
  EXPECT_EQ(post("searches", sandra, {{"name", "x"}, {"query", {{"sql", "1"}}}}).errcode(),
            "M_INVALID_PARAM");
  server.restart();
  EXPECT_EQ(get("searches", sandra).at("/searches/0/query"), json::value(query));
  EXPECT_EQ(get("searches", ali).at("/searches"), json::array());
  auto const path = ours("searches/" + std::to_string(saved.at("/id").to_number<std::int64_t>()));
  EXPECT_EQ(server.call(net::Method::delete_, path, ali).errcode(), "M_NOT_FOUND");
  EXPECT_EQ(server.call(net::Method::delete_, path, sandra).status, 200u);
}

TEST_P(RegisterApi, OpensTheListOfAnyDay) {
  call_about(sandra, "KS", "Synpunkt om bron");
  auto const today = governance::to_text(server.app().governance().today());
  auto const list = get("records/day?authority=KS&day=" + today, sandra);
  EXPECT_THAT(titles(list), ::testing::ElementsAre("Synpunkt om bron"));
  EXPECT_EQ(list.text("/print"), "/_torg/v1/daylist?authority=KS&day=" + today);
  EXPECT_EQ(raw(list.text("/print"), sandra).status, 200u);
  auto const before = get("records/day?authority=KS&day=2020-01-01", sandra);
  EXPECT_EQ(before.text("/following"), today);
  EXPECT_EQ(get("records/days?authority=KS", sandra).at("/days/0/records"), 1);
  EXPECT_EQ(get("records/day?authority=KS", ali).errcode(), "M_FORBIDDEN");
}

json::object series(std::string_view pattern, json::array types = {}) {
  return {{"name", {{"sv", "Serie"}}}, {"pattern", pattern}, {"record_types", std::move(types)}};
}

TEST_P(RegisterApi, RefusesSeriesThatCouldMeetWhenTheyAreSet) {
  auto const put = [&](json::array list) {
    return server.put(ours("authorities/KS/series"), karin,
                      {{"decision", "KS § 3"}, {"series", std::move(list)}});
  };
  EXPECT_EQ(put({series("{code} {case}")}).errcode(), "ORG.TORG.RULE_REFUSES");
  auto const meets = put({series("{code} {year}/{case}-{doc}"), series("BN {year}/{case:5}-{doc}", {"Akt"})});
  EXPECT_EQ(meets.status, 409u);
  EXPECT_EQ(meets.at("/problems/0/series"), 1);
  EXPECT_THAT(meets.text("/why/sv"), HasSubstr("samma nummer"));
  EXPECT_EQ(server.put(ours("authorities/KS/series"), sandra, {{"decision", "x"}, {"series", json::array{}}})
                .errcode(),
            "M_FORBIDDEN");
  auto const good =
      put({series("{code} {year}/{case:5}-{doc}"), series("{code}-P {year}/{case}:{doc}", {"Akt"})});
  ASSERT_EQ(good.status, 200u) << json::serialize(good.body);
  server.restart();
  auto const record = call_about(sandra, "KS", "En akt", {{"record_type", "akt"}});
  EXPECT_THAT(std::string(record.at("number").as_string()), ::testing::MatchesRegex("KS-P 20..[/]1:1"));
  EXPECT_EQ(get("authorities/KS/series", sandra).at("/series/1/has_given_numbers"), true);
}

TEST_P(RegisterApi, ChangesACaseAndTellsItsHistory) {
  auto const record = call_about(sandra, "KS", "Synpunkt om bron");
  auto const id = std::to_string(record.at("case").at("id").to_number<std::int64_t>());
  auto const change = [&](json::object body) {
    return post("cases/" + id + "/changes", sandra, std::move(body));
  };
  EXPECT_EQ(change({{"field", "state"}, {"value", "closed"}}).errcode(), "ORG.TORG.RULE_REFUSES");
  ASSERT_EQ(change({{"field", "officer"}, {"value", TestServer::user_id("sandra")}}).status, 200u);
  auto const shown = change(
      {{"field", "parallel"}, {"value", json::array{{{"authority", "Länsstyrelsen"}, {"number", "551-1"}}}}});
  ASSERT_EQ(shown.status, 200u) << json::serialize(shown.body);
  EXPECT_EQ(shown.text("/officer"), TestServer::user_id("sandra"));
  EXPECT_EQ(shown.text("/parallel/0/number"), "551-1");
  EXPECT_EQ(shown.text("/changes/0/to"), TestServer::user_id("sandra"));
  EXPECT_EQ(
      get("cases?officer=" + in_path(TestServer::user_id("sandra")), sandra).at("/cases").as_array().size(),
      1u);
  EXPECT_EQ(get("cases/" + id + "/collections", sandra).at("/items"), json::array());
}

TEST_P(RegisterApi, RelatesRecords) {
  auto const first = call_about(sandra, "KS", "Fråga om bron"),
             second = call_about(sandra, "KS", "Svar om bron");
  json::object const body{
      {"of", "records"}, {"kind", "answers"}, {"from", second.at("number")}, {"to", first.at("id")}};
  ASSERT_EQ(post("relations", sandra, body).status, 200u);
  EXPECT_EQ(post("relations", sandra, body).errcode(), "ORG.TORG.CONFLICT") << "it stands already";
  EXPECT_EQ(post("relations", ali, body).errcode(), "M_NOT_FOUND");
  auto const id = std::to_string(first.at("id").to_number<std::int64_t>());
  auto const seen = get("records/" + id, sandra);
  EXPECT_EQ(seen.text("/relations/0/kind"), "answers");
  EXPECT_EQ(seen.at("/relations/0/reverse"), true);
  EXPECT_EQ(seen.at("/relations/0/other/number"), second.at("number"));
}

}  // namespace
}  // namespace torg::testing
