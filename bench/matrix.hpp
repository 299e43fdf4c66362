#pragma once
#include "http_client.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json.hpp>

namespace bench {

namespace json = boost::json;

struct ServerAddress {
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;
};

struct User {
  std::string id;
  std::string token;
};

/// A finished HTTP request of the client API.
[[nodiscard]] std::string request(std::string_view method, std::string_view path, std::string_view token,
                                  std::string_view body = {});

/// `text` as one segment of a path.
[[nodiscard]] std::string segment(std::string_view text);

/// Setting up: many calls at a time, every answer checked.
class MatrixApi {
 public:
  explicit MatrixApi(ServerAddress const& server);

  /// @throws std::runtime_error for any status but 200.
  json::object call(std::string const& text);
  /// Eight at a time; the answers in the order of the requests. @throws as `call`.
  std::vector<json::object> call_all(std::vector<std::string> const& requests);

  /// By shared secret (nonce and HMAC-SHA1, as Synapse's admin API defines it).
  std::vector<User> register_users(std::string_view prefix, std::size_t count, std::string const& secret);
  /// Public rooms of version 12; the answers' room ids.
  std::vector<std::string> create_rooms(User const& creator, std::size_t count);
  void join(std::string const& room, std::vector<User> const& users);

 private:
  HttpClient http_;
};

/// A request that creates a public room of version 12.
[[nodiscard]] std::string create_room_request(User const& creator, std::string_view name);
[[nodiscard]] std::string join_request(User const& user, std::string_view room);
/// `{"msgtype":"m.text", …}` with a body of fifteen words chosen by `seed`, and the microsecond it was made.
[[nodiscard]] std::string message_content(std::uint64_t seed, std::int64_t made_us);
[[nodiscard]] std::string send_request(User const& user, std::string_view room_segment, std::string_view txn,
                                       std::string_view content);
/// `since` empty: an initial sync.
[[nodiscard]] std::string sync_request(User const& user, std::string_view since, int timeout_ms);
/// The first 20 rooms of a simplified sliding sync (MSC4186) as today's clients ask for them; `pos` empty: a
/// new connection.
[[nodiscard]] std::string sliding_sync_request(User const& user, std::string_view pos, int timeout_ms);
/// The `pos` of its answer, found without parsing it.
[[nodiscard]] std::string next_pos(std::string_view body);
/// The `next_batch` of a sync answer, found without parsing it.
[[nodiscard]] std::string next_batch(std::string_view body);

}  // namespace bench
