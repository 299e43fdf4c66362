#pragma once
#include "base/ids.hpp"
#include "base/json.hpp"
#include "base/time.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace torg::governance {

using Day = std::chrono::sys_days;  ///< a calendar day in the authority's zone

/// A legal authority: each board (nämnd) of a municipality is one (R8).
struct Authority {
  AuthorityId id;
  std::string code;  ///< `KS`; also the prefix of its register series
  std::string name_sv, name_en;
  std::string organisation;  ///< "Älvhamns kommun"
  std::string organisation_number;
  std::string mark;  ///< which drawn mark stands for it: wave, drop, house …
  Day valid_from{};
  std::optional<Day> valid_to;
};

/// Stored as its number: new ones come last. What each may do stands in acts.cpp alone.
enum class Role : std::uint8_t {
  member,
  officer,
  registrar,
  archivist,
  administrator,
  disclosing_officer,
  lawyer,
  communicator,
  auditor,
  data_protection_officer,
};

/// Who works where, as what, and when.
struct Assignment {
  UserNid user;
  AuthorityId authority;
  std::string unit;
  Role role = Role::member;
  Day valid_from{};
  std::optional<Day> valid_to;
};

enum class Level : std::uint8_t { within, shared, open };
enum class InformationClass : std::uint8_t {
  open,
  internal,
  sensitive
};  ///< `sensitive` can't be chosen yet

/// A room's plan as accepted; what is only proposed is not in force (architecture, decision 16).
struct Plan {
  RoomNid room;
  std::string purpose;
  Level level = Level::within;
  InformationClass information_class = InformationClass::internal;
  AuthorityId host;       ///< also archives, unless `archives` says otherwise
  AuthorityId registers;  ///< who registers jointly
  AuthorityId archives;
  std::vector<AuthorityId> parties;  ///< authorities that take part, host included
  std::optional<CaseId> case_id;
  std::string classification;             ///< process code, e.g. 1.3.2
  std::string retention_decision;         ///< "GB 2026-07"
  std::int64_t weed_after_days = 90;      ///< working material
  std::int64_t dispose_after_days = 365;  ///< kept ordered, counted from the room's closing
  bool standing_decision = false;         ///< R17: routine posts are kept ordered at once
  std::string standing_decision_number;
  std::optional<Day> standing_decision_date;
  /// The room may be encrypted end to end: the server reads nothing, and the lifter hands over the originals.
  bool end_to_end = false;
  std::vector<AuthorityId> accepted_by;  ///< in force for these
};

}  // namespace torg::governance
