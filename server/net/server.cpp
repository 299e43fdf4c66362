#include "net/server.hpp"

#include "net/address.hpp"
#include "net/answer.hpp"
#include "net/session.hpp"
#include "net/tls.hpp"

#include <algorithm>
#include <csignal>
#include <sys/resource.h>
#include <sys/socket.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace torg::net {
namespace {

using asio::ip::tcp;
using namespace std::chrono_literals;

constexpr asio::use_awaitable_t<asio::any_io_executor> kAwait;
constexpr int kBacklog = 4096;
constexpr auto kPauseWithoutDescriptors = 200ms;
constexpr std::size_t kKeptDescriptors = 256;

struct Listener {
  tcp::acceptor acceptor;
  std::optional<Tls> files;
  std::shared_ptr<TlsContext> tls;  ///< none: plain
};

/// Each connection is a descriptor: takes what the administrator allows. @return how many there may be
std::size_t raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return 0;
  auto const was = std::exchange(limit.rlim_cur, limit.rlim_max);
  return ::setrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_max : was;
}

/// How many connections leave enough descriptors for files and the database: who comes later is told, and
/// those who are there can still send and fetch files.
std::size_t connections_possible(std::size_t wanted) {
  auto const descriptors = raise_descriptor_limit();
  auto const possible = descriptors - std::min(kKeptDescriptors, descriptors / 4);
  if (possible >= wanted) return wanted;
  log(LogLevel::warning, "the system's limit of open files allows fewer connections than configured",
      {{"configured", static_cast<std::int64_t>(wanted)}, {"possible", static_cast<std::int64_t>(possible)}});
  return possible;
}

std::string address_of_peer(tcp::socket const& socket) {
  boost::system::error_code error;
  auto const peer = socket.remote_endpoint(error);
  return error ? std::string{} : peer.address().to_string();
}

/// Tells a plain client that there is no room. One attempt: there is no room for its problems either.
void turn_away(tcp::socket const& socket, std::string const& common) {
  auto response = error_response({ErrorCode::unavailable, "The server has too many connections.", {}});
  std::string out;
  append_head(out, response, {Method::get, response.body.size(), {}, false, false}, common);
  out += response.body;
  ::send(const_cast<tcp::socket&>(socket).native_handle(), out.data(), out.size(),
         MSG_NOSIGNAL | MSG_DONTWAIT);
}

void start_session(std::shared_ptr<Core> const& core, Listener const& listener, tcp::socket socket) {
  if (core->deadlines.size() >= core->limits.connections) {
    if (!listener.tls) turn_away(socket, core->common_headers);
    return;
  }
  auto peer = address_of_peer(socket);
  auto stream =
      listener.tls ? listener.tls->make_stream(std::move(socket)) : make_plain_stream(std::move(socket));
  auto session = std::make_shared<Session>(core, std::move(stream), std::move(peer));
  core->tasks.spawn("connection", Session::serve(std::move(session)));
}

Task<> accept_connections(std::shared_ptr<Core> core, std::shared_ptr<Listener> listener) {
  while (listener->acceptor.is_open()) {
    auto [error, socket] = co_await listener->acceptor.async_accept(asio::as_tuple(kAwait));
    if (!listener->acceptor.is_open() || core->stopping) co_return;
    if (!error) {
      try {
        start_session(core, *listener, std::move(socket));
      } catch (std::exception const& e) {  // one connection is lost, not the listener
        log(LogLevel::error, "a connection could not be served", {{"why", e.what()}});
      }
    } else if (error != asio::error::connection_aborted) {
      log(LogLevel::warning, "a connection could not be accepted", {{"why", error.message()}});
      co_await sleep_for(core->runtime, kPauseWithoutDescriptors);
    }
  }
}

