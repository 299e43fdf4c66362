#include "records/rendition/jobs.hpp"

namespace torg::records {
namespace {

constexpr db::Migration kMigrations[] = {{"rendition", 1, R"sql(
CREATE TABLE rendition_job (
  record {id},
  due_at BIGINT NOT NULL,
  attempts BIGINT NOT NULL,
  problem TEXT NOT NULL
);
)sql"}};

// A second wish replaces the first: the page is made from what the record says when it is rendered.
constexpr db::Statement kAdd{
    "INSERT INTO rendition_job (record, due_at, attempts, problem) VALUES ($1, $2, 0, '') "
    "ON CONFLICT (record) DO UPDATE SET due_at = excluded.due_at, attempts = 0, problem = ''"};
constexpr db::Statement kRemove{"DELETE FROM rendition_job WHERE record = $1"};
constexpr db::Statement kDue{
    "SELECT record, attempts FROM rendition_job WHERE due_at <= $1 ORDER BY due_at, record LIMIT $2"};
constexpr db::Statement kRetry{
    "UPDATE rendition_job SET due_at = $1, attempts = attempts + 1, problem = $2 WHERE record = $3"};
constexpr db::Statement kCount{"SELECT count(*) FROM rendition_job"};

}  // namespace

namespace rendition_jobs {

void add(db::Transaction& transaction, RecordId record, Instant now) {
  transaction.execute(kAdd, {record, to_ms(now)});
}

void remove(db::Transaction& transaction, RecordId record) { transaction.execute(kRemove, {record}); }

std::vector<RenditionJob> due(db::Reader& reader, Instant now, int limit) {
  std::vector<RenditionJob> jobs;
  reader.query(kDue, {to_ms(now), limit}, [&](db::Row const& row) {
    jobs.push_back({row.number<RecordId>(0), static_cast<int>(row.integer(1))});
  });
  return jobs;
}

void retry_at(db::Transaction& transaction, RecordId record, Instant due, std::string_view problem) {
  transaction.execute(kRetry, {to_ms(due), problem, record});
}

std::int64_t waiting(db::Reader& reader) {
  return reader.query_one(kCount, {}, [](db::Row const& row) { return row.integer(0); }).value_or(0);
}

}  // namespace rendition_jobs

std::span<db::Migration const> rendition_migrations() { return kMigrations; }

}  // namespace torg::records
