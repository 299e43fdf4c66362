#include "records/rules/personal_numbers.hpp"

#include "governance/zone.hpp"
#include "records/rules/test_data.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace torg::records {
namespace {

Day today() { return governance::parse_day("2026-11-22").value(); }

std::string_view name(NumberKind kind) {
  switch (kind) {
    case NumberKind::personal:
      return "personnummer";
    case NumberKind::coordination:
      return "samordningsnummer";
    case NumberKind::organisation:
      return "organisationsnummer";
    case NumberKind::phone:
      return "phone";
    case NumberKind::ambiguous:
      return "ambiguous";
    case NumberKind::reserve:
      return "none";
  }
  return {};
}

std::string_view name(Confidence confidence) {
  return confidence == Confidence::high ? "high" : confidence == Confidence::medium ? "medium" : "low";
}

void expect_vector(json::object const& vector) {
  auto const text = std::string(optional_string(vector, "context").value_or(vector.at("input").as_string()));
  auto const as_of = optional_string(vector, "as_of");
  auto const found = find_numbers(text, as_of ? governance::parse_day(*as_of).value() : today());
  auto const& expected = vector.at("expect").as_object();
  auto const kind = optional_string(expected, "kind").value();
  bool const valid = expected.at("valid").as_bool();
  if (!valid && kind != "phone") {
    for (auto const& number : found) EXPECT_EQ(number.kind, NumberKind::reserve);
    return;
  }
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(name(found[0].kind), kind);
  EXPECT_EQ(found[0].normalised, optional_string(expected, "normalised").value_or(""));
  if (auto const confidence = optional_string(expected, "confidence")) {
    EXPECT_EQ(name(found[0].confidence), *confidence);
  }
}

TEST(PersonalNumbers, AreReadAsTheVectorsSay) {
  auto const data = read_test_data("personnummer-test-vectors.json");
  auto const& vectors = data.at("vectors").as_array();
  EXPECT_EQ(vectors.size(), 47u);
  for (auto const& vector : vectors) {
    SCOPED_TRACE(json::serialize(vector));
    expect_vector(vector.as_object());
  }
}

TEST(PersonalNumbers, AreFoundInsideASentenceWithTheirPlace) {
  std::string const text = "Sökande är Åsa Ek, 900101–2385, tel 040-628 04 04.";
  auto const found = find_numbers(text, today());
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].kind, NumberKind::personal);
  EXPECT_EQ(text.substr(found[0].position, found[0].length), "900101–2385");
  EXPECT_EQ(found[1].kind, NumberKind::phone);
}

TEST(PersonalNumbers, InFullWidthAreNeverMoreThanMedium) {
  auto const found = find_numbers("９００１０１-２３８５", today());
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].confidence, Confidence::medium);
}

TEST(PersonalNumbers, OfTenDigitsAfterACallingWordArePhones) {
  auto const found = find_numbers("Ring 0406280412 före kl. 16", today());
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].kind, NumberKind::phone);
}

TEST(PersonalNumbers, AreGradedUpByTheWordBefore) {
  auto const found = find_numbers("Personnummer: 9001012385", today());
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].confidence, Confidence::high);
}

TEST(PersonalNumbers, SurviveBrokenText) {
  EXPECT_THAT(find_numbers("\xF0\x9F", today()), testing::IsEmpty());
  EXPECT_THAT(find_numbers("", today()), testing::IsEmpty());
  EXPECT_THAT(find_numbers("----++++", today()), testing::IsEmpty());
}

}  // namespace
}  // namespace torg::records
