#include "records/rules/case_answer.hpp"

#include "governance/zone.hpp"
#include "records/rules/assess.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

namespace torg::records {
namespace {

std::string joined(std::set<std::string> const& parts) { return fmt::format("{}", fmt::join(parts, ", ")); }

template <class List>
std::string names_of(List const& list) {
  std::set<std::string> names;
  for (auto const& one : list) names.emplace(one);
  return joined(names);
}

std::string handlings(std::vector<Handling> const& list) {
  std::set<std::string> names;
  for (auto const one : list) names.emplace(to_text(one));
  return joined(names);
}

std::string day(std::optional<Day> const& value) { return value ? governance::to_text(*value) : ""; }

/// Of a list, what names states: the rest is for screens.
std::string states_in(std::string_view list) {
  std::set<std::string> names;
  while (!list.empty()) {
    auto const end = std::min(list.find(", "), list.size());
    if (parse_handling(list.substr(0, end))) names.emplace(list.substr(0, end));
    list.remove_prefix(std::min(end + 2, list.size()));
  }
  return joined(names);
}

class Comparison {
 public:
  Comparison(WorkedCase const& worked, std::vector<CaseLine>& lines) : worked_(worked), lines_(lines) {}

  void add(std::string field, std::string said) {
    auto const found = worked_.expected.find(field);
    CaseLine line{std::move(field), std::move(said), {}, Match::not_expected};
    if (found != worked_.expected.end()) {
      line.expected = found->second;
      line.match = line.said == line.expected ? Match::agrees : Match::differs;
    } else if (line.said.empty()) {
      return;
    }
    lines_.push_back(std::move(line));
  }
  /// What the case expects of others than the rules.
  void leave(std::string const& field, std::string expected) {
    if (!expected.empty()) lines_.push_back({field, "", std::move(expected), Match::not_decided});
  }

