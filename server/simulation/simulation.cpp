#include "simulation/simulation.hpp"

#include <boost/asio/co_spawn.hpp>
#include <fmt/format.h>

namespace torg::simulation {
namespace {

constexpr std::size_t kRooms = 2;
constexpr std::uint64_t kMostSteps = 1'000'000;

class World {
 public:
  World(Founding const& founding, Plan const& plan, std::uint64_t seed)
      : schedule_(seed),
        outside_(schedule_, 0),
        server_(schedule_, outside_, founding, plan.faults),
        plan_(plan),
        clients_{schedule_, outside_, server_, founding, model_, {}, {}, {}} {}
  ~World() { outside_.drop(); }

  Outcome live(std::uint64_t seed) {
    server_.boot();
    start_clients();
    run_while([this] { return clients_.writing + clients_.reading > 0; });
    server_.stop_crashing();
    if (!clients_.broken()) {
      server_.crash();
      ++clients_.reading;
      spawn([](Clients& clients) -> Task<> {
        co_await inspect(clients);
        --clients.reading;
      }(clients_));
      run_while([this] { return clients_.reading > 0; });
    }
    Outcome outcome{
        seed,           schedule_.trace(), schedule_.steps(), server_.boots(), model_.messages().size(),
        model_.lifts(), server_.failures()};
    outcome.failures.insert(outcome.failures.end(), model_.failures().begin(), model_.failures().end());
    return outcome;
  }

 private:
  void start_clients() {
    std::size_t who = 0;
    auto const next = [&] { return who++ % clients_.founding.people.size(); };
    clients_.writing = plan_.senders + plan_.lifters + plan_.amenders;
    clients_.reading = plan_.readers;
    for (std::size_t i = 0; i < plan_.senders; ++i) spawn(send_messages(clients_, next(), plan_.messages));
    for (std::size_t i = 0; i < plan_.lifters; ++i) spawn(lift_messages(clients_, next(), plan_.lifts));
    for (std::size_t i = 0; i < plan_.amenders; ++i) spawn(amend(clients_, plan_.changes));
    for (std::size_t i = 0; i < plan_.readers; ++i) spawn(follow(clients_, next()));
  }

  void spawn(Task<> task) {
    asio::co_spawn(outside_.executor(), std::move(task), [](std::exception_ptr failure) {
      if (failure) std::rethrow_exception(failure);
    });
  }

  template <class Condition>
  void run_while(Condition go_on) {
    while (go_on()) {
      if (!schedule_.step()) return model_.fail("everybody waits for somebody");
      if (schedule_.steps() > kMostSteps) return model_.fail("it never ends");
      server_.after_step();
    }
  }

  SimulatedSchedule schedule_;
  SimulatedRuntime outside_;
  Server server_;
  Plan plan_;
  Model model_;
  Clients clients_;
};

}  // namespace

Outcome simulate(Founding const& founding, Plan const& plan, std::uint64_t seed) {
  return World(founding, plan, seed).live(seed);
}

Founding found_for(Plan const& plan) { return found(plan.senders + plan.lifters + plan.readers, kRooms); }

std::string to_text(Outcome const& outcome) {
  auto text = fmt::format("seed {}: {} steps, {} boots, {} messages, {} lifts, trace {:016x}", outcome.seed,
                          outcome.steps, outcome.boots, outcome.messages, outcome.lifts, outcome.trace);
  for (auto const& failure : outcome.failures) text += "\n  " + failure;
  return text;
}

}  // namespace torg::simulation
