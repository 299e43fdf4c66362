// Lifts into the register of the demo organisation: Torg's own, which no peer has.
#include "closed_loop.hpp"
#include "demo_people.hpp"

#include <array>
#include <ctime>
#include <map>

#include <fmt/format.h>

namespace bench {
namespace {

constexpr std::size_t kLifters = 64;
constexpr std::size_t kLifts = 8000;

/// Officers of the demo organisation and the boards they lift for.
constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kOfficers = {
    {{"maja.ekdahl", "KS"},
     {"tove.lindgren", "KS"},
     {"erik.sandell", "TN"},
     {"petra.holm", "TN"},
     {"asa.lindqvist", "BN"}}};

struct Lifter {
  User user;
  std::string board;
  std::string room;
  std::int64_t case_id = 0;
  std::vector<std::string> messages;  ///< event ids, not lifted yet
};

Lifter sign_in(MatrixApi& api, std::string_view name, std::string_view board) {
  Lifter lifter{.board = std::string(board)};
  lifter.user = sign_in_demo(api, name);
  auto const rooms = api.call(request("GET", "/_matrix/client/v3/joined_rooms", lifter.user.token));
  lifter.room = rooms.at("joined_rooms").at(0).as_string();
  auto const cases =
      api.call(request("GET", fmt::format("/_torg/v1/cases?authority={}", board), lifter.user.token));
  lifter.case_id = cases.at("cases").at(0).at("id").to_number<std::int64_t>();
  return lifter;
}

void send_messages(MatrixApi& api, Lifter& lifter, std::size_t count) {
  std::vector<std::string> requests;
  auto const room = segment(lifter.room);
  auto const prefix = txn_prefix();
  for (std::size_t i = 0; i < count; ++i)
    requests.push_back(
        send_request(lifter.user, room, fmt::format("{}.{}", prefix, i), message_content(i, now_us())));
  for (auto const& answer : api.call_all(requests))
    lifter.messages.emplace_back(answer.at("event_id").as_string());
}

std::string today() {
  auto const now = std::time(nullptr);
  std::tm parts{};
  ::gmtime_r(&now, &parts);
  return fmt::format("{:04}-{:02}-{:02}", parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday);
}

std::string lift_request(Lifter& lifter, std::string const& key, std::string const& day) {
  auto const event = std::move(lifter.messages.back());
  lifter.messages.pop_back();
  json::object draft{{"title", "Yttrande över provisorisk vall"},
                     {"internal_title", "Yttrande över provisorisk vall"},
                     {"direction", "in"},
                     {"sender", "Byggnadsnämnden"},
                     {"recipient", "Kommunstyrelsen"},
                     {"private_person", false},
                     {"came_or_made_day", day},
                     {"classification", "1.4.1"},
                     {"record_type", "Yttrande"},
                     {"case", {{"id", lifter.case_id}}},
                     {"secrecy", nullptr}};
  json::object const body{{"key", key},
                          {"commit", "now"},
                          {"authority", lifter.board},
                          {"room_id", lifter.room},
                          {"event_ids", json::array{event}},
                          {"confirmed", {"secrecy", "personal_number", "new_case", "many"}},
                          {"draft", std::move(draft)}};
  return request("POST", "/_torg/v1/lifts", lifter.user.token, json::serialize(body));
}

}  // namespace

void measure_lifts(Target const& target) {
  MatrixApi api(target.address);
  std::vector<Lifter> lifters;
  for (auto const& [name, board] : kOfficers) {
    lifters.push_back(sign_in(api, name, board));
    send_messages(api, lifters.back(), kLifts / kOfficers.size());
  }
  auto const prefix = txn_prefix();
  auto const day = today();
  Finding finding("lift_64", target.process);
  std::size_t serial = 0;
  closed_loop(target, finding, kLifters, kLifts, [&](std::size_t) {
    auto const number = serial++;
    return lift_request(lifters[number % lifters.size()], fmt::format("{}.{}", prefix, number), day);
  });
}

}  // namespace bench
