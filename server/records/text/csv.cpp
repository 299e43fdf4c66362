#include "records/text/csv.hpp"

#include "base/encoding.hpp"

#include <algorithm>
#include <array>
#include <csv.h>
#include <memory>

#include <fmt/format.h>

namespace torg::records {
namespace {

char separator_of(std::string_view text) {
  auto const head = text.substr(0, text.find('\n'));
  static constexpr std::array kSeparators{',', ';', '\t'};
  return *std::ranges::max_element(kSeparators, {},
                                   [&](char sign) { return std::ranges::count(head, sign); });
}

/// What libcsv tells of cells and ends of rows, made into rows.
class Rows {
 public:
  void add_cell(std::string_view cell) {
    if (row_.cells.size() == kMaxCsvCells) return refuse("has too many cells");
    if (cell.size() > kMaxCsvCell) return refuse("has a cell that is too long");
    row_.cells.emplace_back(cell);
  }

  /// `sign` is what ended the row, -1 the end of the text. The two signs of CRLF are told of one by one.
  void end_row(int sign) {
    bool const second_half = sign == '\n' && last_ == '\r' && row_.cells.empty();
    last_ = sign;
    if (second_half) return;
    if (row_.number > kMaxCsvRows) return refuse("is one too many: 50,000 rows at most");
    bool const empty = std::ranges::all_of(row_.cells, [](auto const& cell) { return cell.empty(); });
    auto const next = row_.number + 1;
    if (!empty) rows_.push_back(std::move(row_));
    row_ = {next, {}};
  }

  void refuse(std::string_view what, ErrorCode code = ErrorCode::too_large) {
    if (!problem_) problem_ = fail(code, fmt::format("Row {} {}.", row_.number, what)).error();
  }

  [[nodiscard]] bool refused() const { return problem_.has_value(); }

  Result<std::vector<CsvRow>> take() {
    if (problem_) return std::unexpected(std::move(*problem_));
    return std::move(rows_);
  }

 private:
  std::vector<CsvRow> rows_;
  CsvRow row_{1, {}};
  int last_ = 0;
  std::optional<Error> problem_;
};

void on_cell(void* cell, std::size_t size, void* rows) {
  static_cast<Rows*>(rows)->add_cell({static_cast<char const*>(cell), size});
}

void on_row(int sign, void* rows) { static_cast<Rows*>(rows)->end_row(sign); }

int is_no_space(unsigned char) { return 0; }  // spaces belong to the cell

struct FreeParser {
  void operator()(csv_parser* parser) const { csv_free(parser); }
};

void parse(std::string_view text, Rows& rows) {
  csv_parser parser{};
  if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI | CSV_REPALL_NL) != 0) throw std::bad_alloc();
  std::unique_ptr<csv_parser, FreeParser> const freed(&parser);
  csv_set_delim(&parser, static_cast<unsigned char>(separator_of(text)));
  csv_set_space_func(&parser, is_no_space);
  constexpr std::size_t kPiece = std::size_t{64} * 1024;  // so that a refused table is not read to its end
  while (!text.empty() && !rows.refused()) {
    auto const piece = text.substr(0, kPiece);
    if (csv_parse(&parser, piece.data(), piece.size(), on_cell, on_row, &rows) != piece.size())
      return rows.refuse("has a quotation mark where none may stand", ErrorCode::invalid_param);
    text.remove_prefix(piece.size());
  }
  if (!rows.refused() && csv_fini(&parser, on_cell, on_row, &rows) != 0)
    rows.refuse("has an open quotation", ErrorCode::invalid_param);
}

}  // namespace

Result<std::vector<CsvRow>> read_csv(std::string_view text) {
  if (text.size() > kMaxCsvBytes) return fail(ErrorCode::too_large, "A table has 20 MB at most. Split it.");
  if (text.contains('\0') || !is_valid_utf8(text))
    return fail(ErrorCode::invalid_param, "The table must be written in UTF-8. Save it as CSV UTF-8.");
  static constexpr std::string_view kMark = "\xEF\xBB\xBF";
  if (text.starts_with(kMark)) text.remove_prefix(kMark.size());
  Rows rows;
  parse(text, rows);
  return rows.take();
}

}  // namespace torg::records
