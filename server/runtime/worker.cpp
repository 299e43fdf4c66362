#include "runtime/worker.hpp"

#include "base/file.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <unistd.h>

namespace torg {

std::string read_standard_input(std::size_t limit) {
  constexpr std::size_t kChunk = 256 * 1024;
  std::string all;
  while (all.size() <= limit) {
    auto const before = all.size();
    all.resize(before + kChunk);
    auto const got = ::read(STDIN_FILENO, all.data() + before, kChunk);
    all.resize(before + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    if (got == 0 || (got < 0 && errno != EINTR)) break;
  }
  return all;
}

bool write_standard_output(std::string_view bytes) { return write_all(STDOUT_FILENO, bytes); }

std::string encode_worker_answer(json::object const& head, std::string_view bytes) {
  auto const text = json::serialize(head);
  std::string out = std::to_string(text.size()) + '\n' + text;
  out += bytes;
  return out;
}

Result<WorkerAnswer> decode_worker_answer(std::string_view answer) {
  auto const broken = [](std::string detail) {
    return fail(ErrorCode::invalid_param, "A helper program gave no usable answer.", std::move(detail));
  };
  std::size_t size = 0;
  auto const* const end = answer.data() + answer.size();
  auto const [after, failed] = std::from_chars(answer.data(), end, size);
  if (failed != std::errc{} || after == end || *after != '\n') return broken("no size");
  answer.remove_prefix(static_cast<std::size_t>(after - answer.data()) + 1);
  if (size > answer.size()) return broken("cut short");
  auto head = parse_json_object(answer.substr(0, size));
  if (!head) return broken("no JSON");
  return WorkerAnswer{std::move(*head), answer.substr(size)};
}

}  // namespace torg
