// What a server withstands as a whole: too much, too slow, too curious.
#include "net/server.hpp"
#include "net/testing/http_client.hpp"
#include "testing/test_server.hpp"

#include <future>
#include <latch>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

namespace torg::testing {
namespace {

using namespace std::chrono_literals;
using net::Method;

std::string new_room(TestServer& server, std::string const& token) {
  return server.post("/_matrix/client/v3/createRoom", token, json::object()).text("/room_id");
}

std::string sending(std::string const& room, std::string const& transaction) {
  return "/_matrix/client/v3/rooms/" + in_path(room) + "/send/m.room.message/" + transaction;
}

json::object saying(std::string_view text) { return {{"msgtype", "m.text"}, {"body", text}}; }

TEST(RateLimits, StandBesideEveryRouteThatWrites) {
  TestServer server;
  std::vector<std::string> without;
  for (auto const* route : server.app().router().routes()) {
    bool const writes = route->method != Method::get && route->method != Method::head;
    if (writes && route->limit == net::Limit::none) without.emplace_back(route->pattern);
  }
  EXPECT_THAT(without, ::testing::IsEmpty());
}

TEST(RateLimits, StandBesideWhatLooksThroughManyRoomsOrEvents) {
  TestServer server;
  auto const& router = server.app().router();
  for (auto const* path :
       {"/_matrix/client/v3/publicRooms", "/_matrix/client/v1/rooms/!a/hierarchy",
        "/_matrix/client/v1/rooms/!a/timestamp_to_event", "/_matrix/client/v3/notifications"})
    EXPECT_EQ(router.match(Method::get, path).route->limit, net::Limit::search) << path;
  EXPECT_EQ(router.match(Method::get, "/_synapse/admin/v1/register").route, nullptr) << "no secret is set";
}

TEST(Strangers, SendNoLargeBodiesIntoMemory) {
  TestServer server(db::Database::Kind::sqlite, {"registration_shared_secret=s"});
  for (auto const* route : server.app().router().routes()) {
    bool const open = route->body == net::BodyKind::memory && !route->admit;
    if (open) EXPECT_LE(route->max_body, 64U * 1024) << route->pattern;
  }
  EXPECT_EQ(server.app().router().match(Method::get, "/_synapse/admin/v1/register").route->limit,
            net::Limit::small_write);
}

TEST(RateLimits, SlowDownWhoWritesTooFastAndNobodyElse) {
  TestServer server(db::Database::Kind::sqlite, {"rate_limits=on", "rate_limits.messages=3 then 1/h"});
  auto const anna = server.sign_up("anna"), bo = server.sign_up("bo");
  auto const annas = new_room(server, anna), bos = new_room(server, bo);
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(server.put(sending(annas, std::to_string(i)), anna, saying("hej")).status, 200U);
  auto const refused = server.put(sending(annas, "4"), anna, saying("hej"));
  EXPECT_EQ(refused.status, 429U);
  EXPECT_EQ(refused.errcode(), "M_LIMIT_EXCEEDED");
  EXPECT_GT(refused.at("/retry_after_ms").as_int64(), 0);
  EXPECT_EQ(server.put(sending(bos, "1"), bo, saying("hej")).status, 200U);
  EXPECT_EQ(server.get("/_matrix/client/v3/sync", anna).status, 200U) << "reading goes on";
}

TEST(RateLimits, AreSwitchedOffTogether) {
  TestServer server(db::Database::Kind::sqlite, {"rate_limits=off", "rate_limits.messages=1 then 1/h"});
  auto const anna = server.sign_up("anna");
  auto const room = new_room(server, anna);
  for (int i = 0; i < 20; ++i)
    EXPECT_EQ(server.put(sending(room, std::to_string(i)), anna, saying("hej")).status, 200U);
}

TEST(RateLimits, LetAPersonWorkAsTheyAreByDefault) {
  TestServer server(db::Database::Kind::sqlite, {"rate_limits=on"});
  auto const anna = server.sign_up("anna");
  auto const room = new_room(server, anna);
  for (int i = 0; i < 60; ++i) {  // a burst that no hand makes
    EXPECT_EQ(server.put(sending(room, std::to_string(i)), anna, saying("hej")).status, 200U);
    EXPECT_EQ(server.post("/_matrix/client/v3/keys/query", anna, {{"device_keys", json::object()}}).status,
              200U);
  }
}

TEST(Uploads, OfStrangersAreRefusedBeforeTheyCome) {
  TestServer server;
  auto const anna = server.sign_up("anna");
  auto const asks = [&](std::string_view path, std::string const& token) {
    net::Call call;
    call.request.headers = {{"content-length", "40000000"}};
    if (!token.empty()) call.request.headers.emplace_back("authorization", "Bearer " + token);
    return server.app().router().admit(server.app().router().match(Method::post, path), call);
  };
  for (auto const* path :
       {"/_matrix/media/v3/upload", "/_torg/v1/manual/preview", "/_matrix/client/v3/createRoom"}) {
    auto const stranger = asks(path, "");
    ASSERT_TRUE(stranger) << path;
    EXPECT_EQ(stranger->status, 401U) << path;
    EXPECT_FALSE(asks(path, anna)) << path;
  }
}

TEST(LongPoll, EndsWhenItsClientHasLeft) {
  TestServer server;
  auto const anna = server.sign_up("anna");
  auto const since = server.get("/_matrix/client/v3/sync", anna).text("/next_batch");
  net::Interruption interruption;
  net::Request request{.method = Method::get,
                       .target = "/_matrix/client/v3/sync?timeout=300000&since=" + since,
                       .headers = {{"authorization", "Bearer " + anna}},
                       .interruption = &interruption};
  bool answered = false;
  asio::co_spawn(server.runtime().executor(), server.app().router().dispatch(std::move(request)),
                 [&](std::exception_ptr, net::Response const&) { answered = true; });
  while (server.app().rooms().stream().waiting() == 0) server.runtime().run_one();
  interruption.fire(net::Interruption::Why::client_left);
  while (!answered) server.runtime().run_one();
  EXPECT_EQ(server.app().rooms().stream().waiting(), 0U);
}

class LateCommit : public ::testing::TestWithParam<db::Database::Kind> {};
INSTANTIATE_TEST_SUITE_P(Db, LateCommit, db::both_databases(), db::database_name);

TEST_P(LateCommit, IsAnsweredHonestlyAndTheRepetitionFindsTheWork) {
  TestServer server(GetParam());
  auto const anna = server.sign_up("anna");
  auto const room = new_room(server, anna);
  net::Limits limits;
  limits.answer_timeout = 100ms;
  net::Server front(server.runtime(), server.app().router(), limits, server.folder() / "tmp");
  auto const address = front.listen("http://127.0.0.1:0").value();
  auto const port = static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1)));

  std::latch gate(1);  // the lane is busy until it opens
  asio::co_spawn(server.runtime().executor(),
                 server.app().rooms().database().write([&gate](db::Transaction&) -> Result<> {
                   gate.wait();
                   return {};
                 }),
                 asio::detached);
  auto first = std::async(std::launch::async, [&] {
    net::testing::HttpClient client(port);
    return client.ask("PUT", sending(room, "once"), R"({"msgtype":"m.text","body":"hej"})",
                      "Authorization: Bearer " + anna + "\r\n");
  });
  while (first.wait_for(0s) != std::future_status::ready) server.runtime().run_one();
  auto const late = first.get();
  ASSERT_TRUE(late);
  EXPECT_EQ(late->status, 504U);
  EXPECT_THAT(late->body, ::testing::HasSubstr("with the same transaction id"));
  gate.count_down();

  auto const again = server.put(sending(room, "once"), anna, saying("hej"));
  EXPECT_EQ(again.status, 200U);
  auto const page = server.get("/_matrix/client/v3/rooms/" + in_path(room) +
                                   R"(/messages?dir=b&filter=%7B%22types%22%3A%5B%22m.room.message%22%5D%7D)",
                               anna);
  ASSERT_EQ(page.at("/chunk").as_array().size(), 1U) << "written twice, or not at all";
  EXPECT_EQ(page.text("/chunk/0/event_id"), again.text("/event_id"));
  server.run([](net::Server& running) -> Task<bool> {
    co_await running.stop();
    co_return true;
  }(front));
}

