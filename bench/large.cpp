// What is large: a million messages to search, a long history to page through, thousands of waiting clients,
// a room of twenty thousand. Each phase makes what it needs, so it can run alone on a fresh server.
#include "closed_loop.hpp"
#include "scenarios.hpp"

#include <array>
#include <cmath>
#include <iostream>
#include <random>
#include <stdexcept>

#include <fmt/format.h>

namespace bench {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kWriters = 64;
constexpr std::size_t kRoomsToSearch = 50;
constexpr std::size_t kSearches = 1000;
constexpr double kVocabulary = 40'000;
constexpr std::size_t kHistory = 100'000;
constexpr std::size_t kPage = 100;
constexpr std::size_t kIdle = 2000;
constexpr int kLongestPollMs = 300'000;
constexpr std::size_t kCrowd = 20'000;
constexpr std::size_t kLastJoins = 500;

/// Words as they are spread in a language: few that are common, many that are rare.
class Language {
 public:
  explicit Language(std::uint64_t seed) : random_(seed) {}
  /// Of two or three syllables, and every third with an ending.
  std::string word() {
    constexpr std::string_view consonants = "bdfghjklmnprstvkslrt", vowels = "aeiou";
    constexpr std::array endings{"", "", "en", "ar", "arna"};
    auto const number = static_cast<unsigned>(std::exp(even_(random_)));
    std::string word;
    for (auto rest = number + 100; rest > 0; rest /= 100) {
      word += consonants[rest % 20];
      word += vowels[rest / 20 % 5];
    }
    return word + 'n' + endings[number % endings.size()];
  }
  std::string message() {
    std::string body;
    for (int i = 0; i < 15; ++i) body += (i == 0 ? "" : " ") + word();
    return fmt::format(R"({{"msgtype":"m.text","body":"{}"}})", body);
  }

 private:
  std::mt19937_64 random_;
  std::uniform_real_distribution<double> even_{0, std::log(kVocabulary)};
};

void print(std::string_view name, std::string_view field, double value) {
  std::cout << json::serialize(json::object{{"name", name}, {field, value}}) << std::endl;
}

/// Messages by many writers, spread over the rooms.
void fill(Target const& target, std::string const& name, std::vector<User> const& writers,
          std::vector<std::string> const& rooms, std::size_t count) {
  Finding finding(name, target.process);
  Language language(1);
  auto const prefix = txn_prefix();
  std::size_t serial = 0;
  closed_loop(target, finding, writers.size(), count, [&](std::size_t slot) {
    auto const id = ++serial;
    return send_request(writers[slot], segment(rooms[id % rooms.size()]), fmt::format("{}.{}", prefix, id),
                        language.message());
  });
}

std::string search_request(User const& user, std::string_view term, std::string_view order) {
  json::object const events{{"search_term", term}, {"order_by", order}, {"keys", {"content.body"}}};
  auto const body = json::serialize(json::object{{"search_categories", {{"room_events", events}}}});
  return request("POST", "/_matrix/client/v3/search", user.token, body);
}

void search(Target const& target, User const& user, std::string_view order, int words) {
  Finding finding(fmt::format("search_{}_{}", order, words), target.process);
  Language language(2);
  closed_loop(target, finding, 1, kSearches, [&](std::size_t) {
    auto term = language.word();
    for (int i = 1; i < words; ++i) term += ' ' + language.word();
    return search_request(user, term, order);
  });
}

}  // namespace

void measure_search(Target const& target, std::size_t messages) {
  MatrixApi api(target.address);
  auto const prefix = txn_prefix();
  auto const users = api.register_users(prefix + "s", kWriters, target.secret);
  auto const rooms = api.create_rooms(users.front(), kRoomsToSearch);
  for (auto const& room : rooms) api.join(room, {users.begin() + 1, users.end()});
  fill(target, "search_fill", users, rooms, messages);
  for (auto const* order : {"recent", "rank"}) {
    for (int const words : {1, 2}) search(target, users.back(), order, words);
  }
}

void measure_history(Target const& target) {
  MatrixApi api(target.address);
  auto const users = api.register_users(txn_prefix() + "h", kWriters, target.secret);
  auto const room = api.create_rooms(users.front(), 1).front();
  api.join(room, {users.begin() + 1, users.end()});
  fill(target, "history_fill", users, {room}, kHistory);
  auto const path = fmt::format("/_matrix/client/v3/rooms/{}/messages?dir=b&limit={}", segment(room), kPage);
  Finding finding("history_page", target.process);
  std::size_t events = 0;
  for (std::string from; events < kHistory;) {
    auto const begin = Clock::now();
    auto const page = api.call(request("GET", path + from, users.back().token));
    finding.latencies_ms.push_back(std::chrono::duration<double, std::milli>(Clock::now() - begin).count());
    events += page.at("chunk").as_array().size();
    if (!page.contains("end")) break;
    from = "&from=" + segment(page.at("end").as_string());
  }
  if (events < kHistory) throw std::runtime_error(fmt::format("only {} events came", events));
  finding.print(finding.latencies_ms.size());
}

void measure_idle(Target const& target) {
  MatrixApi api(target.address);
  auto const users = api.register_users(txn_prefix() + "i", kIdle, target.secret);
  auto const room = api.create_rooms(users.front(), 1).front();
  api.join(room, {users.begin() + 1, users.end()});
  std::vector<std::string> since;
  for (auto const& user : users)
    since.emplace_back(api.call(sync_request(user, "", 0)).at("next_batch").as_string());
  settle(target.process);
  auto const before = memory_kib(target.process);
  HttpClient http(target.address.host, target.address.port, kIdle);
  http.on_reply([](std::size_t, Reply const& reply) { expect_ok(reply); });
  for (std::size_t slot = 0; slot < kIdle; ++slot)
    http.send(slot, sync_request(users[slot], since[slot], kLongestPollMs));
  http.poll(Clock::now() + 2s);
  settle(target.process);
  if (http.waiting() != kIdle) throw std::runtime_error("not all of them wait");
  print("idle_poll", "kib", (memory_kib(target.process) - before) / static_cast<double>(kIdle));
}

void measure_crowd(Target const& target) {
  MatrixApi api(target.address);
  auto const users = api.register_users(txn_prefix() + "c", kCrowd, target.secret);
  auto const room = api.create_rooms(users.front(), 1).front();
  auto const before = static_cast<std::ptrdiff_t>(kCrowd - kLastJoins);
  api.join(room, {users.begin() + 1, users.begin() + before});
  Finding join("crowd_join", target.process);
  std::size_t joined = kCrowd - kLastJoins;
  closed_loop(target, join, 4, kLastJoins, [&](std::size_t) { return join_request(users[joined++], room); });
  Finding members("crowd_members", target.process);
  auto const path = fmt::format("/_matrix/client/v3/rooms/{}/members", segment(room));
  closed_loop(target, members, 1, 10, [&](std::size_t) { return request("GET", path, users.back().token); });
  Finding sync("crowd_lazy_sync", target.process);
  auto const filter = segment(R"({"room":{"state":{"lazy_load_members":true}}})");
  closed_loop(target, sync, 1, 20, [&](std::size_t) {
    return request("GET", "/_matrix/client/v3/sync?timeout=0&filter=" + filter, users[joined++ % 100].token);
  });
}

}  // namespace bench
