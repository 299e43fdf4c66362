#include "app/allocator.hpp"

#include <malloc.h>
#include <sys/resource.h>

namespace torg::app {
namespace {

using namespace std::chrono_literals;

constexpr auto kLookEvery = 500ms;
/// Quiet: less CPU time than this between two looks. Looking and the server's own ticks take a hundredth of
/// it.
constexpr auto kQuiet = 10ms;
/// A trim costs a millisecond or two: less work than this isn't worth it.
constexpr auto kWorthIt = 20ms;
constexpr int kLooksAtMost = 120;

std::chrono::microseconds cpu_time() {
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  return std::chrono::seconds{used.ru_utime.tv_sec + used.ru_stime.tv_sec} +
         std::chrono::microseconds{used.ru_utime.tv_usec + used.ru_stime.tv_usec};
}

}  // namespace

void tune_allocator() {
  // Two threads allocate all the time; by default each thread keeps an arena of its own.
  ::mallopt(M_ARENA_MAX, 2);
  // By default both limits grow with each large answer, for good. Smaller ones would cost page faults at each
  // answer; what lies idle below them the trim gives back.
  ::mallopt(M_MMAP_THRESHOLD, 1024 * 1024);
  ::mallopt(M_TRIM_THRESHOLD, 8 * 1024 * 1024);
}

IdleTrim::IdleTrim(Runtime& runtime) : runtime_(runtime), cpu_(cpu_time()) { trim(); }

IdleTrim::~IdleTrim() { runtime_.cancel(timer_); }

void IdleTrim::look() {
  auto const used = cpu_time() - cpu_;
  cpu_ += used;
  worked_ += used;
  ++looks_;
  bool const due = used < kQuiet || looks_ >= kLooksAtMost;
  if (due && worked_ >= kWorthIt) return trim();
  timer_ = runtime_.schedule(runtime_.steady_now() + kLookEvery, [this] { look(); });
}

void IdleTrim::trim() {
  ::malloc_trim(0);
  cpu_ = cpu_time();  // what it took itself is no work
  worked_ = {};
  looks_ = 0;
  timer_ = runtime_.schedule(runtime_.steady_now() + kLookEvery, [this] { look(); });
}

}  // namespace torg::app
