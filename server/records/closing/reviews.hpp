#pragma once
#include "governance/service.hpp"
#include "matrix/room/rooms.hpp"
#include "records/assessment/assessment.hpp"
#include "records/assessment/item.hpp"
#include "records/closing/store.hpp"
#include "records/register/register.hpp"
#include "records/rules/settings.hpp"

namespace torg::records {

/// An item of a review with what a person needs to judge it.
struct ShownReviewItem {
  ReviewItem item;
  matrix::RoomEvent event;
};
struct ShownReview {
  CaseView of_case;
  std::optional<ClosingReview> review;  ///< none while the case is open: then this is what closing will ask
  std::vector<ShownReviewItem> items;
};

/// What the person who closes a case, or goes on with its review, says of each item.
using ReviewVerdicts = std::map<EventNid, ReviewVerdict>;

/// Closing a case is a review of everything still working in its rooms (R13). A case may be closed at once;
/// what has no verdict then waits on the desk for the grace time. Items without a verdict after that are
/// taken for what the law makes of them: nobody has said that they are drafts or memos, so they are records,
/// asked about with a clock. Nothing under review is weeded. Called on the executor only.
class ClosingReviews {
 public:
  ClosingReviews(Runtime& runtime, db::Database& database, governance::GovernanceService& governance,
                 matrix::Rooms& rooms, Register& records, SettingsByAuthority const& settings)
      : runtime_(runtime),
        database_(database),
        governance_(governance),
        rooms_(rooms),
        records_(records),
        settings_(settings) {}

  /// The rooms whose plan names the case.
  [[nodiscard]] std::vector<RoomNid> rooms_of(CaseId of_case) const;
  /// The list, prefilled; `not_found`.
  [[nodiscard]] Task<Result<ShownReview>> show(CaseId of_case);
  /// Closes the case with the verdicts given so far. `not_found` for an item that isn't in the list,
  /// `forbidden`, `conflict` when it is closed already.
  Task<Result<CaseView>> close(UserNid by, CaseId of_case, ReviewVerdicts verdicts);
  /// More verdicts, once each: `conflict` when somebody was faster, `bad_state` when the review is done.
  Task<Result<>> decide(UserNid by, CaseId of_case, ReviewVerdicts verdicts);
  struct Waiting {
    ClosingReview review;
    CaseView of_case;
    std::int64_t left = 0;
  };
  [[nodiscard]] Task<Result<std::vector<Waiting>>> waiting(std::vector<AuthorityId> authorities);
  /// Settles by rule what has waited longer than the grace time; every day, and at start.
  Task<Result<>> settle_overdue();

 private:
  Task<Result<std::vector<ShownReviewItem>>> gather(CaseId of_case, AuthorityId authority);
  Task<Result<>> gather_room(RoomNid room, CaseId of_case, AuthorityId authority,
                             std::vector<ShownReviewItem>& found);
  [[nodiscard]] Arising arising_of(ReviewItem const& item, matrix::RoomEvent const& event,
                                   ClosingReview const& review, Instant clock_from) const;
  Task<Result<>> settle(ClosingReview review);

  Runtime& runtime_;
  db::Database& database_;
  governance::GovernanceService& governance_;
  matrix::Rooms& rooms_;
  Register& records_;
  SettingsByAuthority const& settings_;
};

[[nodiscard]] std::string_view to_text(ReviewVerdict verdict);  ///< `record`, `working`; empty for none
[[nodiscard]] std::optional<ReviewVerdict> parse_review_verdict(std::string_view text);

}  // namespace torg::records
