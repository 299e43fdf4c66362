#pragma once
#include "app/config.hpp"

namespace torg::app {

struct ServeOptions {
  std::filesystem::path data;
  std::vector<std::string> listen;  ///< `http://127.0.0.1:8008`, `https://[::]:8448`
  Config config;
};

/// Runs the server until SIGTERM or SIGINT. Prints one line per address when it is ready.
/// @return the process's exit status
int serve(ServeOptions options);
/// Makes the demo organisation in a data directory that has none, and says how to sign in.
int demo(std::filesystem::path const& data, Config const& config);

}  // namespace torg::app
