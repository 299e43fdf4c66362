#pragma once
#include "records/verify/log_check.hpp"

namespace torg::records {

/// One record with all that hangs on it, and what the log says of it.
struct RecordCase {
  verify_store::RecordRow row;
  std::vector<verify_store::FileRow> files;
  std::vector<verify_store::CorrectionRow> corrections;
  std::optional<verify_store::Manifest> manifest;
  std::vector<verify_store::LeafRow> entries;  ///< in order
};

/// Holds a row of the register against the entries of the log about it: what was registered, corrected,
/// shown, rendered and disposed of.
void check_record(VerifyReport& report, RecordCase const& of);

/// All records, page by page; then the cases' counts.
void check_register(db::Reader& reader, VerifyReport& report);
void check_disposals(db::Reader& reader, VerifyReport& report);
/// Numbers kept for bad days, and those declared void.
void check_reserved(db::Reader& reader, VerifyReport& report);
/// Reads what hangs on `row`.
[[nodiscard]] RecordCase read_record(db::Reader& reader, verify_store::RecordRow row);

}  // namespace torg::records
