#include "governance/acts.hpp"

#include <algorithm>
#include <array>

namespace torg::governance {
namespace {

using enum Role;
using enum Shows;

constexpr Roles kAll{member,        officer,
                     registrar,     archivist,
                     administrator, disclosing_officer,
                     lawyer,        communicator,
                     auditor,       data_protection_officer};
constexpr Roles kOfficials{member, officer, registrar, archivist, disclosing_officer, lawyer, communicator};
constexpr Roles kReaders{officer, registrar, archivist, disclosing_officer, lawyer, communicator};
constexpr auto kYes = Delegable::yes;
constexpr auto kNo = Delegable::no;

// Where each row comes from stands in docs/roles.md, and a test holds the two together.
constexpr std::array<ActRule, kActs> kRules{{
    {Act::read_settings, "read_settings", nothing, kNo, kAll, "Läsa inställningar och plan",
     "Read settings and plan"},
    {Act::see_roles, "see_roles", nothing, kNo, kAll, "Se vem som får göra vad", "See who may do what"},
    {Act::see_status, "see_status", own_rooms, kNo, kOfficials, "Se bedömningar i egna rum",
     "See assessments in own rooms"},
    {Act::read_register, "read_register", register_, kYes, kReaders, "Läsa diariet", "Read the register"},
    {Act::register_record,
     "register_record",
     register_,
     kYes,
     {officer, registrar, communicator},
     "Diarieföra",
     "Register"},
    {Act::assess_item,
     "assess_item",
     register_,
     kYes,
     {officer, registrar, archivist, communicator},
     "Bedöma inlägg",
     "Assess items"},
    {Act::work_at_desk,
     "work_at_desk",
     register_,
     kYes,
     {registrar},
     "Arbeta vid registratorns bord",
     "Work at the registrar's desk"},
    {Act::open_case,
     "open_case",
     register_,
     kYes,
     {officer, registrar, archivist, communicator},
     "Lägga upp ärenden",
     "Open cases"},
    {Act::change_case,
     "change_case",
     register_,
     kYes,
     {officer, registrar, archivist},
     "Ändra och koppla ärenden",
     "Change and relate cases"},
    {Act::close_case,
     "close_case",
     register_,
     kYes,
     {officer, registrar, archivist},
     "Avsluta ärenden",
     "Close cases"},
    {Act::settle_case,
     "settle_case",
     register_,
     kYes,
     {registrar, archivist},
     "Ändra det i ärenden som diariet svarar för",
     "Change what the register answers for in a case"},
    {Act::correct_record,
     "correct_record",
     register_,
     kYes,
     {officer, registrar, archivist},
     "Rätta handlingar",
     "Correct records"},
    {Act::strike_record,
     "strike_record",
     register_,
     kYes,
     {registrar},
     "Avgöra att något inte är en allmän handling",
     "Say that something is no public record"},
    {Act::check_for_web,
     "check_for_web",
     register_,
     kYes,
     {registrar},
     "Kontrollera före webben",
     "Check before the web"},
    {Act::take_down,
     "take_down",
     register_,
     kYes,
     {registrar},
     "Ta ned från webben",
     "Take down from the web"},
    {Act::mark_secrecy,
     "mark_secrecy",
     register_,
     kYes,
     {officer, registrar},
     "Sekretessmarkera",
     "Mark secrecy"},
    {Act::answer_request,
     "answer_request",
     register_,
     kYes,
     {registrar, disclosing_officer},
     "Besvara begäran om utlämnande",
     "Answer disclosure requests"},
    {Act::set_hold, "set_hold", register_, kYes, {registrar, archivist, lawyer}, "Frysa", "Place holds"},
    {Act::release_hold,
     "release_hold",
     register_,
     kYes,
     {registrar, archivist, lawyer},
     "Häva frysningar",
     "Release holds"},
    {Act::see_disposals,
     "see_disposals",
     nothing,
     kYes,
     {archivist, auditor, data_protection_officer},
     "Se gallringar och bevis",
     "See disposals and certificates"},
    {Act::order_disposal,
     "order_disposal",
     register_,
     kYes,
     {archivist},
     "Föreslå gallring",
     "Order disposal"},
    {Act::approve_disposal,
     "approve_disposal",
     register_,
     kYes,
     {archivist},
     "Godkänna gallring som andra person",
     "Approve disposal as the second person"},
    {Act::weed, "weed", register_, kYes, {archivist}, "Styra rensningen", "Run the weeding"},
    {Act::decide_room_plan,
     "decide_room_plan",
     nothing,
     kYes,
     {officer, registrar, archivist},
     "Godta samarbetsplaner",
     "Accept plans of rooms"},
    {Act::change_settings,
     "change_settings",
     nothing,
     kYes,
     {archivist, administrator},
     "Ändra inställningar",
     "Change settings"},
    {Act::change_series,
     "change_series",
     nothing,
     kYes,
     {archivist, administrator},
     "Ändra diarieserier",
     "Change series of numbers"},
    {Act::import_plan,
     "import_plan",
     nothing,
     kYes,
     {registrar, archivist, administrator},
     "Läsa in informationshanteringsplan",
     "Import an information plan"},
    {Act::adopt_plan,
     "adopt_plan",
     nothing,
     kYes,
     {archivist},
     "Anta informationshanteringsplan",
     "Adopt an information plan"},
    {Act::import_register,
     "import_register",
     register_,
     kYes,
     {registrar, archivist},
     "Läsa in ett äldre diarium",
     "Import an older register"},
    {Act::hear_of_clocks,
     "hear_of_clocks",
     nothing,
     kYes,
     {registrar},
     "Påminnas om frister",
     "Be told of clocks that run out"},
    {Act::hear_of_late_clocks,
     "hear_of_late_clocks",
     nothing,
     kYes,
     {registrar, archivist, administrator},
     "Få veta det som är mycket försenat",
     "Be told of what is very late"},
    {Act::assign_roles, "assign_roles", nothing, kNo, {administrator}, "Ge roller", "Assign roles"},
    {Act::delegate,
     "delegate",
     nothing,
     kNo,
     {archivist, administrator},
     "Föra in delegationer",
     "Enter delegations"},
    {Act::read_audit,
     "read_audit",
     nothing,
     kNo,
     {administrator, auditor, data_protection_officer},
     "Läsa granskningsloggen",
     "Read the audit log"},
    {Act::administer_server,
     "administer_server",
     nothing,
     kNo,
     {administrator},
     "Sköta servern",
     "Administer the server"},
}};

struct RoleName {
  Role role;
  std::string_view name, sv, en;
};
constexpr std::array<RoleName, kRoles> kNames{{
    {member, "member", "medarbetare", "member"},
    {officer, "officer", "handläggare", "officer"},
    {registrar, "registrar", "registrator", "registrar"},
    {archivist, "archivist", "arkivarie", "archivist"},
    {administrator, "administrator", "administratör", "administrator"},
    {disclosing_officer, "disclosing_officer", "utlämnare", "disclosing officer"},
    {lawyer, "lawyer", "jurist", "lawyer"},
    {communicator, "communicator", "kommunikatör", "communicator"},
    {auditor, "auditor", "granskare", "auditor"},
    {data_protection_officer, "data_protection_officer", "dataskyddsombud", "data protection officer"},
}};
constexpr Roles kDelegableRoles{officer, registrar, archivist, disclosing_officer, lawyer, communicator};

constexpr Acts acts_in_table(Role role) {
  Acts found;
  for (auto const& rule : kRules)
    if (rule.roles.has(role)) found.add(rule.act);
  return found;
}

/// The acts that show as much.
constexpr Acts showing(Shows shows) {
  Acts found;
  for (auto const& rule : kRules)
    if (rule.shows == shows) found.add(rule.act);
  return found;
}
constexpr Acts kOnTheRegister = showing(register_);
constexpr Acts kOfOwnRooms = showing(own_rooms);

constexpr std::array<Acts, kRoles> kActsOf = [] {
  std::array<Acts, kRoles> all;
  for (std::size_t i = 0; i < kRoles; ++i) all[i] = acts_in_table(static_cast<Role>(i));
  return all;
}();

consteval bool rows_stand_in_their_places() {
  for (std::size_t i = 0; i < kActs; ++i)
    if (kRules[i].act != static_cast<Act>(i)) return false;
  for (std::size_t i = 0; i < kRoles; ++i)
    if (kNames[i].role != static_cast<Role>(i)) return false;
  return true;
}
static_assert(rows_stand_in_their_places());

consteval bool no_administrator_sees_content() {
  return std::ranges::none_of(
      kRules, [](auto const& rule) { return rule.shows != nothing && rule.roles.has(administrator); });
}
static_assert(no_administrator_sees_content());

/// What follows from an act adds nothing to a role: the table says all of it.
consteval bool whoever_works_in_the_register_reads_it() {
  for (auto const& rule : kRules) {
    if (rule.shows != register_) continue;
    for (auto const& name : kNames)
      if (rule.roles.has(name.role) && !acts_in_table(name.role).has(Act::read_register)) return false;
  }
  return true;
}
static_assert(whoever_works_in_the_register_reads_it());

}  // namespace

std::span<ActRule const> act_rules() { return kRules; }

ActRule const& rule_of(Act act) { return kRules.at(static_cast<std::size_t>(act)); }

Acts acts_of(Role role) { return kActsOf.at(static_cast<std::size_t>(role)); }

Acts delegable_acts_of(Role role) {
  Acts found;
  if (!kDelegableRoles.has(role)) return found;
  for (auto const& rule : kRules)
    if (rule.roles.has(role) && rule.delegable == Delegable::yes) found.add(rule.act);
  return found;
}

Acts with_what_follows(Acts given) {
  if (given.empty()) return given;
  given.add({Act::read_settings, Act::see_roles});
  if (given.has_any(kOnTheRegister)) given.add({Act::read_register, Act::see_status});
  return given;
}

Acts without_content(Acts acts) {
  acts.remove(kOnTheRegister);
  acts.remove(kOfOwnRooms);
  return acts;
}

std::string_view to_text(Act act) { return rule_of(act).name; }

std::optional<Act> parse_act(std::string_view text) {
  auto const found = std::ranges::find(kRules, text, &ActRule::name);
  return found == kRules.end() ? std::nullopt : std::optional(found->act);
}

std::string_view to_text(Role role) { return kNames.at(static_cast<std::size_t>(role)).name; }

std::optional<Role> parse_role(std::string_view text) {
  auto const found = std::ranges::find(kNames, text, &RoleName::name);
  return found == kNames.end() ? std::nullopt : std::optional(found->role);
}

RoleWords words_of(Role role) {
  auto const& name = kNames.at(static_cast<std::size_t>(role));
  return {name.sv, name.en};
}

}  // namespace torg::governance
