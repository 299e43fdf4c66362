// The registrar's desk and the lift through the running server: pages, many decisions at once, and that
// nobody opens what they may not read.
#include "desk_fixture.hpp"

namespace torg::testing {
namespace {

class DeskApi : public DeskRoom {
 protected:
  Reply decide(std::vector<std::string> const& events, std::string_view handling) {
    json::array items;
    for (auto const& event : events) items.push_back({{"event_id", event}, {"authority", "KS"}});
    return server.post("/_torg/v1/queue/assess", bob,
                       {{"items", std::move(items)}, {"handling", handling}, {"reason", "rutin"}});
  }
};
INSTANTIATE_TEST_SUITE_P(Db, DeskApi, db::both_databases(), db::database_name);

TEST_P(DeskApi, TheQueueComesInPages) {
  for (auto const* text : {"ett", "två", "tre"}) say(alice, text);
  auto const first = server.get("/_torg/v1/queue?authority=KS&limit=2", bob);
  ASSERT_EQ(first.status, 200U) << json::serialize(first.body);
  EXPECT_EQ(first.at("/lines").as_array().size(), 2U);
  EXPECT_EQ(first.at("/left"), 3);
  EXPECT_EQ(first.text("/lines/0/source/text"), "ett");
  EXPECT_TRUE(first.at("/lines/0/draft").is_object());
  auto const rest = server.get("/_torg/v1/queue?authority=KS&limit=2&from=" + first.text("/next"), bob);
  ASSERT_EQ(rest.at("/lines").as_array().size(), 1U);
  EXPECT_EQ(rest.text("/lines/0/source/text"), "tre");
  EXPECT_TRUE(rest.at("/next").is_null());
  for (auto const* wrong : {"limit=0", "limit=many", "from=7", "from=1.2.3.4"})
    EXPECT_EQ(server.get("/_torg/v1/queue?authority=KS&" + std::string(wrong), bob).errcode(),
              "M_INVALID_PARAM");
}

TEST_P(DeskApi, ManyItemsAreDecidedAtOnceAndAgainWithoutHarm) {
  std::vector<std::string> const items{say(alice, "ett"), say(alice, "två"), "$unknown"};
  for (int times = 0; times < 2; ++times) {
    auto const reply = decide(items, "kept_ordered");
    ASSERT_EQ(reply.status, 200U) << json::serialize(reply.body);
    EXPECT_EQ(reply.at("/done"), 2);
    EXPECT_EQ(reply.at("/refused"), 1);
    EXPECT_EQ(reply.text("/results/0/assessment/handling"), "kept_ordered");
    EXPECT_EQ(reply.text("/results/2/errcode"), "M_NOT_FOUND");
  }
  EXPECT_EQ(server.get("/_torg/v1/queue?authority=KS", bob).at("/left"), 0);
  auto const refused = decide({items[0]}, "working");
  EXPECT_EQ(refused.text("/results/0/errcode"), "ORG.TORG.RULE_REFUSES");
  EXPECT_FALSE(refused.text("/results/0/why/sv").empty());
}

TEST_P(DeskApi, NobodyOpensWhatWasSaidBeforeTheyMayRead) {
  auto const event = say(alice, "Vi tillstyrker vallen.");
  ASSERT_EQ(server.post(rooms(room, "join"), carol, json::object{}).status, 200U);
  EXPECT_EQ(preview(carol, event).errcode(), "M_NOT_FOUND");
  EXPECT_EQ(preview(bob, event).status, 200U);
  auto const items =
      server.post("/_torg/v1/rooms/" + in_path(room) + "/items", carol, {{"event_ids", {event}}});
  EXPECT_TRUE(items.at("/items").as_object().empty());
  auto const overview = server.get("/_torg/v1/rooms/" + in_path(room) + "/overview", carol);
  EXPECT_TRUE(overview.at("/to_assess").as_array().empty());
}

TEST_P(DeskApi, ATitleThatTurnsTextIsRefusedWithWords) {
  auto const event = say(alice, "Vi tillstyrker vallen.");
  auto draft = preview(bob, event).at("/draft");
  draft.as_object()["title"] = "Yttrande\u202e";
  auto const reply = server.post("/_torg/v1/lifts", bob,
                                 {{"key", "k1"},
                                  {"commit", "now"},
                                  {"room_id", room},
                                  {"event_ids", {event}},
                                  {"authority", "KS"},
                                  {"draft", std::move(draft)}});
  EXPECT_EQ(reply.errcode(), "M_INVALID_PARAM");
  EXPECT_NE(reply.text("/error").find("U+202E"), std::string::npos);
}

}  // namespace
}  // namespace torg::testing
