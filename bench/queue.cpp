// A registrar's queue that nobody has emptied, in the demo organisation: Torg's own, which no peer has.
#include "closed_loop.hpp"
#include "demo_people.hpp"

#include <fmt/format.h>

namespace bench {
namespace {

constexpr std::size_t kItems = 100'000;
constexpr std::size_t kSenders = 64;
constexpr std::size_t kOpenings = 200;

/// The room where she writes to other boards: the one whose name says so in the demo's story.
std::string shared_room(MatrixApi& api, User const& user) {
  auto const rooms = api.call(request("GET", "/_matrix/client/v3/joined_rooms", user.token));
  for (auto const& room : rooms.at("joined_rooms").as_array()) {
    auto const name = api.call(request("GET",
                                       fmt::format("/_matrix/client/v3/rooms/{}/state/m.room.name",
                                                   segment(std::string_view(room.as_string()))),
                                       user.token));
    if (name.at("name").as_string() == "Översvämningsskydd Laxån") return std::string(room.as_string());
  }
  throw std::runtime_error("the demo organisation has no room about Laxån");
}

/// What a board takes a stand in is received by the others, and waits for each of them.
std::string statement(std::size_t n) {
  return json::serialize(
      json::object{{"msgtype", "m.text"}, {"body", fmt::format("Vi tillstyrker vallen vid sektion {}.", n)}});
}

std::int64_t left(MatrixApi& api, User const& registrar) {
  auto const page = api.call(request("GET", "/_torg/v1/queue?limit=1", registrar.token));
  return page.at("left").to_number<std::int64_t>();
}

}  // namespace

void measure_queue(Target const& target) {
  MatrixApi api(target.address);
  auto const sender = sign_in_demo(api, "asa.lindqvist");
  auto const registrar = sign_in_demo(api, "sandra.wiik");
  auto const room = segment(shared_room(api, sender));
  auto const prefix = txn_prefix();
  auto const before = left(api, registrar);
  Finding filling("queue_fill", target.process);
  std::size_t serial = 0;
  closed_loop(target, filling, kSenders, kItems / 2, [&](std::size_t) {
    auto const n = serial++;
    return send_request(sender, room, fmt::format("{}.{}", prefix, n), statement(n));
  });
  if (left(api, registrar) < before + static_cast<std::int64_t>(kItems))
    throw std::runtime_error("what was sent does not wait at two boards");
  Finding opening("queue_open", target.process);
  closed_loop(target, opening, 1, kOpenings,
              [&](std::size_t) { return request("GET", "/_torg/v1/queue?limit=50", registrar.token); });
}

}  // namespace bench
