#pragma once
#include "db/blobs.hpp"
#include "records/external/way.hpp"
#include "runtime/runtime.hpp"

#include <filesystem>

namespace torg::records {

/// A register that watches a folder: Torg writes `out/<key>/`, all of it or nothing; the register writes
/// `in/<key>.json` (docs/external-register.md).
class FolderWay final : public ExternalWay {
 public:
  FolderWay(Runtime& runtime, db::Blobs& blobs, std::filesystem::path folder)
      : runtime_(runtime), blobs_(blobs), folder_(std::move(folder)) {}

  Task<Result<ExternalAnswer>> hand_over(ExternalPackage package) override;
  Task<Result<ExternalAnswer>> ask(std::string key) override;
  Task<> settled(std::string key) override;
  [[nodiscard]] bool is_secret(std::string_view) const override { return false; }
  [[nodiscard]] std::chrono::milliseconds pause(int asked) const override;

 private:
  Runtime& runtime_;
  db::Blobs& blobs_;
  std::filesystem::path folder_;
};

}  // namespace torg::records
