#pragma once
#include "net/server.hpp"

#include <string>

namespace torg::net::testing {

/// Writes a fresh self-signed certificate for `name`, and its key, into `folder`; the same files each time.
Tls make_self_signed(std::filesystem::path const& folder, std::string const& name);

}  // namespace torg::net::testing
