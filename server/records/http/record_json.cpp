#include "records/http/record_json.hpp"

#include "governance/zone.hpp"
#include "records/register/entry_json.hpp"
#include "records/register/titles.hpp"
#include "records/secrecy/http.hpp"

#include <algorithm>

namespace torg::records {
namespace {

std::string code_of_authority(RecordNames const& names, AuthorityId id) {
  auto const* authority = names.governance.authority(id);
  return authority == nullptr ? std::string() : authority->code;
}

json::object words(Bilingual const& text) { return {{"sv", text.sv}, {"en", text.en}}; }

json::value optional_text(std::optional<std::string> const& text) {
  return text ? json::value(json::string_view(*text)) : json::value(nullptr);
}

json::value case_of(RecordView const& record) {
  if (!record.case_id) return nullptr;
  return json::object{
      {"id", record.case_id->value}, {"number", record.case_number}, {"title", record.case_title}};
}

json::array files_of(RecordView const& record) {
  json::array files;
  for (auto const& file : record.files) {
    files.push_back(json::object{{"n", file.n},
                                 {"name", file.name},
                                 {"type", file.type},
                                 {"size", file.size},
                                 {"role", to_text(file.role)},
                                 {"secrecy_shown", secrecy_of(record, file)},
                                 {"url", "/_torg/v1/records/" + std::to_string(record.id.value) + "/files/" +
                                             std::to_string(file.n)}});
  }
  return files;
}

json::array corrections_of(RecordView const& record, RecordNames const& names) {
  json::array corrections;
  for (auto const& correction : record.corrections) {
    corrections.push_back(json::object{{"at", to_ms(correction.at)},
                                       {"by", names.people.user_id(correction.by)},
                                       {"field", correction.field},
                                       {"from", correction.from},
                                       {"to", correction.to},
                                       {"reason", correction.reason}});
  }
  return corrections;
}

/// The case that a draft chose, as the previews show it beside the draft.
json::value chosen_case(Prefilled const& prefilled) {
  auto const* id = std::get_if<CaseId>(&prefilled.draft.of_case);
  if (id == nullptr) return nullptr;
  auto const found = std::ranges::find(prefilled.cases, *id, &CaseSuggestion::id);
  if (found == prefilled.cases.end()) return nullptr;
  return json::object{{"id", found->id.value}, {"number", found->number}, {"title", found->title}};
}

json::object preview_json(Prefilled const& prefilled, std::string const& next_number,
                          Bilingual const& status_text) {
  auto body = hints_json(prefilled);
  body["draft"] = to_json(prefilled.draft);
  body["case"] = chosen_case(prefilled);
  body["next_number"] = next_number;
  body["status_text"] = words(status_text);
  return body;
}

}  // namespace

json::object to_json(RecordView const& record, std::int64_t log_size, RecordNames const& names) {
  return {{"id", record.id.value},
          {"number", record.number},
          {"authority", code_of_authority(names, record.authority)},
          {"title", record.title},
          {"internal_title", record.internal_title},
          {"public_title",
           record.publication == Publication::full ? optional_text(record.public_title) : nullptr},
          {"direction", to_text(record.direction)},
          {"sender", record.sender},
          {"recipient", record.recipient},
          {"private_person", record.private_person},
          {"came_or_made_day", governance::to_text(record.came_or_made_day)},
          {"registered_at", to_ms(record.registered_at)},
          {"registered_by", names.people.user_id(record.registered_by)},
          {"case", case_of(record)},
          {"classification", record.classification},
          {"record_type", record.record_type},
          {"secrecy", record.secrecy ? json::value(to_json(*record.secrecy)) : json::value(nullptr)},
          {"secrecy_shown", secrecy_of(record)},
          {"not_a_record", record.not_a_record},
          {"disposed", record.disposed},
          {"files", files_of(record)},
          {"publication", to_text(record.publication)},
          {"corrections", corrections_of(record, names)},
          {"log", json::object{{"index", record.log_index}, {"size", log_size}}},
          {"rendition", to_text(record.rendition)}};
}

json::object to_json(CaseView const& view, RecordNames const& names) {
  auto const closed = view.closed_day ? json::value(json::string_view(governance::to_text(*view.closed_day)))
                                      : json::value(nullptr);
  return {{"id", view.id.value},
          {"number", view.number},
          {"title", view.title},
          {"public_title", optional_text(view.public_title)},
          {"authority", code_of_authority(names, view.authority)},
          {"opened_day", governance::to_text(view.opened_day)},
          {"opened_by", names.people.user_id(view.opened_by)},
          {"closed_day", closed},
          {"classification", view.classification},
          {"records", view.records},
          {"state", to_text(view.state)},
          {"officer", view.officer ? json::value(json::string_view(names.people.user_id(view.officer)))
                                   : json::value(nullptr)},
          {"unit", view.unit},
          {"deadline", view.deadline ? json::value(json::string_view(governance::to_text(*view.deadline)))
                                     : json::value(nullptr)},
          {"parallel", parse_json(parallel_text(view.parallel)).value_or(json::array())}};
}

json::object to_json(CaseEvent const& event, RecordNames const& names) {
  auto const shown = [&](std::string const& text) {
    if (event.field != "officer" || text.empty()) return text;
    return names.people.user_id(UserNid(std::stoi(text)));
  };
  return {{"at", to_ms(event.at)}, {"by", names.people.user_id(event.by)},
          {"field", event.field},  {"from", shown(event.from)},
          {"to", shown(event.to)}, {"reason", event.reason}};
}

json::object to_json(RelationView const& relation, RecordNames const& names) {
  return {{"id", relation.id},
          {"kind", to_text(relation.kind)},
          {"reverse", relation.reverse},
          {"other", json::object{{"id", relation.other},
                                 {"number", relation.other_number},
                                 {"title", relation.other_title},
                                 {"authority", code_of_authority(names, relation.other_authority)}}},
          {"at", to_ms(relation.at)},
          {"by", names.people.user_id(relation.by)}};
}

json::object to_json(CheckLine const& line) {
  auto shown = line.record;
  shown.publication = Publication::full;
  shown.public_title = shown.title;
  auto const then = public_view(shown);
  auto const now = public_view(line.record);
  json::array names;
  for (auto const& span : line.names) names.push_back(json::object{{"from", span.from}, {"to", span.to}});
  auto const party = then.private_party ? std::string() : then.party.value_or("");
  return {
      {"record_id", line.record.id.value},
      {"number", line.record.number},
      {"on_web_now", json::object{{"title", optional_text(now.title)}, {"party", optional_text(now.party)}}},
      {"when_shown", json::object{{"title", line.record.title},
                                  {"party", party},
                                  {"private_person", then.private_party},
                                  {"case_title", line.record.case_secrecy ? "" : line.record.case_title}}},
      {"secrecy_shown", secrecy_of(line.record)},
      {"internal_title", line.record.internal_title},
      {"direction", to_text(line.record.direction)},
      {"came_or_made_day", governance::to_text(line.record.came_or_made_day)},
      {"names", std::move(names)},
      {"suggested_title", optional_text(line.suggested_title)},
      {"publication", to_text(line.record.publication)},
      {"at", to_ms(line.record.registered_at)}};
}

json::object to_json(Intent const& intent) {
  auto const committed = intent.state == IntentState::committed;
  return {{"key", intent.key.key},
          {"state", to_text(intent.state)},
          {"due_at", to_ms(intent.due_at)},
          {"number", committed ? json::value(json::string_view(intent.number)) : json::value(nullptr)},
          {"record_id", committed ? json::value(intent.record.value) : json::value(nullptr)},
          {"problem",
           intent.problem.empty() ? json::value(nullptr) : json::value(json::string_view(intent.problem))},
          {"record", nullptr}};
}

json::object to_json(LiftPreview const& preview) {
  json::array items;
  for (auto const& item : preview.items) {
    json::array attachments;
    for (auto const& file : item.attachments) {
      attachments.push_back(json::object{{"name", file.name}, {"size", file.size}, {"type", file.type}});
    }
    items.push_back(json::object{{"event_id", item.event_id},
                                 {"text", item.text},
                                 {"sender", item.sender.name},
                                 {"at", to_ms(item.at)},
                                 {"attachments", std::move(attachments)},
                                 {"included", true}});
  }
  auto body = preview_json(preview.prefilled, preview.next_number, preview.status_text);
  body["items"] = std::move(items);
  return body;
}

json::object to_json(ManualPreview const& preview) {
  auto body = preview_json(preview.prefilled, preview.next_number, preview.status_text);
  body["upload"] = preview.upload;
  json::array attachments;
  for (auto const& file : preview.attachments) {
    attachments.push_back(
        json::object{{"name", file.name}, {"size", file.size}, {"type", file.type}, {"part", file.part}});
  }
  body["attachments"] = std::move(attachments);
  body["mail"] = nullptr;
  if (!preview.mail) return body;
  auto const& mail = *preview.mail;
  auto const first = [](std::vector<MailAddress> const& all) {
    return all.empty() ? std::string() : to_text(all.front());
  };
  auto const date = mail.received ? mail.received : mail.date;
  body["mail"] = json::object{{"from", first(mail.from)},
                              {"to", first(mail.to)},
                              {"subject", mail.subject},
                              {"date", date ? json::value(to_ms(*date)) : json::value(nullptr)},
                              {"text", mail.text}};
  return body;
}

}  // namespace torg::records
