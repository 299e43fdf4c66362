#pragma once
#include "records/log/head.hpp"

#include <filesystem>
#include <optional>

namespace torg::records {

/// The last head that was given out, in a file beside the log's key, where no backup of the database reaches:
/// a restored database that is older than it shows at the next start. Every function blocks.
class KeptHead {
 public:
  explicit KeptHead(std::filesystem::path path) : path_(std::move(path)) {}

  /// None when there is no file yet; `internal` when it can't be read.
  [[nodiscard]] Result<std::optional<SignedHead>> read() const;
  /// Durable when it returns; the old one or the new one is there after a crash, never half of it.
  [[nodiscard]] Result<> keep(SignedHead const& head) const;

 private:
  std::filesystem::path path_;
};

}  // namespace torg::records
