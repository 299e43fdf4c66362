// Clients that lift messages into the register.
#include "governance/zone.hpp"
#include "simulation/clients.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace torg::simulation {
namespace {

constexpr std::uint64_t kBetweenLifts = 3'000;

/// A message that somebody sent and nobody has lifted for `board`; marks it.
std::optional<Model::Message> choose(Clients& clients, AuthorityId board) {
  std::vector<Model::Message*> free;
  for (auto& [body, message] : clients.model.messages()) {
    if (std::ranges::find(message.lifted_for, board) == message.lifted_for.end()) free.push_back(&message);
  }
  if (free.empty()) return std::nullopt;
  auto& chosen = *free[clients.schedule.draw() % free.size()];
  chosen.lifted_for.push_back(board);
  return chosen;
}

records::LiftRequest request_for(Clients& clients, Person const& person, std::string key,
                                 Model::Message const& message) {
  RoomNid room;
  for (auto const& place : clients.founding.rooms) {
    if (place.room_id == message.room_id) room = place.room;
  }
  records::LiftRequest request{{person.user, std::move(key)}, room, person.authority, {message.event_id}, {}};
  request.draft.title = "Yttrande över provisorisk vall";
  request.draft.internal_title = fmt::format("{} om vallen", kSecretWord);
  request.draft.private_person = clients.schedule.happens(0.3);
  request.draft.sender =
      request.draft.private_person ? fmt::format("Gun {}", kSecretWord) : std::string("Byggnadsnämnden");
  request.draft.recipient = "Kommunstyrelsen";
  request.draft.came_or_made_day = governance::day_of(clients.outside.now());
  request.draft.classification = "1.4.1";
  request.draft.record_type = "Yttrande";
  return request;
}

unsigned status_of(Error const& error) { return net::http_status(error.code); }

Reply reply_of(records::Intent const& intent) {
  return {200, json::object{{"state", records::to_text(intent.state)},
                            {"number", intent.number},
                            {"problem", intent.problem},
                            {"record", intent.record.value}}};
}

Server::Work lift(records::LiftRequest request, records::CommitWhen when) {
  return [request, when](app::Application& application) -> Task<Reply> {
    auto const outcome =
        co_await application.lifts().lift(request, when, {"secrecy", "personal_number", "new_case", "many"});
    if (!outcome) co_return Reply{status_of(outcome.error()), json::string(outcome.error().message)};
    auto const* intent = std::get_if<records::Intent>(&*outcome);
    if (intent == nullptr) co_return Reply{409, "needs confirmation"};
    co_return reply_of(*intent);
  };
}

Server::Work look_at(records::IntentKey key) {
  return [key](app::Application& application) -> Task<Reply> {
    auto const intent = co_await application.lifts().intent(key);
    if (!intent) co_return Reply{status_of(intent.error()), json::string(intent.error().message)};
    co_return reply_of(*intent);
  };
}

/// Waits until an accepted lift has its number, which must come without anybody asking again.
Task<> await_number(Clients& clients, records::IntentKey key, Reply reply) {
  for (int polls = 0; reply.text("/state") == "pending"; ++polls) {
    if (polls > 100) {
      clients.model.fail("lift " + key.key + " was accepted and is never committed");
      co_return;
    }
    co_await pause(clients, 5'000);
    auto next = co_await insist(
        clients, [&clients, key] { return clients.server.call(look_at(key), Promise::durable); });
    if (!next) co_return;
    reply = std::move(*next);
  }
  if (reply.text("/state") == "committed") {
    clients.model.committed(key.key, reply.text("/number"));
  } else {
    clients.model.fail("lift " + key.key + " was accepted and then refused: " + json::serialize(reply.body));
  }
}

}  // namespace

Task<> lift_messages(Clients& clients, std::size_t who, int count) {
  auto const& person = clients.founding.people[who];
  records::CaseChoice of_case = "Ett ärende";
  for (int done = 0; done < count && !clients.broken();) {
    co_await pause(clients, kBetweenLifts);
    auto const message = choose(clients, person.authority);
    if (!message) continue;
    auto request = request_for(clients, person, fmt::format("lift {} of {}", done, who), *message);
    request.draft.of_case = fmt::format("Ärende {} av {}", clients.schedule.draw_up_to(3), who);
    auto const when = clients.schedule.happens(0.5) ? records::CommitWhen::now : records::CommitWhen::after;
    auto const reply = co_await insist(clients, [&clients, request, when] {
      return clients.server.call(lift(request, when), Promise::durable);
    });
    if (reply) co_await await_number(clients, request.key, *reply);
    ++done;
  }
  --clients.writing;
}

}  // namespace torg::simulation
