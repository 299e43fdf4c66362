// Clients that are slow, silent or gone. The deadlines are short, so that what they end ends soon; nothing
// here depends on how soon.
#include "net/testing/running_server.hpp"

#include <semaphore>

#include <gmock/gmock.h>

namespace torg::net {
namespace {

using namespace std::chrono_literals;
using testing::answer_with;
using testing::RunningServer;

Limits patient() {
  Limits limits;
  limits.header_timeout = limits.body_timeout = limits.write_timeout = limits.idle_timeout = 60s;
  return limits;
}

std::vector<Route> routes() {
  return {
      {Method::get, "/ok", answer_with([](Call&) { return json_response("ok"); })},
      {Method::post, "/echo", answer_with([](Call& call) { return json_response(call.request.body); })},
      {Method::get, "/large", answer_with([](Call&) { return json_response(std::string(30'000'000, 'x')); })},
      {Method::post, "/upload", answer_with([](Call&) { return json_response("stored"); }), BodyKind::file},
  };
}

TEST(Deadline, EndsAConnectionThatSendsNoRequest) {
  auto limits = patient();
  limits.idle_timeout = 40ms;
  RunningServer server(routes(), limits);
  EXPECT_EQ(server.connect().read_to_end(), "");
  auto used = server.connect();
  EXPECT_EQ(used.ask("GET", "/ok")->body, "ok");
  EXPECT_EQ(used.read_to_end(), "");
}

TEST(Deadline, EndsARequestWhoseHeadersNeverEnd) {
  auto limits = patient();
  limits.header_timeout = 40ms;
  RunningServer server(routes(), limits);
  auto client = server.connect();
  client.send("GET /ok HTTP/1.1\r\nHost: t\r\nX-Slow: ");
  EXPECT_EQ(client.read_to_end(), "");
}

TEST(Deadline, IsNotPutOffByHeadersThatTrickle) {
  auto limits = patient();
  limits.header_timeout = 40ms;
  limits.header_bytes = 64 * 1024 * 1024;
  RunningServer server(routes(), limits);
  auto client = server.connect();
  client.send("GET /ok HTTP/1.1\r\nHost: t\r\nX-Slow: ");
  EXPECT_TRUE(server.eventually([&](Server& s) {
    client.try_send("a");
    return s.connections() == 0;
  }));
}

TEST(Deadline, EndsABodyThatStops) {
  auto limits = patient();
  limits.body_timeout = 40ms;
  RunningServer server(routes(), limits);
  auto client = server.connect();
  client.send("POST /echo HTTP/1.1\r\nHost: t\r\nContent-Length: 10\r\n\r\n12345");
  EXPECT_EQ(client.read_to_end(), "");
  auto upload = server.connect();
  upload.send("POST /upload HTTP/1.1\r\nHost: t\r\nContent-Length: 10\r\n\r\n12345");
  EXPECT_EQ(upload.read_to_end(), "");
  EXPECT_TRUE(server.eventually([&](Server&) { return std::filesystem::is_empty(server.temporary()); }));
}

TEST(Deadline, IsNotPutOffByABodyThatTrickles) {
  auto limits = patient();
  limits.body_grace = 40ms;
  limits.body_bytes_per_second = 1'000'000'000;
  RunningServer server(routes(), limits);
  for (std::string_view const head :
       {"POST /echo HTTP/1.1\r\nHost: t\r\nContent-Length: 1000000\r\n\r\n",
        "POST /upload HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n"}) {
    auto client = server.connect();
    client.send(head);
    EXPECT_TRUE(server.eventually([&](Server& s) {
      client.try_send(head.contains("chunked") ? "1\r\na\r\n" : "a");
      return s.connections() == 0;
    }));
  }
}

TEST(Deadline, IsPutOffByABodyThatComesAtItsPace) {
  auto limits = patient();
  limits.body_grace = 0ms;
  limits.body_bytes_per_second = 1;
  RunningServer server(routes(), limits);
  auto client = server.connect();
  client.send("POST /echo HTTP/1.1\r\nHost: t\r\nConnection: close\r\nContent-Length: 160\r\n\r\n" +
              std::string(100, 'a'));
  EXPECT_EQ(server.connect().ask("GET", "/ok")->body, "ok") << "it has been waited for";
  client.send(std::string(60, 'b'));
  EXPECT_THAT(client.read_to_end().value_or(""),
              ::testing::EndsWith(std::string(100, 'a') + std::string(60, 'b')));
}

TEST(Deadline, EndsAnAnswerThatNobodyReads) {
  auto limits = patient();
  limits.write_timeout = 40ms;
  RunningServer server(routes(), limits);
  auto client = server.connect();
  EXPECT_EQ(client.ask("GET", "/ok")->body, "ok");
  client.send("GET /large HTTP/1.1\r\nHost: t\r\n\r\n");
  EXPECT_TRUE(server.eventually([](Server& s) { return s.connections() == 0; }));
}

/// A handler that waits until it is interrupted and tells the test why.
struct LongPoll {
  std::promise<Interruption::Why> promise;
  std::future<Interruption::Why> why = promise.get_future();

