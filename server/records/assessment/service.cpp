#include "records/assessment/service.hpp"

#include "governance/zone.hpp"

#include <algorithm>

namespace torg::records {
namespace {

std::unexpected<RuleRefusal> ruled(Error error, std::optional<Bilingual> why = std::nullopt) {
  return std::unexpected(RuleRefusal{std::move(error), std::move(why)});
}

std::unexpected<RuleRefusal> ruled(ErrorCode code, std::string message) {
  return ruled(Error{code, std::move(message), {}});
}

}  // namespace

AssessmentService::AssessmentService(Runtime& runtime, db::Database& database,
                                     governance::GovernanceService& governance,
                                     identity::Identity const& identity, matrix::RoomService& rooms,
                                     SettingsByAuthority const& settings)
    : runtime_(runtime),
      database_(database),
      governance_(governance),
      identity_(identity),
      rooms_(rooms),
      settings_(settings),
      tasks_(runtime) {}

std::vector<AuthorityId> AssessmentService::visible_to(UserNid user) const {
  return governance_.where_may(user, governance::Act::see_status);
}

bool AssessmentService::may_act(UserNid user, AuthorityId authority) const {
  return governance_.may(user, governance::Act::assess_item, authority);
}

bool AssessmentService::may_decide(UserNid user, AuthorityId authority) const {
  if (settings_.of(authority).assessors == Assessors::registrars_only)
    return governance_.may(user, governance::Act::work_at_desk, authority);
  return may_act(user, authority);
}

void AssessmentService::add_record_names(db::Reader& reader, std::vector<ShownAssessment>& shown) const {
  add_handovers(reader, shown);
  std::vector<RecordId> records;
  for (auto const& item : shown) {
    if (item.row.record) records.push_back(item.row.record);
  }
  if (!links_.record_names || records.empty()) return;
  for (auto const& name : links_.record_names(reader, records)) {
    for (auto& item : shown) {
      if (item.row.record == name.id) item.record = name;
    }
  }
}

void AssessmentService::add_handovers(db::Reader& reader, std::vector<ShownAssessment>& shown) const {
  std::vector<EventNid> events;
  for (auto const& item : shown) {
    if (item.row.handling == Handling::registered && !item.row.record) events.push_back(item.row.event);
  }
  if (!links_.handovers || events.empty()) return;
  for (auto const& handover : links_.handovers(reader, events)) {
    for (auto& item : shown) {
      if (item.row.event == handover.event && item.row.authority == handover.authority)
        item.handover = handover;
    }
  }
}

void AssessmentService::add_intents(std::vector<ShownAssessment>& shown) const {
  std::vector<EventNid> events;
  for (auto const& item : shown) events.push_back(item.row.event);
  if (!links_.pending_intents || events.empty()) return;
  for (auto const& intent : links_.pending_intents(events)) {
    for (auto& item : shown) {
      if (item.row.event == intent.event && item.row.authority == intent.authority) item.intent = intent;
    }
  }
}

Task<Result<std::vector<ShownAssessment>>> AssessmentService::show_all(std::vector<Assessment> rows) {
  std::vector<ShownAssessment> shown;
  for (auto& row : rows) shown.push_back({std::move(row), {}, std::nullopt});
  auto filled = co_await database_.read([this, shown = std::move(shown)](db::Reader& reader) mutable {
    add_record_names(reader, shown);
    return std::move(shown);
  });
  if (filled) add_intents(*filled);
  co_return filled;
}

Task<Result<ShownAssessment>> AssessmentService::show(Assessment row) {
  std::vector<Assessment> rows;
  rows.push_back(std::move(row));
  auto shown = co_await show_all(std::move(rows));
  if (!shown) co_return std::unexpected(shown.error());
  co_return std::move(shown->front());
}

Task<Result<std::vector<ShownAssessment>>> AssessmentService::assessments_of(
    RoomNid room, std::vector<matrix::RoomEvent> events, std::vector<AuthorityId> authorities) {
  std::vector<EventNid> nids;
  for (auto const& event : events) nids.push_back(event.nid);
  std::vector<ShownAssessment> working;
  for (auto const& event : events) {
    if (!read_item(event)) continue;
    auto const posting = posting_of(event);
    if (std::ranges::find(authorities, posting.sender) == authorities.end()) continue;
    working.push_back(
        {working_material(posting, posting.sender, settings_.of(posting.sender)), {}, std::nullopt});
  }
  auto found = co_await database_.read(
      [this, room, nids, authorities, working = std::move(working)](db::Reader& reader) {
        std::vector<ShownAssessment> shown;
        for (auto& row : assessment::rows_of(reader, room, nids)) {
          if (std::ranges::find(authorities, row.authority) == authorities.end()) continue;
          shown.push_back({std::move(row), {}, std::nullopt});
        }
        for (auto const& item : working) {
          bool const has_row = std::ranges::any_of(shown, [&](auto const& other) {
            return other.row.event == item.row.event && other.row.authority == item.row.authority;
          });
          if (!has_row) shown.push_back(item);
        }
        std::ranges::sort(shown, {},
                          [](auto const& item) { return std::pair(item.row.event, item.row.authority); });
        add_record_names(reader, shown);
        return shown;
      });
  if (found) add_intents(*found);
  co_return found;
}

Task<Result<ItemAccess>> AssessmentService::access(RoomNid room, UserNid by, AuthorityId authority) {
  co_return co_await ItemAccess::of({rooms_, database_, governance_}, room, by, authority);
}

/// The item as it stands for an authority, after a look at who asks.
Task<Ruled<Assessment>> AssessmentService::current(UserNid by, RoomNid room, EventNid event,
                                                   AuthorityId authority) {
  if (!may_act(by, authority)) {
    co_return ruled(ErrorCode::forbidden,
                    "Only officers and registrars of the authority decide about its items.");
  }
  auto const may_open = co_await access(room, by, authority);
  if (!may_open) co_return ruled(may_open.error());
  auto const found = co_await rooms_.event(event);
  if (!found) co_return ruled(found.error());
  auto const opened = co_await may_open->among({*found});
  if (!opened) co_return ruled(opened.error());
  if (opened->empty() || !read_item(*found))
    co_return ruled(ErrorCode::not_found, "There is no such item in this room.");
  std::vector const only{authority};
  auto shown = co_await assessments_of(room, {*found}, only);
  if (!shown) co_return ruled(shown.error());
  if (shown->empty()) co_return ruled(ErrorCode::not_found, "The item doesn't concern this authority.");
  co_return std::move(shown->front().row);
}

Ruled<> AssessmentService::check_choice(AssessRequest const& request, Handling handling,
                                        Assessment const& row) const {
  auto const offered = choices(row);
  for (auto const& refusal : offered.refused) {
    if (refusal.handling == handling) {
      return ruled(Error{ErrorCode::rule_refuses, refusal.why.en, {}}, refusal.why);
    }
  }
  if (std::ranges::find(offered.allowed, handling) == offered.allowed.end()) {
    return ruled(ErrorCode::bad_state, "The item is registered; correct the record instead.");
  }
  if (handling != Handling::trivial || !row.may_be_secret) return {};
  bool const second = request.second_person && request.second_person != request.by &&
                      may_decide(request.second_person, request.authority);
  if (second) return {};
  return ruled(
      ErrorCode::needs_second_person,
      "What may be secret is of little importance only when a colleague agrees: name another person (R22).");
}

Task<Ruled<RecordId>> AssessmentService::named_record(AuthorityId authority, std::string number) {
  auto const found = co_await database_.read([this, authority, number](db::Reader& reader) {
    return links_.find_record ? links_.find_record(reader, authority, number) : RecordId{};
  });
  if (!found) co_return ruled(found.error());
  if (!*found) co_return ruled(ErrorCode::not_found, "There is no record with that number in this register.");
  co_return *found;
}

Task<Result<ShownAssessment>> AssessmentService::mark_sent(UserNid by, RoomNid room, EventNid event,
                                                           AuthorityId authority, std::string to, Day day) {
  auto const row = co_await current(by, room, event, authority);
  if (!row) co_return std::unexpected(row.error().error);
  if (day > governance_.today())
    co_return fail(ErrorCode::invalid_param, "The day it was sent can't be in the future.");
  Arising arising;
  arising.event = event;
  arising.authority = authority;
  arising.room = room;
  arising.basis = Basis::drawn_up_sent;
  arising.rule = "R5";
  // The clock counts from the day of sending; at noon, for no hour is known.
  arising.since = governance::start_of(day) + std::chrono::hours(12);
  arising.due_day = due_day(arising.since, settings_.of(authority));
  arising.may_be_secret = row->may_be_secret;
  arising.matters = row->matters && row->status == Status::record;
  arising.reason = std::move(to);
  auto const written = co_await database_.write([arising, by, at = runtime_.now()](
                                                    db::Transaction& transaction) -> Result<Assessment> {
    assessment::arise(transaction, arising);
    governance::Governance::audit(transaction, at, by, "item.marked_sent",
                                  {{"event", arising.event.value}, {"authority", arising.authority.value}});
    return *assessment::row_of(transaction, arising.room, arising.event, arising.authority);
  });
  if (!written) co_return std::unexpected(written.error());
  co_return co_await show(*written);
}

Task<Result<AssessmentService::Queue>> AssessmentService::queue(std::vector<AuthorityId> authorities,
                                                                std::optional<assessment::QueuePlace> from,
                                                                std::size_t limit) {
  auto const most = std::clamp<std::size_t>(limit, 1, kMostLines);
  auto const today = governance_.today();
  auto found = co_await database_.read([this, authorities, from, most, today](db::Reader& reader) {
    Queue queue;
    for (auto const authority : authorities) {  // one to three
      // One more than is shown tells whether there is a next page.
      auto rows = assessment::unassessed(reader, authority, from, static_cast<std::int64_t>(most) + 1);
      for (auto& row : rows) queue.lines.push_back({std::move(row), {}, std::nullopt});
      queue.left += assessment::count_unassessed(reader, authority);
      queue.late += assessment::count_late(reader, authority, today);
      queue.done_today += assessment::count_decided(reader, authority, governance::start_of(today));
    }
    std::ranges::sort(queue.lines, {}, [](auto const& line) {
      return std::tuple(line.row.due_day, line.row.event, line.row.authority);
    });
    if (queue.lines.size() > most) {
      queue.lines.resize(most);
      auto const& last = queue.lines.back().row;
      queue.next = {last.due_day.value_or(Day{}), last.event, last.authority};
    }
    add_record_names(reader, queue.lines);
    return queue;
  });
  if (found) add_intents(found->lines);
  co_return found;
}

Task<Result<AssessmentService::Overview>> AssessmentService::overview(RoomNid room,
                                                                      std::vector<AuthorityId> authorities) {
  auto found = co_await database_.read([this, room, authorities](db::Reader& reader) {
    Overview overview;
    for (auto const authority : authorities) {
      for (auto& row : assessment::unassessed_of_room(reader, room, authority)) {
        overview.to_assess.push_back({std::move(row), {}, std::nullopt});
      }
      for (auto& row : assessment::registered_of_room(reader, room, authority)) {
        overview.registered.push_back({std::move(row), {}, std::nullopt});
      }
    }
    add_record_names(reader, overview.to_assess);
    add_record_names(reader, overview.registered);
    return overview;
  });
  if (found) add_intents(found->to_assess);
  co_return found;
}

Task<Result<>> AssessmentService::note_opened(UserNid by,
                                              std::vector<std::pair<EventNid, AuthorityId>> items) {
  if (items.empty()) co_return Result<>{};
  co_return co_await database_.write(
      [by, items, at = runtime_.now()](db::Transaction& transaction) -> Result<> {
        for (auto const& [event, authority] : items) {
          governance::Governance::audit(transaction, at, by, "sealed.opened",
                                        {{"event", event.value}, {"authority", authority.value}});
        }
        return {};
      });
}

}  // namespace torg::records
