#include "records/rules/case_answer.hpp"
#include "records/rules/test_data.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

// Every worked case of tests/data/assessment-cases.json is a test of its own, whose name has the number of
// the case and of its rules; contested cases are run under every reading besides.

namespace torg::records {

/// What a failing test prints of its case.
void PrintTo(WorkedCase const& worked, std::ostream* out) { *out << worked.situation; }

namespace {

std::vector<WorkedCase> const& all_cases() {
  static auto const cases = read_cases(read_test_text("assessment-cases.json"));
  if (!cases) throw std::runtime_error(cases.error().message);
  return *cases;
}

std::vector<WorkedCase> contested_cases() {
  auto cases = all_cases();
  std::erase_if(cases, [](WorkedCase const& worked) { return worked.readings.empty(); });
  return cases;
}

std::string case_and_rules(::testing::TestParamInfo<WorkedCase> const& info) {
  return fmt::format("{}_{}", info.param.id, fmt::join(info.param.rules, "_"));
}

class Case : public ::testing::TestWithParam<WorkedCase> {};
INSTANTIATE_TEST_SUITE_P(AssessmentCases, Case, ::testing::ValuesIn(all_cases()), case_and_rules);

TEST_P(Case, IsDecidedAsWritten) {
  auto const answered = answer(GetParam(), {});
  EXPECT_THAT(answered.rules, ::testing::Each(::testing::Not(::testing::IsEmpty())));
  EXPECT_THAT(answered.rules, ::testing::Not(::testing::IsEmpty()));
  for (auto const& line : answered.lines) {
    EXPECT_NE(line.match, Match::differs)
        << line.field << ": the rules say '" << line.said << "', written is '" << line.expected << "'";
  }
}

class Contested : public ::testing::TestWithParam<WorkedCase> {};
INSTANTIATE_TEST_SUITE_P(AssessmentCases, Contested, ::testing::ValuesIn(contested_cases()), case_and_rules);

TEST_P(Contested, IsDecidedByTheReadingThatIsChosen) {
  auto const readings = answer(GetParam(), {}).readings;
  ASSERT_EQ(readings.size(), 2u);
  for (auto const& one : readings)
    EXPECT_TRUE(one.agrees) << one.reading << ": said '" << one.said << "', written '" << one.expected << "'";
  EXPECT_NE(readings[0].said, readings[1].said);
}

TEST(AssessmentCases, AllAreRunAndNoneWaits) {
  EXPECT_EQ(all_cases().size(), 102u);
  EXPECT_EQ(contested_cases().size(), 12u);
  for (auto const& worked : all_cases()) {
    auto const compared = std::ranges::count_if(answer(worked, {}).lines, [](CaseLine const& line) {
      return line.match == Match::agrees || line.match == Match::differs;
    });
    EXPECT_GT(compared, 0) << worked.id << " is compared with nothing";
  }
}

/// A case's rule numbers are not only written in it: the rules that decide are among them.
TEST(AssessmentCases, NameTheRuleThatDecides) {
  for (auto const& worked : all_cases()) {
    if (worked.is_item) continue;  // the status of an item may hang on a rule that its case takes for granted
    auto const decided = answer(worked, {}).rules;
    bool const named = std::ranges::any_of(decided, [&](std::string const& rule) {
      return std::ranges::find(worked.rules, rule) != worked.rules.end();
    });
    EXPECT_TRUE(named) << worked.id;
  }
}

}  // namespace
}  // namespace torg::records
