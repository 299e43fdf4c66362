#pragma once
#include "base/json.hpp"
#include "governance/types.hpp"

#include <functional>

namespace torg::governance {

/// The type of the state event that proposes a plan (architecture, decision 16).
inline constexpr std::string_view kPlanEvent = "org.torg.plan";

using AuthorityByCode = std::function<Authority const*(std::string_view)>;
using AuthorityById = std::function<Authority const*(AuthorityId)>;

/// Reads a plan as the API and the state event write it; `accepted_by` is ignored: nobody accepts in a room.
/// `rule_refuses` for what no plan may say: class *Känslig* (its controls don't exist yet), a standing
/// decision without number and day, no disposal decision for what is kept ordered, an authority that isn't
/// there.
[[nodiscard]] Result<Plan> parse_plan(json::object const& content, AuthorityByCode const& authority);

/// The case that a plan's content links, as `{id, number, title}`, or null. Number and title are what the
/// proposer wrote, empty where nothing was.
[[nodiscard]] json::value linked_case(json::object const& content);

/// The plan as the API shows it.
[[nodiscard]] json::object to_json(Plan const& plan, json::object const& content,
                                   AuthorityById const& authority);

}  // namespace torg::governance
