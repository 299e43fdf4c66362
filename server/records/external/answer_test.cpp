#include "records/external/answer.hpp"

#include <gmock/gmock.h>

namespace torg::records {
namespace {

using Kind = ExternalAnswer::Kind;

TEST(ExternalAnswer, IsANumberWhereTheRegisterHasOne) {
  for (auto const status : {200u, 201u, 202u, 409u}) {
    auto const answer =
        read_external_answer(status, R"({"number":"Dnr 2026-17","url":"https://r.example/17"})");
    ASSERT_TRUE(answer) << status;
    EXPECT_EQ(answer->kind, Kind::registered);
    EXPECT_EQ(answer->number, "Dnr 2026-17");
    EXPECT_EQ(answer->place, "https://r.example/17");
  }
}

TEST(ExternalAnswer, ComesLaterWhereTheRegisterOnlyHasTheRecord) {
  EXPECT_EQ(read_external_answer(202, "")->kind, Kind::accepted);
  EXPECT_EQ(read_external_answer(409, R"({"number":null})")->kind, Kind::accepted);
}

TEST(ExternalAnswer, IsARefusalWithItsReason) {
  auto const answer = read_external_answer(422, R"({"error":"Klassen finns inte."})");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->kind, Kind::refused);
  EXPECT_EQ(answer->reason, "Klassen finns inte.");
  EXPECT_EQ(read_external_answer(400, "<html>")->reason, "The register answers 400.");
}

TEST(ExternalAnswer, MayPassWhereTheWayIsWrongAndNotTheRecord) {
  for (auto const status : {302u, 401u, 403u, 404u, 408u, 429u, 500u, 503u})
    EXPECT_FALSE(read_external_answer(status, R"({"number":"Dnr 1"})")) << status;
  EXPECT_FALSE(read_external_answer(200, "{}"));
}

TEST(ExternalAnswer, HasANumberThatCanBeRead) {
  for (auto const* body : {R"({"number":""})", R"({"number":"  "})", R"({"number":17})",
                           R"({"number":"Dnr \u202e71-6202"})", R"({"number":"a\u0007"})"})
    EXPECT_FALSE(read_external_answer(200, body)) << body;
  EXPECT_FALSE(read_external_answer(json::object{{"number", std::string(101, '1')}}));
}

TEST(ExternalAnswer, ShowsNoLinkThatIsNone) {
  auto const answer = read_external_answer(200, R"x({"number":"Dnr 1","url":"javascript:alert(1)"})x");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->place, "");
}

}  // namespace
}  // namespace torg::records
