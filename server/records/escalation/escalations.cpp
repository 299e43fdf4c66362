#include "records/escalation/escalations.hpp"

#include "base/log.hpp"
#include "governance/zone.hpp"
#include "records/requests/store.hpp"

namespace torg::records {
namespace {

using std::chrono::days;

/// After midnight, so that the day is surely a new one.
constexpr std::chrono::minutes kAfterMidnight{5};
constexpr days kShown{30};

std::vector<ClockNotice> due_today(db::Reader& reader, AuthorityId authority, Day today) {
  // An authority that was never told of anything: what is late by now is told once.
  auto const after = notice_store::told(reader, authority).value_or(Day{});
  if (after >= today) return {};
  DueCounts requests, reviews;
  for (auto const& request : requests_store::open(reader, authority)) ++requests[request.latest_day];
  for (auto const& review : closing_store::open_reviews(reader, authority)) ++reviews[review.due_day];
  std::vector<ClockNotice> all;
  for (auto const& [kind, counts] :
       {std::pair(NoticeKind::items, notice_store::items_due(reader, authority)),
        std::pair(NoticeKind::requests, requests), std::pair(NoticeKind::reviews, reviews)}) {
    auto const some = notices_of(authority, kind, counts, after, today);
    all.insert(all.end(), some.begin(), some.end());
  }
  return all;
}

}  // namespace

void Escalations::start() { tasks_.spawn("clocks", daily()); }

Task<> Escalations::stop() {
  runtime_.cancel(timer_);
  co_await tasks_.join();
}

void Escalations::schedule() {
  auto const next = governance::start_of(governance_.today() + days{1}) + kAfterMidnight;
  timer_ = runtime_.schedule(runtime_.steady_now() + (next - runtime_.now()),
                             [this] { tasks_.spawn("clocks", daily()); });
}

Task<> Escalations::daily() {
  if (auto const done = co_await round(governance_.today()); !done)
    log(LogLevel::error, "the clocks were not looked after; it is tried again tomorrow",
        {{"detail", done.error().detail}});
  schedule();
}

Task<Result<>> Escalations::round(Day today) {
  if (auto settled = co_await reviews_.settle_overdue(); !settled) co_return settled;
  std::vector<AuthorityId> authorities;
  for (auto const& authority : governance_.authorities()) authorities.push_back(authority.id);
  co_return co_await database_.write([authorities, today](db::Transaction& transaction) -> Result<> {
    for (auto const authority : authorities) {
      auto const notices = due_today(transaction, authority, today);
      if (!notices.empty()) notice_store::tell(transaction, authority, today, notices);
    }
    return {};
  });
}

bool Escalations::is_told(UserNid person, ClockNotice const& notice) const {
  using governance::Role;
  if (governance_.has_role(person, notice.authority, Role::registrar)) return true;
  return notice.step == NoticeStep::very_late &&
         (governance_.has_role(person, notice.authority, Role::archivist) ||
          governance_.has_role(person, notice.authority, Role::administrator));
}

Task<Result<std::vector<ClockNotice>>> Escalations::notices_for(UserNid person) {
  std::set<AuthorityId> own;
  for (auto const& held : governance_.assignments(person)) own.insert(held.authority);
  auto found =
      co_await database_.read([own, person, since = governance_.today() - kShown](db::Reader& reader) {
        std::vector<ClockNotice> all;
        for (auto const authority : own) {  // one to three
          auto const some = notice_store::unseen(reader, authority, since, person);
          all.insert(all.end(), some.begin(), some.end());
        }
        return all;
      });
  if (found) std::erase_if(*found, [&](ClockNotice const& notice) { return !is_told(person, notice); });
  co_return found;
}

Task<Result<>> Escalations::see(UserNid person, NoticeId id) {
  auto const found =
      co_await database_.read([id](db::Reader& reader) { return notice_store::find(reader, id); });
  if (!found) co_return std::unexpected(found.error());
  if (!*found || !is_told(person, **found)) co_return fail(ErrorCode::not_found, "There is no such notice.");
  co_return co_await database_.write(
      [id, person, at = runtime_.now()](db::Transaction& transaction) -> Result<> {
        notice_store::see(transaction, id, person, at);
        return {};
      });
}

}  // namespace torg::records
