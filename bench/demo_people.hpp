#pragma once
#include "matrix.hpp"

namespace bench {

/// A person of the demo organisation, such as `maja.ekdahl`.
[[nodiscard]] inline User sign_in_demo(MatrixApi& api, std::string_view name) {
  auto const body = json::object{{"type", "m.login.password"},
                                 {"identifier", {{"type", "m.id.user"}, {"user", name}}},
                                 {"password", "torg-demo"}};
  auto const login = api.call(request("POST", "/_matrix/client/v3/login", "", json::serialize(body)));
  return {std::string(login.at("user_id").as_string()), std::string(login.at("access_token").as_string())};
}

}  // namespace bench
