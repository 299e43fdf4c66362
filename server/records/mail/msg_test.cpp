#include "records/mail/msg.hpp"

#include "records/mail/mail_reader.hpp"
#include "records/testing/outlook.hpp"
#include "runtime/real_runtime.hpp"
#include "runtime/testing.hpp"

#include <gmock/gmock.h>

namespace torg::records {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST(OutlookMessage, TellsSenderDateSubjectAndAttachments) {
  auto const mail = parse_msg(a_message(fill_letter));
  ASSERT_TRUE(mail) << mail.error().message;
  EXPECT_EQ(mail->subject, "SV: vallen på Hamngatan");
  ASSERT_THAT(mail->from, SizeIs(1));
  EXPECT_EQ(to_text(mail->from[0]), "Bertil Norlén <bertil.norlen@brevet.example>");
  ASSERT_THAT(mail->to, SizeIs(1));
  EXPECT_EQ(mail->to[0].address, "maja@alvhamn.example");
  ASSERT_THAT(mail->cc, SizeIs(1));
  EXPECT_EQ(mail->cc[0].address, "registrator@alvhamn.example");
  EXPECT_EQ(mail->date, instant_from_ms(kSent * 1000));
  EXPECT_EQ(mail->received, instant_from_ms((kSent + 60) * 1000));
  EXPECT_EQ(mail->message_id, "1@brevet.example");
  EXPECT_EQ(mail->text, "Hej Maja,\njag är orolig för brunnen.");
  ASSERT_THAT(mail->attachments, SizeIs(2));
  EXPECT_EQ(mail->attachments[0].name, "Provsvar å.pdf");
  EXPECT_EQ(mail->attachments[0].type, "application/pdf");
  EXPECT_EQ(mail->attachments[0].bytes, "%PDF-1.7 prov");
  EXPECT_FALSE(mail->attachments[0].embedded);
  EXPECT_TRUE(mail->attachments[1].embedded);
}

TEST(OutlookMessage, IsReadInTheEncodingThatItNames) {
  auto const mail = parse_msg(a_message([](MsgFolder& folder) {
    folder.fixed(0x3FFD0003, 1251);
    folder.narrow_text("0037", "\xCF\xF0\xE8\xE2\xE5\xF2");  // Windows' Cyrillic
  }));
  ASSERT_TRUE(mail);
  EXPECT_EQ(mail->subject, "Привет");
  EXPECT_FALSE(mail->date);
}

TEST(OutlookMessage, IsReadFromItsHtmlWhereItHasNoText) {
  auto const mail = parse_msg(a_message([](MsgFolder& folder) {
    folder.fixed(0x3FDE0003, 65001);
    folder.binary("1013", "<p>Hej <b>Maja</b></p><script>x()</script>");
  }));
  ASSERT_TRUE(mail);
  EXPECT_EQ(mail->text, "Hej Maja");
  EXPECT_TRUE(mail->text_was_html);
}

TEST(OutlookMessage, BelievesTheHeadersOfTheServerMoreThanTheAddressBook) {
  auto const mail = parse_msg(a_message([](MsgFolder& folder) {
    folder.text("0042", u"Bertil");
    folder.text("0065", u"/O=EXCHANGE/OU=FIRST/CN=BERTIL");
    folder.text("007D",
                u"Received: from a by b; Tue, 24 Nov 2026 15:08:00 +0100\r\n"
                u"From: Bertil <bertil@brevet.example>\r\nDate: Tue, 24 Nov 2026 15:07:00 +0100\r\n");
  }));
  ASSERT_TRUE(mail);
  ASSERT_THAT(mail->from, SizeIs(1));
  EXPECT_EQ(mail->from[0].address, "bertil@brevet.example");
  EXPECT_EQ(mail->date, instant_from_ms(kSent * 1000));
  EXPECT_EQ(mail->received, instant_from_ms((kSent + 60) * 1000));
}

TEST(OutlookMessage, ShowsNoAddressThatNobodyCanWriteTo) {
  auto const mail = parse_msg(a_message([](MsgFolder& folder) {
    folder.text("0C1A", u"Bertil");
    folder.text("0C1F", u"/O=EXCHANGE/OU=FIRST/CN=BERTIL");
  }));
  ASSERT_TRUE(mail);
  ASSERT_THAT(mail->from, SizeIs(1));
  EXPECT_EQ(to_text(mail->from[0]), "Bertil");
}

TEST(OutlookMessage, KeepsTheTextOfAMessageInsideIt) {
  auto const mail = parse_msg(a_message([](MsgFolder& folder) {
    folder.inside("__attach_version1.0_#00000000", 8, [](MsgFolder& file) {
      file.fixed(0x37050003, 5);
      file.inside("__substg1.0_3701000D", 24, [](MsgFolder& inner) {
        inner.text("0037", u"Ursprunget");
        inner.text("1000", u"Det första brevet.");
      });
    });
  }));
  ASSERT_TRUE(mail);
  ASSERT_THAT(mail->attachments, SizeIs(1));
  EXPECT_EQ(mail->attachments[0].name, "Ursprunget.txt");
  EXPECT_THAT(mail->attachments[0].bytes, HasSubstr("Det första brevet."));
}

TEST(OutlookMessage, NamesNoPathAndNoCharacterThatTurnsText) {
  auto const mail = parse_msg(a_message([](MsgFolder& folder) {
    folder.text("0037", u"faktura\u202E\u0007xe");
    folder.inside("__attach_version1.0_#00000000", 8, [](MsgFolder& file) {
      file.text("3707", u"..\\..\\etc/passwd");
      file.binary("3701", "x");
    });
    folder.inside("__attach_version1.0_#00000001", 8, [](MsgFolder& file) { file.binary("3701", "y"); });
  }));
  ASSERT_TRUE(mail);
  EXPECT_EQ(mail->subject, "faktura xe");
  EXPECT_EQ(mail->attachments.at(0).name, "passwd");
  EXPECT_EQ(mail->attachments.at(1).name, "attachment-2");
}

TEST(OutlookMessage, IsRefusedWhereItIsNone) {
  auto const whole = a_message(fill_letter);
  for (auto const& bytes :
       {std::string(), std::string("From: a@b.example\n\nx"), whole.substr(0, 8), whole.substr(0, 600),
        std::string(whole.substr(0, 8)) + std::string(4096, '\xFF')}) {
    auto const mail = parse_msg(bytes);
    ASSERT_FALSE(mail);
    EXPECT_EQ(mail.error().code, ErrorCode::invalid_param);
  }
}

TEST(OutlookMessage, SurvivesAnyByteTurned) {
  auto const whole = a_message(fill_letter);
  for (std::size_t at = 0; at < whole.size(); at += 7) {
    auto broken = whole;
    broken[at] = static_cast<char>(broken[at] ^ 0x55);
    static_cast<void>(parse_msg(broken));  // read or refused: the sanitizers look on
  }
}

TEST(OutlookMessage, IsReadInAProcessOfItsOwn) {
  RealRuntime runtime(1);
  MailReader reader(runtime, {TORG_WORKERS "/mail_worker"});
  auto const mail = run(runtime, reader.read(a_message(fill_letter)));
  ASSERT_TRUE(mail) << mail.error().detail;
  EXPECT_EQ(mail->subject, "SV: vallen på Hamngatan");
  EXPECT_THAT(mail->attachments, SizeIs(2));
}

}  // namespace
}  // namespace torg::records
