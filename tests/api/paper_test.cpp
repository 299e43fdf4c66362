// Days on which Torg is down: numbers kept in advance, papers entered later. And what an e-service hands in.
#include "noting_service.hpp"
#include "office_fixture.hpp"

#include <fstream>

namespace torg::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

class PaperApi : public OfficeApi {
 protected:
  Reply reserve(std::string const& token, std::string const& key, int count) {
    return server.post("/_torg/v1/reservations", token,
                       {{"key", key}, {"authority", "KS"}, {"count", count}, {"reason", "Strömavbrott"}});
  }
  Reply enter_paper(std::string const& key, std::string const& number) {
    return server.post("/_torg/v1/manual", sandra,
                       {{"key", key},
                        {"kind", "paper"},
                        {"authority", "KS"},
                        {"reserved", number},
                        {"original_place", "Pärm 3"},
                        {"draft", json::object{{"title", "Skrivelse"},
                                               {"direction", "in"},
                                               {"sender", "Granviks kommun"},
                                               {"recipient", "Kommunstyrelsen"},
                                               {"classification", "1.4.1"},
                                               {"record_type", "Yttrande"},
                                               {"came_or_made_day", "2026-11-12"}}}});
  }
};
INSTANTIATE_TEST_SUITE_P(Db, PaperApi, db::both_databases(), db::database_name);

TEST_P(PaperApi, EntersLaterWhatGotItsNumberOnPaper) {
  auto const kept = reserve(sandra, "k1", 3);
  ASSERT_EQ(kept.status, 200u) << kept.text("/error");
  EXPECT_THAT(kept.at("/numbers").as_array(), SizeIs(3));
  auto const number = kept.text("/numbers/1/number");
  auto const done = enter_paper("p1", number);
  ASSERT_EQ(done.status, 200u) << done.text("/error");
  EXPECT_EQ(done.text("/number"), number);
  EXPECT_EQ(done.text("/record/came_or_made_day"), "2026-11-12");
  EXPECT_EQ(enter_paper("p1", number).text("/number"), number);
  EXPECT_EQ(enter_paper("p2", number).status, 409u);
  EXPECT_EQ(enter_paper("p3", "KS 1999/00001-1").status, 404u);
  auto const next = enter(sandra, "p4", {});
  EXPECT_TRUE(next.text("/number").ends_with("00004-1")) << next.text("/number");
}

TEST_P(PaperApi, GivesEachNumberAnAnswer) {
  auto const kept = reserve(sandra, "k1", 3);
  EXPECT_EQ(enter_paper("p1", kept.text("/numbers/0/number")).status, 200u);
  json::array const unused{kept.at("/numbers/1/number"), kept.at("/numbers/2/number")};
  auto const path = "/_torg/v1/reservations/void";
  EXPECT_EQ(server.post(path, maja, {{"authority", "KS"}, {"numbers", unused}, {"reason", "x"}}).status,
            403u);
  EXPECT_EQ(server.post(path, sandra, {{"authority", "KS"}, {"numbers", unused}, {"reason", ""}}).status,
            400u);
  EXPECT_EQ(
      server.post(path, sandra, {{"authority", "KS"}, {"numbers", unused}, {"reason", "Inget kom"}}).status,
      200u);
  EXPECT_EQ(
      server.post(path, sandra, {{"authority", "KS"}, {"numbers", unused}, {"reason", "Inget kom"}}).status,
      409u);
  auto const list = server.get("/_torg/v1/reservations?authority=KS", maja);
  EXPECT_EQ(list.text("/reservations/0/numbers/0/state"), "used");
  EXPECT_EQ(list.text("/reservations/0/numbers/1/state"), "void");
  EXPECT_EQ(list.text("/reservations/0/numbers/1/reason"), "Inget kom");
  EXPECT_EQ(server.get("/_torg/v1/reservations?authority=KS", ali).status, 403u);
  EXPECT_THAT(
      server.get("/_torg/v1/reservations?authority=KS&state=open", maja).at("/reservations").as_array(),
      SizeIs(0));
}

TEST_P(PaperApi, KeepsNumbersForRegistrarsOnly) {
  EXPECT_EQ(reserve(maja, "k1", 3).status, 403u);
  EXPECT_EQ(reserve(sandra, "k1", 0).status, 400u);
  EXPECT_EQ(reserve(sandra, "k1", 101).status, 400u);
}

/// An application service with an account of its own, which may enter for KS.
struct HasService {
  Service service;
  db::TemporaryFolder registrations;
  [[nodiscard]] std::string file() const {
    auto const path = registrations.path() / "irc.yaml";
    std::ofstream(path) << service.registration();
    return "app_services=" + path.string();
  }
};

class EServiceApi : HasService, public OfficeApi {
 protected:
  EServiceApi() : OfficeApi({HasService::file()}) {}
};
INSTANTIATE_TEST_SUITE_P(Db, EServiceApi, db::both_databases(), db::database_name);

TEST_P(EServiceApi, EntersUnderItsOwnName) {
  give("_irc_bot", server.app().governance().authority_by_code("KS")->id, governance::Role::officer);
  json::object entry{{"key", "e1"},
                     {"authority", "KS"},
                     {"note", "Ansökan om bygglov"},
                     {"draft", json::object{{"title", "Ansökan"},
                                            {"direction", "in"},
                                            {"sender", "Granviks kommun"},
                                            {"recipient", "Kommunstyrelsen"},
                                            {"classification", "1.4.1"},
                                            {"record_type", "Ansökan"},
                                            {"came_or_made_day", "2026-11-20"}}}};
  auto const done = server.post("/_torg/v1/manual", "irc-token", entry);
  ASSERT_EQ(done.status, 200u) << done.text("/error");
  EXPECT_EQ(done.text("/record/registered_by"), server.user_id("_irc_bot"));
  entry["key"] = "e2";
  EXPECT_EQ(server.post("/_torg/v1/manual", sandra, entry).status, 400u);
}

}  // namespace
}  // namespace torg::testing
