#include "records/rules/case_answer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace torg::records {
namespace {

using ::testing::HasSubstr;

std::string error_of(std::string const& text) {
  auto const cases = read_cases(text);
  EXPECT_FALSE(cases) << text;
  return cases ? "" : cases.error().message;
}

std::string with_inputs(std::string const& inputs) { return R"({"id":"X1","inputs":)" + inputs + "}"; }

TEST(CaseFile, HoldsOneCaseOrAListOrAnObjectWithCases) {
  std::string const one = with_inputs(R"({"act":"receive","actor":"outsider"})");
  for (auto const& text : {one, "[" + one + "]", R"({"schema":1,"cases":[)" + one + "]}"}) {
    auto const cases = read_cases(text);
    ASSERT_TRUE(cases) << cases.error().message;
    ASSERT_EQ(cases->size(), 1u);
    EXPECT_EQ(cases->front().id, "X1");
  }
}

TEST(CaseFile, SaysWhichFieldOfWhichCaseIsWrong) {
  EXPECT_THAT(error_of(with_inputs(R"({"act":"receive","actor":"martian"})")),
              ::testing::AllOf(HasSubstr("X1"), HasSubstr("'actor'"), HasSubstr("outsider")));
  EXPECT_THAT(error_of(with_inputs(R"({"act":"fly"})")), HasSubstr("'act'"));
  EXPECT_THAT(error_of(with_inputs(R"({"act":"receive","secrecy_presumd":true})")),
              HasSubstr("secrecy_presumd"));
  EXPECT_THAT(error_of(with_inputs(R"({"act":"receive","secrecy_presumed":"yes"})")),
              HasSubstr("true or false"));
  EXPECT_THAT(error_of(with_inputs(R"({"act":"receive","at":"yesterday"})")), HasSubstr("'at'"));
  EXPECT_THAT(error_of(with_inputs(R"({"actor":"outsider"})")), HasSubstr("'act' is missing"));
}

TEST(CaseFile, TakesNoFileThatIsSomethingElse) {
  for (auto const* text :
       {"", "{", "7", "null", R"("text")", R"({"cases":7})", R"([7])", R"([{"id":"X1"}])",
        R"([{"id":"../../x","inputs":{"act":"receive"}}])", R"([{"inputs":{"act":"receive"},"expected":[]}])",
        R"([{"inputs":{"act":"receive"},"expected":{"basis":{}}}])",
        R"([{"inputs":{"act":"receive"},"expected":{"colour":"red"}}])",
        R"([{"inputs":{"act":"fee","pages":-1}}])", R"([{"inputs":{"act":"fee","pages":1e300}}])",
        R"([{"inputs":{"act":"write"},"rules":[7]}])"}) {
    EXPECT_FALSE(error_of(text).empty()) << text;
  }
  EXPECT_FALSE(error_of(std::string(200, '[') + std::string(200, ']')).empty());
  EXPECT_FALSE(error_of(std::string(kMaxCaseFile + 1, ' ')).empty());
}

TEST(CaseFile, TakesNoTwoCasesOfOneName) {
  std::string const one = with_inputs(R"({"act":"receive"})");
  EXPECT_THAT(error_of("[" + one + "," + one + "]"), HasSubstr("X1"));
}

TEST(CaseFile, KeepsTerminalsSafe) {
  auto const cases =
      read_cases(R"({"situation_en":"a\u001b[2Jb\u202ec","inputs":{"act":"receive","actor":"outsider"}})");
  ASSERT_TRUE(cases);
  auto const text = to_text(answer(cases->front(), {}));
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_EQ(text.find("\u202e"), std::string::npos);
}

TEST(CaseFile, NeedsNoExpectations) {
  auto const cases = read_cases(with_inputs(R"({"act":"receive","actor":"outsider","object":"letter"})"));
  auto const answered = answer(cases->front(), {});
  EXPECT_TRUE(answered.agrees());
  EXPECT_THAT(to_text(answered), HasSubstr("basis: received"));
}

TEST(CaseAnswer, SaysWhatDiffersAndWhatWasExpected) {
  auto const cases = read_cases(
      R"({"id":"X1","inputs":{"act":"receive","actor":"outsider"},"expected":{"basis":"draft","refuse":["working"]}})");
  auto const answered = answer(cases->front(), {});
  EXPECT_FALSE(answered.agrees());
  EXPECT_THAT(to_text(answered), HasSubstr("basis: the rules say received; expected draft"));
  EXPECT_EQ(to_json(answered).at("agrees"), false);
}

TEST(CaseAnswer, SaysThatNoSettingGivesAReadingItDoesNotKnow) {
  auto const cases =
      read_cases(R"({"inputs":{"act":"receive"},"readings":[{"reading":"moon_law","state":"working"}]})");
  auto const answered = answer(cases->front(), {});
  EXPECT_FALSE(answered.agrees());
  EXPECT_THAT(to_text(answered), HasSubstr("no setting gives this reading"));
}

TEST(CaseAnswer, TakesTheWordsOfACaseForAdvertising) {
  auto const suggested = [](std::string const& situation) {
    auto const cases =
        read_cases(R"({"situation_sv":")" + situation +
                   R"(","inputs":{"act":"receive","actor":"outsider","object":"mail","channel":"mail"}})");
    auto const lines = answer(cases->front(), {}).lines;
    return std::ranges::find(lines, std::string("suggested_state"), &CaseLine::field)->said;
  };
  EXPECT_EQ(suggested("Reklam skickas till brevlådan."), "trivial");
  EXPECT_EQ(suggested("Ett brev skickas till brevlådan."), "kept_ordered");
}

}  // namespace
}  // namespace torg::records
