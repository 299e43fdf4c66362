#include "records/mail/eml.hpp"

#include "records/mail/file_name.hpp"
#include "records/mail/gmime.hpp"
#include "records/mail/html_text.hpp"

#include <algorithm>
#include <memory>

#include <fmt/format.h>

namespace torg::records {
namespace {

struct Unref {
  template <class T>
  void operator()(T* object) const {
    g_object_unref(object);
  }
};
template <class T>
using Ref = std::unique_ptr<T, Unref>;
using GText = std::unique_ptr<char, void (*)(void*)>;

std::string_view text_of(char const* text) { return text ? text : ""; }
GText owned(char* text) { return {text, g_free}; }

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

std::string without_brackets(std::string_view id) {
  auto const open = id.find('<');
  if (open != std::string_view::npos) id = id.substr(open + 1, id.find('>', open) - open - 1);
  return clean_text(id.substr(0, 998), Lines::one);
}

std::optional<Instant> to_instant(GDateTime* date) {
  if (!date) return std::nullopt;
  std::unique_ptr<GDateTime, void (*)(GDateTime*)> const held(date, g_date_time_unref);
  return instant_from_ms(g_date_time_to_unix(date) * 1000);
}

/// The date behind the last semicolon of a `Received` field (RFC 5321, section 4.4).
std::optional<Instant> received_date(GMimeHeaderList* headers) {
  for (int i = 0; i < g_mime_header_list_get_count(headers); ++i) {
    auto* const header = g_mime_header_list_get_header_at(headers, i);
    if (g_ascii_strcasecmp(g_mime_header_get_name(header), "Received") != 0) continue;
    auto const value = text_of(g_mime_header_get_value(header));
    auto const semicolon = value.rfind(';');
    if (semicolon == std::string_view::npos) continue;
    auto const date = std::string(value.substr(semicolon + 1));
    if (auto found = to_instant(g_mime_utils_header_decode_date(date.c_str()))) return found;
  }
  return std::nullopt;
}

void add_addresses(InternetAddressList* list, std::vector<MailAddress>& out, std::size_t depth = 0) {
  for (int i = 0; list && i < internet_address_list_length(list) && out.size() < 1000; ++i) {
    auto* const entry = internet_address_list_get_address(list, i);
    if (INTERNET_ADDRESS_IS_GROUP(entry)) {
      if (depth < 3)
        add_addresses(internet_address_group_get_members(INTERNET_ADDRESS_GROUP(entry)), out, depth + 1);
      continue;
    }
    out.push_back({clean_text(text_of(internet_address_get_name(entry)), Lines::one),
                   clean_text(text_of(internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(entry))),
                              Lines::one)});
  }
}

void read_headers(GMimeMessage* message, Mail& mail) {
  auto* const headers = g_mime_object_get_header_list(GMIME_OBJECT(message));
  add_addresses(g_mime_message_get_from(message), mail.from);
  add_addresses(g_mime_message_get_to(message), mail.to);
  add_addresses(g_mime_message_get_cc(message), mail.cc);
  mail.subject = clean_text(text_of(g_mime_message_get_subject(message)), Lines::one);
  mail.message_id = without_brackets(text_of(g_mime_message_get_message_id(message)));
  mail.in_reply_to =
      without_brackets(text_of(g_mime_object_get_header(GMIME_OBJECT(message), "In-Reply-To")));
  mail.received = received_date(headers);
  if (auto* const date = g_mime_message_get_date(message)) {
    mail.date = to_instant(g_date_time_ref(date));
    mail.date_source = MailDateSource::date_header;
  } else if (mail.received) {
    mail.date = mail.received;
    mail.date_source = MailDateSource::received_header;
  }
}

/// Walks the parts in their order; the first text becomes the body, what is left becomes attachments.
class PartReader {
 public:
  explicit PartReader(Mail& mail) : mail_(mail) {}

  Result<> read(GMimeObject* part, std::size_t depth, GMimeMultipart* parent) {
    if (++count_ > kMaxMailParts || depth > kMaxMailDepth)
      return fail(ErrorCode::too_large, "The mail has too many parts. Register it as a file instead.");
    if (GMIME_IS_MULTIPART(part)) return read_children(GMIME_MULTIPART(part), depth);
    if (GMIME_IS_MESSAGE_PART(part)) return attach_message(GMIME_MESSAGE_PART(part));
    if (!GMIME_IS_PART(part)) return {};
    if (GMIME_IS_TEXT_PART(part) && !is_attached(part) && take_text(GMIME_TEXT_PART(part), parent)) return {};
    attach(GMIME_PART(part), parent);
    return {};
  }

  void finish() {
    if (mail_.text.empty() && !html_.empty()) {
      mail_.text = html_to_text(html_);
      mail_.text_was_html = true;
    }
    mail_.text = clean_text(mail_.text, Lines::many);
    if (mail_.text.size() <= kMaxMailTextBytes) return;
    auto end = kMaxMailTextBytes;
    while (end > 0 && (static_cast<unsigned char>(mail_.text[end]) & 0xC0u) == 0x80) --end;
    mail_.text.resize(end);
    mail_.text_cut = true;
  }

 private:
  Result<> read_children(GMimeMultipart* multipart, std::size_t depth) {
    for (int i = 0; i < g_mime_multipart_get_count(multipart); ++i)
      if (auto read_part = read(g_mime_multipart_get_part(multipart, i), depth + 1, multipart); !read_part)
        return read_part;
    return {};
  }

  static bool is_attached(GMimeObject* part) {
    auto* const disposition = g_mime_object_get_content_disposition(part);
    return (disposition && g_mime_content_disposition_is_attachment(disposition)) ||
           g_mime_part_get_filename(GMIME_PART(part)) != nullptr;
  }

