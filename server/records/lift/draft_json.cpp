#include "governance/zone.hpp"
#include "records/lift/draft.hpp"
#include "records/mail/file_name.hpp"
#include "records/register/entry_json.hpp"

#include <algorithm>
#include <charconv>

namespace torg::records {
namespace {

constexpr std::size_t kMaxText = 1000;  // bytes of one field

json::object words(Bilingual const& text) { return {{"sv", text.sv}, {"en", text.en}}; }

json::value case_json(CaseChoice const& choice) {
  if (auto const* id = std::get_if<CaseId>(&choice)) return json::object{{"id", id->value}};
  if (auto const* title = std::get_if<std::string>(&choice)) {
    return json::object{{"new", json::object{{"title", *title}}}};
  }
  return nullptr;
}

/// A number; its text is read too.
std::optional<CaseId> parse_case_id(json::value const& value) {
  if (value.is_int64()) return CaseId(value.get_int64());
  if (!value.is_string()) return std::nullopt;
  auto const& text = value.get_string();
  std::int64_t id = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return CaseId(id);
}

/// A register is read on screens and paper by people who trust it: what reads otherwise than it is stored, or
/// can't be seen at all, is refused rather than taken out behind somebody's back.
Result<> check_line(std::string_view field, std::string_view text) {
  auto const found = deceiving_character(text);
  if (found.empty()) return {};
  std::string name(field);
  std::ranges::replace(name, '_', ' ');
  return fail(ErrorCode::invalid_param, "The " + name + " holds the character " + found +
                                            ", which controls a screen or changes the direction of text. "
                                            "Take it away. / Texten innehåller tecknet " +
                                            found + ", som styr skärmen eller vänder textens riktning.");
}

Result<CaseChoice> parse_case(json::object const& object) {
  auto const* choice = optional_object(object, "case");
  if (choice == nullptr) return CaseChoice{};
  if (auto const* id = choice->if_contains("id")) {
    if (auto const parsed = parse_case_id(*id)) return CaseChoice{*parsed};
  } else if (auto const* fresh = optional_object(*choice, "new")) {
    auto const title = optional_string(*fresh, "title").value_or("");
    if (auto good = check_line("title", title); !good) return fail(std::move(good));
    if (title.find_first_not_of(' ') != std::string_view::npos) return CaseChoice{std::string(title)};
  }
  return fail(ErrorCode::invalid_param, "A case is {id} or {new: {title}}.");
}

Result<std::string> text_of(json::object const& object, std::string_view key) {
  auto const text = optional_string(object, key).value_or("");
  if (text.size() > kMaxText) return fail(ErrorCode::too_large, std::string(key) + " is too long.");
  if (auto good = check_line(key, text); !good) return fail(std::move(good));
  return std::string(text);
}

Result<> read_texts(json::object const& object, Draft& draft) {
  std::pair<std::string_view, std::string*> const fields[] = {{"title", &draft.title},
                                                              {"internal_title", &draft.internal_title},
                                                              {"sender", &draft.sender},
                                                              {"recipient", &draft.recipient},
                                                              {"classification", &draft.classification},
                                                              {"record_type", &draft.record_type}};
  for (auto const& [key, target] : fields) {
    auto text = text_of(object, key);
    if (!text) return fail(std::move(text));
    *target = std::move(*text);
  }
  if (draft.title.find_first_not_of(' ') == std::string::npos) {
    return fail(ErrorCode::invalid_param, "A record has a title.");
  }
  if (draft.internal_title.empty()) draft.internal_title = draft.title;
  return {};
}

}  // namespace

json::object to_json(Draft const& draft) {
  return {{"title", draft.title},
          {"internal_title", draft.internal_title},
          {"direction", to_text(draft.direction)},
          {"sender", draft.sender},
          {"recipient", draft.recipient},
          {"private_person", draft.private_person},
          {"came_or_made_day", governance::to_text(draft.came_or_made_day)},
          {"classification", draft.classification},
          {"record_type", draft.record_type},
          {"case", case_json(draft.of_case)},
          {"secrecy", draft.secrecy ? json::value(to_json(*draft.secrecy)) : json::value(nullptr)}};
}

Result<Draft> parse_draft(json::object const& object) {
  Draft draft;
  if (auto read = read_texts(object, draft); !read) return fail(std::move(read));
  auto const direction = parse_direction(optional_string(object, "direction").value_or("in"));
  if (!direction) return fail(ErrorCode::invalid_param, "A direction is in, out or internal.");
  draft.direction = *direction;
  draft.private_person = optional_bool(object, "private_person").value_or(false);
  auto const day = governance::parse_day(optional_string(object, "came_or_made_day").value_or(""));
  if (!day)
    return fail(ErrorCode::invalid_param,
                "R24: an entry has the day it came or was made, written 2026-11-24.");
  draft.came_or_made_day = *day;
  auto choice = parse_case(object);
  if (!choice) return fail(std::move(choice));
  draft.of_case = std::move(*choice);
  if (auto const* secrecy = optional_object(object, "secrecy")) {
    auto parsed = secrecy_from(*secrecy);
    if (!parsed) return fail(std::move(parsed));
    draft.secrecy = std::move(*parsed);
  }
  return draft;
}

json::object hints_json(Prefilled const& prefilled) {
  json::array cases, hints, duplicates, checks;
  for (auto const& one : prefilled.cases) {
    cases.push_back(json::object{
        {"id", one.id.value}, {"number", one.number}, {"title", one.title}, {"why", words(one.why)}});
  }
  for (auto const& [provision, why] : prefilled.secrecy_hints) {
    hints.push_back(json::object{{"provision", provision}, {"why", words(why)}});
  }
  for (auto const& one : prefilled.duplicates) {
    duplicates.push_back(json::object{{"number", one.number}, {"title", one.title}});
  }
  for (auto const& one : prefilled.checks) {
    checks.push_back(json::object{{"id", one.id}, {"ok", one.ok}, {"text", words(one.text)}});
  }
  json::object sources;
  for (auto const& [field, text] : prefilled.sources) sources[field] = words(text);
  return {{"cases", std::move(cases)},
          {"personal_numbers", prefilled.personal_numbers},
          {"secrecy_hints", std::move(hints)},
          {"duplicates", std::move(duplicates)},
          {"checks", std::move(checks)},
          {"sources", std::move(sources)},
          {"plan", prefilled.plan ? json::value(*prefilled.plan) : json::value(nullptr)}};
}

}  // namespace torg::records
