#include "records/assessment/post.hpp"

#include <algorithm>

namespace torg::records {
namespace {

bool has(std::vector<Exception> const& exceptions, std::initializer_list<Exception> wanted) {
  return std::ranges::any_of(
      exceptions, [&](auto exception) { return std::ranges::find(wanted, exception) != wanted.end(); });
}

Inputs describe(Posting const& posting, AuthorityId authority, Settings const& settings) {
  Inputs item;
  item.act = Act::write;
  item.at = posting.at;
  item.case_state = posting.case_open ? CaseState::open : CaseState::none;
  item.plan_keeps_ordered =
      posting.plan_keeps_ordered && settings.standing_decisions == StandingDecisions::used;
  // Between authorities only: what an outsider sends or is given is received or sent, whatever it is called.
  item.for_comment_only =
      posting.for_comments && posting.sender && !posting.outsiders_read && !posting.everyone_reads;
  if (authority != posting.sender) {
    item.actor = posting.sender ? Actor::official_other_authority : Actor::outsider;
    return item;
  }
  item.audience.other_authority =
      std::ranges::any_of(posting.concerned, [&](auto other) { return other != authority; });
  item.audience.outsider = posting.outsiders_read;
  item.audience.everyone = posting.everyone_reads;
  return item;
}

Assessment to_row(Posting const& posting, AuthorityId authority, Inputs const& item,
                  Settings const& settings) {
  auto const opinion = assess(item, settings);
  Assessment row;
  row.event = posting.event;
  row.authority = authority;
  row.room = posting.room;
  row.status = opinion.verdict.status;
  row.basis = opinion.verdict.basis;
  row.handling = opinion.handling;
  row.rule = opinion.rule;
  row.since = posting.at;
  row.due_day = opinion.due_day;
  row.may_be_secret = item.secrecy_presumed;
  row.matters = std::ranges::find(opinion.allowed, Handling::trivial) == opinion.allowed.end();
  row.decided_at = posting.at;
  return row;
}

}  // namespace

bool stays_inside(Posting const& posting) {
  if (posting.concerned.empty()) return true;
  bool const crosses = posting.concerned.size() > 1 || posting.concerned.front() != posting.sender;
  return !crosses && !posting.outsiders_read && !posting.everyone_reads;
}

bool needs_no_row(Posting const& posting, SettingsByAuthority const& settings) {
  return stays_inside(posting) && settings.of(posting.sender).internal_talk == InternalTalk::not_finalised;
}

std::vector<Assessment> rows_of_post(Posting const& posting, std::vector<Exception> const& exceptions,
                                     bool has_attachment, SettingsByAuthority const& settings) {
  std::vector<Assessment> rows;
  for (auto const authority : posting.concerned) {
    auto const& own = settings.of(authority);
    auto item = describe(posting, authority, own);
    item.object = has_attachment ? Object::document : Object::message;
    item.routine = exceptions.empty();
    item.states_fact =
        has(exceptions, {Exception::states_fact, Exception::takes_position, Exception::gives_consent});
    item.secrecy_presumed = has(exceptions, {Exception::may_be_secret, Exception::personal_number});
    auto row = to_row(posting, authority, item, own);
    if (row.status == Status::record) rows.push_back(std::move(row));
  }
  return rows;
}

Assessment working_material(Posting const& posting, AuthorityId authority, Settings const& settings) {
  auto inside = posting;
  inside.sender = authority;
  inside.concerned = {authority};
  inside.outsiders_read = inside.everyone_reads = false;
  auto then = settings;
  then.internal_talk = InternalTalk::not_finalised;
  return to_row(inside, authority, describe(inside, authority, then), then);
}

Choices choices(Assessment const& assessment) {
  Choices result;
  if (assessment.handling == Handling::registered) return result;
  if (assessment.status == Status::not_record) {
    result.allowed = {Handling::working, Handling::registered};
    result.suggested = Handling::working;
  } else {
    if (!assessment.may_be_secret) result.allowed.push_back(Handling::kept_ordered);
    if (!assessment.matters) result.allowed.push_back(Handling::trivial);
    result.allowed.push_back(Handling::registered);
    if (assessment.handling == Handling::unassessed) {
      bool const heavy = assessment.may_be_secret || assessment.matters;
      result.suggested = heavy ? Handling::registered : Handling::kept_ordered;
    }
  }
  Verdict const verdict{assessment.status, assessment.basis, "R20"};
  result.refused =
      refusals(verdict, result.allowed, {assessment.basis, assessment.since, assessment.may_be_secret});
  return result;
}

}  // namespace torg::records
