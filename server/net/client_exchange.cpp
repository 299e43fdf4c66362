#include "net/client_exchange.hpp"

#include <algorithm>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace torg::net {
namespace {

using asio::ip::tcp;

/// A body up to this size leaves in one piece with its head.
constexpr std::size_t kInlineBody = 16 * 1024;

bool may_have_body(Method method) {
  return method == Method::post || method == Method::put || method == Method::patch;
}

/// RFC 9110, 9.2.2: doing it twice is as good as doing it once.
bool is_idempotent(Method method) { return method != Method::post && method != Method::patch; }

std::string host_header(Origin const& origin) {
  auto host = origin.host.contains(':') ? '[' + origin.host + ']' : origin.host;
  if (origin.port != (origin.tls ? 443 : 80)) host += ':' + std::to_string(origin.port);
  return host;
}

Error unreachable(Origin const& origin, std::string detail) {
  return {ErrorCode::unavailable, "The server " + origin.host + " cannot be reached.", std::move(detail)};
}

}  // namespace

Exchange::Exchange(std::shared_ptr<ClientCore> core, ClientRequest request, Origin origin)
    : core_(std::move(core)), request_(std::move(request)), origin_(std::move(origin)) {
  core_->under_way.insert(this);
}

Exchange::~Exchange() {
  core_->under_way.erase(this);
  if (!aborted_) core_->runtime.cancel(deadline_);
  if (connecting_) core_->runtime.cancel(connect_deadline_);
  if (request_.interruption) request_.interruption->forget();
  if (waiting_) core_->pool.give_up(*waiting_);
  if (!has_turn_) return;
  if (reusable_ && !core_->stopped) core_->pool.keep(origin_, std::move(stream_));
  stream_.reset();
  core_->pool.release(origin_);
}

void Exchange::abort(Error why) {
  if (aborted_) return;
  aborted_ = std::move(why);
  core_->runtime.cancel(deadline_);
  if (connecting_) {
    boost::system::error_code ignored;  // whatever it was doing, nobody waits for it
    connecting_->cancel(ignored);
  }
  if (stream_) stream_->cut();
  resume();
}

void Exchange::arm_deadline() {
  deadline_ = core_->runtime.schedule(core_->runtime.steady_now() + request_.timeout, [this] {
    abort({ErrorCode::late, "The server " + origin_.host + " takes too long.", {}});
  });
  if (request_.interruption) {
    request_.interruption->on_interrupt(
        [this] { abort({ErrorCode::unavailable, "The request was called off.", {}}); });
  }
}

Result<> Exchange::still_wanted() const {
  if (aborted_) return std::unexpected(*aborted_);
  return {};
}

Task<> Exchange::suspend(std::move_only_function<void()> begin) {
  if (aborted_) co_return;
  co_await asio::async_initiate<decltype(asio::use_awaitable), void()>(
      [this, begin = std::move(begin)](auto handler) mutable {
        suspended_ = [h = std::move(handler)]() mutable { std::move(h)(); };
        begin();
      },
      asio::use_awaitable);
}

void Exchange::resume() {
  if (suspended_) core_->runtime.post(std::exchange(suspended_, nullptr));
}

Task<Result<ClientAnswer>> Exchange::run() {
  arm_deadline();
  if (auto turn = co_await wait_for_turn(); !turn) co_return fail(std::move(turn));
  write_head();
  stream_ = core_->pool.take(origin_);
  bool const kept = stream_ != nullptr;
  if (!kept) {
    if (auto opened = co_await open(); !opened) co_return fail(std::move(opened));
  }
  auto answer = co_await converse();
  // The other side may have closed a kept connection just as we wrote.
  if (answer || aborted_ || !kept || heard_ || !is_idempotent(request_.method)) co_return answer;
  if (auto opened = co_await open(); !opened) co_return fail(std::move(opened));
  co_return co_await converse();
}

Task<Result<>> Exchange::wait_for_turn() {
  using enum ClientPool::Asked;
  ClientPool::Turn turn;
  auto const given = [this] {
    waiting_.reset();
    has_turn_ = true;
    resume();
  };
  auto const asked = core_->pool.ask(origin_, given, turn);
  if (asked == never)
    co_return fail(ErrorCode::unavailable, "Too many requests are under way. Please try again in a moment.");
  if (asked == now) has_turn_ = true;
  if (asked == later) {
    waiting_ = turn;
    co_await suspend([] {});
  }
  co_return still_wanted();
}

// Connecting

Task<Result<>> Exchange::open() {
  auto addresses = co_await this->addresses();
  if (!addresses) co_return fail(std::move(addresses));
  Result<> connected = std::unexpected(unreachable(origin_, "no address"));
  for (std::size_t i = 0; i < addresses->size(); ++i) {
    connected = co_await connect({(*addresses)[i], origin_.port}, i + 1 == addresses->size());
    if (auto wanted = still_wanted(); !wanted) co_return wanted;
    if (connected) break;
  }
  if (!connected) co_return connected;
  co_return co_await shake_hands();
}

/// Those that the policy lets us connect to.
Task<Result<Resolver::Addresses>> Exchange::addresses() {
  auto found = std::make_shared<std::optional<Result<Resolver::Addresses>>>();
  co_await suspend([this, found] {
    core_->resolver.look_up(origin_.host,
                            [weak = std::weak_ptr(self_), found](Result<Resolver::Addresses> result) {
                              *found = std::move(result);
                              if (auto const self = weak.lock()) (*self)->resume();
                            });
  });
  if (auto wanted = still_wanted(); !wanted) co_return fail(std::move(wanted));
  auto result = std::move(**found);
  if (!result || origin_.policy == AddressPolicy::any) co_return result;
  auto const refused = [&](asio::ip::address const& address) {
    return !is_public(address) && !core_->allowed.contains(address);
  };
  std::erase_if(*result, refused);
  if (result->empty()) {
    co_return fail(ErrorCode::forbidden, "Addresses inside private networks are not asked.",
                   origin_.host + " has no public address");
  }
  co_return result;
}

