#pragma once
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>

namespace torg {

enum class LogLevel : std::uint8_t { debug, info, warning, error, off };

/// One named value of a log line.
struct LogField {
  std::string_view name;
  std::variant<std::string_view, std::int64_t> value;
};

/// Structured log: one JSON object per line on standard error. Never pass content, tokens, keys or anything
/// that joins a person with what they read (architecture, "Traces").
void log(LogLevel level, std::string_view what, std::initializer_list<LogField> fields = {});
void set_log_level(LogLevel level);
[[nodiscard]] LogLevel log_level();

/// The request that the current piece of work belongs to; 0 when none. Shown in each log line written under
/// it.
struct RequestId {
  std::uint64_t value = 0;
};
/// The form shown to people and in `x-request-id`: `7F3A-19`.
[[nodiscard]] std::string to_text(RequestId id);

}  // namespace torg
