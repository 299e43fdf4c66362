#pragma once
#include "base/result.hpp"

#include <filesystem>

namespace torg::app {

/// The folder that holds everything: `torg.db`, `blobs/`, `keys/` (0700), `tmp/` (emptied at start), `LOCK`.
/// One process at a time has it.
class DataDirectory {
 public:
  /// Makes what is missing. `unavailable` when another process has it, with a sentence that says so.
  static Result<DataDirectory> open(std::filesystem::path root);

  DataDirectory(DataDirectory&& other) noexcept
      : root_(std::move(other.root_)), lock_(std::exchange(other.lock_, -1)) {}
  DataDirectory& operator=(DataDirectory&&) = delete;
  ~DataDirectory();

  [[nodiscard]] std::filesystem::path database() const { return root_ / "torg.db"; }
  [[nodiscard]] std::filesystem::path blobs() const { return root_ / "blobs"; }
  [[nodiscard]] std::filesystem::path keys() const { return root_ / "keys"; }
  [[nodiscard]] std::filesystem::path temporary() const { return root_ / "tmp"; }

 private:
  DataDirectory(std::filesystem::path root, int lock) : root_(std::move(root)), lock_(lock) {}

  std::filesystem::path root_;
  int lock_ = -1;
};

}  // namespace torg::app
