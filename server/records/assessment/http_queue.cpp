// The registrar's queue: lines by due day, in pages, with what Torg fills in.
#include "records/assessment/http_queue.hpp"

#include "governance/plan.hpp"
#include "governance/zone.hpp"
#include "identity/http.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

namespace torg::records {
namespace {

using identity::json_answer;
using identity::Requester;
using matrix::RoomEvent;
using Answer = Result<net::Response>;
using Services = std::shared_ptr<AssessmentHttp const>;

AssessmentNames names(Services const& services) {
  return {services->governance, services->identity, services->assessment.settings(), services->runtime.now()};
}

/// The authorities a registrar asks for, all own ones when none is named; `forbidden` without the role.
Result<std::vector<AuthorityId>> desk_authorities(Services const& services, UserNid user,
                                                  std::vector<std::string> const& codes) {
  std::vector<AuthorityId> found;
  auto const& governance = services->governance;
  for (auto const& code : codes) {
    auto const* authority = governance.authority_by_code(code);
    if (authority == nullptr) return fail(ErrorCode::not_found, "There is no authority '" + code + "' here.");
    if (!governance.may(user, governance::Act::work_at_desk, authority->id)) {
      return fail(ErrorCode::forbidden, "Only a registrar of " + authority->name_en + " sees its queue.");
    }
    found.push_back(authority->id);
  }
  if (!codes.empty()) return found;
  found = governance.where_may(user, governance::Act::work_at_desk);
  if (found.empty()) return fail(ErrorCode::forbidden, "Only registrars have a queue.");
  return found;
}

Task<LinePlace> place_of(Services services, RoomNid room) {
  LinePlace place;
  if (auto const id = co_await services->rooms.room_id(room)) place.room_id = id->value;
  auto const state = co_await services->rooms.state(room, "m.room.name", "");
  if (state && *state) {
    if (auto const content = parse_json_object(**state)) {
      place.room_name = optional_string(*content, "name").value_or("");
    }
  }
  auto const* plans = services->governance.plans(room);
  auto const* entry = plans == nullptr ? nullptr : plans->in_force();
  if (entry != nullptr) place.case_of_room = governance::linked_case(entry->content);
  co_return place;
}

/// A line and the item it is about.
struct OpenLine {
  ShownAssessment shown;
  RoomEvent event;
};

Task<Result<>> add_drafts(Services services, json::array& lines, std::vector<OpenLine> const& open) {
  if (!services->drafts_of_lines) co_return Result<>{};
  std::vector<DeskItem> items;
  for (auto const& line : open) items.push_back({line.shown.row.authority, line.event});
  auto const drafts = co_await services->drafts_of_lines(std::move(items));
  if (!drafts) co_return std::unexpected(drafts.error());
  for (std::size_t at = 0; at < drafts->size(); ++at) {
    auto& line = lines.at(at).get_object();
    line["draft"] = (*drafts)[at].draft;
    line["next_number"] = (*drafts)[at].next_number;
  }
  co_return Result<>{};
}

Task<Result<json::array>> queue_lines(Services services, UserNid by, std::vector<ShownAssessment> queue) {
  json::array lines;
  std::map<RoomNid, LinePlace> places;
  std::vector<OpenLine> open;
  std::vector<std::pair<EventNid, AuthorityId>> opened;
  for (auto& shown : queue) {
    auto event = co_await services->rooms.event(shown.row.event);
    if (!event) continue;  // disposed of by the other authorities while the queue was read
    if (!places.contains(shown.row.room))
      places[shown.row.room] = co_await place_of(services, shown.row.room);
    auto const posting = services->assessment.posting_of(*event);
    lines.push_back(
        to_line(shown, *event, places[shown.row.room], posting.concerned.size(), names(services)));
    if (event->redacted_by) opened.emplace_back(event->nid, shown.row.authority);
    open.push_back({std::move(shown), std::move(*event)});
  }
  if (auto done = co_await add_drafts(services, lines, open); !done) co_return std::unexpected(done.error());
  auto const noted = co_await services->assessment.note_opened(by, std::move(opened));
  if (!noted) co_return std::unexpected(noted.error());
  co_return lines;
}

/// The clock of a line: its assessment's, or its own when it is a request or a review.
json::object const& clock_of(json::value const& line) {
  auto const* assessment = optional_object(line.as_object(), "assessment");
  return assessment == nullptr ? line.as_object() : *assessment;
}

bool is_late(json::value const& line) { return optional_string(clock_of(line), "clock") == "late"; }

/// Days as text sort like days; what has none comes last. Lines of one day stay in their order.
void sort_by_due(json::array& lines) {
  auto const day = [](json::value const& line) {
    return std::string(optional_string(clock_of(line), "due_day").value_or("9999-12-31"));
  };
  std::vector<std::pair<std::string, std::size_t>> order;
  for (std::size_t at = 0; at < lines.size(); ++at) order.emplace_back(day(lines[at]), at);
  std::ranges::sort(order);
  json::array sorted;
  for (auto const& [due, at] : order) sorted.push_back(std::move(lines[at]));
  lines = std::move(sorted);
}

/// A page of the queue as its request names it: `limit`, and `from` as the page before gave it.
struct QueuePage {
  std::size_t limit = AssessmentService::kMostLines;
  std::optional<assessment::QueuePlace> from{};
};

template <class Number>
bool read_number(std::string_view& text, char end, Number& out) {
  auto const [rest, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error != std::errc{}) return false;
  text.remove_prefix(static_cast<std::size_t>(rest - text.data()));
  if (end == '\0') return text.empty();
  if (!text.starts_with(end)) return false;
  text.remove_prefix(1);
  return true;
}

Result<QueuePage> queue_page(net::Request const& request) {
  QueuePage page;
  if (auto const limit = request.query("limit")) {
    std::string_view text = *limit;
    if (!read_number(text, '\0', page.limit) || page.limit == 0)
      return fail(ErrorCode::invalid_param, "'limit' is a number from 1 to 200.");
  }
  if (auto const from = request.query("from")) {
    std::string_view text = *from;
    int day = 0;
    std::int64_t event = 0;
    std::int32_t authority = 0;
    if (!read_number(text, '.', day) || !read_number(text, '.', event) || !read_number(text, '\0', authority))
      return fail(ErrorCode::invalid_param, "'from' is not a place in a queue.");
    page.from = {Day(std::chrono::days(day)), EventNid(event), AuthorityId(authority)};
  }
  return page;
}

std::string place_text(assessment::QueuePlace const& place) {
  return fmt::format("{}.{}.{}", place.due_day.time_since_epoch().count(), place.event.value,
                     place.authority.value);
}

Task<Answer> queue(Services services, Requester requester, std::vector<std::string> codes, QueuePage page) {
  auto const authorities = desk_authorities(services, requester.user, codes);
  if (!authorities) co_return std::unexpected(authorities.error());
  auto found = co_await services->assessment.queue(*authorities, page.from, page.limit);
  if (!found) co_return std::unexpected(found.error());
  auto lines = co_await queue_lines(services, requester.user, std::move(found->lines));
  if (!lines) co_return std::unexpected(lines.error());
  std::int64_t left = found->left, late = found->late;
  if (services->other_lines) {
    auto const others = co_await services->other_lines(*authorities);
    if (!others) co_return std::unexpected(others.error());
    for (auto const& line : *others) {
      if (!page.from) lines->push_back(line);  // few; they stand on the first page
      late += is_late(line) ? 1 : 0;
    }
    left += static_cast<std::int64_t>(others->size());
  }
  sort_by_due(*lines);
  json::object body{
      {"lines", std::move(*lines)}, {"left", left}, {"late", late}, {"done_today", found->done_today}};
  body["next"] = found->next ? json::value(place_text(*found->next)) : json::value(nullptr);
  co_return json_answer(std::move(body));
}

Task<Answer> refused(Error error) { co_return std::unexpected(std::move(error)); }

Task<Answer> queue_of(Services services, Requester requester, net::Request const& request) {
  auto codes = request.query_all("authority");
  auto const page = queue_page(request);
  if (!page) return refused(page.error());
  return queue(std::move(services), std::move(requester), std::move(codes), *page);
}

}  // namespace

net::Route queue_route(Services services) {
  auto const& identity = services->identity;
  return identity::user_route(net::Method::get, "/_torg/v1/queue", identity,
                              [services](Requester requester, net::Call& call) {
                                return queue_of(services, std::move(requester), call.request);
                              });
}

}  // namespace torg::records
