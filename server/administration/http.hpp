#pragma once
#include "administration/administration.hpp"
#include "net/http.hpp"

namespace torg::administration {

/// `/_torg/v1/admin` (docs/guides/administrator.md).
[[nodiscard]] std::vector<net::Route> routes(Administration& administration);
/// `/_synapse/admin`: what tools for another server ask for, on the same services.
[[nodiscard]] std::vector<net::Route> synapse_routes(Administration& administration);

}  // namespace torg::administration
