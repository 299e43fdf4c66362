#pragma once
// Synapse's admin API, as its tools speak it, on the services of this slice.
// https://element-hq.github.io/synapse/latest/usage/administration/admin_api/
#include "administration/handlers.hpp"

namespace torg::administration::synapse {

/// Tools give no reasons: the entry in the audit log says which way the act came.
[[nodiscard]] inline Act act_of(Asked const& asked) {
  return {asked.requester.user, "through the interface for tools"};
}

[[nodiscard]] std::vector<net::Route> user_routes(Administration& administration);
[[nodiscard]] std::vector<net::Route> device_routes(Administration& administration);
[[nodiscard]] std::vector<net::Route> room_routes(Administration& administration);
[[nodiscard]] std::vector<net::Route> media_routes(Administration& administration);
[[nodiscard]] std::vector<net::Route> server_routes(Administration& administration);

}  // namespace torg::administration::synapse
