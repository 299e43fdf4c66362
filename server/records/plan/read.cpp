// One row at a time: what a cell may say.
#include "records/plan/columns.hpp"
#include "records/register/contains.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <span>

#include <fmt/format.h>

namespace torg::records {
namespace {

constexpr std::array<std::string_view, 5> kWhere{"registered", "kept_ordered", "trivial", "working",
                                                 "not_public"};
constexpr std::array<std::string_view, 4> kDispositions{"preserve", "dispose", "weed", "expire"};

template <std::size_t N>
std::string any_of(std::array<std::string_view, N> const& names) {
  return fmt::format("{}", fmt::join(names, ", "));
}

/// A cell that must be one of some names; the first of them, and a problem, when it isn't.
template <class Enum, std::size_t N>
Enum one_of(std::array<std::string_view, N> const& names, std::string_view column, std::string const& text,
            std::int64_t row, Problems& problems) {
  auto const found = std::ranges::find(names, text);
  if (found != names.end()) return static_cast<Enum>(found - names.begin());
  problems.add(row, "bad_value",
               {fmt::format("{} är ”{}”, men ska vara något av {}.", column, text, any_of(names)),
                fmt::format("{} is “{}” but must be one of {}.", column, text, any_of(names))});
  return Enum{};
}

/// `2 years`, `6 months`, `30 days`, `1 år`, `2 mån`, `90 dagar`, in days at least; 0 for anything else.
int days_of_period(std::string_view text) {
  static constexpr std::array<std::pair<std::string_view, int>, 12> kUnits{{{"year", 365},
                                                                            {"years", 365},
                                                                            {"år", 365},
                                                                            {"month", 30},
                                                                            {"months", 30},
                                                                            {"mån", 30},
                                                                            {"månad", 30},
                                                                            {"månader", 30},
                                                                            {"day", 1},
                                                                            {"days", 1},
                                                                            {"dag", 1},
                                                                            {"dagar", 1}}};
  static constexpr int kMost = 1000;  // of any unit
  auto const blank = text.find(' ');
  if (blank == std::string_view::npos) return 0;
  int number = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + blank, number);
  auto const unit =
      std::ranges::find(kUnits, text.substr(blank + 1), [](auto const& one) { return one.first; });
  bool const counted = error == std::errc{} && end == text.data() + blank && number > 0 && number <= kMost;
  return counted && unit != kUnits.end() ? number * unit->second : 0;
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    auto const end = text.find_first_of(" ,;");
    if (auto const word = text.substr(0, end); !word.empty()) words.emplace_back(word);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return words;
}

/// What a row says of its own retention: every record type has one (R51, R55).
void check_retention(PlanRow const& row, Problems& problems) {
  auto const say = [&](std::string_view code, std::string sv, std::string en) {
    problems.add(row.row, code, {std::move(sv), std::move(en)});
  };
  bool const has_period = !row.period.empty(), has_trigger = !row.trigger.empty();
  if (row.disposition == Disposition::preserve) {
    if (has_period || has_trigger)
      say("preserved_for_a_time", "Det som bevaras har ingen gallringsfrist.",
          "What is preserved has no period.");
    return;
  }
  if (!has_period)
    say("no_period", "Fristen saknas: skriv den, eller bevara.",
        "The period is missing: say it, or preserve.");
  if (has_period && !has_trigger)
    say("period_without_trigger", "Fristen har ingen händelse som den räknas från.",
        "The period has no trigger to count from.");
  if (row.disposition != Disposition::weed && has_period && days_of_period(row.period) == 0)
    say("bad_period", "Fristen går inte att räkna: skriv som 2 years eller 90 dagar.",
        "The period can't be counted: write it as 2 years or 90 days.");
  if (row.disposition == Disposition::dispose && row.decision.empty())
    say("no_decision", "Gallring kräver ett gallringsbeslut (R51).", "Disposal needs a decision (R51).");
  bool const working = row.where == PlanWhere::working;
  if (row.disposition == Disposition::weed && !working)
    say("weeded_record", "Bara arbetsmaterial rensas; allmänna handlingar gallras (R55).",
        "Only working material is weeded; public records are disposed of (R55).");
  if (row.disposition == Disposition::dispose && working)
    say("disposed_working", "Arbetsmaterial rensas, det gallras inte (R55).",
        "Working material is weeded, not disposed of (R55).");
  if (row.disposition == Disposition::expire && row.where != PlanWhere::not_public)
    say("expiring_record", "Bara det som inte är allmän handling förfaller av sig självt (R15).",
        "Only what is no public record expires by itself (R15).");
}

void check_names(PlanRow const& row, Problems& problems) {
  for (auto const& field : row.mandatory) {
    if (contains(mandatory_fields(), field)) continue;
    problems.add(row.row, "unknown_field",
                 {fmt::format("Det finns inget fält ”{}” att kräva.", field),
                  fmt::format("There is no field “{}” to ask for.", field)});
  }
  if (!row.list.empty() && !contains(kept_lists(), row.list, &KeptList::name)) {
    problems.add(row.row, "unknown_list",
                 {fmt::format("Servern för ingen lista ”{}”.", row.list),
                  fmt::format("The server keeps no list “{}”.", row.list)});
  }
  if (!row.list.empty() && row.where != PlanWhere::kept_ordered && row.where != PlanWhere::registered) {
    problems.add(row.row, "list_not_kept",
                 {"En lista som förs fortlöpande är allmän handling från första raden (R14).",
                  "A list kept continuously is a public record from its first row (R14)."});
  }
  static constexpr int kTwoYears = 2 * 365;
  bool const short_time = row.disposition == Disposition::dispose && days_of_period(row.period) > 0 &&
                          days_of_period(row.period) < kTwoYears;
  if (!row.list.empty() && short_time && row.remark.empty()) {
    problems.add(row.row, "list_without_reason",
                 {"En lista som gallras före två år behöver en anmärkning som säger varför (R54).",
                  "A list disposed of before two years needs a remark that says why (R54)."});
  }
}

PlanRow read_row(Columns const& columns, CsvRow const& csv, Problems& problems) {
  auto const cell = [&](std::string_view name) { return columns.cell(csv, name); };
  PlanRow row;
  row.row = csv.number;
  row.process = cell("process_code");
  row.type = {cell("record_type_sv"), cell("record_type_en")};
  row.where = one_of<PlanWhere>(kWhere, "where", cell("where"), csv.number, problems);
  row.place = cell("system_or_place");
  if (row.place.starts_with("series ")) row.series = row.place.substr(7, row.place.find(',') - 7);
  row.format = cell("format");
  auto const disposition = cell("disposition");
  if (disposition.empty()) {
    problems.add(csv.number, "no_retention",
                 {"Handlingstypen har ingen bevarandetid: skriv preserve eller en frist.",
                  "The record type has no retention: write preserve, or a period."});
  } else {
    row.disposition = one_of<Disposition>(kDispositions, "disposition", disposition, csv.number, problems);
  }
  row.period = cell("period");
  row.trigger = cell("trigger");
  row.decision = cell("decision_ref");
  row.archive_transfer = cell("archive_transfer");
  row.secrecy = cell("secrecy_provision");
  row.personal_data = cell("personal_data");
  row.owner = cell("owner");
  row.remark = cell("remark");
  row.mandatory = words_of(cell("mandatory_fields"));
  row.list = cell("list");
  row.valid = read_validity(columns, csv, problems);
  bool const named = !row.type.sv.empty() || !row.type.en.empty();
  if (!named)
    problems.add(csv.number, "no_record_type", {"Handlingstypen saknas.", "The record type is missing."});
  if (row.type.en.empty()) row.type.en = row.type.sv;
  if (row.type.sv.empty()) row.type.sv = row.type.en;
  if (!disposition.empty()) check_retention(row, problems);
  check_names(row, problems);
  return row;
}

/// Rows with as many cells as the head; the others are problems.
bool fits(Columns const& columns, CsvRow const& row, Problems& problems) {
  if (row.cells.size() == columns.count()) return true;
  problems.add(row.number, "cell_count",
               {fmt::format("Raden har {} celler, rubrikraden {}.", row.cells.size(), columns.count()),
                fmt::format("The row has {} cells, the header {}.", row.cells.size(), columns.count())});
  return false;
}

}  // namespace

