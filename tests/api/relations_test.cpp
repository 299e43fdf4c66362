#include "room_fixture.hpp"

namespace torg::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class RelationsApi : public RoomApi {
 protected:
  std::string answer(std::string const& token, std::string const& target, std::string const& text,
                     std::string const& rel_type = "m.thread") {
    auto const reply = server.put(rooms(room, "send/m.room.message/r" + std::to_string(++answered_)), token,
                                  {{"msgtype", "m.text"},
                                   {"body", text},
                                   {"m.relates_to", {{"rel_type", rel_type}, {"event_id", target}}}});
    EXPECT_EQ(reply.status, 200U) << json::serialize(reply.body);
    return reply.text("/event_id");
  }
  Reply related(std::string const& target, std::string const& query) {
    return server.get("/_matrix/client/v1/rooms/" + in_path(room) + "/relations/" + in_path(target) + query,
                      bob);
  }
  Reply threads(std::string const& token, std::string const& query = "") {
    return server.get("/_matrix/client/v1/rooms/" + in_path(room) + "/threads" + query, token);
  }

 private:
  int answered_ = 0;
};
INSTANTIATE_TEST_SUITE_P(Db, RelationsApi, db::both_databases(), db::database_name);

TEST_P(RelationsApi, PagesOfRelationsOverlapNowhereInEitherDirection) {
  auto const root = say(alice, "rot");
  for (auto const* text : {"1", "2", "3", "4", "5"}) answer(alice, root, text);
  auto const newest = related(root, "?limit=2");
  EXPECT_THAT(bodies(newest.at("/chunk")), ElementsAre("5", "4"));
  EXPECT_THAT(bodies(related(root, "?limit=2&from=" + newest.text("/next_batch")).at("/chunk")),
              ElementsAre("3", "2"));
  auto const oldest = related(root, "?dir=f&limit=2");
  EXPECT_THAT(bodies(oldest.at("/chunk")), ElementsAre("1", "2"));
  EXPECT_TRUE(oldest.at("/prev_batch").is_null()) << "it is the first page";
  auto const next = related(root, "?dir=f&limit=3&from=" + oldest.text("/next_batch"));
  EXPECT_THAT(bodies(next.at("/chunk")), ElementsAre("3", "4", "5"));
  EXPECT_TRUE(next.at("/next_batch").is_null());
  EXPECT_THAT(bodies(related(root, "?from=" + next.text("/prev_batch")).at("/chunk")), ElementsAre("2", "1"));
}

TEST_P(RelationsApi, ASyncTokenSaysFromWhereRelationsAreNew) {
  auto const root = say(alice, "rot");
  answer(alice, root, "före");
  auto const since = sync(bob).text("/next_batch");
  answer(alice, root, "efter");
  EXPECT_THAT(bodies(related(root, "?dir=f&from=" + since).at("/chunk")), ElementsAre("efter"));
  EXPECT_THAT(bodies(related(root, "?to=" + since).at("/chunk")), ElementsAre("efter"));
}

TEST_P(RelationsApi, RecursionAlsoFindsWhatPointsAtAnAnswer) {
  auto const root = say(alice, "rot");
  auto const first = answer(alice, root, "svar");
  answer(alice, first, "* svaret", "m.replace");
  EXPECT_THAT(bodies(related(root, "").at("/chunk")), ElementsAre("svar"));
  auto const deep = related(root, "?recurse=true");
  EXPECT_THAT(bodies(deep.at("/chunk")), ElementsAre("* svaret", "svar"));
  EXPECT_GE(deep.at("/recursion_depth").as_int64(), 3);
  EXPECT_THAT(bodies(related(root, "/m.thread?recurse=true").at("/chunk")), ElementsAre("svar"));
}

