#include "net/testing/running_server.hpp"

#include <gmock/gmock.h>

namespace torg::net {
namespace {

using namespace std::chrono_literals;
using testing::answer_with;
using testing::HttpClient;
using testing::RunningServer;

/// Waits in a handler until the test, or an interruption, lets it go.
struct Gate {
  std::promise<void> entered;
  std::move_only_function<void()> open;

  Task<> wait() {
    co_await asio::async_initiate<decltype(asio::use_awaitable), void()>(
        [this](auto done) {
          open = [h = std::move(done)]() mutable { std::move(h)(); };
          entered.set_value();
        },
        asio::use_awaitable);
  }
};

TEST(Stop, ClosesIdleConnectionsAtOnce) {
  RunningServer server({{Method::get, "/ok", answer_with([](Call&) { return json_response("ok"); })}});
  auto client = server.connect();
  EXPECT_EQ(client.ask("GET", "/ok")->body, "ok");
  server.stop();
  EXPECT_EQ(client.read_to_end(), "");
  EXPECT_THROW(HttpClient(server.port()), std::runtime_error);
}

TEST(Stop, TellsALongPollAndDeliversItsAnswer) {
  std::promise<void> entered;
  RunningServer server({{Method::get, "/poll", [&](Call& call) -> Task<Response> {
                           co_await asio::async_initiate<decltype(asio::use_awaitable), void()>(
                               [&](auto done) {
                                 call.on_interrupt([h = std::move(done)]() mutable { std::move(h)(); });
                                 entered.set_value();
                               },
                               asio::use_awaitable);
                           co_return json_response(call.interrupted() ? "stopping" : "why?");
                         }}});
  auto client = server.connect();
  client.send("GET /poll HTTP/1.1\r\nHost: t\r\n\r\n");
  entered.get_future().get();
  server.stop();
  auto const answer = client.receive();
  EXPECT_EQ(answer->body, "stopping");
  EXPECT_EQ(answer->headers.at("connection"), "close");
  EXPECT_EQ(client.read_to_end(), "");
}

TEST(Stop, WaitsForARequestThatRuns) {
  Gate gate;
  RunningServer server({{Method::get, "/slow", [&](Call&) -> Task<Response> {
                           co_await gate.wait();
                           co_return json_response("done");
                         }}});
  auto client = server.connect();
  client.send("GET /slow HTTP/1.1\r\nHost: t\r\n\r\n");
  gate.entered.get_future().get();
  auto stopped = server.begin_stop();
  server.on_server([&](Server&) { gate.open(); });
  EXPECT_EQ(client.receive()->body, "done");
  stopped.get();
  EXPECT_EQ(server.on_server([](Server& s) { return s.connections(); }), 0U);
}

TEST(Stop, WaitsForARequestThatIsStillArriving) {
  RunningServer server(
      {{Method::post, "/echo", answer_with([](Call& call) { return json_response(call.request.body); })}});
  auto client = server.connect();
  client.send("POST /echo HTTP/1.1\r\nHost: t\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.receive()->status, 100U);
  auto stopped = server.begin_stop();
  client.send("last");
  EXPECT_EQ(client.receive()->body, "last");
  stopped.get();
}

TEST(Stop, GivesUpOnAHandlerThatDoesNotEndWithinTheGrace) {
  Limits limits;
  limits.grace = 50ms;
  Gate gate;
  RunningServer server({{Method::get, "/stuck",
                         [&](Call&) -> Task<Response> {
                           co_await gate.wait();
                           co_return json_response("too late");
                         }}},
                       limits);
  auto client = server.connect();
  client.send("GET /stuck HTTP/1.1\r\nHost: t\r\n\r\n");
  gate.entered.get_future().get();
  server.stop();
  EXPECT_EQ(client.read_to_end(), "");
  server.on_server([&](Server&) { gate.open(); });
  EXPECT_TRUE(server.eventually([](Server& s) { return s.connections() == 0; }));
}

TEST(Server, MayEndWithoutBeingStopped) {
  std::optional<HttpClient> client;
  {
    RunningServer server({{Method::get, "/ok", answer_with([](Call&) { return json_response("ok"); })}});
    client.emplace(server.connect());
    EXPECT_EQ(client->ask("GET", "/ok")->body, "ok");
  }
  EXPECT_EQ(client->read_to_end(), "");
}

}  // namespace
}  // namespace torg::net
