#include "records/rendition/renditions.hpp"

#include "base/log.hpp"
#include "records/register/contains.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace torg::records {
namespace {

constexpr std::chrono::seconds kPause{2};
constexpr int kBatch = 20;

/// After one minute, then four, sixteen, …: a worker that is missing today is there tomorrow.
std::chrono::minutes pause_after(int attempts) {
  return std::chrono::minutes{1LL << (2 * std::min(attempts, 5))};
}

/// The files made of single files get the numbers that the register gave them, in order; the page's is first.
void number_files(std::vector<FileReport>& reports, std::vector<int> const& numbers) {
  auto next = numbers.begin() + 1;
  for (auto& report : reports) {
    if (report.outcome != FileOutcome::separate || report.rendition != 0) continue;
    if (next == numbers.end()) return;
    report.rendition = *next++;
  }
}

RenditionState state_of(std::vector<ShownFile> const& files) {
  auto const failed = [](ShownFile const& file) { return file.report.outcome == FileOutcome::failed; };
  return std::ranges::any_of(files, failed) ? RenditionState::incomplete : RenditionState::done;
}

}  // namespace

Renditions::Renditions(Runtime& runtime, db::Database& database, db::Blobs& blobs, RenditionPrograms programs,
                       RenditionRegister reg)
    : runtime_(runtime),
      database_(database),
      blobs_(blobs),
      renderer_(runtime, std::move(programs)),
      attachments_(runtime, blobs, renderer_),
      register_(std::move(reg)) {}

Task<> Renditions::run() {
  // Without a worker the jobs wait, however long: they are rows, not memory.
  if (renderer_.available()) co_await ask_again();
  while (!stopping_ && renderer_.available()) {
    if (co_await run_due() == 0) co_await sleep_for(runtime_, kPause);
  }
}

/// LibreOffice may have been installed since the last start.
Task<> Renditions::ask_again() {
  if (!co_await renderer_.reads_office()) co_return;
  auto const written =
      co_await database_.write([now = runtime_.now()](db::Transaction& transaction) -> Result<> {
        rendition_jobs::add_without_office(transaction, now);
        return {};
      });
  if (!written) log(LogLevel::error, "renditions without office files were not asked for again", {});
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
  auto before = co_await database_.read(
      [record](db::Reader& reader) { return rendition_jobs::report(reader, record).files; });
  if (!before) co_return fail(std::move(before));
  auto files = co_await attachments_.read(content->record, std::move(*before));
  if (!files) co_return fail(std::move(files));
  auto const made = files->made;
  auto done = co_await make_page(std::move(*content), std::move(*files));
  // Disposed of meanwhile, or no page: nothing may stay behind. LibreOffice writes the hour into a file, so
  // no other record shares it.
  if (!done) co_await attachments_.discard(made);
  co_return done;
}

Task<Result<>> Renditions::make_page(RenditionContent content, ReadFiles files) {
  auto const record = content.record.id;
  auto const state = state_of(files.shown);
  content.shown = std::move(files.shown);
  auto pdf = co_await renderer_.render(rendition_page(content), content.record.registered_at);
  if (!pdf) co_return fail(std::move(pdf));
  auto& blobs = blobs_;
  auto stored =
      co_await run_offloaded(runtime_, [&blobs, bytes = std::move(pdf->bytes)] { return blobs.put(bytes); });
  if (!stored) co_return fail(std::move(stored));
  files.tools.insert(std::move(pdf->tool));
  FileView page;
  page.role = FileRole::rendition;
  page.name = fmt::format("{}.pdf", content.record.number);
  page.type = "application/pdf";
  page.size = static_cast<std::int64_t>(stored->size);
  page.blob = stored->id;
  MadeRendition made{.files = {page},
                     .tool = fmt::format("{}", fmt::join(files.tools, ", ")),
                     .replaced = std::move(pdf->replaced),
                     .state = state,
                     .at = runtime_.now(),
                     .seed = draw_salt_seed(runtime_)};
  made.files.insert(made.files.end(), files.made.begin(), files.made.end());
  std::vector<FileReport> reports;
  for (auto& file : content.shown) reports.push_back(std::move(file.report));
  auto kept = co_await keep(record, std::move(made), std::move(reports));
  // The page holds the record's number, so no other record shares it.
  bool const had = contains(content.record.files, page.blob, &FileView::blob);
  if (!kept && !had) co_await attachments_.discard({page});
  co_return kept;
}

Task<Result<>> Renditions::keep(RecordId record, MadeRendition made, std::vector<FileReport> reports) {
  co_return co_await database_.write([record, made = std::move(made), reports = std::move(reports),
                                      keep = register_.keep](db::Transaction& transaction) -> Result<> {
    auto const numbers = keep(transaction, record, made);
    if (!numbers) return std::unexpected(numbers.error());
    auto numbered = reports;
    number_files(numbered, *numbers);
    rendition_jobs::finish(transaction, record, numbered);
    return {};
  });
}

Task<> Renditions::put_off(RenditionJob job, Error problem) {
  bool const last = job.attempts + 1 >= kMaxAttempts;
  log(LogLevel::warning, "rendition failed", {{"record", job.record.value}, {"detail", problem.detail}});
  auto const due = runtime_.now() + pause_after(job.attempts);
  auto const why = problem.code == ErrorCode::unavailable ? RenditionProblem::worker : RenditionProblem::page;
  auto const written =
      co_await database_.write([last, due, why, record = job.record,
                                give_up = register_.give_up](db::Transaction& transaction) -> Result<> {
        using rendition_jobs::Next;
        rendition_jobs::put_off(transaction, record, due, last ? Next::give_up : Next::retry, why);
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
