#pragma once
#include "base/result.hpp"

#include <cstdint>
#include <filesystem>
#include <string>

namespace torg::db {

/// The name of a blob: SHA-256 of its bytes, 64 hexadecimal digits.
struct BlobId {
  std::string value;
  friend auto operator<=>(BlobId const&, BlobId const&) = default;
};

/// Content-addressed files under `root/ab/cd…`. Who refers to a blob is the referring slice's business, in
/// its own tables; a blob is removed only by `remove`. Every function blocks: call it through
/// `run_offloaded`.
class Blobs {
 public:
  /// `temporary` is on the same file system; it is emptied by whoever owns the data directory at start.
  Blobs(std::filesystem::path root, std::filesystem::path temporary);

  struct Stored {
    BlobId id;
    std::uint64_t size = 0;
  };
  /// Durable (file and folder synced) when it returns. Storing the same bytes twice is one file.
  [[nodiscard]] Result<Stored> put(std::string_view bytes);
  /// Takes over the file at `path`, which lies in `temporary`, by renaming it.
  [[nodiscard]] Result<Stored> adopt(std::filesystem::path const& path);
  [[nodiscard]] Result<std::string> read(BlobId const& id, std::uint64_t limit) const;
  /// Path to open for streaming; `not_found` when there is none.
  [[nodiscard]] Result<std::filesystem::path> path(BlobId const& id) const;
  /// Gone, and its folder synced, when it returns; no error when it was not there.
  [[nodiscard]] Result<> remove(BlobId const& id);

 private:
  std::filesystem::path root_;
  std::filesystem::path temporary_;
};

}  // namespace torg::db
