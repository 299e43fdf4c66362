#include "net/core.hpp"

#include "net/answer.hpp"

#include <algorithm>

namespace torg::net {
namespace {

constexpr std::size_t kInput = 64 * 1024;

/// A second, or a quarter of the shortest deadline when that is less.
std::chrono::milliseconds tick_for(Limits const& limits) {
  auto const shortest = std::min({limits.header_timeout, limits.body_timeout, limits.write_timeout,
                                  limits.answer_timeout, limits.idle_timeout, limits.body_grace});
  return std::clamp(shortest / 4, std::chrono::milliseconds{10}, std::chrono::milliseconds{1000});
}

/// Ids begin at random, so that those of two runs are not easily mixed up in a log.
std::uint64_t first_request(Runtime& runtime) {
  std::array<unsigned char, 2> bytes{};
  runtime.fill_random(bytes);
  return std::uint64_t{bytes[0]} << 16 | std::uint64_t{bytes[1]} << 8;
}

}  // namespace

Deadlines::Slot Deadlines::add(Session& session) {
  if (free_.empty()) {
    entries_.push_back({SteadyTime::max(), &session});
    return static_cast<Slot>(entries_.size() - 1);
  }
  auto const slot = free_.back();
  free_.pop_back();
  entries_[slot] = {SteadyTime::max(), &session};
  return slot;
}

void Deadlines::remove(Slot slot) {
  entries_[slot] = {};
  free_.push_back(slot);
}

std::vector<Session*> Deadlines::take_due(SteadyTime now) {
  std::vector<Session*> due;
  for (auto& entry : entries_) {
    if (entry.due > now) continue;
    entry.due = SteadyTime::max();
    due.push_back(entry.session);
  }
  return due;
}

std::vector<Session*> Deadlines::all() const {
  std::vector<Session*> sessions;
  for (auto const& entry : entries_) {
    if (entry.session != nullptr) sessions.push_back(entry.session);
  }
  return sessions;
}

Core::Core(Runtime& runtime_, Router const& router_, Limits limits_, std::filesystem::path temporary_)
    : runtime(runtime_),
      router(router_),
      limits(limits_),
      temporary(std::move(temporary_)),
      tasks(runtime_),
      now(runtime_.steady_now()),
      tick(tick_for(limits_)),
      common_headers(net::common_headers(runtime_.now())),
      last_request(first_request(runtime_)),
      input(kInput) {}

}  // namespace torg::net
