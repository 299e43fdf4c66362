// What is written beside an event, in its own transaction, and what follows when somebody new can read a
// room.
#include "base/log.hpp"
#include "records/assessment/history_shown.hpp"
#include "records/assessment/service.hpp"

#include <algorithm>

namespace torg::records {
namespace {

using matrix::RoomPolicy;

/// An edit of an item: a later fact about it. It can start a clock, never stop one.
std::vector<Arising> to_arisings(std::vector<Assessment> const& rows) {
  std::vector<Arising> arisings;
  for (auto const& row : rows) {
    if (row.handling != Handling::unassessed) continue;
    Arising arising;
    arising.authority = row.authority;
    arising.room = row.room;
    arising.basis = row.basis;
    arising.rule = row.rule;
    arising.since = row.since;
    arising.due_day = row.due_day;
    arising.may_be_secret = row.may_be_secret;
    arising.matters = row.matters;
    arisings.push_back(std::move(arising));
  }
  return arisings;
}

bool answers_registered(db::Reader& reader, RoomNid room, std::string const& event_id) {
  auto const target = assessment::find_event(reader, room, event_id);
  if (!target) return false;
  std::vector const only{target};
  auto const rows = assessment::rows_of(reader, room, only);
  return std::ranges::any_of(rows,
                             [](Assessment const& row) { return row.handling == Handling::registered; });
}

void insert_all(db::Transaction& transaction, EventNid event, std::vector<Assessment> const& rows) {
  for (auto row : rows) {
    row.event = event;
    assessment::insert_row(transaction, row);
  }
}

}  // namespace

Posting AssessmentService::posting_of(matrix::RoomEvent const& event) const {
  Posting posting;
  posting.room = event.room;
  posting.event = event.nid;
  posting.sender = governance_.authority_or_none(event.sender);
  posting.at = instant_from_ms(event.origin_server_ts);
  auto const taking_part = governance_.taking_part(event.room);
  posting.outsiders_read = taking_part.outsiders;
  auto const* plan = governance_.plan(event.room);
  if (plan == nullptr) {
    posting.concerned = taking_part.authorities;
  } else {
    posting.concerned = plan->accepted_by;
    posting.case_open = plan->case_id.has_value();
    posting.everyone_reads = plan->level == governance::Level::open;
    posting.plan_keeps_ordered =
        plan->standing_decision && plan->information_class != governance::InformationClass::sensitive;
  }
  bool const missing =
      posting.sender && std::ranges::find(posting.concerned, posting.sender) == posting.concerned.end();
  if (missing) posting.concerned.push_back(posting.sender);
  std::ranges::sort(posting.concerned);
  return posting;
}

RoomPolicy::Facts AssessmentService::facts(matrix::RoomEvent const& draft) {
  if (draft.state_key) return draft.type == "m.room.member" ? facts_of_join(draft) : nullptr;
  auto posting = posting_of(draft);
  bool const no_record = governance_.is_service_user(draft.sender) || needs_no_row(posting, settings_);
  // Most posts stay inside and show no file: their content isn't looked at.
  if (no_record && draft.content.find("mxc://") == std::string::npos) return nullptr;
  auto const item = read_item(draft);
  if (!item) return nullptr;
  auto rows = no_record ? nullptr : facts_of_item(draft, std::move(posting), *item);
  if (item->attachments.empty()) return rows;
  return [rows = std::move(rows), mxc = item->attachments.front().url](db::Transaction& transaction,
                                                                       EventNid event, Position position) {
    assessment::add_file(transaction, mxc, event);
    if (rows) rows(transaction, event, position);
  };
}

RoomPolicy::Facts AssessmentService::facts_of_item(matrix::RoomEvent const& draft, Posting posting,
                                                   Item const& item) const {
  Post const post{.text = item.text,
                  .has_attachment = !item.attachments.empty(),
                  .answers_registered = false,
                  .outsider_takes_part = posting.outsiders_read || !posting.sender,
                  .official_note = item.note.has_value()};
  posting.for_comments = item.for_comments;
  auto exceptions = exceptions_from_routine(post, governance_.today());
  auto rows = rows_of_post(posting, exceptions, post.has_attachment, settings_);
  if (!item.replaces.empty()) {
    return [room = draft.room, target = item.replaces, arisings = to_arisings(rows)](
               db::Transaction& transaction, EventNid, Position) {
      auto const original = assessment::find_event(transaction, room, target);
      if (!original) return;
      for (auto arising : arisings) {
        arising.event = original;
        assessment::arise(transaction, arising);
      }
    };
  }
  if (item.replies_to.empty() || !exceptions.empty()) {
    return [rows = std::move(rows)](db::Transaction& transaction, EventNid event, Position) {
      insert_all(transaction, event, rows);
    };
  }
  exceptions.push_back(Exception::answers_registered);
  auto rows_of_answer = rows_of_post(posting, exceptions, post.has_attachment, settings_);
  return
      [room = draft.room, target = item.replies_to, rows = std::move(rows),
       rows_of_answer = std::move(rows_of_answer)](db::Transaction& transaction, EventNid event, Position) {
        bool const answer = answers_registered(transaction, room, target);
        insert_all(transaction, event, answer ? rows_of_answer : rows);
      };
}

/// The first member of an authority, or the first outsider, in a room where others have written (R9).
RoomPolicy::Facts AssessmentService::facts_of_join(matrix::RoomEvent const& draft) {
  auto const member = identity_.find(*draft.state_key);
  if (!member || governance_.is_service_user(member)) return nullptr;
  auto const content = parse_json_object(draft.content);
  if (!content || optional_string(*content, "membership") != "join") return nullptr;
  auto const taking_part = governance_.taking_part(draft.room);
  auto const authority = governance_.authority_or_none(member);
  bool const known = authority ? governance_.takes_part(draft.room, authority) : taking_part.outsiders;
  if (known || taking_part.authorities.empty()) return nullptr;
  opening_joins_.insert(draft.nid);
  return [room = draft.room, authority, at = runtime_.now()](db::Transaction& transaction, EventNid,
                                                             Position position) {
    assessment::add_opening(transaction, {room, authority, at, position});
  };
}

void AssessmentService::committed(matrix::RoomEvent const& event) {
  if (opening_joins_.erase(event.nid) == 0) return;
  auto const authority = governance_.authority_or_none(identity_.find(event.state_key.value_or("")));
  tasks_.spawn("open access", open_access({event.room, authority, runtime_.now(), event.position}));
}

void AssessmentService::start() {
  database_.read_now([this](db::Reader& reader) {
    for (auto const& opening : assessment::openings(reader))
      tasks_.spawn("open access", open_access(opening));
  });
}

/// What an earlier item becomes when `opening.authority` (0: an outsider) can read it: sent for those who
/// wrote it, received for those who now have it.
std::vector<Arising> AssessmentService::access_arisings(matrix::RoomEvent const& event,
                                                        assessment::Opening const& opening) const {
  auto const item = read_item(event);
  if (!item || !item->replaces.empty()) return {};
  auto posting = posting_of(event);
  posting.at = opening.at;
  posting.for_comments = item->for_comments;
  posting.outsiders_read = !opening.authority;
  posting.concerned = {posting.sender, opening.authority};
  std::erase(posting.concerned, AuthorityId{});
  Post const post{.text = item->text,
                  .has_attachment = !item->attachments.empty(),
                  .answers_registered = false,
                  .outsider_takes_part = posting.outsiders_read,
                  .official_note = item->note.has_value()};
  auto const rows = rows_of_post(posting, exceptions_from_routine(post, governance_.today()),
                                 post.has_attachment, settings_);
  std::vector<Arising> arisings;
  for (auto const& row : rows) {
    // By this reading what was shared to work on together keeps its status (R11).
    if (settings_.of(row.authority).access_by_others == AccessByOthers::drafts_stay) continue;
    Arising arising;
    arising.event = event.nid;
    arising.authority = row.authority;
    arising.room = row.room;
    arising.basis = row.basis;
    arising.rule = row.handling == Handling::kept_ordered ? "R17" : "R9";
    arising.handling = row.handling;
    arising.since = row.since;
    arising.due_day = row.due_day;
    arising.may_be_secret = row.may_be_secret;
    arising.matters = row.matters;
    arisings.push_back(std::move(arising));
  }
  return arisings;
}

Task<> AssessmentService::open_access(assessment::Opening opening) {
  static constexpr std::size_t kPage = 200;
  HistoryShown history;
  Position after;
  for (bool more = true; more;) {
    auto const events = co_await rooms_.timeline(opening.room, after, opening.position, kPage);
    if (!events) {
      log(LogLevel::error, "access opening waits for the next start", {{"detail", events.error().detail}});
      co_return;
    }
    std::vector<Arising> arisings;
    for (auto const& event : *events) {
      after = event.position;
      history.see(event);
      if (!history.to_later_members()) continue;
      for (auto& arising : access_arisings(event, opening)) arisings.push_back(std::move(arising));
    }
    auto const written = co_await database_.write([arisings](db::Transaction& transaction) -> Result<> {
      for (auto const& arising : arisings) assessment::arise(transaction, arising);
      return {};
    });
    if (!written) co_return;  // logged by the lane; the row stays, so the next start goes on
    more = events->size() == kPage;
  }
  (void)co_await database_.write([opening](db::Transaction& transaction) -> Result<> {
    assessment::remove_opening(transaction, opening);
    return {};
  });
}

}  // namespace torg::records
