#include "net/testing/scripted_server.hpp"

#include <arpa/inet.h>
#include <array>
#include <netinet/in.h>
#include <stdexcept>
#include <string_view>
#include <sys/socket.h>
#include <unistd.h>

namespace torg::net::testing {
namespace {

/// Reads up to the end of a head; the bodies in these tests come with it. @return false when the client went
bool read_request(int descriptor) {
  std::string seen;
  std::array<char, 4096> part;
  while (!seen.contains("\r\n\r\n")) {
    auto const got = ::recv(descriptor, part.data(), part.size(), 0);
    if (got <= 0) return false;
    seen.append(part.data(), static_cast<std::size_t>(got));
  }
  return true;
}

bool say(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    auto const sent = ::send(descriptor, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

}  // namespace

ScriptedServer::ScriptedServer(std::vector<Part> parts)
    : parts_(std::move(parts)), listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  if (::bind(listener_, generic, size) != 0 || ::listen(listener_, 8) != 0 ||
      ::getsockname(listener_, generic, &size) != 0)
    throw std::runtime_error("cannot listen");
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { serve(); });
}

ScriptedServer::~ScriptedServer() {
  ending_ = true;
  ::shutdown(listener_, SHUT_RDWR);
  ::shutdown(current_, SHUT_RDWR);
  thread_.join();
  ::close(listener_);
}

void ScriptedServer::serve() {
  for (;;) {
    int const descriptor = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (descriptor < 0) return;
    ++connections_;
    current_ = descriptor;
    if (!ending_) serve(descriptor);
    current_ = -1;
    ::close(descriptor);
  }
}

void ScriptedServer::serve(int descriptor) {
  using enum Part::Then;
  while (next_ < parts_.size() && read_request(descriptor)) {
    ++requests_;
    auto const& part = parts_[next_++];
    bool here = say(descriptor, part.says);
    while (here && part.then == repeat) here = say(descriptor, part.says);
    if (part.then == wait) read_request(descriptor);
    if (part.then != listen) return;
  }
}

}  // namespace torg::net::testing
