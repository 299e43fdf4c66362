#pragma once
#include "governance/store.hpp"
#include "room_fixture.hpp"

namespace torg::testing {

/// Alice and Bob in a room of Alice's, and Root, who administers the server.
class AdministrationApi : public RoomApi {
 protected:
  std::string root = administrator("root");
  static constexpr std::string_view kAdmin = "/_torg/v1/admin";

  std::string administrator(std::string const& name) {
    auto const made =
        server.run(server.app().identity().create_user({.localpart = name,
                                                        .password = "secret-" + name,
                                                        .displayname = {},
                                                        .role = identity::Role::administrator}));
    EXPECT_TRUE(made);
    return server.log_in(name, "secret-" + name);
  }
  static std::string user_path(std::string_view name, std::string_view rest = "") {
    return std::string(kAdmin) + "/users/" + in_path(TestServer::user_id(name)) + std::string(rest);
  }
  [[nodiscard]] std::string room_path(std::string_view rest = "") const {
    return std::string(kAdmin) + "/rooms/" + in_path(room) + std::string(rest);
  }
  /// Entries of the audit log as `what`, in order; those of the last `count`.
  std::vector<std::string> audited() {
    std::vector<std::string> found;
    auto const reply = server.get(std::string(kAdmin) + "/audit?limit=1000", root);
    for (auto const& entry : reply.at("/entries").as_array())
      found.emplace_back(entry.at("what").as_string());
    return found;
  }
  json::value last_audit() {
    auto const reply = server.get(std::string(kAdmin) + "/audit?limit=1000", root);
    return reply.at("/entries").as_array().back();
  }
  static json::object because(json::object body = {}) {
    body["reason"] = "it had to be";
    return body;
  }
};

}  // namespace torg::testing
