#include "records/plan/table.hpp"

#include "records/plan/changes.hpp"

#include <fstream>
#include <iterator>

#include <gmock/gmock.h>

namespace torg::records {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::string sample(std::string const& name) {
  std::ifstream in(std::string(TORG_TEST_DATA) + "/" + name);
  return {std::istreambuf_iterator<char>(in), {}};
}

constexpr std::string_view kClasses =
    "code,parent,level,title_sv,title_en,note_sv,note_en,valid_from,valid_to\n"
    "1,,1,Leda,Lead,,,,\n"
    "1.1,1,2,Möten,Meetings,,,,\n";
constexpr std::string_view kHead =
    "process_code,record_type_sv,where,disposition,period,trigger,decision_ref,mandatory_fields,list,valid_"
    "from,"
    "valid_to\n";

/// `row 3: period_without_trigger`
std::vector<std::string> problems(std::string_view classes, std::string rows) {
  std::vector<std::string> found;
  auto const read = read_plan(classes, std::string(kHead) + rows).value();
  for (auto const& one : read.problems) {
    EXPECT_FALSE(one.text.sv.empty() || one.text.en.empty()) << one.code;
    found.push_back("row " + std::to_string(one.row) + ": " + std::string(one.code));
  }
  return found;
}

TEST(PlanTables, ReadTheSampleWithoutProblems) {
  auto const read =
      read_plan(sample("classification-sample.csv"), sample("information-plan-sample.csv")).value();
  for (auto const& one : read.problems) ADD_FAILURE() << one.row << " " << one.text.en;
  EXPECT_EQ(read.tables.classes.size(), 48u);
  EXPECT_EQ(read.tables.rows.size(), 42u);
}

TEST(PlanTables, ShowAllContradictionsAtOnceWithTheirRows) {
  EXPECT_THAT(
      problems(kClasses,
               "1.1,Protokoll,registered,preserve,,,,,,,\n"
               "9.9,Kallelse,registered,preserve,,,,,,,\n"
               "1.1,protokoll,registered,dispose,2 years,case_closed,GB 1,,,,\n"
               "1.1,Lista,kept_ordered,dispose,2 years,,GB 1,,,,\n"
               "1.1,Brev,registered,,,,,,,,\n"
               "1.1,Notis,registered,dispose,snart,received,,,,,\n"
               "1.1,Utkast,registered,weed,90 days,created,,,,,\n"
               "1.1,Anslag,skåp,preserve,,,,skostorlek,,,\n"),
      ElementsAre("row 3: unknown_process", "row 4: contradicting_rows", "row 5: period_without_trigger",
                  "row 6: no_retention", "row 7: bad_period", "row 7: no_decision", "row 8: weeded_record",
                  "row 9: bad_value", "row 9: unknown_field"));
}

TEST(PlanTables, NameTheRowThatIsContradicted) {
  auto const read = read_plan(kClasses, std::string(kHead) +
                                            "1.1,Protokoll,registered,preserve,,,,,,,\n"
                                            "1.1,Protokoll,kept_ordered,preserve,,,,,,,\n")
                        .value();
  ASSERT_EQ(read.problems.size(), 1u);
  EXPECT_EQ(read.problems[0].other_row, 2);
}

TEST(PlanTables, LetTwoRowsFollowEachOtherInTime) {
  EXPECT_THAT(problems(kClasses,
                       "1.1,Protokoll,registered,preserve,,,,,,,2026-12-31\n"
                       "1.1,Protokoll,registered,dispose,5 years,case_closed,GB 1,,,2027-01-01,\n"),
              IsEmpty());
  EXPECT_THAT(problems(kClasses,
                       "1.1,Protokoll,registered,preserve,,,,,,,2027-01-01\n"
                       "1.1,Protokoll,registered,dispose,5 years,case_closed,GB 1,,,2027-01-01,\n"),
              ElementsAre("row 3: contradicting_rows"));
}

TEST(PlanTables, FindUnknownParentsAndCodesThatOverlap) {
  EXPECT_THAT(problems("code,parent,level,title_sv,valid_from,valid_to\n"
                       "1,,1,Leda,,\n"
                       "1.1,1,2,Möten,2026-01-01,2026-12-31\n"
                       "1.1,1,2,Sammanträden,2026-06-01,\n"
                       "2.1,2,2,Stödja,,\n"
                       "1.2,1,3,Planera,,\n"
                       "1.3,,2,Samverka,2026-13-01,\n",
                       "1.1,Protokoll,registered,preserve,,,,,,,\n"),
              ElementsAre("row 4: overlapping_validity", "row 5: missing_parent", "row 6: wrong_level",
                          "row 7: bad_day", "row 7: missing_parent"));
}

TEST(PlanTables, RefuseListsThatAreNotKeptAndMissingColumns) {
  EXPECT_THAT(problems(kClasses, "1.1,Medlemmar,working,weed,90 days,created,,,members,,\n"),
              ElementsAre("row 2: list_not_kept"));
  EXPECT_THAT(problems(kClasses, "1.1,Medlemmar,kept_ordered,dispose,1 year,created,GB 1,,members,,\n"),
              ElementsAre("row 2: list_without_reason"));
  auto const read = read_plan(kClasses, "process_code,where\n1.1,registered\n").value();
  EXPECT_EQ(read.problems.size(), 4u);
  EXPECT_EQ(read.problems[0].code, "column_missing");
}

TEST(PlanChanges, NameAddedRemovedAndChangedRowsAndWhomTheyConcern) {
  auto const tables = [](std::string rows) { return read_plan(kClasses, std::string(kHead) + rows)->tables; };
  auto const changes =
      changes_between(tables("1.1,Protokoll,registered,preserve,,,,,,,\n"
                             "1.1,Brev,registered,preserve,,,,,,,\n"),
                      tables("1.1,Protokoll,registered,dispose,5 years,case_closed,GB 1,,,,\n"
                             "1.1,Kallelse,registered,preserve,,,,,,,\n"));
  ASSERT_EQ(changes.added.size(), 1u);
  EXPECT_EQ(changes.added[0].type.sv, "Kallelse");
  ASSERT_EQ(changes.removed.size(), 1u);
  EXPECT_EQ(changes.removed[0].type.sv, "Brev");
  ASSERT_EQ(changes.changed.size(), 1u);
  EXPECT_EQ(changes.changed[0].fields.size(), 4u) << "disposition, period, trigger, decision";
  EXPECT_THAT(changes.concerned(), ElementsAre("1.1"));
}

TEST(PlanRows, AreFoundByTypeOrGuessedWhenOnlyOneFits) {
  auto const tables =
      read_plan(sample("classification-sample.csv"), sample("information-plan-sample.csv"))->tables;
  Day const day = std::chrono::sys_days(std::chrono::year(2026) / 11 / 24);
  EXPECT_EQ(find_row(tables, "1.3.2", "opinion in a consultation", day)->type.sv, "Remissvar");
  EXPECT_EQ(guess_row(tables, "1.3.2", "Yttrande", day)->type.sv, "Yttrande från eller till annan myndighet");
  EXPECT_EQ(guess_row(tables, "1.1.2", "Synpunkt", day)->type.sv, "Synpunkt som kräver åtgärd");
  EXPECT_EQ(guess_row(tables, "2.4.1", "Anbud", day)->type.sv, "Anbud");
  EXPECT_EQ(guess_row(tables, "9", "Yttrande", day), nullptr);
}

}  // namespace
}  // namespace torg::records
