#include "records/register/web_delay.hpp"

#include "base/log.hpp"
#include "governance/zone.hpp"
#include "records/lift/draft.hpp"
#include "records/register/store.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace torg::records {
namespace {

constexpr std::int64_t kAtOnce = 100;

constexpr db::Statement kDue{
    "SELECT id FROM register_record WHERE authority = $1 AND publication = 0 AND disposed = 0 AND id > $2 "
    "AND "
    "registered_at >= $3 AND COALESCE(checked_at, registered_at) <= $4 ORDER BY id LIMIT $5"};

std::vector<RecordView> due(db::Reader& reader, AuthorityId authority, RecordId after, Instant since,
                            Instant until) {
  std::vector<RecordId> ids;
  reader.query(kDue, {authority, after, to_ms(since), to_ms(until), kAtOnce},
               [&](db::Row const& row) { ids.push_back(row.number<RecordId>(0)); });
  std::vector<RecordView> found;
  for (auto const id : ids)
    if (auto view = register_store::record(reader, id)) found.push_back(std::move(*view));
  return found;
}

/// When the authority chose the delay; what came before that was promised a check.
Instant chosen_at(std::vector<SettingChange> const& newest_first) {
  Instant at{};
  for (auto const& change : newest_first) {
    if (change.key != "before_the_web") continue;
    if (change.value != "delay") break;
    at = change.at;
  }
  return at;
}

/// In the lane: a registrar may have decided meanwhile.
bool show_if_waiting(db::Transaction& transaction, Publish const& decision) {
  auto const view = register_store::record(transaction, decision.record);
  return view && view->publication == Publication::waiting && publish(transaction, decision).has_value();
}

}  // namespace

bool needs_a_check(RecordView const& record, Day today) {
  std::vector<std::string> private_names;
  if (record.private_person) private_names = {record.sender, record.recipient};
  return record.secrecy || record.not_a_record || has_personal_number(record.title, today) ||
         !names_in(record.title, private_names).empty();
}

void WebDelay::start() { tasks_.spawn("titles for the web", regularly()); }

Task<> WebDelay::stop() {
  runtime_.cancel(timer_);
  co_await tasks_.join();
}

Task<> WebDelay::regularly() {
  auto const done = co_await round(runtime_.now());
  if (!done)
    log(LogLevel::error, "titles that are due on the web wait for the next round",
        {{"detail", done.error().detail}});
  timer_ = runtime_.schedule(runtime_.steady_now() + kBetween,
                             [this] { tasks_.spawn("titles for the web", regularly()); });
}

Task<Result<std::int64_t>> WebDelay::round(Instant now) {
  std::vector<AuthorityId> authorities;
  for (auto const& authority : governance_.authorities()) {
    if (settings_.values().of(authority.id).before_the_web == BeforeTheWeb::delay)
      authorities.push_back(authority.id);
  }
  std::int64_t shown = 0;
  for (auto const authority : authorities) {
    auto const done = co_await round_of(authority, now);
    if (!done) co_return std::unexpected(done.error());
    shown += *done;
  }
  co_return shown;
}

Task<Result<std::int64_t>> WebDelay::round_of(AuthorityId authority, Instant now) {
  auto const changes = co_await settings_.changes(authority);
  if (!changes) co_return std::unexpected(changes.error());
  auto const hours = settings_.values().of(authority).web_delay_hours;
  auto const since = chosen_at(*changes), until = now - std::chrono::hours(hours);
  std::int64_t shown = 0;
  for (RecordId after;;) {
    auto const found = co_await database_.read(
        [=](db::Reader& reader) { return due(reader, authority, after, since, until); });
    if (!found) co_return std::unexpected(found.error());
    std::vector<Publish> decisions;
    for (auto const& record : *found) {
      if (needs_a_check(record, governance::day_of(now))) continue;
      decisions.push_back({record.id, Publication::full, std::nullopt, UserNid(),
                           fmt::format("R63: {} hours after registering", hours), now,
                           draw_salt_seed(runtime_)});
    }
    auto const done =
        co_await database_.write([decisions](db::Transaction& transaction) -> Result<std::int64_t> {
          return std::ranges::count_if(decisions,
                                       [&](auto const& one) { return show_if_waiting(transaction, one); });
        });
    if (!done) co_return std::unexpected(done.error());
    shown += *done;
    if (static_cast<std::int64_t>(found->size()) < kAtOnce) co_return shown;
    after = found->back().id;
  }
}

}  // namespace torg::records
