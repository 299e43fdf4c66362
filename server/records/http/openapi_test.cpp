#include "embedded/openapi.hpp"

#include "base/json.hpp"

#include <gtest/gtest.h>

namespace torg::records {
namespace {

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
