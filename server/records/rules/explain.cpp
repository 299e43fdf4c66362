#include "records/rules/explain.hpp"

#include "governance/zone.hpp"

#include <array>

#include <fmt/format.h>

namespace torg::records {
namespace {

constexpr std::array kMonthsSv{"januari", "februari", "mars",      "april",   "maj",      "juni",
                               "juli",    "augusti",  "september", "oktober", "november", "december"};
constexpr std::array kMonthsEn{"January", "February", "March",     "April",   "May",      "June",
                               "July",    "August",   "September", "October", "November", "December"};
constexpr std::array kWeekdaysSv{"söndag", "måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag"};
constexpr std::array kWeekdaysEn{"Sunday",   "Monday", "Tuesday", "Wednesday",
                                 "Thursday", "Friday", "Saturday"};

std::string spoken(std::chrono::minutes time) {
  return fmt::format("{:02}.{:02}", time.count() / 60, time.count() % 60);
}

/// How the item became a record, as a participle.
Bilingual became(Basis basis) {
  switch (basis) {
    case Basis::received:
      return {"inkommen", "received"};
    case Basis::sent_and_received:
      return {"skickad och inkommen", "sent and received"};
    case Basis::drawn_up_sent:
      return {"skickad", "sent"};
    case Basis::drawn_up_approved:
      return {"justerad", "approved"};
    case Basis::drawn_up_final:
      return {"färdigställd", "finished"};
    case Basis::drawn_up_case_closed:
      return {"upprättad när ärendet avslutades", "drawn up when the case was closed"};
    case Basis::archived:
      return {"tagen till arkivet", "taken into the archive"};
    case Basis::continuing_list:
      return {"en fortlöpande förteckning", "a list kept continuously"};
    default:
      return {"upprättad", "drawn up"};
  }
}

Bilingual became_at(Basis basis, Instant since) {
  auto words = became(basis);
  if (since == Instant{}) return words;
  auto const time = spoken_time(since);
  return {words.sv + " " + time.sv, words.en + " " + time.en};
}

Bilingual not_for_others_to_decide(Basis basis) {
  if (basis == Basis::exempt_technical) {
    return {"Går inte att välja: vi lagrar den bara åt någon annan, som diarieför själv (R10).",
            "Not available: we only store it for someone else, who registers it (R10)."};
  }
  return {"Går inte att välja: den är inte allmän handling än. Diarieför den om den ska bevaras (R6, R7).",
          "Not available: it is not a public record yet. Register it if it must be kept (R6, R7)."};
}

}  // namespace

Bilingual why_refused(Handling handling, Verdict const& verdict, Stored const& stored) {
  if (verdict.basis == Basis::continuing_list) {
    return {"Går inte att välja: raden hör till en fortlöpande förteckning, som hålls ordnad i sig (R14).",
            "Not available: the row belongs to a list kept continuously, which is in order by itself (R14)."};
  }
  if (verdict.status == Status::not_record) return not_for_others_to_decide(verdict.basis);
  switch (handling) {
    case Handling::kept_ordered:
      return {"Kan omfattas av sekretess: diarieför, eller uppenbart ringa betydelse med en kollega (R21).",
              "May be secret: register, or obviously of little importance together with a colleague (R21)."};
    case Handling::trivial:
      return {"Går inte att välja: den gäller ett ärende eller kan kräva en åtgärd (R22).",
              "Not available: it concerns a case or may call for action (R22)."};
    default:
      break;
  }
  auto const when = became_at(verdict.basis, stored.since);
  return {fmt::format("Går inte att välja: {}, därför allmän handling.", when.sv),
          fmt::format("Not available: {}, so a public record.", when.en)};
}

Bilingual status_text(Verdict const& verdict, Instant since) {
  if (verdict.status == Status::not_record) {
    return {"Det här är inte allmän handling än. Diarieför du nu kan vem som helst begära ut det.",
            "Not a public record yet. If you register it now, anyone can request it."};
  }
  auto const when = became_at(verdict.basis, since);
  return {fmt::format("Allmän handling: {}. Det avgör lagen, inte knappen.", when.sv),
          fmt::format("A public record: {}. The law decides that, not the button.", when.en)};
}

Bilingual spoken_day(Day day) {
  std::chrono::year_month_day const date{day};
  auto const month = unsigned(date.month()) - 1;
  return {fmt::format("{} {}", unsigned(date.day()), kMonthsSv.at(month)),
          fmt::format("{} {}", unsigned(date.day()), kMonthsEn.at(month))};
}

Bilingual spoken_time(Instant instant) {
  auto const day = spoken_day(governance::day_of(instant));
  auto const time = spoken(governance::local_time_of_day(instant));
  return {day.sv + " " + time, day.en + " " + time};
}

Clock clock(std::optional<Day> due, Instant now, Settings const& settings) {
  if (!due) return {};
  auto const today = governance::day_of(now);
  auto const days_left = (*due - today).count();
  if (days_left < 0) {
    if (days_left == -1)
      return {ClockLook::late, {"Skulle varit klar i går", "Should have been done yesterday"}};
    auto const day = spoken_day(*due);
    return {ClockLook::late, {"Skulle varit klar " + day.sv, "Should have been done " + day.en}};
  }
  if (days_left == 0) {
    auto const time = spoken(settings.closing_time);
    return {ClockLook::today, {"I dag " + time, "Today " + time}};
  }
  if (days_left == 1) return {ClockLook::calm, {"I morgon", "Tomorrow"}};
  if (days_left < 7) {
    auto const name = std::chrono::weekday{*due}.c_encoding();
    return {ClockLook::calm,
            {fmt::format("På {}", kWeekdaysSv.at(name)), fmt::format("On {}", kWeekdaysEn.at(name))}};
  }
  auto const day = spoken_day(*due);
  return {ClockLook::calm, {"Den " + day.sv, "On " + day.en}};
}

std::string_view to_text(ClockLook look) {
  switch (look) {
    case ClockLook::none:
      return "none";
    case ClockLook::calm:
      return "calm";
    case ClockLook::today:
      return "today";
    case ClockLook::late:
      return "late";
  }
  return {};
}

}  // namespace torg::records
