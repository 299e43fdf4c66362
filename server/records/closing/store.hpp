#pragma once
#include "db/database.hpp"
#include "governance/types.hpp"

#include <optional>
#include <span>
#include <vector>

namespace torg::records {

using governance::Day;

/// What a person says of a working item when its case has closed (R13): a draft or pure memo stays working
/// material, everything else is a record from then on.
enum class ReviewVerdict : std::uint8_t { none, record, working };

struct ReviewItem {
  CaseId of_case;
  RoomNid room;
  EventNid event;
  ReviewVerdict suggested = ReviewVerdict::record, verdict = ReviewVerdict::none;
  UserNid by;  ///< 0: by rule, at the end of the grace time
  Instant at{};
};

/// The review of what a closed case left in its rooms.
struct ClosingReview {
  CaseId of_case;
  AuthorityId authority;
  Instant closed_at{};
  UserNid closed_by;
  Day due_day{};                   ///< last day of the grace time
  std::optional<Instant> done_at;  ///< none while an item has no verdict
};

/// All SQL of closing reviews.
namespace closing_store {

void add_review(db::Transaction& transaction, ClosingReview const& review);
void add_item(db::Transaction& transaction, ReviewItem const& item);
[[nodiscard]] std::optional<ClosingReview> review(db::Reader& reader, CaseId of_case);
/// In order of the last day.
[[nodiscard]] std::vector<ClosingReview> open_reviews(db::Reader& reader, AuthorityId authority);
[[nodiscard]] std::vector<ClosingReview> overdue(db::Reader& reader, Day today);
/// In order of room and event.
[[nodiscard]] std::vector<ReviewItem> items(db::Reader& reader, CaseId of_case);
/// @return false when it has a verdict already, or is no item of the review
[[nodiscard]] bool set_verdict(db::Transaction& transaction, ReviewItem const& item);
[[nodiscard]] std::int64_t count_left(db::Reader& reader, CaseId of_case);
void set_done(db::Transaction& transaction, CaseId of_case, Instant at);
/// Items of a room that wait for a verdict, in order: weeding leaves them alone.
[[nodiscard]] std::vector<EventNid> under_review(db::Reader& reader, RoomNid room, EventNid from,
                                                 EventNid to);

}  // namespace closing_store

[[nodiscard]] std::span<db::Migration const> closing_migrations();

}  // namespace torg::records
