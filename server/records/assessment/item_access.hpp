#pragma once
#include "governance/governance.hpp"
#include "matrix/room/visibility.hpp"

#include <vector>

namespace torg::records {

/// What access to items is decided on; all outlive their users.
struct AccessServices {
  matrix::RoomService& rooms;
  db::Database& database;
  governance::Governance const& governance;
};

/// Which items of one room somebody may look at, decide about and lift for one authority.
///
/// Two ways, and no third: as a member, what the room's history visibility shows them; at a registrar's desk,
/// what is a record of the authority – an item with a row for it – in a room she may never have been in. A
/// registrar's role opens no working material, and no item of another authority. What its author took away
/// opens only when it is a record of the authority (architecture, decision 15).
/// @see docs/rules.md, "Who may see what"
class ItemAccess {
 public:
  /// `forbidden` when `by` is neither in the room nor a registrar of an authority that takes part in it.
  static Task<Result<ItemAccess>> of(AccessServices services, RoomNid room, UserNid by,
                                     AuthorityId authority);

  /// Whether the room's history shows `by` the event, as a member; says nothing of what a desk may open.
  [[nodiscard]] bool shows(matrix::RoomEvent const& event) const {
    return member_ && event.room == room_ && member_->allows(event);
  }
  /// Those of `events` that may be opened, in their order.
  [[nodiscard]] Task<Result<std::vector<matrix::RoomEvent>>> among(
      std::vector<matrix::RoomEvent> events) const;
  /// Those of the events with these ids that are here and may be opened, in this order.
  [[nodiscard]] Task<Result<std::vector<matrix::RoomEvent>>> find(std::vector<std::string> event_ids) const;
  /// The events with these ids, in this order; `not_found` when one of them isn't in the room, or may not be
  /// opened: one answer, so that ids tell nothing.
  [[nodiscard]] Task<Result<std::vector<matrix::RoomEvent>>> open(std::vector<std::string> event_ids) const;

 private:
  ItemAccess(AccessServices services, RoomNid room, AuthorityId authority)
      : services_(services), room_(room), authority_(authority) {}

  AccessServices services_;
  RoomNid room_;
  AuthorityId authority_;
  std::optional<matrix::Visibility> member_;  ///< none: not in the room
  bool desk_ = false;                         ///< a registrar of the authority
};

}  // namespace torg::records
