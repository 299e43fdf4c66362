// Servers that do what no server should.
#include "net/client.hpp"
#include "net/testing/scripted_server.hpp"
#include "runtime/testing.hpp"

#include <boost/url/parse.hpp>
#include <fmt/format.h>
#include <gmock/gmock.h>

namespace torg::net {
namespace {

using testing::ScriptedServer;
using enum ScriptedServer::Part::Then;
using namespace std::chrono_literals;

constexpr std::string_view kGood = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";

class HostileTest : public ::testing::Test {
 protected:
  Result<ClientAnswer> ask(ScriptedServer const& server, Method method = Method::get,
                           std::chrono::milliseconds timeout = 10s) {
    auto const url = fmt::format("http://127.0.0.1:{}/", server.port());
    return run(runtime_, client_->send({.method = method,
                                        .url = boost::urls::parse_uri(url).value(),
                                        .max_answer_bytes = 1000,
                                        .timeout = timeout,
                                        .policy = AddressPolicy::any}));
  }
  ErrorCode failure(std::string says, ScriptedServer::Part::Then then = close) {
    ScriptedServer const server({{std::move(says), then}});
    auto const answer = ask(server, Method::post);
    EXPECT_FALSE(answer);
    return answer ? ErrorCode::conflict : answer.error().code;
  }
  ~HostileTest() override { client_->stop(); }

  RealRuntime runtime_{1};
  std::unique_ptr<HttpClient> client_ = make_http_client(runtime_, {}).value();
};

TEST_F(HostileTest, HeadersWithoutEndAreTooLarge) {
  EXPECT_EQ(failure("HTTP/1.1 200 OK\r\n" + std::string(100'000, 'x'), repeat), ErrorCode::too_large);
  std::string many = "HTTP/1.1 200 OK\r\n";
  for (int i = 0; i < 300; ++i) many += "a: b\r\n";
  EXPECT_EQ(failure(many, wait), ErrorCode::too_large);
}

TEST_F(HostileTest, AStatusLineWithoutEndIsNoAnswer) {
  EXPECT_NE(failure("HTTP/1.1 200 " + std::string(100'000, 'x'), repeat), ErrorCode::late);
}

TEST_F(HostileTest, ABodyAboveTheLimitIsTooLarge) {
  EXPECT_EQ(failure("HTTP/1.1 200 OK\r\ncontent-length: 1001\r\n\r\n", wait), ErrorCode::too_large);
  EXPECT_EQ(failure("HTTP/1.1 200 OK\r\ncontent-length: 99999999999999\r\n\r\n", wait), ErrorCode::too_large);
  EXPECT_EQ(failure("HTTP/1.1 200 OK\r\n\r\n" + std::string(1001, 'x'), wait), ErrorCode::too_large);
  EXPECT_EQ(
      failure("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n7d0\r\n" + std::string(2000, 'x'), wait),
      ErrorCode::too_large);
}

TEST_F(HostileTest, AChunkWithoutEndIsTooLarge) {
  EXPECT_EQ(
      failure("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1;" + std::string(100'000, 'x'), repeat),
      ErrorCode::too_large);
}

TEST_F(HostileTest, ABodyThatEndsEarlyIsNoAnswer) {
  EXPECT_EQ(failure("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nshort"), ErrorCode::unavailable);
  EXPECT_EQ(failure("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nab"), ErrorCode::unavailable);
  EXPECT_EQ(failure("HTTP/1.1 200 OK\r\nx: y\r\n"), ErrorCode::unavailable);
  EXPECT_EQ(failure(""), ErrorCode::unavailable);
}

TEST_F(HostileTest, WhatIsNoHttpIsNoAnswer) {
  EXPECT_EQ(failure("220 mail.example ESMTP\r\n", wait), ErrorCode::unavailable);
  EXPECT_EQ(failure("HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\nok", wait),
            ErrorCode::unavailable);
  EXPECT_EQ(failure("HTTP/1.1 200 OK\r\ncontent-length: -2\r\n\r\nok", wait), ErrorCode::unavailable);
  EXPECT_EQ(failure("HTTP/1.1 101 Switching Protocols\r\n\r\n", wait), ErrorCode::unavailable);
  EXPECT_EQ(failure("HTTP/1.1 999 What\r\n\r\n", wait), ErrorCode::unavailable);
}

TEST_F(HostileTest, TwoLengthsAreRefused) {
  auto const smuggled = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n";
  EXPECT_EQ(failure(smuggled, wait), ErrorCode::unavailable);
}

TEST_F(HostileTest, InterimAnswersWithoutEndAreNoAnswer) {
  EXPECT_EQ(failure("HTTP/1.1 100 Continue\r\n\r\n", repeat), ErrorCode::unavailable);
}

TEST_F(HostileTest, AnInterimAnswerIsPassedOver) {
  ScriptedServer const server({{"HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n" + std::string(kGood)}});
  EXPECT_EQ(ask(server)->body, "ok");
}

TEST_F(HostileTest, ASlowBodyEndsAtTheDeadline) {
  ScriptedServer const server({{"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nshort", wait}});
  EXPECT_EQ(ask(server, Method::get, 50ms).error().code, ErrorCode::late);
}

TEST_F(HostileTest, ABodyUpToTheEndOfTheConnectionIsTaken) {
  ScriptedServer const server({{"HTTP/1.0 200 OK\r\n\r\nall there is"}});
  EXPECT_EQ(ask(server)->body, "all there is");
}

TEST_F(HostileTest, WhatFollowsAnAnswerIsNoAnswerToTheNextRequest) {
  ScriptedServer const server(
      {{std::string(kGood) + "HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nevil", wait},
       {std::string(kGood), wait}});
  EXPECT_EQ(ask(server)->body, "ok");
  EXPECT_EQ(ask(server)->body, "ok");
  EXPECT_EQ(server.connections(), 2);
}

TEST_F(HostileTest, ARequestIsSentAgainWhenTheKeptConnectionIsClosed) {
  ScriptedServer const server({{std::string(kGood), listen}, {"", close}, {std::string(kGood), wait}});
  EXPECT_TRUE(ask(server));
  EXPECT_TRUE(ask(server));
  EXPECT_EQ(server.requests(), 3);
}

TEST_F(HostileTest, APostIsNotSentAgain) {
  ScriptedServer const server({{std::string(kGood), listen}, {"", close}, {std::string(kGood), wait}});
  EXPECT_TRUE(ask(server, Method::post));
  EXPECT_FALSE(ask(server, Method::post));
  EXPECT_EQ(server.requests(), 2);
}

}  // namespace
}  // namespace torg::net
