#pragma once
#include "db/database.hpp"
#include "records/log/head.hpp"
#include "records/verify/verify.hpp"

#include <filesystem>

// Verification of a whole data directory: the log against itself, tree heads, register, corrections,
// disposals, originals and files. Reads only; what is in memory does not grow with the register.
namespace torg::records {

/// A head that somebody kept outside the database.
struct KeptCopy {
  std::string name;  ///< as findings call it: `keys/log.head`
  SignedHead head;
};

struct DirectoryRequest {
  std::filesystem::path blobs;
  std::string log;                         ///< its name: the server's
  std::optional<crypto::PublicKey> key;    ///< the key the log has now; none: that of the newest kept head
  std::optional<crypto::PublicKey> known;  ///< a key of the log that somebody knows from elsewhere
  std::vector<KeptCopy> kept;
  /// What certificates of time stamping must chain up to (PEM); empty: any authority counts.
  std::string timestamp_roots;
};

/// @throws db::Failure when the database can't be read
[[nodiscard]] VerifyReport verify_directory(db::Reader& reader, DirectoryRequest const& request);

/// The same for one record and what it rests on: its entries, their places in the tree, its files.
/// `not_found`. @throws db::Failure
[[nodiscard]] Result<VerifyReport> verify_record(db::Reader& reader, DirectoryRequest const& request,
                                                 std::string_view number);

}  // namespace torg::records
