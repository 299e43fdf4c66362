#pragma once
#include "base/result.hpp"
#include "runtime/runtime.hpp"

#include <filesystem>
#include <string>

namespace torg::matrix {

/// The server that takes our letters.
struct SmtpSettings {
  std::string url;   ///< `smtp://mail.example:587` or `smtps://…`; empty: this server sends no mail
  std::string user;  ///< empty: without signing in, and TLS only where the other side offers it
  std::string password;
  std::string from;               ///< the address that letters come from
  std::filesystem::path ca_file;  ///< authorities to trust besides the system's; empty: none
};

struct Mail {
  std::string to;
  std::string subject;
  std::string text;         ///< plain, UTF-8
  std::string unsubscribe;  ///< a link that ends such letters; empty: none
};

/// Sends letters through libcurl, which is loaded with the first one, on the offload pool.
class Mailer {
 public:
  Mailer(Runtime& runtime, SmtpSettings settings) : runtime_(runtime), settings_(std::move(settings)) {}

  [[nodiscard]] bool sends() const { return !settings_.url.empty(); }
  /// `unavailable` when the other side doesn't take it.
  Task<Result<>> send(Mail mail);

 private:
  Runtime& runtime_;
  SmtpSettings settings_;
};

/// Whether a text can be an address to write to: one `@` with something on both sides, nothing that would end
/// a line or begin another address.
[[nodiscard]] bool is_mail_address(std::string_view text);
/// A header's value as ASCII (RFC 2047).
[[nodiscard]] std::string encoded_header(std::string_view text);

}  // namespace torg::matrix
