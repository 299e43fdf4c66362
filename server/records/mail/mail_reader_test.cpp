#include "records/mail/mail_reader.hpp"

#include "runtime/child_process.hpp"
#include "runtime/real_runtime.hpp"

#include <boost/asio/co_spawn.hpp>
#include <gtest/gtest.h>

namespace torg::records {
namespace {

std::vector<std::string> worker() { return {TORG_WORKERS "/mail_worker"}; }

Result<Mail> read(std::vector<std::string> command, std::string bytes) {
  RealRuntime runtime(1);
  MailReader reader(runtime, std::move(command));
  Result<Mail> result = fail(ErrorCode::internal, "never answered");
  asio::co_spawn(
      runtime.executor(),
      [&]() -> Task<> {
        result = co_await reader.read(std::move(bytes));
        runtime.stop();
      },
      [](std::exception_ptr e) {
        if (e) std::rethrow_exception(e);
      });
  runtime.run();
  return result;
}

TEST(MailReader, ReadsAMailInAProcessOfItsOwn) {
  auto const mail =
      read(worker(),
           "From: a@b.example\nSubject: =?utf-8?q?Sn=C3=B6?=\nContent-Type: multipart/mixed; boundary=b\n\n"
           "--b\n\ntext\n--b\nContent-Disposition: attachment; filename=a.bin\n"
           "Content-Transfer-Encoding: base64\n\nAAEC\n--b--\n");
  ASSERT_TRUE(mail) << mail.error().detail;
  EXPECT_EQ(mail->subject, "Snö");
  ASSERT_EQ(mail->attachments.size(), 1u);
  EXPECT_EQ(mail->attachments[0].bytes, std::string("\0\1\2", 3));
}

TEST(MailReader, HandsOverWhyAMailWasRefused) {
  auto const mail = read(worker(), "no mail at all");
  ASSERT_FALSE(mail);
  EXPECT_EQ(mail.error().code, ErrorCode::invalid_param);
  EXPECT_EQ(mail.error().message, "This is not a mail.");
}

TEST(MailReader, SurvivesAWorkerThatDies) {
  auto const mail = read({"/bin/sh", "-c", "kill -SEGV $$"}, "Subject: x\n\ny");
  ASSERT_FALSE(mail);
  EXPECT_EQ(mail.error().code, ErrorCode::invalid_param);
}

TEST(MailReader, DistrustsWhatTheWorkerSays) {
  for (auto const* answer :
       {"", "x", "5\n{}", "2\n{}", "999999999999999999999\n{}",
        "46\n{\"attachments\":[{\"name\":\"a\",\"size\":99999}]}x", "21\n{\"attachments\":[null]}"})
    EXPECT_FALSE(decode_mail_answer(answer)) << answer;
}

}  // namespace
}  // namespace torg::records
