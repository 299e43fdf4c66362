#include "records/rules/case_file.hpp"

#include "records/mail/file_name.hpp"
#include "records/rules/case_fields.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

namespace torg::records {
namespace {

constexpr std::string_view kExpected[]{
    "actions", "allowed_states", "basis",   "clock_start",   "due_date", "due_rule",       "duty",
    "fee_sek", "initial_state",  "postage", "public_record", "refuse",   "suggested_state"};

std::unexpected<Error> wrong(std::string message) {
  return fail(ErrorCode::invalid_param, std::move(message));
}

bool is_id(std::string_view text) {
  auto const good = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' || c == '-';
  };
  return !text.empty() && text.size() <= 40 && std::ranges::all_of(text, good);
}

/// A value as a text that can be compared: lists sorted, null empty.
Result<std::string> as_text(json::value const& value) {
  if (value.is_null()) return std::string();
  if (value.is_string()) return clean_text(value.get_string(), Lines::one);
  if (value.is_bool()) return std::string(value.get_bool() ? "yes" : "no");
  if (value.is_int64()) return std::to_string(value.get_int64());
  if (!value.is_array()) return wrong("a text, a number, true, false, null or a list of texts");
  std::set<std::string> parts;
  for (auto const& part : value.get_array()) {
    if (!part.is_string()) return wrong("a list of texts");
    parts.insert(clean_text(part.get_string(), Lines::one));
  }
  return fmt::format("{}", fmt::join(parts, ", "));
}

Result<> read_expected(json::object const& object, WorkedCase& out) {
  for (auto const& member : object) {
    auto const name = std::string_view(member.key());
    if (std::ranges::find(kExpected, name) == std::end(kExpected))
      return wrong(
          fmt::format("nothing called '{}' can be expected", clean_text(name.substr(0, 60), Lines::one)));
    auto text = as_text(member.value());
    if (!text) return wrong(fmt::format("the expected '{}' must be {}", name, text.error().message));
    out.expected.emplace(name, std::move(*text));
  }
  return {};
}

Result<> read_readings(json::array const& list, WorkedCase& out) {
  for (auto const& value : list) {
    auto const* reading = value.if_object();
    auto const name = reading == nullptr ? std::nullopt : optional_string(*reading, "reading");
    if (!name || !is_id(*name)) return wrong("a reading has a name");
    out.readings.push_back(
        {std::string(*name), std::string(optional_string(*reading, "state").value_or(""))});
  }
  return {};
}

Result<> read_parts(json::object const& object, WorkedCase& out) {
  auto const text = [&](char const* name) {
    return clean_text(optional_string(object, name).value_or(""), Lines::one);
  };
  out.area = text("area");
  out.situation = text("situation_en").empty() ? text("situation_sv") : text("situation_en");
  if (auto const* rules = optional_array(object, "rules")) {
    for (auto const& rule : *rules) {
      if (!rule.is_string() || !is_id(rule.get_string())) return wrong("rules are named like R21");
      out.rules.emplace_back(rule.get_string());
    }
  }
  if (auto const* expected = object.if_contains("expected")) {
    if (!expected->is_object()) return wrong("'expected' must be an object");
    if (auto done = read_expected(expected->get_object(), out); !done) return done;
  }
  if (auto const* readings = optional_array(object, "readings")) {
    if (auto done = read_readings(*readings, out); !done) return done;
  }
  auto const* inputs = optional_object(object, "inputs");
  if (inputs == nullptr) return wrong("'inputs' is missing, or is no object");
  if (auto done = read_inputs(*inputs, out); !done) return done;
  auto const act = optional_string(*inputs, "act").value_or("");
  out.is_item = out.expected.contains("basis") || (is_item_act(act) && !out.law);
  // What the words of the case say counts like the words of an item (R22).
  bool const told = inputs->contains("advertising");
  if (out.is_item && !told)
    out.item.little_importance = says_advertising(out.situation + " " + text("situation_sv"));
  return {};
}

Result<WorkedCase> read_case(json::value const& value, std::size_t number) {
  if (!value.is_object()) return wrong(fmt::format("Case {} is no object.", number));
  auto const& object = value.get_object();
  WorkedCase out;
  auto const id = optional_string(object, "id");
  if (id && !is_id(*id)) return wrong(fmt::format("The id of case {} must be like RC05.", number));
  out.id = id ? std::string(*id) : fmt::format("case-{}", number);
  if (auto done = read_parts(object, out); !done)
    return wrong(fmt::format("Case {} ({}): {}.", number, out.id, done.error().message));
  return out;
}

}  // namespace

Result<std::vector<WorkedCase>> read_cases(std::string_view text) {
  if (text.size() > kMaxCaseFile) return fail(ErrorCode::too_large, "A file of cases has at most 16 MiB.");
  auto const parsed = parse_json(text);
  if (!parsed) {
    return fail(ErrorCode::not_json, "The file is not valid JSON: " + parsed.error().detail + ".");
  }
  auto const* list = parsed->if_array();
  json::array one;
  if (auto const* object = parsed->if_object()) {
    list = object->contains("cases") ? optional_array(*object, "cases") : &one;
    if (list == nullptr) return wrong("'cases' must be a list.");
    if (list == &one) one.push_back(*parsed);
  }
  if (list == nullptr) return wrong("The file must hold a case, a list of cases, or an object with 'cases'.");
  if (list->size() > kMaxCases) return fail(ErrorCode::too_large, "A file has at most 10000 cases.");
  std::vector<WorkedCase> cases;
  std::set<std::string> seen;
  for (auto const& value : *list) {
    auto made = read_case(value, cases.size() + 1);
    if (!made) return fail(std::move(made));
    if (!seen.insert(made->id).second) return wrong(fmt::format("Two cases are called {}.", made->id));
    cases.push_back(std::move(*made));
  }
  return cases;
}

}  // namespace torg::records
