// The document of the own API, held to the routes of a whole server.
#include "app/application.hpp"
#include "base/json.hpp"
#include "db/database.hpp"
#include "db/testing/temporary_folder.hpp"
#include "runtime/testing.hpp"

#include <set>

#include <gmock/gmock.h>

namespace torg::app {
namespace {

using Operations = std::set<std::pair<std::string, std::string>>;  // path, method

constexpr std::string_view kOwn = "/_torg/v1/";

Operations routes_of(net::Router const& router) {
  Operations found;
  for (auto const* route : router.routes()) {
    if (!route->pattern.starts_with(kOwn)) continue;
    auto method = std::string(net::to_text(route->method));
    std::ranges::transform(method, method.begin(), [](unsigned char c) { return std::tolower(c); });
    found.emplace(route->pattern, method);
  }
  return found;
}

Operations operations_of(json::object const& document) {
  Operations found;
  for (auto const& path : document.at("paths").as_object()) {
    for (auto const& method : path.value().as_object())
      found.emplace(std::string(path.key()), std::string(method.key()));
  }
  return found;
}

/// A server over an empty database that answers nobody.
class OwnApi : public ::testing::Test {
 protected:
  void SetUp() override {
    for (auto const* name : {"blobs", "tmp", "keys"}) std::filesystem::create_directories(in(name));
    auto database = db::open_sqlite(runtime, {.path = in("torg.db").string()});
    ASSERT_TRUE(database);
    auto opened = Application::open(
        runtime, {std::move(*database), {in("blobs"), in("tmp"), in("keys")}, net::make_unconnected_client()},
        {});
    ASSERT_TRUE(opened) << opened.error().message;
    application = std::move(*opened);
    net::Request request;
    request.target = "/_torg/v1/openapi.json";
    auto const answer = run(runtime, application->router().dispatch(std::move(request)));
    document = parse_json_object(answer.body).value();
  }
  [[nodiscard]] std::filesystem::path in(std::string_view name) const { return folder.path() / name; }

  db::TemporaryFolder const folder;
  RealRuntime runtime{2};
  std::unique_ptr<Application> application;
  json::object document;
};

TEST_F(OwnApi, TheDocumentNamesEveryRouteAndNothingElse) {
  EXPECT_THAT(operations_of(document), testing::ContainerEq(routes_of(application->router())));
}

TEST_F(OwnApi, TheDocumentDescribesEveryParameterOfAPath) {
  for (auto const& path : document.at("paths").as_object()) {
    std::string_view const pattern = path.key();
    for (auto const& operation : path.value().as_object()) {
      std::set<std::string> described;
      if (auto const* parameters = optional_array(operation.value().as_object(), "parameters")) {
        for (auto const& one : *parameters) {
          if (one.at("in") == "path") described.emplace(one.at("name").as_string());
        }
      }
      std::set<std::string> expected;
      for (auto at = pattern.find('{'); at != pattern.npos; at = pattern.find('{', at + 1))
        expected.emplace(pattern.substr(at + 1, pattern.find('}', at) - at - 1));
      EXPECT_EQ(described, expected) << pattern << " " << operation.key();
    }
  }
}

}  // namespace
}  // namespace torg::app
