#pragma once
#include "base/json.hpp"
#include "records/rules/types.hpp"

#include <span>
#include <string>
#include <vector>

// Lists as files: rows of text under headings, written as CSV, JSON or XLSX. Pure.
namespace torg::records {

enum class ExportFormat : std::uint8_t { csv, json, xlsx };
[[nodiscard]] std::optional<ExportFormat> parse_export_format(std::string_view text);

/// `day` is written 2026-11-24 and `time` 2026-11-24 09:14, in the authority's zone; XLSX gets real dates and
/// numbers.
enum class CellKind : std::uint8_t { text, number, day, time };

struct ExportColumn {
  std::string_view name;  ///< of the member in JSON
  std::string_view heading_sv, heading_en;
  std::string_view pointer;  ///< where the value is in the list's JSON (RFC 6901); `time` reads milliseconds
  CellKind kind = CellKind::text;
};

/// `rows` have a cell for each column.
struct ExportTable {
  std::span<ExportColumn const> columns;
  bool swedish = true;  ///< headings
  std::vector<std::vector<std::string>> rows;
};

/// The value of each column in one line of a list; empty where there is none.
[[nodiscard]] std::vector<std::string> cells_of(std::span<ExportColumn const> columns,
                                                json::value const& line);

enum class ByteOrderMark : std::uint8_t { none, utf8 };
/// RFC 4180, UTF-8. A cell that a spreadsheet would take for a formula (it begins with `=`, `+`, `-`, `@`, a
/// tab or a line end) gets an apostrophe before it.
/// @see https://www.rfc-editor.org/rfc/rfc4180
[[nodiscard]] std::string to_csv(ExportTable const& table, ByteOrderMark mark);
/// An array of objects by the columns' names; numbers are numbers.
[[nodiscard]] std::string to_json_text(ExportTable const& table);
/// Every text is a text: nothing is ever a formula. `internal` when the library isn't installed or fails.
[[nodiscard]] Result<std::string> to_xlsx(ExportTable const& table, std::string const& sheet);

}  // namespace torg::records
