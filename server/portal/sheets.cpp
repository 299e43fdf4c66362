#include "portal/sheets.hpp"

#include "governance/zone.hpp"
#include "portal/portal.hpp"
#include "records/text/dates.hpp"

#include <charconv>

#include <fmt/format.h>

namespace torg::portal {
namespace {

using net::BodyKind;
using net::Method;
using records::Direction;
using records::RecordView;

Reading reading_of(net::Request const& request) {
  // Whoever does not say gets the careful one.
  return request.query("view") == "names" ? Reading::names : Reading::everyone;
}

Language language_of(net::Request const& request) {
  return request.query("lang") == "en" ? Language::en : Language::sv;
}

std::string party(View const& view, Boards const& boards, RecordView const& record, Reading reading) {
  if (record.direction == Direction::internal) return boards.name(record.authority);
  if (reading == Reading::names) return record.direction == Direction::out ? record.recipient : record.sender;
  auto const shown = public_view(record);
  if (record.private_person) return view.text(boards.language, "sheet.private");
  return shown.party.value_or("");
}

std::string title(View const& view, Boards const& boards, RecordView const& record, Reading reading) {
  if (record.disposed) return view.text(boards.language, "sheet.disposed");
  if (reading == Reading::names) return record.internal_title.empty() ? record.title : record.internal_title;
  return public_view(record).title.value_or(view.text(boards.language, "sheet.no_title"));
}

std::string secrecy(View const& view, Boards const& boards, RecordView const& record, Reading reading) {
  if (!record.secrecy) return {};
  return reading == Reading::names ? record.secrecy->provision : view.text(boards.language, "sheet.marked");
}

/// No document between the first and the last is missing from the case.
bool is_complete(std::vector<RecordView> const& records) {
  std::int64_t expected = 1;
  for (auto const& record : records)
    if (record.document != expected++) return false;
  return !records.empty();
}

}  // namespace

json::object sheet_line(View const& view, Boards const& boards, RecordView const& record, Reading reading,
                        NumberForm form) {
  auto const language = boards.language;
  auto const registered = governance::day_of(record.registered_at);
  json::array notes;
  auto const note = [&](std::string_view key, Day day) {
    notes.emplace_back(view.text(language, key, {{"day", governance::to_text(day)}}));
  };
  if (registered != record.came_or_made_day) note("sheet.registered", registered);
  if (!record.corrections.empty()) note("sheet.corrected", governance::day_of(record.corrections.back().at));
  if (record.not_a_record) notes.emplace_back(view.text(language, "sheet.not_a_record"));
  bool const short_number = form == NumberForm::document && record.document > 0;
  return {{"number", short_number ? std::to_string(record.document) : record.number},
          {"day", governance::to_text(record.came_or_made_day)},
          {"direction", view.text(language, fmt::format("direction.short.{}", to_text(record.direction)))},
          {"party", party(view, boards, record, reading)},
          {"title", title(view, boards, record, reading)},
          {"secrecy", secrecy(view, boards, record, reading)},
          {"notes", std::move(notes)}};
}

std::vector<net::Route> Sheets::routes() {
  return {
      {Method::get, "/_torg/v1/cases/{id}/daybook", [this](net::Call& call) { return daybook(call); },
       BodyKind::none},
      {Method::get, "/_torg/v1/daylist", [this](net::Call& call) { return daylist(call); }, BodyKind::none},
      {Method::get, "/_torg/v1/reservations/{id}/sheet", [this](net::Call& call) { return reserved(call); },
       BodyKind::none}};
}

Task<net::Response> Sheets::daybook(net::Call& call) {
  auto const user = parts_.authenticate(call.request);
  if (!user) co_return net::error_response(user.error());
  auto const& text = call.path.at(0);
  CaseId id;
  std::from_chars(text.data(), text.data() + text.size(), id.value);
  auto const found = co_await parts_.register_.case_view(id);
  if (!found) co_return net::error_response(found.error());
  if (!parts_.register_.may_read(*user, found->authority))
    co_return net::error_response({ErrorCode::not_found, "There is no such case.", {}});
  auto records = co_await parts_.register_.records_of(id);
  if (!records) co_return net::error_response(records.error());
  auto const language = language_of(call.request);
  auto const reading = reading_of(call.request);
  Sheet sheet{.heading = view_.text(language, "sheet.daybook"),
              .authority = found->authority,
              .facts = {},
              .records = std::move(*records)};
  sheet.complete = is_complete(sheet.records);
  auto const add = [&](std::string_view key, std::string value) {
    if (!value.empty())
      sheet.facts.push_back(json::object{{"name", view_.text(language, key)}, {"value", std::move(value)}});
  };
  auto const shown = reading == Reading::names ? std::optional(found->title) : found->public_title;
  add("sheet.case", case_name(found->number, shown));
  add("sheet.opened", records::long_day(found->opened_day, code(language)));
  add("sheet.class", found->classification);
  add("sheet.state", found->closed_day
                         ? view_.text(language, "sheet.closed",
                                      {{"day", records::long_day(*found->closed_day, code(language))}})
                         : view_.text(language, "sheet.ongoing"));
  co_return co_await print(std::move(sheet), reading, language);
}

Task<net::Response> Sheets::daylist(net::Call& call) {
  auto const user = parts_.authenticate(call.request);
  if (!user) co_return net::error_response(user.error());
  auto const* const authority =
      parts_.governance.authority_by_code(call.request.query("authority").value_or(""));
  if (!authority) co_return net::error_response({ErrorCode::not_found, "There is no such authority.", {}});
  if (!parts_.register_.may_read(*user, authority->id))
    co_return net::error_response({ErrorCode::forbidden, "This register belongs to another authority.", {}});
  auto const today = governance::day_of(parts_.runtime.now());
  auto const day = governance::parse_day(call.request.query("day").value_or(governance::to_text(today)));
  if (!day) co_return net::error_response({ErrorCode::invalid_param, "The day is written 2026-11-24.", {}});
  auto records = co_await parts_.register_.day_list(authority->id, *day);
  if (!records) co_return net::error_response(records.error());
  auto const language = language_of(call.request);
  Sheet sheet{.heading = view_.text(language, "sheet.daylist"),
              .authority = authority->id,
              .facts = {},
              .records = std::move(*records),
              .form = NumberForm::whole};
  sheet.facts.push_back(json::object{{"name", view_.text(language, "sheet.day")},
                                     {"value", records::week_day(*day, code(language))}});
  co_return co_await print(std::move(sheet), reading_of(call.request), language);
}

Task<net::Response> Sheets::print(Sheet sheet, Reading reading, Language language) {
  Boards const boards{parts_.governance, language};
  json::array entries;
  for (auto const& record : sheet.records)
    entries.push_back(sheet_line(view_, boards, record, reading, sheet.form));
  auto const* const authority = parts_.governance.authority(sheet.authority);
  auto head = co_await parts_.log.head();
  Frame frame{.language = language,
              .title = sheet.heading,
              .here = Here::elsewhere,
              .other_url = {},
              .head = std::nullopt};
  if (head) frame.head = std::move(*head);
  auto const when = records::long_time(parts_.runtime.now(), code(language));
  json::object data{
      {"heading", sheet.heading},
      {"view", view_.text(language, reading == Reading::names ? "sheet.names" : "sheet.public")},
      {"authority",
       fmt::format("{}, {}", boards.name(sheet.authority), authority ? authority->organisation : "")},
      {"printed", view_.text(language, "sheet.printed", {{"when", when}})},
      {"facts", std::move(sheet.facts)},
      {"has_entries", !entries.empty()},
      {"entries", std::move(entries)},
      {"foot", sheet.complete ? view_.text(language, "sheet.complete") : ""}};
  auto response = html(view_.page("daybook", frame, std::move(data)));
  response.headers.back().second = "no-store";
  co_return response;
}

Task<net::Response> Sheets::reserved(net::Call& call) {
  auto const user = parts_.authenticate(call.request);
  if (!user) co_return net::error_response(user.error());
  auto const& text = call.path.at(0);
  std::int64_t id = 0;
  std::from_chars(text.data(), text.data() + text.size(), id);
  auto const found = co_await parts_.reservations.find(*user, id);
  if (!found) co_return net::error_response(found.error());
  auto const language = language_of(call.request);
  Boards const boards{parts_.governance, language};
  auto const* const authority = parts_.governance.authority(found->authority);
  Frame const frame{.language = language,
                    .title = view_.text(language, "sheet.reserved"),
                    .here = Here::elsewhere,
                    .other_url = {},
                    .head = std::nullopt};
  json::array lines;
  for (auto const& one : found->numbers) {
    lines.push_back(json::object{
        {"number", one.number},
        {"state",
         one.state == records::ReservedState::open
             ? std::string()
             : view_.text(language, fmt::format("sheet.reserved_{}", records::to_text(one.state)))}});
  }
  auto const name =
      authority ? fmt::format("{}, {}", boards.name(found->authority), authority->organisation) : "";
  auto const when = records::long_time(parts_.runtime.now(), code(language));
  auto response = html(view_.page("reserved", frame,
                                  {{"heading", frame.title},
                                   {"view", view_.text(language, "sheet.reserved_how")},
                                   {"authority", name},
                                   {"printed", view_.text(language, "sheet.printed", {{"when", when}})},
                                   {"numbers", std::move(lines)}}));
  response.headers.back().second = "no-store";
  co_return response;
}

}  // namespace torg::portal
