#pragma once
#include "records/verify/store.hpp"
#include "records/verify/verify.hpp"

#include <filesystem>

namespace torg::records {

/// Hashes every file of `blobs` against its name, once, and looks whether all that are referred to are there.
void check_blobs(db::Reader& reader, VerifyReport& report, std::filesystem::path const& blobs);
/// The same for one file that a record has.
void check_blob(VerifyReport& report, std::filesystem::path const& blobs, std::string const& blob,
                std::string const& number, std::string const& name);

}  // namespace torg::records
