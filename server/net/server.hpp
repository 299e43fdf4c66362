#pragma once
#include "net/http.hpp"
#include "runtime/runtime.hpp"

#include <chrono>

namespace torg::net {

struct Limits {
  std::size_t connections = 20'000;
  std::size_t header_bytes = 16 * 1024;
  std::chrono::seconds header_timeout{15};     ///< from the first byte of a request to the end of its headers
  std::chrono::seconds body_timeout{60};       ///< without any progress in the body
  std::chrono::seconds write_timeout{60};      ///< without any progress in the answer
  std::chrono::seconds idle_timeout{120};      ///< between requests
  std::chrono::seconds grace{10};              ///< for requests that run when the server stops
};

struct Tls {
  std::filesystem::path certificate;
  std::filesystem::path key;
};

/// HTTP/1.1 over plain sockets and TLS: keep-alive, pipelining in order, chunked bodies in, gzip out where it pays.
class Server {
 public:
  /// `temporary` is where `BodyKind::file` bodies are spooled.
  Server(Runtime& runtime, Router const& router, Limits limits, std::filesystem::path temporary);
  ~Server();

  /// `address` is `http://127.0.0.1:8008` or `https://[::]:8448`; port 0 takes a free one.
  /// @return the address with its real port
  [[nodiscard]] Result<std::string> listen(std::string_view address, std::optional<Tls> tls = std::nullopt);
  void reload_tls();
  /// Stops accepting, lets running requests finish within `Limits::grace`, closes the rest. Long-polls are told
  /// through `stopping`.
  Task<> stop();
  [[nodiscard]] std::size_t connections() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace torg::net
