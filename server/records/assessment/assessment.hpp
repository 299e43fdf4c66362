#pragma once
#include "db/database.hpp"
#include "governance/governance.hpp"
#include "records/rules/types.hpp"

#include <optional>
#include <string>
#include <vector>

namespace torg::records {

/// The state of one item for one authority (architecture, decision 13). Within one board most items have no
/// row: they are working material, and `AssessmentService::assessments_of` says so.
struct Assessment {
  EventNid event;
  AuthorityId authority;
  RoomNid room;
  Status status = Status::not_record;
  Basis basis = Basis::internal_no_case;
  Handling handling = Handling::working;
  std::string rule;            ///< the rule that decided last: `R17`
  Instant since{};             ///< when the status arose; the clock counts from here
  std::optional<Day> due_day;  ///< last day of the clock; none: no clock
  bool may_be_secret = false;  ///< a secrecy or personal-number hit: not merely kept ordered (R21)
  RecordId record;             ///< 0: not registered
  std::string reason;
  UserNid by;  ///< 0: by rule
};

/// A fact that makes an item a record for an authority, or asks about it: sent by hand, case closed, access
/// opened.
struct Arising {
  EventNid event;
  AuthorityId authority;
  RoomNid room;
  Basis basis = Basis::received;
  std::string_view rule;  ///< static text
  Handling handling = Handling::unassessed;
  Instant since{};
  std::optional<Day> due_day;
  bool may_be_secret = false;
  std::string reason;  ///< shown to people, e.g. to whom it was sent
  UserNid by;
};

/// An item's registering in the transaction that makes its record.
struct Registering {
  EventNid event;
  AuthorityId authority;
  RoomNid room;
  RecordId record;
  UserNid by;
  Instant at{};
};

/// What other parts of records call inside their own transaction (in the lane). Each writes the append-only
/// history.
namespace assessment {

/// The item becomes a record. A running clock never stops by it, and what was decided about a record stays
/// decided, unless the new fact needs a decision that the standing decision had made (R17): then the clock
/// starts.
void arise(db::Transaction& transaction, Arising const& arising);

/// A lift or a manual entry commits. `conflict` when another record of this authority holds the item already.
[[nodiscard]] Result<> registered(db::Transaction& transaction, Registering const& registering);

/// The registrar corrected a record to "not a record": its items are unassessed again, with the clock they
/// had.
void unregistered(db::Transaction& transaction, RecordId record, UserNid by, Instant at,
                  std::string_view reason);

/// Rows of these items, for all authorities; in order of event and authority.
[[nodiscard]] std::vector<Assessment> rows_of(db::Reader& reader, std::span<EventNid const> events);
/// Items of a record.
[[nodiscard]] std::vector<Assessment> rows_of_record(db::Reader& reader, RecordId record);

}  // namespace assessment

/// What the assessment JSON shows of neighbouring parts; filled by whoever owns them (records/register,
/// records/lift).
struct RecordName {
  RecordId id;
  std::string number, title;
};
struct PendingIntent {
  EventNid event;
  AuthorityId authority;
  std::string key, state;
  Instant due_at{};
};

}  // namespace torg::records
