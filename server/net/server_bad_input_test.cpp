// What a client may not do, and what it is told.
#include "base/json.hpp"
#include "net/testing/running_server.hpp"

#include <gmock/gmock.h>

namespace torg::net {
namespace {

using namespace std::string_literals;
using testing::answer_with;
using testing::RunningServer;

std::vector<Route> routes() {
  return {
      {Method::get, "/ok", answer_with([](Call&) { return json_response("ok"); })},
      {Method::post, "/small", answer_with([](Call& call) { return json_response(call.request.body); }),
       BodyKind::memory, 10},
      {Method::post, "/none",
       answer_with([](Call& call) { return json_response('[' + call.request.body + ']'); }), BodyKind::none},
      {Method::post, "/large",
       answer_with([](Call& call) { return json_response(std::to_string(call.request.body.size())); }),
       BodyKind::memory, 1 << 20},
      {Method::post, "/guarded", answer_with([](Call&) { return json_response("in"); }), BodyKind::memory,
       1000,
       [](Request const& request) -> std::optional<Response> {
         if (request.header("authorization")) return std::nullopt;
         return error_response({ErrorCode::missing_token, "Sign in first.", {}});
       }},
  };
}

Limits small_limits() {
  Limits limits;
  limits.header_bytes = 1024;
  limits.headers = 20;
  limits.body_memory = 100'000;
  return limits;
}

class BadInput : public ::testing::Test {
 protected:
  /// Sends `bytes` on a new connection; the answer must be an error in Matrix's form, with CORS, and end the
  /// connection.
  unsigned refused(std::string const& bytes) {
    auto client = server_.connect();
    client.try_send(bytes);
    auto const answer = client.receive();
    if (!answer) return 0;
    EXPECT_TRUE(parse_json_object(answer->body)) << answer->body;
    EXPECT_EQ(answer->headers.at("access-control-allow-origin"), "*");
    EXPECT_EQ(answer->headers.at("connection"), "close");
    client.finish_sending();
    EXPECT_EQ(client.read_to_end(), "") << "only one answer, then the end";
    return answer->status;
  }

