// Lifting what the server can't read: only with the originals, and only as far as they fit what is here.
#include "records/lift/handover.hpp"

#include "base/encoding.hpp"
#include "crypto/cipher.hpp"
#include "crypto/hash.hpp"
#include "records/rendition/from_register.hpp"
#include "records/testing/world.hpp"

#include <gmock/gmock.h>

namespace torg::records {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

std::string sha256_hex(std::string_view bytes) { return hex_encode(crypto::view(crypto::sha256(bytes))); }

class LiftHandover : public db::OnBothDatabases {
 protected:
  void SetUp() override {
    migrate_world(*database);
    world = std::make_unique<World>(runtime, *database, folder);
    world->found();
    run(runtime, world->rooms.send({.room = world->room,
                                    .sender = world->service,
                                    .type = "org.torg.plan",
                                    .state_key = "",
                                    .content = {{"level", "shared"},
                                                {"host", "KS"},
                                                {"parties", {"KS", "BN"}},
                                                {"end_to_end", true}},
                                    .device_key = 0,
                                    .transaction_id = {},
                                    .redacts = std::nullopt}))
        .value();
    run(runtime, world->governance.accept_plan(world->room, world->ks, world->maja)).value();
    run(runtime, world->governance.accept_plan(world->room, world->bn, world->ali)).value();
  }
  void TearDown() override { world->stop(); }

  std::string encrypted(std::string ciphertext, json::object relation = {}) {
    json::object content{{"algorithm", "m.megolm.v1.aes-sha2"},
                         {"ciphertext", std::move(ciphertext)},
                         {"session_id", "session"}};
    if (!relation.empty()) content["m.relates_to"] = std::move(relation);
    return world->send(world->ali, "m.room.encrypted", std::move(content));
  }
  static Original original(std::string id, std::string_view ciphertext, json::object const& content) {
    return {std::move(id), sha256_hex(ciphertext), "m.room.message", json::serialize(content), {}};
  }
  static Original text(std::string id, std::string_view ciphertext, std::string_view said) {
    return original(std::move(id), ciphertext, {{"msgtype", "m.text"}, {"body", said}});
  }
  /// A message with an attachment under this key, of which the encrypted bytes lie here.
  Original with_file(std::string id, std::string_view ciphertext, std::string_view plain) {
    std::string const key(32, 'k'), iv(16, '\1');
    auto const bytes = crypto::aes256_ctr(key, iv, plain).value();
    auto const url =
        run(runtime, world->media.upload_bytes(world->ali, bytes, "application/octet-stream", "")).value();
    auto const hash = base64_encode(crypto::view(crypto::sha256(bytes)), Base64::standard);
    auto made = original(std::move(id), ciphertext,
                         {{"msgtype", "m.file"},
                          {"body", "yttrande.pdf"},
                          {"info", json::object{{"mimetype", "application/pdf"}}},
                          {"file", json::object{{"url", url},
                                                {"key", json::object{{"k", base64_encode(key, Base64::url)}}},
                                                {"iv", base64_encode(iv, Base64::standard)},
                                                {"hashes", json::object{{"sha256", hash}}},
                                                {"v", "v2"}}}});
    made.file_hashes[url] = sha256_hex(plain);
    return made;
  }
  LiftRequest request(std::vector<std::string> items, std::vector<Original> originals) {
    auto made = world->request("k1", std::move(items), world->maja, world->ks);
    made.handover = {"MAJASDATOR", {}, std::move(originals)};
    return made;
  }
  LiftOutcome ask(LiftRequest what, CommitWhen when = CommitWhen::now) {
    auto outcome = run(runtime, world->lifts.lift(std::move(what), when, {"new_case"}));
    EXPECT_TRUE(outcome) << outcome.error().message;
    return outcome ? std::move(*outcome) : LiftOutcome(NeedsConfirmation{});
  }
  Intent lifted(LiftRequest what) {
    auto outcome = ask(std::move(what));
    auto* needs = std::get_if<NeedsHandover>(&outcome);
    EXPECT_EQ(needs, nullptr) << (needs == nullptr ? "" : needs->refused);
    return std::get<Intent>(std::move(outcome));
  }
  std::string refused(LiftRequest what) {
    auto const outcome = ask(std::move(what));
    auto const* needs = std::get_if<NeedsHandover>(&outcome);
    return needs == nullptr ? "" : needs->refused;
  }
  std::string manifest(RecordId id) { return run(runtime, world->records.manifest(id)).value(); }

