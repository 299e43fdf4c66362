#pragma once
#include "net/body_file.hpp"
#include "net/core.hpp"
#include "net/stream.hpp"

#include <memory>
#include <optional>

namespace torg::net {

/// One connection: reads a request, runs it, writes its answer, in order, until one side has enough.
///
/// Pipelined requests wait in `pending_`, unread ones in the kernel: nothing is read while a request runs,
/// but after a tick a running one is watched, so that a long-poll hears when its client has left.
class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(std::shared_ptr<Core> core, std::unique_ptr<Stream> stream, std::string remote_address);
  ~Session();
  Session(Session const&) = delete;
  Session& operator=(Session const&) = delete;

  static Task<> serve(std::shared_ptr<Session> session);

  /// The deadline passed: closes the connection, or begins to watch a running request.
  void on_deadline();
  /// The server stops: an idle connection ends, a running handler is told.
  void wind_down();
  /// The grace is over: nothing is read or written any more.
  void abort();

 private:
  enum class State : std::uint8_t { handshake, idle, reading, running, writing, closing };

  Task<bool> shake_hands();
  void begin_request();
  Task<bool> receive();
  void take_input(std::string_view bytes);
  void expect_body();
  [[nodiscard]] bool input_settled() const;
  Task<bool> after_input();

  std::unique_ptr<Call> begin_call();
  [[nodiscard]] std::string origin_of(Request const& request) const;
  void end_call();
  Task<> prepare();
  bool send_at_once();
  Task<bool> send_rest();
  Task<bool> send_file(FileBody file);
  Task<bool> write_all(std::string first, std::string_view second);
  Task<> linger();

  void watch();
  void answer_late();
  void on_watch(std::uint32_t serial, boost::system::error_code error);
  void enter(State state, std::chrono::milliseconds allowed);
  [[nodiscard]] bool stays_open() const;

  std::shared_ptr<Core> core_;
  std::unique_ptr<Stream> stream_;
  std::string remote_address_;
  std::string pending_;  ///< bytes that came, not taken yet; from `taken_` on
  std::size_t taken_ = 0;
  std::optional<RequestParser> parser_;
  std::unique_ptr<Spool> spool_;
  Response response_;
  OpenFile file_;                ///< being sent
  std::string unsent_;           ///< what the socket did not take at once
  std::size_t unsent_body_ = 0;  ///< how much of the body's end, besides
  Interruption interruption_;
  RequestId id_;
  Deadlines::Slot slot_;
  SteadyTime body_since_{};  ///< when the headers were there
  std::uint32_t watch_ = 0;  ///< serial of the current watch
  State state_ = State::handshake;
  bool watching_ = false;
  bool watched_ = false;  ///< the request runs for a tick at least
  bool late_ = false;     ///< the client was told that its answer will not come
  bool keep_alive_ = true;
  bool dead_ = false;
};

}  // namespace torg::net
