#include "records/text/csv.hpp"

#include "base/encoding.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace torg::records {
namespace {

char separator_of(std::string_view text) {
  auto const head = text.substr(0, text.find('\n'));
  static constexpr std::array kSeparators{',', ';', '\t'};
  return *std::ranges::max_element(kSeparators, {},
                                   [&](char sign) { return std::ranges::count(head, sign); });
}

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text), separator_(separator_of(text)) {}

  Result<std::vector<CsvRow>> read() {
    std::vector<CsvRow> rows;
    while (at_ < text_.size()) {
      CsvRow row{++number_, {}};
      if (auto done = read_row(row); !done) return fail(std::move(done));
      bool const empty = std::ranges::all_of(row.cells, [](auto const& cell) { return cell.empty(); });
      if (!empty) rows.push_back(std::move(row));
    }
    return rows;
  }

 private:
  [[nodiscard]] bool at_end_of_line() const {
    return at_ == text_.size() || text_[at_] == '\n' || text_.substr(at_, 2) == "\r\n";
  }

  Result<> read_row(CsvRow& row) {
    for (;;) {
      auto cell = at_ < text_.size() && text_[at_] == '"' ? quoted() : plain();
      if (!cell) return fail(std::move(cell));
      row.cells.push_back(std::move(*cell));
      if (row.cells.size() > kMaxCsvCells) return wrong(ErrorCode::too_large, "has too many cells");
      if (at_end_of_line()) break;
      ++at_;  // the separator
    }
    if (at_ < text_.size()) at_ += text_[at_] == '\r' ? 2 : 1;
    return {};
  }

  Result<std::string> plain() {
    auto const from = at_;
    while (!at_end_of_line() && text_[at_] != separator_) ++at_;
    return std::string(text_.substr(from, at_ - from));
  }

  Result<std::string> quoted() {
    std::string cell;
    for (++at_;;) {
      auto const end = text_.find('"', at_);
      if (end == std::string_view::npos) return wrong(ErrorCode::invalid_param, "has an open quotation");
      cell += text_.substr(at_, end - at_);
      at_ = end + 1;
      if (at_ == text_.size() || text_[at_] != '"') break;
      cell += '"';
      ++at_;
    }
    if (!at_end_of_line() && text_[at_] != separator_)
      return wrong(ErrorCode::invalid_param, "has a sign after a quotation");
    return cell;
  }

  std::unexpected<Error> wrong(ErrorCode code, std::string_view what) const {
    return fail(code, fmt::format("Row {} {}.", number_, what));
  }

  std::string_view text_;
  char separator_;
  std::size_t at_ = 0;
  std::int64_t number_ = 0;
};

}  // namespace

Result<std::vector<CsvRow>> read_csv(std::string_view text) {
  if (text.size() > kMaxCsvBytes) return fail(ErrorCode::too_large, "The table is too large.");
  if (!is_valid_utf8(text)) return fail(ErrorCode::invalid_param, "The table must be written in UTF-8.");
  static constexpr std::string_view kMark = "\xEF\xBB\xBF";
  if (text.starts_with(kMark)) text.remove_prefix(kMark.size());
  return Reader(text).read();
}

}  // namespace torg::records
