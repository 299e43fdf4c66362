#include "testing/test_server.hpp"

#include "base/encoding.hpp"
#include "net/testing/note.hpp"

#include <boost/asio/co_spawn.hpp>

namespace torg::testing {

json::value Reply::at(std::string_view path) const {
  boost::system::error_code missing;
  auto const* found = body.find_pointer(path, missing);
  return found == nullptr ? json::value(nullptr) : *found;
}

std::string Reply::text(std::string_view path) const {
  auto const value = at(path);
  return value.is_string() ? std::string(value.get_string()) : std::string();
}

std::string in_path(std::string_view id) { return percent_encode(id); }

TestServer::TestServer(db::Database::Kind kind, std::vector<std::string> settings)
    : runtime_(std::make_unique<RealRuntime>(1)) {
  for (auto const* setting : {"server_name=test.example", "registration=open", "rate_limits=off",
                              "password_memory_kib=64", "password_operations=1", "log_level=error"}) {
    settings.insert(settings.begin(), setting);
  }
  for (auto const& setting : settings) {
    if (auto set = config_.set(setting); !set) throw std::invalid_argument(set.error().message);
  }
  location_.emplace(db::TemporaryDatabase::open(*runtime_, kind));
  location_->close();
  for (auto const* name : {"blobs", "tmp", "keys"})
    std::filesystem::create_directories(folder_.path() / name);
  open();
}

TestServer::~TestServer() { close(); }

void TestServer::open() {
  auto const& where = location_->location();
  auto database = where.starts_with('/') ? db::open_sqlite(*runtime_, {.path = where})
                                         : db::open_postgresql(*runtime_, where);
  if (!database) throw std::runtime_error(database.error().message + ' ' + database.error().detail);
  auto client =
      net::make_http_client(*runtime_, {.allowed_networks = config_.list("outbound_allowed_networks")});
  if (!client) throw std::runtime_error(client.error().message);
  auto opened =
      app::Application::open(*runtime_,
                             {std::move(*database),
                              {folder_.path() / "blobs", folder_.path() / "tmp", folder_.path() / "keys"},
                              std::move(*client)},
                             config_);
  if (!opened) throw std::runtime_error(opened.error().message + ' ' + opened.error().detail);
  application_ = std::move(*opened);
  if (auto started = run(application_->start()); !started) throw std::runtime_error(started.error().message);
}

void TestServer::close() {
  run(application_->stop());
  run_all();
  application_.reset();
}

void TestServer::restart() {
  close();
  open();
}

net::Request TestServer::request(net::Method method, std::string target, std::string token,
                                 std::optional<json::value> body) {
  net::Request request{.method = method, .target = std::move(target), .remote_address = "127.0.0.1"};
  if (!token.empty()) request.headers.emplace_back("authorization", "Bearer " + token);
  if (body) {
    request.headers.emplace_back("content-type", "application/json");
    request.body = json::serialize(*body);
  }
  return request;
}

Reply TestServer::call(net::Method method, std::string target, std::string token,
                       std::optional<json::value> body) {
  auto const response =
      run(application_->router().dispatch(request(method, target, std::move(token), std::move(body))));
  net::note_request(method, target, response.status);
  Reply reply{.status = response.status};
  if (auto parsed = parse_json(response.body)) reply.body = std::move(*parsed);
  return reply;
}

void TestServer::start(net::Method method, std::string target, std::string token,
                       std::optional<json::value> body, std::function<void(Reply)> done) {
  ++running_;
  asio::co_spawn(
      runtime_->executor(),
      application_->router().dispatch(request(method, std::move(target), std::move(token), std::move(body))),
      [this, done = std::move(done)](std::exception_ptr failure, net::Response response) {
        --running_;
        if (failure) std::rethrow_exception(failure);
        Reply reply{.status = response.status};
        if (auto parsed = parse_json(response.body)) reply.body = std::move(*parsed);
        done(std::move(reply));
      });
}

void TestServer::run_all() {
  while (running_ > 0) runtime_->run_one();
}

std::string TestServer::sign_up(std::string name) {
  auto const reply =
      post("/_matrix/client/v3/register", "",
           {{"username", name}, {"password", "secret-" + name}, {"auth", {{"type", "m.login.dummy"}}}});
  if (reply.status != 200)
    throw std::runtime_error("cannot register " + name + ": " + json::serialize(reply.body));
  return reply.text("/access_token");
}

std::string TestServer::log_in(std::string name, std::string password) {
  auto const reply = post("/_matrix/client/v3/login", "",
                          {{"type", "m.login.password"},
                           {"identifier", {{"type", "m.id.user"}, {"user", name}}},
                           {"password", password}});
  if (reply.status != 200)
    throw std::runtime_error("cannot log in " + name + ": " + json::serialize(reply.body));
  return reply.text("/access_token");
}

}  // namespace torg::testing
