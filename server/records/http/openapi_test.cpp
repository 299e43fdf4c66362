#include "embedded/openapi.hpp"

#include "governance/http.hpp"
#include "records/assessment/http.hpp"
#include "records/http/routes.hpp"
#include "records/manual/manual.hpp"
#include "records/testing/world.hpp"

#include <boost/asio/co_spawn.hpp>

namespace torg::records {
namespace {

std::string_view method_name(net::Method method) {
  switch (method) {
    case net::Method::get:
      return "get";
    case net::Method::post:
      return "post";
    case net::Method::put:
      return "put";
    case net::Method::delete_:
      return "delete";
    default:
      return "";
  }
}

class OpenApi : public db::OnBothDatabases {
 protected:
  void SetUp() override { migrate_world(*database); }
  std::vector<net::Route> all_routes(World& world, Manual& manual) {
    RegisterHttp const services{runtime,     *database,     world.blobs, world.identity, world.governance,
                                world.rooms, world.records, world.lifts, manual,         {}};
    auto routes = register_routes(services);
    auto const add = [&](std::vector<net::Route> more) {
      std::ranges::move(more, std::back_inserter(routes));
    };
    add(lift_routes(services));
    add(manual_routes(services));
    add(openapi_routes());
    add(assessment_routes(
        {world.assessment, world.governance, world.identity, world.rooms, runtime, {}, {}}));
    add(governance::routes({world.governance, world.identity, world.rooms}));
    return routes;
  }
};
INSTANTIATE_TEST_SUITE_P(Db, OpenApi, ::testing::Values(db::Database::Kind::sqlite), db::database_name);

TEST_P(OpenApi, NamesEveryRoute) {
  db::TemporaryFolder folder;
  World world(runtime, *database, folder);
  MailReader mail(runtime, {});
  Manual manual({runtime,
                 *database,
                 world.blobs,
                 world.rooms,
                 world.governance,
                 world.records,
                 world.lifts,
                 {},
                 mail,
                 "alvhamn.example"});
  auto const document = parse_json(embedded::openapi().front().bytes).value();
  auto const& paths = document.at("paths").as_object();
  for (auto const& route : all_routes(world, manual)) {
    auto const* path = paths.if_contains(route.pattern);
    ASSERT_NE(path, nullptr) << route.pattern;
    EXPECT_NE(path->as_object().if_contains(method_name(route.method)), nullptr)
        << method_name(route.method) << " " << route.pattern;
  }
}

TEST(OpenApiDocument, RefersOnlyToSchemasItHas) {
  auto const text = std::string(embedded::openapi().front().bytes);
  auto const document = parse_json(text).value();
  auto const& schemas = document.at("components").at("schemas").as_object();
  constexpr std::string_view kReference = "#/components/schemas/";
  for (auto at = text.find(kReference); at != std::string::npos; at = text.find(kReference, at + 1)) {
    auto const from = at + kReference.size();
    EXPECT_TRUE(schemas.contains(text.substr(from, text.find('"', from) - from)));
  }
}

}  // namespace
}  // namespace torg::records
