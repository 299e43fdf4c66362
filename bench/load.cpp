// The load generator of script/bench: torg_load PHASE --port … --pid … --state FILE. Prints one line of JSON
// per measurement.
#include "scenarios.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <exception>
#include <iostream>

int main(int argc, char** argv) {
  CLI::App app("Measures a Matrix server through the client API.");
  std::string phase;
  std::string state;
  bench::Target target;
  std::size_t messages = 1'000'000;
  app.add_option("phase", phase, "what to do")
      ->required()
      ->check(CLI::IsMember({"prepare", "sends", "creation", "joins", "delivery", "syncs", "cold",
                             "thumbnails", "sliding_cold", "sliding_polls", "lifts", "queue", "search",
                             "history", "idle", "crowd"}));
  app.add_option("--host", target.address.host, "numeric address of the server");
  app.add_option("--port", target.address.port)->required();
  app.add_option("--pid", target.process, "the server's process, whose CPU time is read")->required();
  app.add_option("--state", state, "file that keeps accounts and rooms between phases")->required();
  app.add_option("--secret", target.secret, "registration_shared_secret of the server");
  app.add_option("--seconds", target.seconds, "length of a measurement");
  app.add_option("--rooms", target.rooms, "how many rooms the traveller creates");
  app.add_option("--messages", messages, "how many there are to search");
  CLI11_PARSE(app, argc, argv);
  try {
    if (phase == "lifts") measure_lifts(target);
    if (phase == "queue") measure_queue(target);
    if (phase == "search") measure_search(target, messages);
    if (phase == "history") measure_history(target);
    if (phase == "idle") measure_idle(target);
    if (phase == "crowd") measure_crowd(target);
    constexpr std::array kAlone{"lifts", "queue", "search", "history", "idle", "crowd"};
    if (std::ranges::find(kAlone, phase) != kAlone.end()) return 0;
    auto const world = phase == "prepare" ? prepare(target) : bench::load(state);
    if (phase == "sends") measure_sends(target, world);
    if (phase == "creation") measure_creation(target, world);
    if (phase == "joins") measure_joins(target, world);
    if (phase == "delivery") measure_delivery(target, world);
    if (phase == "syncs") measure_syncs(target, world);
    if (phase == "thumbnails") measure_thumbnails(target, world);
    if (phase == "cold") measure_cold_sync(target, world);
    if (phase == "sliding_cold") measure_cold_sliding_sync(target, world);
    if (phase == "sliding_polls") measure_sliding_polls(target, world);
    save(world, state);
  } catch (std::exception const& error) {
    std::cerr << "torg_load " << phase << ": " << error.what() << '\n';
    return 1;
  }
  return 0;
}
