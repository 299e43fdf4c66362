#include "net/testing/http_client.hpp"

#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <netinet/in.h>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

#include <openssl/ssl.h>
#include <openssl/x509.h>

namespace torg::net::testing {
namespace {

constexpr timeval kPatience{10, 0};

Answer parse_head(std::string_view head) {
  Answer answer;
  auto line = head.substr(0, head.find("\r\n"));
  answer.status = static_cast<unsigned>(std::stoul(std::string(line.substr(9, 3))));
  for (head.remove_prefix(line.size() + 2); !head.empty(); head.remove_prefix(line.size() + 2)) {
    line = head.substr(0, head.find("\r\n"));
    auto const colon = line.find(": ");
    answer.headers.emplace(line.substr(0, colon), line.substr(colon + 2));
  }
  return answer;
}

}  // namespace

HttpClient::HttpClient(std::uint16_t port) : descriptor_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &kPatience, sizeof kPatience);
  ::setsockopt(descriptor_, SOL_SOCKET, SO_SNDTIMEO, &kPatience, sizeof kPatience);
  if (::connect(descriptor_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
    throw std::runtime_error("cannot connect");
  }
}

HttpClient::~HttpClient() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

HttpClient::HttpClient(HttpClient&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)),
      ssl_(std::move(other.ssl_)),
      unread_(std::move(other.unread_)) {}

HttpClient HttpClient::over_tls(std::uint16_t port) {
  HttpClient client(port);
  std::shared_ptr<SSL_CTX> const context(SSL_CTX_new(TLS_client_method()), SSL_CTX_free);
  client.ssl_ = std::shared_ptr<SSL>(SSL_new(context.get()), SSL_free);
  SSL_set_fd(client.ssl_.get(), client.descriptor_);
  if (SSL_connect(client.ssl_.get()) != 1) throw std::runtime_error("no TLS");
  return client;
}

std::string HttpClient::certificate_name() const {
  std::array<char, 256> name{};
  std::shared_ptr<X509> const certificate(SSL_get1_peer_certificate(ssl_.get()), X509_free);
  X509_NAME_get_text_by_NID(X509_get_subject_name(certificate.get()), NID_commonName, name.data(),
                            name.size());
  return name.data();
}

long HttpClient::write_some(std::string_view bytes) const {
  if (ssl_) return SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size()));
  return ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
}

void HttpClient::send(std::string_view bytes) const {
  if (!try_send(bytes)) throw std::runtime_error("the server does not take what is sent");
}

bool HttpClient::try_send(std::string_view bytes) const {
  while (!bytes.empty()) {
    auto const sent = write_some(bytes);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

bool HttpClient::read_more() {
  std::array<char, 16384> part;
  auto const got = ssl_ ? SSL_read(ssl_.get(), part.data(), part.size())
                        : ::recv(descriptor_, part.data(), part.size(), 0);
  if (got <= 0) return false;
  unread_.append(part.data(), static_cast<std::size_t>(got));
  return true;
}

std::optional<Answer> HttpClient::receive(bool head_only) {
  std::size_t end;
  while ((end = unread_.find("\r\n\r\n")) == std::string::npos) {
    if (!read_more()) return std::nullopt;
  }
  auto answer = parse_head(std::string_view(unread_).substr(0, end + 2));
  unread_.erase(0, end + 4);
  auto const length = answer.headers.find("content-length");
  if (head_only || length == answer.headers.end()) return answer;
  auto const size = std::stoul(length->second);
  while (unread_.size() < size) {
    if (!read_more()) return std::nullopt;
  }
  answer.body = unread_.substr(0, size);
  unread_.erase(0, size);
  return answer;
}

std::optional<Answer> HttpClient::ask(std::string_view method, std::string_view target, std::string_view body,
                                      std::string_view more_headers) {
  std::string request(method);
  request.append(" ").append(target).append(" HTTP/1.1\r\nHost: test\r\n").append(more_headers);
  if (!body.empty()) request += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  request.append("\r\n").append(body);
  if (!try_send(request)) return std::nullopt;
  return receive(method == "HEAD");
}

std::optional<std::string> HttpClient::read_to_end() {
  errno = 0;
  while (read_more()) {
  }
  if (errno == EAGAIN || errno == EWOULDBLOCK) return std::nullopt;
  return std::exchange(unread_, {});
}

void HttpClient::finish_sending() const { ::shutdown(descriptor_, SHUT_WR); }

void HttpClient::reset() {
  linger const now{1, 0};
  ::setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  ::close(std::exchange(descriptor_, -1));
}

void HttpClient::shrink_receive_buffer(int bytes) const {
  ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
}

}  // namespace torg::net::testing
