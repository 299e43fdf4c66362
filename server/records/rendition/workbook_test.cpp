#include "records/export/table.hpp"
#include "records/rendition/renderer.hpp"
#include "records/text/csv.hpp"
#include "runtime/testing.hpp"

#include <array>
#include <cstdlib>

#include <gmock/gmock.h>

namespace torg::records {
namespace {

using ::testing::ElementsAre;

/// Runs only where the worker's Python is: script/test names it.
class Workbook : public ::testing::Test {
 protected:
  void SetUp() override {
    auto const* const python = std::getenv("TORG_RENDITION_WORKER");
    if (!python) GTEST_SKIP() << "TORG_RENDITION_WORKER is not set";
    renderer.emplace(runtime, RenditionPrograms{python, ""});
  }
  Result<std::string> table(std::string bytes) { return run(runtime, renderer->table(std::move(bytes))); }

  RealRuntime runtime{2};
  std::optional<Renderer> renderer;
};

constexpr std::array<ExportColumn, 3> kColumns{{{"number", "Diarienummer", "Number", "/number"},
                                                {"day", "Datum", "Day", "/day", CellKind::day},
                                                {"records", "Antal", "Count", "/records", CellKind::number}}};

TEST_F(Workbook, IsReadAsTheTableThatASpreadsheetShows) {
  ExportTable const list{kColumns, true, {{"KS 2019/00041-1", "2019-02-01", "12"}, {"\"a;b\"\nc", "", ""}}};
  auto const csv = table(to_xlsx(list, "Lista").value());
  ASSERT_TRUE(csv) << csv.error().message << csv.error().detail;
  auto const rows = read_csv(*csv).value();
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_THAT(rows[0].cells, ElementsAre("Diarienummer", "Datum", "Antal"));
  EXPECT_THAT(rows[1].cells, ElementsAre("KS 2019/00041-1", "2019-02-01", "12"));
  EXPECT_EQ(rows[2].cells[0], "\"a;b\"\nc");
}

TEST_F(Workbook, ThatIsNoneIsRefused) {
  EXPECT_EQ(table("PK\x03\x04").error().code, ErrorCode::invalid_param);
  EXPECT_EQ(table("").error().code, ErrorCode::invalid_param);
}

TEST(IsWorkbook, IsToldByItsFirstBytes) {
  EXPECT_TRUE(is_workbook("PK\x03\x04 and more"));
  EXPECT_FALSE(is_workbook("Ärende;Rubrik"));
}

}  // namespace
}  // namespace torg::records
