#include "net/http.hpp"
#include "runtime/testing.hpp"

#include <stdexcept>

#include <gmock/gmock.h>

namespace torg::net {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

using ::testing::Not;

Handler named(std::string name) {
  return [name = std::move(name)](Call&) -> Task<Response> { co_return json_response(name); };
}

class RouterTest : public ::testing::Test {
 protected:
  RouterTest() {
    router_.add({
        {Method::get, "/rooms/{roomId}/state/{type}/{key}", named("state")},
        {Method::put, "/rooms/{roomId}/state/{type}/{key}", named("set state")},
        {Method::get, "/rooms/{roomId}/members", named("members")},
        {Method::get, "/rooms/special/members", named("special members")},
        {Method::post, "/rooms/{roomId}/leave", named("leave")},
        {Method::get, "/rooms/special", named("special")},
        {Method::put, "/rooms/{roomId}", named("put room")},
        {Method::get, "/files/{*}", named("files")},
        {Method::get, "/broken",
         [](Call&) -> Task<Response> {
           throw std::runtime_error("the inside");
           co_return Response{};
         }},
        {Method::get, "/failing",
         [](Call&) -> Task<Response> {
           co_return error_response({ErrorCode::internal, "no", "the inside"});
         }},
    });
  }

  /// The name of the handler that would run; empty when none.
  std::string find(Method method, std::string_view path) {
    auto const match = router_.match(method, path);
    return match.route == nullptr ? "" : ask(method, std::string(path)).body;
  }

  Response ask(Method method, std::string target) {
    Request request;
    request.method = method;
    request.target = std::move(target);
    request.id = RequestId{0x7F3A19};
    return run(runtime_, router_.dispatch(std::move(request)));
  }

  PathParameters parameters(std::string_view path) { return router_.match(Method::get, path).parameters; }

  RealRuntime runtime_{1};
  Router router_;
};

TEST_F(RouterTest, DecodesEachParameterByItself) {
  EXPECT_THAT(parameters("/rooms/!a%3Ab/state/m.room.name/a%2Fb"), ElementsAre("!a:b", "m.room.name", "a/b"));
}

TEST_F(RouterTest, AnAliasLeadsToAllThatIsBelowItsTarget) {
  router_.alias("/r0", "/rooms");
  router_.add({{Method::get, "/rooms/{roomId}/later", named("later")}});
  EXPECT_EQ(find(Method::get, "/r0/special/members"), "special members");
  EXPECT_EQ(find(Method::get, "/r0/x/later"), "later");
  EXPECT_EQ(find(Method::get, "/r0"), "");
  EXPECT_THROW(router_.alias("/files", "/rooms"), std::invalid_argument);
}

TEST_F(RouterTest, LeavesAPlusInAPathAlone) {
  EXPECT_THAT(parameters("/rooms/a+b/members"), ElementsAre("a+b"));
}

TEST_F(RouterTest, AllowsTheLastParameterToBeEmpty) {
  EXPECT_THAT(parameters("/rooms/r/state/t/"), ElementsAre("r", "t", ""));
  EXPECT_EQ(find(Method::get, "/rooms//members"), "");
}

TEST_F(RouterTest, PrefersTheStaticSegment) {
  EXPECT_EQ(find(Method::get, "/rooms/special/members"), "special members");
  EXPECT_EQ(find(Method::get, "/rooms/other/members"), "members");
}

TEST_F(RouterTest, TriesTheParameterWhereTheStaticSegmentLeadsNowhere) {
  EXPECT_EQ(find(Method::post, "/rooms/special/leave"), "leave");
  EXPECT_EQ(find(Method::put, "/rooms/special"), "put room");
}

TEST_F(RouterTest, KnowsAStaticSegmentThatIsEncoded) {
  EXPECT_EQ(find(Method::get, "/rooms/%73pecial/members"), "special members");
}

TEST_F(RouterTest, MatchesNothingThatDoesNotDecode) {
  for (auto const* path : {"/rooms/%zz/members", "/rooms/%f/members", "/rooms/%ff/members",
                           "/rooms/%c0%af/members", "/rooms/a%00b/members", "/rooms/\xff/members"}) {
    EXPECT_EQ(find(Method::get, path), "") << path;
  }
}

TEST_F(RouterTest, GivesTheDecodedRest) {
  EXPECT_THAT(parameters("/files/a/b%20c.txt"), ElementsAre("a/b c.txt"));
  EXPECT_THAT(parameters("/files/"), ElementsAre(""));
}

TEST_F(RouterTest, LetsNoRestClimb) {
  for (auto const* path : {"/files/../secret", "/files/a/..", "/files/%2e%2e/secret", "/files/a/./b",
                           "/files/a%2Fb", "/files/..%2fsecret", "/files/..%5csecret", "/files/a%00"}) {
    EXPECT_EQ(find(Method::get, path), "") << path;
  }
}

TEST_F(RouterTest, AnswersAnUnknownPathWith404) {
  auto const response = ask(Method::get, "/nowhere");
  EXPECT_EQ(response.status, 404U);
  EXPECT_THAT(response.body, HasSubstr("M_UNRECOGNIZED"));
}

TEST_F(RouterTest, AnswersAnotherMethodWith405AndTheMethodsThereAre) {
  auto const response = ask(Method::delete_, "/rooms/r/state/t/k");
  EXPECT_EQ(response.status, 405U);
  EXPECT_THAT(response.body, HasSubstr("M_UNRECOGNIZED"));
  EXPECT_THAT(response.headers,
              ::testing::Contains(std::pair<std::string, std::string>("allow", "OPTIONS, GET, HEAD, PUT")));
  EXPECT_EQ(ask(Method::other, "/rooms/r/members").status, 405U);
}

TEST_F(RouterTest, RunsGetForHead) { EXPECT_EQ(ask(Method::head, "/rooms/r/members").body, "members"); }

TEST_F(RouterTest, AnswersOptionsEverywhere) {
  EXPECT_EQ(ask(Method::options, "/rooms/r/members").status, 204U);
  EXPECT_EQ(ask(Method::options, "*").status, 204U);
}

TEST_F(RouterTest, ShowsOnlyTheReferenceOfWhatWentWrongInside) {
  for (auto const* path : {"/broken", "/failing"}) {
    auto const response = ask(Method::get, path);
    EXPECT_EQ(response.status, 500U);
    EXPECT_THAT(response.body, HasSubstr("7F3A-19"));
    EXPECT_THAT(response.body, Not(HasSubstr("inside")));
  }
}

TEST_F(RouterTest, RefusesTwoRoutesForOnePlace) {
  EXPECT_THROW(router_.add({{Method::post, "/rooms/{id}/leave", named("again")}}), std::invalid_argument);
}

}  // namespace
}  // namespace torg::net
