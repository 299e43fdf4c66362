// Lifting through the running server where it goes wrong, or must be said: what becomes public, two at once,
// what is gone, far too much, what nobody but its readers can read.
#include "base/encoding.hpp"
#include "crypto/hash.hpp"
#include "desk_fixture.hpp"
#include "records/disposal/destroyer.hpp"

#include <algorithm>

namespace torg::testing {
namespace {

class LiftingApi : public DeskRoom {
 protected:
  json::object lift_body(std::string const& key, std::vector<std::string> const& events) {
    auto body = what(events);
    auto shown = server.post("/_torg/v1/lifts/preview", bob, body);
    EXPECT_EQ(shown.status, 200U) << json::serialize(shown.body);
    body["key"] = key;
    body["commit"] = "now";
    body["draft"] = shown.at("/draft");
    return body;
  }
  /// A plan of both boards, under which the room may be encrypted.
  void allow_encryption() {
    auto const plan = "/_torg/v1/rooms/" + in_path(room) + "/plan";
    auto const proposed = server.put(
        plan, alice, {{"level", "shared"}, {"host", "BN"}, {"parties", {"KS", "BN"}}, {"end_to_end", true}});
    ASSERT_EQ(proposed.status, 200U) << json::serialize(proposed.body);
    // Proposing accepted it for Alice's own board.
    auto const accepted = server.post(plan + "/accept", bob, {{"authority", "KS"}});
    ASSERT_EQ(accepted.status, 200U) << json::serialize(accepted.body);
  }
  std::string encrypt(std::string const& ciphertext) {
    auto const reply = server.put(rooms(room, "send/m.room.encrypted/" + ciphertext), alice,
                                  {{"algorithm", "m.megolm.v1.aes-sha2"}, {"ciphertext", ciphertext}});
    EXPECT_EQ(reply.status, 200U) << json::serialize(reply.body);
    return reply.text("/event_id");
  }
  static json::array original(std::string const& event, std::string_view ciphertext) {
    return {{{"event_id", event},
             {"ciphertext_sha256", hex_encode(crypto::view(crypto::sha256(ciphertext)))},
             {"type", "m.room.message"},
             {"content", {{"msgtype", "m.text"}, {"body", "Vi tillstyrker vallen."}}}}};
  }
};
INSTANTIATE_TEST_SUITE_P(Db, LiftingApi, db::both_databases(), db::database_name);

TEST_P(LiftingApi, WhatIsNoRecordYetSaysThatItBecomesPublic) {
  auto const received = preview(bob, say(alice, "Vi tillstyrker vallen."));
  EXPECT_EQ(received.at("/becomes_public"), false);
  room = make_room(carol, json::object{});
  auto const early = preview(carol, say(carol, "Utkast till svar."));
  ASSERT_EQ(early.status, 200U) << json::serialize(early.body);
  EXPECT_EQ(early.at("/becomes_public"), true);
  EXPECT_EQ(early.text("/status_text/sv"),
            "Det här är inte allmän handling än. Diarieför du nu kan vem som helst begära ut det.");
}

TEST_P(LiftingApi, TwoAtOnceMakeOneRecordAndTheSecondLearnsItsNumber) {
  auto const event = say(alice, "Vi tillstyrker vallen.");
  ASSERT_EQ(server.post(rooms(room, "join"), carol, json::object{}).status, 200U);
  std::vector<Reply> replies;
  auto const body = lift_body("one", {event});
  auto other = body;
  other["key"] = "two";
  for (auto const& one : {body, other})
    server.start(net::Method::post, "/_torg/v1/lifts", bob, one,
                 [&](Reply reply) { replies.push_back(std::move(reply)); });
  server.run_all();
  ASSERT_EQ(replies.size(), 2U);
  std::ranges::sort(replies, {}, &Reply::status);
  ASSERT_EQ(replies[0].status, 200U) << json::serialize(replies[0].body);
  auto const number = replies[0].text("/number");
  EXPECT_EQ(replies[1].errcode(), "ORG.TORG.CONFLICT");
  EXPECT_EQ(replies[1].text("/error"), "It is registered already, as " + number + ".");
  EXPECT_EQ(replies[1].text("/why/sv"), "Det är redan diariefört, som " + number + ".");
}

TEST_P(LiftingApi, WhatIsRegisteredAlreadyIsSaidBeforeAnythingWaits) {
  auto const event = say(alice, "Vi tillstyrker vallen.");
  auto later = lift_body("two", {event});
  later["commit"] = "after";
  auto const number = server.post("/_torg/v1/lifts", bob, lift_body("one", {event})).text("/number");
  auto const reply = server.post("/_torg/v1/lifts", bob, later);
  EXPECT_EQ(reply.errcode(), "ORG.TORG.CONFLICT");
  EXPECT_EQ(reply.text("/why/sv"), "Det är redan diariefört, som " + number + ".");
  EXPECT_EQ(server.get("/_torg/v1/lifts/two", bob).status, 404U);
}

TEST_P(LiftingApi, WhatWasDisposedOfASecondAgoIsSaidToBeGone) {
  auto const id = say(alice, "Vi tillstyrker vallen.");
  say(alice, "Något efteråt");
  auto const body = lift_body("one", {id});
  auto& app = server.app();
  auto const event = server.run(app.rooms().event(EventId(id))).value();
  db::Blobs blobs(server.folder() / "none", server.folder() / "none");
  records::Destroyer destroyer(server.runtime(), app.database(), blobs, app.rooms(), "test.example");
  auto const doomed = server.run(destroyer.gather({{event.room, {event.nid}}})).value();
  app.database().write_now([&](db::Transaction& transaction) {
    static_cast<void>(
        records::Destroyer::destroy(transaction, doomed, "test.example", server.runtime().now()));
  });
  auto const reply = server.post("/_torg/v1/lifts", bob, body);
  EXPECT_EQ(reply.errcode(), "M_NOT_FOUND");
  EXPECT_EQ(reply.text("/why/sv"), "Inlägget finns inte i rummet, eller är gallrat.");
}

TEST_P(LiftingApi, OfTenThousandItemsIsRefusedInWords) {
  auto body = lift_body("one", {say(alice, "Vi tillstyrker vallen.")});
  json::array many;
  for (int n = 0; n < 10'000; ++n) many.emplace_back("$" + std::to_string(n));
  body["event_ids"] = std::move(many);
  auto const reply = server.post("/_torg/v1/lifts", bob, body);
  EXPECT_EQ(reply.errcode(), "M_INVALID_PARAM");
  EXPECT_EQ(reply.text("/why/sv"), "Lyft mellan 1 och 200 inlägg åt gången.");
  EXPECT_EQ(server.post("/_torg/v1/lifts/preview", bob, body).text("/why/en"),
            "Lift between 1 and 200 items at once.");
}

TEST_P(LiftingApi, ATitleThatTurnsTextIsRefusedInBothLanguages) {
  auto body = lift_body("one", {say(alice, "Vi tillstyrker vallen.")});
  body["draft"].as_object()["title"] = "Yttrande\u202e";
  auto const reply = server.post("/_torg/v1/lifts", bob, body);
  EXPECT_EQ(reply.errcode(), "M_INVALID_PARAM");
  EXPECT_NE(reply.text("/why/sv").find("U+202E, som styr skärmen"), std::string::npos);
  EXPECT_NE(reply.text("/why/en").find("U+202E"), std::string::npos);
}

TEST_P(LiftingApi, OfAnEncryptedRoomNeedsItsOriginals) {
  allow_encryption();
  auto const event = encrypt("AwgA1");
  auto body = lift_body("one", {event});
  EXPECT_EQ(body.at("draft").at("title"), "") << "nobody here can read it";
  body["draft"].as_object()["title"] = "Yttrande";
  auto const refused = server.post("/_torg/v1/lifts", bob, body);
  EXPECT_EQ(refused.status, 409U);
  EXPECT_EQ(refused.errcode(), "ORG.TORG.NEEDS_HANDOVER");
  EXPECT_EQ(refused.text("/event_ids/0"), event);
  EXPECT_FALSE(refused.text("/why/sv").empty());
  body["originals"] = original(event, "AwgA2");
  EXPECT_EQ(server.post("/_torg/v1/lifts", bob, body).errcode(), "ORG.TORG.HANDOVER_REFUSED");
  body["originals"] = original(event, "AwgA1");
  auto const done = server.post("/_torg/v1/lifts", bob, body);
  ASSERT_EQ(done.status, 200U) << json::serialize(done.body);
  EXPECT_EQ(done.text("/record/handed_over/by"), TestServer::user_id("bob"));
  EXPECT_NE(done.text("/record/handed_over/statement/sv").find("totalsträckskrypterat"), std::string::npos);
  auto const plain = server.post("/_torg/v1/lifts", bob, lift_body("two", {say(alice, "Läsbart.")}));
  EXPECT_TRUE(plain.at("/record/handed_over").is_null());
}

TEST_P(LiftingApi, WhatWasToldPromptsANote) {
  assign("carol", server.app().governance().authority_by_code("KS")->id, governance::Role::administrator);
  auto const event = say(alice, "Karin ringde: luckan är öppen.");
  auto const written = say(alice, "Här är yttrandet.");
  auto const items = [&] {
    return server.post("/_torg/v1/rooms/" + in_path(room) + "/items", bob, {{"event_ids", {event, written}}})
        .at("/items");
  };
  auto const prompt = [&](std::string const& id) {
    return items().at(id).as_array().front().at("note_prompt");
  };
  EXPECT_TRUE(prompt(event).is_null()) << "the room has no case";
  auto const set = server.put("/_torg/v1/settings/note_prompts", carol,
                              {{"authority", "KS"}, {"value", "everywhere"}, {"decision", "KS § 9"}});
  ASSERT_EQ(set.status, 200U) << json::serialize(set.body);
  EXPECT_TRUE(prompt(event).is_object());
  EXPECT_TRUE(prompt(written).is_null());
}

}  // namespace
}  // namespace torg::testing
