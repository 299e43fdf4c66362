#pragma once
#include "base/log.hpp"
#include "base/result.hpp"
#include "runtime/task.hpp"

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace torg::net {

enum class Method : std::uint8_t { get, head, post, put, delete_, options, patch, other };

using Headers = std::vector<std::pair<std::string, std::string>>;  ///< names in lower case

struct Request {
  Method method = Method::get;
  std::string target;            ///< as sent: path and query, still percent-encoded
  Headers headers;
  std::string body;              ///< empty when `body_file` holds it
  std::filesystem::path body_file;  ///< a file in `tmp/` that the handler may take over (`BodyKind::file`)
  std::string remote_address;
  RequestId id;

  [[nodiscard]] std::string_view path() const;          ///< without the query, still encoded
  [[nodiscard]] std::optional<std::string_view> header(std::string_view lower_case_name) const;
  /// The first value of a query parameter, decoded.
  [[nodiscard]] std::optional<std::string> query(std::string_view name) const;
  /// All values of a repeated query parameter, decoded.
  [[nodiscard]] std::vector<std::string> query_all(std::string_view name) const;
};

struct FileBody {
  std::filesystem::path path;
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
};

struct Response {
  unsigned status = 200;
  Headers headers;               ///< content-length, date, CORS and x-request-id are added by the server
  std::string body;
  std::optional<FileBody> file;  ///< sent instead of `body`, streamed
};

/// 200 with `content-type: application/json`.
[[nodiscard]] Response json_response(std::string body, unsigned status = 200);
/// The status and the `{"errcode":"M_…","error":"…"}` body that belong to `error`; its detail is not in it.
[[nodiscard]] Response error_response(Error const& error);
/// `M_FORBIDDEN` and so on.
[[nodiscard]] std::string_view errcode(ErrorCode code);
[[nodiscard]] unsigned http_status(ErrorCode code);

/// The decoded `{name}` segments of a route, in their order in the pattern.
using PathParameters = std::vector<std::string>;

/// One request on its way to a handler; lives until the handler's task has ended.
struct Call {
  Request request;
  PathParameters path;
};

using Handler = std::function<Task<Response>(Call&)>;

enum class BodyKind : std::uint8_t { none, memory, file };

struct Route {
  Method method;
  std::string_view pattern;      ///< `/_matrix/client/v3/rooms/{roomId}/leave`; a last `{*}` takes the rest of the path
  Handler handler;
  BodyKind body = BodyKind::memory;
  std::uint64_t max_body = 1 << 20;
};

/// A table of routes. What is not in it answers 404 `M_UNRECOGNIZED`; a known path with another method 405.
class Router {
 public:
  Router();
  ~Router();
  Router(Router&&) noexcept;
  Router& operator=(Router&&) noexcept;

  void add(std::vector<Route> routes);

  struct Match {
    Route const* route = nullptr;   ///< null: not found
    PathParameters parameters;
    bool path_known = false;        ///< the path is there, with other methods
  };
  /// `path` is still percent-encoded; a segment that does not decode matches nothing.
  [[nodiscard]] Match match(Method method, std::string_view path) const;
  /// Finds the handler and runs it; turns anything it throws into a logged 500. `HEAD` runs `GET`, `OPTIONS` answers 204.
  [[nodiscard]] Task<Response> dispatch(Request request) const;

 private:
  struct Node;
  std::unique_ptr<Node> root_;
};

}  // namespace torg::net
