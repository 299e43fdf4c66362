#include "matrix/event/canonical.hpp"
#include "matrix/event/event.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace torg::matrix {
namespace {

using Keys = std::span<std::string_view const>;

constexpr std::string_view kMember[] = {"membership", "join_authorised_via_users_server"};
constexpr std::string_view kJoinRules[] = {"join_rule", "allow"};
constexpr std::string_view kPowerLevels[] = {
    "ban", "events", "events_default", "invite", "kick", "redact", "state_default", "users", "users_default"};
constexpr std::string_view kHistoryVisibility[] = {"history_visibility"};
constexpr std::string_view kRedaction[] = {"redacts"};

/// The keys that stay, by type: https://spec.matrix.org/v1.19/rooms/v11/#redactions (`m.room.create` keeps
/// all).
constexpr std::array<std::pair<std::string_view, Keys>, 5> kKept{
    {{"m.room.member", kMember},
     {"m.room.join_rules", kJoinRules},
     {"m.room.power_levels", kPowerLevels},
     {"m.room.history_visibility", kHistoryVisibility},
     {"m.room.redaction", kRedaction}}};

Keys kept_keys(std::string_view type) {
  auto const* found = std::ranges::find(kKept, type, &decltype(kKept)::value_type::first);
  return found == kKept.end() ? Keys() : found->second;
}

std::string canonical(json::object const& content) {
  auto text = canonical_json(content);
  if (!text) throw std::invalid_argument("the content of an event has no canonical form");
  return std::move(*text);
}

}  // namespace

bool keeps_content(std::string_view type) { return type == "m.room.create" || !kept_keys(type).empty(); }

std::string redacted_content(std::string_view type, json::object const& content) {
  if (type == "m.room.create") return canonical(content);
  json::object kept;
  for (auto key : kept_keys(type)) {
    if (auto const* value = content.if_contains(key)) kept.emplace(key, *value);
  }
  if (type == "m.room.member") {
    if (auto const* invite = optional_object(content, "third_party_invite")) {
      auto& left = kept["third_party_invite"].emplace_object();
      if (auto const* part = invite->if_contains("signed")) left.emplace("signed", *part);
    }
  }
  return canonical(kept);
}

}  // namespace torg::matrix
