#include "http_client.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <charconv>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <optional>
#include <stdexcept>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>

namespace bench {
namespace {

[[noreturn]] void fail(char const* what) { throw std::system_error(errno, std::generic_category(), what); }

/// The value of a header in a block of header lines, whatever its case.
std::optional<std::string_view> header(std::string_view head, std::string_view name) {
  auto same = [](char a, char b) { return (a | 0x20) == (b | 0x20); };
  for (std::size_t line = head.find("\r\n"); line != std::string_view::npos; line = head.find("\r\n", line)) {
    line += 2;
    auto text = head.substr(line, head.find("\r\n", line) - line);
    if (text.size() > name.size() && text[name.size()] == ':' &&
        std::equal(name.begin(), name.end(), text.begin(), same)) {
      text.remove_prefix(name.size() + 1);
      text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
      return text;
    }
  }
  return std::nullopt;
}

/// Joins the chunks in `raw`; the number of bytes they took, or nothing while the last one is missing.
std::optional<std::size_t> join_chunks(std::string_view raw, std::string& out) {
  out.clear();
  for (std::size_t at = 0;;) {
    auto end = raw.find("\r\n", at);
    if (end == std::string_view::npos) return std::nullopt;
    std::size_t length = 0;
    std::from_chars(raw.data() + at, raw.data() + end, length, 16);
    if (raw.size() < end + length + 4) return std::nullopt;
    out.append(raw, end + 2, length);
    at = end + length + 4;
    if (length == 0) return at;
  }
}

}  // namespace

HttpClient::HttpClient(std::string const& host, std::uint16_t port, std::size_t connections)
    : host_(host), port_(port), epoll_(::epoll_create1(EPOLL_CLOEXEC)), connections_(connections) {
  if (epoll_ < 0) fail("epoll_create1");
  for (std::size_t slot = 0; slot < connections; ++slot) open(connections_[slot], slot);
}

HttpClient::~HttpClient() {
  for (auto const& connection : connections_) ::close(connection.fd);
  ::close(epoll_);
}

void HttpClient::open(Connection& connection, std::size_t slot) {
  connection.fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port_);
  if (::inet_pton(AF_INET, host_.c_str(), &address.sin_addr) != 1) throw std::invalid_argument(host_);
  if (::connect(connection.fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) fail("connect");
  int const on = 1;
  ::setsockopt(connection.fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  epoll_event event{.events = EPOLLIN, .data = {.u64 = slot}};
  if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, connection.fd, &event) != 0) fail("epoll_ctl");
}

void HttpClient::send(std::size_t slot, std::string_view request) {
  auto& connection = connections_[slot];
  connection.waiting = true;
  ++waiting_;
  auto sent = ::send(connection.fd, request.data(), request.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  if (sent < 0 && (errno == EPIPE || errno == ECONNRESET)) {  // closed between two requests: allowed by HTTP
    ::close(connection.fd);
    open(connection, slot);
    sent = ::send(connection.fd, request.data(), request.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  }
  if (sent < 0 && errno != EAGAIN) fail("send");
  if (auto const done = static_cast<std::size_t>(std::max<ssize_t>(sent, 0)); done < request.size()) {
    connection.pending.assign(request.substr(done));
    connection.unsent = connection.pending;
    epoll_event event{.events = EPOLLIN | EPOLLOUT, .data = {.u64 = slot}};
    ::epoll_ctl(epoll_, EPOLL_CTL_MOD, connection.fd, &event);
  }
}

void HttpClient::writable(std::size_t slot) {
  auto& connection = connections_[slot];
  auto sent =
      ::send(connection.fd, connection.unsent.data(), connection.unsent.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  if (sent < 0 && errno != EAGAIN) fail("send");
  connection.unsent.remove_prefix(static_cast<std::size_t>(std::max<ssize_t>(sent, 0)));
  if (!connection.unsent.empty()) return;
  epoll_event event{.events = EPOLLIN, .data = {.u64 = slot}};
  ::epoll_ctl(epoll_, EPOLL_CTL_MOD, connection.fd, &event);
}

void HttpClient::readable(std::size_t slot) {
  auto& connection = connections_[slot];
  std::array<char, 65536> buffer;  // NOLINT: filled by recv
  auto const got = ::recv(connection.fd, buffer.data(), buffer.size(), MSG_DONTWAIT);
  if (got < 0 && errno == EAGAIN) return;
  if (got <= 0) {
    if (connection.waiting)
      throw std::runtime_error("the server closed a connection in the middle of an answer");
    ::epoll_ctl(epoll_, EPOLL_CTL_DEL, connection.fd, nullptr);
    ::shutdown(connection.fd, SHUT_RDWR);  // the next send opens a new one
    return;
  }
  connection.in.append(buffer.data(), static_cast<std::size_t>(got));
  Reply reply;
  if (!take_reply(connection, reply)) return;
  std::string whole;
  whole.swap(connection.in);
  connection.waiting = false;
  --waiting_;
  if (handler_) handler_(slot, reply);
  whole.clear();
  if (connection.in.empty()) connection.in.swap(whole);  // keeps the grown buffer
}

bool HttpClient::take_reply(Connection& connection, Reply& reply) {
  std::string_view const all = connection.in;
  auto const end = all.find("\r\n\r\n");
  if (end == std::string_view::npos) return false;
  auto const head = all.substr(0, end + 2);
  std::from_chars(head.data() + 9, head.data() + 12, reply.status);
  auto const rest = all.substr(end + 4);
  if (auto const length = header(head, "content-length")) {
    std::size_t bytes = 0;
    std::from_chars(length->data(), length->data() + length->size(), bytes);
    reply.body = rest.substr(0, bytes);
    return rest.size() >= bytes;
  }
  if (header(head, "transfer-encoding")) {
    if (!join_chunks(rest, connection.decoded)) return false;
    reply.body = connection.decoded;
  }
  return true;
}

void HttpClient::poll(Clock::time_point until) {
  std::array<epoll_event, 256> events;  // NOLINT: filled by epoll_wait
  do {
    auto const left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now()).count();
    auto const ready =
        ::epoll_wait(epoll_, events.data(), events.size(), static_cast<int>(std::max<long>(left, 0)));
    if (ready < 0 && errno != EINTR) fail("epoll_wait");
    for (int i = 0; i < ready; ++i) {
      auto const& event = events[static_cast<std::size_t>(i)];
      if ((event.events & EPOLLOUT) != 0) writable(event.data.u64);
      if ((event.events & ~static_cast<unsigned>(EPOLLOUT)) != 0) readable(event.data.u64);
    }
    if (waiting_ == 0) return;
  } while (Clock::now() < until);
}

bool HttpClient::drain(Clock::time_point deadline) {
  while (waiting_ > 0) {
    if (Clock::now() >= deadline) return false;
    poll(std::min(deadline, Clock::now() + std::chrono::milliseconds(50)));
  }
  return true;
}

}  // namespace bench
