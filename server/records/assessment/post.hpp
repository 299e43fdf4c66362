#pragma once
#include "records/assessment/assessment.hpp"
#include "records/assessment/item.hpp"
#include "records/rules/assess.hpp"
#include "records/rules/routine.hpp"

namespace torg::records {

/// Where and by whom something was posted, as far as the rules care.
struct Posting {
  RoomNid room;
  EventNid event;
  AuthorityId sender;                  ///< 0: an outsider
  std::vector<AuthorityId> concerned;  ///< authorities that take part, the sender's included
  bool outsiders_read = false;
  bool everyone_reads = false;  ///< a room of level open (R12)
  bool case_open = false;
  bool plan_keeps_ordered = false;  ///< R17
  bool for_comments = false;        ///< R11: its sender shares a draft for comments alone
  Instant at{};
};

/// Nothing crosses a border: the item is working material of one authority, and needs no row (R6, R7).
[[nodiscard]] bool stays_inside(Posting const& posting);
/// The same, and its authority doesn't hold that what is said has its final form (R6).
[[nodiscard]] bool needs_no_row(Posting const& posting, SettingsByAuthority const& settings);

/// The rows of a new item, one for each authority it concerns: *sent* for the sender's, *received* for the
/// others (R8, R9). Routine is kept ordered at once under a standing decision; what isn't gets a clock at
/// each of them. Pure.
[[nodiscard]] std::vector<Assessment> rows_of_post(Posting const& posting,
                                                   std::vector<Exception> const& exceptions,
                                                   bool has_attachment, SettingsByAuthority const& settings);

/// What the rules say of an item without a row: the working material of `authority`. It stays what it was
/// when it was written, also when the authority has come to read R6 otherwise since.
[[nodiscard]] Assessment working_material(Posting const& posting, AuthorityId authority,
                                          Settings const& settings);

/// What a person may choose for an item now, why not the rest, and what the rules would choose.
struct Choices {
  std::vector<Handling> allowed;
  std::vector<Refusal> refused;
  std::optional<Handling> suggested;  ///< none once it is decided
};
[[nodiscard]] Choices choices(Assessment const& assessment);

}  // namespace torg::records
