// An entry, a case and the log, by their addresses.
#include "governance/zone.hpp"
#include "portal/portal.hpp"
#include "portal/store.hpp"
#include "records/register/store.hpp"
#include "records/text/dates.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

namespace torg::portal {
namespace {

using records::PublicRecordView;

struct Place {
  std::optional<records::RecordView> record;
  std::optional<CaseId> case_id;
};

Place find_place(db::Reader& reader, std::string const& path) {
  Place place;
  if (auto const id = store::record_at(reader, path))
    place.record = records::register_store::record(reader, *id);
  else
    place.case_id = store::case_at(reader, path);
  return place;
}

struct CasePlace {
  std::optional<records::CaseView> view;
  std::vector<PublicRecordView> records;
};

CasePlace read_case(db::Reader& reader, CaseId id) {
  CasePlace place{.view = records::register_store::case_view(reader, id), .records = {}};
  for (auto const& record : records::register_store::records_of(reader, id))
    place.records.push_back(public_view(record));
  return place;
}

std::int64_t read_size(net::Request const& request, std::string_view sv, std::string_view en) {
  auto const text = request.query(sv).value_or(request.query(en).value_or(""));
  std::int64_t value = -1;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

net::Response json_file(json::object const& object) {
  auto response = net::json_response(json::serialize(object));
  response.headers.emplace_back("cache-control", "no-cache");
  return response;
}

/// What the script that checks a proof says, in the page's language.
json::array check_words(View const& view, Language language) {
  constexpr std::string_view kWords[] = {
      "working",    "insecure",    "failed",         "right",           "partly",
      "wrong",      "values.true", "values.false",   "page.true",       "page.false",
      "place.true", "place.false", "signature.true", "signature.false", "signature.null",
      "kept.true",  "kept.false",  "kept.null",      "grew.true",       "grew.false"};
  json::array words;
  for (auto const word : kWords) {
    std::string key(word);
    std::ranges::replace(key, '.', '_');
    words.push_back(json::object{{"word", word}, {"text", view.text(language, "proof_check." + key)}});
  }
  return words;
}

bool cut(std::string& path, std::string_view ending) {
  if (!path.ends_with(ending)) return false;
  path.resize(path.size() - ending.size());
  return true;
}

}  // namespace

Portal::Page Portal::below(Call& call, Language language) {
  auto path = call.path.at(0);
  Urls const urls(language);
  bool const wants_proof = cut(path, urls.proof_ending);
  bool const wants_form = !wants_proof && cut(path, urls.ask_ending);
  auto place = co_await parts_.database.read([path](db::Reader& reader) { return find_place(reader, path); });
  if (!place) co_return co_await failed(std::move(place).error(), language);
  if (place->case_id && !wants_proof && !wants_form) co_return co_await case_page(*place->case_id, language);
  if (!place->record && wants_proof)
    co_return net::error_response({ErrorCode::not_found, "There is no such record.", {}});
  if (!place->record) co_return co_await not_found(language);
  if (wants_proof) co_return co_await proof(place->record->id);
  if (wants_form) co_return html(co_await ask_page(public_view(*place->record), {}, language));
  co_return co_await entry(std::move(*place->record), language);
}

Portal::Page Portal::entry(records::RecordView record, Language language) {
  auto const shown = public_view(record);
  Urls const urls(language);
  auto const url = urls.of_number(shown.number);
  auto const frame = co_await this->frame(language, entry_name(shown), Here::registers,
                                          Urls(other(language)).of_number(shown.number));
  auto const place = std::to_string(shown.log_index + 1);
  json::object data{
      {"name", entry_name(shown)},
      {"registered_chip", view_.text(language, "entry.registered", {{"number", shown.number}})},
      {"secret", shown.secrecy_marked},
      {"facts", entry_facts(view_, boards(language), shown)},
      {"can_ask", !shown.disposed},
      {"ask_url", url + urls.ask_ending},
      {"proof_url", url + urls.proof_ending},
      {"consistency_url", urls.consistency},
      {"number", shown.number},
      {"shown_title", shown.title.value_or("")},
      {"check_words", check_words(view_, language)},
      {"case_url", shown.case_id ? urls.of_number(shown.case_number) : ""},
      {"case_name", case_name(shown.case_number, shown.case_title)},
      {"proof_place", frame.head ? view_.text(language, "proof.place",
                                              {{"place", place}, {"size", std::to_string(frame.head->size)}})
                                 : view_.text(language, "proof.place_only", {{"place", place}})},
      {"signed", view_.text(language, "proof.signed", {{"organisation", view_.site().organisation}})}};
  co_return html(view_.page("entry", frame, std::move(data)), 200, Script::own);
}

Portal::Page Portal::case_page(CaseId id, Language language) {
  auto place =
      co_await parts_.database.read_aside([id](db::Reader& reader) { return read_case(reader, id); });
  if (!place) co_return co_await failed(std::move(place).error(), language);
  if (!place->view) co_return co_await not_found(language);
  auto const& view = *place->view;
  auto const name = case_name(view.number, view.public_title);
  auto const frame =
      co_await this->frame(language, name, Here::registers, Urls(other(language)).of_number(view.number));
  json::array facts;
  auto const add = [&](std::string_view key, std::string value) {
    facts.push_back(json::object{{"name", view_.text(language, key)}, {"value", std::move(value)}});
  };
  add("case.authority", boards(language).name(view.authority));
  add("case.opened", records::long_day(view.opened_day, code(language)));
  add("case.state", view.closed_day ? fmt::format("{} {}", view_.text(language, "case.closed"),
                                                  records::long_day(*view.closed_day, code(language)))
                                    : view_.text(language, "case.ongoing"));
  if (!view.classification.empty()) add("case.class", view.classification);
  json::object data{{"name", name},
                    {"facts", std::move(facts)},
                    {"count_text", view_.count(language, "search.count", std::ssize(place->records))},
                    {"entries", entry_lines(view_, boards(language), place->records, today())}};
  co_return html(view_.page("case", frame, std::move(data)));
}

Portal::Page Portal::proof(RecordId id) {
  auto const file = co_await parts_.register_.proof(id);
  if (!file) co_return net::error_response(file.error());
  auto response = json_file(to_json(*file));
  response.headers.emplace_back("content-disposition", "attachment; filename=\"bevis.json\"");
  co_return response;
}

Portal::Page Portal::head() {
  auto const head = co_await parts_.log.head();
  if (!head) co_return net::error_response(head.error());
  co_return json_file(to_json(*head));
}

Portal::Page Portal::consistency(Call& call) {
  auto const from = read_size(call.request, "fran", "from"), to = read_size(call.request, "till", "to");
  auto const answer = co_await parts_.log.consistency(from, to);
  if (!answer) co_return net::error_response(answer.error());
  co_return json_file(to_json(*answer));
}

}  // namespace torg::portal
