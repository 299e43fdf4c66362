#include "records/manual/manual.hpp"

#include "records/register/store.hpp"
#include "records/testing/outlook.hpp"
#include "records/testing/world.hpp"

#include <gmock/gmock.h>

namespace torg::records {
namespace {

using ::testing::HasSubstr;

constexpr std::string_view kMail =
    "From: =?utf-8?q?Bertil_Norl=C3=A9n?= <bertil.norlen@brevet.example>\r\n"
    "To: maja@alvhamn.example\r\n"
    "Subject: SV: vallen\r\n"
    "Date: Tue, 24 Nov 2026 15:07:00 +0100\r\n"
    "Message-ID: <1@brevet.example>\r\n"
    "MIME-Version: 1.0\r\n"
    "Content-Type: multipart/mixed; boundary=b\r\n\r\n"
    "--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
    "Hej Maja, jag \xC3\xA4r orolig f\xC3\xB6r brunnen vid vallen p\xC3\xA5 Hamngatan 9.\r\n"
    "--b\r\nContent-Type: application/pdf; name=\"Provsvar.pdf\"\r\n"
    "Content-Disposition: attachment; filename=\"Provsvar.pdf\"\r\n\r\n%PDF-1.7 prov\r\n"
    "--b--\r\n";

class ManualEntries : public db::OnBothDatabases {
 protected:
  void SetUp() override {
    migrate_world(*database);
    world = std::make_unique<World>(runtime, *database, folder);
    world->found();
    People const people{
        .find = [this](std::string_view id) { return world->identity.find(id); },
        .user_id = [this](UserNid user) { return world->identity.user_id(user); },
        .name = [this](UserNid user) { return world->identity.account(user)->profile.displayname; }};
    manual = std::make_unique<Manual>(
        ManualServices{runtime, *database, world->blobs, world->rooms, world->governance, world->records,
                       world->lifts, people, mail, "alvhamn.example", world->settings.values(),
                       [this](std::string bytes, std::string type, std::string name) {
                         return world->media.upload_bytes(world->service, std::move(bytes), std::move(type),
                                                          std::move(name));
                       }});
    manual->start(world->service);
  }
  void TearDown() override { world->stop(); }

  ManualEntry entry(std::string key, ManualKind kind) {
    ManualEntry wanted;
    wanted.key = {world->sandra, std::move(key)};
    wanted.kind = kind;
    wanted.authority = world->ks;
    wanted.draft.title = "Synpunkt om brunn";
    wanted.draft.internal_title = "Synpunkt om brunn";
    wanted.draft.sender = "Bertil Norlén";
    wanted.draft.private_person = true;
    wanted.draft.came_or_made_day = governance::day_of(runtime.now());
    wanted.draft.classification = "1.1.2";
    wanted.draft.record_type = "Synpunkt";
    return wanted;
  }
  Result<ManualPreview> drop(std::string_view bytes, std::string name, std::string type) {
    return run(runtime, manual->preview(world->sandra, world->ks, std::string(bytes), std::move(name),
                                        std::move(type)));
  }

