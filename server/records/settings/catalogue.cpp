#include "records/settings/catalogue.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

namespace torg::records {
namespace {

template <auto Member>
int get(Settings const& settings) {
  return static_cast<int>(settings.*Member);
}
template <auto Member>
void set(Settings& settings, int value) {
  settings.*Member = static_cast<std::remove_cvref_t<decltype(settings.*Member)>>(value);
}

int get_closing_time(Settings const& settings) { return static_cast<int>(settings.closing_time.count()); }
void set_closing_time(Settings& settings, int value) { settings.closing_time = std::chrono::minutes(value); }

template <auto Member>
Setting reading(std::string_view key, std::string_view rule, Bilingual what, std::vector<Reading> readings) {
  return {.key = key,
          .rule = rule,
          .what = std::move(what),
          .kind = Setting::Kind::reading,
          .readings = std::move(readings),
          .get = get<Member>,
          .set = set<Member>};
}

template <auto Member>
Setting days(std::string_view key, std::string_view rule, Bilingual what, int least, int most) {
  return {.key = key,
          .rule = rule,
          .what = std::move(what),
          .kind = Setting::Kind::working_days,
          .readings = {},
          .least = least,
          .most = most,
          .get = get<Member>,
          .set = set<Member>};
}

/// R80, R81: whose law the rules follow. Names as in ISO 3166.
Setting whose_law() {
  return reading<&Settings::law>(
      "law", "R80", {"Vilket lands regler som gäller", "Which country's rules apply"},
      {{"se", {"Sverige", "Sweden"}},
       {"dk",
        {"Danmark: en kommun är en myndighet, sju arbetsdagar för svar",
         "Denmark: a municipality is one authority, seven working days to answer"}},
       {"no",
        {"Norge: fem arbetsdagars tystnad är ett avslag",
         "Norway: five working days of silence are a refusal"}}});
}

std::vector<Setting> own_choices() {
  return {
      whose_law(),
      days<&Settings::working_days_to_assess>(
          "working_days_to_assess", "R23",
          {"Arbetsdagar för att bedöma en handling", "Working days to assess a record"}, 0, 2),
      days<&Settings::working_days_to_review>("working_days_to_review", "R13",
                                              {"Arbetsdagar för genomgången när ett ärende är avslutat",
                                               "Working days for the review of a closed case"},
                                              0, 60),
      days<&Settings::working_days_to_answer>(
          "working_days_to_answer", "R41",
          {"Arbetsdagar som längst för att svara på en begäran, efter den första dagen",
           "Working days at most to answer a request, after the first day"},
          0, 5),
      days<&Settings::working_days_to_answer_reports>(
          "working_days_to_answer_reports", "R65",
          {"Arbetsdagar för att svara på en tillgänglighetsanmälan",
           "Working days to answer a report on accessibility"},
          1, 20),
      {.key = "closing_time",
       .rule = "R23",
       .what = {"Klockslag som visas på klockan; dagen slutar 23.59",
                "Time shown on the clock; the day ends at 23:59"},
       .kind = Setting::Kind::time_of_day,
       .readings = {},
       .least = 12 * 60,
       .most = 23 * 60 + 59,
       .get = get_closing_time,
       .set = set_closing_time},
      reading<&Settings::standing_decisions>(
          "standing_decisions", "R17", {"Stående beslut i samarbetsplaner", "Standing decisions of plans"},
          {{"used",
            {"Rutininlägg hålls ordnade enligt planen", "Routine posts are kept ordered by the plan"}},
           {"not_used", {"Varje inlägg bedöms för sig", "Each post is assessed by itself"}}}),
      reading<&Settings::assessors>(
          "assessors", "R20", {"Vem som bedömer", "Who assesses"},
          {{"officers", {"Handläggare, registrator och arkivarie", "Officers, registrars and archivists"}},
           {"registrars_only", {"Bara registrator", "Registrars only"}}}),
      reading<&Settings::electronic_copies>(
          "electronic_copies", "R47", {"Kopior i elektronisk form", "Copies in electronic form"},
          {{"by_default", {"Ja, efter maskning", "Yes, after masking"}},
           {"on_paper", {"På papper; ingen skyldighet finns", "On paper; there is no duty"}}}),
      reading<&Settings::before_the_web>(
          "before_the_web", "R63", {"Rubrik och part på webben", "Title and party on the web"},
          {{"check",
            {"Visas när en registrator har kontrollerat dem", "Shown when a registrar has checked them"}},
           {"delay",
            {"Visas av sig själva efter en tid; det som pekar ut någon väntar på kontroll",
             "Shown by themselves after a time; what points somebody out waits for the check"}}}),
      {.key = "web_delay_hours",
       .rule = "R63",
       .what = {"Timmar tills rubrik och part visas av sig själva",
                "Hours until title and party show by themselves"},
       .kind = Setting::Kind::hours,
       .readings = {},
       .least = 1,
       .most = 720,
       .get = get<&Settings::web_delay_hours>,
       .set = set<&Settings::web_delay_hours>},
  };
}

std::vector<Setting> contested_in_rooms() {
  return {
      reading<&Settings::internal_talk>(
          "internal_talk", "R6", {"Samtal inom myndigheten", "Talk within the authority"},
          {{"not_finalised",
            {"Prat är inget som myndigheten färdigställer: arbetsmaterial",
             "Talk is nothing the authority finalises: working material"}},
           {"finalised_when_sent",
            {"Ett skickat inlägg utan ärende har fått sin slutliga form: allmän handling",
             "A post sent outside any case has its final form: a public record"}}}),
      reading<&Settings::access_by_others>(
          "access_by_others", "R9",
          {"En annan myndighet får se tidigare inlägg", "Another authority can see earlier posts"},
          {{"is_dispatch",
            {"Tillgång för eget arbete är expediering (HFD 2011 ref. 52)",
             "Access for its own work is sending (HFD 2011 ref. 52)"}},
           {"drafts_stay",
            {"Det som delas för synpunkter behåller sin status (RÅ 1999 ref. 36)",
             "What is shared for comments keeps its status (RÅ 1999 ref. 36)"}}}),
      reading<&Settings::joint_posts>(
          "joint_posts", "R17", {"Egna rutininlägg i gemensamma rum", "Own routine posts in joint rooms"},
          {{"access_is_dispatch", {"Expedierade till den andra myndigheten", "Sent to the other authority"}},
           {"joint_draft_is_sharing",
            {"Del av gemensam beredning, delade för synpunkter",
             "Part of joint preparation, shared for comments"}}}),
      reading<&Settings::joint_drafts>(
          "joint_drafts", "R12", {"Bidrag till ett gemensamt utkast", "Contributions to a joint draft"},
          {{"sharing", {"Inkomna vid milstolpar", "Received at milestones"}},
           {"each_contribution_received", {"Inkomna genast", "Received at once"}}}),
      reading<&Settings::one_official_two_boards>(
          "one_official_two_boards", "R8", {"En tjänsteman för två nämnder", "One official for two boards"},
          {{"crossing_counts",
            {"Det som flyttas mellan nämnder är skickat och inkommet",
             "What crosses boards is sent and received"}},
           {"same_person", {"Ingen annan har fått det", "Nobody else has got it"}}}),
      reading<&Settings::dependent_contractors>("dependent_contractors", "R9",
                                                {"Konsulter som arbetar som en del av myndigheten",
                                                 "Contractors who work as a part of the authority"},
                                                {{"part_of_authority", {"Som egen personal", "As own staff"}},
                                                 {"outsiders", {"Utomstående", "Outsiders"}}}),
  };
}

std::vector<Setting> contested_elsewhere() {
  return {
      reading<&Settings::meeting_chat>(
          "meeting_chat", "R6", {"Chatten i ett möte", "The chat of a meeting"},
          {{"memo", {"Minnesanteckning", "A memo"}}, {"record", {"Allmän handling", "A public record"}}}),
      reading<&Settings::discussion_posts>(
          "discussion_posts", "R4", {"Inlägg i det öppna forumet", "Posts in the open forum"},
          {{"record_on_arrival", {"Inkomna när de skrivs", "Received when they are written"}},
           {"conversation", {"Ett samtal tills de tas om hand", "A conversation until taken care of"}}}),
      reading<&Settings::mentions>(
          "mentions", "R4", {"Omnämnanden på andras sidor", "Mentions on others' pages"},
          {{"not_until_captured", {"Inkomna när de sparas", "Received when captured"}},
           {"received_if_monitored", {"Inkomna om de bevakas", "Received if they are monitored"}}}),
      reading<&Settings::secret_logs>(
          "secret_logs", "R14", {"Loggar som antas vara hemliga", "Logs presumed secret"},
          {{"own_register", {"Listan är sitt eget register", "The list is its own register"}},
           {"one_entry", {"Listan får en post i diariet", "The list gets one entry in the register"}}}),
      reading<&Settings::supervision>(
          "supervision", "R72", {"Uppsikt över det öppna forumet", "Watching over the open forum"},
          {{"supervise_reasonably",
            {"Skälig uppsikt (lag 1998:112 4 §)", "Reasonable supervision (act 1998:112, section 4)"}},
           {"from_knowledge",
            {"Ta bort vid kännedom, som en förmedlingstjänst (4 a §)",
             "Remove on knowledge, as an intermediary service (section 4 a)"}}}),
      reading<&Settings::task_boards>(
          "task_boards", "R14", {"Uppgiftstavlor", "Task boards"},
          {{"planning_aid", {"Planeringshjälp: arbetsmaterial", "A planning aid: working material"}},
           {"continuing_list", {"En lista som förs fortlöpande", "A list kept continuously"}}}),
  };
}

std::vector<Setting> make_all() {
  auto all = own_choices();
  for (auto&& part : {contested_in_rooms(), contested_elsewhere()}) {
    all.insert(all.end(), part.begin(), part.end());
  }
  return all;
}

std::optional<int> whole_number(std::string_view text) {
  int number = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  bool const whole = error == std::errc{} && end == text.data() + text.size();
  return whole ? std::optional(number) : std::nullopt;
}

std::optional<int> minutes_of(std::string_view text) {
  auto const colon = text.find(':');
  if (colon != 2 || text.size() != 5) return std::nullopt;
  auto const hours = whole_number(text.substr(0, 2)), minutes = whole_number(text.substr(3));
  if (!hours || !minutes || *minutes < 0 || *minutes > 59) return std::nullopt;
  return *hours * 60 + *minutes;
}

std::string choices_of(Setting const& setting) {
  if (setting.kind == Setting::Kind::working_days || setting.kind == Setting::Kind::hours)
    return fmt::format("a number from {} to {}", setting.least, setting.most);
  if (setting.kind == Setting::Kind::time_of_day) return "a time as 16:30, from 12:00 to 23:59";
  std::string names;
  for (auto const& one : setting.readings) {
    names += names.empty() ? "" : " or ";
    names += one.name;
  }
  return names;
}

}  // namespace

std::span<Setting const> all_settings() {
  static std::vector<Setting> const all = make_all();
  return all;
}

Setting const* find_setting(std::string_view key) {
  auto const all = all_settings();
  auto const found = std::ranges::find(all, key, &Setting::key);
  return found == all.end() ? nullptr : &*found;
}

std::string value_of(Setting const& setting, Settings const& settings) {
  auto const value = setting.get(settings);
  switch (setting.kind) {
    case Setting::Kind::working_days:
    case Setting::Kind::hours:
      return std::to_string(value);
    case Setting::Kind::time_of_day:
      return fmt::format("{:02}:{:02}", value / 60, value % 60);
    case Setting::Kind::reading:
      return std::string(setting.readings.at(static_cast<std::size_t>(value)).name);
  }
  return {};
}

Result<> put_value(Setting const& setting, Settings& settings, std::string_view value) {
  std::optional<int> chosen;
  if (setting.kind == Setting::Kind::reading) {
    auto const found = std::ranges::find(setting.readings, value, &Reading::name);
    if (found != setting.readings.end()) chosen = static_cast<int>(found - setting.readings.begin());
  } else {
    chosen = setting.kind == Setting::Kind::time_of_day ? minutes_of(value) : whole_number(value);
    if (chosen && (*chosen < setting.least || *chosen > setting.most)) chosen.reset();
  }
  if (!chosen) {
    return fail(ErrorCode::invalid_param,
                fmt::format("'{}' must be {}, not '{}'.", setting.key, choices_of(setting), value));
  }
  setting.set(settings, *chosen);
  return {};
}

}  // namespace torg::records
