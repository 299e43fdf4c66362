#include "net/session.hpp"

#include "net/answer.hpp"

#include <algorithm>

namespace torg::net {
namespace {

/// A body up to this size is copied behind its head and leaves in one piece.
constexpr std::size_t kInlineBody = 16 * 1024;
/// Above this, compressing is work for the offload pool.
constexpr std::size_t kGzipOnTheSpot = 8 * 1024;
/// A file is written, read and sent in parts of about this size.
constexpr std::size_t kFilePart = 64 * 1024;
/// How long a client that was refused may go on sending before we close on it.
constexpr std::chrono::milliseconds kLinger{5000};

}  // namespace

Session::Session(std::shared_ptr<Core> core, std::unique_ptr<Stream> stream, std::string remote_address)
    : core_(std::move(core)),
      stream_(std::move(stream)),
      remote_address_(std::move(remote_address)),
      slot_(core_->deadlines.add(*this)) {}

Session::~Session() { core_->deadlines.remove(slot_); }

// What lies in this frame lies there as long as the connection is open.
Task<> Session::serve(std::shared_ptr<Session> self) {
  if (!co_await self->shake_hands()) co_return;
  do {
    self->begin_request();
    if (!co_await self->receive()) co_return;
    if (auto const* rejection = self->parser_->rejection()) {
      self->response_ = *rejection;
    } else {
      auto call = self->begin_call();
      self->response_ = co_await self->core_->router.dispatch(self->parser_->match(), std::move(call));
      self->end_call();
      if (self->late_) co_return;
      if (self->response_.file || worth_gzip(self->response_)) co_await self->prepare();
    }
    self->keep_alive_ = self->stays_open();
    self->enter(State::writing, self->core_->limits.write_timeout);
    if (!self->send_at_once() && !co_await self->send_rest()) co_return;
  } while (self->keep_alive_);
  co_await self->linger();
}

Task<bool> Session::shake_hands() {
  enter(State::handshake, core_->limits.header_timeout);
  for (;;) {
    auto const attempt = stream_->handshake();
    if (attempt.outcome == Attempt::Outcome::done) co_return true;
    if (attempt.outcome == Attempt::Outcome::closed) co_return false;
    bool const write = attempt.outcome == Attempt::Outcome::wait_write;
    auto const [error] = co_await stream_->wait(write ? Readiness::write : Readiness::read);
    if (error || dead_) co_return false;
  }
}

void Session::begin_request() {
  parser_.emplace(ParserContext{core_->router, core_->limits, core_->body_memory});
  id_ = core_->next_request();
  response_ = {};
  body_since_ = {};
  enter(State::idle, core_->limits.idle_timeout);
}

bool Session::stays_open() const {
  return parser_->rejection() == nullptr && parser_->keep_alive() && !core_->stopping && !dead_;
}

// Reading

Task<bool> Session::receive() {
  auto next = stream_->has_buffered() ? Attempt::Outcome::done : Attempt::Outcome::wait_read;
  if (!pending_.empty()) take_input({});
  for (;;) {
    if (!input_settled() && !co_await after_input()) co_return false;
    if (parser_->finished()) co_return true;
    if (next != Attempt::Outcome::done) {
      bool const write = next == Attempt::Outcome::wait_write;
      auto const [error] = co_await stream_->wait(write ? Readiness::write : Readiness::read);
      if (error || dead_) co_return false;
    }
    auto const attempt = stream_->read_some(core_->input);
    if (attempt.outcome == Attempt::Outcome::closed) co_return false;
    next = attempt.outcome;
    if (attempt.outcome != Attempt::Outcome::done) continue;
    take_input({core_->input.data(), attempt.bytes});
    if (!stream_->has_buffered()) next = Attempt::Outcome::wait_read;
  }
}

/// Gives the parser what has come, keeping what it does not take.
void Session::take_input(std::string_view bytes) {
  if (state_ == State::idle) enter(State::reading, core_->limits.header_timeout);
  if (pending_.empty()) {
    bytes.remove_prefix(parser_->feed(bytes));
    pending_.assign(bytes);
    taken_ = 0;
  } else {
    if (!bytes.empty()) {
      pending_.erase(0, taken_);
      taken_ = 0;
      pending_.append(bytes);
    }
    taken_ += parser_->feed(std::string_view(pending_).substr(taken_));
    if (taken_ == pending_.size()) std::string().swap(pending_);
  }
  if (parser_->header_seen()) expect_body();
}

/// More of the body is due soon, and all of it at the slowest pace there may be.
void Session::expect_body() {
  auto const& limits = core_->limits;
  if (body_since_ == SteadyTime{}) body_since_ = core_->now;
  auto const bought = std::chrono::milliseconds(parser_->body_size() * 1000 / limits.body_bytes_per_second);
  auto const left = std::chrono::duration_cast<std::chrono::milliseconds>(body_since_ - core_->now) +
                    limits.body_grace + bought;
  enter(State::reading, std::min(limits.body_timeout, left));
}

/// Whether nothing has to be written, to the client or a file, before more is read.
bool Session::input_settled() const {
  if (parser_->expects_continue()) return false;
  return !parser_->to_file() || (parser_->file_part().size() < kFilePart && !parser_->finished());
}

Task<bool> Session::after_input() {
  if (parser_->rejection() != nullptr) co_return true;
  if (parser_->to_file()) {
    if (!spool_) spool_ = std::make_unique<Spool>(core_->runtime, core_->temporary);
    auto const written = co_await spool_->write(std::exchange(parser_->file_part(), {}));
    if (dead_) co_return false;
    if (!written) {
      log(LogLevel::error, "an upload could not be stored",
          {{"request", to_text(id_)}, {"detail", written.error().detail}});
      parser_->reject(error_response(written.error()));
    }
  }
  if (parser_->take_expectation()) co_return co_await write_all("HTTP/1.1 100 Continue\r\n\r\n", {});
  co_return true;
}

// Running

std::unique_ptr<Call> Session::begin_call() {
  enter(State::running, core_->tick);
  watched_ = false;
  auto call = parser_->take_call();
  auto& request = call->request;
  request.remote_address = origin_of(request);
  request.id = id_;
  request.interruption = &interruption_;
  if (spool_) request.body_file = spool_->path();
  return call;
}

void Session::end_call() {
  ++watch_;
  if (std::exchange(watching_, false)) stream_->cancel();
  interruption_.reset();
  spool_.reset();
}

Task<> Session::prepare() {
  if (!carries_body(response_.status, parser_->method())) co_return;
  if (response_.file) {
    auto opened = co_await open_to_read(core_->runtime, response_.file->path);
    if (opened) {
      file_ = *std::move(opened);
      co_return;
    }
    log(LogLevel::error, "a file to send is not there",
        {{"request", to_text(id_)}, {"detail", opened.error().detail}});
    response_ = error_response({ErrorCode::internal, {}, {}});
    co_return;
  }
  response_.headers.emplace_back("vary", "accept-encoding");
  if (!parser_->accepts_gzip()) co_return;
  if (response_.body.size() <= kGzipOnTheSpot) co_return replace_with_gzip(response_, gzip(response_.body));
  auto compressed =
      co_await run_offloaded(core_->runtime, [body = std::move(response_.body)] { return gzip(body); });
  replace_with_gzip(response_, std::move(compressed));
}

// Writing

/// Renders the answer and gives it to the socket. @return whether that was all
bool Session::send_at_once() {
  auto const& response = response_;
  auto& out = core_->output;
  out.clear();
  bool const with_body = carries_body(response.status, parser_->method());
  auto const length = response.file ? response.file->size : response.body.size();
  append_head(out, response, {parser_->method(), length, id_, keep_alive_, parser_->is_http_1_0()},
              core_->common_headers);
  std::string_view body = with_body && !response.file ? std::string_view(response.body) : std::string_view{};
  if (body.size() <= kInlineBody) {
    out += body;
    body = {};
  }
  auto const attempt = stream_->write_some(out, body);
  if (attempt.outcome == Attempt::Outcome::closed) dead_ = true;
  auto const sent = attempt.bytes;
  if (sent < out.size()) unsent_.assign(out, sent);
  unsent_body_ = out.size() + body.size() - std::max(sent, out.size());
  return !dead_ && unsent_.empty() && unsent_body_ == 0 && !file_;
}

Task<bool> Session::send_rest() {
  if (dead_) co_return false;
  auto const rest = std::string_view(response_.body).substr(response_.body.size() - unsent_body_);
  if (!co_await write_all(std::exchange(unsent_, {}), rest)) co_return false;
  if (!file_) co_return true;
  bool const sent = co_await send_file(*response_.file);
  file_.reset();
  co_return sent;
}

Task<bool> Session::send_file(FileBody file) {
  std::uint64_t sent = 0;
  while (sent < file.size) {
    auto const wanted = std::min<std::uint64_t>(kFilePart, file.size - sent);
    auto part = co_await read_part(core_->runtime, file_, file.offset + sent, wanted);
    // The length was promised in the head: a file that fell short can only end the connection.
    if (!part || part->empty() || dead_) co_return false;
    sent += part->size();
    enter(State::writing, core_->limits.write_timeout);
    if (!co_await write_all(*std::move(part), {})) co_return false;
  }
  co_return true;
}

Task<bool> Session::write_all(std::string first, std::string_view second) {
  std::string_view head = first;
  while (!head.empty() || !second.empty()) {
    if (dead_) co_return false;
    auto const attempt = head.empty() ? stream_->write_some(second, {}) : stream_->write_some(head, second);
    if (attempt.outcome == Attempt::Outcome::closed) co_return false;
    if (attempt.outcome == Attempt::Outcome::done) {
      auto const of_head = std::min(attempt.bytes, head.size());
      head.remove_prefix(of_head);
      second.remove_prefix(attempt.bytes - of_head);
      continue;
    }
    enter(state_, core_->limits.write_timeout);
    bool const read = attempt.outcome == Attempt::Outcome::wait_read;
    auto const [error] = co_await stream_->wait(read ? Readiness::read : Readiness::write);
    if (error) co_return false;
  }
  co_return true;
}

/// Closes so that the client gets our last answer: data on a closed socket would make the kernel throw away
/// what the client has not read yet (RFC 9112, 9.6).
Task<> Session::linger() {
  if (dead_) co_return;
  bool const unread = parser_->rejection() != nullptr || !pending_.empty();
  enter(State::closing, std::min(kLinger, core_->limits.header_timeout));
  stream_->finish();
  while (unread) {
    auto const [error] = co_await stream_->wait(Readiness::read);
    if (error || dead_) co_return;
    Attempt attempt;
    do attempt = stream_->read_some(core_->input);
    while (attempt.outcome == Attempt::Outcome::done && stream_->has_buffered());
    if (attempt.outcome == Attempt::Outcome::closed) co_return;
  }
}

// What comes from outside

void Session::enter(State state, std::chrono::milliseconds allowed) {
  state_ = state;
  // `now` may be a tick old.
  core_->deadlines.set(slot_, core_->now + allowed + core_->tick);
}

void Session::on_deadline() {
  if (state_ != State::running) return abort();
  if (std::exchange(watched_, true)) return answer_late();
  auto const* route = parser_->match().route;
  if (route == nullptr || route->pace == Pace::prompt)
    core_->deadlines.set(slot_, core_->now + core_->limits.answer_timeout - core_->tick);
  watch();
}

/// Tells a client that has waited too long that nobody knows yet; its request goes on. Nothing else is on its
/// way to the client, so this goes out whole or not at all.
void Session::answer_late() {
  if (dead_ || late_) return;
  late_ = true;
  auto response = error_response(
      {ErrorCode::late,
       "The server did not finish in time. What you sent may or may not have been saved: send it again with "
       "the same transaction id.",
       {}});
  auto& out = core_->output;
  out.clear();
  append_head(out, response, {parser_->method(), response.body.size(), id_, false, parser_->is_http_1_0()},
              core_->common_headers);
  stream_->write_some(out, carries_body(response.status, parser_->method()) ? response.body : "");
  stream_->finish();
  log(LogLevel::warning, "a request was not answered in time", {{"request", to_text(id_)}});
}

void Session::wind_down() {
  if (state_ == State::running) return interruption_.fire(Interruption::Why::stopping);
  if (state_ == State::idle || state_ == State::handshake) abort();
}

void Session::abort() {
  auto const self = shared_from_this();  // who is interrupted may end the session at once
  dead_ = true;
  if (state_ == State::running) interruption_.fire(Interruption::Why::stopping);
  stream_->cut();
}

void Session::watch() {
  watching_ = true;
  stream_->watch([self = shared_from_this(), serial = watch_](auto error) { self->on_watch(serial, error); });
}

void Session::on_watch(std::uint32_t serial, boost::system::error_code error) {
  if (error || serial != watch_ || state_ != State::running) return;
  watching_ = false;
  switch (stream_->peek().outcome) {
    case Attempt::Outcome::closed:
      return interruption_.fire(Interruption::Why::client_left);
    case Attempt::Outcome::done:
      return;  // the next request is there: it waits, and so does the news of an end
    default:
      return watch();
  }
}

}  // namespace torg::net
