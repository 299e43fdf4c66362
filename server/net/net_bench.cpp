// What a small request costs the server's thread, and what an idle connection costs its heap. The client is
// on another thread; its share is not counted.
#include "net/testing/certificate.hpp"
#include "net/testing/running_server.hpp"

#include <benchmark/benchmark.h>
#include <malloc.h>
#include <sys/resource.h>

namespace torg::net {
namespace {

using testing::HttpClient;
using testing::RunningServer;

constexpr std::string_view kRequest =
    "PUT /_matrix/client/v3/rooms/!abcdefghijklmnopqr:example.org/send/m.room.message/txn1234567 HTTP/1.1\r\n"
    "Host: matrix.example.org\r\n"
    "User-Agent: bench/1.0\r\n"
    "Accept: application/json\r\n"
    "Authorization: Bearer syt_dGVzdA_abcdefghijklmnopqrst_0abcde\r\n"
    "Content-Type: application/json\r\n"
    "Content-Length: 43\r\n"
    "\r\n"
    R"({"msgtype":"m.text","body":"Hello, world!"})";

Task<Response> acknowledge(Call& call) {
  benchmark::DoNotOptimize(call.request.body);
  co_return json_response(R"({"event_id":"$0123456789abcdefghijklmnopqrstuvwxyzABCDEFG"})");
}

/// Suspends until the server stops, as a long-poll that waits.
Task<Response> wait_for_news(Call& call) {
  co_await asio::async_initiate<decltype(asio::use_awaitable), void()>(
      [&call](auto handler) { call.on_interrupt([h = std::move(handler)]() mutable { std::move(h)(); }); },
      asio::use_awaitable);
  co_return json_response("{}");
}

std::vector<Route> routes() {
  return {{Method::put, "/_matrix/client/v3/rooms/{roomId}/send/{eventType}/{txnId}", acknowledge},
          {Method::get, "/_matrix/client/v3/sync", wait_for_news}};
}

rusage thread_usage() {
  rusage usage{};
  ::getrusage(RUSAGE_THREAD, &usage);
  return usage;
}

double microseconds(timeval from, timeval to) {
  return static_cast<double>(to.tv_sec - from.tv_sec) * 1e6 + static_cast<double>(to.tv_usec - from.tv_usec);
}

/// A round: one request on each connection, then all answers.
void run_load(benchmark::State& state, RunningServer& server, std::vector<HttpClient> clients) {
  for (auto& client : clients) client.send(kRequest);  // warm
  for (auto& client : clients) client.receive();
  auto const before = server.on_server([](Server&) { return thread_usage(); });
  for (auto _ : state) {
    for (auto& client : clients) client.send(kRequest);
    for (auto& client : clients) {
      if (!client.receive()) state.SkipWithError("no answer");
    }
  }
  auto const after = server.on_server([](Server&) { return thread_usage(); });
  auto const requests = static_cast<double>(state.iterations() * static_cast<std::int64_t>(clients.size()));
  state.counters["user_us"] = microseconds(before.ru_utime, after.ru_utime) / requests;
  state.counters["system_us"] = microseconds(before.ru_stime, after.ru_stime) / requests;
  state.SetItemsProcessed(static_cast<std::int64_t>(requests));
}

void plain_request(benchmark::State& state) {
  RunningServer server(routes());
  std::vector<HttpClient> clients;
  for (int i = 0; i < state.range(0); ++i) clients.push_back(server.connect());
  run_load(state, server, std::move(clients));
}
BENCHMARK(plain_request)->Arg(1)->Arg(64)->UseRealTime();

Tls bench_certificate() {
  auto const folder = std::filesystem::temp_directory_path();
  return testing::make_self_signed(folder, "bench");
}

void tls_request(benchmark::State& state) {
  RunningServer server(routes(), {}, bench_certificate());
  std::vector<HttpClient> clients;
  for (int i = 0; i < state.range(0); ++i) clients.push_back(HttpClient::over_tls(server.port()));
  run_load(state, server, std::move(clients));
}
BENCHMARK(tls_request)->Arg(1)->Arg(64)->UseRealTime();

std::size_t heap_in_use() { return ::mallinfo2().uordblks + ::mallinfo2().hblkhd; }

enum class Waiting : std::uint8_t { between_requests, in_long_poll };

void idle_plain(benchmark::State& state) {
  auto const waiting = static_cast<Waiting>(state.range(1));
  ::mallopt(M_ARENA_MAX, 1);
  for (auto _ : state) {
    RunningServer server(routes());
    std::vector<HttpClient> clients;
    clients.reserve(static_cast<std::size_t>(state.range(0)));
    auto const before = server.on_server([](Server&) { return heap_in_use(); });
    for (int i = 0; i < state.range(0); ++i) {
      clients.push_back(server.connect());
      if (waiting == Waiting::between_requests) {
        clients.back().ask("PUT", "/_matrix/client/v3/rooms/a/send/b/c", "{}");
      } else {
        clients.back().send(
            "GET /_matrix/client/v3/sync?since=s1234&timeout=30000 HTTP/1.1\r\nHost: matrix.example.org\r\n"
            "User-Agent: bench/1.0\r\nAccept: application/json\r\n"
            "Authorization: Bearer syt_dGVzdA_abcdefghijklmnopqrst_0abcde\r\n\r\n");
      }
    }
    auto const all = static_cast<std::size_t>(state.range(0));
    server.eventually([all](Server& s) { return s.connections() == all; });
    // One more turn, so that the last request has arrived at its handler; then what is left of the clients
    // counts too.
    auto const after = server.on_server([](Server&) { return heap_in_use(); });
    state.counters["heap_bytes_each"] = static_cast<double>(after - before) / static_cast<double>(all);
    server.stop();
  }
}
BENCHMARK(idle_plain)->Args({5000, 0})->Args({5000, 1})->Iterations(1);

void idle_tls(benchmark::State& state) {
  ::mallopt(M_ARENA_MAX, 1);
  for (auto _ : state) {
    RunningServer server(routes(), {}, bench_certificate());
    std::vector<HttpClient> clients;
    auto const all = static_cast<std::size_t>(state.range(0));
    clients.reserve(all);
    auto const before = server.on_server([](Server&) { return heap_in_use(); });
    for (std::size_t i = 0; i < all; ++i) {
      clients.push_back(HttpClient::over_tls(server.port()));
      clients.back().ask("PUT", "/_matrix/client/v3/rooms/a/send/b/c", "{}");
      clients.back().forget_tls();
    }
    auto const after = server.on_server([](Server&) { return heap_in_use(); });
    state.counters["heap_bytes_each"] = static_cast<double>(after - before) / static_cast<double>(all);
  }
}
BENCHMARK(idle_tls)->Arg(1000)->Iterations(1);

}  // namespace
}  // namespace torg::net
