#include "records/rendition/renditions.hpp"

#include "base/log.hpp"

#include <fmt/format.h>

namespace torg::records {
namespace {

constexpr std::chrono::seconds kPause{2};
constexpr int kBatch = 20;
/// Far enough that nobody waits for it: a job given up stays as a trace of why.
constexpr std::chrono::days kNever{36'500};

/// After one minute, then four, sixteen, …: a worker that is missing today is there tomorrow.
std::chrono::minutes pause_after(int attempts) {
  return std::chrono::minutes{1LL << (2 * std::min(attempts, 5))};
}

}  // namespace

Renditions::Renditions(Runtime& runtime, db::Database& database, db::Blobs& blobs, std::string python,
                       RenditionRegister reg)
    : runtime_(runtime),
      database_(database),
      blobs_(blobs),
      renderer_(runtime, std::move(python)),
      register_(std::move(reg)) {}

Task<> Renditions::run() {
  // Without a worker the jobs wait, however long: they are rows, not memory.
  while (!stopping_ && renderer_.available()) {
    if (co_await run_due() == 0) co_await sleep_for(runtime_, kPause);
  }
}

Task<int> Renditions::run_due() {
  auto const now = runtime_.now();
  auto const jobs =
      co_await database_.read([now](db::Reader& reader) { return rendition_jobs::due(reader, now, kBatch); });
  int done = 0;
  if (!jobs || !renderer_.available()) co_return done;
  for (auto const& job : *jobs) {
    if (stopping_) break;
    if (co_await make(job)) ++done;
  }
  co_return done;
}

Task<bool> Renditions::make(RenditionJob job) {
  auto made = co_await make_and_keep(job.record);
  if (made) co_return true;
  if (made.error().code == ErrorCode::not_found)
    co_await drop(job.record);
  else
    co_await put_off(job, std::move(made).error());
  co_return false;
}

Task<Result<>> Renditions::make_and_keep(RecordId record) {
  auto content = co_await register_.content(record);
  if (!content) co_return fail(std::move(content));
  auto const name = fmt::format("{}.pdf", content->record.number);
  auto pdf = co_await renderer_.render(rendition_page(*content), content->record.registered_at);
  if (!pdf) co_return fail(std::move(pdf));
  auto& blobs = blobs_;
  auto stored =
      co_await run_offloaded(runtime_, [&blobs, bytes = std::move(pdf->bytes)] { return blobs.put(bytes); });
  if (!stored) co_return fail(std::move(stored));
  MadeRendition made{.file = {.role = FileRole::rendition,
                              .name = name,
                              .type = "application/pdf",
                              .size = static_cast<std::int64_t>(stored->size),
                              .blob = stored->id},
                     .tool = std::move(pdf->tool),
                     .replaced = std::move(pdf->replaced),
                     .at = runtime_.now(),
                     .seed = draw_salt_seed(runtime_)};
  auto kept = co_await database_.write(
      [record, made, keep = register_.keep](db::Transaction& transaction) -> Result<> {
        rendition_jobs::remove(transaction, record);
        return keep(transaction, record, made);
      });
  // Disposed of meanwhile: nothing may stay behind. The page holds the record's number, so no other record
  // shares it.
  if (!kept) co_await run_offloaded(runtime_, [&blobs, id = made.file.blob] { return blobs.remove(id); });
  co_return kept;
}

Task<> Renditions::put_off(RenditionJob job, Error problem) {
  bool const last = job.attempts + 1 >= kMaxAttempts;
  log(LogLevel::warning, "rendition failed", {{"record", job.record.value}, {"detail", problem.detail}});
  auto const due = runtime_.now() +
                   (last ? std::chrono::duration_cast<std::chrono::milliseconds>(kNever)
                         : std::chrono::duration_cast<std::chrono::milliseconds>(pause_after(job.attempts)));
  auto const written =
      co_await database_.write([last, due, record = job.record, give_up = register_.give_up,
                                why = problem.message](db::Transaction& transaction) -> Result<> {
        rendition_jobs::retry_at(transaction, record, due, why);
        if (last) give_up(transaction, record);
        return {};
      });
  if (!written) log(LogLevel::error, "rendition job not put off", {{"record", job.record.value}});
}

Task<> Renditions::drop(RecordId record) {
  auto const written = co_await database_.write([record](db::Transaction& transaction) -> Result<> {
    rendition_jobs::remove(transaction, record);
    return {};
  });
  if (!written) log(LogLevel::error, "rendition job not dropped", {{"record", record.value}});
}

}  // namespace torg::records
