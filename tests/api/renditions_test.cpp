// Readable copies: what is told of those that can't be made, and asking for them again.
#include "office_fixture.hpp"

namespace torg::testing {
namespace {

using ::testing::HasSubstr;

class RenditionsApi : public OfficeApi {
 protected:
  std::string record_of(Reply const& entered) {
    return "/_torg/v1/records/" + std::to_string(entered.at("/record/id").to_number<std::int64_t>());
  }
};

TEST_P(RenditionsApi, WaitAndSayWhyWhereThereIsNoWorker) {
  auto const record = record_of(enter(sandra, "1", {}));
  auto const shown = server.get(record, sandra);
  EXPECT_EQ(shown.text("/rendition"), "waiting");
  EXPECT_EQ(shown.text("/rendition_report/problem/code"), "no_worker");
  EXPECT_THAT(shown.text("/rendition_report/problem/sv"), HasSubstr("rendition_python"));
}

TEST_P(RenditionsApi, AreAskedForAgainByARegistrarOfTheAuthorityAlone) {
  auto const path = record_of(enter(sandra, "1", {})) + "/rendition";
  give("ali", server.app().governance().authority_by_code("BN")->id, governance::Role::registrar);
  EXPECT_EQ(server.post(path, ali, json::object{}).status, 404U);
  EXPECT_EQ(server.post(path, maja, json::object{}).status, 403U);
  auto const asked = server.post(path, sandra, json::object{});
  EXPECT_EQ(asked.status, 200U);
  EXPECT_EQ(asked.text("/rendition"), "waiting");
  EXPECT_EQ(server.post("/_torg/v1/records/999/rendition", sandra, json::object{}).status, 404U);
}

TEST_P(RenditionsApi, AreListedForThoseWhoReadTheRegister) {
  EXPECT_EQ(server.get("/_torg/v1/renditions?authority=KS", ali).status, 403U);
  EXPECT_EQ(server.get("/_torg/v1/renditions?authority=KS&before=x", sandra).status, 400U);
  auto const none = server.get("/_torg/v1/renditions?authority=KS", sandra);
  ASSERT_EQ(none.status, 200U);
  EXPECT_TRUE(none.at("/lines").as_array().empty());
}

INSTANTIATE_TEST_SUITE_P(Db, RenditionsApi, db::both_databases(), db::database_name);

/// A worker that can do nothing.
class BrokenWorkerApi : public OfficeApi {
 protected:
  BrokenWorkerApi() : OfficeApi({"rendition_python=/usr/bin/false"}) {}
};

TEST_P(BrokenWorkerApi, FailVisiblyAndGoOnWhenAskedAgain) {
  auto const id = enter(sandra, "1", {}).at("/record/id").to_number<std::int64_t>();
  auto const path = "/_torg/v1/records/" + std::to_string(id);
  auto const tried = [&] {
    return server.get(path, sandra).at("/rendition_report/attempts").to_number<std::int64_t>() > 0;
  };
  while (!tried()) server.runtime().run_one();
  auto const shown = server.get(path, sandra);
  EXPECT_EQ(shown.text("/rendition_report/problem/code"), "page");
  EXPECT_FALSE(shown.at("/rendition_report/next_attempt_at").is_null());
  auto const listed = server.get("/_torg/v1/renditions", sandra);
  EXPECT_EQ(listed.at("/lines/0/record_id"), json::value(id));
  EXPECT_EQ(listed.text("/lines/0/rendition_report/problem/en"), "The document could not be made.");
  EXPECT_TRUE(listed.at("/next_before").is_null());
  auto const asked = server.post(path + "/rendition", sandra, json::object{});
  EXPECT_EQ(asked.at("/rendition_report/attempts"), json::value(0));
}

INSTANTIATE_TEST_SUITE_P(Db, BrokenWorkerApi, db::both_databases(), db::database_name);

}  // namespace
}  // namespace torg::testing
