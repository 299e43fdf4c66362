#include "matrix/event/canonical.hpp"
#include "matrix/event/event.hpp"

#include <algorithm>
#include <stdexcept>

namespace torg::matrix {
namespace {

/// A key of the content that redaction leaves, in some generations of the algorithm.
struct Kept {
  std::string_view type, key;
  Redaction since = Redaction::v1;
  Redaction until = Redaction::v11;
};

/// https://spec.matrix.org/v1.19/rooms/v11/#redactions and the same section of the versions before. What is
/// not a key of its own: `m.room.create` keeps all from version 11 on, and a third-party invite its proof.
constexpr Kept kKept[] = {
    {"m.room.member", "membership"},
    {"m.room.member", "join_authorised_via_users_server", Redaction::v9},
    {"m.room.create", "creator", Redaction::v1, Redaction::v9},
    {"m.room.join_rules", "join_rule"},
    {"m.room.join_rules", "allow", Redaction::v8},
    {"m.room.power_levels", "ban"},
    {"m.room.power_levels", "events"},
    {"m.room.power_levels", "events_default"},
    {"m.room.power_levels", "invite", Redaction::v11},
    {"m.room.power_levels", "kick"},
    {"m.room.power_levels", "redact"},
    {"m.room.power_levels", "state_default"},
    {"m.room.power_levels", "users"},
    {"m.room.power_levels", "users_default"},
    {"m.room.aliases", "aliases", Redaction::v1, Redaction::v1},
    {"m.room.history_visibility", "history_visibility"},
    {"m.room.redaction", "redacts", Redaction::v11},
};

bool applies(Kept const& kept, Redaction redaction, std::string_view type) {
  return kept.type == type && kept.since <= redaction && redaction <= kept.until;
}

bool keeps_all(Redaction redaction, std::string_view type) {
  return redaction == Redaction::v11 && type == "m.room.create";
}

std::string canonical(json::object const& content) {
  // What came in by the rules of its room has a form by those rules; here nothing is refused any more.
  auto text = canonical_json(content, Numbers::any);
  if (!text) throw std::invalid_argument("the content of an event has no canonical form");
  return std::move(*text);
}

}  // namespace

bool keeps_content(RoomVersion version, std::string_view type) {
  auto const redaction = traits(version).redaction;
  return keeps_all(redaction, type) ||
         std::ranges::any_of(kKept, [&](Kept const& kept) { return applies(kept, redaction, type); });
}

std::string redacted_content(RoomVersion version, std::string_view type, json::object const& content) {
  auto const redaction = traits(version).redaction;
  if (keeps_all(redaction, type)) return canonical(content);
  json::object left;
  for (auto const& kept : kKept) {
    if (!applies(kept, redaction, type)) continue;
    if (auto const* value = content.if_contains(kept.key)) left.emplace(kept.key, *value);
  }
  if (type == "m.room.member" && redaction == Redaction::v11) {
    if (auto const* invite = optional_object(content, "third_party_invite")) {
      auto& proof = left["third_party_invite"].emplace_object();
      if (auto const* part = invite->if_contains("signed")) proof.emplace("signed", *part);
    }
  }
  return canonical(left);
}

}  // namespace torg::matrix
