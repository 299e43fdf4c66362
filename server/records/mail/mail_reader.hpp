#pragma once
#include "records/mail/eml.hpp"
#include "records/mail/pdf.hpp"
#include "runtime/runtime.hpp"

#include <chrono>

namespace torg::records {

/// Reads mails, Outlook's messages and PDFs in a process of their own (`torg worker eml`), locked in before
/// it sees the first byte: such libraries are large and mail is hostile.
class MailReader {
 public:
  static constexpr std::chrono::seconds kDeadline{10};

  /// `worker` is the command that runs `run_mail_worker`, for the server `{"/proc/self/exe", "worker",
  /// "eml"}`.
  MailReader(Runtime& runtime, std::vector<std::string> worker)
      : runtime_(runtime), worker_(std::move(worker)) {}

  /// A mail, or a message that Outlook saved: the bytes tell.
  /// @return as `parse_mail` and `parse_msg`; `invalid_param` also when the worker fell over it,
  /// `unavailable` when it took too long
  Task<Result<Mail>> read(std::string bytes);
  /// @return as `parse_pdf`, and as above
  Task<Result<PdfFacts>> read_pdf(std::string bytes);

 private:
  Task<Result<std::string>> answer(std::string bytes);

  Runtime& runtime_;
  std::vector<std::string> worker_;
};

/// The worker: confines itself, reads one mail, message or PDF on standard input, writes the answer, returns
/// the exit code. Call `_exit` with it.
[[nodiscard]] int run_mail_worker();

// The worker's answer: one line with the size of the JSON, the JSON, then the attachments' bytes one after
// another.
[[nodiscard]] std::string encode_mail_answer(Result<Mail> const& mail);
[[nodiscard]] Result<Mail> decode_mail_answer(std::string_view answer);
[[nodiscard]] std::string encode_pdf_answer(Result<PdfFacts> const& facts);
[[nodiscard]] Result<PdfFacts> decode_pdf_answer(std::string_view answer);

}  // namespace torg::records