TEST_P(RelationsApi, ThreadsComeInTheOrderOfTheirNewestAnswers) {
  auto const one = say(alice, "ett");
  auto const two = say(alice, "två");
  say(alice, "ingen tråd");
  answer(alice, one, "svar på ett");
  answer(alice, two, "svar på två");
  EXPECT_THAT(bodies(threads(bob).at("/chunk")), ElementsAre("två", "ett"));
  answer(bob, one, "mer på ett");
  auto const page = threads(bob, "?limit=1");
  EXPECT_THAT(bodies(page.at("/chunk")), ElementsAre("ett"));
  EXPECT_THAT(bodies(threads(bob, "?limit=1&from=" + page.text("/next_batch")).at("/chunk")),
              ElementsAre("två"));
  EXPECT_THAT(bodies(threads(bob, "?include=participated").at("/chunk")), ElementsAre("ett"));
  EXPECT_EQ(threads(bob, "?include=some").errcode(), "M_INVALID_PARAM");
}

TEST_P(RelationsApi, ARootShowsHowItsThreadStands) {
  auto const root = say(alice, "rot");
  answer(alice, root, "första");
  auto const latest = answer(alice, root, "andra");
  answer(alice, latest, "* andra, rättad", "m.replace");
  std::string const thread = "/unsigned/m.relations/m.thread";
  auto const shown = server.get(rooms(room, "event/" + in_path(root)), bob);
  EXPECT_EQ(shown.at(thread + "/count"), 2) << json::serialize(shown.body);
  EXPECT_EQ(shown.at(thread + "/current_user_participated"), false);
  EXPECT_EQ(shown.text(thread + "/latest_event/event_id"), latest);
  EXPECT_EQ(shown.text(thread + "/latest_event/unsigned/m.relations/m.replace/content/body"),
            "* andra, rättad");
  auto const own = server.get(rooms(room, "event/" + in_path(root)), alice);
  EXPECT_EQ(own.at(thread + "/current_user_participated"), true);
  auto const page = server.get(rooms(room, "messages?dir=b&limit=20"), bob);
  EXPECT_NE(json::serialize(page.body).find(R"("m.thread":{"count":2)"), std::string::npos);
}

TEST_P(RelationsApi, ARedactedAnswerIsNoPartOfItsThread) {
  auto const root = say(alice, "rot");
  auto const stays = answer(alice, root, "står kvar");
  auto const goes = answer(alice, root, "tas bort");
  ASSERT_EQ(server.put(rooms(room, "redact/" + in_path(goes) + "/x1"), alice, json::object{}).status, 200U);
  auto const shown = threads(bob);
  EXPECT_EQ(shown.at("/chunk/0/unsigned/m.relations/m.thread/count"), 1) << json::serialize(shown.body);
  EXPECT_EQ(shown.text("/chunk/0/unsigned/m.relations/m.thread/latest_event/event_id"), stays);
  ASSERT_EQ(server.put(rooms(room, "redact/" + in_path(stays) + "/x2"), alice, json::object{}).status, 200U);
  EXPECT_THAT(threads(bob).at("/chunk").as_array(), IsEmpty());
}

TEST_P(RelationsApi, TheSameReactionIsTakenOnce) {
  auto const target = say(alice, "mål");
  auto const react = [&](std::string const& token, std::string const& key, std::string const& transaction,
                         std::string const& type = "m.reaction") {
    return server.put(rooms(room, "send/" + type + "/" + transaction), token,
                      {{"m.relates_to", {{"rel_type", "m.annotation"}, {"event_id", target}, {"key", key}}}});
  };
  auto const first = react(bob, "👍", "a");
  ASSERT_EQ(first.status, 200U);
  EXPECT_EQ(react(bob, "👍", "a").body, first.body) << "a repeated request is no second reaction";
  auto const again = react(bob, "👍", "b");
  EXPECT_EQ(again.status, 400U);
  EXPECT_EQ(again.errcode(), "M_DUPLICATE_ANNOTATION");
  EXPECT_EQ(react(bob, "👎", "c").status, 200U);
  EXPECT_EQ(react(bob, "👍", "d", "org.example.vote").status, 200U);
  EXPECT_EQ(react(alice, "👍", "e").status, 200U);
  EXPECT_EQ(server.put(rooms(room, "redact/" + in_path(first.text("/event_id")) + "/f"), bob, json::object{})
                .status,
            200U);
  EXPECT_EQ(react(bob, "👍", "g").status, 200U) << "the first one was taken back";
}

}  // namespace
}  // namespace torg::testing
