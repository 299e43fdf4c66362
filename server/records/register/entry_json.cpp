#include "records/register/entry_json.hpp"

#include "governance/zone.hpp"
#include "records/secrecy/provisions.hpp"

#include <stdexcept>

namespace torg::records {
namespace {

void apply(RecordView& view, std::string_view field, json::value const& value) {
  if (field == "title")
    view.title = value.as_string();
  else if (field == "internal_title")
    view.internal_title = value.as_string();
  else if (field == "sender")
    view.sender = value.as_string();
  else if (field == "recipient")
    view.recipient = value.as_string();
  else if (field == "secrecy")
    view.secrecy = parse_secrecy(std::string(value.as_string()));
  else if (field == "not_a_record")
    view.not_a_record = true;
}

std::string text_at(json::object const& object, std::string_view key) {
  return std::string(optional_string(object, key).value_or(""));
}

}  // namespace

json::object to_json(Secrecy const& secrecy) {
  return {{"provision", secrecy.provision},
          {"provision_id", secrecy.provision_id},
          {"day", governance::to_text(secrecy.day)},
          {"authority", secrecy.authority},
          {"note", secrecy.note}};
}

std::optional<Secrecy> parse_secrecy(std::string_view text) {
  if (text.empty()) return std::nullopt;
  auto const object = parse_json_object(text);
  if (!object) throw std::runtime_error("a secrecy marking of the register is broken");
  // As it was marked: a later list may cite or count differently.
  auto const day = governance::parse_day(text_at(*object, "day"));
  Secrecy secrecy{text_at(*object, "provision"), day.value_or(Day{}), text_at(*object, "note"),
                  text_at(*object, "provision_id"), text_at(*object, "authority")};
  if (!day || secrecy.provision.empty())
    throw std::runtime_error("a secrecy marking of the register is incomplete");
  return secrecy;
}

Result<Secrecy> secrecy_from(json::object const& object) {
  auto const id = text_at(object, "provision_id");
  auto const* listed = find_provision(id.empty() ? text_at(object, "provision") : id);
  if (!id.empty() && listed == nullptr)
    return fail(ErrorCode::invalid_param, "The list has no provision '" + id + "'.");
  auto const provision = listed == nullptr ? text_at(object, "provision") : listed->cite;
  if (provision.find_first_not_of(' ') == std::string::npos) {
    return fail(ErrorCode::rule_refuses, "R25: a secrecy marking names the provision that may apply.");
  }
  auto const day = governance::parse_day(text_at(object, "day"));
  if (!day) return fail(ErrorCode::invalid_param, "A secrecy marking has a day, written 2026-11-24.");
  return Secrecy{provision, *day, text_at(object, "note"), listed == nullptr ? std::string() : listed->id,
                 text_at(object, "authority")};
}

std::string marked_by(std::string marking, std::string_view authority) {
  auto object = parse_json_object(marking);
  if (!object || !text_at(*object, "authority").empty()) return marking;
  (*object)["authority"] = authority;
  return json::serialize(*object);
}

std::string items_text(std::vector<EventNid> const& items) {
  json::array array;
  for (auto const item : items) array.emplace_back(item.value);
  return json::serialize(array);
}

std::vector<EventNid> parse_items(std::string_view text) {
  auto const value = parse_json(text);
  if (!value || !value->is_array()) throw std::runtime_error("the items of a record are broken");
  std::vector<EventNid> items;
  for (auto const& item : value->get_array()) items.emplace_back(item.to_number<std::int64_t>());
  return items;
}

std::string parallel_text(std::vector<ParallelCase> const& cases) {
  json::array array;
  for (auto const& one : cases)
    array.push_back(json::object{{"authority", one.authority}, {"number", one.number}});
  return json::serialize(array);
}

std::vector<ParallelCase> parse_parallel(std::string_view text) {
  auto const value = parse_json(text);
  if (!value || !value->is_array()) throw std::runtime_error("the parallel cases of a case are broken");
  std::vector<ParallelCase> cases;
  for (auto const& one : value->get_array()) {
    auto const& object = one.as_object();
    cases.push_back({std::string(optional_string(object, "authority").value_or("")),
                     std::string(optional_string(object, "number").value_or(""))});
  }
  return cases;
}

void apply_corrected(RecordView& view, std::string_view corrected) {
  if (corrected.empty()) return;
  auto const object = parse_json_object(corrected);
  if (!object) throw std::runtime_error("the corrections of a record are broken");
  for (auto const& member : *object) apply(view, member.key(), member.value());
}

}  // namespace torg::records
