#pragma once
#include "db/blobs.hpp"
#include "net/http.hpp"

#include <filesystem>

namespace torg::matrix {

/// What is sent of a stored file, and as what.
struct Delivery {
  db::BlobId blob;  ///< makes the entity tag
  std::filesystem::path path;
  std::uint64_t size = 0;
  std::string content_type;
  std::string file_name;  ///< empty: none
};

/// The answer to a request for a file: whole, one part of it (206), or nothing new (304); 416 when it asks
/// for what lies beyond the end. A browser shows only types that the specification calls safe.
[[nodiscard]] net::Response deliver(net::Request const& request, Delivery delivery);

/// Types a browser may show in place; everything else is downloaded.
/// @see https://spec.matrix.org/v1.19/client-server-api/#serving-inline-content
[[nodiscard]] bool is_shown_in_place(std::string_view content_type);

}  // namespace torg::matrix
