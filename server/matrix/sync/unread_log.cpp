#include "matrix/sync/unread_log.hpp"

#include <algorithm>
#include <iterator>
#include <ranges>

namespace torg::matrix {
namespace {

std::size_t bytes_of(UnreadLog::Special const& special) {
  constexpr std::size_t kEventId = 64;  // too long to lie in the string itself
  return sizeof special + (special.thread.empty() ? 0 : kEventId) +
         special.called.capacity() * sizeof(UserNid);
}

}  // namespace

UnreadCount UnreadCounts::all() const {
  auto sum = main;
  for (auto const& [root, count] : threads) {
    sum.notifications += count.notifications;
    sum.highlights += count.highlights;
  }
  return sum;
}

ReadMarks ReadMarks::of(std::span<Receipt const> receipts, store::MemberOf const& member) {
  ReadMarks marks{.everything = member.joined, .main = member.wrote};
  for (auto const& receipt : receipts) {
    if (receipt.thread.empty()) {
      marks.everything = std::max(marks.everything, receipt.messages);
      marks.everything_at = std::max(marks.everything_at, receipt.event_position);
    } else if (receipt.thread == "main") {
      marks.main = std::max(marks.main, receipt.messages);
      marks.main_at = std::max(marks.main_at, receipt.event_position);
    } else {
      auto& at = marks.threads[receipt.thread];
      at = std::max(at, receipt.event_position);
    }
  }
  marks.main = std::max(marks.main, marks.everything);
  marks.main_at = std::max(marks.main_at, marks.everything_at);
  return marks;
}

bool ReadMarks::covers(CachedEvent const& event, std::string_view thread) const {
  if (event.position <= everything_at) return true;
  if (!thread.empty()) {
    auto const read = threads.find(thread);
    return read != threads.end() && event.position <= read->second;
  }
  bool const by_number = is_message(event.type) && event.messages != 0 && event.messages <= main;
  return event.position <= main_at || by_number;
}

UnreadCounts UnreadLog::count(UserNid user, ReadMarks const& marks) const {
  UnreadCounts counts;
  if (plain_notifies) counts.main.notifications = std::max<std::int64_t>(0, to - marks.main);
  auto const is_after = [](Special const& special, std::int64_t number, Position position) {
    // What isn't a message has the number of the one before it.
    bool const later = special.is_message ? special.number > number : special.number >= number;
    return later && special.position > position;
  };
  auto const first = std::ranges::partition_point(specials, [&](Special const& special) {
    return special.position <= marks.everything_at || special.number < marks.everything;
  });
  for (auto const& special : std::ranges::subrange(first, specials.end())) {
    if (special.is_message && plain_notifies && special.number > marks.main) --counts.main.notifications;
    if (!is_after(special, marks.everything, marks.everything_at)) continue;
    bool const threaded = !special.thread.empty();
    if (special.sender == user) {
      if (threaded) counts.threads.erase(special.thread);  // who writes has read
      continue;
    }
    auto const read = threaded ? marks.threads.find(special.thread) : marks.threads.end();
    bool const unread = threaded ? read == marks.threads.end() || special.position > read->second
                                 : is_after(special, marks.main, marks.main_at);
    bool const called = std::ranges::find(special.called, user) != special.called.end();
    if (!unread || !(special.notifies || called)) continue;
    auto& place = threaded ? counts.threads[special.thread] : counts.main;
    ++place.notifications;
    if (called || special.highlights) ++place.highlights;
  }
  return counts;
}

void UnreadLog::extend(std::vector<Special> found, std::int64_t total, Position end) {
  for (auto const& special : found) bytes += bytes_of(special);
  std::ranges::move(found.rbegin(), found.rend(), std::back_inserter(specials));
  to = total;
  up_to = end;
  // Not at each message: taking from the front moves all the others.
  if (from >= to - 2 * kMostUnread) return;
  from = to - kMostUnread;
  std::erase_if(specials, [this](Special const& special) { return special.number <= from; });
  bytes = 0;
  for (auto const& special : specials) bytes += bytes_of(special);
}

}  // namespace torg::matrix
