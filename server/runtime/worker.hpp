#pragma once
#include "base/json.hpp"

#include <string>
#include <string_view>

namespace torg {

// What worker processes and those who start them have in common. The answer of a worker is one line with the
// size of its JSON, the JSON, then bytes.

/// Everything on standard input; `limit` bytes and a little more at most.
[[nodiscard]] std::string read_standard_input(std::size_t limit);
/// @return false when nobody listens
[[nodiscard]] bool write_standard_output(std::string_view bytes);

[[nodiscard]] std::string encode_worker_answer(json::object const& head, std::string_view bytes = {});

struct WorkerAnswer {
  json::object head;
  std::string_view bytes;  ///< into the text that was decoded
};
/// `invalid_param` when it is none: a worker that read hostile bytes may say anything.
[[nodiscard]] Result<WorkerAnswer> decode_worker_answer(std::string_view answer);

}  // namespace torg
