#include "net/client.hpp"

#include "net/testing/certificate.hpp"
#include "net/testing/running_server.hpp"
#include "net/testing/scripted_server.hpp"
#include "runtime/testing.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/url/parse.hpp>
#include <fmt/format.h>
#include <gmock/gmock.h>

namespace torg::net {
namespace {

using testing::answer_with;
using ::testing::HasSubstr;
using testing::RunningServer;
using testing::ScriptedServer;
using namespace std::chrono_literals;

/// Answers when nobody listens any more.
Task<Response> wait_for_ever(Call& call) {
  co_await asio::async_initiate<decltype(asio::use_awaitable), void()>(
      [&call](auto handler) { call.on_interrupt([h = std::move(handler)]() mutable { std::move(h)(); }); },
      asio::use_awaitable);
  co_return Response{};
}

std::vector<Route> routes() {
  return {{Method::get, "/hello",
           answer_with([](Call& call) { return json_response(call.request.query("name").value_or("-")); })},
          {Method::post, "/echo", answer_with([](Call& call) {
             return json_response(std::string(*call.request.header("x-word")) + call.request.body);
           }),
           BodyKind::memory, 8 << 20},
          {Method::get, "/host",
           answer_with([](Call& call) { return json_response(std::string(*call.request.header("host"))); })},
          {Method::get, "/moved",
           answer_with([](Call&) { return Response{.status = 302, .headers = {{"location", "/hello"}}}; })},
          {Method::get, "/never", wait_for_ever, BodyKind::none, 0, nullptr, Limit::none, nullptr,
           Pace::long_poll}};
}

class ClientTest : public ::testing::Test {
 protected:
  ClientTest() { use({}); }
  ~ClientTest() override { client_->stop(); }
  void use(ClientSettings settings) { client_ = make_http_client(runtime_, std::move(settings)).value(); }
  ClientRequest request(std::string const& target, std::string_view host = "127.0.0.1") const {
    return {
        .url = boost::urls::parse_uri(fmt::format("http://{}:{}{}", host, server_.port(), target)).value(),
        .policy = AddressPolicy::any};
  }
  Result<ClientAnswer> send(ClientRequest asked) { return run(runtime_, client_->send(std::move(asked))); }
  std::size_t connections() {
    return server_.on_server([](Server& server) { return server.connections(); });
  }

