#include "records/mail/msg.hpp"

#include "records/mail/file_name.hpp"
#include "records/mail/html_text.hpp"
#include "records/mail/msg_storage.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace torg::records {
namespace {

/// Properties of messages, recipients and attachments ([MS-OXPROPS]).
enum Property : std::uint16_t {
  subject = 0x0037,
  submitted_at = 0x0039,
  representing_name = 0x0042,
  representing_address = 0x0065,
  internet_headers = 0x007D,
  sender_name = 0x0C1A,
  sender_address = 0x0C1F,
  recipient_type = 0x0C15,
  delivered_at = 0x0E06,
  body = 0x1000,
  body_html = 0x1013,
  message_id = 0x1035,
  in_reply_to = 0x1042,
  display_name = 0x3001,
  address = 0x3003,
  data = 0x3701,
  short_file_name = 0x3704,
  attach_method = 0x3705,
  long_file_name = 0x3707,
  mime_type = 0x370E,
  content_id = 0x3712,
  attach_flags = 0x3714,
  smtp_address = 0x39FE,
  internet_code_page = 0x3FDE,
  sender_smtp = 0x5D01,
  representing_smtp = 0x5D02,
  hidden = 0x7FFE,
};

constexpr std::int64_t kCarbonCopy = 2, kBlindCopy = 3;  // of `recipient_type`
constexpr std::int64_t kInnerMessage = 5;                // of `attach_method`
constexpr std::int64_t kShownInText = 4;                 // of `attach_flags`

std::string line(std::string const& text) { return clean_text(text, Lines::one); }

/// Exchange writes its own addresses as paths in a directory: only what has an @ can be written to.
std::string mail_address(std::string first, std::string second) {
  for (auto& one : {std::move(first), std::move(second)}) {
    if (one.contains('@')) return line(one);
  }
  return {};
}

std::string without_brackets(std::string id) {
  std::erase_if(id, [](char c) { return c == '<' || c == '>'; });
  return line(id);
}

void read_sender(MsgStorage const& message, Mail& mail) {
  MailAddress from{line(message.text(representing_name)),
                   mail_address(message.text(representing_smtp), message.text(representing_address))};
  if (from.name.empty() && from.address.empty()) {
    from = {line(message.text(sender_name)),
            mail_address(message.text(sender_smtp), message.text(sender_address))};
  }
  if (!from.name.empty() || !from.address.empty()) mail.from = {std::move(from)};
}

void read_recipients(MsgStorage const& message, Mail& mail) {
  for (auto const& one : message.parts("__recip_version1.0_#", 1000)) {
    MailAddress who{line(one.text(display_name)), mail_address(one.text(smtp_address), one.text(address))};
    auto const type = one.number(recipient_type).value_or(1);
    if (type == kBlindCopy) continue;
    (type == kCarbonCopy ? mail.cc : mail.to).push_back(std::move(who));
  }
}

/// What the last server wrote above the message, read as the mail's headers that they are.
void read_internet_headers(MsgStorage const& message, Mail& mail) {
  auto const headers = message.text(internet_headers);
  if (headers.empty() || headers.size() > kMaxMailHeaderBytes) return;
  auto read = parse_mail(headers + "\r\n\r\n");
  if (!read) return;
  if (!read->from.empty()) mail.from = std::move(read->from);
  if (!read->to.empty() && mail.to.empty()) mail.to = std::move(read->to);
  if (read->date) {
    mail.date = read->date;
    mail.date_source = read->date_source;
  }
  if (read->received) mail.received = read->received;
  if (!read->message_id.empty()) mail.message_id = std::move(read->message_id);
  if (!read->in_reply_to.empty()) mail.in_reply_to = std::move(read->in_reply_to);
}

void read_text(MsgStorage const& message, Mail& mail) {
  auto text = message.text(body);
  if (text.empty()) {
    auto const html = message.bytes(body_html);
    auto const encoding = encoding_of(message.number(internet_code_page).value_or(65001));
    text = html_to_text(html.empty() ? message.text(body_html) : to_utf8(html, encoding));
    mail.text_was_html = !text.empty();
  }
  mail.text = clean_text(text, Lines::many);
  if (mail.text.size() <= kMaxMailTextBytes) return;
  mail.text = clean_text(std::string_view(mail.text).substr(0, kMaxMailTextBytes), Lines::many);
  mail.text_cut = true;
}

Mail read_message(MsgStorage const& message) {
  Mail mail;
  mail.subject = line(message.text(subject));
  read_sender(message, mail);
  read_recipients(message, mail);
  mail.date = message.time(submitted_at);
  if (mail.date) mail.date_source = MailDateSource::date_header;
  mail.received = message.time(delivered_at);
  mail.message_id = without_brackets(message.text(message_id));
  mail.in_reply_to = without_brackets(message.text(in_reply_to));
  read_internet_headers(message, mail);
  read_text(message, mail);
  return mail;
}

/// A message inside a message, for people: who, to whom, what.
MailAttachment as_text(Mail const& mail) {
  std::string text = fmt::format("Subject: {}\n", mail.subject);
  for (auto const& one : mail.from) text += fmt::format("From: {}\n", to_text(one));
  for (auto const& one : mail.to) text += fmt::format("To: {}\n", to_text(one));
  return {safe_file_name(mail.subject + ".txt"), "text/plain", text + "\n" + mail.text, false};
}

MailAttachment read_attachment(MsgStorage const& part) {
  if (part.number(attach_method).value_or(1) == kInnerMessage) {
    if (auto const inner = part.inner_message(data)) return as_text(read_message(*inner));
  }
  auto name = part.text(long_file_name);
  if (name.empty()) name = part.text(short_file_name);
  auto type = line(part.text(mime_type));
  std::ranges::transform(type, type.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  bool const in_text =
      !part.text(content_id).empty() && (part.number(attach_flags).value_or(0) & kShownInText) != 0;
  return {safe_file_name(name), type.empty() ? "application/octet-stream" : std::move(type), part.bytes(data),
          in_text || part.number(hidden).value_or(0) != 0};
}

}  // namespace

bool is_compound_file(std::string_view bytes) {
  return bytes.starts_with("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1");
}

Result<Mail> parse_msg(std::string_view bytes) {
  if (bytes.size() > kMaxMailBytes) return fail(ErrorCode::too_large, "The message is larger than 50 MB.");
  auto const message = is_compound_file(bytes) ? MsgStorage::open(bytes) : std::nullopt;
  if (!message) return fail(ErrorCode::invalid_param, "This is not an Outlook message.");
  auto mail = read_message(*message);
  auto const parts = message->parts("__attach_version1.0_#", kMaxMailParts + 1);
  if (parts.size() > kMaxMailParts)
    return fail(ErrorCode::too_large, "The message has too many parts. Register it as a file instead.");
  for (auto const& part : parts) {
    auto attachment = read_attachment(part);
    if (attachment.name.empty()) attachment.name = fmt::format("attachment-{}", mail.attachments.size() + 1);
    mail.attachments.push_back(std::move(attachment));
  }
  return mail;
}

}  // namespace torg::records