  Handler handler() {
    return [this](Call& call) -> Task<Response> {
      co_await asio::async_initiate<decltype(asio::use_awaitable), void()>(
          [&call](auto done) { call.on_interrupt([h = std::move(done)]() mutable { std::move(h)(); }); },
          asio::use_awaitable);
      promise.set_value(call.request.interruption->why());
      co_return json_response("interrupted");
    };
  }
};

class LeavingClient : public ::testing::TestWithParam<char const*> {};

TEST_P(LeavingClient, InterruptsItsLongPoll) {
  LongPoll poll;
  auto limits = patient();
  limits.header_timeout =
      40ms;  // the tick, after which a running request is watched, follows the shortest deadline
  RunningServer server({{Method::get, "/poll", poll.handler()}}, limits);
  auto client = server.connect();
  client.send("GET /poll HTTP/1.1\r\nHost: t\r\n\r\n");
  if (std::string_view(GetParam()) == "reset")
    client.reset();
  else
    client.finish_sending();
  ASSERT_EQ(poll.why.wait_for(10s), std::future_status::ready);
  EXPECT_EQ(poll.why.get(), Interruption::Why::client_left);
  EXPECT_TRUE(server.eventually([](Server& s) { return s.connections() == 0; }));
}

INSTANTIATE_TEST_SUITE_P(Ways, LeavingClient, ::testing::Values("reset", "end"));

/// A handler that waits until the test lets it go on.
struct Held {
  std::counting_semaphore<> begun{0};
  Runtime::Job go_on;  ///< on the server's thread

  Handler handler() {
    return [this](Call&) -> Task<Response> {
      co_await asio::async_initiate<decltype(asio::use_awaitable), void()>(
          [this](auto done) {
            go_on = [h = std::move(done)]() mutable { std::move(h)(); };
            begun.release();
          },
          asio::use_awaitable);
      co_return json_response("at last");
    };
  }
};

TEST(LongPoll, OutlivesAllDeadlines) {
  Held held;
  Limits limits;
  limits.header_timeout = limits.body_timeout = limits.write_timeout = limits.idle_timeout = 40ms;
  RunningServer server({{Method::get, "/slow", held.handler()}}, limits);
  auto client = server.connect();
  client.send("GET /slow HTTP/1.1\r\nHost: t\r\n\r\nGET /slow HTTP/1.1\r\nHost: t\r\n\r\n");
  for (int request = 0; request < 2; ++request) {
    held.begun.acquire();
    EXPECT_EQ(server.connect().read_to_end(), "");  // ended by a deadline later than any that the poll had
    server.on_server([&](Server&) { std::exchange(held.go_on, nullptr)(); });
    EXPECT_EQ(client.receive()->body, "at last");
  }
}

/// Requests that wait until the test lets them go on.
struct Stalled {
  std::vector<std::move_only_function<void()>> waiting;  // on the server's thread
  std::atomic<int> finished = 0;

