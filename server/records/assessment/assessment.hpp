#pragma once
#include "db/database.hpp"
#include "governance/types.hpp"
#include "records/rules/types.hpp"

#include <optional>
#include <span>
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
  std::optional<Day> due_day;  ///< last day of the clock; kept when it has stopped; none: there never was one
  bool may_be_secret = false;  ///< a secrecy or personal-number hit: not merely kept ordered (R21)
  bool matters = false;        ///< states facts, position or consent, or calls for action: not trivial (R22)
  RecordId record;             ///< 0: not registered
  std::string reason;
  UserNid by;  ///< 0: by rule
  Instant decided_at{};
};

/// A fact that makes an item a record for an authority, or asks about it: sent by hand, case closed, access
/// opened.
struct Arising {
  EventNid event;
  AuthorityId authority;
  RoomNid room;
  Basis basis = Basis::received;
  std::string rule;
  Handling handling = Handling::unassessed;
  Instant since{};
  std::optional<Day> due_day;
  bool may_be_secret = false;
  bool matters = false;
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

/// A person's decision, already allowed by the rules.
struct Deciding {
  EventNid event;
  AuthorityId authority;
  RoomNid room;
  Handling handling = Handling::kept_ordered;
  std::string rule;
  std::string reason;
  UserNid by;
  UserNid second_person;  ///< 0: none
  Instant at{};
};

/// What other parts of records call inside their own transaction (in the lane). Each change writes the
/// append-only history: person, time, rule and rule version.
namespace assessment {

/// The item becomes a record. A running clock never stops by it, and what a person decided stays decided;
/// what a standing decision had kept in order is asked about when the new fact asks (R17).
void arise(db::Transaction& transaction, Arising const& arising);

/// A person decides. `bad_state` when the item is registered: that is corrected in the register, never
/// undone.
[[nodiscard]] Result<Assessment> decide(db::Transaction& transaction, Deciding const& deciding);

/// A lift or a manual entry commits. `conflict` when another record of this authority holds the item already.
[[nodiscard]] Result<> registered(db::Transaction& transaction, Registering const& registering);

/// A lift whose number a register outside Torg gives: registered, with `record` 0. `conflict` as above.
[[nodiscard]] Result<> handed_over(db::Transaction& transaction, Registering const& registering);
/// That register refused it: unassessed again, with the clock it had; nothing when it isn't handed over any
/// more.
void handed_back(db::Transaction& transaction, Registering const& registering, std::string_view reason);

/// The registrar corrected a record to "not a record": what was received or sent is unassessed again, with
/// the clock it had; what was registered of free will is working material again.
void unregistered(db::Transaction& transaction, RecordId record, UserNid by, Instant at,
                  std::string_view reason);

/// Rows of these items of one room, for all authorities; in order of event and authority.
[[nodiscard]] std::vector<Assessment> rows_of(db::Reader& reader, RoomNid room,
                                              std::span<EventNid const> events);
[[nodiscard]] std::optional<Assessment> row_of(db::Reader& reader, RoomNid room, EventNid event,
                                               AuthorityId authority);
/// Items of a record.
[[nodiscard]] std::vector<Assessment> rows_of_record(db::Reader& reader, RecordId record);

}  // namespace assessment

/// What the assessment JSON shows of neighbouring parts; filled by whoever owns them (records/register,
/// records/lift).
struct RecordName {
  RecordId id;
  std::string number, title;
};
/// Where something is that was handed to a register outside Torg (records/external).
struct ShownDelivery {
  EventNid event;  ///< 0 where nobody asked by item
  AuthorityId authority;
  std::string key;
  std::string state;   ///< waiting, retrying, sent, registered, refused
  std::string number;  ///< the register's; empty before it is registered
  std::string place;   ///< where the register shows it; may be empty
  std::string problem;
  std::string title;
  std::optional<Instant> next_try;  ///< none once it is decided
};
struct PendingIntent {
  EventNid event;
  AuthorityId authority;
  std::string key, state;
  Instant due_at{};
};

}  // namespace torg::records