/// Whoever isn't in a room can't tell it from one that doesn't exist.
TEST(Curiosity, LearnsOfNoRoom) {
  TestServer server;
  auto const anna = server.sign_up("anna"), eve = server.sign_up("eve");
  auto const there = new_room(server, anna);
  auto const event = server.put(sending(there, "1"), anna, saying("hej")).text("/event_id");
  std::string const nowhere = "!nosuchroomnosuchroomnosuchroomnosuchroomnos";
  std::string const nothing = "$nosucheventnosucheventnosucheventnosucheven";
  auto const same = [&](Method method, std::string const& before, std::string const& after,
                        std::string const& after_nothing, std::optional<json::value> body = std::nullopt) {
    auto const known = server.call(method, before + in_path(there) + after, eve, body);
    auto const unknown = server.call(method, before + in_path(nowhere) + after_nothing, eve, body);
    EXPECT_EQ(known.status, unknown.status) << before << after;
    EXPECT_EQ(json::serialize(known.body), json::serialize(unknown.body)) << before << after;
    EXPECT_GE(known.status, 400U) << before << after;
  };
  std::string const rooms = "/_matrix/client/v3/rooms/";
  for (auto const* path : {"/state", "/members", "/joined_members", "/messages?dir=b", "/aliases",
                           "/state/m.room.name", "/state/m.room.create"})
    same(Method::get, rooms, path, path);
  same(Method::get, rooms, "/event/" + in_path(event), "/event/" + in_path(nothing));
  same(Method::get, rooms, "/context/" + in_path(event), "/context/" + in_path(nothing));
  same(Method::put, rooms, "/send/m.room.message/t", "/send/m.room.message/t", saying("hej"));
  same(Method::put, rooms, "/state/m.room.name", "/state/m.room.name", json::object{{"name", "x"}});
  same(Method::put, rooms, "/redact/" + in_path(event) + "/t", "/redact/" + in_path(nothing) + "/t",
       json::object());
  same(Method::post, rooms, "/invite", "/invite", json::object{{"user_id", TestServer::user_id("eve")}});
  same(Method::post, rooms, "/read_markers", "/read_markers", json::object{{"m.read", event}});
  std::string const ours = "/_torg/v1/rooms/";
  same(Method::get, ours, "/overview", "/overview");
  same(Method::get, ours, "/plan", "/plan");
  same(Method::put, ours, "/plan", "/plan", json::object{{"purpose", "x"}});
  same(Method::post, ours, "/items", "/items", json::object{{"event_ids", json::array{event}}});
}

