#pragma once
#include "records/log/commitment.hpp"

#include <string_view>

namespace torg::records {

/// The field of a record entry that commits to the list of its files, and the name each file is committed
/// under.
inline constexpr std::string_view kFilesField = "files";
inline constexpr std::string_view kFileName = "file";

/// What opens one commitment. A destroyed one keeps its name alone.
struct Opening {
  std::string name;
  json::value value;
  Salt salt{};
  bool destroyed = false;
};
/// Forgets value and salt.
void destroy(Opening& opening);

struct Openings {
  std::vector<Opening> fields;  ///< in order of the leaf
  std::vector<Opening> files;   ///< members of the field `files`
};

/// The two columns openings are stored in: a text with names and values, and the salts end to end.
struct StoredOpenings {
  std::string values, salts;
};
[[nodiscard]] StoredOpenings to_stored(Openings const& openings);
/// @throws std::runtime_error when the columns do not belong together
[[nodiscard]] Openings from_stored(std::string_view values, std::string_view salts);

}  // namespace torg::records
