#include "simulation/clients.hpp"

#include "base/encoding.hpp"

#include <fmt/format.h>

namespace torg::simulation {
namespace {

constexpr int kMostAttempts = 200;  ///< far beyond what crashes explain
constexpr std::uint64_t kLongestPause = 400;
constexpr std::uint64_t kLongestThought = 1'500;

std::string room_path(std::string_view room_id, std::string_view rest) {
  return "/_matrix/client/v3/rooms/" + percent_encode(room_id) + '/' + std::string(rest);
}

std::string send_path(std::string_view room_id, std::string_view transaction) {
  return room_path(room_id, "send/m.room.message/") + percent_encode(transaction);
}

/// What stays of an answer's status for a client: try again, or take it.
bool is_passing(std::optional<Reply> const& reply) { return !reply || reply->status >= 500; }

}  // namespace

Task<> pause(Clients& clients, std::uint64_t longest_ms) {
  auto const duration = std::chrono::milliseconds{clients.schedule.draw_up_to(longest_ms)};
  co_await sleep_for(clients.outside, duration);
}

Task<std::optional<Reply>> insist(Clients& clients, std::function<Task<std::optional<Reply>>()> ask) {
  for (int attempt = 0; attempt < kMostAttempts && !clients.broken(); ++attempt) {
    auto reply = co_await ask();
    if (!is_passing(reply)) {
      if (reply->status == 200) co_return reply;
      clients.model.fail(
          fmt::format("a client is answered {}: {}", reply->status, json::serialize(reply->body)));
      co_return std::nullopt;
    }
    co_await pause(clients, kLongestPause);
  }
  if (!clients.broken()) clients.model.fail("a client is not answered however often it asks");
  co_return std::nullopt;
}

Task<> send_messages(Clients& clients, std::size_t who, int count) {
  auto const& person = clients.founding.people[who];
  for (int i = 0; i < count && !clients.broken(); ++i) {
    auto const& room_id =
        clients.founding.rooms[clients.schedule.draw() % clients.founding.rooms.size()].room_id;
    auto const body = fmt::format("message {} of {}", i, who);
    clients.model.attempted(body);
    auto const ask = [&clients, &person, room_id, body] {
      return clients.server.request(net::Method::put, send_path(room_id, body), person.token,
                                    json::object{{"msgtype", "m.text"}, {"body", body}}, Promise::durable);
    };
    int const times = clients.schedule.happens(0.15) ? 2 : 1;
    for (int sent = 0; sent < times; ++sent) {
      auto const reply = co_await insist(clients, ask);
      if (reply) clients.model.acknowledged(room_id, body, reply->text("/event_id"));
    }
    if (clients.schedule.happens(0.5)) co_await pause(clients, kLongestThought);
  }
  --clients.writing;
}

}  // namespace torg::simulation