  RunningServer server_{routes()};
  RealRuntime runtime_{1};
  std::unique_ptr<HttpClient> client_;
};

TEST_F(ClientTest, SendsMethodTargetHeadersAndBody) {
  auto asked = request("/echo?ignored=1");
  asked.method = Method::post;
  asked.headers = {{"x-word", "said-"}};
  asked.body = "again";
  auto const answer = send(asked);
  ASSERT_TRUE(answer) << answer.error().detail;
  EXPECT_EQ(answer->status, 200U);
  EXPECT_EQ(answer->header("content-type"), "application/json");
  EXPECT_EQ(answer->body, "said-again");
  EXPECT_EQ(send(request("/hello?name=K%C3%A4lla#part"))->body, "K\xC3\xA4lla");
  EXPECT_EQ(send(request("/host"))->body, fmt::format("127.0.0.1:{}", server_.port()));
}

TEST_F(ClientTest, SendsAndReceivesLargeBodies) {
  auto asked = request("/echo");
  asked.method = Method::post;
  asked.headers = {{"x-word", "-"}};
  asked.body = std::string(6 << 20, 'x');
  asked.max_answer_bytes = 8 << 20;
  auto const answer = send(asked);
  ASSERT_TRUE(answer) << answer.error().detail;
  EXPECT_EQ(answer->body.size(), (6U << 20) + 1);
}

TEST_F(ClientTest, UsesAConnectionAgain) {
  for (int i = 0; i < 5; ++i) EXPECT_EQ(send(request("/hello"))->status, 200U);
  EXPECT_EQ(connections(), 1U);
}

TEST_F(ClientTest, TakesAnAnswerWithoutBodyToHead) {
  auto asked = request("/hello");
  asked.method = Method::head;
  auto const answer = send(asked);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->body, "");
  EXPECT_EQ(send(request("/hello"))->body, "-");
  EXPECT_EQ(connections(), 1U);
}

TEST_F(ClientTest, GivesBackARedirectAndAnError) {
  auto const moved = send(request("/moved"));
  EXPECT_EQ(moved->status, 302U);
  EXPECT_EQ(moved->header("location"), "/hello");
  EXPECT_EQ(send(request("/nothing"))->status, 404U);
}

TEST_F(ClientTest, ResolvesNames) {
  EXPECT_EQ(send(request("/hello", "localhost"))->status, 200U);
  EXPECT_EQ(send(request("/hello", "LOCALHOST"))->status, 200U);
  EXPECT_EQ(connections(), 1U);
  auto const nowhere = send(request("/hello", "nowhere.invalid"));
  ASSERT_FALSE(nowhere);
  EXPECT_EQ(nowhere.error().code, ErrorCode::unavailable);
  EXPECT_THAT(nowhere.error().message, HasSubstr("nowhere.invalid"));
}

TEST_F(ClientTest, RefusesAPrivateAddressHoweverItIsWritten) {
  for (auto const* host :
       {"127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1", "0.0.0.0"}) {
    auto asked = request("/hello", host);
    asked.policy = AddressPolicy::public_only;
    auto const answer = send(asked);
    ASSERT_FALSE(answer) << host;
    EXPECT_EQ(answer.error().code, ErrorCode::forbidden) << host;
  }
  EXPECT_EQ(connections(), 0U);
}

TEST_F(ClientTest, DoesNotUseAnUnjudgedConnectionForAJudgedRequest) {
  auto asked = request("/hello");
  EXPECT_TRUE(send(asked));
  asked.policy = AddressPolicy::public_only;
  EXPECT_FALSE(send(asked));
}

TEST_F(ClientTest, ReachesPrivateNetworksThatTheAdministratorNamed) {
  use({.allowed_networks = {"127.0.0.0/8"}});
  auto asked = request("/hello");
  asked.policy = AddressPolicy::public_only;
  EXPECT_TRUE(send(asked));
  EXPECT_FALSE(make_http_client(runtime_, {.allowed_networks = {"intranet"}}));
}

TEST_F(ClientTest, RefusesWhatIsNoRequest) {
  for (auto const* url : {"ftp://127.0.0.1/", "http://user@127.0.0.1/", "http://127.0.0.1:99999/",
                          "http://127.0.0.1:0/", "http:///path", "http://a%00b/", "file:///etc/passwd"}) {
    auto const parsed = boost::urls::parse_uri(url);
    ASSERT_TRUE(parsed) << url;
    auto const answer = send({.url = *parsed, .policy = AddressPolicy::any});
    ASSERT_FALSE(answer) << url;
    EXPECT_EQ(answer.error().code, ErrorCode::invalid_param) << url;
  }
  auto injected = request("/hello");
  injected.headers = {{"x-word", "a\r\nx-evil: b"}};
  EXPECT_EQ(send(injected).error().code, ErrorCode::invalid_param);
  injected.headers = {{"x word", "a"}};
  EXPECT_EQ(send(injected).error().code, ErrorCode::invalid_param);
}

TEST_F(ClientTest, GivesUpAtItsDeadline) {
  auto asked = request("/never");
  asked.timeout = 50ms;
  auto const answer = send(asked);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::late);
  EXPECT_TRUE(server_.eventually([](Server& server) { return server.connections() == 0; }));
}

TEST_F(ClientTest, SaysThatNobodyListens) {
  server_.stop();
  auto const answer = send(request("/hello"));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::unavailable);
}

TEST_F(ClientTest, EndsWhenItsCallerDoes) {
  auto asked = request("/never");
  asked.interruption = std::make_shared<Interruption>();
  runtime_.post([who = asked.interruption] { who->fire(Interruption::Why::client_left); });
  EXPECT_EQ(send(asked).error().code, ErrorCode::unavailable);
}

