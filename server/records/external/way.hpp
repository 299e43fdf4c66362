#pragma once
#include "records/external/answer.hpp"
#include "records/external/package.hpp"
#include "runtime/task.hpp"

namespace torg::records {

/// The way to one authority's register outside Torg. Both acts may be repeated under the same key, whatever
/// became of the earlier ones: a register keeps one record per key. Called on the executor.
class ExternalWay {
 public:
  virtual ~ExternalWay() = default;

  /// Hands everything over. Errors may pass: it is done again.
  virtual Task<Result<ExternalAnswer>> hand_over(ExternalPackage package) = 0;
  /// What has become of it.
  virtual Task<Result<ExternalAnswer>> ask(std::string key) = 0;
  /// The answer is durable here: what it came in can go.
  virtual Task<> settled(std::string key) = 0;
  /// Whether these words open the way back, for answers that the register sends by itself.
  [[nodiscard]] virtual bool is_secret(std::string_view words) const = 0;
  /// How long to wait before asking once more.
  [[nodiscard]] virtual std::chrono::milliseconds pause(int asked) const = 0;
};

}  // namespace torg::records
