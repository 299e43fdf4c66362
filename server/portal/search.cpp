// The search page, its feed, and what its address asks for.
#include "base/encoding.hpp"
#include "governance/zone.hpp"
#include "portal/portal.hpp"
#include "records/register/store.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/chrono.h>

namespace torg::portal {
namespace {

using records::Direction;
using records::PublicRecordView;
using records::RecordQuery;

constexpr std::int64_t kPage = 25;
constexpr std::int64_t kFeed = 50;
/// Beyond this the page says "more than": nobody needs the exact number, and counting costs.
constexpr std::int64_t kMostCounted = 1000;
constexpr std::size_t kMaxQuery = 200;

struct Directions {
  std::string_view word;
  Direction direction;
};
/// As they stand in addresses, the same in both languages: a link can be sent to anyone.
constexpr Directions kDirections[] = {
    {"in", Direction::in}, {"ut", Direction::out}, {"upprattad", Direction::internal}};

struct Asked {
  RecordQuery query;
  std::string from, to;  ///< as written, shown again
  std::string address;   ///< the query of the address, without `fore`
};

std::optional<Day> read_day(net::Request const& request, std::string_view name, std::string& shown,
                            std::string& address) {
  auto const text = request.query(name).value_or("");
  auto const day = governance::parse_day(text);
  if (!day) return std::nullopt;
  shown = text;
  address += fmt::format("&{}={}", name, text);
  return day;
}

RecordId read_id(std::string const& text) {
  std::int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return RecordId(std::max<std::int64_t>(value, 0));
}

/// What can't be understood is left out: a public address never fails over a bad value.
Asked read_query(net::Request const& request, governance::Governance const& governance) {
  Asked asked;
  asked.query.text = request.query("q").value_or("").substr(0, kMaxQuery);
  while (!is_valid_utf8(asked.query.text)) asked.query.text.pop_back();  // the cut may have split a character
  asked.address = "?q=" + percent_encode(asked.query.text);
  for (auto const& word : request.query_all("vag"))
    for (auto const& [known, direction] : kDirections)
      if (word == known) {
        asked.query.directions.push_back(direction);
        asked.address += fmt::format("&vag={}", known);
      }
  for (auto const& board : request.query_all("diarium"))
    if (auto const* authority = governance.authority_by_code(board)) {
      asked.query.authorities.push_back(authority->id);
      asked.address += "&diarium=" + percent_encode(authority->code);
    }
  asked.query.from = read_day(request, "fran", asked.from, asked.address);
  asked.query.to = read_day(request, "till", asked.to, asked.address);
  asked.query.before = read_id(request.query("fore").value_or(""));
  return asked;
}

struct Found {
  std::vector<PublicRecordView> records;
  std::int64_t count = 0;
};

Found find(db::Reader& reader, db::Database::Kind kind, RecordQuery query) {
  Found found;
  for (auto const& record : records::register_store::search(reader, kind, query))
    found.records.push_back(public_view(record));
  found.count = std::ssize(found.records);
  bool const is_all = !query.before && found.count < query.limit;
  if (is_all) return found;
  query.before = {};
  query.limit = kMostCounted + 1;
  found.count = records::register_store::search_count(reader, kind, query);
  return found;
}

json::array direction_boxes(View const& view, Language language, RecordQuery const& query) {
  json::array out;
  for (auto const& [word, direction] : kDirections)
    out.push_back(
        json::object{{"value", word},
                     {"name", view.text(language, fmt::format("direction.{}", to_text(direction)))},
                     {"checked", std::ranges::find(query.directions, direction) != query.directions.end()}});
  return out;
}

std::string count_text(View const& view, Language language, std::int64_t count) {
  if (count == 0) return view.text(language, "search.none_title");
  if (count > kMostCounted)
    return view.text(language, "search.many", {{"count", std::to_string(kMostCounted)}});
  return view.count(language, "search.count", count);
}

}  // namespace

Portal::Page Portal::search(Call& call, Language language) {
  auto asked = read_query(call.request, parts_.governance);
  asked.query.limit = kPage + 1;
  auto found =
      co_await parts_.database.read_aside([query = asked.query, kind = parts_.database.kind()](
                                              db::Reader& reader) { return find(reader, kind, query); });
  if (!found) co_return co_await failed(std::move(found).error(), language);
  std::string older;
  if (found->records.size() > kPage) {
    found->records.resize(kPage);
    older = fmt::format("{}{}&fore={}", Urls(language).search, asked.address, found->records.back().id.value);
  }
  auto frame = co_await this->frame(language, view_.text(language, "search.title"), Here::registers,
                                    Urls(other(language)).search + asked.address);
  frame.no_index = true;
  json::object data{{"query", asked.query.text},
                    {"directions", direction_boxes(view_, language, asked.query)},
                    {"registers", boards(language).list(asked.query.authorities)},
                    {"from", asked.from},
                    {"to", asked.to},
                    {"count_text", count_text(view_, language, found->count)},
                    {"has_entries", !found->records.empty()},
                    {"entries", entry_lines(view_, boards(language), found->records, today())},
                    {"older_url", older},
                    {"feed_url", Urls(language).feed + asked.address}};
  co_return html(view_.page("search", frame, std::move(data)));
}

Portal::Page Portal::feed(Call& call, Language language) {
  auto asked = read_query(call.request, parts_.governance);
  asked.query.limit = kFeed;
  auto found = co_await parts_.register_.public_search(asked.query);
  if (!found) co_return net::error_response(found.error());
  auto const frame = co_await this->frame(language, view_.text(language, "feed.title"), Here::elsewhere, "");
  auto const updated = found->empty() ? Instant{} : found->front().registered_at;
  json::object data{{"self", Urls(language).feed + asked.address},
                    {"updated", fmt::format("{:%FT%TZ}", std::chrono::floor<std::chrono::seconds>(updated))},
                    {"entries", entry_lines(view_, boards(language), *found, today())}};
  auto response = html(view_.page("feed", frame, std::move(data)));
  response.headers[0].second = "application/atom+xml; charset=utf-8";
  co_return response;
}

}  // namespace torg::portal