std::string_view to_text(PlanWhere where) { return kWhere.at(static_cast<std::size_t>(where)); }
std::string_view to_text(Disposition disposition) {
  return kDispositions.at(static_cast<std::size_t>(disposition));
}

std::vector<std::string_view> const& mandatory_fields() {
  static std::vector<std::string_view> const fields{"internal_title", "sender", "recipient",
                                                    "classification", "case",   "secrecy"};
  return fields;
}

std::vector<KeptList> const& kept_lists() {
  static std::vector<KeptList> const lists{
      {"register", {"Diariet", "The register"}},
      {"requests", {"Begäran om handlingar", "Requests for records"}},
      {"members", {"Medlemmar i rum", "Members of rooms"}},
      {"messages",
       {"Meddelandeförteckningen: tid, avsändare, rum", "The list of messages: time, sender, room"}},
      {"mail", {"Mejlförteckningen", "The list of mails"}},
      {"audit", {"Loggen över åtgärder", "The log of acts"}},
      {"blocks", {"Spärrade rum, konton och filer", "Blocked rooms, accounts and files"}}};
  return lists;
}

std::vector<ClassRow> read_classes(std::vector<CsvRow> const& rows, Problems& problems) {
  std::vector<ClassRow> classes;
  if (rows.empty()) return classes;
  Columns const columns(rows.front(), {"code", "parent", "level", "title_sv"}, problems);
  if (!columns.complete()) return classes;
  for (auto const& csv : std::span(rows).subspan(1)) {
    if (!fits(columns, csv, problems)) continue;
    auto const cell = [&](std::string_view name) { return columns.cell(csv, name); };
    ClassRow row;
    row.row = csv.number;
    row.code = cell("code");
    row.parent = cell("parent");
    auto const level = cell("level");
    auto const [end, error] = std::from_chars(level.data(), level.data() + level.size(), row.level);
    if (error != std::errc{} || end != level.data() + level.size() || row.level < 1)
      problems.add(csv.number, "bad_level", {"Nivån är inget tal från 1.", "The level is no number from 1."});
    row.title = {cell("title_sv"), cell("title_en")};
    row.note = {cell("note_sv"), cell("note_en")};
    row.valid = read_validity(columns, csv, problems);
    if (row.code.empty()) problems.add(csv.number, "no_code", {"Koden saknas.", "The code is missing."});
    if (row.title.sv.empty())
      problems.add(csv.number, "no_title", {"Namnet saknas.", "The title is missing."});
    classes.push_back(std::move(row));
  }
  return classes;
}

std::vector<PlanRow> read_rows(std::vector<CsvRow> const& rows, Problems& problems) {
  std::vector<PlanRow> found;
  if (rows.empty()) return found;
  Columns const columns(rows.front(),
                        {"process_code", "record_type_sv", "where", "disposition", "period", "trigger"},
                        problems);
  if (!columns.complete()) return found;
  for (auto const& csv : std::span(rows).subspan(1)) {
    if (fits(columns, csv, problems)) found.push_back(read_row(columns, csv, problems));
  }
  return found;
}

}  // namespace torg::records
