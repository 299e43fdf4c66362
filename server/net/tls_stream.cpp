#include "net/socket_stream.hpp"
#include "net/tls.hpp"

#include <algorithm>
#include <array>
#include <climits>

#include <openssl/err.h>
#include <openssl/ssl.h>

namespace torg::net {
namespace {

struct FreeSsl {
  void operator()(SSL* ssl) const { SSL_free(ssl); }
};

std::string last_tls_error() {
  std::array<char, 256> text{};
  ERR_error_string_n(ERR_get_error(), text.data(), text.size());
  ERR_clear_error();
  return text.data();
}

int choose_protocol(SSL*, unsigned char const** chosen, unsigned char* size, unsigned char const* offered,
                    unsigned int offered_size, void*) {
  static constexpr std::array<unsigned char, 9> kHttp{8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
  auto* out = const_cast<unsigned char*>(*chosen);
  auto const result = SSL_select_next_proto(&out, size, kHttp.data(), kHttp.size(), offered, offered_size);
  *chosen = out;
  return result == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_NOACK;
}

class TlsStream final : public SocketStream {
 public:
  TlsStream(Socket socket, std::shared_ptr<SSL_CTX> context)
      : SocketStream(std::move(socket)), context_(std::move(context)), ssl_(SSL_new(context_.get())) {
    if (!ssl_ || SSL_set_fd(ssl_.get(), descriptor_) != 1) throw std::bad_alloc();
    SSL_set_accept_state(ssl_.get());
  }

  Attempt handshake() override {
    ERR_clear_error();
    return outcome(SSL_do_handshake(ssl_.get()), 0);
  }

  Attempt read_some(std::span<char> into) override {
    ERR_clear_error();
    std::size_t got = 0;
    int const result = SSL_read_ex(ssl_.get(), into.data(), into.size(), &got);
    return outcome(result, got);
  }

  Attempt write_some(std::string_view first, std::string_view second) override {
    ERR_clear_error();
    std::size_t sent = 0;
    auto const& piece = first.empty() ? second : first;
    int const result = SSL_write_ex(ssl_.get(), piece.data(), piece.size(), &sent);
    return outcome(result, sent);
  }

  bool has_buffered() const override { return SSL_has_pending(ssl_.get()) == 1; }

  Attempt peek() override {
    ERR_clear_error();
    char byte;
    std::size_t got = 0;
    int const result = SSL_peek_ex(ssl_.get(), &byte, 1, &got);
    return outcome(result, got);
  }

  void finish() override {
    ERR_clear_error();
    SSL_shutdown(ssl_.get());  // one attempt to say goodbye; the peer sees the end of the stream in any case
    ERR_clear_error();
  }

 private:
  Attempt outcome(int result, std::size_t bytes) {
    if (result == 1) return {Attempt::Outcome::done, bytes};
    switch (SSL_get_error(ssl_.get(), result)) {
      case SSL_ERROR_WANT_READ:
        return {Attempt::Outcome::wait_read};
      case SSL_ERROR_WANT_WRITE:
        return {Attempt::Outcome::wait_write};
      default:
        ERR_clear_error();
        return {Attempt::Outcome::closed};
    }
  }

  std::shared_ptr<SSL_CTX> context_;
  std::unique_ptr<SSL, FreeSsl> ssl_;
};

void configure(SSL_CTX* context) {
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_options(context,
                      SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_read_ahead(context, 1);                           // one system call for a record instead of two
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);  // tickets resume without memory on our side
  SSL_CTX_set_num_tickets(context, 1);
  SSL_CTX_set_alpn_select_cb(context, choose_protocol, nullptr);
}

}  // namespace

Result<std::shared_ptr<TlsContext>> TlsContext::load(Tls const& files) {
  ERR_clear_error();
  std::shared_ptr<SSL_CTX> const context(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
  if (!context) throw std::bad_alloc();
  configure(context.get());
  if (SSL_CTX_use_certificate_chain_file(context.get(), files.certificate.c_str()) != 1) {
    return fail(ErrorCode::invalid_param, "The certificate cannot be read: " + files.certificate.string(),
                last_tls_error());
  }
  if (SSL_CTX_use_PrivateKey_file(context.get(), files.key.c_str(), SSL_FILETYPE_PEM) != 1) {
    return fail(ErrorCode::invalid_param, "The key of the certificate cannot be read: " + files.key.string(),
                last_tls_error());
  }
  if (SSL_CTX_check_private_key(context.get()) != 1) {
    return fail(ErrorCode::invalid_param, "The key does not belong to the certificate.", last_tls_error());
  }
  return std::shared_ptr<TlsContext>(new TlsContext(context));
}

std::unique_ptr<Stream> TlsContext::make_stream(Socket socket) const {
  return std::make_unique<TlsStream>(std::move(socket), context_);
}

}  // namespace torg::net
