#pragma once
// What the tests of this slice share: a server's identity on either database, with its routes.
#include "db/testing/on_both_databases.hpp"
#include "identity/http.hpp"
#include "identity/migrations.hpp"
#include "net/testing/note.hpp"

#include <gmock/gmock.h>

namespace torg::identity {

/// The least that libsodium accepts, to keep tests quick.
inline constexpr crypto::PasswordCost kCheap{.operations = 1, .memory_bytes = 8'192};

class IdentityTest : public db::OnBothDatabases {
 protected:
  void SetUp() override {
    options.server_name = "torg.example";
    options.password_cost = kCheap;
    options.password_attempts = {};
    ASSERT_TRUE(database->migrate(migrations()));
    start();
  }

  /// Starts the identity again from what is stored, as a restart does.
  void start() {
    router.reset();
    identity.reset();
    identity = std::make_unique<Identity>(runtime, *database, options);
    router = std::make_unique<net::Router>();
    router->add(routes(*identity));
  }
  void restart() {
    router.reset();
    identity.reset();
    database.reopen();
    ASSERT_TRUE(database->migrate(migrations()));
    start();
  }

  UserNid make_user(std::string localpart, std::string password = "secret") {
    auto const user = run(runtime, identity->create_user({.localpart = std::move(localpart),
                                                          .password = std::move(password),
                                                          .displayname = {}}));
    EXPECT_TRUE(user) << user.error().message;
    return user.value_or(UserNid());
  }

  Grant log_in(UserNid user, std::string device = {}, Refresh refresh = Refresh::unsupported) {
    auto const grant = run(
        runtime, identity->sessions().open(
                     {.user = user, .device_id = std::move(device), .display_name = {}, .refresh = refresh}));
    EXPECT_TRUE(grant);
    return grant.value_or(Grant{});
  }

  static net::Request request_with(std::string const& token) {
    net::Request request;
    request.headers.emplace_back("authorization", "Bearer " + token);
    return request;
  }

  struct Reply {
    unsigned status;
    json::object body;
    [[nodiscard]] std::string errcode() const {
      return std::string(optional_string(body, "errcode").value_or(""));
    }
  };
  Reply call(net::Method method, std::string target, std::string const& token = {}, std::string body = {}) {
    net::Request request;
    request.method = method;
    request.target = target;
    request.body = std::move(body);
    request.remote_address = "192.0.2.1";
    if (!token.empty()) request.headers.emplace_back("authorization", "Bearer " + token);
    auto const response = run(runtime, router->dispatch(std::move(request)));
    net::note_request(method, target, response.status);
    return {response.status, parse_json_object(response.body).value_or(json::object())};
  }
  Reply get(std::string target, std::string const& token = {}) {
    return call(net::Method::get, std::move(target), token);
  }
  Reply put(std::string target, std::string const& token, std::string body) {
    return call(net::Method::put, std::move(target), token, std::move(body));
  }
  Reply post(std::string target, std::string const& token, std::string body) {
    return call(net::Method::post, std::move(target), token, std::move(body));
  }

  Options options;
  std::unique_ptr<Identity> identity;
  std::unique_ptr<net::Router> router;
};

/// With one user, Anna, whose password is `secret`, logged in on the device PHONE.
class HttpTest : public IdentityTest {
 protected:
  void SetUp() override {
    IdentityTest::SetUp();
    anna = make_user("anna", "secret");
    token = log_in(anna, "PHONE").access_token;
  }
  static std::string login_body(std::string_view user, std::string_view password,
                                std::string_view more = "") {
    return R"({"type":"m.login.password","identifier":{"type":"m.id.user","user":")" + std::string(user) +
           R"("},"password":")" + std::string(password) + "\"" + std::string(more) + "}";
  }
  static std::string auth(std::string_view password) {
    return R"("auth":{"type":"m.login.password","identifier":{"type":"m.id.user","user":"anna"},"password":")" +
           std::string(password) + "\"}";
  }
  UserNid anna;
  std::string token;
};
inline json::object object(std::string_view text) { return parse_json_object(text).value(); }

}  // namespace torg::identity
