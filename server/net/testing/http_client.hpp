#pragma once
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

typedef struct ssl_st SSL;  // OpenSSL's own declaration, without its headers

namespace torg::net::testing {

struct Answer {
  unsigned status = 0;
  std::map<std::string, std::string> headers;  ///< names in lower case
  std::string body;
};

/// A client of the simplest kind, for tests: a blocking socket and bytes as the test wrote them. An operation
/// that takes longer than ten seconds fails, so that a broken server fails a test instead of hanging it.
class HttpClient {
 public:
  explicit HttpClient(std::uint16_t port);
  /// Over TLS; believes any certificate.
  static HttpClient over_tls(std::uint16_t port);
  ~HttpClient();
  HttpClient(HttpClient&& other) noexcept;
  HttpClient& operator=(HttpClient&&) = delete;

  void send(std::string_view bytes) const;
  /// Sends what the server takes; true when all of it.
  bool try_send(std::string_view bytes) const;
  /// Reads one answer; none when the connection ended before it was whole.
  std::optional<Answer> receive(bool head_only = false);
  /// Sends a whole request and reads its answer.
  std::optional<Answer> ask(std::string_view method, std::string_view target, std::string_view body = {},
                            std::string_view more_headers = {});
  /// Everything until the server closes, whatever it is; none if it does not close in time.
  std::optional<std::string> read_to_end();
  void finish_sending() const;
  /// Closes with a reset, as a client that crashed.
  void reset();
  void shrink_receive_buffer(int bytes) const;
  /// The subject of the server's certificate, its common name only.
  [[nodiscard]] std::string certificate_name() const;
  /// Frees the client's half of TLS without a word to the server, so that a measurement shows only the
  /// server's.
  void forget_tls() { ssl_.reset(); }
  [[nodiscard]] int descriptor() const { return descriptor_; }

 private:
  bool read_more();
  long write_some(std::string_view bytes) const;

  int descriptor_;
  std::shared_ptr<SSL> ssl_;  ///< none: plain
  std::string unread_;
};

}  // namespace torg::net::testing
