#include "simulation/model.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

namespace torg::simulation {
namespace {

int number_from(std::string_view text) {
  int number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

}  // namespace

void Model::acknowledged(std::string const& room_id, std::string const& body, std::string const& event_id) {
  auto const [message, added] = messages_.try_emplace(body, Message{room_id, event_id, {}});
  if (!added && message->second.event_id != event_id)
    fail("'" + body + "' was sent once and acknowledged as two events");
}

void Model::committed(std::string const& key, std::string const& number) {
  auto const [lift, added] = numbers_.try_emplace(key, number);
  if (!added && lift->second != number)
    fail("lift " + key + " has the numbers " + lift->second + " and " + number);
}

void Model::saw(Timeline& timeline, Seen event) {
  auto const again = [&](Seen const& other) {
    return other.event_id == event.event_id || (!event.body.empty() && other.body == event.body);
  };
  if (std::ranges::any_of(timeline, again))
    fail("a reader saw '" + event.body + "' (" + event.event_id + ") twice");
  if (!event.body.empty() && !attempted_.contains(event.body))
    fail("a reader saw '" + event.body + "', which nobody sent");
  timeline.push_back(std::move(event));
}

void Model::judge_reader(std::string const& room_id, Timeline const& whole, Timeline const& reader) {
  if (reader.empty()) return;
  auto const first = std::ranges::find(whole, reader.front());
  auto const left = static_cast<std::size_t>(whole.end() - first);
  if (left < reader.size() || !std::equal(reader.begin(), reader.end(), first)) {
    fail("a reader of " + room_id +
         " saw other events, or in another order, than the room has after the last crash");
    return;
  }
  auto const is_message = [](Seen const& seen) { return !seen.body.empty(); };
  if (std::any_of(first + std::ssize(reader), whole.end(), is_message))
    fail("a reader of " + room_id + " missed a message");
}

void Model::judge_room(std::string const& room_id, Timeline const& whole,
                       std::vector<Timeline> const& readers) {
  Timeline checked;
  for (auto const& seen : whole) saw(checked, seen);
  for (auto const& [body, message] : messages_) {
    if (message.room_id != room_id) continue;
    if (std::ranges::find(whole, Seen{message.event_id, body}) == whole.end())
      fail("'" + body + "' was acknowledged and is not there");
  }
  for (auto const& reader : readers) judge_reader(room_id, whole, reader);
}

void Model::judge_numbers(std::vector<std::string> numbers) {
  std::map<std::string, std::vector<int>> documents;  // by case
  for (auto const& number : numbers) {
    if (!registered_.insert(number).second) fail("the number " + number + " is there twice");
    auto const dash = number.rfind('-');
    documents[number.substr(0, dash)].push_back(number_from(std::string_view(number).substr(dash + 1)));
  }
  int expected_case = 0;
  for (auto& [name, of_case] : documents) {
    if (number_from(std::string_view(name).substr(name.rfind('/') + 1)) != ++expected_case)
      fail("cases end or skip before " + name);
    std::ranges::sort(of_case);
    for (int i = 0; i < std::ssize(of_case); ++i) {
      if (of_case[static_cast<std::size_t>(i)] != i + 1)
        fail(fmt::format("{} has no document {}", name, i + 1));
    }
  }
}

void Model::judge_lifts() {
  std::set<std::string> promised;
  for (auto const& [key, number] : numbers_) {
    if (!promised.insert(number).second) fail("two lifts were told the number " + number);
    if (!registered_.contains(number))
      fail("lift " + key + " was told " + number + ", which is not in the register");
  }
  if (registered_.size() != promised.size()) {
    fail(fmt::format("{} lifts were acknowledged and {} records are there", promised.size(),
                     registered_.size()));
  }
}

}  // namespace torg::simulation
