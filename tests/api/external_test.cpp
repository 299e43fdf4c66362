// A register outside Torg that speaks HTTP, and everything a client sees of it.
#include "net/testing/running_server.hpp"
#include "office_fixture.hpp"

#include <map>
#include <mutex>

namespace torg::testing {
namespace {

using ::testing::SizeIs;

/// A register: one number per key.
class Registry {
 public:
  struct Taken {
    json::value record;
    std::map<std::string, std::string> files;  // by number
  };
  void answer(unsigned status) { status_ = status; }
  [[nodiscard]] std::string url() const {
    return "http://127.0.0.1:" + std::to_string(server_.port()) + "/register";
  }
  [[nodiscard]] std::map<std::string, Taken> taken() const {
    std::scoped_lock const lock(mutex_);
    return taken_;
  }
  [[nodiscard]] int strangers() const {
    std::scoped_lock const lock(mutex_);
    return strangers_;
  }

 private:
  net::Response put(net::Call& call) {
    std::scoped_lock const lock(mutex_);
    if (call.request.header("authorization").value_or("") != "Bearer hemligt") ++strangers_;
    taken_[call.path[0]].files[call.path[1]] = call.request.body;
    return net::json_response("{}", 201);
  }
  net::Response post(net::Call& call) {
    std::scoped_lock const lock(mutex_);
    auto const record = parse_json(call.request.body).value();
    std::string const key(record.at("key").as_string());
    taken_[key].record = record;
    return state_of(key);
  }
  net::Response get(net::Call& call) {
    std::scoped_lock const lock(mutex_);
    return state_of(call.path[0]);
  }
  net::Response state_of(std::string const& key) {
    if (status_ == 200) return net::json_response(R"({"number":"Dnr )" + key.substr(0, 4) + "\"}", 200);
    return net::json_response(R"({"error":"Klassen finns inte."})", status_);
  }

  mutable std::mutex mutex_;
  std::map<std::string, Taken> taken_;
  int strangers_ = 0;
  std::atomic<unsigned> status_ = 200;
  net::testing::RunningServer server_{
      {{net::Method::put, "/register/records/{key}/files/{n}",
        net::testing::answer_with([this](net::Call& call) { return put(call); })},
       {net::Method::post, "/register/records",
        net::testing::answer_with([this](net::Call& call) { return post(call); })},
       {net::Method::get, "/register/records/{key}",
        net::testing::answer_with([this](net::Call& call) { return get(call); })}}};
};

struct HasRegistry {
  Registry registry;
};

class ExternalApi : HasRegistry, public OfficeApi {
 protected:
  ExternalApi()
      : OfficeApi({"external_registers=KS=" + registry.url() + "/", "external_register_secrets=KS=hemligt"}) {
  }
  void SetUp() override {
    OfficeApi::SetUp();
    auto const set = server.put("/_torg/v1/settings/register", karin,
                                {{"authority", "KS"}, {"value", "external"}, {"decision", "KS § 9"}});
    ASSERT_EQ(set.status, 200u) << set.text("/error");
  }
  using HasRegistry::registry;

