#pragma once
#include "db/database.hpp"
#include "governance/governance.hpp"
#include "records/register/number_pattern.hpp"

#include <map>

// The series of an authority: several registers, each with numbers of its own, and which record types go
// where.
namespace torg::records {

struct NumberSeries {
  std::int64_t n = 0;  ///< stays for ever; 0 is the first
  std::string name_sv, name_en;
  NumberPattern pattern = NumberPattern::standard();
  std::vector<std::string>
      record_types;      ///< those that open their cases here; none: all that go nowhere else
  bool retired = false;  ///< opens no case any more; its cases go on
};
using SeriesByAuthority = std::map<AuthorityId, std::vector<NumberSeries>>;

/// What an authority has that has set nothing.
[[nodiscard]] NumberSeries first_series();
/// The series that a case of this record type is opened in.
/// @pre one series in use has no record types
[[nodiscard]] NumberSeries const& series_for(std::vector<NumberSeries> const& all,
                                             std::string_view record_type);

/// One line of a new list of series.
struct WantedSeries {
  std::optional<std::int64_t> n;  ///< one there is already; none: a new one
  std::string name_sv, name_en, pattern;
  std::vector<std::string> record_types;
};
struct SeriesProblem {
  std::size_t place = 0;  ///< in the list
  Bilingual why;
};
struct SeriesChange {
  AuthorityId authority;
  std::string code;  ///< of the authority, as its numbers have it
  std::vector<WantedSeries> wanted;
};
/// What others there are: `series` of every authority, and their codes.
struct AllSeries {
  SeriesByAuthority series;
  std::map<AuthorityId, std::string> codes;
};

/// The series as they will be, or every reason against it at once. Series that are not in the list any more
/// are retired when `is_used` says that they have given numbers, and gone otherwise; such a pattern changes
/// in its widths only. No two patterns of all authorities could ever write the same number, retired ones
/// included.
[[nodiscard]] std::expected<std::vector<NumberSeries>, std::vector<SeriesProblem>> changed_series(
    SeriesChange const& change, AllSeries const& before, std::function<bool(std::int64_t n)> const& is_used);

/// All SQL of series.
namespace series_store {

[[nodiscard]] SeriesByAuthority all(db::Reader& reader);
void put(db::Transaction& transaction, AuthorityId authority, std::vector<NumberSeries> const& series);

}  // namespace series_store

}  // namespace torg::records
