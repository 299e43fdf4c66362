#pragma once
#include "base/file.hpp"
#include "base/result.hpp"

#include <filesystem>

namespace torg::app {

/// The folder that holds everything: `torg.db`, `blobs/`, `keys/` (0700), `tmp/` (emptied at start), `LOCK`.
/// One process at a time has it.
class DataDirectory {
 public:
  /// Makes what is missing. `unavailable` when another process has it, with a sentence that says so.
  static Result<DataDirectory> open(std::filesystem::path root);

  /// Takes one that is there without writing to it, so that no server starts on it meanwhile. `not_found`
  /// when it is none, `unavailable` as above.
  static Result<DataDirectory> open_to_read(std::filesystem::path root);

  [[nodiscard]] std::filesystem::path database() const { return root_ / "torg.db"; }
  [[nodiscard]] std::filesystem::path blobs() const { return root_ / "blobs"; }
  [[nodiscard]] std::filesystem::path keys() const { return root_ / "keys"; }
  [[nodiscard]] std::filesystem::path temporary() const { return root_ / "tmp"; }

 private:
  DataDirectory(std::filesystem::path root, Descriptor lock)
      : root_(std::move(root)), lock_(std::move(lock)) {}

  std::filesystem::path root_;
  Descriptor lock_;
};

}  // namespace torg::app
