#include "records/text/csv.hpp"

#include <gmock/gmock.h>

namespace torg::records {
namespace {

using testing::ElementsAre;

TEST(Csv, ReadsQuotedCellsWithSeparatorsQuotationsAndLines) {
  auto const rows = read_csv("a,\"b, \"\"c\"\"\nd\",\r\ne,,f\n").value();
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_THAT(rows[0].cells, ElementsAre("a", "b, \"c\"\nd", ""));
  EXPECT_THAT(rows[1].cells, ElementsAre("e", "", "f"));
  EXPECT_EQ(rows[1].number, 2);
}

TEST(Csv, ReadsWhatASwedishSpreadsheetWrites) {
  auto const rows = read_csv("\xEF\xBB\xBFkod;namn\r\n1.1;Möten, protokoll\r\n").value();
  EXPECT_THAT(rows[0].cells, ElementsAre("kod", "namn"));
  EXPECT_THAT(rows[1].cells, ElementsAre("1.1", "Möten, protokoll"));
}

TEST(Csv, KeepsSpacesAndLineEndsInsideQuotations) {
  auto const rows = read_csv("a;b\r\n\"1;\"\"x\"\"\r\ny\"; 2\r\n3").value();
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_THAT(rows[1].cells, ElementsAre("1;\"x\"\r\ny", " 2"));
  EXPECT_EQ(rows[2].number, 3);
}

TEST(Csv, LeavesEmptyRowsOutButCountsThem) {
  auto const rows = read_csv("a,b\n\n,\nc,d").value();
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[1].number, 4);
}

TEST(Csv, RefusesWhatIsNoTableAndSaysWhere) {
  EXPECT_THAT(read_csv("a\n\"b").error().message, testing::HasSubstr("Row 2"));
  EXPECT_FALSE(read_csv("\"a\"b"));
  EXPECT_FALSE(
      read_csv("\xFF\xFE"
               "a"));
  EXPECT_FALSE(read_csv(std::string("a\n\0", 3)));
  EXPECT_FALSE(read_csv(std::string(200, ',')));
  EXPECT_FALSE(read_csv("a," + std::string(kMaxCsvCell + 1, 'b')));
  EXPECT_TRUE(read_csv("").value().empty());
}

}  // namespace
}  // namespace torg::records