TEST(Curiosity, LearnsOfNoEventInAnotherRoom) {
  TestServer server;
  auto const anna = server.sign_up("anna"), eve = server.sign_up("eve");
  auto const theirs = new_room(server, anna), mine = new_room(server, eve);
  auto const event = server.put(sending(theirs, "1"), anna, saying("hej")).text("/event_id");
  std::string const nothing = "$nosucheventnosucheventnosucheventnosucheven";
  auto const base = "/_matrix/client/v3/rooms/" + in_path(mine);
  auto const same = [&](Method method, std::string const& before, std::string const& after,
                        std::optional<json::value> body = std::nullopt) {
    auto const known = server.call(method, base + before + in_path(event) + after, eve, body);
    auto const unknown = server.call(method, base + before + in_path(nothing) + after, eve, body);
    EXPECT_EQ(known.status, 404U) << before;
    EXPECT_EQ(json::serialize(known.body), json::serialize(unknown.body)) << before;
  };
  same(Method::get, "/event/", "");
  same(Method::get, "/context/", "");
  same(Method::put, "/redact/", "/t", json::object());
  same(Method::post, "/receipt/m.read/", "", json::object());
}

constexpr db::Statement kTransactions{"SELECT count(*) FROM to_device_transaction"};
constexpr db::Statement kMessages{"SELECT count(*) FROM to_device"};
constexpr db::Statement kSent{"SELECT count(*) FROM sent_transaction"};

class WhatIsKept : public ::testing::TestWithParam<db::Database::Kind> {
 protected:
  TestServer server{GetParam()};

  std::int64_t count(db::Statement const& statement) {
    std::int64_t rows = -1;
    server.app().rooms().database().read_now([&](db::Reader& reader) {
      rows = reader.query_one(statement, {}, [](db::Row const& row) { return row.integer(0); }).value();
    });
    return rows;
  }
  unsigned send(std::string const& token, std::string const& transaction, std::string const& device) {
    json::object const to{{TestServer::user_id("bo"), json::object{{device, json::object{{"n", 1}}}}}};
    return server.put("/_matrix/client/v3/sendToDevice/m.test/" + transaction, token, {{"messages", to}})
        .status;
  }
};
INSTANTIATE_TEST_SUITE_P(Db, WhatIsKept, db::both_databases(), db::database_name);

