#include "measure.hpp"

#include <algorithm>
#include <cmath>
#include <ctime>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <unistd.h>

namespace bench {
namespace {

using namespace std::chrono_literals;
using Milliseconds = std::chrono::duration<double, std::milli>;

/// Of child processes that have ended and were waited for (proc(5), `cutime` and `cstime`), in whole ticks.
std::chrono::nanoseconds time_of_children(pid_t process) {
  constexpr int kFieldsBetween = 13;  // from the state, which follows the name in parentheses, to `cutime`
  std::ifstream file("/proc/" + std::to_string(process) + "/stat");
  std::string line;
  std::getline(file, line);
  std::istringstream fields(line.substr(std::min(line.rfind(')') + 1, line.size())));
  std::string skipped;
  for (int i = 0; i < kFieldsBetween; ++i) fields >> skipped;
  std::int64_t user = 0, system = 0;
  fields >> user >> system;
  return std::chrono::nanoseconds(1s) / ::sysconf(_SC_CLK_TCK) * (user + system);
}

}  // namespace

std::chrono::nanoseconds cpu_time(pid_t process) {
  clockid_t clock{};
  timespec now{};
  if (::clock_getcpuclockid(process, &clock) != 0 || ::clock_gettime(clock, &now) != 0) {
    throw std::runtime_error("the server's CPU time can't be read: is it still running?");
  }
  return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec) + time_of_children(process);
}

double pss_kib(pid_t process) {
  std::ifstream in("/proc/" + std::to_string(process) + "/smaps_rollup");
  for (std::string word; in >> word;) {
    double kib = 0;
    if (word == "Pss:" && in >> kib) return kib;
  }
  throw std::runtime_error("the server's memory can't be read: is it still running?");
}

void settle(pid_t process) {
  auto before = cpu_time(process);
  for (int calm = 0, turn = 0; calm < 3 && turn < 150; ++turn) {
    std::this_thread::sleep_for(200ms);
    auto const now = cpu_time(process);
    calm = now - before < 8ms ? calm + 1 : 0;
    before = now;
  }
}

double memory_kib(pid_t process) {
  std::ifstream rollup("/proc/" + std::to_string(process) + "/smaps_rollup");
  for (std::string word; rollup >> word;) {
    double kib = 0;
    if (word == "Pss:" && rollup >> kib) return kib;
  }
  throw std::runtime_error("the server's memory can't be read");
}

double percentile(std::vector<double>& samples, double share) {
  if (samples.empty()) return std::nan("");
  std::ranges::sort(samples);
  auto const rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(samples.size())));
  return samples[std::clamp<std::size_t>(rank, 1, samples.size()) - 1];
}

Meter::Meter(pid_t process, Settle settle) : process_(process), settle_(settle) {
  if (settle_ == Settle::yes) bench::settle(process);
  cpu_ = cpu_time(process);
  wall_ = std::chrono::steady_clock::now();
}

double Meter::cpu_ms() const {
  if (settle_ == Settle::yes) bench::settle(process_);
  return Milliseconds(cpu_time(process_) - cpu_).count();
}

double Meter::wall_ms() const { return Milliseconds(std::chrono::steady_clock::now() - wall_).count(); }

}  // namespace bench
