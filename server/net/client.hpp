#pragma once
#include "net/http.hpp"
#include "runtime/runtime.hpp"

#include <boost/url/url.hpp>

namespace torg::net {

/// Which addresses a request may go to. They are judged after the name was resolved, and it is the judged
/// address that is connected to.
enum class AddressPolicy : std::uint8_t {
  any,  ///< for what an administrator configured
  /// For what somebody else named: no private, loopback, link-local, multicast or otherwise special address
  /// (`is_public`), unless the administrator lets it be reached (`ClientSettings::allowed_networks`).
  public_only,
};

struct ClientRequest {
  Method method = Method::get;
  boost::urls::url url;  ///< http or https, absolute; without a user. Its fragment is left out
  Headers headers;       ///< `host`, `content-length` and `connection` are added
  std::string body;
  std::uint64_t max_answer_bytes = 1 << 20;   ///< of its body
  std::chrono::milliseconds timeout{30'000};  ///< for everything, from waiting for a turn to the last byte
  AddressPolicy policy = AddressPolicy::public_only;
  /// Ends the request when it fires.
  std::shared_ptr<Interruption> interruption = nullptr;
};

struct ClientAnswer {
  unsigned status = 0;
  Headers headers;
  std::string body;

  /// The first of that name.
  [[nodiscard]] std::optional<std::string_view> header(std::string_view lower_case_name) const;
};

/// Asks other servers. An interface, because a simulated world has no sockets.
///
/// All members are called on the runtime's executor.
class HttpClient {
 public:
  virtual ~HttpClient() = default;

  /// Sends `request` and gives back the answer, whatever its status: a redirect too, for the caller knows
  /// whether to follow it, and asks again.
  ///
  /// A request other than POST or PATCH is sent a second time when a connection that was kept turns out to be
  /// closed.
  /// @return `invalid_param` for what is no request, `forbidden` when the address policy refuses,
  /// `unavailable` when the other side can't be reached or doesn't speak HTTP, `too_large`, `late`
  [[nodiscard]] virtual Task<Result<ClientAnswer>> send(ClientRequest request) = 0;
  /// Ends what is under way with `unavailable`, and refuses what comes later.
  virtual void stop() {}
};

struct ClientSettings {
  /// `10.1.0.0/16`, `fd00::/8`, `192.0.2.7`: reached under `AddressPolicy::public_only` all the same.
  std::vector<std::string> allowed_networks;
  /// PEM file with authorities to trust besides the system's; empty for none.
  std::filesystem::path ca_file;
  std::size_t connections = 256;  ///< open at the same time, those that are kept included
  std::size_t connections_per_origin = 16;
  std::size_t waiting = 4096;                                         ///< requests that wait for their turn
  std::chrono::milliseconds idle_timeout = std::chrono::seconds{30};  ///< how long a connection is kept
  std::chrono::milliseconds connect_timeout =
      std::chrono::seconds{5};  ///< for one address, while there are others
  std::size_t header_bytes = 32 * 1024;
  std::size_t headers = 200;
};

/// HTTP/1.1 over sockets, TLS verified against the system's authorities.
/// @return `invalid_param` with a sentence for the administrator
[[nodiscard]] Result<std::unique_ptr<HttpClient>> make_http_client(Runtime& runtime, ClientSettings settings);
/// For worlds without a network: answers `unavailable`.
[[nodiscard]] std::unique_ptr<HttpClient> make_unconnected_client();

}  // namespace torg::net