  db::TemporaryFolder folder;
  std::unique_ptr<World> world;
  MailReader mail{runtime, {std::string(TORG_WORKERS) + "/mail_worker"}};
  std::unique_ptr<Manual> manual;
};
INSTANTIATE_TEST_SUITE_P(Db, ManualEntries, db::both_databases(), db::database_name);

TEST_P(ManualEntries, GiveTheNumberOfACallAtOnceWithHowToSayIt) {
  auto call = entry("k1", ManualKind::phone);
  call.note = "Ringde om brunnen. Vattnet är grumligt.";
  auto const done = run(runtime, manual->enter(call));
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_TRUE(done->number.ends_with("/00001-1"));
  EXPECT_THAT(done->say.sv, HasSubstr("handling ett"));
  auto const manifest = run(runtime, world->records.manifest(done->record)).value();
  EXPECT_THAT(manifest, HasSubstr("grumligt"));
}

TEST_P(ManualEntries, AreOneRecordPerKey) {
  auto const first = run(runtime, manual->enter(entry("k1", ManualKind::paper))).value();
  auto const again = run(runtime, manual->enter(entry("k1", ManualKind::paper))).value();
  EXPECT_EQ(first.record, again.record);
  EXPECT_EQ(first.number, again.number);
}

TEST_P(ManualEntries, ByARegistrarAreCheckedAlreadyAndKeepPrivateNamesOffTheWeb) {
  auto const done = run(runtime, manual->enter(entry("k1", ManualKind::paper))).value();
  auto const shown = public_view(run(runtime, world->records.record(done.record)).value());
  EXPECT_EQ(shown.title, "Synpunkt om brunn");
  EXPECT_EQ(shown.party, std::nullopt);
}

TEST_P(ManualEntries, ReadEverythingFromAnOutlookMessage) {
  auto const preview = drop(a_message(fill_letter), "vallen.msg", "application/octet-stream");
  ASSERT_TRUE(preview) << preview.error().message;
  auto const& draft = preview->prefilled.draft;
  EXPECT_EQ(draft.sender, "Bertil Norlén");
  EXPECT_TRUE(draft.private_person);
  EXPECT_EQ(governance::to_text(draft.came_or_made_day), "2026-11-24");
  ASSERT_EQ(preview->attachments.size(), 1u);
  EXPECT_EQ(preview->attachments[0].name, "Provsvar å.pdf");
  auto letter = entry("k1", ManualKind::mail);
  letter.upload = preview->upload;
  auto const done = run(runtime, manual->enter(letter));
  ASSERT_TRUE(done) << done.error().message;
  auto const files = run(runtime, world->records.record(done->record)).value().files;
  ASSERT_EQ(files.size(), 3u);  // manifest, original, attachment
  EXPECT_EQ(files[1].name, "vallen.msg");
  EXPECT_EQ(files[2].name, "Provsvar å.pdf");
}

TEST_P(ManualEntries, TakeTitleAndAuthorFromAPdfAndNotItsDay) {
  auto const preview = drop(
      a_pdf(
          "<< /Title (Yttrande over vallen) /Author (Granviks kommun) /CreationDate (D:20261118093000Z) >>"),
      "scan0001.pdf", "application/pdf");
  ASSERT_TRUE(preview) << preview.error().message;
  auto const& draft = preview->prefilled.draft;
  EXPECT_EQ(draft.internal_title, "Yttrande over vallen");
  EXPECT_EQ(draft.sender, "Granviks kommun");
  EXPECT_FALSE(draft.private_person);
  EXPECT_EQ(draft.came_or_made_day, governance::day_of(runtime.now()));
  EXPECT_THAT(preview->prefilled.sources.at("came_or_made_day").sv, HasSubstr("2026-11-18"));
  EXPECT_THAT(preview->prefilled.sources.at("sender").sv, HasSubstr("PDF"));
  EXPECT_FALSE(preview->unread);
}

TEST_P(ManualEntries, OfABrokenFileSayThatItIsFilledInByHand) {
  for (auto const& [bytes, name] :
       {std::pair(std::string("%PDF-1.7\nnothing"), "brev.pdf"),
        std::pair(std::string("nothing"), "brev.msg"), std::pair(std::string("nothing"), "brev.eml")}) {
    auto const preview = drop(bytes, name, "application/octet-stream");
    ASSERT_TRUE(preview) << preview.error().message;
    ASSERT_TRUE(preview->unread) << name;
    auto letter = entry(std::string("k-") + name, ManualKind::file);
    letter.upload = preview->upload;
    EXPECT_TRUE(run(runtime, manual->enter(letter))) << name;
  }
}

TEST_P(ManualEntries, ComeThroughAnEService) {
  EXPECT_EQ(parse_manual_kind("e-service"), ManualKind::e_service);
  auto const done = run(runtime, manual->enter(entry("k1", ManualKind::e_service)));
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_THAT(run(runtime, world->records.manifest(done->record)).value(), HasSubstr("e-service"));
}

TEST_P(ManualEntries, ReadEverythingFromADroppedMail) {
  auto const preview = drop(kMail, "SV vallen.eml", "message/rfc822");
  ASSERT_TRUE(preview) << preview.error().message;
  auto const& draft = preview->prefilled.draft;
  EXPECT_EQ(draft.sender, "Bertil Norlén");
  EXPECT_TRUE(draft.private_person);
  EXPECT_EQ(draft.direction, Direction::in);
  EXPECT_EQ(governance::to_text(draft.came_or_made_day), "2026-11-24");
  EXPECT_EQ(draft.title, "Synpunkt om vallen");
  EXPECT_THAT(preview->prefilled.sources.at("came_or_made_day").sv, HasSubstr("ur mejlets huvud"));
  EXPECT_THAT(preview->prefilled.sources.at("direction").sv, HasSubstr("Maja Ekdahls brevlåda"));
  ASSERT_EQ(preview->attachments.size(), 1u);
  EXPECT_EQ(preview->attachments[0].name, "Provsvar.pdf");
}

TEST_P(ManualEntries, KeepTheMailAsItCameAndItsAttachmentsBeside) {
  auto const preview = drop(kMail, "SV vallen.eml", "message/rfc822").value();
  auto mail_entry = entry("k1", ManualKind::mail);
  mail_entry.upload = preview.upload;
  mail_entry.parts = {preview.attachments[0].part};
  auto const done = run(runtime, manual->enter(mail_entry));
  ASSERT_TRUE(done) << done.error().message;
  auto const files = run(runtime, world->records.record(done->record))->files;
  ASSERT_EQ(files.size(), 3u);
  EXPECT_EQ(files[1].role, FileRole::original);
  EXPECT_EQ(world->blobs.read(files[1].blob, 1 << 20).value(), kMail);
  EXPECT_EQ(files[2].name, "Provsvar.pdf");
  EXPECT_EQ(world->blobs.read(files[2].blob, 1 << 20).value(), "%PDF-1.7 prov");
}

TEST_P(ManualEntries, TakeWhatIsNoMailAsAFile) {
  auto const preview = drop("%PDF-1.7 x", "../../Skrivelse om vallen.pdf", "application/pdf").value();
  EXPECT_EQ(preview.mail, std::nullopt);
  EXPECT_EQ(preview.prefilled.draft.title, "Skrivelse om vallen");
  auto file_entry = entry("k1", ManualKind::file);
  file_entry.upload = preview.upload;
  auto const done = run(runtime, manual->enter(file_entry)).value();
  EXPECT_EQ(run(runtime, world->records.record(done.record))->files.at(1).name, "Skrivelse om vallen.pdf");
}

TEST_P(ManualEntries, MayBeKeptInOrderInsteadOnce) {
  auto const preview = drop("Tack för mötet", "tack.txt", "text/plain").value();
  ManualAssess request{{world->sandra, "k1"}, world->ks, preview.upload, "trivial", "tack", ""};
  ASSERT_TRUE(run(runtime, manual->assess(request)));
  EXPECT_TRUE(run(runtime, manual->assess(request)));
}

TEST_P(ManualEntries, AreForThoseWithARole) {
  auto foreign = entry("k1", ManualKind::paper);
  foreign.key.by = world->ali;
  EXPECT_EQ(run(runtime, manual->enter(foreign)).error().code, ErrorCode::forbidden);
}

TEST_P(ManualEntries, RefuseAnothersUpload) {
  auto const preview = drop("x", "x.txt", "text/plain").value();
  auto mine = entry("k1", ManualKind::file);
  mine.key.by = world->maja;
  mine.upload = preview.upload;
  EXPECT_EQ(run(runtime, manual->enter(mine)).error().code, ErrorCode::not_found);
}

TEST(Organisations, AreKnownByTheirNamesAndMailboxes) {
  EXPECT_TRUE(looks_like_organisation({"Länsstyrelsen Mellansjö", "a@b.example"}));
  EXPECT_TRUE(looks_like_organisation({"Vägbygg i Norr AB", "a@b.example"}));
  EXPECT_TRUE(looks_like_organisation({"", "registrator@granvik.example"}));
  EXPECT_FALSE(looks_like_organisation({"Bertil Norlén", "bertil@brevet.example"}));
}

}  // namespace
}  // namespace torg::records
