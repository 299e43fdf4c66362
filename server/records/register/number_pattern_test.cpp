#include "records/register/number_pattern.hpp"

#include <gtest/gtest.h>

namespace torg::records {
namespace {

struct Written {
  std::string_view pattern, of_case, of_record;
};

class NumberPatterns : public ::testing::TestWithParam<Written> {};

TEST_P(NumberPatterns, WriteCaseAndRecord) {
  auto const pattern = NumberPattern::parse(GetParam().pattern);
  ASSERT_TRUE(pattern);
  NumberParts const parts{"KS", 2026, 123, 4, "1.7.9"};
  EXPECT_EQ(pattern->case_number(parts), GetParam().of_case);
  EXPECT_EQ(pattern->record_number(parts), GetParam().of_record);
}
INSTANTIATE_TEST_SUITE_P(
    All, NumberPatterns,
    ::testing::Values(Written{"{code} {year}/{case:5}-{doc}", "KS 2026/00123", "KS 2026/00123-4"},
                      Written{"{code}/{year}/{case:4}/{doc:4}", "KS/2026/0123", "KS/2026/0123/0004"},
                      Written{"RA-{code} {year}/{case}", "RA-KS 2026/123", "RA-KS 2026/123"},
                      Written{"{code} {year}/{case} {class}", "KS 2026/123 1.7.9", "KS 2026/123 1.7.9"}));

TEST(NumberPattern, WritesADocumentOfACaseWhoseNumberStands) {
  EXPECT_EQ(NumberPattern::standard().record_number("KS 2026/00123", 12), "KS 2026/00123-12");
}

TEST(NumberPattern, WithoutADocumentEveryRecordHasANumberOfItsOwn) {
  EXPECT_FALSE(NumberPattern::parse("RA-{code} {year}/{case}")->counts_documents());
}

TEST(NumberPattern, RefusesAPatternWhoseNumbersCouldMeet) {
  EXPECT_FALSE(NumberPattern::parse("{code}-{doc}"));
  EXPECT_FALSE(NumberPattern::parse("{code} {case}"));
  EXPECT_FALSE(NumberPattern::parse("{year}/{case}/{month}"));
  EXPECT_FALSE(NumberPattern::parse("{year}/{case:99}"));
  EXPECT_FALSE(NumberPattern::parse("{year}/{case"));
  EXPECT_FALSE(NumberPattern::parse("{year}{case}"));
  EXPECT_FALSE(NumberPattern::parse("{year}/{case}1-{doc}"));
  EXPECT_FALSE(NumberPattern::parse("{year}/{case}/{case}"));
  EXPECT_FALSE(NumberPattern::parse("{year}/{serial}/{case}"));
  EXPECT_FALSE(NumberPattern::parse("{year:2}/{case}"));
  EXPECT_FALSE(NumberPattern::parse("{year}-{doc}/{case}"));
  EXPECT_FALSE(NumberPattern::parse("{year}/{case}\xe2\x80\xae"));
}

}  // namespace
}  // namespace torg::records
