#pragma once
#include "simulation/clients.hpp"

namespace torg::simulation {

/// How much happens in one world.
struct Plan {
  std::size_t senders = 3, lifters = 2, amenders = 1, readers = 2;
  int messages = 6;  ///< of each sender
  int lifts = 2;     ///< of each lifter
  int changes = 5;   ///< of each amender
  Faults faults;
};

struct Outcome {
  std::uint64_t seed = 0;
  std::uint64_t trace = 0;  ///< equal when the seed is run again: the proof of replay
  std::uint64_t steps = 0;
  unsigned boots = 0;
  std::size_t messages = 0, lifts = 0;  ///< acknowledged
  std::vector<std::string> failures;
};

/// Runs one world from the founding to the inspection after its last crash.
[[nodiscard]] Outcome simulate(Founding const& founding, Plan const& plan, std::uint64_t seed);

/// The founding that `plan` needs.
[[nodiscard]] Founding found_for(Plan const& plan);

/// A line about a seed, and what is wrong with it, for a person.
[[nodiscard]] std::string to_text(Outcome const& outcome);

}  // namespace torg::simulation
