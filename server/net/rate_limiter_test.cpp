#include "net/rate_limiter.hpp"

#include "net/testing/standing_clock.hpp"
#include "runtime/real_runtime.hpp"
#include "runtime/testing.hpp"

#include <gmock/gmock.h>

namespace torg::net {
namespace {

using namespace std::chrono_literals;
using testing::StandingClock;

/// A router whose people are known by the header `person`.
class RateLimiterTest : public ::testing::Test {
 protected:
  RateLimiterTest() { router.limit_with(limiter); }

  void add(std::string_view pattern, Limit limit, unsigned status = 200, Handler page = nullptr) {
    Route route{Method::post, pattern,
                [status](Call&) -> Task<Response> { co_return json_response("{}", status); }};
    route.limit = limit;
    route.limited = std::move(page);
    router.add({std::move(route)});
  }
  Response send(std::string target, std::string person, std::string address = "192.0.2.1") {
    Request request{.method = Method::post, .target = std::move(target)};
    request.remote_address = std::move(address);
    if (!person.empty()) request.headers.emplace_back("person", std::move(person));
    return run(runtime, router.dispatch(std::move(request)));
  }

  RealRuntime runtime{1};
  StandingClock clock;
  RateLimiter limiter{clock, [](Request const& request) -> std::optional<std::int64_t> {
                        auto const person = request.header("person");
                        return person ? std::optional(std::stoll(std::string(*person))) : std::nullopt;
                      }};
  Router router;
};

TEST_F(RateLimiterTest, AnswersWithTheTimeToWait) {
  add("/send", Limit::message);
  limiter.set(Limit::message, {2, 1500ms});
  EXPECT_EQ(send("/send", "1").status, 200U);
  EXPECT_EQ(send("/send", "1").status, 200U);
  auto const refused = send("/send", "1");
  EXPECT_EQ(refused.status, 429U);
  EXPECT_THAT(refused.body, ::testing::HasSubstr(R"("errcode":"M_LIMIT_EXCEEDED")"));
  EXPECT_THAT(refused.body, ::testing::HasSubstr(R"("retry_after_ms":1500)"));
  EXPECT_THAT(refused.headers, ::testing::Contains(std::pair<std::string, std::string>("retry-after", "2")));
  clock.time += 1500ms;
  EXPECT_EQ(send("/send", "1").status, 200U);
}

TEST_F(RateLimiterTest, CountsAPersonOverAllAddressesAndEachPersonAlone) {
  add("/send", Limit::message);
  limiter.set(Limit::message, {1, 1s});
  EXPECT_EQ(send("/send", "1", "192.0.2.1").status, 200U);
  EXPECT_EQ(send("/send", "1", "192.0.2.2").status, 429U);
  EXPECT_EQ(send("/send", "2", "192.0.2.1").status, 200U);
  EXPECT_EQ(send("/send", "", "192.0.2.1").status, 200U);
  EXPECT_EQ(send("/send", "", "192.0.2.1").status, 429U) << "nobody has signed in: the address counts";
}

TEST_F(RateLimiterTest, CountsTheNetworkWhereNobodyNeedsToSignIn) {
  add("/login", Limit::login);
  limiter.set(Limit::login, {1, 1s});
  EXPECT_EQ(send("/login", "1", "2001:db8::1").status, 200U);
  EXPECT_EQ(send("/login", "2", "2001:db8::2").status, 429U);
  EXPECT_EQ(send("/login", "2", "2001:db8:0:1::2").status, 200U);
  EXPECT_EQ(send("/login", "2", "192.0.2.7").status, 200U);
}

TEST_F(RateLimiterTest, KeepsARoomFromBeingFloodedByMany) {
  add("/rooms/{roomId}/send", Limit::message);
  limiter.set(Limit::message, {10, 1s});
  limiter.set_in_room(Limit::message, {2, 1s});
  EXPECT_EQ(send("/rooms/a/send", "1").status, 200U);
  EXPECT_EQ(send("/rooms/a/send", "2").status, 200U);
  EXPECT_EQ(send("/rooms/a/send", "3").status, 429U);
  EXPECT_EQ(send("/rooms/b/send", "3").status, 200U);
}

TEST_F(RateLimiterTest, LetsNobodyOutsideARoomExhaustIt) {
  add("/rooms/{roomId}/send", Limit::message, 403);
  limiter.set(Limit::message, {10, 1s});
  limiter.set_in_room(Limit::message, {2, 1s});
  for (int i = 0; i < 10; ++i) EXPECT_EQ(send("/rooms/a/send", "1").status, 403U);
  EXPECT_EQ(send("/rooms/a/send", "1").status, 429U) << "their own is empty";
  EXPECT_EQ(send("/rooms/a/send", "2").status, 403U) << "the room's is not";
}

TEST_F(RateLimiterTest, BoundsEverybodyTogether) {
  add("/ask", Limit::public_request);
  limiter.set(Limit::public_request, {5, 1s});
  limiter.set_in_all(Limit::public_request, {2, 1s});
  EXPECT_EQ(send("/ask", "", "192.0.2.1").status, 200U);
  EXPECT_EQ(send("/ask", "", "192.0.2.2").status, 200U);
  EXPECT_EQ(send("/ask", "", "192.0.2.3").status, 429U);
}

TEST_F(RateLimiterTest, LeavesTheWordsToAPageThatHasItsOwn) {
  add("/ask", Limit::public_request, 200,
      [](Call&) -> Task<Response> { co_return Response{.body = "wait, please"}; });
  limiter.set(Limit::public_request, {1, 90s});
  EXPECT_EQ(send("/ask", "").status, 200U);
  auto const refused = send("/ask", "");
  EXPECT_EQ(refused.status, 429U);
  EXPECT_EQ(refused.body, "wait, please");
  EXPECT_THAT(refused.headers, ::testing::Contains(std::pair<std::string, std::string>("retry-after", "90")));
}

TEST_F(RateLimiterTest, LimitsNothingThatIsNotSet) {
  add("/send", Limit::message);
  add("/free", Limit::none);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(send("/send", "1").status, 200U);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(send("/free", "1").status, 200U);
}

TEST(Network, IsTheAddressOrHalfOfIt) {
  EXPECT_EQ(network_of("192.0.2.1"), "192.0.2.1");
  EXPECT_EQ(network_of("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
  EXPECT_EQ(network_of("::ffff:192.0.2.1"), "192.0.2.1");
  EXPECT_EQ(network_of(""), "");
}

}  // namespace
}  // namespace torg::net
