// The table of routes is a tree over path segments. A node has its static children in order, at most one
// child for a parameter, and at most one route per method. A path is matched segment by segment: the static
// child first, and the parameter when that branch leads nowhere. Each node is visited at most once, for each
// has one path from the root.
#include "base/encoding.hpp"
#include "net/http.hpp"
#include "net/rate_limiter.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <stdexcept>

namespace torg::net {
namespace {

constexpr std::size_t kMethods = static_cast<std::size_t>(Method::other);
constexpr std::string_view kRest = "{*}";

std::optional<std::string> decode_segment(std::string_view segment) {
  auto decoded = percent_decode(segment, PlusSign::literal);
  if (!decoded || decoded->contains('\0') || !is_valid_utf8(*decoded)) return std::nullopt;
  return decoded;
}

/// The rest of a path for `{*}`, which often names a file: nothing in it may climb or hide a separator.
std::optional<std::string> decode_rest(std::string_view rest) {
  auto decoded = decode_segment(rest);
  if (!decoded || decoded->contains('\\')) return std::nullopt;
  if (std::ranges::count(*decoded, '/') != std::ranges::count(rest, '/')) return std::nullopt;
  for (std::string_view left = *decoded; !left.empty();) {
    auto const segment = left.substr(0, left.find('/'));
    if (segment == "." || segment == "..") return std::nullopt;
    left.remove_prefix(std::min(left.size(), segment.size() + 1));
  }
  return decoded;
}

Response refusal(Router::Match const& match) {
  if (!match.path_known) return error_response({ErrorCode::unrecognized, "There is no such endpoint.", {}});
  auto response = error_response({ErrorCode::method_not_allowed, "This endpoint has no such method.", {}});
  std::string allow = "OPTIONS";
  for (std::size_t i = 0; i < kMethods; ++i) {
    if ((match.allowed >> i & 1) == 0) continue;
    allow += ", ";
    allow += to_text(static_cast<Method>(i));
  }
  response.headers.emplace_back("allow", std::move(allow));
  return response;
}

Response preflight() {
  Response response;
  response.status = 204;
  // Every request with a token has a preflight in a browser: once a day is enough.
  response.headers.emplace_back("access-control-max-age", "86400");
  return response;
}

/// Logs what a handler reported for the log, and shows the request's id where that is all the caller may
/// know.
void settle_failure(Response& response, RequestId id) {
  auto const reported = std::exchange(response.failure, nullptr);
  auto const& failure = *reported;
  bool const internal = failure.code == ErrorCode::internal;
  if (internal || !failure.detail.empty()) {
    auto const reference = to_text(id);
    log(internal ? LogLevel::error : LogLevel::info, internal ? "a request failed" : "a request was refused",
        {{"request", reference}, {"errcode", errcode(failure.code)}, {"detail", failure.detail}});
  }
  if (!internal) return;
  response.body = R"({"errcode":"M_UNKNOWN","error":"Something went wrong on this server. Reference: )" +
                  to_text(id) + R"("})";
}

Response too_many(std::chrono::milliseconds wait) {
  return limited_response({ErrorCode::limit_exceeded, "Too many requests. Wait a little.", {}}, wait);
}

Task<Response> refuse(Route const& route, Call& call, std::chrono::milliseconds wait) {
  if (!route.limited) co_return too_many(wait);
  auto page = co_await route.limited(call);
  page.status = http_status(ErrorCode::limit_exceeded);
  page.headers.emplace_back("retry-after",
                            std::to_string(std::chrono::ceil<std::chrono::seconds>(wait).count()));
  co_return page;
}

Response thrown(std::string_view what) {
  return error_response({ErrorCode::internal, {}, "exception: " + std::string(what)});
}

}  // namespace

struct Router::Node {
  std::map<std::string, std::shared_ptr<Node>, std::less<>> children;  ///< shared by aliases only
  std::shared_ptr<Node> parameter;
  std::shared_ptr<Node> rest;
  std::array<std::unique_ptr<Route>, kMethods> routes;

  Node& descend(std::string_view segment) {
    auto& child = segment == kRest           ? rest
                  : segment.starts_with('{') ? parameter
                                             : children[std::string(segment)];
    if (!child) child = std::make_shared<Node>();
    return *child;
  }

  void collect(std::vector<Route const*>& found) const {
    for (auto const& route : routes) {
      // Through an alias a route is met twice.
      if (route && std::ranges::find(found, route.get()) == found.end()) found.push_back(route.get());
    }
    for (auto const& [segment, child] : children) child->collect(found);
    if (parameter) parameter->collect(found);
    if (rest) rest->collect(found);
  }

  Route const* route_for(Method method) const {
    if (method == Method::other) return nullptr;
    auto const* route = routes[static_cast<std::size_t>(method)].get();
    return route == nullptr && method == Method::head ? routes[0].get() : route;
  }

  std::uint16_t allowed() const {
    std::uint16_t bits = 0;
    for (std::size_t i = 0; i < kMethods; ++i) bits |= static_cast<std::uint16_t>((routes[i] ? 1 : 0) << i);
    if (routes[0]) bits |= 1 << static_cast<int>(Method::head);
    return bits;
  }

  /// The path ends here.
  bool arrive(Method method, Match& match) const {
    match.allowed |= allowed();
    match.path_known = match.allowed != 0;
    match.route = route_for(method);
    return match.route != nullptr;
  }

