#pragma once
#include "net/http.hpp"
#include "runtime/runtime.hpp"

#include <chrono>

namespace torg::net {

struct Limits {
  std::size_t connections = 20'000;
  std::size_t header_bytes = 16 * 1024;
  std::size_t headers = 100;  ///< fields in one request
  std::size_t body_memory =
      256 * 1024 * 1024;  ///< for all bodies that are in memory at one time; beyond it 503
  // All deadlines are coarse: up to a second late (less when they are short).
  std::chrono::milliseconds header_timeout =
      std::chrono::seconds{15};  ///< from connecting or the first byte of a request to the end of its headers
  std::chrono::milliseconds body_timeout = std::chrono::seconds{60};  ///< without any progress in the body
  /// A body takes `body_grace` at most, and a second more for each so many bytes that have come: who sends it
  /// drop by drop would keep memory and a connection for as long as they like.
  std::uint64_t body_bytes_per_second = 1024;
  std::chrono::milliseconds body_grace = std::chrono::seconds{30};
  std::chrono::milliseconds write_timeout = std::chrono::seconds{60};  ///< without any progress in the answer
  /// From the end of a request to its answer, unless its route is a long-poll. Then the client hears 504 and
  /// the connection ends; the work itself goes on, and may succeed.
  std::chrono::milliseconds answer_timeout = std::chrono::seconds{60};
  std::chrono::milliseconds idle_timeout = std::chrono::seconds{120};  ///< between requests
  std::chrono::milliseconds grace =
      std::chrono::seconds{10};  ///< for requests that run when the server stops
};

struct Tls {
  std::filesystem::path certificate;
  std::filesystem::path key;
};

/// HTTP/1.1 over plain sockets and TLS: keep-alive, pipelining in order, chunked bodies in, gzip out where it
/// pays.
class Server {
 public:
  /// `temporary` is where `BodyKind::file` bodies are spooled. Runtime and router must outlive every handler
  /// that runs, also one that does not end within the grace of `stop`.
  Server(Runtime& runtime, Router const& router, Limits limits, std::filesystem::path temporary);
  ~Server();

  /// `address` is `http://127.0.0.1:8008` or `https://[::]:8448`; port 0 takes a free one.
  /// @return the address with its real port
  [[nodiscard]] Result<std::string> listen(std::string_view address, std::optional<Tls> tls = std::nullopt);
  /// Reads certificates and keys again; a listener whose files are broken keeps what it has, and that is
  /// logged.
  void reload_tls();
  /// Of a request from one of these addresses, `Request::remote_address` is the last one in
  /// `x-forwarded-for` that isn't one of them too: what the outermost proxy saw itself. From all others the
  /// header is only a claim.
  void trust_proxies(std::vector<std::string> addresses);
  /// Stops accepting, closes idle connections, lets running requests finish within `Limits::grace`, closes
  /// the rest. Running handlers are told through `Request::interruption`. Returns when all are gone or the
  /// grace is over.
  Task<> stop();
  [[nodiscard]] std::size_t connections() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace torg::net
