#include "portal/portal.hpp"

#include "base/encoding.hpp"
#include "base/log.hpp"
#include "governance/zone.hpp"
#include "records/register/store.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace torg::portal {
namespace {

using net::BodyKind;
using net::Limit;
using net::Method;
using net::Response;
using net::Route;
using records::PublicRecordView;

constexpr std::uint64_t kMaxForm = 16 * 1024;
constexpr std::int64_t kNewest = 8;
constexpr std::size_t kCurrentCases = 3;

/// The titles of the newest cases that may be shown, each once.
json::array current_cases(std::vector<PublicRecordView> const& newest, Language language) {
  json::array out;
  std::vector<CaseId> seen;
  for (auto const& record : newest) {
    if (!record.case_id || !record.case_title || out.size() == kCurrentCases) continue;
    if (std::ranges::find(seen, *record.case_id) != seen.end()) continue;
    seen.push_back(*record.case_id);
    out.push_back(
        json::object{{"url", Urls(language).of_number(record.case_number)}, {"title", *record.case_title}});
  }
  return out;
}

}  // namespace

Response html(std::string page, unsigned status, Script script) {
  std::string const own = script == Script::own ? "script-src 'self'; connect-src 'self'; " : "";
  Response response;
  response.status = status;
  response.headers = {{"content-type", "text/html; charset=utf-8"},
                      {"content-security-policy",
                       "default-src 'none'; " + own +
                           "style-src 'self'; font-src 'self'; img-src 'self'; form-action 'self'; "
                           "base-uri 'none'; frame-ancestors 'none'"},
                      {"referrer-policy", "no-referrer"},
                      {"x-content-type-options", "nosniff"},
                      // What is taken down is gone at once.
                      {"cache-control", "no-cache"}};
  response.body = std::move(page);
  return response;
}

Portal::Portal(Parts parts, Site site) : parts_(parts), view_(std::move(site)) {}

Day Portal::today() const { return governance::day_of(parts_.runtime.now()); }

Task<std::optional<records::SignedHead>> Portal::newest_head() {
  auto head = co_await parts_.log.head();
  if (!head) co_return std::nullopt;
  co_return std::move(*head);
}

Task<Frame> Portal::frame(Language language, std::string title, Here here, std::string other_url) {
  Frame frame{.language = language,
              .title = std::move(title),
              .here = here,
              .other_url = std::move(other_url),
              .head = std::nullopt};
  frame.head = co_await newest_head();
  co_return frame;
}

void Portal::add_pages(std::vector<Route>& routes, Language language) {
  // The addresses live as long as the routes: a route's pattern is a view.
  struct Patterns {
    explicit Patterns(Language l) : urls(l), rest(urls.front + "/{*}") {}
    Urls urls;
    std::string rest;
  };
  auto const patterns = std::make_shared<Patterns const>(language);
  auto const get = [&](std::string const& pattern, auto handler) {
    routes.push_back({.method = Method::get,
                      .pattern = pattern,
                      .handler = [patterns, handler](Call& call) { return handler(call); },
                      .body = BodyKind::none,
                      .limit = Limit::public_page,
                      .limited = [this, language](Call&) { return too_many(language); }});
  };
  // What somebody wrote is on the page that asks to wait.
  auto const post = [&](std::string const& pattern, auto handler) {
    routes.push_back({.method = Method::post,
                      .pattern = pattern,
                      .handler = [patterns, handler](Call& call) { return handler(call, Take::yes); },
                      .body = BodyKind::memory,
                      .max_body = kMaxForm,
                      .limit = Limit::public_request,
                      .limited = [handler](Call& call) { return handler(call, Take::no); }});
  };
  get(patterns->urls.front, [this, language](Call& call) { return front_for(call, language); });
  get(patterns->urls.search, [this, language](Call& call) { return search(call, language); });
  get(patterns->urls.feed, [this, language](Call& call) { return feed(call, language); });
  get(patterns->urls.about, [this, language](Call&) { return about(language); });
  get(patterns->urls.proof_page, [this, language](Call&) { return proof_page(language); });
  get(patterns->urls.head, [this](Call&) { return head(); });
  get(patterns->urls.consistency, [this](Call& call) { return consistency(call); });
  get(patterns->urls.ask, [this, language](Call& call) { return ask_form(call, language); });
  post(patterns->urls.ask,
       [this, language](Call& call, Take take) { return take_request(call, language, take); });
  get(patterns->urls.accessibility, [this, language](Call&) { return accessibility(language); });
  post(patterns->urls.accessibility,
       [this, language](Call& call, Take take) { return take_report(call, language, take); });
  get(patterns->rest, [this, language](Call& call) { return below(call, language); });
  post(patterns->rest,
       [this, language](Call& call, Take take) { return take_request_below(call, language, take); });
}

std::vector<Route> Portal::routes() {
  std::vector<Route> routes;
  add_pages(routes, Language::sv);
  add_pages(routes, Language::en);
  routes.push_back({Method::get, "/diarium/filer/{file}",
                    [this](Call& call) -> Page { co_return asset(call); }, BodyKind::none});
  routes.push_back(
      {Method::get, "/robots.txt", [this](Call&) -> Page { co_return robots(); }, BodyKind::none});
  return routes;
}

