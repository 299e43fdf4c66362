#include "records/mail/pdf.hpp"

#include "governance/zone.hpp"
#include "records/mail/mail_reader.hpp"
#include "records/testing/outlook.hpp"
#include "runtime/real_runtime.hpp"
#include "runtime/testing.hpp"

#include <gmock/gmock.h>

namespace torg::records {
namespace {

TEST(PdfFacts, AreTitleAuthorAndDayOfTheFile) {
  auto const facts = parse_pdf(a_pdf(
      "<< /Title (Yttrande om vallen) /Author (Leila Haddad) /CreationDate (D:20261118233000+01'00') >>"));
  ASSERT_TRUE(facts) << facts.error().message;
  EXPECT_EQ(facts->title, "Yttrande om vallen");
  EXPECT_EQ(facts->author, "Leila Haddad");
  ASSERT_TRUE(facts->made_day);
  EXPECT_EQ(governance::to_text(*facts->made_day), "2026-11-18");
}

TEST(PdfFacts, AreReadInUnicodeToo) {
  auto const facts = parse_pdf(a_pdf("<< /Title <FEFF00D6007600650072> /Author (L\\344nsstyrelsen) >>"));
  ASSERT_TRUE(facts);
  EXPECT_EQ(facts->title, "Över");
  EXPECT_EQ(facts->author, "Länsstyrelsen");
  EXPECT_FALSE(facts->made_day);
}

TEST(PdfFacts, AreLeftOutWhereTheyAreNone) {
  auto const facts = parse_pdf(a_pdf("<< /Title 17 /Author [(a)] /CreationDate (D:20261399) >>"));
  ASSERT_TRUE(facts);
  EXPECT_EQ(facts->title, "");
  EXPECT_EQ(facts->author, "");
  EXPECT_FALSE(facts->made_day);
  EXPECT_EQ(parse_pdf(a_pdf("<< /Title (" + std::string(2000, 'x') + ") >>"))->title, "");
}

TEST(PdfFacts, HoldNoCharacterThatControlsAScreen) {
  auto const facts = parse_pdf(a_pdf("<< /Title <FEFF0061202E0062000A0063> >>"));
  ASSERT_TRUE(facts);
  EXPECT_EQ(facts->title, "ab c");
}

TEST(PdfFacts, AreRefusedOfWhatIsNoPdf) {
  for (auto const& bytes : {std::string(), std::string("%PDF-1.7"),
                            std::string("%PDF-1.7\n") + std::string(5000, '\xFF'), std::string("hej")}) {
    auto const facts = parse_pdf(bytes);
    ASSERT_FALSE(facts);
    EXPECT_EQ(facts.error().code, ErrorCode::invalid_param);
  }
}

TEST(PdfFacts, AreReadInAProcessOfTheirOwn) {
  RealRuntime runtime(1);
  MailReader reader(runtime, {TORG_WORKERS "/mail_worker"});
  auto const facts = run(runtime, reader.read_pdf(a_pdf("<< /Title (Vallen) >>")));
  ASSERT_TRUE(facts) << facts.error().detail;
  EXPECT_EQ(facts->title, "Vallen");
  EXPECT_FALSE(run(runtime, reader.read_pdf("%PDF-1.7\nnothing")));
}

}  // namespace
}  // namespace torg::records
