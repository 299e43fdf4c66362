#pragma once
#include "app/application.hpp"
#include "runtime/real_runtime.hpp"

namespace torg::app {

/// Everything a command on a data directory needs, opened and started.
struct Opened {
  DataDirectory data;
  std::unique_ptr<RealRuntime> runtime;
  std::unique_ptr<Application> application;
};
[[nodiscard]] Result<Opened> open(std::filesystem::path const& folder, Config const& config);

/// Runs the server's thread until `task` has ended.
Result<> run_until_done(RealRuntime& runtime, Task<Result<>> task);
/// Ends what runs in the background; for commands that don't serve.
void close(Opened& opened);

/// Prints the failure to standard error. @return the exit status for it
int complain(Error const& error);

}  // namespace torg::app
