#include "net/http.hpp"

#include "base/json.hpp"

#include <gmock/gmock.h>

namespace torg::net {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

Request with_target(std::string target) {
  Request request;
  request.target = std::move(target);
  return request;
}

TEST(Request, SeparatesPathAndQuery) {
  auto const request = with_target("/a%2Fb?x=1");
  EXPECT_EQ(request.path(), "/a%2Fb");
  EXPECT_EQ(request.query("x"), "1");
}

TEST(Request, DecodesQueryParameters) {
  auto const request = with_target("/?who=%40a%3Ab&text=one+two%2B&flag&empty=");
  EXPECT_EQ(request.query("who"), "@a:b");
  EXPECT_EQ(request.query("text"), "one two+");
  EXPECT_EQ(request.query("flag"), "");
  EXPECT_EQ(request.query("empty"), "");
  EXPECT_EQ(request.query("absent"), std::nullopt);
}

TEST(Request, FindsEncodedParameterNames) { EXPECT_EQ(with_target("/?%66rom=s1").query("from"), "s1"); }

TEST(Request, GivesAllValuesOfARepeatedParameter) {
  EXPECT_THAT(with_target("/?via=a&x=y&via=b").query_all("via"), ElementsAre("a", "b"));
}

TEST(Request, TakesABrokenParameterForAbsent) {
  EXPECT_EQ(with_target("/?x=%zz").query("x"), std::nullopt);
  EXPECT_EQ(with_target("/?x=%ff").query("x"), std::nullopt);
}

TEST(Request, FindsTheFirstHeaderOfAName) {
  Request request;
  request.headers = {{"accept", "a"}, {"accept", "b"}};
  EXPECT_EQ(request.header("accept"), "a");
  EXPECT_EQ(request.header("host"), std::nullopt);
}

TEST(ErrorResponse, CarriesTheSpecificationsCodeAndOurSentence) {
  auto const response = error_response({ErrorCode::forbidden, "You are \"out\".", "secret detail"});
  EXPECT_EQ(response.status, 403U);
  EXPECT_EQ(response.body, R"({"errcode":"M_FORBIDDEN","error":"You are \"out\"."})");
}

TEST(ErrorResponse, KeepsTheMessageOfAnInternalErrorToItself) {
  auto const response = error_response({ErrorCode::internal, "table users is broken", {}});
  EXPECT_EQ(response.status, 500U);
  EXPECT_THAT(response.body, Not(HasSubstr("users")));
}

TEST(ErrorResponse, IsValidJsonForEveryCode) {
  for (int code = 0; code <= static_cast<int>(ErrorCode::internal); ++code) {
    auto const response = error_response({static_cast<ErrorCode>(code), "a sentence", {}});
    EXPECT_GE(response.status, 400U);
    EXPECT_TRUE(parse_json_object(response.body)) << response.body;
  }
}

TEST(LimitedResponse, SaysWhenToTryAgain) {
  auto const response =
      limited_response({ErrorCode::limit_exceeded, "Too fast.", {}}, std::chrono::milliseconds{1500});
  EXPECT_EQ(response.status, 429U);
  EXPECT_THAT(response.body, HasSubstr(R"("retry_after_ms":1500)"));
  EXPECT_THAT(response.headers, ::testing::Contains(std::pair<std::string, std::string>("retry-after", "2")));
}

TEST(NotModified, ComparesEntityTagsWeakly) {
  Request request;
  request.headers = {{"if-none-match", R"("one", W/"two")"}};
  EXPECT_TRUE(not_modified(request, R"("two")"));
  EXPECT_TRUE(not_modified(request, R"(W/"one")"));
  EXPECT_FALSE(not_modified(request, R"("three")"));
  EXPECT_FALSE(not_modified(Request{}, R"("one")"));
}

TEST(Interruption, RunsAJobThatComesTooLateAtOnce) {
  Interruption interruption;
  interruption.fire(Interruption::Why::client_left);
  bool ran = false;
  interruption.on_interrupt([&] { ran = true; });
  EXPECT_TRUE(ran);
  EXPECT_EQ(interruption.why(), Interruption::Why::client_left);
}

TEST(Interruption, RunsAForgottenJobNever) {
  Interruption interruption;
  bool ran = false;
  interruption.on_interrupt([&] { ran = true; });
  interruption.forget();
  interruption.fire(Interruption::Why::stopping);
  EXPECT_FALSE(ran);
}

}  // namespace
}  // namespace torg::net