TEST_P(WhatIsKept, OfTransactionsIsTheNewestOfEachSession) {
  auto const anna = server.sign_up("anna");
  server.sign_up("bo");
  for (int i = 0; i < 200; ++i) EXPECT_EQ(send(anna, std::to_string(i), "*"), 200U);
  EXPECT_EQ(count(kTransactions), 128);
  EXPECT_EQ(count(kMessages), 200);
  EXPECT_EQ(send(anna, "199", "*"), 200U);
  EXPECT_EQ(send(anna, "100", "*"), 200U);
  EXPECT_EQ(count(kMessages), 200) << "a repetition sends nothing";
}

TEST_P(WhatIsKept, IsNothingForDevicesThatAreNotThere) {
  auto const anna = server.sign_up("anna");
  auto const bo = server.sign_up("bo");
  EXPECT_EQ(send(anna, "1", "NOSUCHDEVICE"), 200U);
  EXPECT_EQ(count(kMessages), 0);
  auto const device = server.get("/_matrix/client/v3/account/whoami", bo).text("/device_id");
  EXPECT_EQ(send(anna, "2", device), 200U);
  EXPECT_EQ(count(kMessages), 1);
}

TEST_P(WhatIsKept, GoesWithItsDevice) {
  auto const anna = server.sign_up("anna"), bo = server.sign_up("bo");
  auto const room = new_room(server, anna);
  EXPECT_EQ(server.put(sending(room, "1"), anna, saying("hej")).status, 200U);
  EXPECT_EQ(send(anna, "1", "*"), 200U);
  EXPECT_EQ(count(kSent), 1);
  EXPECT_EQ(server.post("/_matrix/client/v3/logout", anna, json::object()).status, 200U);
  EXPECT_EQ(count(kTransactions), 0);
  EXPECT_EQ(count(kSent), 0);
  EXPECT_EQ(count(kMessages), 1);
  EXPECT_EQ(server.post("/_matrix/client/v3/logout", bo, json::object()).status, 200U);
  EXPECT_EQ(count(kMessages), 0);
}

TEST_P(WhatIsKept, IsNoReceiptOfAThreadThatIsNotThere) {
  auto const anna = server.sign_up("anna");
  auto const room = new_room(server, anna);
  auto const event = server.put(sending(room, "1"), anna, saying("hej")).text("/event_id");
  auto const path = "/_matrix/client/v3/rooms/" + in_path(room) + "/receipt/m.read/" + in_path(event);
  EXPECT_EQ(server.post(path, anna, {{"thread_id", "anything"}}).errcode(), "M_INVALID_PARAM");
  EXPECT_EQ(server.post(path, anna, {{"thread_id", "main"}}).status, 200U);
  EXPECT_EQ(server.post(path, anna, {{"thread_id", event}}).status, 200U);
}

TEST(RateLimits, HoldForWhoAsksWhoseTokenTheyWereShown) {
  TestServer server(db::Database::Kind::sqlite, {"rate_limits=on", "rate_limits.token_checks=2 then 1/h"});
  auto const ask = [&] { return server.get("/_matrix/federation/v1/openid/userinfo?access_token=guess"); };
  EXPECT_EQ(ask().errcode(), "M_UNKNOWN_TOKEN");
  EXPECT_EQ(ask().errcode(), "M_UNKNOWN_TOKEN");
  EXPECT_EQ(ask().errcode(), "M_LIMIT_EXCEEDED");
}

TEST(RateLimits, HoldForCredentialsOfRelays) {
  TestServer server(db::Database::Kind::sqlite, {"rate_limits=on", "rate_limits.small_writes=2 then 1/h"});
  auto const anna = server.sign_up("anna");
  auto const ask = [&] { return server.get("/_matrix/client/v3/voip/turnServer", anna).status; };
  EXPECT_EQ(ask(), 200U);
  EXPECT_EQ(ask(), 200U);
  EXPECT_EQ(ask(), 429U);
}

}  // namespace
}  // namespace torg::testing
