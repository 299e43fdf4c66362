#pragma once
#include "records/rules/inputs.hpp"
#include "records/rules/settings.hpp"

namespace torg::records {

struct Verdict {
  Status status = Status::not_record;
  Basis basis = Basis::none;
  std::string_view rule;  ///< `R8`
  friend bool operator==(Verdict const&, Verdict const&) = default;
};

/// Whether an item is a public record for one authority, and why: rules R1 to R16 in the order of our
/// decision table, the first that hits decides. Pure.
/// @see docs/rules.md; tryckfrihetsförordningen 2 kap.
[[nodiscard]] Verdict status(Inputs const& item, Settings const& settings);

}  // namespace torg::records
