// What waits for an e-mail pusher goes in one letter, some time after the first of it: who reads meanwhile
// gets none.
#include "base/log.hpp"
#include "matrix/push/delivery.hpp"

#include <algorithm>

namespace torg::matrix {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds kFirstPause = 1min;
constexpr std::chrono::milliseconds kLongestPause = 6h;

}  // namespace

Task<std::vector<Letters::InRoom>> PushDelivery::unread_rooms(std::vector<EventPtr> events) {
  std::map<RoomNid, Letters::InRoom> rooms;
  for (auto const& event : events) {
    if (event->redacted_by) continue;
    if (co_await services_.badges.has_read(pusher_.owner, event)) continue;
    auto const room = co_await services_.rooms.load(event->room);
    if (!room) continue;
    auto const& sender = services_.rooms.identity().user_id(event->sender);
    auto name = text_in_state(**room, "m.room.member", sender, "displayname");
    auto& entry = rooms[event->room];
    entry.room = text_in_state(**room, "m.room.name", "", "name");
    entry.sender = name.empty() ? sender : name;
    ++entry.count;
  }
  std::vector<Letters::InRoom> listed;
  for (auto& [room, entry] : rooms) listed.push_back(std::move(entry));
  co_return listed;
}

Task<PushDelivery::Outcome> PushDelivery::send_letter() {
  auto& runtime = services_.rooms.runtime();
  auto const& settings = services_.letters.settings();
  auto const due = std::max(next_letter_, runtime.steady_now() + settings.delay);
  co_await pause(due - runtime.steady_now());
  if (stopped_) co_return Outcome::over;
  std::vector<EventPtr> events;
  for (auto const& note : waiting_) events.push_back(note.event);
  auto const count = static_cast<std::ptrdiff_t>(events.size());
  auto rooms = co_await unread_rooms(std::move(events));
  if (owner_is_locked()) rooms.clear();
  if (!rooms.empty()) {
    auto const sent = co_await services_.letters.send(services_.letters.digest(pusher_, rooms));
    if (!sent) {
      log(LogLevel::warning, "a letter could not be sent",
          {{"pusher", pusher_.nid}, {"why", sent.error().detail}});
      pause_ = std::clamp(pause_ * 2, kFirstPause, kLongestPause);
      co_return stopped_ ? Outcome::over : Outcome::again;
    }
    pause_ = {};
    next_letter_ = runtime.steady_now() + settings.between;
  }
  // The last of them goes when this is done.
  waiting_.erase(waiting_.begin(), waiting_.begin() + count - 1);
  co_return Outcome::done;
}

}  // namespace torg::matrix
