// Any JSON object as a request for a sliding sync: read or refused, and what is read asked of.
#include "matrix/sliding_sync/request.hpp"

#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  using namespace torg;
  auto const body = parse_json_object({reinterpret_cast<char const*>(data), size});
  if (!body) return 0;
  auto const request = matrix::parse_sliding_sync(*body, matrix::Dialect::unstable, "@me:x.example");
  if (!request) return 0;
  matrix::RequiredState state;
  for (auto const& list : request->lists) {
    (void)list.has_in_range(5);
    state.add(list.config.state);
  }
  (void)state.wants("m.room.member", "@me:x.example");
  (void)state.lazy_members();
  return 0;
}