  void idle() { server.run(server.app().external_registers().idle()); }
  /// Something that came over the counter; gives back the key of its handover.
  std::string hand_over(std::string const& key) {
    auto const reply = enter(sandra, key, {});
    EXPECT_EQ(reply.status, 200u) << reply.text("/error");
    EXPECT_EQ(reply.text("/register"), "external");
    EXPECT_TRUE(reply.at("/record").is_null());
    idle();
    return reply.text("/external/key");
  }
  Reply look(std::string const& key) { return server.get("/_torg/v1/handovers/" + key, sandra); }
};
INSTANTIATE_TEST_SUITE_P(Db, ExternalApi, db::both_databases(), db::database_name);

TEST_P(ExternalApi, GivesTheNumberOfTheRegister) {
  auto const key = hand_over("m1");
  auto const number = "Dnr " + key.substr(0, 4);
  auto const intent = server.get("/_torg/v1/lifts/m1", sandra);
  EXPECT_EQ(intent.text("/state"), "committed");
  EXPECT_EQ(intent.text("/number"), number);
  EXPECT_EQ(intent.text("/register"), "external");
  EXPECT_EQ(intent.text("/external/state"), "registered");
  EXPECT_TRUE(intent.at("/record_id").is_null());
  auto const taken = registry.taken();
  ASSERT_THAT(taken, SizeIs(1));
  EXPECT_THAT(taken.at(key).files, SizeIs(2));  // manifest and ERMS
  EXPECT_EQ(taken.at(key).record.at("record").at("sender").as_string(), "Granviks kommun");
  EXPECT_EQ(registry.strangers(), 0);
}

TEST_P(ExternalApi, AnswersTheSameKeyWithTheNumberThatCameMeanwhile) {
  hand_over("m1");
  auto const again = enter(sandra, "m1", {});
  EXPECT_EQ(again.text("/external/state"), "registered");
  EXPECT_FALSE(again.text("/number").empty());
  EXPECT_THAT(registry.taken(), SizeIs(1));
}

TEST_P(ExternalApi, SaysWhyItIsTriedAgainAndTakesTheNextAnswer) {
  registry.answer(503);
  auto const key = hand_over("m1");
  EXPECT_EQ(look(key).text("/state"), "retrying");
  EXPECT_EQ(look(key).text("/problem"), "The register answers 503.");
  registry.answer(200);
  EXPECT_EQ(server.post("/_torg/v1/handovers/" + key + "/retry", sandra, json::object{}).status, 200u);
  idle();
  EXPECT_EQ(look(key).text("/state"), "registered");
}

TEST_P(ExternalApi, SaysWhyTheRegisterRefused) {
  registry.answer(422);
  auto const key = hand_over("m1");
  EXPECT_EQ(look(key).text("/state"), "refused");
  EXPECT_EQ(look(key).text("/problem"), "Klassen finns inte.");
  auto const queue = server.get("/_torg/v1/queue?authority=KS", sandra);
  EXPECT_EQ(queue.at("/left").as_int64(), 1);
  EXPECT_EQ(queue.text("/lines/0/assessment/reason"), "Klassen finns inte.");
}

TEST_P(ExternalApi, TakesTheAnswerThatTheRegisterSendsByItself) {
  registry.answer(202);
  auto const key = hand_over("m1");
  EXPECT_EQ(look(key).text("/state"), "sent");
  auto const path = "/_torg/v1/handovers/" + key + "/answer";
  EXPECT_EQ(server.post(path, "gissat", json::object{{"number", "Dnr 1"}}).status, 401u);
  EXPECT_EQ(server.post(path, "hemligt", json::object{}).status, 400u);
  EXPECT_EQ(server.post(path, "hemligt", json::object{{"number", "Dnr 1"}}).status, 200u);
  EXPECT_EQ(server.post(path, "hemligt", json::object{{"number", "Dnr 1"}}).status, 200u);
  EXPECT_EQ(server.post(path, "hemligt", json::object{{"number", "Dnr 2"}}).status, 409u);
  EXPECT_EQ(look(key).text("/number"), "Dnr 1");
}

TEST_P(ExternalApi, TakesTheNumberThatARegistrarWasTold) {
  registry.answer(503);
  auto const key = hand_over("m1");
  auto const path = "/_torg/v1/handovers/" + key + "/answer";
  EXPECT_EQ(server.post(path, maja, json::object{{"number", "Dnr 1"}}).status, 403u);
  EXPECT_EQ(server.post(path, ali, json::object{{"number", "Dnr 1"}}).status, 403u);
  EXPECT_EQ(server.post(path, sandra, json::object{{"number", "Dnr 1"}}).status, 200u);
  EXPECT_EQ(look(key).text("/state"), "registered");
}

TEST_P(ExternalApi, ListsWhatWasHandedOverForThoseWhoWorkThere) {
  registry.answer(503);
  auto const first = hand_over("m1");
  registry.answer(200);
  auto const second = hand_over("m2");
  auto const all = server.get("/_torg/v1/handovers?authority=KS", maja);
  EXPECT_EQ(all.text("/handovers/0/key"), second);
  EXPECT_EQ(all.text("/handovers/1/key"), first);
  EXPECT_TRUE(all.at("/next").is_null());
  auto const waiting = server.get("/_torg/v1/handovers?authority=KS&state=waiting", maja);
  EXPECT_THAT(waiting.at("/handovers").as_array(), SizeIs(1));
  EXPECT_EQ(server.get("/_torg/v1/handovers?authority=KS", ali).status, 403u);
  EXPECT_EQ(server.get("/_torg/v1/handovers/" + first, ali).status, 404u);
  EXPECT_EQ(server.get("/_torg/v1/handovers?authority=KS&state=late", maja).status, 400u);
}

TEST_P(ExternalApi, GoesOnAfterAStopUnderTheSameKey) {
  registry.answer(503);
  auto const key = hand_over("m1");
  registry.answer(200);
  server.restart();
  EXPECT_EQ(server.post("/_torg/v1/handovers/" + key + "/retry", sandra, json::object{}).status, 200u);
  idle();
  EXPECT_EQ(look(key).text("/state"), "registered");
  EXPECT_THAT(registry.taken(), SizeIs(1));
}

TEST_P(ExternalApi, ShowsNoNextNumberOfItsOwn) {
  auto const preview = server.call(net::Method::post, "/_torg/v1/manual/preview?authority=KS&name=brev.txt",
                                   sandra, json::value("Hej"));
  EXPECT_EQ(preview.text("/register"), "external");
  EXPECT_EQ(preview.text("/next_number"), "");
}

}  // namespace
}  // namespace torg::testing
