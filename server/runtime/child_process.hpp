#pragma once
#include "runtime/runtime.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace torg {

/// Another program to run once. Nothing is inherited: no descriptor but the three standard ones, no
/// environment variable but those named here.
struct ChildCommand {
  std::vector<std::string> arguments;    ///< the first is the path of the program
  std::vector<std::string> environment;  ///< `NAME=value`
  std::string input;                     ///< what it reads on standard input
  std::string input_file{};              ///< or the path of the file that it reads there
  std::chrono::milliseconds deadline{10'000};
  std::size_t output_limit = 64u << 20;
};

struct ChildOutput {
  int exit_code = 0;  ///< negative: killed by that signal
  std::string output;
  std::string errors;  ///< the first 16 KiB of standard error, for the log
};

/// Runs `command` to its end on the offload pool. When the deadline passes or the output grows beyond its
/// limit the child and everything it started in its process group is killed.
/// @return `unavailable` when it can't be started or is too slow, `too_large` when it says too much
Task<Result<ChildOutput>> run_child(Runtime& runtime, ChildCommand command);

/// The same on the calling thread, which it blocks: for tools.
[[nodiscard]] Result<ChildOutput> run_child_blocking(ChildCommand const& command);

}  // namespace torg
