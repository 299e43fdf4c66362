#include "records/import/sheet.hpp"

#include "base/encoding.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace torg::records {
namespace {

constexpr std::string_view kMark = "\xef\xbb\xbf";

char separator_of(std::string_view bytes) {
  auto const line = bytes.substr(0, bytes.find('\n'));
  char best = ',';
  for (char const c : {';', '\t'})
    if (std::ranges::count(line, c) > std::ranges::count(line, best)) best = c;
  return best;
}

/// Takes the text apart cell by cell.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes), separator_(separator_of(bytes)) {}

  Result<Sheet> read() {
    while (!rest_.empty()) {
      auto ended = read_cell();
      if (!ended) return std::unexpected(ended.error());
      if (*ended) {
        if (auto done = end_row(); !done) return std::unexpected(done.error());
      }
    }
    if (!row_.empty()) {
      if (auto done = end_row(); !done) return std::unexpected(done.error());
    }
    auto const is_empty = [](auto const& row) { return std::ranges::all_of(row, &std::string::empty); };
    while (!sheet_.rows.empty() && is_empty(sheet_.rows.back())) sheet_.rows.pop_back();
    return std::move(sheet_);
  }

 private:
  [[nodiscard]] std::unexpected<Error> broken(std::string_view why) const {
    return fail(ErrorCode::invalid_param, fmt::format("Line {}: {}", sheet_.rows.size() + 1, why));
  }
  Result<> end_row() {
    if (sheet_.rows.size() == kMostSheetRows)
      return fail(ErrorCode::too_large, "A file has 50,000 rows at most. Split it.");
    sheet_.rows.push_back(std::move(row_));
    row_.clear();
    return {};
  }
  /// @return whether the row ended with it
  Result<bool> read_cell() {
    std::string cell;
    if (rest_.starts_with('"')) {
      if (auto read = read_quoted(cell); !read) return std::unexpected(read.error());
    } else {
      auto const end =
          std::ranges::find_if(rest_, [&](char c) { return c == separator_ || c == '\n' || c == '\r'; });
      cell.assign(rest_.begin(), end);
      rest_.remove_prefix(cell.size());
    }
    if (cell.size() > kMostCellBytes) return broken("a cell is larger than 32 kB.");
    if (row_.size() == kMostSheetColumns) return broken("there are more than 100 columns.");
    row_.push_back(std::move(cell));
    if (rest_.empty()) return true;
    if (rest_.front() == separator_) {
      rest_.remove_prefix(1);
      if (rest_.empty()) row_.emplace_back();
      return rest_.empty();
    }
    if (rest_.starts_with('\r')) rest_.remove_prefix(1);
    if (rest_.starts_with('\n')) rest_.remove_prefix(1);
    return true;
  }
  Result<> read_quoted(std::string& cell) {
    rest_.remove_prefix(1);
    for (;;) {
      auto const end = rest_.find('"');
      if (end == std::string_view::npos) return broken("a quotation mark is never closed.");
      cell.append(rest_.substr(0, end));
      rest_.remove_prefix(end + 1);
      if (!rest_.starts_with('"')) break;
      cell += '"';
      rest_.remove_prefix(1);
    }
    bool const ended =
        rest_.empty() || rest_.front() == separator_ || rest_.front() == '\n' || rest_.front() == '\r';
    if (!ended) return broken("text follows a closing quotation mark.");
    return {};
  }

  std::string_view rest_;
  char separator_;
  Sheet sheet_;
  std::vector<std::string> row_;
};

}  // namespace

bool looks_like_xlsx(std::string_view bytes) { return bytes.starts_with("PK\x03\x04"); }

Result<Sheet> parse_csv(std::string_view bytes) {
  if (bytes.size() > kMostSheetBytes)
    return fail(ErrorCode::too_large, "A file has 20 MB at most. Split it.");
  if (bytes.starts_with(kMark)) bytes.remove_prefix(kMark.size());
  if (bytes.contains('\0') || !is_valid_utf8(bytes))
    return fail(ErrorCode::invalid_param, "The file is not text in UTF-8. Save it as CSV UTF-8.");
  return Reader(bytes).read();
}

}  // namespace torg::records
