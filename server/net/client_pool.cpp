#include "net/client_pool.hpp"

#include <algorithm>

namespace torg::net {

bool ClientPool::has_room(Origin const& origin) const {
  if (busy_ >= sizes_.connections) return false;
  bool const for_others = origin.policy == AddressPolicy::public_only;
  if (for_others && busy_for_others_ >= sizes_.connections - sizes_.connections / 4) return false;
  auto const place = places_.find(origin);
  return place == places_.end() || place->second.busy < sizes_.per_origin;
}

void ClientPool::grant(Origin const& origin) {
  ++places_[origin].busy;
  ++busy_;
  if (origin.policy == AddressPolicy::public_only) ++busy_for_others_;
  while (busy_ + kept_ > sizes_.connections && kept_ > 0) make_room();
}

ClientPool::Asked ClientPool::ask(Origin const& origin, std::move_only_function<void()> then, Turn& turn) {
  if (has_room(origin)) {
    grant(origin);
    return Asked::now;
  }
  if (waiting_.size() >= sizes_.waiting) return Asked::never;
  turn = waiting_.insert(waiting_.end(), {origin, std::move(then)});
  return Asked::later;
}

void ClientPool::release(Origin const& origin) {
  auto const place = places_.find(origin);
  --busy_;
  if (origin.policy == AddressPolicy::public_only) --busy_for_others_;
  if (--place->second.busy == 0 && place->second.idle.empty()) places_.erase(place);
  auto const next = std::ranges::find_if(waiting_, [&](auto const& each) { return has_room(each.first); });
  if (next == waiting_.end()) return;
  grant(next->first);
  auto then = std::move(next->second);
  waiting_.erase(next);
  then();
}

std::unique_ptr<Stream> ClientPool::take(Origin const& origin) {
  auto const place = places_.find(origin);
  if (place == places_.end()) return nullptr;
  while (!place->second.idle.empty()) {
    auto stream = std::move(place->second.idle.back().stream);
    place->second.idle.pop_back();
    --kept_;
    // Bytes that nobody asked for, or the end: either way no answer to come.
    if (!stream->has_buffered() && stream->peek().outcome == Attempt::Outcome::wait_read) return stream;
  }
  return nullptr;
}

void ClientPool::keep(Origin const& origin, std::unique_ptr<Stream> stream) {
  places_[origin].idle.push_back({std::move(stream), runtime_.steady_now()});
  ++kept_;
  if (kept_ == 1) arm();
}

/// Closes the connection that has been idle for longest. @pre there is one
void ClientPool::make_room() {
  auto oldest = places_.end();
  for (auto place = places_.begin(); place != places_.end(); ++place) {
    if (place->second.idle.empty()) continue;
    if (oldest == places_.end() || place->second.idle.front().since < oldest->second.idle.front().since)
      oldest = place;
  }
  oldest->second.idle.erase(oldest->second.idle.begin());
  --kept_;
  if (oldest->second.busy == 0 && oldest->second.idle.empty()) places_.erase(oldest);
}

void ClientPool::clear() {
  runtime_.cancel(sweep_);
  for (auto& [origin, place] : places_) place.idle.clear();
  kept_ = 0;
  std::erase_if(places_, [](auto const& entry) { return entry.second.busy == 0; });
}

void ClientPool::arm() {
  runtime_.cancel(sweep_);
  sweep_ = runtime_.schedule(runtime_.steady_now() + sizes_.idle_timeout / 2, [this] { sweep(); });
}

void ClientPool::sweep() {
  auto const old = runtime_.steady_now() - sizes_.idle_timeout;
  for (auto& [origin, place] : places_)
    kept_ -= std::erase_if(place.idle, [&](Idle const& idle) { return idle.since <= old; });
  std::erase_if(places_,
                [](auto const& entry) { return entry.second.busy == 0 && entry.second.idle.empty(); });
  if (kept_ > 0) arm();
}

}  // namespace torg::net
