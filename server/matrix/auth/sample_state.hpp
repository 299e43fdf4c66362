#pragma once
// A room's state written out by hand, for the tests and the fuzzer of this folder.
#include "matrix/auth/auth.hpp"

namespace torg::matrix {

inline constexpr std::string_view kSampleRoom = "!7Hu_UWTboCPvfH4-PraLFR3DtkMYlhXeGKhMjBKusK4";

class SampleState final : public AuthState {
 public:
  RoomVersion room_version = RoomVersion::v12;
  std::string create = "$" + std::string(kSampleRoom.substr(1));
  std::set<std::string, std::less<>> creators{"@creator:a.example"};
  bool federated = true;
  PowerLevels levels;
  std::map<std::string, Membership, std::less<>> members;
  std::string rule = "invite";
  std::map<std::string, json::object, std::less<>> invites;
  std::string invites_sender;

  [[nodiscard]] RoomVersion version() const override { return room_version; }
  [[nodiscard]] std::string_view create_id() const override { return create; }
  [[nodiscard]] bool is_creator(std::string_view user) const override { return creators.contains(user); }
  [[nodiscard]] std::string_view creator() const override { return "@creator:a.example"; }
  [[nodiscard]] bool federates() const override { return federated; }
  [[nodiscard]] std::string_view creator_server() const override { return "a.example"; }
  [[nodiscard]] PowerLevels const& power_levels() const override { return levels; }
  [[nodiscard]] Membership membership(std::string_view user) const override {
    auto const found = members.find(user);
    return found == members.end() ? Membership::none : found->second;
  }
  [[nodiscard]] std::string_view join_rule() const override { return rule; }
  [[nodiscard]] json::object const* third_party_invite(std::string_view token) const override {
    auto const found = invites.find(token);
    return found == invites.end() ? nullptr : &found->second;
  }
  [[nodiscard]] std::string_view third_party_invite_sender(std::string_view token) const override {
    return invites.contains(token) ? std::string_view(invites_sender) : std::string_view();
  }
};

/// A room with members of several powers: creator, admin (100), moderator (50), member (0), and people
/// outside.
inline SampleState sample_state() {
  SampleState state;
  state.levels = PowerLevels::parse(parse_json_object(R"({
    "users": {"@admin:a.example": 100, "@moderator:a.example": 50, "@peer:b.example": 50},
    "events": {"m.room.name": 50, "m.room.power_levels": 50, "m.room.tombstone": 150},
    "ban": 60, "kick": 50, "invite": 10, "state_default": 50
  })")
                                        .value(),
                                    Levels::integer)
                     .value();
  state.members = {{"@creator:a.example", Membership::join},   {"@admin:a.example", Membership::join},
                   {"@moderator:a.example", Membership::join}, {"@peer:b.example", Membership::join},
                   {"@member:a.example", Membership::join},    {"@invited:b.example", Membership::invite},
                   {"@knocking:b.example", Membership::knock}, {"@left:b.example", Membership::leave},
                   {"@banned:b.example", Membership::ban}};
  return state;
}

}  // namespace torg::matrix
