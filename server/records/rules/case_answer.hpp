#pragma once
#include "base/json.hpp"
#include "records/rules/case_file.hpp"

// What the rules say of a worked case, beside what is expected: the answer of `torg assess --case`, and of
// the tests that run every case.
namespace torg::records {

enum class Match : std::uint8_t {
  agrees,
  differs,
  not_expected,  ///< the rules say it, the case expects nothing
  not_decided,   ///< expected of screens and routines around the rules, as `open_secrecy_picker`
};
struct CaseLine {
  std::string field;  ///< `suggested_state`, as in the file
  std::string said, expected;
  Match match = Match::agrees;
};
/// What the rules say when the authority reads the law that way.
struct ReadingAnswer {
  std::string reading;  ///< `drafts_stay`
  std::string said, expected;
  bool known = true;  ///< a setting gives this reading
  bool agrees = true;
};
struct CaseAnswer {
  std::string id, situation;
  std::vector<std::string> rules;  ///< that decided, by number
  std::vector<CaseLine> lines;
  std::vector<ReadingAnswer> readings;
  [[nodiscard]] bool agrees() const;
};

[[nodiscard]] CaseAnswer answer(WorkedCase const& worked, Settings const& settings);
/// The settings under which the law is read as `reading` says; none: no setting gives it.
[[nodiscard]] std::optional<Settings> settings_for(std::string_view reading, Settings settings);

[[nodiscard]] json::object to_json(CaseAnswer const& answer);
/// For a terminal; what agrees takes one line.
[[nodiscard]] std::string to_text(CaseAnswer const& answer);

}  // namespace torg::records
