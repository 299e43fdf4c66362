#pragma once
#include "records/log/proof.hpp"
#include "records/verify/verify.hpp"

namespace torg::records {

/// An exported register: the head it was made against, then every entry of the log in order.
struct RegisterExport {
  SignedHead head;
  std::vector<ShownEntry> entries;
};
/// Reads JSON lines; `bad_json` names the line.
[[nodiscard]] Result<RegisterExport> parse_register(std::string_view lines);

void verify_register(VerifyReport& report, RegisterExport const& exported, SignedHead const* earlier);

}  // namespace torg::records
