#include "records/export/table.hpp"

#include "base/file.hpp"
#include "db/testing/temporary_folder.hpp"
#include "runtime/child_process.hpp"
#include "runtime/testing.hpp"

#include <fcntl.h>

#include <gmock/gmock.h>

namespace torg::records {
namespace {

constexpr std::array<ExportColumn, 4> kColumns{
    {{"number", "Diarienummer", "Number", "/number"},
     {"title", "Rubrik", "Title", "/title"},
     {"records", "Handlingar", "Records", "/records", CellKind::number},
     {"day", "Dag", "Day", "/of/day", CellKind::day}}};

ExportTable a_table() {
  ExportTable table{kColumns, true, {}};
  table.rows = {{"KS 2026/00001", "Yttrande över \"vallen\"; bilagor", "12", "2026-11-24"},
                {"KS 2026/00002", "=HYPERLINK(\"http://evil.example\")", "0", ""}};
  return table;
}

TEST(ExportTable, TakesCellsFromALine) {
  auto const line =
      parse_json(R"({"number":"KS 1","records":3,"of":{"day":"2026-11-24"},"title":null})").value();
  EXPECT_THAT(cells_of(kColumns, line), ::testing::ElementsAre("KS 1", "", "3", "2026-11-24"));
}

TEST(ExportTable, WritesCsvThatQuotesWhatNeedsIt) {
  EXPECT_EQ(to_csv(a_table(), ByteOrderMark::none),
            "Diarienummer,Rubrik,Handlingar,Dag\r\n"
            "KS 2026/00001,\"Yttrande över \"\"vallen\"\"; bilagor\",12,2026-11-24\r\n"
            "KS 2026/00002,\"'=HYPERLINK(\"\"http://evil.example\"\")\",0,\r\n");
  EXPECT_TRUE(to_csv(a_table(), ByteOrderMark::utf8)
                  .starts_with("\xef\xbb\xbf"
                               "Diarienummer"));
}

class Formulas : public ::testing::TestWithParam<std::string> {};
INSTANTIATE_TEST_SUITE_P(All, Formulas,
                         ::testing::Values("=1+1", "+46 70 1", "-2", "@SUM(A1)", "\t=1", "\r=1", "\n=1"));

TEST_P(Formulas, BeginNoCellOfACsv) {
  ExportTable table{std::span(kColumns).first(1), false, {{GetParam()}}};
  EXPECT_EQ(to_csv(table, ByteOrderMark::none), "Number\r\n\"'" + GetParam() + "\"\r\n");
}

TEST(ExportTable, WritesJsonWithNumbersAsNumbers) {
  auto const lines = parse_json(to_json_text(a_table())).value();
  EXPECT_EQ(lines.at(0).at("records"), 12);
  EXPECT_EQ(lines.at(1).at("title"), "=HYPERLINK(\"http://evil.example\")");
}

/// Another program reads the workbook: its cells as type and value, a line each.
constexpr std::string_view kReader = R"py(
import sys, zipfile, xml.etree.ElementTree as E
z = zipfile.ZipFile(sys.argv[1]); n = '{http://schemas.openxmlformats.org/spreadsheetml/2006/main}'
assert z.testzip() is None
shared = [''.join(t.text or '' for t in s.iter(n + 't')) for s in E.fromstring(z.read('xl/sharedStrings.xml'))]
for c in E.fromstring(z.read('xl/worksheets/sheet1.xml')).iter(n + 'c'):
    assert c.find(n + 'f') is None, 'a formula'
    v = c.find(n + 'v').text
    print(c.get('r'), 'text ' + shared[int(v)] if c.get('t') == 's' else 'number ' + v)
)py";

TEST(ExportTable, WritesAWorkbookThatAnotherProgramReads) {
  auto const bytes = to_xlsx(a_table(), "Sökning");
  ASSERT_TRUE(bytes) << bytes.error().detail;
  db::TemporaryFolder const folder;
  auto const path = folder.path() / "list.xlsx";
  ASSERT_TRUE(write_all(open_file(path, O_WRONLY | O_CREAT).get(), *bytes));
  RealRuntime runtime{1};
  ChildCommand command{.arguments = {"/usr/bin/python3", "-c", std::string(kReader), path.string()},
                       .environment = {"PYTHONIOENCODING=utf-8"},
                       .input = {}};
  command.deadline = std::chrono::seconds(60);
  auto const read = run(runtime, run_child(runtime, std::move(command)));
  ASSERT_TRUE(read);
  ASSERT_EQ(read->exit_code, 0) << read->errors;
  for (auto const* cell :
       {"A1 text Diarienummer\n", "B2 text Yttrande över \"vallen\"; bilagor\n", "C2 number 12\n",
        "D2 number 46350\n", "B3 text =HYPERLINK(\"http://evil.example\")\n"})
    EXPECT_THAT(read->output, ::testing::HasSubstr(cell));
}

}  // namespace
}  // namespace torg::records
