#include "records/rules/case_fields.hpp"

#include "governance/zone.hpp"
#include "records/rules/case_names.hpp"
#include "records/rules/text.hpp"

#include <algorithm>
#include <date/date.h>
#include <sstream>

#include <fmt/format.h>

namespace torg::records {
namespace {

using namespace case_names;

struct ItemFlag {
  std::string_view name;
  bool Inputs::* flag;
};
constexpr ItemFlag kItemFlags[]{{"copy_stored_here", &Inputs::stored_here},
                                {"read_access", &Inputs::reference_only},
                                {"addressed_to_authority", &Inputs::addressed_to_authority},
                                {"technical_only", &Inputs::technical_only},
                                {"for_periodical", &Inputs::for_periodical},
                                {"library", &Inputs::library},
                                {"personally_addressed", &Inputs::personally_addressed},
                                {"continuous_list", &Inputs::continuous_list},
                                {"independent_organs", &Inputs::independent_organs},
                                {"contractor_independent", &Inputs::contractor_independent},
                                {"for_comment_only", &Inputs::for_comment_only},
                                {"final", &Inputs::final},
                                {"archived", &Inputs::archived},
                                {"adds_facts", &Inputs::adds_facts},
                                {"body_only_prepares", &Inputs::body_only_prepares},
                                {"affects_decision", &Inputs::affects_decision},
                                {"routine", &Inputs::routine},
                                {"states_fact", &Inputs::states_fact},
                                {"calls_for_action", &Inputs::calls_for_action},
                                {"advertising", &Inputs::little_importance},
                                {"misdirected", &Inputs::misdirected},
                                {"secrecy_presumed", &Inputs::secrecy_presumed},
                                {"osf_exempt", &Inputs::osf_exempt}};
struct MatterFlag {
  std::string_view name;
  bool Matter::* flag;
};
constexpr MatterFlag kMatterFlags[]{{"public_record", &Matter::public_record},
                                    {"secrecy_presumed", &Matter::secrecy_presumed},
                                    {"partial", &Matter::partly_secret},
                                    {"technical_only", &Matter::technical_only},
                                    {"mass_personal_data", &Matter::mass_personal_data},
                                    {"built_in_export", &Matter::built_in_export},
                                    {"prepayment", &Matter::prepayment},
                                    {"obvious", &Matter::obvious},
                                    {"rule_published", &Matter::rule_published},
                                    {"request_open", &Matter::request_open}};
/// What tells a reader more and changes nothing.
constexpr std::string_view kTold[]{
    "history_visible", "sent", "requested_state", "state", "now",   "anonymous",
    "known",           "role", "age_days",        "basis", "period"};

std::unexpected<Error> wrong(std::string_view field, std::string_view wanted) {
  return fail(ErrorCode::invalid_param, fmt::format("the input '{}' must be {}", field, wanted));
}

template <class E, std::size_t Size>
Result<> choose(json::value const& value, std::string_view field, Named<E> const (&names)[Size], E& out) {
  if (value.is_string()) {
    auto const text = std::string_view(value.get_string());
    for (auto const& named : names) {
      if (named.name != text) continue;
      out = named.value;
      return {};
    }
  }
  std::string all;
  for (auto const& named : names) all += (all.empty() ? "" : ", ") + std::string(named.name);
  return wrong(field, "one of: " + all);
}

Result<Instant> instant_of(json::value const& value, std::string_view field) {
  date::sys_time<std::chrono::milliseconds> time;
  if (value.is_string()) {
    std::istringstream in{std::string(value.get_string())};
    in >> date::parse("%FT%T%Ez", time);
    if (!in.fail()) return Instant{time.time_since_epoch()};
  }
  return wrong(field, "a time such as 2026-11-23T10:00:00+01:00");
}

Result<> flag(json::value const& value, std::string_view field, bool& out) {
  if (!value.is_bool()) return wrong(field, "true or false");
  out = value.get_bool();
  return {};
}

Result<double> number(json::value const& value, std::string_view field) {
  if (value.is_int64() && value.get_int64() >= 0 && value.get_int64() <= 1'000'000)
    return static_cast<double>(value.get_int64());
  if (value.is_double() && value.get_double() >= 0 && value.get_double() <= 1e6) return value.get_double();
  return wrong(field, "a number from 0 to 1000000");
}

Result<> read_audience(json::value const& value, std::string_view field, WorkedCase& out) {
  if (!value.is_array()) return wrong(field, "a list");
  for (auto const& name : value.get_array()) {
    if (name == "other_authority")
      out.item.audience.other_authority = true;
    else if (name == "outsider")
      out.item.audience.outsider = out.matter.to_outsider = true;
    else if (name == "public")
      out.item.audience.everyone = true;
    else if (name == "own_authority" || name == "elected_members")
      out.item.audience.own_authority = true;
    else if (name != "own_unit")
      return wrong(field,
                   "a list of: other_authority, outsider, public, own_authority, elected_members, own_unit");
  }
  return {};
}

using Reader = Result<> (*)(json::value const&, std::string_view, WorkedCase&);
struct Field {
  std::string_view name;
  Reader read;
};

/// An optional flag that a case may leave open.
template <auto Member>
Result<> read_open(json::value const& value, std::string_view field, WorkedCase& out) {
  bool given = false;
  if (auto done = flag(value, field, given); !done) return done;
  out.item.*Member = given;
  return {};
}

/// What is told by being there at all.
template <auto Member>
Result<> read_present(json::value const&, std::string_view, WorkedCase& out) {
  out.item.*Member = true;
  return {};
}

/// Some acts are about an item's status, some about what to do, some can be both: the case's area decides.
Result<> read_act(json::value const& value, std::string_view field, WorkedCase& out) {
  auto const as_matter = choose(value, field, kMatterActs, out.matter.act);
  auto const as_item = choose(value, field, kActs, out.item.act);
  if (as_matter || as_item) return {};
  return fail(ErrorCode::invalid_param, as_item.error().message + "; or " + as_matter.error().message);
}

Result<> read_object(json::value const& value, std::string_view field, WorkedCase& out) {
  out.matter.whole_room = value == "room";
  out.matter.internal_document = value == "internal_document";
  return choose(value, field, kObjects, out.item.object);
}

Result<> read_at(json::value const& value, std::string_view field, WorkedCase& out) {
  auto const at = instant_of(value, field);
  if (!at) return std::unexpected(at.error());
  out.item.at = out.matter.at = *at;
  return {};
}

Result<> read_served(json::value const& value, std::string_view field, WorkedCase& out) {
  auto const day = value.is_string() ? governance::parse_day(value.get_string()) : std::nullopt;
  if (!day) return wrong(field, "a day such as 2026-12-03");
  out.matter.served_on = *day;
  return {};
}

Result<> read_country(json::value const& value, std::string_view field, WorkedCase& out) {
  out.law.emplace();
  auto done = choose(value, field, kLaws, *out.law);
  out.matter.law = out.law;
  return done;
}

Result<> read_case_state(json::value const& value, std::string_view field, WorkedCase& out) {
  auto done = choose(value, field, kCaseStates, out.item.case_state);
  out.matter.in_open_case = out.item.case_state == CaseState::open;
  return done;
}

Result<> read_pages(json::value const& value, std::string_view field, WorkedCase& out) {
  auto const pages = number(value, field);
  if (!pages) return std::unexpected(pages.error());
  out.matter.pages = static_cast<int>(*pages);
  return {};
}

Result<> read_hours(json::value const& value, std::string_view field, WorkedCase& out) {
  auto const hours = number(value, field);
  if (!hours) return std::unexpected(hours.error());
  out.matter.effort_hours = *hours;
  return {};
}

/// A word that says one thing, and nothing when it is another: `recipient`, `form`, `host`.
template <auto Member, auto Struct>
Result<> read_word(json::value const& value, std::string_view field, WorkedCase& out, std::string_view word) {
  if (!value.is_string()) return wrong(field, "a text");
  (out.*Struct).*Member = std::string_view(value.get_string()) == word;
  return {};
}

// Field by field, in the order of the alphabet.
constexpr Field kFields[]{
    {"act", read_act},
    {"actor", [](auto const& v, auto f, auto& c) { return choose(v, f, kActors, c.item.actor); }},
    {"at", read_at},
    {"audience", read_audience},
    {"authority_kind", [](auto const& v, auto f, auto& c) { return choose(v, f, kKinds, c.matter.kind); }},
    {"by", [](auto const& v, auto f, auto& c) { return choose(v, f, kAskers, c.matter.by); }},
    {"case", read_case_state},
    {"case_ref", read_present<&Inputs::refers_to_case>},
    {"channel", [](auto const& v, auto f, auto& c) { return choose(v, f, kChannels, c.item.channel); }},
    {"concerns_authority_matter", read_open<&Inputs::concerns_authority_matter>},
    {"country", read_country},
    {"decision",
     [](json::value const& v, std::string_view, WorkedCase& c) -> Result<> {
       c.matter.decided = v.is_string() && !v.get_string().empty();
       return {};
     }},
    {"disposal_due",
     [](json::value const&, std::string_view, WorkedCase& c) -> Result<> {
       c.matter.due_for_disposal = true;
       return {};
     }},
    {"effort_hours", read_hours},
    {"form",
     [](auto const& v, auto f, auto& c) {
       return read_word<&Matter::electronic_form, &WorkedCase::matter>(v, f, c, "electronic");
     }},
    {"host",
     [](auto const& v, auto f, auto& c) {
       return read_word<&Matter::other_hosts, &WorkedCase::matter>(v, f, c, "other_authority");
     }},
    {"information_class",
     [](json::value const& v, std::string_view, WorkedCase& c) -> Result<> {
       c.item.security_classified = v == 4;
       return {};
     }},
    {"memo_or_draft", read_open<&Inputs::memo_or_draft>},
    {"object", read_object},
    {"offence", [](auto const& v, auto f, auto& c) { return choose(v, f, kOffences, c.matter.offence); }},
    {"pages", read_pages},
    {"participants",
     [](auto const& v, auto f, auto& c) {
       return read_word<&Matter::authorities_only, &WorkedCase::matter>(v, f, c, "authorities_only");
     }},
    {"plan_decision",
     [](auto const& v, auto f, auto& c) {
       return read_word<&Inputs::plan_keeps_ordered, &WorkedCase::item>(v, f, c, "keep_ordered");
     }},
    {"plan_mode",
     [](auto const& v, auto f, auto& c) {
       return read_word<&Inputs::joint_draft, &WorkedCase::item>(v, f, c, "joint_draft");
     }},
    {"purpose", [](auto const& v, auto f, auto& c) { return choose(v, f, kPurposes, c.matter.purpose); }},
    {"reason", [](auto const& v, auto f, auto& c) { return choose(v, f, kReasons, c.matter.reason); }},
    {"recipient",
     [](json::value const& v, std::string_view, WorkedCase& c) -> Result<> {
       if (v == "other_authority") c.item.audience.other_authority = true;
       return {};
     }},
    {"sealed_until", read_present<&Inputs::sealed>},
    {"secrecy_provision",
     [](json::value const& v, std::string_view, WorkedCase& c) -> Result<> {
       c.item.provision_cited = !v.is_null();
       return {};
     }},
    {"secret_fields", read_present<&Inputs::secret_fields>},
    {"served_at", read_served},
    {"serves_boards", read_present<&Inputs::serves_both_boards>},
};

Result<> read_flags(std::string_view name, json::value const& value, WorkedCase& out, bool& known) {
  for (auto const& one : kItemFlags) {
    if (one.name != name) continue;
    known = true;
    if (auto done = flag(value, name, out.item.*one.flag); !done) return done;
  }
  for (auto const& one : kMatterFlags) {
    if (one.name != name) continue;
    known = true;
    if (auto done = flag(value, name, out.matter.*one.flag); !done) return done;
  }
  return {};
}

}  // namespace

bool is_item_act(std::string_view act) {
  if (act == "request_record") return false;
  return std::ranges::any_of(kActs, [&](auto const& named) { return named.name == act; });
}

bool says_advertising(std::string_view text) {
  auto const plain = make_plain(text).plain;
  return has_word_beginning(plain, "reklam") || has_word_beginning(plain, "advertis");
}

Result<> read_inputs(json::object const& inputs, WorkedCase& out) {
  if (!inputs.contains("act")) return fail(ErrorCode::invalid_param, "the input 'act' is missing");
  for (auto const& member : inputs) {
    auto const name = std::string_view(member.key());
    bool known = std::ranges::find(kTold, name) != std::end(kTold);
    if (auto done = read_flags(name, member.value(), out, known); !done) return done;
    auto const* field = std::ranges::find(kFields, name, &Field::name);
    if (field != std::end(kFields)) {
      if (auto done = field->read(member.value(), name, out); !done) return done;
    } else if (!known) {
      return fail(ErrorCode::invalid_param, fmt::format("there is no input '{}'", name.substr(0, 60)));
    }
  }
  return {};
}

}  // namespace torg::records
