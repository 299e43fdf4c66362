#include "records/external/package.hpp"

#include <cstdlib>
#include <fstream>

#include <gmock/gmock.h>

namespace torg::records {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Delivery a_handover() {
  Draft draft;
  draft.title = "Yttrande <om> vallen & brunnen";
  draft.internal_title = "Yttrande från Leila";
  draft.sender = "Länsstyrelsen Mellansjö";
  draft.recipient = "Kommunstyrelsen";
  draft.came_or_made_day = std::chrono::sys_days(std::chrono::year(2026) / 11 / 20);
  draft.classification = "1.4.1";
  draft.record_type = "Yttrande";
  draft.secrecy = Secrecy{"18 kap. 1 § OSL", draft.came_or_made_day, ""};
  Delivery handover;
  handover.key = "00112233445566778899aabbccddeeff";
  handover.by_id = "@maja:alvhamn.example";
  handover.made_at = instant_from_ms(1'795'163'640'000);
  handover.draft = json::serialize(to_json(draft));
  handover.manifest = R"({"torg_manifest":1})";
  handover.item_ids = {"$a"};
  handover.files = {{FileRole::attachment, "../vall:1.pdf", "application/pdf", 13,
                     db::BlobId{"5c0f5ab5a0f3a9f1d2f2f9c2f7cf53f3e3a6b6b6fe9f0f0b1d3b5a7c9e1f2a3b"}}};
  return handover;
}

ExternalSender a_sender() {
  ExternalSender sender;
  sender.authority.code = "KS";
  sender.authority.name_sv = "Kommunstyrelsen";
  sender.authority.organisation = "Älvhamns kommun";
  sender.server_name = "alvhamn.example";
  sender.by_name = "Maja\x01 Ekdahl";
  return sender;
}

std::string erms_of(ExternalPackage const& package) { return package.parts.at(1).bytes; }

TEST(ExternalPackage, NamesEveryFileOnceAndOffersNoWayOutOfItsFolder) {
  auto const package = external_package(a_handover(), a_sender());
  ASSERT_EQ(package.parts.size(), 3u);
  EXPECT_EQ(package.parts[0].path, "manifest.json");
  EXPECT_EQ(package.parts[1].path, "ERMS.xml");
  EXPECT_EQ(package.parts[2].path, "files/003-vall_1.pdf");
  auto const record = parse_json_object(package.record).value();
  auto const& files = record.at("files").as_array();
  ASSERT_EQ(files.size(), 3u);
  for (int n = 0; n < 3; ++n) EXPECT_EQ(files[static_cast<std::size_t>(n)].at("n").as_int64(), n + 1);
  EXPECT_EQ(record.at("record").at("title").as_string(), "Yttrande <om> vallen & brunnen");
  EXPECT_TRUE(record.at("answer_to").is_null());
}

TEST(ExternalPackage, DescribesTheRecordAsErms) {
  auto const erms = erms_of(external_package(a_handover(), a_sender()));
  EXPECT_THAT(erms, HasSubstr("<title>Yttrande &lt;om&gt; vallen &amp; brunnen</title>"));
  EXPECT_THAT(erms, HasSubstr("<regulation>18 kap. 1 § OSL</regulation>"));
  EXPECT_THAT(erms, HasSubstr(R"(path="files/003-vall_1.pdf")"));
  EXPECT_THAT(erms, HasSubstr("<date dateType=\"received\">2026-11-19T23:00:00Z</date>"));
  EXPECT_THAT(erms, Not(HasSubstr("\x01")));
}

/// The schema is DILCIS's and not ours to hand on: $TORG_ERMS_SCHEMA names ERMS.xsd of CITS ERMS 2.1.2.
TEST(ExternalPackage, IsValidErms) {
  auto const* schema = std::getenv("TORG_ERMS_SCHEMA");
  if (schema == nullptr) GTEST_SKIP() << "TORG_ERMS_SCHEMA names no schema";
  if (std::system("xmllint --version >/dev/null 2>&1") != 0) GTEST_SKIP() << "there is no xmllint";
  auto const file = ::testing::TempDir() + "torg_erms_test.xml";
  std::ofstream(file) << erms_of(external_package(a_handover(), a_sender()));
  auto const command = std::string("xmllint --nonet --noout --schema '") + schema + "' '" + file + "'";
  EXPECT_EQ(std::system(command.c_str()), 0);
}

}  // namespace
}  // namespace torg::records
