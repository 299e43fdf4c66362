#include "records/mail/mail_reader.hpp"

#include "base/json.hpp"
#include "governance/zone.hpp"
#include "records/mail/msg.hpp"
#include "runtime/child_process.hpp"
#include "runtime/confine.hpp"
#include "runtime/worker.hpp"

#include <fmt/format.h>

namespace torg::records {
namespace {

constexpr std::size_t kAnswerLimit = 2 * kMaxMailBytes;

json::array to_json(std::vector<MailAddress> const& list) {
  json::array out;
  for (auto const& one : list) out.push_back(json::object{{"name", one.name}, {"address", one.address}});
  return out;
}

json::value to_json(std::optional<Instant> at) { return at ? json::value(to_ms(*at)) : json::value(nullptr); }

json::object to_json(Mail const& mail) {
  json::array attachments;
  for (auto const& one : mail.attachments)
    attachments.push_back(json::object{
        {"name", one.name}, {"type", one.type}, {"size", one.bytes.size()}, {"embedded", one.embedded}});
  return {{"from", to_json(mail.from)},
          {"to", to_json(mail.to)},
          {"cc", to_json(mail.cc)},
          {"subject", mail.subject},
          {"date", to_json(mail.date)},
          {"date_source", static_cast<int>(mail.date_source)},
          {"received", to_json(mail.received)},
          {"message_id", mail.message_id},
          {"in_reply_to", mail.in_reply_to},
          {"text", mail.text},
          {"text_was_html", mail.text_was_html},
          {"text_cut", mail.text_cut},
          {"attachments", std::move(attachments)}};
}

std::string string_at(json::object const& object, std::string_view key) {
  return std::string(optional_string(object, key).value_or(""));
}

std::vector<MailAddress> addresses(json::object const& object, std::string_view key) {
  std::vector<MailAddress> out;
  if (auto const* list = optional_array(object, key))
    for (auto const& one : *list)
      if (one.is_object())
        out.push_back({string_at(one.get_object(), "name"), string_at(one.get_object(), "address")});
  return out;
}

std::optional<Instant> instant_at(json::object const& object, std::string_view key) {
  auto const ms = optional_integer(object, key);
  return ms ? std::optional(instant_from_ms(*ms)) : std::nullopt;
}

Mail mail_from(json::object const& object) {
  Mail mail;
  mail.from = addresses(object, "from");
  mail.to = addresses(object, "to");
  mail.cc = addresses(object, "cc");
  mail.subject = string_at(object, "subject");
  mail.date = instant_at(object, "date");
  auto const source = optional_integer(object, "date_source").value_or(0);
  mail.date_source = source == 1   ? MailDateSource::date_header
                     : source == 2 ? MailDateSource::received_header
                                   : MailDateSource::none;
  mail.received = instant_at(object, "received");
  mail.message_id = string_at(object, "message_id");
  mail.in_reply_to = string_at(object, "in_reply_to");
  mail.text = string_at(object, "text");
  mail.text_was_html = optional_bool(object, "text_was_html").value_or(false);
  mail.text_cut = optional_bool(object, "text_cut").value_or(false);
  return mail;
}

std::unexpected<Error> broken(std::string detail) {
  return fail(ErrorCode::invalid_param, "The mail could not be read. Register it as a file instead.",
              std::move(detail));
}

/// Why the worker refused; none: it has read it.
std::optional<Error> refusal(json::object const& head) {
  auto const error = optional_string(head, "error");
  if (!error) return std::nullopt;
  bool const too_large = optional_bool(head, "too_large").value_or(false);
  return Error{too_large ? ErrorCode::too_large : ErrorCode::invalid_param, std::string(*error), {}};
}

Result<Mail> with_attachments(Mail mail, json::object const& object, std::string_view bytes) {
  auto const* const list = optional_array(object, "attachments");
  if (!list || list->size() > kMaxMailParts) return broken("attachments missing");
  for (auto const& value : *list) {
    if (!value.is_object()) return broken("attachment is no object");
    auto const& one = value.get_object();
    auto const size = static_cast<std::uint64_t>(optional_integer(one, "size").value_or(-1));
    if (size > bytes.size()) return broken("attachment cut short");
    mail.attachments.push_back({string_at(one, "name"), string_at(one, "type"),
                                std::string(bytes.substr(0, size)),
                                optional_bool(one, "embedded").value_or(false)});
    bytes.remove_prefix(size);
  }
  return mail;
}

}  // namespace

std::string encode_mail_answer(Result<Mail> const& mail) {
  auto const too_large = !mail && mail.error().code == ErrorCode::too_large;
  auto out = encode_worker_answer(
      mail ? to_json(*mail) : json::object{{"error", mail.error().message}, {"too_large", too_large}});
  if (mail)
    for (auto const& one : mail->attachments) out += one.bytes;
  return out;
}

Result<Mail> decode_mail_answer(std::string_view answer) {
  auto const decoded = decode_worker_answer(answer);
  if (!decoded) return broken(decoded.error().detail);
  auto const* const head = &decoded->head;
  if (auto refused = refusal(*head)) return std::unexpected(std::move(*refused));
  return with_attachments(mail_from(*head), *head, decoded->bytes);
}

std::string encode_pdf_answer(Result<PdfFacts> const& facts) {
  if (!facts) return encode_worker_answer({{"error", facts.error().message}});
  auto const& day = facts->made_day;
  return encode_worker_answer(
      {{"title", facts->title},
       {"author", facts->author},
       {"made_day", day ? json::value(governance::to_text(*day)) : json::value(nullptr)}});
}

Result<PdfFacts> decode_pdf_answer(std::string_view answer) {
  auto const decoded = decode_worker_answer(answer);
  if (!decoded) return broken(decoded.error().detail);
  if (auto refused = refusal(decoded->head)) return std::unexpected(std::move(*refused));
  return PdfFacts{string_at(decoded->head, "title"), string_at(decoded->head, "author"),
                  governance::parse_day(optional_string(decoded->head, "made_day").value_or(""))};
}

Task<Result<std::string>> MailReader::answer(std::string bytes) {
  if (bytes.size() > kMaxMailBytes) co_return fail(ErrorCode::too_large, "The file is larger than 50 MB.");
  ChildCommand command{.arguments = worker_, .environment = {"LC_ALL=C.UTF-8"}, .input = std::move(bytes)};
  command.deadline = kDeadline;
  command.output_limit = kAnswerLimit;
  auto output = co_await run_child(runtime_, std::move(command));
  if (!output) co_return fail(std::move(output));
  if (output->exit_code != 0) co_return broken(fmt::format("worker ended with {}", output->exit_code));
  co_return std::move(output->output);
}

Task<Result<Mail>> MailReader::read(std::string bytes) {
  auto const output = co_await answer(std::move(bytes));
  if (!output) co_return std::unexpected(output.error());
  co_return decode_mail_answer(*output);
}

Task<Result<PdfFacts>> MailReader::read_pdf(std::string bytes) {
  if (!is_pdf(bytes)) co_return fail(ErrorCode::invalid_param, "This is not a PDF.");
  auto const output = co_await answer(std::move(bytes));
  if (!output) co_return std::unexpected(output.error());
  co_return decode_pdf_answer(*output);
}

int run_mail_worker() {
  constexpr Confinement kLimits{.memory_bytes = 768u << 20, .cpu_seconds = 10, .open_files = 32};
  if (!confine_this_process(kLimits)) return 2;
  auto const bytes = read_standard_input(kMaxMailBytes);
  auto const answer = is_pdf(bytes)             ? encode_pdf_answer(parse_pdf(bytes))
                      : is_compound_file(bytes) ? encode_mail_answer(parse_msg(bytes))
                                                : encode_mail_answer(parse_mail(bytes));
  return write_standard_output(answer) ? 0 : 1;
}

}  // namespace torg::records
