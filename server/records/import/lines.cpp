#include "records/import/lines.hpp"

#include "base/json.hpp"
#include "governance/zone.hpp"
#include "records/register/titles.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <ranges>

#include <fmt/format.h>

namespace torg::records {
namespace {

constexpr std::size_t kMostText = 500;  // bytes of a title or a party

enum class Column : std::uint8_t {
  number,
  case_number,
  case_title,
  opened,
  closed,
  title,
  internal_title,
  direction,
  sender,
  recipient,
  day,
  record_type,
  classification,
  secrecy,
  private_person
};
struct Heading {
  Column column;
  std::string_view sv, en;  ///< in lower case
};
constexpr std::array<Heading, 17> kHeadings{{
    {Column::number, "diarienummer", "number"},
    {Column::case_number, "ärende", "case"},
    {Column::case_number, "ärendenummer", "case number"},
    {Column::case_title, "ärendemening", "case title"},
    {Column::opened, "öppnat", "opened"},
    {Column::closed, "avslutat", "closed"},
    {Column::title, "rubrik", "title"},
    {Column::internal_title, "intern rubrik", "internal title"},
    {Column::direction, "riktning", "direction"},
    {Column::sender, "avsändare", "sender"},
    {Column::recipient, "mottagare", "recipient"},
    {Column::day, "inkom eller upprättades", "came or made"},
    {Column::day, "datum", "day"},
    {Column::record_type, "handlingstyp", "record type"},
    {Column::classification, "klassificering", "classification"},
    {Column::secrecy, "sekretessmarkering", "secrecy marking"},
    {Column::private_person, "privatperson", "private person"},
}};
constexpr std::array<std::pair<std::string_view, Direction>, 9> kDirections{
    {{"in", Direction::in},
     {"inkommande", Direction::in},
     {"i", Direction::in},
     {"out", Direction::out},
     {"utgående", Direction::out},
     {"u", Direction::out},
     {"internal", Direction::internal},
     {"upprättad", Direction::internal},
     {"intern", Direction::internal}}};

std::string trimmed(std::string_view text) {
  auto const from = text.find_first_not_of(" \t\r\n");
  if (from == std::string_view::npos) return {};
  return std::string(text.substr(from, text.find_last_not_of(" \t\r\n") - from + 1));
}

using Columns = std::map<std::size_t, Column>;  ///< place → what stands there

class LineReader {
 public:
  LineReader(Columns const& columns, std::vector<std::string> const& headings)
      : columns_(columns), headings_(headings) {}

  ImportLine read(CsvRow const& row) {
    out_ = {};
    out_.line = row.number;
    json::object cells;
    for (std::size_t n = 0; n < row.cells.size() && n < headings_.size(); ++n) {
      cells[headings_[n]] = row.cells[n];
      if (auto const found = columns_.find(n); found != columns_.end())
        take(found->second, trimmed(row.cells[n]));
    }
    out_.cells = json::serialize(cells);
    check();
    return std::move(out_);
  }

 private:
  void problem(std::string sv, std::string en) { out_.problems.push_back({std::move(sv), std::move(en)}); }

  std::optional<Day> day(std::string const& text) {
    if (text.empty()) return std::nullopt;
    auto const found = governance::parse_day(text);
    if (!found)
      problem(fmt::format("”{}” är ingen dag, skriv 2026-11-24.", text),
              fmt::format("“{}” is no day, write 2026-11-24.", text));
    return found;
  }
  Direction direction(std::string const& text) {
    auto const wanted = folded(text);
    auto const found = std::ranges::find(kDirections, std::string_view(wanted),
                                         &std::pair<std::string_view, Direction>::first);
    if (found != kDirections.end()) return found->second;
    if (!text.empty())
      problem(fmt::format("Riktningen ”{}” är okänd: in, out eller internal.", text),
              fmt::format("The direction “{}” is unknown: in, out or internal.", text));
    return Direction::in;
  }
  void take(Column column, std::string text) {
    switch (column) {
      case Column::number:
        out_.number = std::move(text);
        break;
      case Column::case_number:
        out_.case_number = std::move(text);
        break;
      case Column::case_title:
        out_.case_title = std::move(text);
        break;
      case Column::opened:
        out_.opened = day(text);
        break;
      case Column::closed:
        out_.closed = day(text);
        break;
      case Column::title:
        out_.title = std::move(text);
        break;
      case Column::internal_title:
        out_.internal_title = std::move(text);
        break;
      case Column::direction:
        out_.direction = direction(text);
        break;
      case Column::sender:
        out_.sender = std::move(text);
        break;
      case Column::recipient:
        out_.recipient = std::move(text);
        break;
      case Column::day:
        out_.day = day(text);
        break;
      case Column::record_type:
        out_.record_type = std::move(text);
        break;
      case Column::classification:
        out_.classification = std::move(text);
        break;
      case Column::secrecy:
        out_.secrecy = std::move(text);
        break;
      case Column::private_person: {
        auto const answer = folded(text);
        out_.private_person = answer == "ja" || answer == "yes" || answer == "1" || answer == "x";
      }
    }
  }
  void check() {
    if (out_.case_number.empty()) problem("Ärendenummer saknas.", "The case's number is missing.");
    if (out_.number.empty()) {
      if (out_.case_title.empty()) problem("Ett ärende har en ärendemening.", "A case has a title.");
    } else {
      if (out_.title.empty()) problem("En handling har en rubrik.", "A record has a title.");
      if (!out_.day)
        problem("Dagen då handlingen kom in eller upprättades saknas.",
                "The day the record came or was made is missing.");
    }
    for (auto const* text :
         {&out_.case_number, &out_.number, &out_.case_title, &out_.title, &out_.internal_title, &out_.sender,
          &out_.recipient, &out_.record_type, &out_.classification, &out_.secrecy})
      if (text->size() > kMostText)
        problem("En text är längre än 500 tecken.", "A text is longer than 500 characters.");
  }

  Columns const& columns_;
  std::vector<std::string> const& headings_;
  ImportLine out_;
};

}  // namespace

Result<ImportSheet> read_lines(std::vector<CsvRow> const& table) {
  if (table.empty()) return fail(ErrorCode::invalid_param, "The file is empty.");
  ImportSheet out;
  Columns columns;
  auto const& headings = table.front().cells;
  for (std::size_t n = 0; n < headings.size(); ++n) {
    auto const name = folded(trimmed(headings[n]));
    auto const found =
        std::ranges::find_if(kHeadings, [&](Heading const& one) { return one.sv == name || one.en == name; });
    bool const twice = found != kHeadings.end() && std::ranges::any_of(columns, [&](auto const& one) {
                         return one.second == found->column;
                       });
    if (found == kHeadings.end() || twice)
      out.ignored.push_back(headings[n]);
    else
      columns[n] = found->column;
  }
  bool const has_case =
      std::ranges::any_of(columns, [](auto const& one) { return one.second == Column::case_number; });
  if (!has_case)
    return fail(ErrorCode::invalid_param,
                "The first row names no column for the case's number (Ärendenummer, case number).");
  LineReader reader(columns, headings);
  for (auto const& row : table | std::views::drop(1)) out.lines.push_back(reader.read(row));
  return out;
}

}  // namespace torg::records
