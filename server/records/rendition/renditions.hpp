#pragma once
#include "db/blobs.hpp"
#include "records/log/log.hpp"
#include "records/rendition/attachments.hpp"
#include "records/rendition/jobs.hpp"

#include <functional>

namespace torg::records {

/// A finished rendition on its way into the register.
struct MadeRendition {
  /// Role `rendition`, name, type, size and blob; `n` is the register's to give. The page first, then the
  /// files that have one of their own.
  std::vector<FileView> files;
  std::string tool;
  std::vector<std::string> replaced;
  RenditionState state = RenditionState::done;
  Instant at;
  SaltSeed seed;  ///< for the log's entry
};

/// What the register does for renditions.
struct RenditionRegister {
  /// @return `not_found` when the record was disposed of meanwhile: the job is dropped
  std::function<Task<Result<RenditionContent>>(RecordId)> content;
  /// Runs in the lane and captures nothing that lives on the executor: adds the files and the log's entry.
  /// @return the numbers of the files, in their order
  std::function<Result<std::vector<int>>(db::Transaction&, RecordId, MadeRendition const&)> keep;
  /// Runs in the lane: the record's rendition has failed for good (until someone asks for a new one).
  std::function<void(db::Transaction&, RecordId)> give_up;
};

/// Makes renditions after the lift, one at a time, from durable jobs: a crash or a missing worker only delays
/// them.
class Renditions {
 public:
  static constexpr int kMaxAttempts = 5;

  Renditions(Runtime& runtime, db::Database& database, db::Blobs& blobs, RenditionPrograms programs,
             RenditionRegister reg);

  /// Works until `stop`; spawn it in the task group of whoever owns this.
  Task<> run();
  void stop() { stopping_ = true; }
  /// Does the jobs that are due now. @return how many were done
  Task<int> run_due();
  /// Whether there is a worker: without one the jobs wait.
  [[nodiscard]] bool available() const { return renderer_.available(); }
  [[nodiscard]] Renderer& renderer() { return renderer_; }

 private:
  Task<> ask_again();
  Task<bool> make(RenditionJob job);
  Task<Result<>> make_and_keep(RecordId record);
  Task<Result<>> make_page(RenditionContent content, ReadFiles files);
  Task<Result<>> keep(RecordId record, MadeRendition made, std::vector<FileReport> reports);
  Task<> put_off(RenditionJob job, Error problem);
  Task<> drop(RecordId record);

  Runtime& runtime_;
  db::Database& database_;
  db::Blobs& blobs_;
  Renderer renderer_;
  Attachments attachments_;
  RenditionRegister register_;
  bool stopping_ = false;
};

}  // namespace torg::records
