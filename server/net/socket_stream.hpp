#pragma once
#include "net/stream.hpp"

namespace torg::net {

/// What plain and TLS streams share: a non-blocking socket and how to wait for it.
class SocketStream : public Stream {
 public:
  explicit SocketStream(Socket socket);

  Task<std::tuple<boost::system::error_code>> wait(Readiness readiness) final;
  void watch(std::move_only_function<void(boost::system::error_code)> then) final;
  void cancel() final;
  void cut() final;

 protected:
  Socket socket_;
  int descriptor_;
};

}  // namespace torg::net
