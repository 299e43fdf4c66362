#include "portal/entries.hpp"

#include "governance/zone.hpp"
#include "records/text/dates.hpp"

#include <algorithm>

#include <fmt/chrono.h>

namespace torg::portal {
namespace {

using records::Direction;
using records::PublicRecordView;

std::string stamp(Instant at) {
  return fmt::format("{:%FT%TZ}", std::chrono::floor<std::chrono::seconds>(at));
}

/// `från Granviks kommun`, `till en enskild`; empty when the party is not shown.
std::string party_words(View const& view, Language language, PublicRecordView const& record) {
  bool const to = record.direction == Direction::out;
  if (record.private_party) return view.text(language, to ? "line.to_private" : "line.from_private");
  if (!record.party || record.direction == Direction::internal) return {};
  return view.text(language, to ? "line.to" : "line.from", {{"party", *record.party}});
}

std::string lower_first(std::string text) {
  if (!text.empty() && text[0] >= 'A' && text[0] <= 'Z') text[0] = static_cast<char>(text[0] + 32);
  return text;
}

std::string line(View const& view, Boards const& boards, PublicRecordView const& record) {
  auto const language = boards.language;
  auto const day = records::long_day(record.came_or_made_day, code(language));
  auto const way = view.text(language, fmt::format("line.{}", to_text(record.direction)), {{"day", day}});
  if (record.disposed) return fmt::format("{} · {}", view.text(language, "line.disposed"), way);
  if (!record.title)
    return fmt::format("{} · {} · {}", view.text(language, "line.no_title"), way,
                       language == Language::sv ? lower_first(boards.name(record.authority))
                                                : boards.name(record.authority));
  auto const party = party_words(view, language, record);
  return fmt::format("{} · {}{}{}", record.number, way, party.empty() ? "" : " ", party);
}

}  // namespace

std::string Boards::name(AuthorityId id) const {
  auto const* const authority = governance.authority(id);
  if (!authority) return {};
  return language == Language::en && !authority->name_en.empty() ? authority->name_en : authority->name_sv;
}

json::array Boards::list(std::vector<AuthorityId> const& chosen) const {
  json::array out;
  Urls const urls(language);
  for (auto const& one : governance.authorities())
    out.push_back(json::object{{"name", name(one.id)},
                               {"code", one.code},
                               {"url", urls.search + "?diarium=" + one.code},
                               {"checked", std::ranges::find(chosen, one.id) != chosen.end()}});
  return out;
}

std::string entry_name(PublicRecordView const& record) { return record.title.value_or(record.number); }

std::string case_name(std::string const& number, std::optional<std::string> const& title) {
  return title ? fmt::format("{} {}", number, *title) : number;
}

json::object entry_line(View const& view, Boards const& boards, PublicRecordView const& record, Day today) {
  auto const registered = governance::day_of(record.registered_at);
  return {{"url", Urls(boards.language).of_number(record.number)},
          {"name", entry_name(record)},
          {"line", line(view, boards, record)},
          {"secret", record.secrecy_marked},
          {"day", governance::to_text(registered)},
          {"near", records::near_day(registered, today, code(boards.language))},
          {"stamp", stamp(record.registered_at)}};
}

json::array entry_lines(View const& view, Boards const& boards, std::vector<PublicRecordView> const& records,
                        Day today) {
  json::array out;
  for (auto const& record : records) out.push_back(entry_line(view, boards, record, today));
  return out;
}

json::array entry_facts(View const& view, Boards const& boards, PublicRecordView const& record) {
  auto const language = boards.language;
  json::array facts;
  auto const add = [&](std::string_view key, std::string value, std::string url = {}) {
    facts.push_back(json::object{
        {"name", view.text(language, key)}, {"value", std::move(value)}, {"url", std::move(url)}});
  };
  auto const say = [&](std::string_view key) { return view.text(language, key); };
  add("entry.number", record.number);
  if (!record.title && !record.disposed) add("entry.title", say("entry.no_title"));
  add("entry.date", view.text(language, fmt::format("entry.dated.{}", to_text(record.direction)),
                              {{"day", records::long_day(record.came_or_made_day, code(language))}}));
  add("entry.direction", say(fmt::format("direction.{}", to_text(record.direction))));
  add("entry.authority", boards.name(record.authority));
  if (record.direction != Direction::internal && !record.disposed)
    add(record.direction == Direction::out ? "entry.recipient" : "entry.sender",
        record.private_party ? say("entry.private") : record.party.value_or(say("entry.withheld")));
  if (!record.record_type.empty()) add("entry.type", record.record_type);
  if (record.case_id)
    add("entry.case", case_name(record.case_number, record.case_title),
        Urls(language).of_number(record.case_number));
  add("entry.secrecy", say(record.secrecy_marked ? "entry.secrecy_marked" : "entry.secrecy_none"));
  add("entry.registered_at", records::long_time(record.registered_at, code(language)));
  if (record.corrected) add("entry.corrected", say("entry.corrected_text"));
  if (record.disposed) add("entry.state", say("entry.disposed"));
  return facts;
}

}  // namespace torg::portal
