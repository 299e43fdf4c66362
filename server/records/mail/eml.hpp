#pragma once
#include "base/result.hpp"
#include "base/time.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace torg::records {

/// Limits for a mail that someone else wrote. Beyond them it can still be registered as a file.
inline constexpr std::size_t kMaxMailBytes = 50u << 20;
inline constexpr std::size_t kMaxMailHeaderBytes = 512u << 10;
inline constexpr std::size_t kMaxMailParts = 200;
inline constexpr std::size_t kMaxMailDepth = 30;
inline constexpr std::size_t kMaxMailTextBytes = 1u << 20;  ///< of body text; what follows is in the original

struct MailAddress {
  std::string name;     ///< may be empty
  std::string address;  ///< may be empty when the header was broken
};

struct MailAttachment {
  std::string name;       ///< safe as a file name on any system, never empty
  std::string type;       ///< `application/pdf`, lower case, as declared: never trusted
  std::string bytes;      ///< decoded
  bool embedded = false;  ///< shown inside the text (an image of a signature), not attached by hand
};

/// Where `Mail::date` was read.
enum class MailDateSource : std::uint8_t { none, date_header, received_header };

/// A mail as its headers and parts say; every text is valid UTF-8 without control characters. What a header
/// claims is a claim: `from` can be forged.
struct Mail {
  std::vector<MailAddress> from, to, cc;
  std::string subject;
  std::optional<Instant> date;  ///< as sent; none when no header has one – never the time of reading
  MailDateSource date_source = MailDateSource::none;
  std::optional<Instant> received;  ///< when the last server took it in (newest `Received`)
  std::string message_id;           ///< without angle brackets
  std::string in_reply_to;          ///< the first one, without angle brackets
  std::string text;                 ///< plain text; from HTML when there is no plain part
  bool text_was_html = false;
  bool text_cut = false;  ///< longer than `kMaxMailTextBytes`
  std::vector<MailAttachment> attachments;
};

/// Parses in the calling process: for the worker, tests and the fuzzer. The server reads through
/// `MailReader`.
/// @return `invalid_param` when it is no mail, `too_large` beyond a limit
[[nodiscard]] Result<Mail> parse_mail(std::string_view bytes);

/// `Anna Berg <anna@example.org>`, or what there is of it.
[[nodiscard]] std::string to_text(MailAddress const& address);

}  // namespace torg::records
