#pragma once
#include "governance/service.hpp"
#include "identity/identity.hpp"
#include "matrix/room/service.hpp"
#include "net/page.hpp"

namespace torg::administration {

/// What the services of this slice work on; all outlive them.
struct Services {
  Runtime& runtime;
  db::Database& database;
  identity::Identity& identity;
  matrix::RoomService& rooms;
  governance::GovernanceService& governance;
};

/// Who does it, and why. Every act is one entry in the audit log.
struct Act {
  UserNid by;
  std::string reason;
};

/// Writes the entry of an act in the transaction that does it. `details` never holds content.
[[nodiscard]] identity::Also noted(Services const& services, Act const& act, std::string_view what,
                                   json::object details);
/// The same as a write of its own, for acts that are many writes: it comes before them.
[[nodiscard]] Task<Result<>> note(Services services, Act act, std::string what, json::object details);

using net::Page;

}  // namespace torg::administration
