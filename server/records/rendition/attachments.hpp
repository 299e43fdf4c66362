#pragma once
#include "db/blobs.hpp"
#include "records/rendition/content.hpp"
#include "records/rendition/renderer.hpp"

#include <set>

namespace torg::records {

/// What was read of a record's files.
struct ReadFiles {
  std::vector<ShownFile> shown;
  /// Files of their own, for those of `shown` whose outcome is `separate` and which have no rendition yet, in
  /// that order; their blobs are stored.
  std::vector<FileView> made;
  std::set<std::string> tools;
};

/// Makes the files of a record readable: pictures and texts for its page, office files as PDF/A-2b.
class Attachments {
 public:
  static constexpr std::size_t kMostFiles = 200;
  static constexpr std::int64_t kMostBytes = 100 << 20;  ///< of a file
  static constexpr std::size_t kMostShown = 32 << 20;    ///< bytes of all pictures and texts of a page

  Attachments(Runtime& runtime, db::Blobs& blobs, Renderer& renderer)
      : runtime_(runtime), blobs_(blobs), renderer_(renderer) {}

  /// `before` is what became of them last time: what was made then isn't made again.
  Task<Result<ReadFiles>> read(RecordView record, std::vector<FileReport> before);
  /// Takes back the blobs of `made`, when there is no record to keep them for.
  Task<> discard(std::vector<FileView> made);

 private:
  Task<Result<>> read_one(FileView file, ReadFiles& all);
  Task<Result<>> keep(FileView const& file, ReadFile read, ReadFiles& all);

  Runtime& runtime_;
  db::Blobs& blobs_;
  Renderer& renderer_;
};

}  // namespace torg::records
