#pragma once
#include "db/database.hpp"
#include "records/rendition/report.hpp"

#include <span>
#include <vector>

namespace torg::records {

struct RenditionJob {
  RecordId record;
  int attempts = 0;
};

/// A record whose rendition is missing, wholly or for some of its files.
struct UnrenderedRecord {
  RecordId id;
  RenditionState state = RenditionState::waiting;
  RenditionReport report;  ///< the files that failed
};

/// Which records wait for a rendition, and what became of their files. The first two run in the transaction
/// of whoever makes, corrects or disposes of a record.
namespace rendition_jobs {

/// Asks for a (new) rendition; once is enough however often it is called.
void add(db::Transaction& transaction, RecordId record, Instant now);
/// Forgets the job and what became of the files.
void remove(db::Transaction& transaction, RecordId record);
/// Asks for the renditions again that lack files for want of LibreOffice or its sandbox.
void add_without_office(db::Transaction& transaction, Instant now);

[[nodiscard]] std::vector<RenditionJob> due(db::Reader& reader, Instant now, int limit);
/// `give_up`: never, unless somebody asks again.
enum class Next : std::uint8_t { retry, give_up };
void put_off(db::Transaction& transaction, RecordId record, Instant due, Next next, RenditionProblem problem);
/// The job is done; this became of the files.
void finish(db::Transaction& transaction, RecordId record, std::vector<FileReport> const& files);
/// Jobs not yet done, given up ones included.
[[nodiscard]] std::int64_t waiting(db::Reader& reader);

[[nodiscard]] RenditionReport report(db::Reader& reader, RecordId record);
/// Records of an authority whose rendition has failed so far or lacks files, newest first, those before
/// `before`.
[[nodiscard]] std::vector<UnrenderedRecord> unrendered(db::Reader& reader, AuthorityId authority,
                                                       RecordId before, std::int64_t limit);

}  // namespace rendition_jobs

[[nodiscard]] std::span<db::Migration const> rendition_migrations();

}  // namespace torg::records
