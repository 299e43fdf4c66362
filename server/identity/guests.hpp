#pragma once
#include "net/http.hpp"

namespace torg::identity {

/// Whether a guest may ask for this. `path` is the request's, still percent-encoded, of any version.
/// @see https://spec.matrix.org/v1.19/client-server-api/#guest-access
[[nodiscard]] bool guest_may(net::Method method, std::string_view path);

}  // namespace torg::identity
