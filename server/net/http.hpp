#pragma once
#include "base/log.hpp"
#include "base/result.hpp"
#include "runtime/task.hpp"

#include <chrono>
#include <cstdint>
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

/// Tells a handler that waits for something (a long-poll) that it should answer now: nobody listens any more,
/// or the server stops. Lives as long as the request it belongs to.
class Interruption {
 public:
  enum class Why : std::uint8_t { none, client_left, stopping };

  [[nodiscard]] Why why() const { return why_; }
  /// Runs `job` when it happens, at once if it has already. There is room for one job: a new one replaces the
  /// old.
  void on_interrupt(std::move_only_function<void()> job);
  void forget() { job_ = nullptr; }

  // For the server.
  void fire(Why why);
  void reset();

 private:
  Why why_ = Why::none;
  std::move_only_function<void()> job_;
};

struct Request {
  Method method = Method::get;
  std::string target;  ///< as sent: path and query, still percent-encoded
  Headers headers;
  std::string body;                 ///< empty when `body_file` holds it
  std::filesystem::path body_file;  ///< a file in `tmp/` that the handler may take over (`BodyKind::file`)
  std::string remote_address;
  RequestId id;
  Interruption* interruption = nullptr;  ///< null when no server is behind the request (tests, simulation)

  [[nodiscard]] std::string_view path() const;  ///< without the query, still encoded
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
  Headers headers;  ///< content-length, date, CORS and x-request-id are added by the server
  std::string body;
  std::optional<FileBody> file;  ///< sent instead of `body`, streamed
  std::shared_ptr<Error const>
      failure;  ///< set by `error_response`; its detail is logged under the request's id, never sent
};

/// 200 with `content-type: application/json`.
[[nodiscard]] Response json_response(std::string body, unsigned status = 200);
/// The status and the `{"errcode":"M_…","error":"…"}` body that belong to `error`; its detail is not in it.
/// Of an internal error the caller sees the request's id only (the router puts it in).
[[nodiscard]] Response error_response(Error const& error);
/// 429 with `retry_after_ms` and a `retry-after` header.
[[nodiscard]] Response limited_response(Error const& error, std::chrono::milliseconds retry_after);
/// 304 when the request's `if-none-match` names `etag` (with its quotes, compared weakly: RFC 9110, 13.1.2).
[[nodiscard]] std::optional<Response> not_modified(Request const& request, std::string_view etag);
/// `M_FORBIDDEN` and so on.
[[nodiscard]] std::string_view errcode(ErrorCode code);
[[nodiscard]] unsigned http_status(ErrorCode code);

/// The decoded `{name}` segments of a route, in their order in the pattern.
using PathParameters = std::vector<std::string>;

/// One request on its way to a handler; lives until the handler's task has ended.
struct Call {
  Request request;
  PathParameters path;
  bool counted = false;  ///< the rate limit has let it through already

  /// See `Interruption::on_interrupt`; without a server behind it, nothing ever interrupts.
  void on_interrupt(std::move_only_function<void()> job);
  [[nodiscard]] bool interrupted() const;
};

using Handler = std::function<Task<Response>(Call&)>;

enum class BodyKind : std::uint8_t { none, memory, file };

/// What requests are counted as when too many come (`RateLimiter`).
enum class Limit : std::uint8_t {
  none,
  message,     ///< per person and per room
  room,        ///< making one
  membership,  ///< joining, inviting, and what else writes to many rooms
  upload,
  registration,  ///< per address
  login,         ///< per address
  token_check,   ///< per address: another server asks whose token it was shown
  search,
  to_device,
  small_write,     ///< receipts, settings, keys
  record_write,    ///< acts on the register, the desk, plans, disposals
  public_page,     ///< per address
  public_request,  ///< per address, and for all together
};

/// `long_poll`: waits for news as long as the client asked; not late when it is slow (`Limits`).
enum class Pace : std::uint8_t { prompt, long_poll };

struct Route {
  Method method;
  std::string_view
      pattern;  ///< `/_matrix/client/v3/rooms/{roomId}/leave`; a last `{*}` takes the rest of the path
  Handler handler;
  BodyKind body = BodyKind::memory;
  std::uint64_t max_body = 1 << 20;
  /// Asked when the headers are there and the body is not; an answer refuses the request. For large uploads:
  /// who may not send them should be told before the disk is full. Must not wait.
  std::function<std::optional<Response>(Request const&)> admit = nullptr;
  Limit limit = Limit::none;
  /// Answers instead of the plain 429, for pages that people read; the status and `retry-after` are added.
  Handler limited = nullptr;
  Pace pace = Pace::prompt;
};

/// The same routes, those that write (neither GET nor HEAD) counted as `limit` unless they say otherwise.
[[nodiscard]] std::vector<Route> limit_writes(std::vector<Route> routes, Limit limit);

class RateLimiter;

[[nodiscard]] std::string_view to_text(Method method);

/// A table of routes. What is not in it answers 404 `M_UNRECOGNIZED`; a known path with another method 405.
///
/// A static segment wins over a parameter. Only the last parameter of a pattern may be empty
/// (`…/state/{type}/`).
/// `{*}` takes the decoded rest, without leading slash; a rest with `.`, `..`, `\` or an encoded slash
/// matches nothing.
class Router {
 public:
  Router();
  ~Router();
  Router(Router&&) noexcept;
  Router& operator=(Router&&) noexcept;

  void add(std::vector<Route> routes);
  /// Makes `path` another name of `target`: every route below one is below the other, those added later too.
  /// Both are static. @pre nothing was added below `path`
  void alias(std::string_view path, std::string_view target);
  /// All of them, in order of their pattern's segments: for tests that hold a document to the table.
  [[nodiscard]] std::vector<Route const*> routes() const;
  /// Every request is counted from now on. `limiter` lives as long as the router is used.
  void limit_with(RateLimiter& limiter) { limiter_ = &limiter; }

  struct Match {
    Route const* route = nullptr;  ///< null: not found
    PathParameters parameters;
    bool path_known = false;    ///< the path is there, with other methods
    std::uint16_t allowed = 0;  ///< then: a bit for each `Method` it has
  };
  /// `path` is still percent-encoded; a segment that does not decode (to UTF-8 without NUL) matches nothing.
  [[nodiscard]] Match match(Method method, std::string_view path) const;
  /// Whether the body of a matched request may come; else the answer. A request whose body goes to a file is
  /// counted here, before it fills the disk. Asked when the headers are there.
  [[nodiscard]] std::optional<Response> admit(Match const& match, Call& call) const;
  /// Finds the handler and runs it; turns anything it throws into a logged 500. `HEAD` runs `GET`, `OPTIONS`
  /// answers 204.
  [[nodiscard]] Task<Response> dispatch(Request request) const;
  /// The same for a request that was matched before, when its headers arrived; the parameters are in `call`.
  [[nodiscard]] Task<Response> dispatch(Match match, std::unique_ptr<Call> call) const;

 private:
  struct Node;
  [[nodiscard]] std::shared_ptr<Node>& static_place(std::string_view path);
  [[nodiscard]] Task<Response> answer(Route const& route, Call& call) const;

  std::unique_ptr<Node> root_;
  RateLimiter* limiter_ = nullptr;
};

}  // namespace torg::net
