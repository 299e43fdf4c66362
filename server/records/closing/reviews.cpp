#include "records/closing/reviews.hpp"

#include "base/log.hpp"
#include "governance/zone.hpp"
#include "records/rules/assess.hpp"
#include "records/rules/routine.hpp"
#include "records/rules/working_days.hpp"

#include <algorithm>

namespace torg::records {
namespace {

constexpr std::size_t kPage = 200;
constexpr std::string_view kNotInReview =
    "Only what is still working material in the case's rooms is reviewed.";

std::vector<Exception> cues(matrix::RoomEvent const& event) {
  auto const item = read_item(event).value_or(Item{});
  return exceptions_from_routine({.text = item.text, .has_attachment = !item.attachments.empty()},
                                 governance::day_of(instant_from_ms(event.origin_server_ts)));
}

/// What adds facts, takes a position or shows a file is hardly a pure memo (TF 2:12).
ReviewVerdict suggested(matrix::RoomEvent const& event) {
  return cues(event).empty() ? ReviewVerdict::working : ReviewVerdict::record;
}

bool has(std::vector<Exception> const& found, std::initializer_list<Exception> wanted) {
  return std::ranges::any_of(wanted, [&](auto one) { return std::ranges::find(found, one) != found.end(); });
}

void finish_if_done(db::Transaction& transaction, CaseId of_case, Instant at) {
  if (closing_store::count_left(transaction, of_case) == 0) closing_store::set_done(transaction, of_case, at);
}

}  // namespace

std::string_view to_text(ReviewVerdict verdict) {
  switch (verdict) {
    case ReviewVerdict::record:
      return "record";
    case ReviewVerdict::working:
      return "working";
    case ReviewVerdict::none:
      return "";
  }
  return "";
}

std::optional<ReviewVerdict> parse_review_verdict(std::string_view text) {
  if (text == "record") return ReviewVerdict::record;
  if (text == "working") return ReviewVerdict::working;
  return std::nullopt;
}

/// Items of the authority's own people that are no records to it: what others wrote has been received.
Task<Result<>> ClosingReviews::gather_room(RoomNid room, CaseId of_case, AuthorityId authority,
                                           std::vector<ShownReviewItem>& found) {
  Position after;
  auto const until = database_.last_position();
  for (bool more = true; more;) {
    auto page = co_await rooms_.timeline(room, after, until, kPage);
    if (!page) co_return std::unexpected(page.error());
    more = page->size() == kPage;
    if (page->empty()) break;
    after = page->back().position;
    std::erase_if(*page, [&](matrix::RoomEvent const& event) {
      return event.content.empty() || !read_item(event) || belongs_to_another(event) ||
             governance_.authority_or_none(event.sender) != authority;
    });
    std::vector<EventNid> nids;
    for (auto const& event : *page) nids.push_back(event.nid);
    auto const rows = co_await database_.read(
        [room, nids](db::Reader& reader) { return assessment::rows_of(reader, room, nids); });
    if (!rows) co_return std::unexpected(rows.error());
    for (auto& event : *page) {
      bool const is_record = std::ranges::any_of(*rows, [&](Assessment const& row) {
        return row.event == event.nid && row.authority == authority && row.status == Status::record;
      });
      if (is_record) continue;
      ReviewItem const item{of_case, room, event.nid, suggested(event), ReviewVerdict::none, {}, {}};
      found.push_back({item, std::move(event)});
    }
  }
  co_return Result<>{};
}

std::vector<RoomNid> ClosingReviews::rooms_of(CaseId of_case) const {
  std::vector<RoomNid> rooms;
  for (auto const* plan : governance_.plans_in_force()) {
    if (plan->case_id == of_case) rooms.push_back(plan->room);
  }
  return rooms;
}

Task<Result<std::vector<ShownReviewItem>>> ClosingReviews::gather(CaseId of_case, AuthorityId authority) {
  std::vector<ShownReviewItem> found;
  for (auto const room : rooms_of(of_case)) {
    auto const done = co_await gather_room(room, of_case, authority, found);
    if (!done) co_return std::unexpected(done.error());
  }
  co_return found;
}

Task<Result<ShownReview>> ClosingReviews::show(CaseId of_case) {
  auto view = co_await records_.case_view(of_case);
  if (!view) co_return std::unexpected(view.error());
  ShownReview shown{std::move(*view), std::nullopt, {}};
  if (!shown.of_case.closed_day) {
    auto items = co_await gather(of_case, shown.of_case.authority);
    if (!items) co_return std::unexpected(items.error());
    shown.items = std::move(*items);
    co_return shown;
  }
  auto items = co_await database_.read([of_case](db::Reader& reader) {
    return std::pair(closing_store::review(reader, of_case), closing_store::items(reader, of_case));
  });
  if (!items) co_return std::unexpected(items.error());
  shown.review = items->first;
  for (auto const& item : items->second) {
    auto event = co_await rooms_.event(item.event);
    if (event) shown.items.push_back({item, std::move(*event)});  // else it has been weeded since
  }
  co_return shown;
}

/// The clock runs from the closing; past the grace time, from its end, so that it isn't late before it was
/// seen.
Arising ClosingReviews::arising_of(ReviewItem const& item, matrix::RoomEvent const& event,
                                   ClosingReview const& review, Instant clock_from) const {
  auto const found = cues(event);
  Arising arising;
  arising.event = item.event;
  arising.authority = review.authority;
  arising.room = item.room;
  arising.basis = Basis::drawn_up_case_closed;
  arising.rule = "R13";
  arising.since = review.closed_at;
  arising.due_day = due_day(clock_from, settings_.of(review.authority));
  arising.may_be_secret = has(found, {Exception::may_be_secret, Exception::personal_number});
  arising.matters = has(found, {Exception::states_fact, Exception::takes_position, Exception::gives_consent});
  arising.by = item.by;
  return arising;
}

Task<Result<CaseView>> ClosingReviews::close(UserNid by, CaseId of_case, ReviewVerdicts verdicts) {
  auto const view = co_await records_.case_view(of_case);
  if (!view) co_return std::unexpected(view.error());
  auto items = co_await gather(of_case, view->authority);
  if (!items) co_return std::unexpected(items.error());
  auto const now = runtime_.now();
  auto const grace = settings_.of(view->authority).working_days_to_review;
  ClosingReview const review{
      of_case, view->authority, now, by, plus_working_days(governance::day_of(now), grace), std::nullopt};
  std::vector<Arising> arisings;
  std::vector<ReviewItem> reviewed;
  for (auto& [item, event] : *items) {
    if (auto const given = verdicts.extract(item.event)) {
      item.verdict = given.mapped();
      item.by = by;
      item.at = now;
    }
    if (item.verdict == ReviewVerdict::record) arisings.push_back(arising_of(item, event, review, now));
    reviewed.push_back(item);
  }
  if (!verdicts.empty()) co_return fail(ErrorCode::not_found, std::string(kNotInReview));
  co_return co_await records_.close_case(
      by, of_case, [review, reviewed, arisings, now](db::Transaction& transaction) {
        closing_store::add_review(transaction, review);
        for (auto const& item : reviewed) closing_store::add_item(transaction, item);
        for (auto const& arising : arisings) assessment::arise(transaction, arising);
        finish_if_done(transaction, review.of_case, now);
        governance::Governance::audit(transaction, now, review.closed_by, "case.closed",
                                      {{"case", review.of_case.value},
                                       {"authority", review.authority.value},
                                       {"working_items", static_cast<std::int64_t>(reviewed.size())},
                                       {"records", static_cast<std::int64_t>(arisings.size())}});
      });
}

Task<Result<>> ClosingReviews::decide(UserNid by, CaseId of_case, ReviewVerdicts verdicts) {
  auto const shown = co_await show(of_case);
  if (!shown) co_return std::unexpected(shown.error());
  if (!records_.may_read(by, shown->of_case.authority))
    co_return fail(ErrorCode::forbidden, "You have no role in this register.");
  if (!shown->review || shown->review->done_at)
    co_return fail(ErrorCode::bad_state, "No review of this case is open.");
  auto const now = runtime_.now();
  std::vector<ReviewItem> decided;
  std::vector<Arising> arisings;
  for (auto [item, event] : shown->items) {
    auto const given = verdicts.extract(item.event);
    if (!given) continue;
    item.verdict = given.mapped();
    item.by = by;
    item.at = now;
    if (item.verdict == ReviewVerdict::record)
      arisings.push_back(arising_of(item, event, *shown->review, now));
    decided.push_back(item);
  }
  if (!verdicts.empty()) co_return fail(ErrorCode::not_found, std::string(kNotInReview));
  co_return co_await database_.write([of_case, decided, arisings, now](db::Transaction& t) -> Result<> {
    for (auto const& item : decided) {
      if (!closing_store::set_verdict(t, item))
        return fail(ErrorCode::conflict, "Somebody was faster: an item has its verdict already.");
    }
    for (auto const& arising : arisings) assessment::arise(t, arising);
    finish_if_done(t, of_case, now);
    return {};
  });
}

Task<Result<std::vector<ClosingReviews::Waiting>>> ClosingReviews::waiting(
    std::vector<AuthorityId> authorities) {
  auto found = co_await database_.read([authorities](db::Reader& reader) {
    std::vector<Waiting> all;
    for (auto const authority : authorities) {  // a registrar's one to three
      for (auto const& review : closing_store::open_reviews(reader, authority))
        all.push_back({review, {}, closing_store::count_left(reader, review.of_case)});
    }
    return all;
  });
  if (!found) co_return std::unexpected(found.error());
  for (auto& waiting : *found) {
    auto view = co_await records_.case_view(waiting.review.of_case);
    if (!view) co_return std::unexpected(view.error());
    waiting.of_case = std::move(*view);
  }
  co_return found;
}

Task<Result<>> ClosingReviews::settle(ClosingReview review) {
  auto const shown = co_await show(review.of_case);
  if (!shown) co_return std::unexpected(shown.error());
  auto const now = runtime_.now();
  std::vector<std::pair<ReviewItem, Arising>> left;
  for (auto [item, event] : shown->items) {
    if (item.verdict != ReviewVerdict::none) continue;
    item.verdict = ReviewVerdict::record;
    item.at = now;
    auto arising = arising_of(item, event, review, now);
    arising.reason = "Genomgången blev inte gjord i tid";
    left.emplace_back(item, std::move(arising));
  }
  co_return co_await database_.write([review, left, now](db::Transaction& transaction) -> Result<> {
    for (auto const& [item, arising] : left) {
      // A person who was faster has decided.
      if (closing_store::set_verdict(transaction, item)) assessment::arise(transaction, arising);
    }
    closing_store::set_done(transaction, review.of_case, now);
    governance::Governance::audit(transaction, now, {}, "review.settled_by_rule",
                                  {{"case", review.of_case.value},
                                   {"authority", review.authority.value},
                                   {"items", static_cast<std::int64_t>(left.size())}});
    return {};
  });
}

Task<Result<>> ClosingReviews::settle_overdue() {
  auto const overdue = co_await database_.read(
      [today = governance_.today()](db::Reader& reader) { return closing_store::overdue(reader, today); });
  if (!overdue) co_return std::unexpected(overdue.error());
  for (auto const& review : *overdue) {
    if (auto const done = co_await settle(review); !done) co_return done;
  }
  co_return Result<>{};
}

}  // namespace torg::records