TEST_F(ClientTest, StopEndsWhatIsUnderWayAndWhatWaits) {
  use({.connections_per_origin = 1});
  int ended = 0;
  for (int i = 0; i < 3; ++i) {
    asio::co_spawn(runtime_.executor(), client_->send(request("/never")),
                   [&](std::exception_ptr, Result<ClientAnswer> answer) {
                     EXPECT_EQ(answer.error().message, "The server stops.");
                     ++ended;
                   });
  }
  runtime_.post([&] { client_->stop(); });
  while (ended < 3) runtime_.run_one();
  EXPECT_EQ(send(request("/hello")).error().code, ErrorCode::unavailable);
}

TEST_F(ClientTest, RequestsToOneServerTakeTurns) {
  use({.connections_per_origin = 2, .waiting = 5});
  int good = 0;
  int refused = 0;
  for (int i = 0; i < 8; ++i) {
    asio::co_spawn(runtime_.executor(), client_->send(request("/hello")),
                   [&](std::exception_ptr, Result<ClientAnswer> answer) { ++(answer ? good : refused); });
  }
  while (good + refused < 8) runtime_.run_one();
  EXPECT_EQ(good, 7) << "two at once, five that wait";
  EXPECT_LE(connections(), 2U);
}

TEST_F(ClientTest, SlowServersThatSomebodyNamedLeaveRoomForThoseThatAreConfigured) {
  use({.allowed_networks = {"127.0.0.0/8"}, .connections = 4, .connections_per_origin = 4});
  int ended = 0;
  for (int i = 0; i < 8; ++i) {
    auto asked = request("/never");
    asked.policy = AddressPolicy::public_only;
    asio::co_spawn(runtime_.executor(), client_->send(std::move(asked)),
                   [&](std::exception_ptr, Result<ClientAnswer> const&) { ++ended; });
  }
  auto const answer = send(request("/hello"));
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->status, 200U);
  EXPECT_EQ(ended, 0);
  client_->stop();
  while (ended < 8) runtime_.run_one();
}

Result<ClientAnswer> ask_over_tls(ClientSettings settings, std::string const& name, std::string const& host) {
  auto pattern = (std::filesystem::temp_directory_path() / "torg-tls-XXXXXX").string();
  std::filesystem::path const folder = ::mkdtemp(pattern.data());
  auto const files = testing::make_self_signed(folder, name);
  if (settings.ca_file == "theirs") settings.ca_file = files.certificate;
  RunningServer const server(routes(), {}, files);
  RealRuntime runtime(1);
  auto const client = make_http_client(runtime, std::move(settings)).value();
  auto const url = fmt::format("https://{}:{}/hello", host, server.port());
  auto first =
      run(runtime, client->send({.url = boost::urls::parse_uri(url).value(), .policy = AddressPolicy::any}));
  auto again =
      run(runtime, client->send({.url = boost::urls::parse_uri(url).value(), .policy = AddressPolicy::any}));
  client->stop();
  std::filesystem::remove_all(folder);
  return first ? again : first;
}

TEST(ClientTls, TrustsTheAuthoritiesThatItWasTold) {
  auto const answer = ask_over_tls({.ca_file = "theirs"}, "localhost", "localhost");
  ASSERT_TRUE(answer) << answer.error().message << answer.error().detail;
  EXPECT_EQ(answer->body, "-");
}

TEST(ClientTls, RefusesACertificateThatNobodyVouchesFor) {
  auto const answer = ask_over_tls({}, "localhost", "localhost");
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::unavailable);
  EXPECT_THAT(answer.error().detail, HasSubstr("self-signed"));
}

TEST(ClientTls, RefusesACertificateForAnotherName) {
  auto const answer = ask_over_tls({.ca_file = "theirs"}, "other.example", "localhost");
  ASSERT_FALSE(answer);
  EXPECT_THAT(answer.error().detail, HasSubstr("ostname mismatch"));
  EXPECT_FALSE(ask_over_tls({.ca_file = "theirs"}, "localhost", "127.0.0.1"));
}

TEST(ClientTls, SaysAtTheStartThatTheAuthoritiesCannotBeRead) {
  RealRuntime runtime(1);
  auto const client = make_http_client(runtime, {.ca_file = "/nowhere.pem"});
  ASSERT_FALSE(client);
  EXPECT_THAT(client.error().message, HasSubstr("/nowhere.pem"));
}

}  // namespace
}  // namespace torg::net
