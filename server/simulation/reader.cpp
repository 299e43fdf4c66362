// Clients that read: followers of sync, and the inspection after the last crash.
#include "base/encoding.hpp"
#include "records/verify/verify.hpp"
#include "simulation/clients.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace torg::simulation {
namespace {

constexpr int kQuietPolls = 3;  ///< polls without news after the last write until a reader leaves
constexpr std::string_view kFilter = R"({"room":{"timeline":{"limit":4}}})";

Seen seen_of(json::value const& event) {
  Seen seen{std::string(event.at("event_id").as_string()), {}};
  if (event.at("type") != "m.room.message") return seen;
  auto const* body = event.at("content").as_object().if_contains("body");
  auto const* kind = event.at("content").as_object().if_contains("msgtype");
  if (body != nullptr && kind != nullptr && *kind == "m.text") seen.body = body->as_string();
  return seen;
}

Timeline timeline_of(json::value const& events) {
  Timeline timeline;
  for (auto const& event : events.as_array()) timeline.push_back(seen_of(event));
  return timeline;
}

Task<std::optional<Reply>> get(Clients& clients, std::string target, std::string token) {
  co_return co_await insist(clients, [&clients, target, token] {
    return clients.server.request(net::Method::get, target, token, std::nullopt, Promise::none);
  });
}

/// The page of a room's history before `from`, newest first; from the end when empty.
Task<std::optional<Reply>> page_before(Clients& clients, std::string room_id, std::string from,
                                       std::string token) {
  auto target = "/_matrix/client/v3/rooms/" + percent_encode(room_id) + "/messages?dir=b&limit=7";
  if (!from.empty()) target += "&from=" + percent_encode(from);
  co_return co_await get(clients, std::move(target), std::move(token));
}

/// What lies before `from` and after `known`, oldest first; everything when nothing is known.
Task<Timeline> history(Clients& clients, std::string room_id, std::string from, std::string known,
                       std::string token) {
  Timeline newest_first;
  for (;;) {
    auto const page = co_await page_before(clients, room_id, from, token);
    if (!page) break;
    bool met = false;
    for (auto const& seen : timeline_of(page->body.at("chunk"))) {
      met = seen.event_id == known;
      if (met) break;
      newest_first.push_back(seen);
    }
    from = page->text("/end");
    if (met || from.empty()) break;
  }
  std::ranges::reverse(newest_first);
  co_return newest_first;
}

/// Takes one room's part of a sync answer. @return whether there was anything
Task<bool> take_room(Clients& clients, std::string room_id, json::value section, Timeline& timeline,
                     std::string token) {
  auto const* part = section.as_object().if_contains("timeline");
  if (part == nullptr || part->at("events").as_array().empty()) co_return false;
  auto const* limited = part->as_object().if_contains("limited");
  auto const news = timeline_of(part->at("events"));
  if (limited != nullptr && *limited == true && !timeline.empty()) {
    auto const from = std::string(part->at("prev_batch").as_string());
    for (auto const& seen : co_await history(clients, room_id, from, timeline.back().event_id, token)) {
      clients.model.saw(timeline, seen);
    }
  }
  for (auto const& seen : news) clients.model.saw(timeline, seen);
  co_return true;
}

json::object joined_rooms(json::value const& answer) {
  boost::system::error_code missing;
  auto const* found = answer.find_pointer("/rooms/join", missing);
  return found != nullptr && found->is_object() ? found->get_object() : json::object{};
}

Task<> inspect_rooms(Clients& clients) {
  auto const token = clients.founding.people.front().token;
  for (auto const& place : clients.founding.rooms) {
    auto const whole = co_await history(clients, place.room_id, "", "", token);
    if (!clients.broken()) clients.model.judge_room(place.room_id, whole, clients.read[place.room_id]);
  }
}

/// The numbers of one board as JSON.
Server::Work numbers_of(AuthorityId board) {
  return [board](app::Application& application) -> Task<Reply> {
    auto const records =
        co_await application.records_register().day_list(board, application.governance().today());
    if (!records) co_return Reply{503, {}};
    json::array numbers;
    for (auto const& record : *records) numbers.emplace_back(record.number);
    co_return Reply{200, std::move(numbers)};
  };
}

Task<Reply> export_register(app::Application& application) {
  std::string lines;
  auto const done = co_await application.records_register().export_register([&lines](std::string_view line) {
    lines += line;
    lines += '\n';
  });
  if (!done) co_return Reply{503, {}};
  co_return Reply{200, json::string(lines)};
}

void verify_log(Clients& clients, std::string lines) {
  auto const report = records::verify({.register_lines = std::move(lines)});
  if (!report) return clients.model.fail("the exported register can't be read: " + report.error().message);
  if (!report->holds()) clients.model.fail("the log does not verify: " + records::human_text(*report));
}

Task<> inspect_register(Clients& clients) {
  for (auto const board : clients.founding.boards) {
    auto const numbers = co_await insist(
        clients, [&clients, board] { return clients.server.call(numbers_of(board), Promise::none); });
    if (!numbers) co_return;
    clients.model.judge_numbers(json::value_to<std::vector<std::string>>(numbers->body));
  }
  clients.model.judge_lifts();
  auto const exported =
      co_await insist(clients, [&clients] { return clients.server.call(export_register, Promise::none); });
  if (exported) verify_log(clients, std::string(exported->body.as_string()));
}

}  // namespace

Task<> follow(Clients& clients, std::size_t who) {
  auto const token = clients.founding.people[who].token;
  std::map<std::string, Timeline> timelines;
  std::string since;
  for (int quiet = 0; quiet < kQuietPolls && !clients.broken();) {
    auto target = "/_matrix/client/v3/sync?timeout=3000&filter=" + percent_encode(kFilter);
    if (!since.empty()) target += "&since=" + percent_encode(since);
    bool const last = clients.writing == 0;
    auto const reply = co_await get(clients, std::move(target), token);
    if (!reply) break;
    bool news = false;
    for (auto const& [room_id, section] : joined_rooms(reply->body)) {
      std::string const id(room_id);
      if (co_await take_room(clients, id, section, timelines[id], token)) news = true;
    }
    since = reply->text("/next_batch");
    quiet = last && !news ? quiet + 1 : 0;
    if (clients.schedule.happens(0.2)) co_await pause(clients, 3'000);
  }
  for (auto& [room_id, timeline] : timelines) clients.read[room_id].push_back(std::move(timeline));
  --clients.reading;
}

Task<> inspect(Clients& clients) {
  co_await inspect_rooms(clients);
  if (!clients.broken()) co_await inspect_register(clients);
  if (!clients.broken()) co_await verify_everything(clients);
  if (!clients.broken()) co_await walk_public_pages(clients);
}

}  // namespace torg::simulation