  db::TemporaryFolder folder;
  std::unique_ptr<World> world;
};
INSTANTIATE_TEST_SUITE_P(Db, LiftHandover, db::both_databases(), db::database_name);

TEST_P(LiftHandover, IsAskedForOfWhatTheServerCannotRead) {
  auto const item = encrypted("AwgA1");
  auto const plain = world->say(world->ali, "Läsbart.");
  auto const outcome = ask(request({item, plain}, {}));
  auto const* needs = std::get_if<NeedsHandover>(&outcome);
  ASSERT_NE(needs, nullptr);
  EXPECT_THAT(needs->event_ids, ElementsAre(item));
  EXPECT_EQ(needs->refused, "");
}

TEST_P(LiftHandover, KeepsCiphertextAndTextAndSaysWhoReadIt) {
  auto const item = encrypted("AwgA1");
  auto const done = lifted(request({item}, {text(item, "AwgA1", "Vi tillstyrker vallen.")}));
  auto const kept = manifest(done.record);
  EXPECT_THAT(kept, HasSubstr("\"ciphertext\":\"AwgA1\""));
  EXPECT_THAT(kept, HasSubstr("Vi tillstyrker vallen."));
  EXPECT_THAT(kept, HasSubstr("\"by\":\"@maja:alvhamn.example\",\"device\":\"MAJASDATOR\""));
  EXPECT_THAT(kept,
              HasSubstr("\"proven\":[\"event\",\"ciphertext_sha256\"],\"on_their_word\":[\"content\"]"));
  auto const page =
      rendition_page(content_from(run(runtime, world->records.record(done.record)).value(), kept, {}));
  EXPECT_THAT(page, HasSubstr("<p class=\"text\">Vi tillstyrker vallen.</p>"));
  EXPECT_THAT(page, HasSubstr("Texten är vad Maja Ekdahl läste och lämnade över från enheten MAJASDATOR"));
  std::optional<HandoverRow> row;
  database->read_now([&](db::Reader& reader) { row = lift_store::handover(reader, done.record); });
  ASSERT_TRUE(row);
  EXPECT_EQ(row->by, world->maja);
  EXPECT_EQ(row->device, "MAJASDATOR");
}

TEST_P(LiftHandover, OfAnotherCiphertextIsRefused) {
  auto const item = encrypted("AwgA1");
  EXPECT_THAT(refused(request({item}, {text(item, "AwgA2", "Något annat.")})),
              HasSubstr("another ciphertext"));
}

TEST_P(LiftHandover, OfWhatIsNotEncryptedIsRefused) {
  auto const item = world->say(world->ali, "Läsbart.");
  EXPECT_THAT(refused(request({item}, {text(item, "Läsbart.", "Annat.")})), HasSubstr("isn't encrypted"));
}

TEST_P(LiftHandover, OpensAnAttachmentWithItsKey) {
  auto const item = encrypted("AwgA1");
  auto const done = lifted(request({item}, {with_file(item, "AwgA1", "%PDF-1.7 yttrande")}));
  auto const record = run(runtime, world->records.record(done.record)).value();
  auto const file = std::ranges::find(record.files, "yttrande.pdf", &FileView::name);
  ASSERT_NE(file, record.files.end());
  EXPECT_EQ(file->type, "application/pdf");
  EXPECT_EQ(file->blob.value, sha256_hex("%PDF-1.7 yttrande"));
  EXPECT_EQ(world->blobs.read(file->blob, 100).value(), "%PDF-1.7 yttrande");
  EXPECT_THAT(manifest(done.record),
              HasSubstr("\"proven\":[\"event\",\"ciphertext_sha256\",\"attachments\"]"));
}

TEST_P(LiftHandover, OfAnAttachmentThatTheKeyDoesNotOpenIsRefused) {
  auto const item = encrypted("AwgA1");
  auto made = with_file(item, "AwgA1", "%PDF-1.7 yttrande");
  for (auto& [url, hash] : made.file_hashes) hash = sha256_hex("%PDF-1.7 en annan fil");
  EXPECT_THAT(refused(request({item}, {made})), HasSubstr("isn't what the encrypted file holds"));
  made = with_file(item, "AwgA1", "%PDF-1.7 yttrande");
  auto content = parse_json_object(made.content).value();
  content["file"].as_object()["hashes"] = json::object{{"sha256", base64_encode("x", Base64::standard)}};
  made.content = json::serialize(content);
  EXPECT_THAT(refused(request({item}, {made})), HasSubstr("isn't what the encrypted file holds"));
}

TEST_P(LiftHandover, CoversTheEditsOfAnItem) {
  auto const item = encrypted("AwgA1");
  auto const edit = encrypted("AwgA2", {{"rel_type", "m.replace"}, {"event_id", item}});
  auto const outcome = ask(request({item}, {text(item, "AwgA1", "Första lydelsen")}));
  auto const* needs = std::get_if<NeedsHandover>(&outcome);
  ASSERT_NE(needs, nullptr);
  EXPECT_THAT(needs->event_ids, ElementsAre(edit));
  auto const newer =
      original(edit, "AwgA2",
               {{"msgtype", "m.text"},
                {"body", "* Andra lydelsen"},
                {"m.new_content", json::object{{"msgtype", "m.text"}, {"body", "Andra lydelsen"}}}});
  auto const done = lifted(request({item}, {text(item, "AwgA1", "Första lydelsen"), newer}));
  auto const content =
      content_from(run(runtime, world->records.record(done.record)).value(), manifest(done.record), {});
  ASSERT_EQ(content.items.size(), 1u);
  EXPECT_EQ(content.items[0].text, "Andra lydelsen");
  ASSERT_EQ(content.items[0].earlier.size(), 1u);
  EXPECT_EQ(content.items[0].earlier[0].text, "Första lydelsen");
}

TEST_P(LiftHandover, FillsThePreviewIn) {
  auto const item = encrypted("AwgA1");
  Handover const handover{"MAJASDATOR", {}, {text(item, "AwgA1", "Vi tillstyrker vallen.")}};
  auto const blind =
      run(runtime, world->lifts.preview(world->maja, world->room, std::vector{item}, world->ks));
  ASSERT_TRUE(blind) << blind.error().message;
  EXPECT_THAT(blind->items[0].encrypted, ElementsAre(item));
  EXPECT_EQ(blind->items[0].text, "");
  auto const seen =
      run(runtime, world->lifts.preview(world->maja, world->room, std::vector{item}, world->ks, handover));
  ASSERT_TRUE(seen) << seen.error().message;
  EXPECT_EQ(seen->items[0].text, "Vi tillstyrker vallen.");
  EXPECT_EQ(seen->prefilled.draft.record_type, "Yttrande");
}

TEST_P(LiftHandover, WaitsWithItsLiftAndIsForgottenAfterwards) {
  auto const item = encrypted("AwgA1");
  auto outcome = ask(request({item}, {text(item, "AwgA1", "Vi tillstyrker vallen.")}), CommitWhen::after);
  ASSERT_NE(std::get_if<Intent>(&outcome), nullptr);
  auto const stored = [&] {
    std::optional<Intent> intent;
    database->read_now([&](db::Reader& r) { intent = lift_store::intent(r, {world->maja, "k1"}); });
    return intent.value();
  };
  EXPECT_THAT(stored().originals, HasSubstr("Vi tillstyrker vallen."));
  world->stop();
  auto const room = world->room;
  world.reset();
  database.reopen();
  world = std::make_unique<World>(runtime, *database, folder);
  world->room = room;
  world->start();
  for (int n = 0; n < 1000 && world->lifts.waiting() == 0; ++n)  // taken up in the background
    static_cast<void>(run(runtime, world->lifts.intent({world->maja, "k1"})));
  auto const done = run(runtime, world->lifts.commit_now({world->maja, "k1"}));
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_THAT(manifest(done->record), HasSubstr("Vi tillstyrker vallen."));
  EXPECT_EQ(stored().originals, "");
}

}  // namespace
}  // namespace torg::records
