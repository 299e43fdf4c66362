#include "identity/interactive_auth.hpp"

#include "base/encoding.hpp"

#include <algorithm>
#include <array>

namespace torg::identity {

std::string InteractiveAuth::session(std::string_view id, Wanted const& wanted) {
  auto const now = runtime_.steady_now();
  make_room(now);
  if (auto const found = sessions_.find(id); found != sessions_.end()) {
    auto const& known = found->second;
    bool const fits = known.user == wanted.user && known.operation == wanted.operation && known.ends > now;
    if (fits) return std::string(id);
  }
  std::array<unsigned char, 18> random{};
  runtime_.fill_random(random);
  auto made = base64_encode({reinterpret_cast<char const*>(random.data()), random.size()}, Base64::url);
  by_age_.emplace(++begun_, made);
  sessions_.emplace(made, Session{.user = wanted.user,
                                  .operation = wanted.operation,
                                  .completed = {},
                                  .ends = now + kLife,
                                  .serial = begun_});
  return made;
}

bool InteractiveAuth::complete(std::string const& session, std::string_view stage, Wanted const& wanted) {
  auto const found = sessions_.find(session);
  if (found == sessions_.end()) return false;
  auto& completed = found->second.completed;
  completed.emplace(stage);
  bool const done = std::ranges::any_of(wanted.flows, [&](Flow const& flow) {
    return std::ranges::all_of(flow, [&](std::string const& each) { return completed.contains(each); });
  });
  if (!done) return false;
  by_age_.erase(found->second.serial);
  sessions_.erase(found);
  return true;
}

json::object InteractiveAuth::challenge(std::string const& session, Wanted const& wanted) const {
  json::array flows;
  for (auto const& flow : wanted.flows) {
    json::array stages;
    for (auto const& stage : flow) stages.emplace_back(stage);
    flows.emplace_back(json::object{{"stages", std::move(stages)}});
  }
  json::object body{{"flows", std::move(flows)}, {"params", json::object()}, {"session", session}};
  auto const found = sessions_.find(session);
  if (found != sessions_.end() && !found->second.completed.empty()) {
    json::array completed;
    for (auto const& stage : found->second.completed) completed.emplace_back(stage);
    body["completed"] = std::move(completed);
  }
  return body;
}

void InteractiveAuth::make_room(SteadyTime now) {
  // All live equally long, so the oldest ends first.
  while (!by_age_.empty()) {
    auto const oldest = by_age_.begin();
    auto const session = sessions_.find(oldest->second);
    if (session->second.ends > now && sessions_.size() < kMaxSessions) return;
    sessions_.erase(session);
    by_age_.erase(oldest);
  }
}

}  // namespace torg::identity
