#pragma once
#include "net/http.hpp"

#include <filesystem>

namespace torg::app {

/// The web client: `/` and `/app/…` give its page, `/assets/…` its hashed files. From inside the program, or
/// from `web_root` when that isn't empty.
[[nodiscard]] std::vector<net::Route> web_client_routes(std::filesystem::path web_root);

}  // namespace torg::app
