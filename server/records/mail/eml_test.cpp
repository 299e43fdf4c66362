#include "records/mail/eml.hpp"

#include "records/mail/file_name.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace torg::records {
namespace {

using testing::HasSubstr;
using testing::Not;

Instant at(std::chrono::sys_days day, std::chrono::minutes time) { return day + time; }
constexpr auto kNov24 = std::chrono::sys_days{std::chrono::year{2026} / 11 / 24};

constexpr std::string_view kLetter =
    "Received: from mx.lst.example by post.alvhamn.example; Tue, 24 Nov 2026 08:12:40 +0100\r\n"
    "From: =?utf-8?q?L=C3=A4nsstyrelsen_Mellansj=C3=B6?= <diariet@lst.example>\r\n"
    "To: Kommunstyrelsen <ks@alvhamn.example>, \"Ekdahl, Maja\" <maja@alvhamn.example>\r\n"
    "Subject: =?iso-8859-1?Q?Yttrande_=F6ver_provisorisk_vall?=\r\n"
    "Date: Tue, 24 Nov 2026 08:11:02 +0100\r\n"
    "Message-ID: <a1@lst.example>\r\n"
    "In-Reply-To: <q7@alvhamn.example>\r\n"
    "MIME-Version: 1.0\r\n"
    "Content-Type: multipart/mixed; boundary=b\r\n\r\n"
    "--b\r\nContent-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: "
    "quoted-printable\r\n\r\n"
    "Hej!\r\nH=E4r kommer yttrandet.\r\n"
    "--b\r\nContent-Type: application/pdf; name=\"../../etc/yttrande.pdf\"\r\n"
    "Content-Disposition: attachment; filename=\"../../etc/yttrande.pdf\"\r\nContent-Transfer-Encoding: "
    "base64\r\n\r\n"
    "JVBERi0xLjc=\r\n--b--\r\n";

TEST(Mail, ReadsWhoWroteToWhomAboutWhat) {
  auto const mail = parse_mail(kLetter);
  ASSERT_TRUE(mail);
  ASSERT_EQ(mail->from.size(), 1u);
  EXPECT_EQ(to_text(mail->from[0]), "Länsstyrelsen Mellansjö <diariet@lst.example>");
  ASSERT_EQ(mail->to.size(), 2u);
  EXPECT_EQ(mail->to[1].name, "Ekdahl, Maja");
  EXPECT_EQ(mail->subject, "Yttrande över provisorisk vall");
  EXPECT_EQ(mail->message_id, "a1@lst.example");
  EXPECT_EQ(mail->in_reply_to, "q7@alvhamn.example");
}

TEST(Mail, TakesTheDateFromTheDateHeader) {
  auto const mail = parse_mail(kLetter);
  ASSERT_TRUE(mail && mail->date);
  EXPECT_EQ(*mail->date,
            at(kNov24, std::chrono::hours(7) + std::chrono::minutes(11)) + std::chrono::seconds(2));
  EXPECT_EQ(mail->date_source, MailDateSource::date_header);
  EXPECT_EQ(*mail->received,
            at(kNov24, std::chrono::hours(7) + std::chrono::minutes(12)) + std::chrono::seconds(40));
}

TEST(Mail, TakesTheDateFromTheNewestReceivedWhenTheDateIsMissing) {
  auto const mail = parse_mail(
      "Received: by b; Tue, 24 Nov 2026 09:00:00 +0000\n"
      "Received: by a; Mon, 23 Nov 2026 09:00:00 +0000\nSubject: x\n\nhej\n");
  ASSERT_TRUE(mail && mail->date);
  EXPECT_EQ(*mail->date, at(kNov24, std::chrono::hours(9)));
  EXPECT_EQ(mail->date_source, MailDateSource::received_header);
}

TEST(Mail, HasNoDateWhenNoHeaderHasOne) {
  auto const mail = parse_mail("From: a@b.example\nDate: soon\nSubject: x\n\nhej\n");
  ASSERT_TRUE(mail);
  EXPECT_FALSE(mail->date);
  EXPECT_EQ(mail->date_source, MailDateSource::none);
}

TEST(Mail, ReadsTheTextInItsCharacterSet) {
  auto const mail = parse_mail(kLetter);
  ASSERT_TRUE(mail);
  EXPECT_THAT(mail->text, HasSubstr("Här kommer yttrandet."));
  EXPECT_FALSE(mail->text_was_html);
}

TEST(Mail, DecodesAttachmentsAndMakesTheirNamesSafe) {
  auto const mail = parse_mail(kLetter);
  ASSERT_TRUE(mail);
  ASSERT_EQ(mail->attachments.size(), 1u);
  EXPECT_EQ(mail->attachments[0].name, "yttrande.pdf");
  EXPECT_EQ(mail->attachments[0].type, "application/pdf");
  EXPECT_EQ(mail->attachments[0].bytes, "%PDF-1.7");
  EXPECT_FALSE(mail->attachments[0].embedded);
}

TEST(Mail, PrefersThePlainFormOfTheText) {
  auto const mail = parse_mail(
      "Subject: x\nContent-Type: multipart/alternative; boundary=b\n\n"
      "--b\nContent-Type: text/plain\n\nslät text\n"
      "--b\nContent-Type: text/html\n\n<p>rik text</p>\n--b--\n");
  ASSERT_TRUE(mail);
  EXPECT_THAT(mail->text, HasSubstr("text"));
  EXPECT_THAT(mail->text, Not(HasSubstr("rik")));
  EXPECT_TRUE(mail->attachments.empty());
}

TEST(Mail, MakesTextOfHtmlWithoutScriptsAndFetchesNothing) {
  auto const mail = parse_mail(
      "Subject: x\nContent-Type: text/html; "
      "charset=utf-8\n\n<html><head><title>t</title><style>p{}</style></head><body>"
      "<p>Första&nbsp;stycket</p><script>alert(1)</script><ul><li>ett<li>två</ul>"
      "<img src='http://tracker.example/x.gif'><a href='https://lst.example/7'>yttrandet</a></body></html>");
  ASSERT_TRUE(mail);
  EXPECT_TRUE(mail->text_was_html);
  EXPECT_THAT(mail->text, HasSubstr("- ett\n- två"));
  EXPECT_THAT(mail->text, HasSubstr("yttrandet <https://lst.example/7>"));
  EXPECT_THAT(mail->text, Not(HasSubstr("alert")));
  EXPECT_THAT(mail->text, Not(HasSubstr("tracker")));
}

TEST(Mail, TellsEmbeddedPicturesFromAttachments) {
  auto const mail = parse_mail(
      "Subject: x\nContent-Type: multipart/related; boundary=b\n\n"
      "--b\nContent-Type: text/html\n\n<img src='cid:logo'>hej\n"
      "--b\nContent-Type: image/png\nContent-Id: <logo>\nContent-Transfer-Encoding: base64\n\n"
      "iVBORw0K\n--b--\n");
  ASSERT_TRUE(mail);
  ASSERT_EQ(mail->attachments.size(), 1u);
  EXPECT_TRUE(mail->attachments[0].embedded);
  EXPECT_EQ(mail->attachments[0].name, "attachment-1.png");
}

TEST(Mail, KeepsAForwardedMailWhole) {
  auto const mail = parse_mail(
      "Subject: fwd\nContent-Type: multipart/mixed; boundary=b\n\n"
      "--b\nContent-Type: text/plain\n\nse nedan\n"
      "--b\nContent-Type: message/rfc822\n\nSubject: inner\nFrom: a@b.example\n\ninner text\n--b--\n");
  ASSERT_TRUE(mail);
  ASSERT_EQ(mail->attachments.size(), 1u);
  EXPECT_EQ(mail->attachments[0].name, "inner.eml");
  EXPECT_EQ(mail->attachments[0].type, "message/rfc822");
  EXPECT_THAT(mail->attachments[0].bytes, HasSubstr("inner text"));
}

TEST(Mail, RefusesMoreThanTwoHundredParts) {
  std::string text = "Subject: x\nContent-Type: multipart/mixed; boundary=b\n\n";
  for (int i = 0; i < 250; ++i) text += "--b\nContent-Type: text/x-a\n\nx\n";
  auto const mail = parse_mail(text + "--b--\n");
  ASSERT_FALSE(mail);
  EXPECT_EQ(mail.error().code, ErrorCode::too_large);
}

TEST(Mail, RefusesNestingBeyondThirtyLevels) {
  std::string text = "Subject: x\n";
  for (int i = 0; i < 5000; ++i) {
    auto const b = "b" + std::to_string(i);
    text += "Content-Type: multipart/mixed; boundary=" + b + "\n\n--" + b + "\n";
  }
  auto const mail = parse_mail(text + "Content-Type: text/plain\n\nbottom\n");
  ASSERT_FALSE(mail);
  EXPECT_EQ(mail.error().code, ErrorCode::too_large);
}

TEST(Mail, RefusesEndlessHeaders) {
  auto const mail = parse_mail("Subject: x\nX-Long: " + std::string(kMaxMailHeaderBytes, 'a') + "\n\nhej\n");
  ASSERT_FALSE(mail);
  EXPECT_EQ(mail.error().code, ErrorCode::too_large);
}

TEST(Mail, RefusesWhatIsNoMail) {
  for (std::string_view bytes :
       {std::string_view(""), std::string_view("hello"), std::string_view("%PDF-1.7\n\x00\x01", 11)})
    EXPECT_FALSE(parse_mail(bytes));
}

TEST(Mail, LetsNoControlCharactersThrough) {
  auto const mail = parse_mail(
      "From: =?utf-8?b?QQBCG1sxbQ==?= <a@b.example>\nSubject: =?utf-8?q?a=0D=0AX:_y=E2=80=AEfdp?=\n\n"
      "te\x01xt\xff\x00 end\n");
  ASSERT_TRUE(mail);
  for (auto const& text : {mail->subject, mail->from.at(0).name, mail->text}) {
    EXPECT_THAT(text, Not(HasSubstr("\r")));
    EXPECT_THAT(text, Not(HasSubstr("\x1b")));
    EXPECT_THAT(text, Not(HasSubstr("\u202e")));
    EXPECT_THAT(text, Not(HasSubstr("\x01")));
  }
}

TEST(FileName, LeavesFoldersAndHiddenDirectionsBehind) {
  EXPECT_EQ(safe_file_name("C:\\temp\\a.doc"), "a.doc");
  EXPECT_EQ(safe_file_name("../../.bashrc"), "bashrc");
  EXPECT_EQ(safe_file_name("faktura\u202efdp.exe"), "fakturafdp.exe");
  EXPECT_EQ(safe_file_name("åäö med blank.pdf"), "åäö med blank.pdf");
  EXPECT_EQ(safe_file_name("CON.txt"), "_CON.txt");
  EXPECT_EQ(safe_file_name("a<b>:c?.txt"), "a_b__c_.txt");
  EXPECT_EQ(safe_file_name("..."), "");
}

TEST(FileName, KeepsTheExtensionOfALongName) {
  std::string longest;
  for (int i = 0; i < 100; ++i) longest += "å";
  auto const name = safe_file_name(longest + ".pdf");
  EXPECT_LE(name.size(), 120u);
  EXPECT_TRUE(name.ends_with("å.pdf"));
}

}  // namespace
}  // namespace torg::records
