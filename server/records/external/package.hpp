#pragma once
#include "governance/types.hpp"
#include "records/external/handover.hpp"

namespace torg::records {

/// One file of what is handed over; its bytes are here, or in a blob.
struct ExternalPart {
  int n = 0;         ///< from 1, in the order of `files`
  std::string path;  ///< `manifest.json`, `ERMS.xml`, `files/003-vall.pdf`
  std::string role;  ///< manifest, metadata, original, attachment
  std::string name, type, sha256;
  std::int64_t size = 0;
  std::string bytes;
  db::BlobId blob;  ///< empty: `bytes` are all
};

/// Everything that a register gets of one record.
struct ExternalPackage {
  std::string key;
  std::string record;  ///< JSON: `record.json`, and the body of the request
  std::vector<ExternalPart> parts;
};

/// What a package says of its surroundings.
struct ExternalSender {
  governance::Authority authority;
  std::string server_name;
  std::string by_name;    ///< of who lifted it
  std::string answer_to;  ///< address for an answer that comes later; may be empty
};

[[nodiscard]] ExternalPackage external_package(Delivery const& handover, ExternalSender const& sender);

/// The record's description as ERMS 2.1.2 (CITS ERMS; FGS Ärendehantering 2.0): one `record` outside any
/// aggregation, since the register decides on the case.
[[nodiscard]] std::string erms_xml(Delivery const& handover, ExternalSender const& sender,
                                   std::vector<ExternalPart> const& parts);

}  // namespace torg::records