  bool arrive_with(std::optional<std::string> value, Method method, Match& match) const {
    if (!value) return false;
    match.parameters.push_back(*std::move(value));
    if (arrive(method, match)) return true;
    match.parameters.pop_back();
    return false;
  }

  /// `path` is what is left behind the slash that ended the segment before.
  bool match_rest(Method method, std::string_view path, Match& match) const {
    auto const slash = path.find('/');
    auto const segment = path.substr(0, slash);
    bool const last = slash == std::string_view::npos;
    auto const behind = last ? std::string_view{} : path.substr(slash + 1);
    if (auto const child = find_static(segment); child != nullptr) {
      if (last ? child->arrive(method, match) : child->match_rest(method, behind, match)) return true;
    }
    if (parameter && (last || !segment.empty()) && match_parameter(method, segment, last, behind, match))
      return true;
    return rest && rest->arrive_with(decode_rest(path), method, match);
  }

  Node const* find_static(std::string_view segment) const {
    auto found = children.find(segment);
    if (found == children.end() && segment.contains('%')) {
      if (auto const decoded = decode_segment(segment)) found = children.find(*decoded);
    }
    return found == children.end() ? nullptr : found->second.get();
  }

  bool match_parameter(Method method, std::string_view segment, bool last, std::string_view behind,
                       Match& match) const {
    auto value = decode_segment(segment);
    if (last || !value) return parameter->arrive_with(std::move(value), method, match);
    match.parameters.push_back(*std::move(value));
    if (parameter->match_rest(method, behind, match)) return true;
    match.parameters.pop_back();
    return false;
  }
};

Router::Router() : root_(std::make_unique<Node>()) {}
Router::~Router() = default;
Router::Router(Router&&) noexcept = default;
Router& Router::operator=(Router&&) noexcept = default;

void Router::add(std::vector<Route> routes) {
  for (auto& route : routes) {
    auto left = route.pattern;
    if (!left.starts_with('/') || route.method == Method::other)
      throw std::invalid_argument("a route needs a path and a method");
    Node* node = root_.get();
    while (!left.empty()) {
      left.remove_prefix(1);
      auto const segment = left.substr(0, left.find('/'));
      left.remove_prefix(segment.size());
      node = &node->descend(segment);
      if (segment == kRest && !left.empty())
        throw std::invalid_argument("{*} must be last: " + std::string(route.pattern));
    }
    auto& place = node->routes[static_cast<std::size_t>(route.method)];
    if (place) throw std::invalid_argument("two routes for one place: " + std::string(route.pattern));
    place = std::make_unique<Route>(std::move(route));
  }
}

std::shared_ptr<Router::Node>& Router::static_place(std::string_view path) {
  auto const slash = path.rfind('/');
  Node* node = root_.get();
  for (auto left = path.substr(0, slash); !left.empty();) {
    left.remove_prefix(1);
    auto const segment = left.substr(0, left.find('/'));
    left.remove_prefix(segment.size());
    node = &node->descend(segment);
  }
  return node->children[std::string(path.substr(slash + 1))];
}

void Router::alias(std::string_view path, std::string_view target) {
  auto& known = static_place(target);
  if (!known) known = std::make_shared<Node>();
  auto& place = static_place(path);
  if (place) throw std::invalid_argument("there are routes below the alias " + std::string(path));
  place = known;
}

std::vector<Route const*> Router::routes() const {
  std::vector<Route const*> found;
  root_->collect(found);
  return found;
}

std::vector<Route> limit_writes(std::vector<Route> routes, Limit limit) {
  for (auto& route : routes) {
    bool const writes = route.method != Method::get && route.method != Method::head;
    if (writes && route.limit == Limit::none) route.limit = limit;
  }
  return routes;
}

Router::Match Router::match(Method method, std::string_view path) const {
  Match match;
  if (path.starts_with('/')) root_->match_rest(method, path.substr(1), match);
  return match;
}

Task<Response> Router::dispatch(Request request) const {
  auto found = match(request.method, request.path());
  auto call = std::make_unique<Call>(std::move(request), std::move(found.parameters));
  return dispatch(std::move(found), std::move(call));
}

std::optional<Response> Router::admit(Match const& match, Call& call) const {
  auto const* route = match.route;
  if (route == nullptr) return std::nullopt;
  if (route->admit) {
    if (auto refusal = route->admit(call.request)) return refusal;
  }
  if (limiter_ == nullptr || route->body != BodyKind::file) return std::nullopt;
  call.counted = true;
  if (auto const wait = limiter_->take(route->limit, call); wait > wait.zero()) return too_many(wait);
  return std::nullopt;
}

Task<Response> Router::dispatch(Match match, std::unique_ptr<Call> call) const {
  if (match.route == nullptr)
    co_return call->request.method == Method::options ? preflight() : refusal(match);
  Response response;
  try {
    response = co_await answer(*match.route, *call);
  } catch (std::exception const& e) {
    response = thrown(e.what());
  } catch (...) {
    response = thrown("unknown");
  }
  if (response.failure) settle_failure(response, call->request.id);
  co_return response;
}

Task<Response> Router::answer(Route const& route, Call& call) const {
  if (limiter_ == nullptr || route.limit == Limit::none) co_return co_await route.handler(call);
  if (!call.counted) {
    if (auto const wait = limiter_->take(route.limit, call); wait > wait.zero())
      co_return co_await refuse(route, call, wait);
  }
  auto response = co_await route.handler(call);
  if (response.status >= 400) limiter_->was_refused(route.limit, call);
  co_return response;
}

}  // namespace torg::net
