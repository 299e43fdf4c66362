// Any content of the types that rules look into: no crash, and what a member may not do stays forbidden.
#include "matrix/auth/sample_state.hpp"

#include <array>
#include <cstdlib>

using namespace torg;

extern "C" int LLVMFuzzerTestOneInput(unsigned char const* data, std::size_t size) {
  if (size < 2) return 0;
  auto content = parse_json_object({reinterpret_cast<char const*>(data) + 2, size - 2});
  if (!content) return 0;
  constexpr std::array kTypes{"m.room.member", "m.room.power_levels", "m.room.create", "m.room.join_rules"};
  constexpr std::array kUsers{"@creator:a.example", "@moderator:a.example", "@member:a.example",
                              "@banned:b.example"};
  auto state = matrix::sample_state();
  state.invites["token"] = *content;
  state.room_version = matrix::kRoomVersions[(data[1] >> 4) % matrix::kRoomVersions.size()];
  matrix::Event event;
  event.version = state.room_version;
  event.type = kTypes[data[0] % kTypes.size()];
  event.sender = kUsers[data[1] % kUsers.size()];
  event.state_key = kUsers[(data[0] >> 4) % kUsers.size()];
  event.room_id = matrix::kSampleRoom;
  auto const result = matrix::authorise(event, *content, state);
  if (result && event.sender == "@banned:b.example" && event.type != "m.room.create") std::abort();
  if (result && event.sender == "@member:a.example" && event.type == "m.room.power_levels") std::abort();
  static_cast<void>(
      matrix::auth_event_keys(event.version, event.type, event.state_key, event.sender, *content));
  return 0;
}
