#include "net/testing/running_server.hpp"

#include <zlib.h>

#include <gmock/gmock.h>

namespace torg::net {
namespace {

using testing::answer_with;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using testing::RunningServer;

std::vector<Route> routes() {
  return {
      {Method::get, "/hello/{name}",
       answer_with([](Call& call) { return json_response('"' + call.path[0] + '"'); })},
      {Method::post, "/echo", answer_with([](Call& call) { return json_response(call.request.body); })},
      {Method::get, "/headers", answer_with([](Call& call) {
         std::string seen;
         for (auto const& [name, value] : call.request.headers) seen += name + '=' + value + '\n';
         return json_response(seen);
       })},
      {Method::get, "/from",
       answer_with([](Call& call) { return json_response(call.request.remote_address); })},
      {Method::get, "/long", answer_with([](Call&) { return json_response(std::string(100'000, 'x')); })},
      {Method::get, "/tagged", answer_with([](Call& call) {
         if (auto same = not_modified(call.request, R"("v1")")) return *same;
         auto response = json_response(std::string(2000, 'y'));
         response.headers.emplace_back("etag", R"("v1")");
         return response;
       })},
      {Method::get, "/injection", answer_with([](Call&) {
         Response response;
         response.headers.emplace_back("location", "/x\r\nset-cookie: evil=1");
         return response;
       })},
  };
}

class ServerTest : public ::testing::Test {
 protected:
  RunningServer server_{routes()};
  testing::HttpClient client_ = server_.connect();
};

TEST_F(ServerTest, KeepsTheConnection) {
  EXPECT_EQ(client_.ask("GET", "/hello/world")->body, "\"world\"");
  EXPECT_EQ(client_.ask("POST", "/echo", "{}")->body, "{}");
}

TEST_F(ServerTest, AnswersPipelinedRequestsInOrder) {
  std::string requests;
  for (int i = 0; i < 200; ++i)
    requests += "GET /hello/" + std::to_string(i) + " HTTP/1.1\r\nHost: t\r\n\r\n";
  client_.send(requests);
  for (int i = 0; i < 200; ++i) EXPECT_EQ(client_.receive()->body, '"' + std::to_string(i) + '"');
}

TEST_F(ServerTest, ReadsARequestThatComesByteByByte) {
  std::string_view const request = "POST /echo HTTP/1.1\r\nHost: t\r\nContent-Length: 5\r\n\r\nhello";
  for (char const c : request) client_.send({&c, 1});
  EXPECT_EQ(client_.receive()->body, "hello");
}

TEST_F(ServerTest, ReadsChunkedBodies) {
  client_.send("POST /echo HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
  client_.send("7;name=value\r\n, world\r\n0\r\nTrailer: dropped\r\n\r\n");
  EXPECT_EQ(client_.receive()->body, "hello, world");
  EXPECT_EQ(client_.ask("GET", "/hello/again")->status, 200U);
}

TEST_F(ServerTest, TakesATrailerForNoHeader) {
  client_.send(
      "GET /headers HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nAuthorization: x\r\n\r\n");
  EXPECT_THAT(client_.receive()->body, ::testing::Not(HasSubstr("authorization")));
}

TEST_F(ServerTest, AsksForTheBodyOfAClientThatWaits) {
  client_.send("POST /echo HTTP/1.1\r\nHost: t\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client_.receive()->status, 100U);
  client_.send("ok");
  EXPECT_EQ(client_.receive()->body, "ok");
}

TEST_F(ServerTest, ABodyThatComesByItselfMayBeALineEnd) {
  client_.send("POST /echo HTTP/1.1\r\nHost: t\r\nContent-Length: 1\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client_.receive()->status, 100U);
  client_.send("\r");
  EXPECT_EQ(client_.receive()->body, "\r");
}

TEST_F(ServerTest, SendsTheLengthButNotTheBodyForHead) {
  auto const answer = client_.ask("HEAD", "/hello/world");
  EXPECT_EQ(answer->headers.at("content-length"), "7");
  EXPECT_EQ(client_.ask("GET", "/hello/x")->body, "\"x\"");
}

TEST_F(ServerTest, AnswersAPreflightRequest) {
  auto const answer = client_.ask("OPTIONS", "/hello/world");
  EXPECT_EQ(answer->status, 204U);
  EXPECT_FALSE(answer->headers.contains("content-length"));
  EXPECT_EQ(answer->headers.at("access-control-allow-origin"), "*");
  EXPECT_THAT(answer->headers.at("access-control-allow-methods"), HasSubstr("DELETE"));
  EXPECT_EQ(answer->headers.at("access-control-allow-headers"),
            "X-Requested-With, Content-Type, Authorization");
}

TEST_F(ServerTest, MarksEachAnswerWithDateAndRequestId) {
  auto const first = client_.ask("GET", "/hello/1");
  EXPECT_THAT(first->headers.at("date"), MatchesRegex("[A-Z][a-z]+, [0-9]+ [A-Z][a-z]+ [0-9]+ [0-9:]+ GMT"));
  EXPECT_THAT(first->headers.at("x-request-id"), MatchesRegex("[0-9A-F]+-[0-9A-F]+"));
  EXPECT_NE(client_.ask("GET", "/hello/2")->headers.at("x-request-id"), first->headers.at("x-request-id"));
}

TEST_F(ServerTest, GivesHeaderNamesInLowerCase) {
  EXPECT_THAT(client_.ask("GET", "/headers", {}, "X-ODD: Value\r\n")->body, HasSubstr("x-odd=Value\n"));
}

TEST_F(ServerTest, TakesTheAddressFromATrustedProxyOnly) {
  std::string_view const claim =
      "X-Forwarded-For: 192.0.2.1\r\nX-Forwarded-For: 192.0.2.2, 2001:db8::0:3\r\n";
  EXPECT_EQ(client_.ask("GET", "/from", {}, claim)->body, "127.0.0.1");
  server_.on_server([](Server& s) { s.trust_proxies({"127.0.0.1"}); });
  EXPECT_EQ(client_.ask("GET", "/from", {}, claim)->body, "2001:db8::3");
  EXPECT_EQ(client_.ask("GET", "/from", {}, "X-Forwarded-For: unknown\r\n")->body, "127.0.0.1");
  server_.on_server([](Server& s) { s.trust_proxies({"127.0.0.1", "2001:db8::3", "192.0.2.2"}); });
  EXPECT_EQ(client_.ask("GET", "/from", {}, claim)->body, "192.0.2.1") << "through three proxies";
  EXPECT_EQ(client_.ask("GET", "/from")->body, "127.0.0.1");
}

TEST_F(ServerTest, ClosesWhenTheClientAsks) {
  client_.send("GET /hello/bye HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n");
  auto const all = client_.read_to_end();
  ASSERT_TRUE(all);
  EXPECT_THAT(*all, HasSubstr("connection: close"));
  EXPECT_THAT(*all, HasSubstr("\"bye\""));
}

TEST_F(ServerTest, ClosesAnOldClientsConnectionUnlessItAsksOtherwise) {
  client_.send("GET /hello/a HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET /hello/b HTTP/1.0\r\n\r\n");
  auto const kept = client_.receive();
  EXPECT_EQ(kept->headers.at("connection"), "keep-alive");
  EXPECT_THAT(client_.read_to_end().value_or(""), HasSubstr("\"b\""));
}

TEST_F(ServerTest, AnswersAClientThatHasFinishedSending) {
  client_.send("GET /hello/half HTTP/1.1\r\nHost: t\r\n\r\n");
  client_.finish_sending();
  EXPECT_EQ(client_.receive()->body, "\"half\"");
  EXPECT_EQ(client_.read_to_end(), "");
}

TEST_F(ServerTest, AcceptsTheAbsoluteFormOfATarget) {
  EXPECT_EQ(client_.ask("GET", "http://example.org/hello/abs")->body, "\"abs\"");
  EXPECT_EQ(client_.ask("GET", "HTTP://example.org")->status, 404U);
}

TEST_F(ServerTest, SkipsAnEmptyLineBeforeARequest) {
  client_.send("\r\nGET /hello/x HTTP/1.1\r\nHost: t\r\n\r\n");
  EXPECT_EQ(client_.receive()->status, 200U);
}

TEST_F(ServerTest, LetsNoHeaderValueAddAHeader) {
  auto const answer = client_.ask("GET", "/injection");
  EXPECT_FALSE(answer->headers.contains("set-cookie"));
}

std::string gunzip(std::string const& bytes) {
  z_stream stream{};
  inflateInit2(&stream, 15 + 16);
  std::string out(1 << 20, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  inflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  inflateEnd(&stream);
  return out;
}

TEST_F(ServerTest, CompressesForClientsThatTakeIt) {
  auto const answer = client_.ask("GET", "/long", {}, "Accept-Encoding: br, gzip;q=0.8\r\n");
  EXPECT_EQ(answer->headers.at("content-encoding"), "gzip");
  EXPECT_EQ(answer->headers.at("vary"), "accept-encoding");
  EXPECT_LT(answer->body.size(), 1000U);
  EXPECT_EQ(gunzip(answer->body), std::string(100'000, 'x'));
}

TEST_F(ServerTest, DoesNotCompressForOthersNorSmallAnswers) {
  EXPECT_EQ(client_.ask("GET", "/long")->body.size(), 100'000U);
  EXPECT_EQ(client_.ask("GET", "/long", {}, "Accept-Encoding: gzip;q=0\r\n")->body.size(), 100'000U);
  EXPECT_EQ(client_.ask("GET", "/hello/x", {}, "Accept-Encoding: gzip\r\n")->body, "\"x\"");
}

TEST_F(ServerTest, AnswersNotModifiedWithoutBody) {
  EXPECT_EQ(client_.ask("GET", "/tagged")->body.size(), 2000U);
  auto const compressed = client_.ask("GET", "/tagged", {}, "Accept-Encoding: gzip\r\n");
  EXPECT_EQ(compressed->headers.at("etag"), R"(W/"v1")");
  auto const same = client_.ask("GET", "/tagged", {}, "If-None-Match: W/\"v1\"\r\n");
  EXPECT_EQ(same->status, 304U);
  EXPECT_EQ(client_.ask("GET", "/hello/x")->body, "\"x\"");
}

}  // namespace
}  // namespace torg::net