  RunningServer server_{routes(), small_limits()};
};

TEST_F(BadInput, RefusesWhatCouldSmuggleARequest) {
  std::string const smuggled = "0\r\n\r\nGET /ok HTTP/1.1\r\nHost: t\r\n\r\n";
  for (std::string const headers :
       {"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "Content-Length: 5\r\nContent-Length: 6\r\n",
        "Content-Length: 5, 6\r\n", "Content-Length: +5\r\n", "Content-Length: -5\r\n",
        "Content-Length: 0x5\r\n", "Content-Length: 5 5\r\n", "Content-Length: \r\n",
        "Content-Length: 99999999999999999999999\r\n", "Content-Length : 5\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "Transfer-Encoding : chunked\r\n",
        " Transfer-Encoding: chunked\r\n", "Transfer-Encoding: chunked\n",
        "X: y\rTransfer-Encoding: chunked\r\n"}) {
    EXPECT_EQ(refused("POST /large HTTP/1.1\r\nHost: t\r\n" + headers + "\r\n" + smuggled), 400U) << headers;
  }
}

TEST_F(BadInput, RefusesTransferEncodingsItDoesNotKnow) {
  for (std::string const value : {"gzip, chunked", "chunked, identity", "identity", "xchunked",
                                  "chunked, chunked", "\"chunked\"", "chunked;q=1"}) {
    EXPECT_EQ(refused("POST /large HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: " + value + "\r\n\r\n0\r\n\r\n"),
              501U)
        << value;
  }
  EXPECT_EQ(refused("POST /large HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"), 400U);
}

TEST_F(BadInput, RefusesBrokenChunks) {
  std::string const head = "POST /large HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (std::string const body :
       {"x\r\n", "5\r\nhelloX\r\n\r\n", "-1\r\n", "fffffffffffffffff\r\n", "5\nhello\r\n0\r\n\r\n",
        "0\r\nContent-Length: 3\r\n\r\n", " 5\r\nhello\r\n", "0x5\r\n\r\n"}) {
    EXPECT_EQ(refused(head + body), 400U) << body;
  }
}

TEST_F(BadInput, WantsExactlyOneHost) {
  EXPECT_EQ(refused("GET /ok HTTP/1.1\r\n\r\n"), 400U);
  EXPECT_EQ(refused("GET /ok HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"), 400U);
}

TEST_F(BadInput, RefusesWhatIsNoHttp) {
  for (std::string const& bytes :
       {std::string("\x16\x03\x01\x02\x00\x01\x00", 7) + "\r\n\r\n",
        std::string("GET /ok HTTP/2.0\r\nHost: t\r\n\r\n"),
        std::string("GET  /ok HTTP/1.1\r\nHost: t\r\n\r\n"),
        std::string("GET /o k HTTP/1.1\r\nHost: t\r\n\r\n"), std::string("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
        std::string("GET ok HTTP/1.1\r\nHost: t\r\n\r\n"),
        std::string("GET /ok HTTP/1.1\r\nHost: t\r\nno colon\r\n\r\n"),
        "GET /ok HTTP/1.1\r\nHost: t\r\nX: a\0b\r\n\r\n"s}) {
    EXPECT_EQ(refused(bytes), 400U) << bytes;
  }
}

TEST_F(BadInput, RefusesAnExpectationItDoesNotKnow) {
  EXPECT_EQ(refused("POST /large HTTP/1.1\r\nHost: t\r\nContent-Length: 1\r\nExpect: tea\r\n\r\n"), 417U);
}

TEST_F(BadInput, LimitsAddressAndHeaders) {
  EXPECT_EQ(refused("GET /" + std::string(5000, 'a') + " HTTP/1.1\r\nHost: t\r\n\r\n"), 414U);
  EXPECT_EQ(refused("GET /ok HTTP/1.1\r\nHost: t\r\nX: " + std::string(5000, 'a') + "\r\n\r\n"), 431U);
  std::string many = "GET /ok HTTP/1.1\r\nHost: t\r\n";
  for (int i = 0; i < 20; ++i) many += "a: b\r\n";
  EXPECT_EQ(refused(many + "\r\n"), 431U);
  EXPECT_EQ(refused("GET /ok HTTP/1.1\r\nHost: t\r\nX: " + std::string(500, 'a') +
                    "\r\nY: " + std::string(500, 'a') + "\r\n\r\n"),
            431U);
}

TEST_F(BadInput, LimitsTrailersAndChunkExtensions) {
  std::string const head = "POST /large HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n";
  EXPECT_EQ(refused(head + "5;" + std::string(5000, 'a')), 431U);
  EXPECT_EQ(refused(head + "0\r\nX: " + std::string(5000, 'a')), 431U);
}

TEST_F(BadInput, LimitsABodyByItsRoute) {
  EXPECT_EQ(refused("POST /small HTTP/1.1\r\nHost: t\r\nContent-Length: 11\r\n\r\n12345678901"), 413U);
  EXPECT_EQ(refused("POST /small HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: "
                    "chunked\r\n\r\nb\r\n12345678901\r\n0\r\n\r\n"),
            413U);
  auto client = server_.connect();
  EXPECT_EQ(client.ask("POST", "/small", "1234567890")->status, 200U);
}

TEST_F(BadInput, TellsAClientThatWaitsToKeepItsLargeBody) {
  EXPECT_EQ(
      refused("POST /small HTTP/1.1\r\nHost: t\r\nContent-Length: 1000000\r\nExpect: 100-continue\r\n\r\n"),
      413U);
}

TEST_F(BadInput, GetsTheRefusalAcrossWhileTheClientStillSends) {
  auto client = server_.connect();
  client.try_send("POST /small HTTP/1.1\r\nHost: t\r\nContent-Length: 3000000\r\n\r\n" +
                  std::string(3'000'000, 'x'));
  auto const answer = client.receive();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 413U);
}

TEST_F(BadInput, LimitsAllBodiesInMemoryTogether) {
  EXPECT_EQ(refused("POST /large HTTP/1.1\r\nHost: t\r\nContent-Length: 150000\r\n\r\n" +
                    std::string(150'000, 'x')),
            503U);
  // What one request took is given back: these would be too much together.
  auto client = server_.connect();
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(client.ask("POST", "/large", std::string(60'000, 'x'))->body, "60000");
}

TEST_F(BadInput, SkipsABodyThatNobodyReads) {
  auto client = server_.connect();
  EXPECT_EQ(client.ask("POST", "/none", "ignored")->body, "[]");
  EXPECT_EQ(client.ask("POST", "/nowhere", "ignored")->status, 404U);
  EXPECT_EQ(client.ask("GET", "/ok")->body, "ok");
}

TEST_F(BadInput, AsksTheRouteBeforeTheBodyIsThere) {
  EXPECT_EQ(refused("POST /guarded HTTP/1.1\r\nHost: t\r\nContent-Length: 900\r\n\r\n"), 401U);
  auto client = server_.connect();
  EXPECT_EQ(client.ask("POST", "/guarded", "x", "Authorization: Bearer t\r\n")->body, "in");
}

}  // namespace
}  // namespace torg::net
