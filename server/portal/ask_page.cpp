// Asking for a record, and telling what is not accessible: the only pages that write.
#include "base/encoding.hpp"
#include "governance/zone.hpp"
#include "portal/portal.hpp"
#include "portal/store.hpp"
#include "records/register/store.hpp"
#include "records/text/dates.hpp"

namespace torg::portal {
namespace {

using records::PublicRecordView;

/// One field of a form (`application/x-www-form-urlencoded`), empty when it is missing or no text.
std::string field(net::Request const& request, std::string_view name) {
  net::Request form;
  form.target = "/?" + request.body;  // the body has the syntax of an address's query
  auto value = form.query(name).value_or("");
  return is_valid_utf8(value) ? value : std::string();
}

std::string_view problem_key(ErrorCode code) {
  switch (code) {
    case ErrorCode::missing_param:
      return "ask.empty";
    case ErrorCode::too_large:
      return "ask.too_long";
    default:
      return "ask.failed";
  }
}

std::optional<records::RecordView> find_record(db::Reader& reader, std::string const& path) {
  auto const id = store::record_at(reader, path);
  return id ? records::register_store::record(reader, *id) : std::nullopt;
}

}  // namespace

Task<std::string> Portal::ask_page(std::optional<PublicRecordView> record, Written written,
                                   Language language) {
  Urls const urls(language), others(other(language));
  auto const here = record ? urls.of_number(record->number) + urls.ask_ending : urls.ask;
  auto const there = record ? others.of_number(record->number) + others.ask_ending : others.ask;
  auto frame =
      co_await this->frame(language,
                           record ? view_.text(language, "ask.title_record", {{"number", record->number}})
                                  : view_.text(language, "ask.page"),
                           Here::ask, there);
  frame.no_index = true;
  std::vector<AuthorityId> chosen;
  if (auto const* board = parts_.governance.authority_by_code(written.board)) chosen.push_back(board->id);
  json::object data{{"action", here},
                    {"problem", written.problem.empty() ? "" : view_.text(language, written.problem)},
                    {"record", nullptr},
                    {"registers", boards(language).list(chosen)},
                    {"text_label", view_.text(language, record ? "ask.more" : "ask.what")},
                    {"text_needed", !record},
                    {"text", written.text},
                    {"contact", written.contact}};
  if (record)
    data["record"] = json::object{{"number", record->number}, {"title", record->title.value_or("")}};
  co_return view_.page("ask", frame, std::move(data));
}

Portal::Page Portal::ask_form(Call& call, Language language) {
  Written written;
  written.board = call.request.query("diarium").value_or("");
  co_return html(co_await ask_page(std::nullopt, std::move(written), language));
}

Portal::Page Portal::take_request(Call& call, Language language, Take take) {
  Written written{.text = field(call.request, "text"),
                  .contact = field(call.request, "contact"),
                  .board = field(call.request, "diarium"),
                  .problem = {}};
  auto const* board = parts_.governance.authority_by_code(written.board);
  if (!board && !parts_.governance.authorities().empty()) board = &parts_.governance.authorities().front();
  if (!board) co_return co_await not_found(language);
  if (take == Take::no) {
    written.problem = "ask.too_many";
    co_return html(co_await ask_page(std::nullopt, std::move(written), language), 429);
  }
  auto request = co_await parts_.requests.ask({.authority = board->id,
                                               .record = {},
                                               .record_number = {},
                                               .text = written.text,
                                               .contact = written.contact});
  if (request) co_return co_await receipt(std::move(*request), language);
  written.problem = problem_key(request.error().code);
  co_return html(co_await ask_page(std::nullopt, std::move(written), language),
                 net::http_status(request.error().code));
}

Portal::Page Portal::take_request_below(Call& call, Language language, Take take) {
  auto path = call.path.at(0);
  auto const ending = Urls(language).ask_ending;
  if (!path.ends_with(ending)) co_return co_await not_found(language);
  path.resize(path.size() - ending.size());
  auto found =
      co_await parts_.database.read([path](db::Reader& reader) { return find_record(reader, path); });
  if (!found) co_return co_await failed(std::move(found).error(), language);
  if (!*found) co_return co_await not_found(language);
  Written written{.text = field(call.request, "text"),
                  .contact = field(call.request, "contact"),
                  .board = {},
                  .problem = {}};
  auto const shown = public_view(**found);
  if (take == Take::no) {
    written.problem = "ask.too_many";
    co_return html(co_await ask_page(shown, std::move(written), language), 429);
  }
  auto request = co_await parts_.requests.ask({.authority = shown.authority,
                                               .record = shown.id,
                                               .record_number = shown.number,
                                               .text = written.text,
                                               .contact = written.contact});
  if (request) co_return co_await receipt(std::move(*request), language);
  written.problem = problem_key(request.error().code);
  co_return html(co_await ask_page(shown, std::move(written), language),
                 net::http_status(request.error().code));
}

Portal::Page Portal::receipt(records::DisclosureRequest request, Language language) {
  auto frame = co_await this->frame(language, view_.text(language, "receipt.page"), Here::ask, "");
  frame.no_index = true;
  bool const report = request.kind == records::RequestKind::accessibility;
  auto const day = [&](Day d) { return records::week_day(d, code(language)); };
  json::array points;
  points.emplace_back(
      report ? view_.text(language, "receipt.answer_access", {{"latest", day(request.latest_day)}})
             : view_.text(language, "receipt.answer",
                          {{"due", day(request.due_day)}, {"latest", day(request.latest_day)}}));
  if (!report) points.emplace_back(view_.text(language, "receipt.frozen"));
  if (request.contact.empty()) points.emplace_back(view_.text(language, "receipt.no_contact"));
  if (!report) points.emplace_back(view_.text(language, "receipt.refusal"));
  json::object data{{"title", view_.text(language, report ? "receipt.title_access" : "receipt.title",
                                         {{"number", request.number}})},
                    {"number", request.number},
                    {"points", std::move(points)}};
  auto response = html(view_.page("receipt", frame, std::move(data)));
  response.headers.back().second = "no-store";
  co_return response;
}

Task<std::string> Portal::report_page(Written written, Language language) {
  auto const frame = co_await this->frame(language, view_.text(language, "access.page"), Here::elsewhere,
                                          Urls(other(language)).accessibility);
  json::object data{
      {"intro", view_.text(language, "access.intro", {{"organisation", view_.site().organisation}})},
      {"problem", written.problem.empty() ? "" : view_.text(language, written.problem)},
      {"text", written.text},
      {"contact", written.contact}};
  co_return view_.page("accessibility", frame, std::move(data));
}

Portal::Page Portal::accessibility(Language language) { co_return html(co_await report_page({}, language)); }

Portal::Page Portal::take_report(Call& call, Language language, Take take) {
  Written written{.text = field(call.request, "text"),
                  .contact = field(call.request, "contact"),
                  .board = {},
                  .problem = {}};
  if (parts_.governance.authorities().empty()) co_return co_await not_found(language);
  if (take == Take::no) {
    written.problem = "ask.too_many";
    co_return html(co_await report_page(std::move(written), language), 429);
  }
  auto request = co_await parts_.requests.ask({.authority = parts_.governance.authorities().front().id,
                                               .record = {},
                                               .record_number = {},
                                               .text = written.text,
                                               .contact = written.contact,
                                               .kind = records::RequestKind::accessibility});
  if (request) co_return co_await receipt(std::move(*request), language);
  written.problem = problem_key(request.error().code);
  co_return html(co_await report_page(std::move(written), language), net::http_status(request.error().code));
}

}  // namespace torg::portal