Response Portal::asset(Call& call) const {
  auto const found = view_.asset(call.path.at(0));
  if (!found) return net::error_response({ErrorCode::not_found, "There is no such file.", {}});
  Response response;
  response.headers = {{"content-type", std::string(found->type)},
                      {"cache-control", "public, max-age=31536000, immutable"},
                      {"x-content-type-options", "nosniff"}};
  response.body = found->bytes;
  return response;
}

Response Portal::robots() const {
  Response response;
  response.headers = {{"content-type", "text/plain; charset=utf-8"}};
  // Entries are taken down and corrected here, not in the memory of search engines: R63.
  response.body =
      "User-agent: *\nDisallow: /diarium/\nDisallow: /en/register/\nAllow: /diarium$\nAllow: /en/register$\n";
  return response;
}

/// Whoever comes for the first time finds the page in their own language; who has chosen says so in the
/// address, for there are no cookies.
Portal::Page Portal::front_for(Call& call, Language language) {
  auto const accepted = std::string(call.request.header("accept-language").value_or(""));
  bool const chosen = language == Language::en || call.request.query("sprak").has_value();
  Response response;
  if (!chosen && preferred_language(accepted) == Language::en) {
    response.status = 302;
    response.headers = {{"location", Urls(Language::en).front}, {"cache-control", "no-cache"}};
  } else {
    response = co_await front(language);
  }
  if (!chosen) response.headers.emplace_back("vary", "accept-language");
  co_return response;
}

Portal::Page Portal::front(Language language) {
  records::RecordQuery query;
  query.limit = kNewest;
  auto newest = co_await parts_.register_.public_search(query);
  if (!newest) co_return co_await failed(std::move(newest).error(), language);
  auto const frame = co_await this->frame(language, view_.text(language, "front.page"), Here::registers,
                                          Urls(other(language)).home);
  json::object data{{"entries", entry_lines(view_, boards(language), *newest, today())},
                    {"has_entries", !newest->empty()},
                    {"registers", boards(language).list({})},
                    {"query", ""}};
  auto current = current_cases(*newest, language);
  data["has_current"] = !current.empty();
  data["current"] = std::move(current);
  co_return html(view_.page("front", frame, std::move(data)));
}

Portal::Page Portal::about(Language language) {
  auto const frame = co_await this->frame(language, view_.text(language, "about.page"), Here::about,
                                          Urls(other(language)).about);
  auto registers = boards(language).list({});
  auto const year = std::to_string(static_cast<int>(std::chrono::year_month_day(today()).year()));
  std::size_t i = 0;
  for (auto const& authority : parts_.governance.authorities()) {
    auto const series = parts_.register_.series(authority.id);
    records::NumberParts const parts{.code = series.code,
                                     .year = std::stoi(year),
                                     .case_serial = 123,
                                     .document = 8,
                                     .classification = "1.4.1"};
    registers.at(i++).as_object()["example"] = series.pattern.record_number(parts);
  }
  json::object data{{"registers", std::move(registers)}, {"consistency", Urls(language).consistency}};
  if (frame.head)
    data["key"] = base64_encode(
        {reinterpret_cast<char const*>(frame.head->key.data()), frame.head->key.size()}, Base64::standard);
  co_return html(view_.page("about", frame, std::move(data)));
}

Portal::Page Portal::proof_page(Language language) {
  auto const frame = co_await this->frame(language, view_.text(language, "bevis.page"), Here::about,
                                          Urls(other(language)).proof_page);
  json::object data;
  if (frame.head) data["key"] = records::to_text(frame.head->key);
  co_return html(view_.page("bevis", frame, std::move(data)));
}

Portal::Page Portal::not_found(Language language) {
  auto frame = co_await this->frame(language, view_.text(language, "error.not_found"), Here::elsewhere, "");
  frame.no_index = true;
  json::object data{{"title", frame.title}, {"text", view_.text(language, "error.not_found_text")}};
  co_return html(view_.page("error", frame, std::move(data)), 404);
}

Portal::Page Portal::too_many(Language language) {
  Frame const frame{.language = language,
                    .title = view_.text(language, "error.too_many"),
                    .here = Here::elsewhere,
                    .other_url = {},
                    .head = std::nullopt,
                    .no_index = true};
  json::object data{{"title", frame.title}, {"text", view_.text(language, "error.too_many_text")}};
  co_return html(view_.page("error", frame, std::move(data)), 429);
}

Portal::Page Portal::failed(Error error, Language language) {
  if (error.code == ErrorCode::not_found) co_return co_await not_found(language);
  Frame const frame{.language = language,
                    .title = view_.text(language, "error.failed"),
                    .here = Here::elsewhere,
                    .other_url = {},
                    .head = std::nullopt,
                    .no_index = true};
  json::object data{{"title", frame.title}, {"text", view_.text(language, "error.failed_text")}};
  log(LogLevel::error, "a public page failed",
      {{"errcode", net::errcode(error.code)}, {"detail", error.detail}});
  co_return html(view_.page("error", frame, std::move(data)), net::http_status(error.code));
}

}  // namespace torg::portal
