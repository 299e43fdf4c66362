#include "matrix/push/mailer.hpp"

#include "base/encoding.hpp"
#include "base/late_library.hpp"

#include <algorithm>
#include <array>
#include <curl/curl.h>
#include <memory>

#include <fmt/chrono.h>

namespace torg::matrix {
namespace {

constexpr long kTimeoutSeconds = 60;
/// RFC 2047 allows 75 characters in a word; in between lies base64 of so many bytes.
constexpr std::size_t kWordBytes = 42;

namespace curl {
#define TORG_CURL(name) inline constexpr LateFunction<decltype(::name), "libcurl.so.4", #name> name
TORG_CURL(curl_easy_init);
TORG_CURL(curl_easy_cleanup);
TORG_CURL(curl_easy_setopt);
TORG_CURL(curl_easy_perform);
TORG_CURL(curl_easy_strerror);
TORG_CURL(curl_slist_append);
TORG_CURL(curl_slist_free_all);
TORG_CURL(curl_mime_init);
TORG_CURL(curl_mime_free);
TORG_CURL(curl_mime_addpart);
TORG_CURL(curl_mime_data);
TORG_CURL(curl_mime_type);
TORG_CURL(curl_mime_encoder);
#undef TORG_CURL

struct Handle {
  CURL* easy = curl_easy_init();
  curl_mime* mime = curl_mime_init(easy);
  curl_slist* headers = nullptr;
  curl_slist* recipients = nullptr;

  Handle() = default;
  Handle(Handle const&) = delete;
  Handle& operator=(Handle const&) = delete;
  ~Handle() {
    curl_slist_free_all(headers);
    curl_slist_free_all(recipients);
    curl_mime_free(mime);
    curl_easy_cleanup(easy);
  }
  void header(std::string const& line) { headers = curl_slist_append(headers, line.c_str()); }
};

void address(Handle& handle, SmtpSettings const& settings, Mail const& mail) {
  auto* const easy = handle.easy;
  curl_easy_setopt(easy, CURLOPT_URL, settings.url.c_str());
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_TIMEOUT, kTimeoutSeconds);
  curl_easy_setopt(easy, CURLOPT_USE_SSL,
                   static_cast<long>(settings.user.empty() ? CURLUSESSL_TRY : CURLUSESSL_ALL));
  if (!settings.user.empty()) {
    curl_easy_setopt(easy, CURLOPT_USERNAME, settings.user.c_str());
    curl_easy_setopt(easy, CURLOPT_PASSWORD, settings.password.c_str());
  }
  if (!settings.ca_file.empty()) curl_easy_setopt(easy, CURLOPT_CAINFO, settings.ca_file.c_str());
  curl_easy_setopt(easy, CURLOPT_MAIL_FROM, settings.from.c_str());
  handle.recipients = curl_slist_append(handle.recipients, mail.to.c_str());
  curl_easy_setopt(easy, CURLOPT_MAIL_RCPT, handle.recipients);
}

void write(Handle& handle, SmtpSettings const& settings, Mail const& mail, Instant now,
           std::string const& name) {
  handle.header("From: <" + settings.from + ">");
  handle.header("To: <" + mail.to + ">");
  handle.header("Subject: " + encoded_header(mail.subject));
  handle.header(fmt::format("Date: {:%a, %d %b %Y %H:%M:%S} +0000", fmt::gmtime(to_ms(now) / 1000)));
  handle.header("Message-ID: <" + name + settings.from.substr(settings.from.find('@')) + ">");
  handle.header("Auto-Submitted: auto-generated");
  if (!mail.unsubscribe.empty()) {
    handle.header("List-Unsubscribe: <" + mail.unsubscribe + ">");
    handle.header("List-Unsubscribe-Post: List-Unsubscribe=One-Click");
  }
  auto* const part = curl_mime_addpart(handle.mime);
  curl_mime_data(part, mail.text.data(), mail.text.size());
  curl_mime_type(part, "text/plain; charset=utf-8");
  curl_mime_encoder(part, "base64");
  curl_easy_setopt(handle.easy, CURLOPT_HTTPHEADER, handle.headers);
  curl_easy_setopt(handle.easy, CURLOPT_MIMEPOST, handle.mime);
}

Result<> send(SmtpSettings const& settings, Mail const& mail, Instant now, std::string const& name) {
  Handle handle;
  if (handle.easy == nullptr || handle.mime == nullptr) throw std::bad_alloc();
  address(handle, settings, mail);
  write(handle, settings, mail, now, name);
  auto const code = curl_easy_perform(handle.easy);
  if (code == CURLE_OK) return {};
  return fail(ErrorCode::unavailable, "The mail server did not take the letter.", curl_easy_strerror(code));
}

}  // namespace curl

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

}  // namespace

bool is_mail_address(std::string_view text) {
  auto const at = text.find('@');
  bool const shaped = at != std::string_view::npos && at > 0 && at + 1 < text.size() && at == text.rfind('@');
  return shaped && text.size() <= 254 && std::ranges::none_of(text, [](unsigned char c) {
           return c <= 0x20 || c >= 0x7F || std::string_view("<>()[],;:\\\"").contains(static_cast<char>(c));
         });
}

std::string encoded_header(std::string_view text) {
  bool const plain = std::ranges::all_of(text, [](unsigned char c) { return c >= 0x20 && c < 0x7F; });
  if (plain && text.size() <= kWordBytes && !text.contains("=?")) return std::string(text);
  std::string out;
  while (!text.empty()) {
    auto size = std::min(kWordBytes, text.size());
    while (size < text.size() && is_continuation(text[size])) --size;
    auto word = base64_encode(text.substr(0, size), Base64::standard);
    word.append((4 - word.size() % 4) % 4, '=');
    out += (out.empty() ? "=?UTF-8?B?" : " =?UTF-8?B?") + word + "?=";
    text.remove_prefix(size);
  }
  return out;
}

Task<Result<>> Mailer::send(Mail mail) {
  if (!sends()) co_return fail(ErrorCode::unavailable, "This server sends no mail.");
  std::array<unsigned char, 12> random{};
  runtime_.fill_random(random);
  auto name = hex_encode({reinterpret_cast<char const*>(random.data()), random.size()});
  co_return co_await run_offloaded(runtime_,
                                   [settings = settings_, mail = std::move(mail), now = runtime_.now(),
                                    name = std::move(name)]() -> Result<> {
                                     try {
                                       return curl::send(settings, mail, now, name);
                                     } catch (std::runtime_error const& e) {
                                       return fail(ErrorCode::unavailable, "This server can't send mail.",
                                                   e.what());
                                     }
                                   });
}

}  // namespace torg::matrix
