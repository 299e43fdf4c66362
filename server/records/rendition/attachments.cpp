#include "records/rendition/attachments.hpp"

#include <algorithm>
#include <numeric>

namespace torg::records {
namespace {

/// The mail that a record is of is shown by the page itself, like the manifest.
bool is_shown_by_page(FileView const& file) {
  return file.in_manifest || (file.role == FileRole::original && file.type == "message/rfc822");
}

ShownFile told(int n, FileOutcome outcome, std::optional<RenditionWhy> why = std::nullopt) {
  ShownFile shown;
  shown.report = {.n = n, .outcome = outcome, .why = std::move(why)};
  return shown;
}

ShownFile failed(int n, RenditionProblem problem) {
  return told(n, FileOutcome::failed, RenditionWhy{problem, {}});
}

std::size_t bytes_of(std::vector<ShownFile> const& files) {
  return std::accumulate(files.begin(), files.end(), std::size_t{0},
                         [](std::size_t sum, ShownFile const& file) { return sum + file.bytes.size(); });
}

}  // namespace

Task<Result<ReadFiles>> Attachments::read(RecordView record, std::vector<FileReport> before) {
  ReadFiles all;
  for (auto& file : record.files) {
    if (file.role == FileRole::rendition) continue;
    auto const earlier = std::ranges::find(before, file.n, &FileReport::n);
    if (earlier != before.end() && earlier->outcome == FileOutcome::separate) {
      all.shown.emplace_back().report = *earlier;
    } else if (is_shown_by_page(file)) {
      all.shown.push_back(told(file.n, FileOutcome::shown));
    } else if (auto read = co_await read_one(std::move(file), all); !read) {
      co_await discard(all.made);
      co_return std::unexpected(read.error());
    }
  }
  co_return all;
}

Task<Result<>> Attachments::read_one(FileView file, ReadFiles& all) {
  auto claimed = claimed_kind(file);
  if (claimed.kind == FileKind::other) {
    all.shown.push_back(told(file.n, FileOutcome::none));
    co_return Result<>{};
  }
  auto const path = blobs_.path(file.blob);
  if (!path || file.size > kMostBytes || all.shown.size() >= kMostFiles) {
    all.shown.push_back(failed(file.n, path ? RenditionProblem::much : RenditionProblem::missing));
    co_return Result<>{};
  }
  auto read = co_await renderer_.read(*path, std::move(claimed));
  co_return co_await keep(file, std::move(read), all);
}

Task<Result<>> Attachments::keep(FileView const& file, ReadFile read, ReadFiles& all) {
  auto shown = told(file.n, read.made() ? FileOutcome::shown : FileOutcome::failed, std::move(read.why));
  if (read.made() && !read.tool.empty()) all.tools.insert(read.tool);
  if (read.type == "application/pdf" && read.bytes.empty()) {
    shown.report.outcome = FileOutcome::itself;
  } else if (read.type == "application/pdf") {
    auto stored = co_await run_offloaded(runtime_, [this, &read] { return blobs_.put(read.bytes); });
    if (!stored) co_return fail(std::move(stored));
    shown.report.outcome = FileOutcome::separate;
    FileView made;
    made.role = FileRole::rendition;
    made.name = file.name + ".pdf";
    made.type = read.type;
    made.size = static_cast<std::int64_t>(stored->size);
    made.blob = stored->id;
    all.made.push_back(std::move(made));
  } else if (bytes_of(all.shown) + read.bytes.size() > kMostShown) {
    shown = failed(file.n, RenditionProblem::much);
  } else {
    shown.type = std::move(read.type);
    shown.bytes = std::move(read.bytes);
    shown.frames = read.frames;
  }
  all.shown.push_back(std::move(shown));
  co_return Result<>{};
}

Task<> Attachments::discard(std::vector<FileView> made) {
  for (auto const& file : made) {
    // What stays behind is refused by nobody and found by nobody; the next disposal's sweep can't know it.
    (void)co_await run_offloaded(runtime_, [this, blob = file.blob] { return blobs_.remove(blob); });
  }
}

}  // namespace torg::records
