#include "records/rendition/jobs.hpp"

#include <algorithm>

namespace torg::records {
namespace {

// rendition_file: of the last rendition that was made. `detail` holds the values of the problem's sentence,
// `made` the file's own rendition.
constexpr db::Migration kMigrations[] = {{"rendition", 1, R"sql(
CREATE TABLE rendition_job (
  record {id},
  due_at BIGINT NOT NULL,
  attempts BIGINT NOT NULL,
  problem TEXT NOT NULL
);
)sql"},
                                         {"rendition", 2, R"sql(
CREATE TABLE rendition_file (
  record BIGINT NOT NULL,
  n BIGINT NOT NULL,
  outcome BIGINT NOT NULL,
  problem TEXT NOT NULL,
  detail TEXT NOT NULL,
  made BIGINT NOT NULL,
  PRIMARY KEY (record, n)
){rowless};
CREATE INDEX rendition_file_failed ON rendition_file (record) WHERE outcome = 4;
CREATE INDEX rendition_job_due ON rendition_job (due_at);
)sql"}};

/// Far enough that nobody waits for it: a job given up stays as a trace of why.
constexpr std::int64_t kNever = 1LL << 52;
/// What is due after this (the year 2096) was given up; an earlier version took a hundred years for it.
constexpr std::int64_t kGivenUp = 4'000'000'000'000;

// A second wish replaces the first: the page is made from what the record says when it is rendered.
constexpr db::Statement kAdd{
    "INSERT INTO rendition_job (record, due_at, attempts, problem) VALUES ($1, $2, 0, '') "
    "ON CONFLICT (record) DO UPDATE SET due_at = excluded.due_at, attempts = 0, problem = ''"};
constexpr db::Statement kAddWithoutOffice{
    "INSERT INTO rendition_job (record, due_at, attempts, problem) SELECT DISTINCT record, CAST($1 AS "
    "BIGINT), 0, '' FROM "
    "rendition_file WHERE outcome = 4 AND problem IN ('no_office', 'no_sandbox') ON CONFLICT (record) DO "
    "NOTHING"};
constexpr db::Statement kRemove{"DELETE FROM rendition_job WHERE record = $1"};
constexpr db::Statement kRemoveFiles{"DELETE FROM rendition_file WHERE record = $1"};
constexpr db::Statement kAddFile{
    "INSERT INTO rendition_file (record, n, outcome, problem, detail, made) VALUES ($1, $2, $3, $4, $5, $6)"};
constexpr db::Statement kDue{
    "SELECT record, attempts FROM rendition_job WHERE due_at <= $1 ORDER BY due_at, record LIMIT $2"};
constexpr db::Statement kRetry{
    "UPDATE rendition_job SET due_at = $1, attempts = attempts + 1, problem = $2 WHERE record = $3"};
constexpr db::Statement kCount{"SELECT count(*) FROM rendition_job"};
constexpr db::Statement kJob{"SELECT record, attempts, due_at, problem FROM rendition_job WHERE record = $1"};
constexpr db::Statement kFiles{
    "SELECT record, n, outcome, problem, detail, made FROM rendition_file WHERE record = $1 ORDER BY n"};
// Three queries with the same bounds make a page of them: records, jobs, files.
constexpr db::Statement kUnrendered{
    "SELECT r.id, r.rendition FROM (SELECT record FROM rendition_job WHERE attempts > 0 UNION SELECT record "
    "FROM "
    "rendition_file WHERE outcome = 4) lacking JOIN register_record r ON r.id = lacking.record WHERE "
    "r.authority = $1 AND r.disposed = 0 AND r.id < $2 ORDER BY r.id DESC LIMIT $3"};
constexpr db::Statement kUnrenderedJobs{
    "SELECT record, attempts, due_at, problem FROM rendition_job WHERE attempts > 0 AND record >= $1 AND "
    "record <= $2"};
constexpr db::Statement kUnrenderedFiles{
    "SELECT record, n, outcome, problem, detail, made FROM rendition_file WHERE outcome = 4 AND record >= $1 "
    "AND "
    "record <= $2 ORDER BY record, n"};

std::optional<RenditionWhy> why_of(std::string_view problem, std::string_view detail) {
  if (problem.empty()) return std::nullopt;
  // An earlier version wrote a sentence here.
  return RenditionWhy{parse_problem(problem).value_or(RenditionProblem::page),
                      parse_json_object(detail).value_or(json::object())};
}

FileReport file_of(db::Row const& row) {
  FileReport file;
  file.n = static_cast<int>(row.integer(1));
  file.outcome = static_cast<FileOutcome>(row.integer(2));
  file.why = why_of(row.string(3), row.string(4));
  file.rendition = static_cast<int>(row.integer(5));
  return file;
}

void add_job(db::Row const& row, RenditionReport& report) {
  report.attempts = static_cast<int>(row.integer(1));
  if (row.integer(2) < kGivenUp) report.next_attempt = instant_from_ms(row.integer(2));
  report.why = why_of(row.string(3), "");
}

}  // namespace

namespace rendition_jobs {

void add(db::Transaction& transaction, RecordId record, Instant now) {
  transaction.execute(kAdd, {record, to_ms(now)});
}

void remove(db::Transaction& transaction, RecordId record) {
  transaction.execute(kRemove, {record});
  transaction.execute(kRemoveFiles, {record});
}

void add_without_office(db::Transaction& transaction, Instant now) {
  transaction.execute(kAddWithoutOffice, {to_ms(now)});
}

std::vector<RenditionJob> due(db::Reader& reader, Instant now, int limit) {
  std::vector<RenditionJob> jobs;
  reader.query(kDue, {to_ms(now), limit}, [&](db::Row const& row) {
    jobs.push_back({row.number<RecordId>(0), static_cast<int>(row.integer(1))});
  });
  return jobs;
}

void put_off(db::Transaction& transaction, RecordId record, Instant due, Next next,
             RenditionProblem problem) {
  auto const at = next == Next::give_up ? kNever : to_ms(due);
  transaction.execute(kRetry, {at, to_text(problem), record});
}

void finish(db::Transaction& transaction, RecordId record, std::vector<FileReport> const& files) {
  remove(transaction, record);
  for (auto const& file : files) {
    auto const problem = file.why ? to_text(file.why->problem) : std::string_view();
    auto const detail = file.why ? json::serialize(file.why->values) : std::string();
    transaction.execute(kAddFile,
                        {record, file.n, static_cast<int>(file.outcome), problem, detail, file.rendition});
  }
}

std::int64_t waiting(db::Reader& reader) {
  return reader.query_one(kCount, {}, [](db::Row const& row) { return row.integer(0); }).value_or(0);
}

RenditionReport report(db::Reader& reader, RecordId record) {
  RenditionReport report;
  reader.query(kJob, {record}, [&](db::Row const& row) { add_job(row, report); });
  reader.query(kFiles, {record}, [&](db::Row const& row) { report.files.push_back(file_of(row)); });
  return report;
}

std::vector<UnrenderedRecord> unrendered(db::Reader& reader, AuthorityId authority, RecordId before,
                                         std::int64_t limit) {
  std::vector<UnrenderedRecord> found;
  reader.query(kUnrendered, {authority, before, limit}, [&](db::Row const& row) {
    found.push_back({row.number<RecordId>(0), static_cast<RenditionState>(row.integer(1)), {}});
  });
  if (found.empty()) return found;
  auto const first = found.back().id, last = found.front().id;
  auto const report_of = [&](db::Row const& row) -> RenditionReport* {
    auto const place = std::ranges::find(found, row.number<RecordId>(0), &UnrenderedRecord::id);
    return place == found.end() ? nullptr : &place->report;
  };
  reader.query(kUnrenderedJobs, {first, last}, [&](db::Row const& row) {
    if (auto* report = report_of(row)) add_job(row, *report);
  });
  reader.query(kUnrenderedFiles, {first, last}, [&](db::Row const& row) {
    if (auto* report = report_of(row)) report->files.push_back(file_of(row));
  });
  return found;
}

}  // namespace rendition_jobs

std::span<db::Migration const> rendition_migrations() { return kMigrations; }

}  // namespace torg::records