Result<tcp::acceptor> open_acceptor(Runtime& runtime, tcp::endpoint const& endpoint) {
  boost::system::error_code error;
  tcp::acceptor acceptor(runtime.executor());
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  // An address means what it says: `[::]` doesn't take IPv4 too.
  if (!error && endpoint.address().is_v6()) acceptor.set_option(asio::ip::v6_only(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(kBacklog, error);
  if (error) return fail(ErrorCode::unavailable, "This address cannot be listened on: " + error.message());
  return acceptor;
}

Task<> wait_until_empty(std::shared_ptr<Core> core, std::chrono::milliseconds at_most) {
  auto const until = core->runtime.steady_now() + at_most;
  while (core->deadlines.size() > 0 && core->runtime.steady_now() < until)
    co_await sleep_for(core->runtime, 10ms);
}

}  // namespace

struct Server::Impl {
  Impl(Runtime& runtime, Router const& router, Limits limits, std::filesystem::path temporary)
      : core(std::make_shared<Core>(runtime, router, limits, std::move(temporary))) {
    core->limits.connections = connections_possible(limits.connections);
    // OpenSSL writes with write(2); a peer that has gone must be an error, not a signal.
    std::signal(SIGPIPE, SIG_IGN);
    arm();
  }

  void arm() {
    timer = core->runtime.schedule(core->runtime.steady_now() + core->tick, [this] {
      tick();
      arm();
    });
  }

  void tick() const {
    core->now = core->runtime.steady_now();
    core->common_headers = common_headers(core->runtime.now());
    for (auto* session : core->deadlines.take_due(core->now)) session->on_deadline();
  }

  void close_listeners() {
    core->stopping = true;
    for (auto const& listener : listeners) {
      boost::system::error_code ignored;  // closed is closed
      listener->acceptor.close(ignored);
    }
  }

  std::shared_ptr<Core> core;
  std::vector<std::shared_ptr<Listener>> listeners;
  Runtime::TimerId timer;
};

Server::Server(Runtime& runtime, Router const& router, Limits limits, std::filesystem::path temporary)
    : impl_(std::make_unique<Impl>(runtime, router, limits, std::move(temporary))) {}

Server::~Server() {
  impl_->close_listeners();
  impl_->core->runtime.cancel(impl_->timer);
  for (auto* session : impl_->core->deadlines.all()) session->abort();
}

Result<std::string> Server::listen(std::string_view address, std::optional<Tls> tls) {
  auto const parsed = parse_listen_address(address);
  if (!parsed) return std::unexpected(parsed.error());
  if (parsed->tls != tls.has_value()) {
    return fail(ErrorCode::invalid_param, parsed->tls ? "An https address needs a certificate and a key."
                                                      : "An http address takes no certificate.");
  }
  std::shared_ptr<TlsContext> context;
  if (tls) {
    auto loaded = TlsContext::load(*tls);
    if (!loaded) return fail(std::move(loaded));
    context = *std::move(loaded);
  }
  auto acceptor = open_acceptor(impl_->core->runtime, parsed->endpoint);
  if (!acceptor) return fail(std::move(acceptor));
  auto const port = acceptor->local_endpoint().port();
  auto listener = std::make_shared<Listener>(*std::move(acceptor), std::move(tls), std::move(context));
  impl_->listeners.push_back(listener);
  impl_->core->tasks.spawn("listener", accept_connections(impl_->core, std::move(listener)));
  return to_text({parsed->tls, {parsed->endpoint.address(), port}});
}

void Server::reload_tls() {
  for (auto const& listener : impl_->listeners) {
    if (!listener->files) continue;
    auto loaded = TlsContext::load(*listener->files);
    if (loaded)
      listener->tls = *std::move(loaded);
    else
      log(LogLevel::error, "the new certificate is not used",
          {{"why", loaded.error().message}, {"detail", loaded.error().detail}});
  }
}

void Server::trust_proxies(std::vector<std::string> addresses) {
  impl_->core->trusted_proxies = std::move(addresses);
}

Task<> Server::stop() {
  auto const core = impl_->core;
  impl_->close_listeners();
  for (auto* session : core->deadlines.all()) session->wind_down();
  co_await wait_until_empty(core, core->limits.grace);
  for (auto* session : core->deadlines.all()) session->abort();
  co_await wait_until_empty(core, 100ms);
}

std::size_t Server::connections() const { return impl_->core->deadlines.size(); }

}  // namespace torg::net
