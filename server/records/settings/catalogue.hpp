#pragma once
#include "base/result.hpp"
#include "records/rules/settings.hpp"
#include "records/rules/types.hpp"

#include <span>

namespace torg::records {

/// One way to read unsettled law, or one choice; the first of a setting is its default.
struct Reading {
  std::string_view name;  ///< `access_is_dispatch`
  Bilingual words;
};

/// One thing that an authority sets for itself.
struct Setting {
  enum class Kind : std::uint8_t { reading, working_days, time_of_day, hours };
  std::string_view key;  ///< `joint_posts`
  std::string_view rule;
  Bilingual what;
  Kind kind = Kind::reading;
  std::vector<Reading> readings;  ///< of kind `reading`
  int least = 0, most = 0;        ///< of the others: working days, hours, minutes after midnight
  int (*get)(Settings const&) = nullptr;
  void (*set)(Settings&, int) = nullptr;
};

/// All there are, in the order in which they are shown.
[[nodiscard]] std::span<Setting const> all_settings();
[[nodiscard]] Setting const* find_setting(std::string_view key);

/// `access_is_dispatch`, `20`, `16:30`
[[nodiscard]] std::string value_of(Setting const& setting, Settings const& settings);
/// `invalid_param` says what can be chosen.
[[nodiscard]] Result<> put_value(Setting const& setting, Settings& settings, std::string_view value);

}  // namespace torg::records
