#include "closed_loop.hpp"

#include <iostream>
#include <stdexcept>
#include <unistd.h>

#include <fmt/format.h>

namespace bench {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kFewest = 1000;  // requests that make a figure worth printing
constexpr double kLongest = 4;         // times the wanted length, when a server can't do as many by then

double ms_since(Clock::time_point then) {
  return std::chrono::duration<double, std::milli>(Clock::now() - then).count();
}

}  // namespace

std::int64_t now_us() {
  return std::chrono::duration_cast<std::chrono::microseconds>(Clock::now().time_since_epoch()).count();
}

/// Unique over all runs against one data directory.
std::string txn_prefix() {
  return fmt::format("b{}", std::chrono::system_clock::now().time_since_epoch().count());
}

void expect_ok(Reply const& reply) {
  if (reply.status != 200)
    throw std::runtime_error(fmt::format("the server answered {}: {}", reply.status, reply.body));
}

Finding::Finding(std::string called, pid_t process)
    : name(std::move(called)), server(process), load(::getpid(), Meter::Settle::no) {}

void Finding::print(std::size_t count) {
  auto const wall = server.wall_ms();
  auto const own = load.cpu_ms();
  auto const share = static_cast<double>(count);
  std::cout << json::serialize(json::object{{"name", name},
                                            {"count", count},
                                            {"cpu_ms", server.cpu_ms() / share},
                                            {"load_cpu_ms", own / share},
                                            {"per_second", share / wall * 1000},
                                            {"p50_ms", percentile(latencies_ms, 0.5)},
                                            {"p99_ms", percentile(latencies_ms, 0.99)}})
            << std::endl;
}

void closed_loop(Target const& target, Finding& finding, std::size_t connections, std::size_t most,
                 NextRequest const& next) {
  HttpClient http(target.address.host, target.address.port, connections);
  std::vector<Clock::time_point> sent(connections);
  auto const begin = Clock::now();
  auto enough = [&](std::size_t started) {
    if (most != SIZE_MAX) return started >= most;
    auto const turns = std::chrono::duration<double>(Clock::now() - begin).count() / target.seconds;
    return started >= kFewest ? turns >= 1 : turns >= kLongest;
  };
  std::size_t started = 0;
  auto start = [&](std::size_t slot) {
    if (enough(started)) return;
    ++started;
    auto const text = next(slot);
    sent[slot] = Clock::now();
    http.send(slot, text);
  };
  http.on_reply([&](std::size_t slot, Reply const& reply) {
    expect_ok(reply);
    finding.latencies_ms.push_back(ms_since(sent[slot]));
    start(slot);
  });
  for (std::size_t slot = 0; slot < connections; ++slot) start(slot);
  if (!http.drain(begin + 20min)) throw std::runtime_error(finding.name + " did not end");
  finding.print(finding.latencies_ms.size());
}

}  // namespace bench
