#include "net/socket_stream.hpp"
#include "net/tls.hpp"

#include <algorithm>
#include <array>
#include <climits>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

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
  }

  void accept() { SSL_set_accept_state(ssl_.get()); }

  /// @return false when `host` is nothing that a certificate could be for
  bool connect_to(std::string const& host) {
    SSL_set_connect_state(ssl_.get());
    if (X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl_.get()), host.c_str()) == 1) return true;
    SSL_set_hostflags(ssl_.get(), X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    return SSL_set1_host(ssl_.get(), host.c_str()) == 1 &&
           SSL_set_tlsext_host_name(ssl_.get(), host.c_str()) == 1;
  }

  std::string problem() const override { return problem_; }

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
        note_problem();
        return {Attempt::Outcome::closed};
    }
  }

  void note_problem() {
    auto const verified = SSL_get_verify_result(ssl_.get());
    if (verified != X509_V_OK)
      problem_ = X509_verify_cert_error_string(verified);
    else if (ERR_peek_error() != 0)
      problem_ = last_tls_error();
    ERR_clear_error();
  }

  std::shared_ptr<SSL_CTX> context_;
  std::unique_ptr<SSL, FreeSsl> ssl_;
  std::string problem_;
};

void configure(SSL_CTX* context) {
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_read_ahead(context, 1);                           // one system call for a record instead of two
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);  // tickets resume without memory on our side
}

void configure_server(SSL_CTX* context) {
  configure(context);
  SSL_CTX_set_options(context, SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_num_tickets(context, 1);
  SSL_CTX_set_alpn_select_cb(context, choose_protocol, nullptr);
}

}  // namespace

Result<std::shared_ptr<TlsContext>> TlsContext::load(Tls const& files) {
  ERR_clear_error();
  std::shared_ptr<SSL_CTX> const context(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
  if (!context) throw std::bad_alloc();
  configure_server(context.get());
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
  auto stream = std::make_unique<TlsStream>(std::move(socket), context_);
  stream->accept();
  return stream;
}

Result<std::shared_ptr<TlsTrust>> TlsTrust::load(std::filesystem::path const& ca_file) {
  ERR_clear_error();
  std::shared_ptr<SSL_CTX> const context(SSL_CTX_new(TLS_client_method()), SSL_CTX_free);
  if (!context) throw std::bad_alloc();
  configure(context.get());
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_default_verify_paths(context.get());
  if (!ca_file.empty() && SSL_CTX_load_verify_file(context.get(), ca_file.c_str()) != 1) {
    return fail(ErrorCode::invalid_param, "The trusted authorities cannot be read: " + ca_file.string(),
                last_tls_error());
  }
  return std::shared_ptr<TlsTrust>(new TlsTrust(context));
}

std::unique_ptr<Stream> TlsTrust::make_stream(Socket socket, std::string const& host) const {
  auto stream = std::make_unique<TlsStream>(std::move(socket), context_);
  if (!stream->connect_to(host)) return nullptr;
  return stream;
}

}  // namespace torg::net
