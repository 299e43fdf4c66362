#pragma once
#include "records/assessment/assessment.hpp"

namespace torg::records {

/// What an item would become for one authority.
struct OpenedFor {
  AuthorityId authority;
  Basis basis = Basis::received;
  std::string rule;
  Handling handling = Handling::unassessed;
};
struct OpenedItem {
  EventNid event;
  std::string event_id;
  AuthorityId sender;  ///< 0: an outsider
  Instant at{};
  std::vector<OpenedFor> becomes;  ///< never empty
};
/// What would be sent and received if somebody of an authority that doesn't read along yet were let in now
/// (R9).
struct OpeningPreview {
  bool takes_part = false;    ///< it reads along already: nothing new happens
  bool shows_history = true;  ///< what is said from now on would be shown to whoever comes later, too
  std::int64_t sent = 0, received = 0;  ///< items that would become so
  std::vector<OpenedItem> items;        ///< the latest of them, newest last
  static constexpr std::size_t kMostItems = 200;
  /// Whether letting somebody in discloses nothing that was said before.
  [[nodiscard]] bool discloses_nothing() const { return sent == 0 && received == 0; }
};

}  // namespace torg::records
