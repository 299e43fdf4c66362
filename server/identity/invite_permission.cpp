#include "identity/invite_permission.hpp"

#include "base/glob.hpp"
#include "base/identifiers.hpp"
#include "base/json.hpp"

namespace torg::identity {

InvitePermission InvitePermission::parse(std::string_view content) {
  using enum InviteVerdict;
  InvitePermission permission;
  auto const parsed = parse_json_object(content);
  if (!parsed) return permission;
  // In the order in which they are asked.
  for (auto const& [key, names, verdict] : {std::tuple{"allowed_users", Names::user, allow},
                                            {"ignored_users", Names::user, ignore},
                                            {"blocked_users", Names::user, block},
                                            {"allowed_servers", Names::server, allow},
                                            {"ignored_servers", Names::server, ignore},
                                            {"blocked_servers", Names::server, block}}) {
    auto const* patterns = optional_array(*parsed, key);
    if (patterns == nullptr) continue;
    for (auto const& pattern : *patterns) {
      if (pattern.is_string())
        permission.rules_.push_back({names, std::string(pattern.get_string()), verdict});
    }
  }
  if (optional_string(*parsed, "default_action") == "block") permission.otherwise_ = block;
  return permission;
}

InviteVerdict InvitePermission::verdict(std::string_view inviter) const {
  for (auto const& rule : rules_) {
    if (fits_glob(rule.pattern, rule.names == Names::user ? inviter : server_of(inviter)))
      return rule.verdict;
  }
  return otherwise_;
}

}  // namespace torg::identity
