#pragma once
#include "base/json.hpp"
#include "identity/types.hpp"

#include <optional>
#include <string_view>

namespace torg::identity {

// Push rules as values: a rule set is `{"override": […], "content": […], "postcontent": […], "room": […],
// "sender": […], "underride": […]}`, where `postcontent` is MSC4306's.
// https://spec.matrix.org/v1.19/client-server-api/#push-rules

/// The rules every user starts with.
/// @see https://spec.matrix.org/v1.19/client-server-api/#predefined-rules
[[nodiscard]] json::object default_push_rules(std::string_view user_id,
                                              BodyMentions mentions = BodyMentions::ignored);
/// The user's own rules from `stored` in front of the default ones, which keep the `enabled` and `actions`
/// that `stored` says. So a new default rule reaches everybody.
[[nodiscard]] json::object effective_push_rules(std::string_view user_id, json::object const& stored,
                                                BodyMentions mentions = BodyMentions::ignored);

/// Null when there is none, or no such kind.
[[nodiscard]] json::object const* find_rule(json::object const& rules, std::string_view kind,
                                            std::string_view rule_id);

/// Where a rule is to stand among the user's own rules of its kind.
struct RulePlace {
  std::optional<std::string> before;
  std::optional<std::string> after;
};
/// Adds or changes a rule of the user. `invalid_param` for an id or body that may not be, `bad_request` when
/// the rule to stand before or after is not there.
[[nodiscard]] Result<json::object> with_rule(json::object rules, std::string_view kind,
                                             std::string_view rule_id, json::object const& body,
                                             RulePlace const& place);
/// `not_found` when there is none; the default rules can't be deleted.
[[nodiscard]] Result<json::object> without_rule(json::object rules, std::string_view kind,
                                                std::string_view rule_id);
/// `invalid_param` for an action that is neither a text nor an object.
[[nodiscard]] Result<> check_actions(json::array const& actions);

/// Sets `enabled` or `actions` of any rule, `not_found` when there is none.
[[nodiscard]] Result<json::object> with_rule_part(json::object rules, std::string_view kind,
                                                  std::string_view rule_id, std::string_view part,
                                                  json::value value);

}  // namespace torg::identity
