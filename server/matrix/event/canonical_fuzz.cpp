// Canonical JSON of anything is a fixed point, and an event sealed over it keeps its id when redacted.
#include "base/encoding.hpp"
#include "matrix/event/canonical.hpp"
#include "matrix/event/event.hpp"

#include <array>
#include <cstdlib>

using namespace torg;

extern "C" int LLVMFuzzerTestOneInput(unsigned char const* data, std::size_t size) {
  auto value = parse_json({reinterpret_cast<char const*>(data), size});
  if (!value) return 0;
  auto const text = matrix::canonical_json(*value);
  if (!text) return 0;
  auto const again = parse_json(*text);
  if (!again || matrix::canonical_json(*again).value() != *text) std::abort();
  if (!value->is_object()) return 0;
  constexpr std::array kTypes{"m.room.member", "m.room.power_levels", "m.room.message", "m.room.create"};
  matrix::Event event;
  event.type = kTypes[size % kTypes.size()];
  event.content = *text;
  auto const id = matrix::seal(event);
  auto const hash = crypto::sha256(matrix::redacted_pdu_bytes(event));
  if (id.value != "$" + base64_encode(crypto::view(hash), Base64::url)) std::abort();
  return 0;
}
