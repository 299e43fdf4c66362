#include "matrix/event/canonical.hpp"

#include <gtest/gtest.h>

namespace torg::matrix {
namespace {

std::string canonical(std::string_view text) {
  auto value = parse_json(text);
  if (!value) return "not JSON";
  auto canonical = canonical_json(*value);
  return canonical ? *canonical : canonical.error().message;
}

// https://spec.matrix.org/v1.19/appendices/#canonical-json
TEST(CanonicalJson, GivesTheExamplesOfTheSpecification) {
  EXPECT_EQ(canonical("{}"), "{}");
  EXPECT_EQ(canonical(R"({ "one": 1, "two": "Two" })"), R"({"one":1,"two":"Two"})");
  EXPECT_EQ(canonical(R"({"b":"2","a":"1"})"), R"({"a":"1","b":"2"})");
  EXPECT_EQ(
      canonical(R"({"auth": {"success": true, "mxid": "@john.doe:example.com", "profile": {
      "display_name": "John Doe", "three_pids": [{"medium": "email", "address": "john.doe@example.org"},
      {"medium": "msisdn", "address": "123456789"}]}}})"),
      R"({"auth":{"mxid":"@john.doe:example.com","profile":{"display_name":"John Doe","three_pids":)"
      R"([{"address":"john.doe@example.org","medium":"email"},{"address":"123456789","medium":"msisdn"}]},)"
      R"("success":true}})");
  EXPECT_EQ(canonical(R"({"a": "日本語"})"), R"({"a":"日本語"})");
  EXPECT_EQ(canonical(R"({"本": 2, "日": 1})"), R"({"日":1,"本":2})");
  EXPECT_EQ(canonical(R"({"a": "\u65E5"})"), R"({"a":"日"})");
  EXPECT_EQ(canonical(R"({"a": null})"), R"({"a":null})");
}

TEST(CanonicalJson, SortsByCodePointNotByUtf16Unit) {
  // U+FF61 comes before U+1F600 by code point; as UTF-16 the surrogate pair would come first.
  EXPECT_EQ(canonical(R"({"😀":1,"｡":2})"), R"({"｡":2,"😀":1})");
}

TEST(CanonicalJson, SortsManyKeysOfALargeObject) {
  json::object object;
  for (int i = 99; i >= 10; --i) object.emplace(std::to_string(i), i);
  auto const text = canonical_json(object);
  ASSERT_TRUE(text);
  EXPECT_TRUE(text->starts_with(R"({"10":10,"11":11,)"));
  EXPECT_TRUE(text->ends_with(R"("98":98,"99":99})"));
}

TEST(CanonicalJson, EscapesOnlyWhatMustBeEscaped) {
  EXPECT_EQ(canonical(R"(["\/\"\\\b\f\n\r\t\u001F\u007f"])"), "[\"/\\\"\\\\\\b\\f\\n\\r\\t\\u001f\x7f\"]");
}

TEST(CanonicalJson, WritesNegativeZeroAsZero) { EXPECT_EQ(canonical("[-0]"), "[0]"); }

TEST(CanonicalJson, AcceptsIntegersThatADoubleHoldsExactly) {
  EXPECT_EQ(canonical("[9007199254740991,-9007199254740991]"), "[9007199254740991,-9007199254740991]");
}

TEST(CanonicalJson, RefusesIntegersBeyondThose) {
  constexpr auto kRefusal = "Numbers must lie between -(2^53)+1 and (2^53)-1.";
  EXPECT_EQ(canonical("[9007199254740992]"), kRefusal);
  EXPECT_EQ(canonical("[-9007199254740992]"), kRefusal);
  EXPECT_EQ(canonical("[9223372036854775807]"), kRefusal);
  EXPECT_EQ(canonical("[18446744073709551615]"), kRefusal);
}

TEST(CanonicalJson, RefusesNumbersWithAPointOrExponent) {
  constexpr auto kRefusal = "Numbers must be integers, written without a point or exponent.";
  EXPECT_EQ(canonical("[1.5]"), kRefusal);
  EXPECT_EQ(canonical("[1.0]"), kRefusal);
  EXPECT_EQ(canonical("[1e2]"), kRefusal);
  EXPECT_EQ(canonical(R"({"a":[{"b":-0.0}]})"), kRefusal);
  EXPECT_EQ(canonical("[18446744073709551616]"), kRefusal);
}

TEST(CanonicalJson, IsAFixedPoint) {
  for (auto const* text :
       {R"({"z":[1,{"b":2,"a":[]}],"a":{}})", R"(["x",true,false,null,-5])", R"("text")", "7"}) {
    auto const once = canonical(text);
    EXPECT_EQ(canonical(once), once);
  }
}

}  // namespace
}  // namespace torg::matrix
