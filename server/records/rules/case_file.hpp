#pragma once
#include "base/result.hpp"
#include "records/rules/duties.hpp"
#include "records/rules/inputs.hpp"

#include <map>

// Files of worked cases: tests/data/assessment-cases.json, and those that others write to try the rules with
// `torg assess --case`. The file comes from outside: whatever can't be understood is an error that names the
// case and the field.
namespace torg::records {

inline constexpr std::size_t kMaxCaseFile = 16 << 20;  ///< bytes
inline constexpr std::size_t kMaxCases = 10'000;

/// One of the ways to read unsettled law that a case names, with the state it would have.
struct CaseReading {
  std::string name;   ///< `drafts_stay`
  std::string state;  ///< empty: not about a state
};

/// A situation and what somebody expects of the rules.
struct WorkedCase {
  std::string id;  ///< `RC05`
  std::string area, situation;
  std::vector<std::string> rules;
  std::optional<Law> law{};  ///< of a neighbour
  bool is_item = true;       ///< decided by `assess`; else by `advise`
  Inputs item{};
  Matter matter{};
  /// By field of the file, in words: a list as its sorted parts, null as an empty text. What a case leaves
  /// out is not compared.
  std::map<std::string, std::string> expected;
  std::vector<CaseReading> readings;  ///< of a contested case
};

/// One case, an array of them, or an object with `cases`. `not_json`, `too_large`; `invalid_param` names the
/// case and what is wrong with it.
[[nodiscard]] Result<std::vector<WorkedCase>> read_cases(std::string_view text);

}  // namespace torg::records
