#pragma once
#include "base/result.hpp"
#include "base/time.hpp"
#include "records/rendition/content.hpp"
#include "records/rendition/file_kind.hpp"
#include "runtime/child_process.hpp"
#include "runtime/runtime.hpp"

#include <filesystem>

namespace torg::records {

struct RenderedPdf {
  std::string bytes;
  std::string tool;                   ///< `WeasyPrint 70.0`
  std::vector<std::string> replaced;  ///< characters no font has, `U+E000`; shown as `[U+E000]` instead
};

/// The programs that renditions are made with.
struct RenditionPrograms {
  std::string python;  ///< that has WeasyPrint (configuration key `rendition_python`); empty: there is none
  std::string office;  ///< LibreOffice's (`rendition_office`); it may be missing
};

/// What the worker made of one file.
struct ReadFile {
  std::string bytes;  ///< empty when there was nothing to make, or it could not be made
  std::string type;   ///< `image/png`, `image/jpeg`, `text/plain`, `application/pdf`
  std::string tool;
  int frames = 1;
  std::optional<RenditionWhy> why;  ///< why it could not be made, or with `type` what is to be known of it
  [[nodiscard]] bool made() const { return !type.empty(); }
};

/// Whether the bytes are a ZIP archive, as every XLSX file is.
[[nodiscard]] bool is_workbook(std::string_view bytes);
/// A program of `files/worker`, as Python's text.
[[nodiscard]] std::string worker_script(std::string_view name);

/// Makes PDF/A-2a that is PDF/UA-1 too, and reads the files beside it, in processes without network, files
/// or time to spare.
class Renderer {
 public:
  static constexpr std::chrono::seconds kDeadline{60};
  static constexpr std::chrono::seconds kFileDeadline{120};  ///< LibreOffice stops after 90

  Renderer(Runtime& runtime, RenditionPrograms programs)
      : runtime_(runtime), programs_(std::move(programs)) {}

  [[nodiscard]] bool available() const { return !programs_.python.empty(); }
  /// Whether office files can be read here, now.
  Task<bool> reads_office();
  /// The same `html` at the same `record_time` gives the same bytes, tool and fonts being equal.
  /// @return `unavailable` when the worker can't be started or is too slow, `internal` when it fell over the
  /// page
  Task<Result<RenderedPdf>> render(std::string html, Instant record_time);
  /// Looks what the file is, and makes a picture, text or PDF/A-2b of it that is safe to show.
  Task<ReadFile> read(std::filesystem::path path, ClaimedKind claimed);
  /// The first sheet of a workbook (XLSX) as CSV in UTF-8. `invalid_param` for what is none, `too_large`,
  /// `unavailable` without a worker.
  Task<Result<std::string>> table(std::string workbook);

 private:
  Task<bool> bubblewrap_works();
  Task<ChildCommand> sandboxed(std::vector<std::string> arguments);
  [[nodiscard]] bool office_is_there() const;

  Runtime& runtime_;
  RenditionPrograms programs_;
  std::optional<bool> bubblewrap_;
};

}  // namespace torg::records
