#pragma once
#include "records/register/views.hpp"
#include "records/rules/types.hpp"
#include "records/text/csv.hpp"

#include <optional>

// What a sheet says of cases and records, line by line. Pure.
namespace torg::records {

/// One line: a record in its case, or a case alone when it has no number of a record.
struct ImportLine {
  std::int64_t line = 0;  ///< in the file, the headings being 1
  std::string case_number, case_title, number;
  std::optional<Day> opened, closed;
  std::string title, internal_title, sender, recipient, record_type, classification, secrecy;
  Direction direction = Direction::in;
  bool private_person = false;
  std::optional<Day> day;           ///< came or made
  std::vector<Bilingual> problems;  ///< why it can't be taken
  std::string cells;                ///< the line as it stood, JSON: what the record's manifest keeps
};

struct ImportSheet {
  std::vector<ImportLine> lines;
  std::vector<std::string> ignored;  ///< headings that mean nothing here
};

/// Reads the headings, Swedish or English, as the exports write them. `invalid_param` when there is none for
/// a case's number.
[[nodiscard]] Result<ImportSheet> read_lines(std::vector<CsvRow> const& table);

}  // namespace torg::records