  static bool is_within(GMimeMultipart* parent, char const* subtype) {
    if (!parent) return false;
    auto* const type = g_mime_object_get_content_type(GMIME_OBJECT(parent));
    return type && g_mime_content_type_is_type(type, "multipart", subtype);
  }

  /// @return false when the part is to be kept as an attachment
  bool take_text(GMimeTextPart* part, GMimeMultipart* parent) {
    auto* const type = g_mime_object_get_content_type(GMIME_OBJECT(part));
    bool const plain = g_mime_content_type_is_type(type, "text", "plain");
    bool const html = g_mime_content_type_is_type(type, "text", "html");
    if (!plain && !html) return is_within(parent, "alternative");  // a calendar or rich form of the same text
    auto const text = owned(g_mime_text_part_get_text(part));
    if (html) {
      if (html_.empty()) html_ = text_of(text.get());
      return true;
    }
    if (!mail_.text.empty()) mail_.text += "\n\n";
    mail_.text += text_of(text.get());
    return true;
  }

  std::string name_for(std::string_view given, std::string_view type) const {
    if (auto name = safe_file_name(given); !name.empty()) return name;
    auto const slash = type.find('/');
    auto const subtype = slash == std::string_view::npos ? std::string_view("bin") : type.substr(slash + 1);
    bool const plain = std::ranges::all_of(subtype, is_letter_or_digit) && subtype.size() <= 8;
    return fmt::format("attachment-{}.{}", mail_.attachments.size() + 1,
                       plain && !subtype.empty() ? subtype : "bin");
  }

  static std::string type_of(GMimeObject* part) {
    auto* const type = g_mime_object_get_content_type(part);
    auto const text = owned(type ? g_mime_content_type_get_mime_type(type) : nullptr);
    auto const lower = owned(g_ascii_strdown(text ? text.get() : "application/octet-stream", -1));
    return clean_text(text_of(lower.get()).substr(0, 127), Lines::one);
  }

  void attach(GMimePart* part, GMimeMultipart* parent) {
    MailAttachment attachment;
    attachment.type = type_of(GMIME_OBJECT(part));
    attachment.name = name_for(text_of(g_mime_part_get_filename(part)), attachment.type);
    attachment.embedded = g_mime_object_get_content_id(GMIME_OBJECT(part)) && is_within(parent, "related") &&
                          !g_mime_part_is_attachment(part);
    if (auto* const content = g_mime_part_get_content(part)) {
      Ref<GMimeStream> const stream(g_mime_stream_mem_new());
      g_mime_data_wrapper_write_to_stream(content, stream.get());
      auto* const bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream.get()));
      attachment.bytes.assign(reinterpret_cast<char const*>(bytes->data), bytes->len);
    }
    mail_.attachments.push_back(std::move(attachment));
  }

  /// A forwarded mail is kept whole, as a mail, and not opened.
  Result<> attach_message(GMimeMessagePart* part) {
    auto* const message = g_mime_message_part_get_message(part);
    if (!message) return {};
    auto const bytes = owned(g_mime_object_to_string(GMIME_OBJECT(message), nullptr));
    auto const subject = std::string(text_of(g_mime_message_get_subject(message)));
    auto name = safe_file_name(subject.empty() ? "" : subject + ".eml");
    if (name.empty()) name = fmt::format("attachment-{}.eml", mail_.attachments.size() + 1);
    mail_.attachments.push_back(
        {std::move(name), "message/rfc822", std::string(text_of(bytes.get())), false});
    return {};
  }

  Mail& mail_;
  std::string html_;
  std::size_t count_ = 0;
};

Result<> check_sizes(std::string_view bytes) {
  if (bytes.size() > kMaxMailBytes) return fail(ErrorCode::too_large, "The mail is larger than 50 MB.");
  auto const end = std::min(bytes.find("\n\n"), bytes.find("\n\r\n"));
  if (std::min(end, bytes.size()) > kMaxMailHeaderBytes)
    return fail(ErrorCode::too_large, "The headers of the mail are too long. Register it as a file instead.");
  return {};
}

bool has_headers(GMimeMessage* message) {
  constexpr char const* kTelling[] = {"From", "To", "Subject", "Date", "Message-Id", "Received", "Sender"};
  return std::ranges::any_of(kTelling, [&](char const* name) {
    return g_mime_object_get_header(GMIME_OBJECT(message), name) != nullptr;
  });
}

}  // namespace

Result<Mail> parse_mail(std::string_view bytes) {
  if (auto const fits = check_sizes(bytes); !fits) return std::unexpected(fits.error());
  g_mime_init();
  Ref<GMimeStream> const stream(g_mime_stream_mem_new_with_buffer(bytes.data(), bytes.size()));
  Ref<GMimeParser> const parser(g_mime_parser_new_with_stream(stream.get()));
  g_mime_parser_set_format(parser.get(), GMIME_FORMAT_MESSAGE);
  Ref<GMimeMessage> const message(g_mime_parser_construct_message(parser.get(), nullptr));
  if (!message || !has_headers(message.get())) return fail(ErrorCode::invalid_param, "This is not a mail.");
  Mail mail;
  read_headers(message.get(), mail);
  PartReader parts(mail);
  if (auto* const body = g_mime_message_get_mime_part(message.get()))
    if (auto read = parts.read(body, 1, nullptr); !read) return std::unexpected(read.error());
  parts.finish();
  return mail;
}

std::string to_text(MailAddress const& address) {
  if (address.name.empty()) return address.address;
  return address.address.empty() ? address.name : fmt::format("{} <{}>", address.name, address.address);
}

}  // namespace torg::records
