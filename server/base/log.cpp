#include "base/log.hpp"

#include "base/json.hpp"

#include <atomic>
#include <chrono>
#include <cstdio>
#include <mutex>

#include <fmt/chrono.h>
#include <fmt/format.h>

namespace torg {
namespace {

// The one piece of process-wide state: where a line goes must work before and after everything else exists.
std::atomic<LogLevel> g_level{LogLevel::info};
std::mutex g_output;

std::string_view name(LogLevel level) {
  switch (level) {
    case LogLevel::debug:
      return "debug";
    case LogLevel::info:
      return "info";
    case LogLevel::warning:
      return "warning";
    case LogLevel::error:
      return "error";
    case LogLevel::off:
      break;
  }
  return "off";
}

}  // namespace

void set_log_level(LogLevel level) { g_level = level; }
LogLevel log_level() { return g_level; }

void log(LogLevel level, std::string_view what, std::initializer_list<LogField> fields) {
  if (level < g_level.load(std::memory_order_relaxed)) return;
  auto const now = std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
  std::string line = fmt::format(R"({{"at":"{:%Y-%m-%dT%H:%M:%S}Z","level":"{}","what":)",
                                 fmt::gmtime(std::chrono::system_clock::to_time_t(now)), name(level));
  append_json_string(line, what);
  for (auto const& field : fields) {
    line += ',';
    append_json_string(line, field.name);
    line += ':';
    if (auto const* number = std::get_if<std::int64_t>(&field.value))
      line += std::to_string(*number);
    else
      append_json_string(line, std::get<std::string_view>(field.value));
  }
  line += "}\n";
  std::lock_guard lock(g_output);
  std::fwrite(line.data(), 1, line.size(), stderr);
}

std::string to_text(RequestId id) {
  return fmt::format("{:04X}-{:02X}", (id.value >> 8) & 0xFFFF, id.value & 0xFF);
}

}  // namespace torg
