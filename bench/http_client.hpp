#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

using Clock = std::chrono::steady_clock;

/// One whole answer; the views are valid until the handler returns.
struct Reply {
  int status = 0;
  std::string_view body;
};

/// Many keep-alive HTTP/1.1 connections to one server on one thread, one request at a time on each.
///
/// Made to cost far less than any server: one `write` and one `read` per request, no allocation once the
/// buffers have grown, no parsing beyond status and length. Requests come as finished bytes.
class HttpClient {
 public:
  using Handler = std::function<void(std::size_t slot, Reply const&)>;

  /// @throws std::system_error when the server can't be reached.
  HttpClient(std::string const& host, std::uint16_t port, std::size_t connections);
  ~HttpClient();
  HttpClient(HttpClient const&) = delete;
  HttpClient& operator=(HttpClient const&) = delete;

  [[nodiscard]] std::size_t size() const { return connections_.size(); }
  /// Is called for every answer; may call `send` for the same slot.
  void on_reply(Handler handler) { handler_ = std::move(handler); }
  /// The slot must be idle. @throws std::system_error when the connection is gone.
  void send(std::size_t slot, std::string_view request);
  [[nodiscard]] bool idle(std::size_t slot) const { return !connections_[slot].waiting; }
  [[nodiscard]] std::size_t waiting() const { return waiting_; }

  /// Handles answers until `until`, at least once.
  void poll(Clock::time_point until);
  /// Handles answers until no request is open. @return false when `deadline` came first.
  bool drain(Clock::time_point deadline);

 private:
  struct Connection {
    int fd = -1;
    bool waiting = false;
    std::string in;
    std::string decoded;  // the body, when it came in chunks
    std::string_view unsent;
    std::string pending;
  };

  void open(Connection& connection, std::size_t slot);
  void readable(std::size_t slot);
  void writable(std::size_t slot);
  bool take_reply(Connection& connection, Reply& reply);

  std::string host_;
  std::uint16_t port_;
  int epoll_ = -1;
  std::size_t waiting_ = 0;
  std::vector<Connection> connections_;
  Handler handler_;
};

}  // namespace bench
