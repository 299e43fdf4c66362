#include "records/disposal/keeping.hpp"

#include "governance/zone.hpp"
#include "records/closing/store.hpp"
#include "records/requests/open_requests.hpp"

#include <algorithm>

namespace torg::records {
namespace {

bool has(std::vector<RecordId> const& records, RecordId record) {
  return record && std::ranges::find(records, record) != records.end();
}

std::vector<RecordId> records_of(std::vector<Assessment> const& rows) {
  std::vector<RecordId> records;
  for (auto const& row : rows) {
    if (row.record) records.push_back(row.record);
  }
  return records;
}

}  // namespace

BeingLifted being_lifted(DisposalLinks const& links, std::vector<EventNid> const& events) {
  BeingLifted found;
  if (!links.pending_intents) return found;
  for (auto const& intent : links.pending_intents(events)) found.insert(intent.event);
  return found;
}

Keeping Keeping::read(db::Reader& reader, std::vector<AuthorityId> const& authorities, Instant now) {
  Keeping keeping;
  keeping.holds_ = disposal_store::open_holds(reader);
  for (auto const authority : authorities) {
    for (auto const& request : open_requests::of(reader, authority, now)) {
      if (request.record)
        keeping.requested_.push_back(request.record);
      else
        keeping.everything_requested_ = true;
    }
  }
  return keeping;
}

bool Keeping::holds(RoomNid room, EventNid event, std::vector<RecordId> const& records) const {
  return std::ranges::any_of(holds_, [&](Hold const& hold) {
    return (hold.room && hold.room == room) || (hold.event && hold.event == event) ||
           has(records, hold.record);
  });
}

bool Keeping::requests(std::vector<RecordId> const& records) const {
  return everything_requested_ ||
         std::ranges::any_of(requested_, [&](RecordId asked) { return has(records, asked); });
}

std::vector<Judged> judge(db::Reader& reader, governance::Plan const& plan, DisposalTerms const& terms,
                          std::vector<EventNid> const& events, Instant now, BeingLifted const& lifted) {
  auto const keeping = Keeping::read(reader, plan.parties, now);
  std::map<EventNid, DisposalCandidate> candidates;
  for (auto& row : assessment::rows_of(reader, plan.room, events)) {
    candidates[row.event].rows.push_back(std::move(row));
  }
  std::vector<Judged> judged;
  for (auto const event : events) {
    auto& candidate = candidates[event];
    auto const records = records_of(candidate.rows);
    candidate.held = keeping.holds(plan.room, event, records);
    candidate.requested = keeping.requests(records);
    candidate.being_lifted = lifted.contains(event);
    judged.push_back({event, why_stopped(candidate, plan, terms, governance::day_of(now))});
  }
  return judged;
}

WeedingJudgement judge_weeding(db::Reader& reader, governance::Plan const& plan,
                               std::vector<AgedEvent> const& events, Instant now, BeingLifted const& lifted) {
  WeedingJudgement judgement;
  if (events.empty()) return judgement;
  std::vector<EventNid> nids;
  for (auto const& aged : events) nids.push_back(aged.event);
  auto const keeping = Keeping::read(reader, plan.parties, now);
  auto const [first, last] = std::ranges::minmax(nids);
  auto const records = disposal_store::ever_records(reader, plan.room, first, last);
  auto const reviewed = closing_store::under_review(reader, plan.room, first, last);
  for (auto const& [event, age] : events) {
    WeedingCandidate candidate{.age = age};
    candidate.is_or_was_record = std::ranges::binary_search(records, event);
    candidate.held = keeping.holds(plan.room, event, {});
    candidate.requested = keeping.requests({});
    candidate.being_lifted = lifted.contains(event);
    candidate.under_review = std::ranges::binary_search(reviewed, event);
    if (may_weed(candidate, std::chrono::days{plan.weed_after_days}))
      judgement.weed.push_back(event);
    else if (!candidate.is_or_was_record)
      judgement.kept_for_now.push_back(event);
  }
  return judgement;
}

}  // namespace torg::records
