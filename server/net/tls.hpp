#pragma once
#include "base/result.hpp"
#include "net/server.hpp"
#include "net/stream.hpp"

#include <filesystem>

typedef struct ssl_ctx_st SSL_CTX;  // OpenSSL's own declaration, without its headers

namespace torg::net {

/// A certificate with its key, ready to serve. TLS 1.2 and 1.3; connections keep the context they began with.
class TlsContext {
 public:
  /// @return `invalid_param` with a sentence for the administrator when the files do not fit
  [[nodiscard]] static Result<std::shared_ptr<TlsContext>> load(Tls const& files);

  /// OpenSSL works straight on the descriptor: an idle connection takes 19 KB instead of the 89 of a stream
  /// with buffers of its own.
  [[nodiscard]] std::unique_ptr<Stream> make_stream(Socket socket) const;

 private:
  explicit TlsContext(std::shared_ptr<SSL_CTX> context) : context_(std::move(context)) {}

  std::shared_ptr<SSL_CTX> context_;
};

/// What a client needs to trust servers: the system's authorities, read when it is made.
class TlsTrust {
 public:
  /// `ca_file` holds more authorities, in PEM; empty for none.
  /// @return `invalid_param` with a sentence for the administrator
  [[nodiscard]] static Result<std::shared_ptr<TlsTrust>> load(std::filesystem::path const& ca_file);

  /// A stream whose handshake fails unless the other side has a trusted certificate for `host`, a name or an
  /// address; null when it is neither.
  [[nodiscard]] std::unique_ptr<Stream> make_stream(Socket socket, std::string const& host) const;

 private:
  explicit TlsTrust(std::shared_ptr<SSL_CTX> context) : context_(std::move(context)) {}

  std::shared_ptr<SSL_CTX> context_;
};

}  // namespace torg::net
