#pragma once
#include "app/application.hpp"
#include "db/testing/on_both_databases.hpp"
#include "db/testing/temporary_folder.hpp"
#include "runtime/real_runtime.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace torg::testing {

struct Reply {
  unsigned status = 0;
  json::value body;

  /// The member at `path`, a JSON pointer; null when it isn't there.
  [[nodiscard]] json::value at(std::string_view path) const;
  [[nodiscard]] std::string text(std::string_view path) const;  ///< of a string; empty otherwise
  [[nodiscard]] std::string errcode() const { return text("/errcode"); }
};

/// A whole server without sockets: requests go straight to its router. Real database, real folders.
class TestServer {
 public:
  explicit TestServer(db::Database::Kind kind = db::Database::Kind::sqlite,
                      std::vector<std::string> settings = {});
  ~TestServer();

  Reply call(net::Method method, std::string target, std::string token = {},
             std::optional<json::value> body = std::nullopt);
  Reply get(std::string target, std::string token = {}) {
    return call(net::Method::get, std::move(target), std::move(token));
  }
  Reply post(std::string target, std::string token, json::value body) {
    return call(net::Method::post, std::move(target), std::move(token), std::move(body));
  }
  Reply put(std::string target, std::string token, json::value body) {
    return call(net::Method::put, std::move(target), std::move(token), std::move(body));
  }
  /// Starts a request without waiting for its answer; `run_all` waits for all of them.
  void start(net::Method method, std::string target, std::string token, std::optional<json::value> body,
             std::function<void(Reply)> done);
  void run_all();
  /// Runs `task` to its end.
  template <class T>
  T run(Task<T> task) {
    return torg::run(*runtime_, std::move(task));
  }

  /// Makes an account. @return its access token
  std::string sign_up(std::string name);
  std::string log_in(std::string name, std::string password);
  [[nodiscard]] static std::string user_id(std::string_view name) {
    return "@" + std::string(name) + ":test.example";
  }

  /// Stops the server and starts it on the same data.
  void restart();
  [[nodiscard]] app::Application& app() { return *application_; }
  [[nodiscard]] RealRuntime& runtime() { return *runtime_; }
  [[nodiscard]] std::filesystem::path const& folder() const { return folder_.path(); }

 private:
  void open();
  void close();
  net::Request request(net::Method method, std::string target, std::string token,
                       std::optional<json::value> body);

  db::TemporaryFolder folder_;
  app::Config config_;
  std::unique_ptr<RealRuntime> runtime_;
  std::optional<db::TemporaryDatabase> location_;
  std::unique_ptr<app::Application> application_;
  std::size_t running_ = 0;
};

/// An `application/json` pointer segment or URL path segment made from any id.
[[nodiscard]] std::string in_path(std::string_view id);

}  // namespace torg::testing
