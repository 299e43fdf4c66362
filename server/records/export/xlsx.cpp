// The library writes to a path only; the path is that of a file in memory, so that nothing is left on a disk.
#include "base/file.hpp"
#include "governance/zone.hpp"
#include "records/export/table.hpp"
#include "records/export/xlsxwriter.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <fmt/format.h>

namespace torg::records {
namespace {

constexpr std::size_t kLongestCell = 32'767;  // characters, what a cell may hold

struct Styles {
  lxw_format* heading;
  lxw_format* day;
  lxw_format* time;
};

/// A cell's text, cut where XLSX ends, at a character.
std::string fitting(std::string const& text) {
  if (text.size() <= kLongestCell) return text;
  auto end = kLongestCell;
  while ((static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end);
}

/// @return false when it is no day, or one that workbooks don't know
bool write_date(lxw_worksheet* sheet, lxw_row_t row, lxw_col_t column, std::string const& text,
                Styles const& styles) {
  constexpr std::size_t kDay = 10, kTime = 16;  // 2026-11-24 09:14
  auto const day = governance::parse_day(std::string_view(text).substr(0, kDay));
  std::chrono::year_month_day const date(day.value_or(governance::Day{}));
  if (!day || static_cast<int>(date.year()) < 1901) return false;
  lxw_datetime value{};
  value.year = static_cast<int>(date.year());
  value.month = static_cast<int>(static_cast<unsigned>(date.month()));
  value.day = static_cast<int>(static_cast<unsigned>(date.day()));
  bool const timed = text.size() == kTime;
  if (timed) {
    value.hour = std::stoi(text.substr(kDay + 1, 2));
    value.min = std::stoi(text.substr(kDay + 4, 2));
  }
  return worksheet_write_datetime(sheet, row, column, &value, timed ? styles.time : styles.day) ==
         LXW_NO_ERROR;
}

void write_cell(lxw_worksheet* sheet, lxw_row_t row, lxw_col_t column, CellKind kind, std::string const& text,
                Styles const& styles) {
  if (text.empty()) return;
  if (kind == CellKind::number) {
    worksheet_write_number(sheet, row, column, std::stod(text), nullptr);
    return;
  }
  bool const is_date = kind == CellKind::day || kind == CellKind::time;
  if (is_date && write_date(sheet, row, column, text, styles)) return;
  worksheet_write_string(sheet, row, column, fitting(text).c_str(), nullptr);
}

void write_sheet(lxw_worksheet* sheet, ExportTable const& table, Styles const& styles) {
  constexpr double kNarrow = 14, kWide = 32;  // characters
  for (std::size_t n = 0; n < table.columns.size(); ++n) {
    auto const column = static_cast<lxw_col_t>(n);
    auto const& what = table.columns[n];
    worksheet_set_column(sheet, column, column, what.kind == CellKind::text ? kWide : kNarrow, nullptr);
    auto const heading = std::string(table.swedish ? what.heading_sv : what.heading_en);
    worksheet_write_string(sheet, 0, column, heading.c_str(), styles.heading);
  }
  worksheet_freeze_panes(sheet, 1, 0);
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    for (std::size_t n = 0; n < table.columns.size(); ++n)
      write_cell(sheet, static_cast<lxw_row_t>(r + 1), static_cast<lxw_col_t>(n), table.columns[n].kind,
                 table.rows[r][n], styles);
  }
}

Result<std::string> read_all(int file) {
  auto const size = ::lseek(file, 0, SEEK_END);
  std::string bytes(static_cast<std::size_t>(std::max<off_t>(size, 0)), '\0');
  if (size <= 0 || ::pread(file, bytes.data(), bytes.size(), 0) != size)
    return fail(ErrorCode::internal, "The workbook could not be made.", "reading it back failed");
  return bytes;
}

}  // namespace

Result<std::string> to_xlsx(ExportTable const& table, std::string const& sheet) {
  Descriptor const file(::memfd_create("torg-xlsx", MFD_CLOEXEC));
  if (file.get() < 0)
    return fail(ErrorCode::internal, "The workbook could not be made.", "no file in memory");
  auto const path = fmt::format("/proc/self/fd/{}", file.get());
  auto* const book = workbook_new(path.c_str());
  if (book == nullptr) return fail(ErrorCode::internal, "The workbook could not be made.", "workbook_new");
  Styles const styles{workbook_add_format(book), workbook_add_format(book), workbook_add_format(book)};
  format_set_bold(styles.heading);
  format_set_num_format(styles.day, "yyyy-mm-dd");
  format_set_num_format(styles.time, "yyyy-mm-dd hh:mm");
  auto* const page = workbook_add_worksheet(book, sheet.c_str());
  if (page != nullptr) write_sheet(page, table, styles);
  if (auto const error = workbook_close(book); error != LXW_NO_ERROR || page == nullptr)
    return fail(ErrorCode::internal, "The workbook could not be made.",
                fmt::format("libxlsxwriter: {}", static_cast<int>(error)));
  return read_all(file.get());
}

}  // namespace torg::records
