#pragma once
#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <thread>
#include <vector>

namespace torg::net::testing {

/// A server without manners, for tests of clients: to each connection, the first, the second and so on, it
/// says what its script has for it.
class ScriptedServer {
 public:
  struct Part {
    std::string says;  ///< once a request has come
    enum class Then : std::uint8_t {
      close,
      wait,    ///< says no more, and closes when the client has gone
      repeat,  ///< says it again and again until the client has gone
      listen,  ///< waits for the next request and goes on with the next part
    } then = Then::close;
  };
  /// A connection takes parts up to one that doesn't `listen`.
  explicit ScriptedServer(std::vector<Part> parts);
  ~ScriptedServer();
  ScriptedServer(ScriptedServer const&) = delete;
  ScriptedServer& operator=(ScriptedServer const&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] int connections() const { return connections_; }
  [[nodiscard]] int requests() const { return requests_; }

 private:
  void serve();
  void serve(int descriptor);

  std::vector<Part> parts_;
  std::size_t next_ = 0;
  int listener_;
  std::uint16_t port_ = 0;
  std::atomic<int> connections_ = 0;
  std::atomic<int> requests_ = 0;
  std::atomic<int> current_ = -1;
  std::atomic<bool> ending_ = false;
  std::thread thread_;
};

}  // namespace torg::net::testing