 private:
  WorkedCase const& worked_;
  std::vector<CaseLine>& lines_;
};

std::string due_rule(Opinion const& opinion) {
  return opinion.clock_start == ClockStart::none ? "" : "end_of_next_working_day";
}

void compare_item(WorkedCase const& worked, Opinion const& opinion, CaseAnswer& out) {
  Comparison compare(worked, out.lines);
  auto const expected = [&](char const* field) {
    auto const found = worked.expected.find(field);
    return found == worked.expected.end() ? std::string() : found->second;
  };
  bool const stopped = expected("public_record").empty() && worked.expected.contains("public_record");
  compare.add("public_record", stopped ? "" : opinion.verdict.status == Status::record ? "yes" : "no");
  compare.add("basis", std::string(to_text(opinion.verdict.basis)));
  compare.add("initial_state", std::string(to_text(opinion.handling)));
  compare.add("allowed_states", handlings(opinion.allowed));
  compare.add("suggested_state", opinion.suggested ? std::string(to_text(*opinion.suggested)) : "");
  compare.add("clock_start", std::string(to_text(opinion.clock_start)));
  compare.add("due_rule", due_rule(opinion));
  compare.add("due_date", day(opinion.due_day));
  std::set<std::string> refused;
  for (auto const& refusal : opinion.refused) refused.emplace(to_text(refusal.handling));
  CaseLine line{"refuse", joined(refused), expected("refuse"), Match::not_expected};
  if (auto const states = states_in(line.expected); !states.empty()) {
    line.match = Match::agrees;
    for (auto const* handling : {"kept_ordered", "trivial", "registered", "working"}) {
      bool const wanted = states.find(handling) != std::string::npos;
      if (wanted && !refused.contains(handling)) line.match = Match::differs;
    }
  }
  out.lines.push_back(std::move(line));
  compare.leave("actions", expected("actions"));
}

void compare_matter(WorkedCase const& worked, Advice const& advice, CaseAnswer& out) {
  Comparison compare(worked, out.lines);
  compare.add("actions", names_of(advice.actions));
  compare.add("refuse", names_of(advice.refused));
  compare.add("due_rule", std::string(advice.due_rule));
  compare.add("due_date", day(advice.due_day));
  compare.add("fee_sek", advice.fee_sek ? std::to_string(*advice.fee_sek) : "");
  compare.add("postage", std::string(advice.postage));
  compare.add("duty", !advice.duty ? "" : *advice.duty ? "yes" : "no");
}

/// A reading's name in the cases, and the choice in the settings that gives it. Names of defaults change
/// nothing: they are there so that a misspelt one is found.
struct ReadingChoice {
  std::string_view name;
  void (*choose)(Settings&);
};
constexpr ReadingChoice kReadings[]{
    {"record_on_arrival", [](Settings& s) { s.discussion_posts = DiscussionPosts::record_on_arrival; }},
    {"conversation_not_record", [](Settings& s) { s.discussion_posts = DiscussionPosts::conversation; }},
    {"not_until_captured", [](Settings& s) { s.mentions = Mentions::not_until_captured; }},
    {"received_if_monitored", [](Settings& s) { s.mentions = Mentions::received_if_monitored; }},
    {"crossing_counts",
     [](Settings& s) { s.one_official_two_boards = OneOfficialTwoBoards::crossing_counts; }},
    {"same_person_no_handover",
     [](Settings& s) { s.one_official_two_boards = OneOfficialTwoBoards::same_person; }},
    {"access_is_dispatch",
     [](Settings& s) {
       s.access_by_others = AccessByOthers::is_dispatch;
       s.joint_posts = JointPosts::access_is_dispatch;
     }},
    {"drafts_stay", [](Settings& s) { s.access_by_others = AccessByOthers::drafts_stay; }},
    {"part_of_authority",
     [](Settings& s) { s.dependent_contractors = DependentContractors::part_of_authority; }},
    {"outsider", [](Settings& s) { s.dependent_contractors = DependentContractors::outsiders; }},
    {"joint_draft_is_sharing",
     [](Settings& s) {
       s.joint_drafts = JointDrafts::sharing;
       s.joint_posts = JointPosts::joint_draft_is_sharing;
     }},
    {"each_contribution_received",
     [](Settings& s) { s.joint_drafts = JointDrafts::each_contribution_received; }},
    {"not_finalised", [](Settings& s) { s.internal_talk = InternalTalk::not_finalised; }},
    {"finalised_when_sent", [](Settings& s) { s.internal_talk = InternalTalk::finalised_when_sent; }},
    {"memo_not_record", [](Settings& s) { s.meeting_chat = MeetingChat::memo; }},
    {"technique_dependent", [](Settings& s) { s.meeting_chat = MeetingChat::record; }},
    {"log_is_its_own_register", [](Settings& s) { s.secret_logs = SecretLogs::own_register; }},
    {"secret_must_be_registered", [](Settings& s) { s.secret_logs = SecretLogs::one_entry; }},
    {"planning_aid", [](Settings& s) { s.task_boards = TaskBoards::planning_aid; }},
    {"continuing_list", [](Settings& s) { s.task_boards = TaskBoards::continuing_list; }},
    {"supervision_applies", [](Settings& s) { s.supervision = Supervision::supervise_reasonably; }},
    {"knowledge_only", [](Settings& s) { s.supervision = Supervision::from_knowledge; }},
};

std::string said_under(WorkedCase const& worked, Settings const& settings) {
  if (worked.is_item) return std::string(to_text(assess(worked.item, settings).handling));
  return names_of(advise(worked.matter, settings).actions);
}

void add_reading(WorkedCase const& worked, CaseReading const& reading, Settings const& settings,
                 CaseAnswer& out) {
  ReadingAnswer line{reading.name, "", reading.state, true, true};
  auto const chosen = settings_for(reading.name, settings);
  line.known = chosen.has_value();
  if (chosen) line.said = said_under(worked, *chosen);
  line.agrees = line.known && (reading.state.empty() || line.said == reading.state);
  out.readings.push_back(std::move(line));
}

std::string_view name_of(Match match) {
  switch (match) {
    case Match::agrees:
      return "agrees";
    case Match::differs:
      return "differs";
    case Match::not_expected:
      return "not_expected";
    case Match::not_decided:
      return "not_decided";
  }
  return {};
}

std::string shown(std::string const& text) { return text.empty() ? "nothing" : in_words(text); }

std::string line_text(CaseLine const& line) {
  auto const field = in_words(line.field);
  switch (line.match) {
    case Match::agrees:
      return fmt::format("  = {}: {}\n", field, shown(line.said));
    case Match::differs:
      return fmt::format("  ! {}: the rules say {}; expected {}\n", field, shown(line.said),
                         shown(line.expected));
    case Match::not_expected:
      return fmt::format("    {}: {}\n", field, shown(line.said));
    case Match::not_decided:
      return fmt::format("    {}, for people and screens: {}\n", field, shown(line.expected));
  }
  return {};
}

}  // namespace

bool CaseAnswer::agrees() const {
  return std::ranges::none_of(lines, [](CaseLine const& line) { return line.match == Match::differs; }) &&
         std::ranges::all_of(readings, &ReadingAnswer::agrees);
}

std::optional<Settings> settings_for(std::string_view reading, Settings settings) {
  auto const* found = std::ranges::find(kReadings, reading, &ReadingChoice::name);
  if (found == std::end(kReadings)) return std::nullopt;
  found->choose(settings);
  return settings;
}

CaseAnswer answer(WorkedCase const& worked, Settings const& settings) {
  auto own = settings;
  if (worked.law) own.law = *worked.law;
  CaseAnswer out{worked.id, worked.situation, {}, {}, {}};
  if (worked.is_item) {
    auto const opinion = assess(worked.item, own);
    out.rules.emplace_back(opinion.verdict.rule);
    if (opinion.rule != opinion.verdict.rule) out.rules.emplace_back(opinion.rule);
    compare_item(worked, opinion, out);
  } else {
    auto const advice = advise(worked.matter, own);
    out.rules = advice.rules;
    compare_matter(worked, advice, out);
  }
  for (auto const& reading : worked.readings) add_reading(worked, reading, own, out);
  return out;
}

json::object to_json(CaseAnswer const& answer) {
  json::array lines, readings, rules;
  for (auto const& rule : answer.rules) rules.emplace_back(rule);
  for (auto const& line : answer.lines) {
    lines.push_back(json::object{{"field", line.field},
                                 {"said", line.said},
                                 {"expected", line.expected},
                                 {"match", name_of(line.match)}});
  }
  for (auto const& one : answer.readings) {
    readings.push_back(json::object{{"reading", one.reading},
                                    {"said", one.said},
                                    {"expected", one.expected},
                                    {"known", one.known},
                                    {"agrees", one.agrees}});
  }
  return {{"id", answer.id},           {"situation", answer.situation}, {"agrees", answer.agrees()},
          {"rules", std::move(rules)}, {"lines", std::move(lines)},     {"readings", std::move(readings)}};
}

std::string to_text(CaseAnswer const& answer) {
  auto text = fmt::format("{} {}: {}\n  by {}\n", answer.agrees() ? "ok " : "NOT", answer.id,
                          answer.situation, fmt::join(answer.rules, ", "));
  for (auto const& line : answer.lines) text += line_text(line);
  for (auto const& one : answer.readings) {
    text += fmt::format("  {} read as {}: {}{}\n", one.agrees ? "=" : "!", in_words(one.reading),
                        one.known ? shown(one.said) : "no setting gives this reading",
                        one.agrees || !one.known ? "" : "; expected " + shown(one.expected));
  }
  return text;
}

}  // namespace torg::records
