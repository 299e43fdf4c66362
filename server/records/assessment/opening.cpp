// What letting an authority in would make of what has been said: the same rules that speak when it happens
// (facts.cpp), asked before.
#include "records/assessment/opening.hpp"

#include "records/assessment/history_shown.hpp"
#include "records/assessment/service.hpp"

#include <algorithm>

namespace torg::records {
namespace {

constexpr std::size_t kPage = 200;

bool is_record_already(std::vector<Assessment> const& rows, Arising const& arising) {
  return std::ranges::any_of(rows, [&](Assessment const& row) {
    return row.event == arising.event && row.authority == arising.authority && row.status == Status::record;
  });
}

bool counts(std::vector<OpenedFor> const& becomes, AuthorityId sender, bool as_sender) {
  return std::ranges::any_of(becomes,
                             [&](OpenedFor const& one) { return (one.authority == sender) == as_sender; });
}

void add(OpeningPreview& preview, OpenedItem item) {
  if (counts(item.becomes, item.sender, true)) ++preview.sent;
  if (counts(item.becomes, item.sender, false)) ++preview.received;
  preview.items.push_back(std::move(item));
  if (preview.items.size() > OpeningPreview::kMostItems) preview.items.erase(preview.items.begin());
}

}  // namespace

Task<Result<OpeningPreview>> AssessmentService::preview_opening(RoomNid room, AuthorityId authority) {
  OpeningPreview preview;
  auto const taking_part = governance_.taking_part(room);
  preview.takes_part = authority ? governance_.takes_part(room, authority) : taking_part.outsiders;
  HistoryShown history;
  assessment::Opening const opening{room, authority, runtime_.now(), database_.last_position()};
  Position after;
  for (bool more = true; more;) {
    auto const events = co_await rooms_.timeline(room, after, opening.position, kPage);
    if (!events) co_return std::unexpected(events.error());
    std::vector<EventNid> nids;
    for (auto const& event : *events) nids.push_back(event.nid);
    auto const rows = co_await database_.read(
        [room, nids](db::Reader& reader) { return assessment::rows_of(reader, room, nids); });
    if (!rows) co_return std::unexpected(rows.error());
    for (auto const& event : *events) {
      after = event.position;
      history.see(event);
      if (preview.takes_part || !history.to_later_members()) continue;
      OpenedItem item{event.nid,
                      event.id.value,
                      governance_.authority_or_none(event.sender),
                      instant_from_ms(event.origin_server_ts),
                      {}};
      for (auto const& arising : access_arisings(event, opening)) {
        if (is_record_already(*rows, arising)) continue;
        item.becomes.push_back({arising.authority, arising.basis, arising.rule, arising.handling});
      }
      if (!item.becomes.empty()) add(preview, std::move(item));
    }
    more = events->size() == kPage;
  }
  preview.shows_history = history.to_later_members();
  co_return preview;
}

}  // namespace torg::records
