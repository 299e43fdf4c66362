#include "net/address.hpp"
#include "net/testing/certificate.hpp"
#include "net/testing/running_server.hpp"

#include <cstdlib>
#include <fstream>

#include <gmock/gmock.h>

namespace torg::net {
namespace {

using namespace std::chrono_literals;
using testing::answer_with;
using ::testing::HasSubstr;
using testing::HttpClient;
using testing::RunningServer;

std::vector<Route> routes() {
  return {
      {Method::get, "/hello", answer_with([](Call&) { return json_response("hello"); })},
      {Method::get, "/large", answer_with([](Call&) { return json_response(std::string(3'000'000, 'x')); })},
      {Method::post, "/size", answer_with([](Call& call) {
         return json_response(std::to_string(std::filesystem::file_size(call.request.body_file)));
       }),
       BodyKind::file, 10'000'000},
  };
}

class TlsTest : public ::testing::Test {
 protected:
  TlsTest() {
    auto pattern = (std::filesystem::temp_directory_path() / "torg-tls-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
    files_ = testing::make_self_signed(folder_, "first.example");
  }
  ~TlsTest() override { std::filesystem::remove_all(folder_); }

  std::filesystem::path folder_;
  Tls files_;
};

TEST_F(TlsTest, AnswersOverTls) {
  RunningServer server(routes(), {}, files_);
  auto client = HttpClient::over_tls(server.port());
  EXPECT_EQ(client.ask("GET", "/hello")->body, "hello");
  EXPECT_EQ(client.ask("GET", "/hello")->body, "hello");
}

TEST_F(TlsTest, AnswersPipelinedRequestsThatCameInOneRecord) {
  RunningServer server(routes(), {}, files_);
  auto client = HttpClient::over_tls(server.port());
  std::string requests;
  for (int i = 0; i < 100; ++i) requests += "GET /hello HTTP/1.1\r\nHost: t\r\n\r\n";
  client.send(requests);
  for (int i = 0; i < 100; ++i) ASSERT_EQ(client.receive()->body, "hello");
}

TEST_F(TlsTest, CarriesLargeBodiesBothWays) {
  RunningServer server(routes(), {}, files_);
  auto client = HttpClient::over_tls(server.port());
  EXPECT_EQ(client.ask("GET", "/large")->body, std::string(3'000'000, 'x'));
  EXPECT_EQ(client.ask("POST", "/size", std::string(2'000'000, 'y'))->body, "2000000");
  EXPECT_EQ(client.ask("GET", "/hello")->body, "hello");
}

TEST_F(TlsTest, SaysGoodbyeToAClientThatWantsToClose) {
  RunningServer server(routes(), {}, files_);
  auto client = HttpClient::over_tls(server.port());
  client.send("GET /hello HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(client.read_to_end().value_or(""), HasSubstr("hello"));
}

TEST_F(TlsTest, UsesANewCertificateAfterAReload) {
  RunningServer server(routes(), {}, files_);
  auto old = HttpClient::over_tls(server.port());
  EXPECT_EQ(old.certificate_name(), "first.example");
  testing::make_self_signed(folder_, "second.example");
  server.on_server([](Server& s) { s.reload_tls(); });
  EXPECT_EQ(HttpClient::over_tls(server.port()).certificate_name(), "second.example");
  EXPECT_EQ(old.ask("GET", "/hello")->body, "hello");
}

TEST_F(TlsTest, KeepsItsCertificateWhenTheNewOneIsBroken) {
  RunningServer server(routes(), {}, files_);
  std::ofstream(files_.certificate) << "no certificate";
  server.on_server([](Server& s) { s.reload_tls(); });
  EXPECT_EQ(HttpClient::over_tls(server.port()).certificate_name(), "first.example");
}

TEST_F(TlsTest, EndsAHandshakeThatNeverEnds) {
  Limits limits;
  limits.header_timeout = 40ms;
  RunningServer server(routes(), limits, files_);
  EXPECT_EQ(server.connect().read_to_end(), "");
}

TEST_F(TlsTest, EndsAConnectionThatSpeaksNoTls) {
  RunningServer server(routes(), {}, files_);
  auto client = server.connect();
  client.send("GET /hello HTTP/1.1\r\nHost: t\r\n\r\n");
  client.read_to_end();  // an alert, perhaps
  EXPECT_TRUE(server.eventually([](Server& s) { return s.connections() == 0; }));
  EXPECT_EQ(HttpClient::over_tls(server.port()).ask("GET", "/hello")->body, "hello");
}

TEST_F(TlsTest, RefusesFilesThatDoNotFitTogether) {
  RunningServer server(routes());
  auto const listen = [&](std::string const& address, std::optional<Tls> files) {
    return server.on_server([=](Server& s) { return s.listen(address, files); });
  };
  EXPECT_FALSE(listen("https://127.0.0.1:0", std::nullopt));
  EXPECT_FALSE(listen("http://127.0.0.1:0", files_));
  EXPECT_FALSE(listen("https://127.0.0.1:0", Tls{folder_ / "absent", files_.key}));
  EXPECT_FALSE(listen("https://127.0.0.1:0", Tls{files_.certificate, files_.certificate}));
  std::filesystem::create_directory(folder_ / "other");
  auto const other = testing::make_self_signed(folder_ / "other", "other.example");
  EXPECT_FALSE(listen("https://127.0.0.1:0", Tls{files_.certificate, other.key}));
}

TEST_F(TlsTest, ServesPlainAndTlsSideBySide) {
  RunningServer server(routes());
  auto const address = server.on_server([&](Server& s) { return s.listen("https://127.0.0.1:0", files_); });
  ASSERT_TRUE(address);
  auto const port = parse_listen_address(*address)->endpoint.port();
  EXPECT_EQ(HttpClient::over_tls(port).ask("GET", "/hello")->body, "hello");
  EXPECT_EQ(server.connect().ask("GET", "/hello")->body, "hello");
}

TEST(ListenAddress, ReadsSchemeAddressAndPort) {
  EXPECT_EQ(to_text(*parse_listen_address("http://127.0.0.1:8008")), "http://127.0.0.1:8008");
  EXPECT_EQ(to_text(*parse_listen_address("https://[::]:8448/")), "https://[::]:8448");
  EXPECT_EQ(parse_listen_address("https://0.0.0.0")->endpoint.port(), 443);
  EXPECT_EQ(parse_listen_address("http://0.0.0.0")->endpoint.port(), 80);
}

TEST(ListenAddress, RefusesWhatCannotBeListenedOn) {
  for (auto const* text :
       {"", "127.0.0.1:80", "ftp://127.0.0.1", "http://localhost:80", "http://127.0.0.1:99999",
        "http://127.0.0.1:80/path", "http://127.0.0.1:80?x", "http://:80"}) {
    EXPECT_FALSE(parse_listen_address(text)) << text;
  }
}

TEST(Listen, SaysThatAnAddressIsTaken) {
  RunningServer server(routes());
  auto const taken = "http://127.0.0.1:" + std::to_string(server.port());
  EXPECT_FALSE(server.on_server([&](Server& s) { return s.listen(taken); }));
}

TEST(Listen, TakesIpv6) {
  RunningServer server(routes());
  auto const address = server.on_server([](Server& s) { return s.listen("http://[::1]:0"); });
  if (!address) GTEST_SKIP() << "no IPv6 here: " << address.error().message;
  EXPECT_THAT(*address, ::testing::StartsWith("http://[::1]:"));
}

}  // namespace
}  // namespace torg::net
