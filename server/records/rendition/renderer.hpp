#pragma once
#include "base/result.hpp"
#include "base/time.hpp"
#include "runtime/runtime.hpp"

#include <optional>
#include <string>
#include <vector>

namespace torg::records {

struct RenderedPdf {
  std::string bytes;
  std::string tool;                   ///< `WeasyPrint 70.0`
  std::vector<std::string> replaced;  ///< characters no font has, `U+E000`; shown as `[U+E000]` instead
};

/// Makes PDF/A-2a that is PDF/UA-1 too, in a Python process without network, files or time to spare.
class Renderer {
 public:
  static constexpr std::chrono::seconds kDeadline{60};

  /// `python` is the interpreter that has WeasyPrint (configuration key `rendition_worker`); empty: there is
  /// none.
  Renderer(Runtime& runtime, std::string python) : runtime_(runtime), python_(std::move(python)) {}

  [[nodiscard]] bool available() const { return !python_.empty(); }
  /// The same `html` at the same `record_time` gives the same bytes, tool and fonts being equal.
  /// @return `unavailable` when the worker can't be started or is too slow, `internal` when it fell over the
  /// page
  Task<Result<RenderedPdf>> render(std::string html, Instant record_time);

 private:
  Task<bool> bubblewrap_works();

  Runtime& runtime_;
  std::string python_;
  std::optional<bool> bubblewrap_;
};

}  // namespace torg::records