Task<Result<>> Exchange::connect(tcp::endpoint endpoint, bool last) {
  boost::system::error_code error;
  connecting_.emplace(core_->runtime.executor());
  connecting_->open(endpoint.protocol(), error);
  if (error) co_return std::unexpected(unreachable(origin_, error.message()));
  auto& runtime = core_->runtime;
  auto const allowed = last ? request_.timeout : core_->settings.connect_timeout;
  connect_deadline_ = runtime.schedule(runtime.steady_now() + allowed, [this] {
    boost::system::error_code ignored;  // it may have connected just now
    if (connecting_) connecting_->cancel(ignored);
  });
  std::tie(error) = co_await connecting_->async_connect(
      endpoint, asio::as_tuple(asio::use_awaitable_t<asio::any_io_executor>()));
  runtime.cancel(connect_deadline_);
  auto socket = *std::exchange(connecting_, std::nullopt);
  if (auto wanted = still_wanted(); !wanted) co_return wanted;
  if (error)
    co_return std::unexpected(unreachable(origin_, endpoint.address().to_string() + ": " + error.message()));
  stream_ = origin_.tls ? core_->trust->make_stream(std::move(socket), origin_.host)
                        : make_plain_stream(std::move(socket));
  if (!stream_)
    co_return fail(ErrorCode::invalid_param, "No certificate can be for this host.", origin_.host);
  co_return Result<>{};
}

Task<Result<>> Exchange::shake_hands() {
  for (;;) {
    auto const attempt = stream_->handshake();
    if (attempt.outcome == Attempt::Outcome::done) co_return Result<>{};
    if (attempt.outcome == Attempt::Outcome::closed) {
      co_return fail(ErrorCode::unavailable, "No trusted connection to " + origin_.host + " could be made.",
                     stream_->problem());
    }
    if (auto waited = co_await wait(attempt.outcome); !waited) co_return waited;
  }
}

Task<Result<>> Exchange::wait(Attempt::Outcome outcome) {
  bool const to_write = outcome == Attempt::Outcome::wait_write;
  // An error shows at the next attempt, with a better word for it.
  co_await stream_->wait(to_write ? Readiness::write : Readiness::read);
  co_return still_wanted();
}

// Asking

void Exchange::write_head() {
  std::string target(request_.url.encoded_path());
  if (target.empty()) target = "/";
  if (request_.url.has_query()) target.append("?").append(request_.url.encoded_query());
  head_.append(to_text(request_.method)).append(" ").append(target).append(" HTTP/1.1\r\nhost: ");
  head_.append(host_header(origin_)).append("\r\n");
  for (auto const& [name, value] : request_.headers)
    head_.append(name).append(": ").append(value).append("\r\n");
  if (!request_.body.empty() || may_have_body(request_.method))
    head_.append("content-length: ").append(std::to_string(request_.body.size())).append("\r\n");
  head_ += "\r\n";
  if (request_.body.size() > kInlineBody) return;
  head_ += request_.body;
  request_.body.clear();
}

Task<Result<ClientAnswer>> Exchange::converse() {
  if (auto written = co_await write(); !written) co_return fail(std::move(written));
  co_return co_await read();
}

Task<Result<>> Exchange::write() {
  std::string_view head = head_;
  std::string_view body = request_.body;
  wrote_all_ = false;
  while (!head.empty() || !body.empty()) {
    auto const attempt = stream_->write_some(head, body);
    // Who takes no more may have answered already: that a body is too large, say.
    if (attempt.outcome == Attempt::Outcome::closed) co_return Result<>{};
    if (attempt.outcome == Attempt::Outcome::done) {
      auto const of_head = std::min(attempt.bytes, head.size());
      head.remove_prefix(of_head);
      body.remove_prefix(attempt.bytes - of_head);
      continue;
    }
    if (auto waited = co_await wait(attempt.outcome); !waited) co_return waited;
  }
  wrote_all_ = true;
  co_return Result<>{};
}

Task<Result<ClientAnswer>> Exchange::read() {
  AnswerParser::Limits const limits{core_->settings.header_bytes, core_->settings.headers,
                                    request_.max_answer_bytes};
  auto const body = request_.method == Method::head ? AnswerParser::Body::none : AnswerParser::Body::expected;
  auto parser = std::make_unique<AnswerParser>(limits, body);
  std::string pending;
  for (int interim = 0;;) {
    pending.erase(0, parser->feed(pending));
    if (parser->finished() && parser->problem()) co_return std::unexpected(*parser->problem());
    if (parser->finished() && !parser->is_interim()) break;
    if (parser->finished()) {
      if (++interim > 8) co_return fail(ErrorCode::unavailable, "The answer never comes to its point.");
      parser = std::make_unique<AnswerParser>(limits, body);
      continue;
    }
    auto const attempt = stream_->read_some(core_->input);
    if (attempt.outcome == Attempt::Outcome::done) {
      heard_ = true;
      pending.append(core_->input.data(), attempt.bytes);
    } else if (attempt.outcome == Attempt::Outcome::closed) {
      parser->end();
    } else if (auto waited = co_await wait(attempt.outcome); !waited) {
      co_return fail(std::move(waited));
    }
  }
  // What nobody asked for would pass for the next answer.
  reusable_ = wrote_all_ && parser->keep_alive() && pending.empty();
  co_return parser->take();
}

}  // namespace torg::net
