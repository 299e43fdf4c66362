#pragma once
#include "records/register/views.hpp"

namespace torg::records {

/// What is done with a file of a record.
enum class FileKind : std::uint8_t { picture, text, pdf, office, other };
[[nodiscard]] std::string_view to_text(FileKind kind);  ///< as the worker calls it

struct ClaimedKind {
  FileKind kind = FileKind::other;
  std::string type;  ///< in the name that the worker knows
};
/// By what the file is said to be: its type, or its name where the type says nothing. What it is, the worker
/// looks at.
[[nodiscard]] ClaimedKind claimed_kind(FileView const& file);

}  // namespace torg::records
