#include "records/export/lists.hpp"

#include "base/encoding.hpp"
#include "governance/zone.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace torg::records {
namespace {

using enum CellKind;

constexpr std::array<ExportColumn, 14> kRecords{{
    {"number", "Diarienummer", "Number", "/number"},
    {"day", "Inkom eller upprättades", "Came or made", "/came_or_made_day", day},
    {"registered", "Registrerad", "Registered", "/registered_at", time},
    {"direction", "Riktning", "Direction", "/direction"},
    {"title", "Rubrik", "Title", "/title"},
    {"internal_title", "Intern rubrik", "Internal title", "/internal_title"},
    {"sender", "Avsändare", "Sender", "/sender"},
    {"recipient", "Mottagare", "Recipient", "/recipient"},
    {"case", "Ärende", "Case", "/case/number"},
    {"case_title", "Ärendemening", "Case title", "/case/title"},
    {"record_type", "Handlingstyp", "Record type", "/record_type"},
    {"classification", "Klassificering", "Classification", "/classification"},
    {"secrecy", "Sekretessmarkering", "Secrecy marking", "/secrecy"},
    {"publication", "Visas på webben", "On the web", "/publication"},
}};
// A record as `Record` has its marking in an object.
constexpr auto whole_records() {
  auto columns = kRecords;
  columns[12].pointer = "/secrecy/provision";
  return columns;
}
constexpr auto kWholeRecords = whole_records();

constexpr std::array<ExportColumn, 10> kCases{{
    {"number", "Ärendenummer", "Number", "/number"},
    {"title", "Ärendemening", "Title", "/title"},
    {"authority", "Myndighet", "Authority", "/authority"},
    {"state", "Status", "State", "/state"},
    {"opened", "Öppnat", "Opened", "/opened_day", day},
    {"closed", "Avslutat", "Closed", "/closed_day", day},
    {"officer", "Handläggare", "Officer", "/officer"},
    {"deadline", "Bevakningsdag", "Deadline", "/deadline", day},
    {"classification", "Klassificering", "Classification", "/classification"},
    {"records", "Handlingar", "Records", "/records", number},
}};
constexpr std::array<ExportColumn, 9> kQueue{{
    {"due", "Senast", "Due", "/assessment/due_day", day},
    {"kind", "Slag", "Kind", "/kind"},
    {"authority", "Myndighet", "Authority", "/authority"},
    {"title", "Rubrik", "Title", "/title"},
    {"party", "Part", "Party", "/party"},
    {"room", "Rum", "Room", "/room_name"},
    {"case", "Ärende", "Case", "/case/number"},
    {"clock", "Klocka", "Clock", "/assessment/clock"},
    {"attachments", "Bilagor", "Attachments", "/source/attachments"},
}};
constexpr std::array<ExportColumn, 6> kChecks{{
    {"number", "Diarienummer", "Number", "/number"},
    {"registered", "Registrerad", "Registered", "/at", time},
    {"title", "Rubrik", "Title", "/when_shown/title"},
    {"party", "Part", "Party", "/when_shown/party"},
    {"internal_title", "Intern rubrik", "Internal title", "/internal_title"},
    {"publication", "Visas på webben", "On the web", "/publication"},
}};
constexpr std::array<ExportColumn, 8> kRequests{{
    {"id", "Begäran", "Request", "/id", number},
    {"kind", "Slag", "Kind", "/kind"},
    {"came", "Kom", "Came", "/at", time},
    {"number", "Gäller", "About", "/number"},
    {"text", "Text", "Text", "/text"},
    {"due", "Senast", "Due", "/due_day", day},
    {"state", "Status", "State", "/state"},
    {"outcome", "Utfall", "Outcome", "/outcome"},
}};

constexpr std::array<ListExport, 7> kLists{{
    {"/_torg/v1/records/search", "records", "before", "sokning", "search", kRecords},
    {"/_torg/v1/records/day", "records", "", "dagens-lista", "day-list", kWholeRecords},
    {"/_torg/v1/cases", "cases", "from", "arenden", "cases", kCases},
    {"/_torg/v1/cases/{id}", "entries", "", "handlingar", "documents", kWholeRecords},
    {"/_torg/v1/queue", "lines", "", "att-bedoma", "queue", kQueue},
    {"/_torg/v1/checks", "lines", "", "kontroll", "checks", kChecks},
    {"/_torg/v1/requests", "requests", "", "begaran", "requests", kRequests},
}};

/// The target without the parameters that are ours, and with those of the next page.
std::string page_target(net::Request const& request, std::string_view cursor, std::int64_t next) {
  std::string_view const target = request.target;
  auto const question = target.find('?');
  std::string out(target.substr(0, question));
  char between = '?';
  auto rest = question == std::string_view::npos ? std::string_view() : target.substr(question + 1);
  while (!rest.empty()) {
    auto const part = rest.substr(0, rest.find('&'));
    rest.remove_prefix(std::min(rest.size(), part.size() + 1));
    auto const name = part.substr(0, part.find('='));
    bool const paging = !cursor.empty() && (name == cursor || name == "limit");
    if (name == "format" || name == "bom" || paging || part.empty()) continue;
    out.append(1, std::exchange(between, '&')).append(part);
  }
  if (cursor.empty()) return out;
  constexpr int kPage = 200;
  out.append(1, std::exchange(between, '&')).append(fmt::format("limit={}", kPage));
  if (next != 0) out.append(fmt::format("&{}={}", cursor, next));
  return out;
}

struct Wish {
  ExportFormat format = ExportFormat::csv;
  bool swedish = true;
  ByteOrderMark mark = ByteOrderMark::none;
  [[nodiscard]] std::size_t most() const {
    return format == ExportFormat::xlsx ? kMostWorkbookRows : kMostRows;
  }
};

constexpr std::string_view type_of(ExportFormat format) {
  switch (format) {
    case ExportFormat::csv:
      return "text/csv; charset=utf-8; header=present";
    case ExportFormat::json:
      return "application/json";
    case ExportFormat::xlsx:
      return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
  }
  return {};
}

constexpr std::string_view ending_of(ExportFormat format) {
  constexpr std::array<std::string_view, 3> kEndings{"csv", "json", "xlsx"};
  return kEndings.at(static_cast<std::size_t>(format));
}

Task<Result<std::string>> write_file(Runtime& runtime, ListExport list, Wish wish, ExportTable table) {
  co_return co_await run_offloaded(runtime, [list, wish, table = std::move(table)]() -> Result<std::string> {
    if (wish.format == ExportFormat::csv) return to_csv(table, wish.mark);
    if (wish.format == ExportFormat::json) return to_json_text(table);
    return to_xlsx(table, std::string(wish.swedish ? list.file_sv : list.file_en));
  });
}

/// One page of the list, and where the next begins; 0 after the last.
Result<std::int64_t> add_page(ListExport const& list, std::string const& body, ExportTable& table) {
  auto const answer = parse_json_object(body);
  if (!answer) return std::unexpected(answer.error());
  auto const* lines = optional_array(*answer, list.member);
  if (lines == nullptr)
    return fail(ErrorCode::internal, "The list could not be read.", std::string(list.member));
  for (auto const& line : *lines) table.rows.push_back(cells_of(list.columns, line));
  return list.cursor.empty() ? 0 : optional_integer(*answer, "next").value_or(0);
}

Task<net::Response> answer_export(Runtime& runtime, net::Handler list_handler, ListExport list, Wish wish,
                                  net::Call& call) {
  ExportTable table{list.columns, wish.swedish, {}};
  std::int64_t next = 0;
  do {
    net::Call page;
    page.request = call.request;
    page.request.target = page_target(call.request, list.cursor, next);
    page.path = call.path;
    page.counted = true;
    auto answer = co_await list_handler(page);
    if (answer.status != 200) co_return answer;
    auto const more = add_page(list, answer.body, table);
    if (!more) co_return net::error_response(more.error());
    next = *more;
    if (table.rows.size() > wish.most())
      co_return net::error_response(
          {ErrorCode::too_large,
           fmt::format("The list has more than {} rows. Narrow it, or take another format.", wish.most()),
           {}});
  } while (next != 0);
  auto bytes = co_await write_file(runtime, list, wish, std::move(table));
  if (!bytes) co_return net::error_response(bytes.error());
  auto const name =
      fmt::format("{}-{}.{}", wish.swedish ? list.file_sv : list.file_en,
                  governance::to_text(governance::day_of(runtime.now())), ending_of(wish.format));
  co_return net::Response{200,
                          {{"content-type", std::string(type_of(wish.format))},
                           {"content-disposition", "attachment; filename=\"" + name + "\""},
                           {"x-content-type-options", "nosniff"},
                           {"cache-control", "private, no-store"}},
                          std::move(*bytes),
                          std::nullopt};
}

net::Handler exporting(Runtime& runtime, net::Handler list_handler, ListExport const& list) {
  return [&runtime, list_handler = std::move(list_handler), list](net::Call& call) -> Task<net::Response> {
    auto const wanted = call.request.query("format");
    if (!wanted) co_return co_await list_handler(call);
    auto const format = parse_export_format(*wanted);
    if (!format)
      co_return net::error_response({ErrorCode::invalid_param, "A list is had as csv, json or xlsx.", {}});
    Wish const wish{*format, call.request.query("lang") != "en",
                    call.request.query("bom") == "true" ? ByteOrderMark::utf8 : ByteOrderMark::none};
    co_return co_await answer_export(runtime, list_handler, list, wish, call);
  };
}

}  // namespace

std::span<ListExport const> list_exports() { return kLists; }

std::vector<net::Route> with_exports(Runtime& runtime, std::vector<net::Route> routes) {
  for (auto& route : routes) {
    auto const list = std::ranges::find(kLists, route.pattern, &ListExport::pattern);
    if (route.method == net::Method::get && list != kLists.end())
      route.handler = exporting(runtime, std::move(route.handler), *list);
  }
  return routes;
}

}  // namespace torg::records
