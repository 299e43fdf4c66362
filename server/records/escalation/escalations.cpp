#include "records/escalation/escalations.hpp"

#include "base/log.hpp"
#include "governance/zone.hpp"
#include "records/requests/store.hpp"

#include <algorithm>

namespace torg::records {
namespace {

using std::chrono::days;

/// After midnight, so that the day is surely a new one.
constexpr std::chrono::minutes kAfterMidnight{5};
constexpr days kShown{30};
/// When a room or the mail server would not take what it was told.
constexpr std::chrono::minutes kRetry{15};

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

void Escalations::schedule(bool told) {
  auto next = governance::start_of(governance_.today() + days{1}) + kAfterMidnight;
  if (!told) next = std::min(next, runtime_.now() + kRetry);
  timer_ = runtime_.schedule(runtime_.steady_now() + (next - runtime_.now()),
                             [this] { tasks_.spawn("clocks", daily()); });
}

Task<> Escalations::daily() {
  if (auto const done = co_await round(governance_.today()); !done)
    log(LogLevel::error, "the clocks were not looked after; it is tried again tomorrow",
        {{"detail", done.error().detail}});
  schedule(co_await tell());
}

Task<Result<>> Escalations::round(Day today) {
  if (auto settled = co_await reviews_.settle_overdue(); !settled) co_return settled;
  std::vector<AuthorityId> authorities;
  for (auto const& authority : governance_.authorities()) authorities.push_back(authority.id);
  bool const rooms = tellers_.rooms != nullptr, mail = bool(tellers_.mail);
  co_return co_await database_.write(
      [authorities, today, rooms, mail](db::Transaction& transaction) -> Result<> {
        for (auto const authority : authorities) {
          auto const notices = due_today(transaction, authority, today);
          if (notices.empty()) continue;
          auto const after = notice_store::told(transaction, authority).value_or(Day{});
          notice_store::tell(transaction, authority, today, notices);
          if (mail) telling_store::add(transaction, authority, letter_text(notices));
          if (!rooms) continue;
          for (auto const& late : telling_store::late_rooms(transaction, authority, after, today))
            telling_store::add(transaction, late);
        }
        return {};
      });
}

Task<bool> Escalations::tell() {
  struct Waiting {
    std::vector<LateRoom> rooms;
    std::vector<ClockLetter> letters;
  };
  auto const waiting = co_await database_.read([](db::Reader& reader) {
    return Waiting{telling_store::rooms(reader), telling_store::letters(reader)};
  });
  if (!waiting) co_return false;
  bool all = true;
  for (auto const& late : waiting->rooms) all = co_await tell_room(late) && all;
  for (auto const& letter : waiting->letters) all = co_await tell_by_mail(letter) && all;
  co_return all;
}

/// The row goes in the transaction that the notice comes with: it is sent once, whatever stops in between.
Task<bool> Escalations::tell_room(LateRoom late) {
  auto const forget = [id = late.id](db::Transaction& transaction) {
    telling_store::remove_room(transaction, id);
  };
  auto const* authority = governance_.authority(late.authority);
  if (tellers_.rooms != nullptr && authority != nullptr) {
    auto const words = room_words(authority->name_sv, late.count);
    matrix::SendEvent event;
    event.room = late.room;
    event.sender = tellers_.service_user();
    event.type = "m.room.message";
    event.content = {{"msgtype", "m.notice"},
                     {"body", words.sv + "\n" + words.en},
                     {"org.torg.clock", {{"authority", authority->code}, {"late", late.count}}}};
    event.also = [forget](db::Transaction& transaction, EventNid, Position) { forget(transaction); };
    auto const sent = co_await tellers_.rooms->send(std::move(event));
    if (sent) co_return true;
    auto const code = sent.error().code;
    if (code == ErrorCode::unavailable || code == ErrorCode::storage_full || code == ErrorCode::internal)
      co_return false;
    log(LogLevel::info, "a room is not told that its items are late", {{"why", sent.error().message}});
  }
  auto const forgotten = co_await database_.write([forget](db::Transaction& transaction) -> Result<> {
    forget(transaction);
    return {};
  });
  co_return forgotten.has_value();
}

Task<bool> Escalations::tell_by_mail(ClockLetter letter) {
  auto const* authority = governance_.authority(letter.authority);
  if (tellers_.mail && authority != nullptr) {
    auto const sent = co_await tellers_.mail(letter.authority, "Torg: " + authority->name_sv, letter.text);
    if (!sent) {
      log(LogLevel::warning, "a letter about clocks was not taken; it is tried again",
          {{"why", sent.error().message}});
      co_return false;
    }
  }
  auto const forgotten = co_await database_.write([id = letter.id](db::Transaction& transaction) -> Result<> {
    telling_store::remove_letter(transaction, id);
    return {};
  });
  co_return forgotten.has_value();
}

bool Escalations::is_told(UserNid person, ClockNotice const& notice) const {
  using governance::Act;
  auto const acts = governance_.acts(person, notice.authority);
  return acts.has(Act::hear_of_clocks) ||
         (notice.step == NoticeStep::very_late && acts.has(Act::hear_of_late_clocks));
}

Task<Result<std::vector<ClockNotice>>> Escalations::notices_for(UserNid person) {
  std::set<AuthorityId> own;
  for (auto const act : {governance::Act::hear_of_clocks, governance::Act::hear_of_late_clocks})
    for (auto const authority : governance_.where_may(person, act)) own.insert(authority);
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
