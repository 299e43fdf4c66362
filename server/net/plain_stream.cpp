#include "net/socket_stream.hpp"

#include <array>
#include <cerrno>
#include <sys/socket.h>
#include <sys/uio.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace torg::net {
namespace {

constexpr asio::use_awaitable_t<asio::any_io_executor> kAwait;

bool would_block(int error) { return error == EAGAIN || error == EWOULDBLOCK || error == EINTR; }

Attempt read_result(ssize_t got) {
  if (got > 0) return {Attempt::Outcome::done, static_cast<std::size_t>(got)};
  if (got < 0 && would_block(errno)) return {Attempt::Outcome::wait_read};
  return {Attempt::Outcome::closed};
}

class PlainStream final : public SocketStream {
 public:
  using SocketStream::SocketStream;

  Attempt handshake() override { return {}; }

  Attempt read_some(std::span<char> into) override {
    return read_result(::recv(descriptor_, into.data(), into.size(), 0));
  }

  Attempt write_some(std::string_view first, std::string_view second) override {
    ssize_t const sent = second.empty() ? ::send(descriptor_, first.data(), first.size(), MSG_NOSIGNAL)
                                        : send_both(first, second);
    if (sent >= 0) return {Attempt::Outcome::done, static_cast<std::size_t>(sent)};
    return {would_block(errno) ? Attempt::Outcome::wait_write : Attempt::Outcome::closed};
  }

  bool has_buffered() const override { return false; }

  Attempt peek() override {
    char byte;
    return read_result(::recv(descriptor_, &byte, 1, MSG_PEEK));
  }

  void finish() override { ::shutdown(descriptor_, SHUT_WR); }

 private:
  ssize_t send_both(std::string_view first, std::string_view second) const {
    std::array<iovec, 2> parts{iovec{const_cast<char*>(first.data()), first.size()},
                               iovec{const_cast<char*>(second.data()), second.size()}};
    msghdr message{};
    message.msg_iov = parts.data();
    message.msg_iovlen = parts.size();
    return ::sendmsg(descriptor_, &message, MSG_NOSIGNAL);
  }
};

}  // namespace

SocketStream::SocketStream(Socket socket) : socket_(std::move(socket)), descriptor_(socket_.native_handle()) {
  socket_.native_non_blocking(true);
  // A peer that has gone already makes this fail; the first read will tell.
  boost::system::error_code ignored;
  socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
}

Task<std::tuple<boost::system::error_code>> SocketStream::wait(Readiness readiness) {
  auto const kind = readiness == Readiness::read ? Socket::wait_read : Socket::wait_write;
  return socket_.async_wait(kind, asio::as_tuple(kAwait));
}

void SocketStream::watch(std::move_only_function<void(boost::system::error_code)> then) {
  socket_.async_wait(Socket::wait_read, std::move(then));
}

void SocketStream::cancel() {
  boost::system::error_code ignored;  // there may be nothing to cancel
  socket_.cancel(ignored);
}

void SocketStream::cut() {
  cancel();
  ::shutdown(descriptor_, SHUT_RDWR);
}

std::unique_ptr<Stream> make_plain_stream(Socket socket) {
  return std::make_unique<PlainStream>(std::move(socket));
}

}  // namespace torg::net
