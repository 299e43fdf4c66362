// Bytes → answers. The first byte says how the rest is cut into pieces, for a parser must not care.
#include "net/client_parser.hpp"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(unsigned char const* data, std::size_t size) {
  using torg::net::AnswerParser;
  if (size == 0) return 0;
  std::string_view bytes(reinterpret_cast<char const*>(data) + 1, size - 1);
  auto const step = std::size_t{data[0] & 0x7FU} + 1;
  auto const body = data[0] & 0x80U ? AnswerParser::Body::none : AnswerParser::Body::expected;
  AnswerParser parser({512, 8, 256}, body);
  std::string pending;
  while (!parser.finished()) {
    pending.erase(0, parser.feed(pending));
    if (parser.finished()) break;
    if (bytes.empty()) parser.end();
    pending.append(bytes.substr(0, step));
    bytes.remove_prefix(std::min(step, bytes.size()));
    if (pending.size() > 512 + step) std::abort();
  }
  if (!parser.problem() && parser.take().body.size() > 256) std::abort();
  return 0;
}
