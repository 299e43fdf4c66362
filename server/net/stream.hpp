#pragma once
#include "runtime/task.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <tuple>

#include <boost/asio/ip/tcp.hpp>

namespace torg::net {

using Socket = asio::basic_stream_socket<asio::ip::tcp, asio::any_io_executor>;

/// What became of one attempt to read or write, which never waits.
struct Attempt {
  enum class Outcome : std::uint8_t {
    done,        ///< `bytes` were moved
    wait_read,   ///< try again when the peer has sent something
    wait_write,  ///< try again when there is room
    closed,      ///< the peer ended its side, or the connection is broken
  };
  Outcome outcome = Outcome::done;
  std::size_t bytes = 0;
};

enum class Readiness : std::uint8_t { read, write };

/// Bytes to and from one peer: plain (`plain_stream.cpp`) or TLS on the same kind of socket
/// (`tls_stream.cpp`). Attempts do not wait; who must wait calls `wait`. At most one wait per direction at a
/// time.
class Stream {
 public:
  virtual ~Stream() = default;

  /// `wait_read` and `wait_write` until it is `done`; nothing may be read or written before.
  virtual Attempt handshake() = 0;
  virtual Attempt read_some(std::span<char> into) = 0;
  /// Writes from `first`, then from `second`; `bytes` counts through both.
  virtual Attempt write_some(std::string_view first, std::string_view second) = 0;
  /// True when a read may succeed although the socket has nothing: then read before you wait.
  [[nodiscard]] virtual bool has_buffered() const = 0;
  /// `done` when something can be read, `wait_read` when nothing has come, `closed` when the peer has gone.
  /// Takes nothing.
  virtual Attempt peek() = 0;
  /// Says that nothing more will be written.
  virtual void finish() = 0;
  /// Why the last attempt was `closed`, for a log; empty when there is nothing to say.
  [[nodiscard]] virtual std::string problem() const { return {}; }

  virtual Task<std::tuple<boost::system::error_code>> wait(Readiness readiness) = 0;
  /// Waits to read with a callback, beside a coroutine that does something else.
  virtual void watch(std::move_only_function<void(boost::system::error_code)> then) = 0;
  /// Ends every wait with an error.
  virtual void cancel() = 0;
  /// Ends the connection in both directions, and every wait.
  virtual void cut() = 0;
};

/// A stream over a connected socket, which it makes non-blocking.
[[nodiscard]] std::unique_ptr<Stream> make_plain_stream(Socket socket);

}  // namespace torg::net
