#include "matrix/room/nid_list.hpp"

namespace torg::matrix {

std::string pack_nids(std::span<EventNid const> nids) {
  std::string out;
  std::int64_t before = 0;
  for (auto const nid : nids) {
    auto const difference = nid.value - before;
    auto zigzag = static_cast<std::uint64_t>(difference) << 1 ^ static_cast<std::uint64_t>(difference >> 63);
    for (; zigzag >= 0x80; zigzag >>= 7) out += static_cast<char>(zigzag | 0x80);
    out += static_cast<char>(zigzag);
    before = nid.value;
  }
  return out;
}

std::vector<EventNid> unpack_nids(std::string_view bytes) {
  std::vector<EventNid> nids;
  std::int64_t value = 0;
  std::uint64_t zigzag = 0;
  int shift = 0;
  for (unsigned char byte : bytes) {
    zigzag |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
    shift += 7;
    if (byte & 0x80) continue;
    value += static_cast<std::int64_t>(zigzag >> 1) ^ -static_cast<std::int64_t>(zigzag & 1);
    nids.emplace_back(value);
    zigzag = 0;
    shift = 0;
  }
  return nids;
}

}  // namespace torg::matrix
