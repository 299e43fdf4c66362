#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace torg::identity {

/// What becomes of an invitation: it reaches who is invited, is made without reaching them, or is refused.
enum class InviteVerdict : std::uint8_t { allow, ignore, block };

/// Account data in which people say who may invite them: the specification's and the types it had before.
inline constexpr std::array<std::string_view, 3> kInvitePermissionTypes{
    "m.invite_permission_config", "org.matrix.msc4380.invite_permission_config",
    "org.matrix.msc4155.invite_permission_config"};

/// One person's say about who may invite them: lists of patterns for people and servers (MSC4155), the first
/// that fits decides, and what becomes of everybody else. What isn't understood forbids nothing.
/// @see https://spec.matrix.org/v1.19/client-server-api/#invite-permission
class InvitePermission {
 public:
  /// Reads the content of the account data.
  [[nodiscard]] static InvitePermission parse(std::string_view content);

  [[nodiscard]] InviteVerdict verdict(std::string_view inviter) const;
  /// Whether everybody may invite.
  [[nodiscard]] bool is_open() const { return rules_.empty() && otherwise_ == InviteVerdict::allow; }

 private:
  enum class Names : std::uint8_t { user, server };
  struct Rule {
    Names names;
    std::string pattern;
    InviteVerdict verdict;
  };
  std::vector<Rule> rules_;
  InviteVerdict otherwise_ = InviteVerdict::allow;
};

}  // namespace torg::identity