  Route route(std::string_view pattern = "/work", Pace pace = Pace::prompt) {
    return {.method = Method::put,
            .pattern = pattern,
            .handler = [this](Call&) -> Task<Response> {
              co_await asio::async_initiate<decltype(asio::use_awaitable), void()>(
                  [this](auto done) {
                    waiting.emplace_back([h = std::move(done)]() mutable { std::move(h)(); });
                  },
                  asio::use_awaitable);
              ++finished;
              co_return json_response("done");
            },
            .pace = pace};
  }
  void go_on(RunningServer& server) {
    server.on_server([this](Server&) {
      for (auto& job : std::exchange(waiting, {})) job();
    });
  }
};
constexpr std::string_view kPut = "PUT /work HTTP/1.1\r\nHost: t\r\nContent-Length: 2\r\n\r\n{}";

TEST(LateAnswer, SaysThatNobodyKnowsWhileTheWorkGoesOn) {
  Stalled stalled;
  auto limits = patient();
  limits.answer_timeout = 40ms;
  RunningServer server({stalled.route()}, limits);
  auto client = server.connect();
  client.send(kPut);
  auto const answer = client.receive();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 504U);
  EXPECT_THAT(answer->body, ::testing::HasSubstr("may or may not have been saved"));
  EXPECT_EQ(answer->headers.at("connection"), "close");
  EXPECT_EQ(client.read_to_end(), "");
  EXPECT_EQ(stalled.finished, 0);
  stalled.go_on(server);
  EXPECT_TRUE(server.eventually([&](Server& s) { return stalled.finished == 1 && s.connections() == 0; }));
}

TEST(LateAnswer, DoesNotComeToALongPoll) {
  Stalled stalled;
  auto limits = patient();
  limits.answer_timeout = 40ms;
  RunningServer server({stalled.route("/work", Pace::long_poll), stalled.route("/prompt")}, limits);
  auto poll = server.connect();
  poll.send(kPut);
  auto other = server.connect();
  other.send("PUT /prompt HTTP/1.1\r\nHost: t\r\nContent-Length: 2\r\n\r\n{}");
  EXPECT_EQ(other.receive()->status, 504U) << "the deadline has passed for both";
  stalled.go_on(server);
  EXPECT_EQ(poll.receive()->body, "done");
}

TEST(LateAnswer, DoesNotKeepTheServerFromStopping) {
  Stalled stalled;
  auto limits = patient();
  limits.answer_timeout = 40ms;
  limits.grace = 40ms;
  RunningServer server({stalled.route()}, limits);
  auto client = server.connect();
  client.send(kPut);
  EXPECT_EQ(client.receive()->status, 504U);
  server.stop();
  stalled.go_on(server);
  EXPECT_TRUE(server.eventually([&](Server& s) { return s.connections() == 0; }));
}

TEST(Connections, AreLimited) {
  Limits limits;
  limits.connections = 2;
  RunningServer server(routes(), limits);
  auto first = server.connect();
  auto second = server.connect();
  EXPECT_EQ(first.ask("GET", "/ok")->status, 200U);
  EXPECT_EQ(second.ask("GET", "/ok")->status, 200U);
  auto third = server.connect();
  EXPECT_EQ(third.receive()->status, 503U);
  first.reset();
  ASSERT_TRUE(server.eventually([](Server& s) { return s.connections() == 1; }));
  EXPECT_EQ(server.connect().ask("GET", "/ok")->status, 200U);
}

TEST(Connections, ThousandsMayIdle) {
  RunningServer server(routes(), patient());
  std::vector<testing::HttpClient> clients;
  for (int i = 0; i < 2000; ++i) clients.push_back(server.connect());
  ASSERT_TRUE(server.eventually([](Server& s) { return s.connections() == 2000; }));
  for (auto& client : clients) ASSERT_EQ(client.ask("GET", "/ok")->body, "ok");
  clients.clear();
  EXPECT_TRUE(server.eventually([](Server& s) { return s.connections() == 0; }));
}

}  // namespace
}  // namespace torg::net
