#include "matrix/search/search.hpp"

#include "base/log.hpp"

#include <algorithm>
#include <ranges>
#include <set>

namespace torg::matrix {
namespace {

using namespace std::chrono_literals;
using search_store::Wanted;

/// Messages that come together are indexed together; a search takes in what still waits.
constexpr auto kGather = 200ms;
constexpr auto kAfterFailure = 10s;
/// Events in one write: small enough that a sender behind it in the lane doesn't notice.
constexpr std::size_t kBatch = 250;
/// What one search waits for; a longer backlog (after a restore) is worked off beside it.
constexpr int kMostBatchesBefore = 4;
/// How far one search looks: bounds its time, and how exact `count` is.
constexpr std::size_t kHits = 500;
constexpr std::size_t kLargestPage = 100;
constexpr std::size_t kLongestTerm = 500;  // bytes
constexpr std::size_t kMostWords = 16;

bool is_indexed(std::string_view type) {
  return type == "m.room.message" || type == "m.room.name" || type == "m.room.topic";
}

bool has_letter(std::string_view word) {
  return std::ranges::any_of(word, [](unsigned char c) {
    return c >= 0x80 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  });
}

/// Words, and phrases between quotation marks. The last word may be the beginning of one: somebody may be
/// typing it.
Result<std::vector<Wanted>> wanted_of(std::string_view term) {
  constexpr std::string_view kBetween = " \t\r\n";
  if (term.size() > kLongestTerm || term.contains('\0'))
    return fail(ErrorCode::invalid_param, "The search term is too long.");
  std::vector<Wanted> wanted;
  bool phrase = false;
  for (auto const part : std::views::split(term, '"')) {
    std::string_view rest(part.begin(), part.end());
    if (std::exchange(phrase, !phrase) && has_letter(rest)) {
      wanted.push_back({std::string(rest), Wanted::How::phrase});
      continue;
    }
    while (!rest.empty()) {
      auto const end = std::min(rest.find_first_of(kBetween), rest.size());
      if (auto const word = rest.substr(0, end); has_letter(word)) wanted.push_back({std::string(word)});
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }
  if (wanted.empty()) return fail(ErrorCode::invalid_param, "The search term has no word.");
  if (wanted.size() > kMostWords)
    return fail(ErrorCode::invalid_param, "The search term has too many words.");
  if (auto& last = wanted.back(); last.how == Wanted::How::word) last.how = Wanted::How::beginning;
  return wanted;
}

/// A conversation that went on in a new room is one to people: with a room go those it follows.
Task<std::set<RoomNid>> with_predecessors(RoomService& rooms, std::set<RoomNid> given) {
  constexpr int kMostUpgrades = 16;
  auto named = given;
  for (auto const nid : given) {
    auto room = co_await rooms.load(nid);
    for (int i = 0; room && i < kMostUpgrades && !(*room)->predecessor().empty(); ++i) {
      auto const before = co_await rooms.find((*room)->predecessor());
      if (!before || !named.insert(*before).second) break;
      room = co_await rooms.load(*before);
    }
  }
  co_return named;
}

}  // namespace

Search::Search(RoomService& rooms, std::string language)
    : rooms_(rooms), language_(std::move(language)), group_(rooms.runtime()) {
  rooms_.observe([this](Room const&, EventPtr const& event) {
    if (is_indexed(event->type)) wake(kGather);
  });
}

Task<Result<>> Search::start() {
  auto const prepared = co_await rooms_.database().write(
      [kind = rooms_.database().kind(), language = language_](db::Transaction& transaction) -> Result<> {
        search_store::use_language(transaction, kind, language);
        return {};
      });
  if (!prepared) co_return prepared;
  follows_ = true;
  wake(kGather);
  co_return Result<>{};
}

Task<> Search::stop() {
  follows_ = false;
  rooms_.runtime().cancel(std::exchange(timer_, {}));
  co_await group_.join();
}

void Search::wake(std::chrono::milliseconds delay) {
  again_ = true;
  if (!follows_ || working_ || timer_.serial != 0) return;
  timer_ = rooms_.runtime().schedule(rooms_.runtime().steady_now() + delay, [this] {
    timer_ = {};
    working_ = true;
    group_.spawn("search index", work());
  });
}

Task<> Search::work() {
  again_ = false;
  std::optional<Error> failure;
  for (bool more = true; more && follows_;) {
    auto const done = co_await take_in_batch();
    more = done && *done;
    if (!done) failure = done.error();
  }
  working_ = false;
  if (failure) {
    log(LogLevel::warning, "the search index lags behind", {{"error", failure->detail}});
    wake(kAfterFailure);
  } else if (again_) {
    wake(kGather);
  }
}

Task<Result<bool>> Search::take_in_batch() {
  auto const kind = rooms_.database().kind();
  co_return co_await rooms_.database().write([kind](db::Transaction& transaction) -> Result<bool> {
    return search_store::index_next(transaction, kind, kBatch) == kBatch;
  });
}

Task<Result<>> Search::catch_up() {
  for (;;) {
    auto const more = co_await take_in_batch();
    if (!more) co_return std::unexpected(more.error());
    if (!*more) co_return Result<>{};
  }
}

Task<> Search::take_in_newest() {
  for (int batch = 0; (again_ || working_) && batch < kMostBatchesBefore; ++batch) {
    // A failure is the background work's to report: the search goes on over what is there.
    auto const more = co_await take_in_batch();
    if (!more || !*more) co_return;
  }
}

Task<Result<std::vector<RoomNid>>> Search::rooms_for(UserNid user, SearchRequest const& request) {
  auto const mine = co_await rooms_.rooms_of(user);
  if (!mine) co_return std::unexpected(mine.error());
  std::vector<RoomNid> joined;
  for (auto const& [room, membership] : **mine) {
    if (membership.membership == Membership::join) joined.push_back(room);
  }
  auto const among = [&](std::vector<std::string> ids) -> Task<std::set<RoomNid>> {
    std::set<RoomNid> named;
    for (auto& id : ids) {
      if (auto const room = co_await rooms_.find(std::move(id))) named.insert(*room);
    }
    co_return named;
  };
  if (request.rooms) {
    auto const named = co_await with_predecessors(rooms_, co_await among(*request.rooms));
    std::erase_if(joined, [&](RoomNid room) { return !named.contains(room); });
  }
  auto const unwanted = co_await among(request.not_rooms);
  std::erase_if(joined, [&](RoomNid room) { return unwanted.contains(room); });
  co_return joined;
}

Task<Result<std::vector<Search::Candidate>>> Search::readable(UserNid user,
                                                              std::vector<search_store::Hit> hits,
                                                              SearchRequest const& request,
                                                              SearchGroup group) {
  struct Reading {
    std::shared_ptr<Room> room;
    std::optional<Visibility> visibility;
  };
  auto const filter = request.filter.of_headers();  // content is not loaded yet
  std::map<RoomNid, Reading> readings;
  std::set<EventNid> shown;
  std::vector<Candidate> candidates;
  for (auto const& hit : hits) {
    auto const [entry, is_new] = readings.try_emplace(hit.room);
    auto& reading = entry->second;
    if (is_new) {
      auto room = co_await rooms_.load(hit.room);
      if (!room) co_return std::unexpected(room.error());
      reading.room = *room;
      if ((*room)->is_joined(user)) {
        if (auto visibility = co_await Visibility::of(rooms_, *room, user))
          reading.visibility = std::move(*visibility);
      }
    }
    CachedEvent event;
    event.type = rooms_.types().name(hit.type);
    event.position = hit.position;
    event.sender = hit.sender;
    if (event.type != "m.room.message") event.state_key = "";
    if (!reading.visibility || !reading.visibility->allows(event) || reading.visibility->erases(event))
      continue;
    if (!group.holds(hit) || !request.looks_in(event.type)) continue;
    if (!filter.allows(event, rooms_.identity().user_id(hit.sender))) continue;
    event.position = hit.original_position;
    if (hit.original && !reading.visibility->allows(event)) continue;
    // A message and its edits are one result.
    if (shown.insert(hit.original ? hit.original : hit.event).second)
      candidates.push_back({hit, reading.room});
  }
  co_return candidates;
}

Task<Result<>> Search::load(SearchPage& page, std::span<Candidate const> candidates,
                            EventFilter const& filter) {
  for (auto const& [hit, room] : candidates) {  // one page: each by its key
    auto const event = co_await rooms_.event_by_nid(hit.original ? hit.original : hit.event);
    if (!event && event.error().code == ErrorCode::not_found) continue;  // destroyed meanwhile
    if (!event) co_return std::unexpected(event.error());
    if ((*event)->redacted_by || !filter.allows(**event, rooms_.identity().user_id((*event)->sender)))
      continue;
    page.results.push_back({*event, room, static_cast<double>(hit.rank) / 1e6});
  }
  co_return Result<>{};
}

void Search::group(SearchPage& page, std::span<Candidate const> candidates, std::size_t end,
                   SearchRequest const& request, bool all) {
  for (auto const& result : page.results) {
    for (auto const by : request.group_by) {
      search_store::Hit const place{.room = result.room->nid(), .sender = result.event->sender};
      auto const wanted = SearchGroup::containing(place, by);
      auto found = std::ranges::find(page.groups, wanted, &SearchPage::Group::which);
      if (found == page.groups.end()) {
        auto const& key = by == SearchGroup::By::room ? result.room->id().value
                                                      : rooms_.identity().user_id(result.event->sender);
        found = page.groups.insert(found, {wanted, key, {}, {}});
      }
      found->events.push_back(result.event->id.text());
    }
  }
  for (auto& group : page.groups) {
    SearchCursor cursor{.group = group.which};
    bool more = !all;
    for (std::size_t i = 0; i < candidates.size(); ++i) {
      if (!group.which.holds(candidates[i].hit)) continue;
      if (i >= end) {
        more = true;
        break;
      }
      cursor.before = candidates[i].hit.event;
      ++cursor.seen;
    }
    if (more) group.next = to_text(cursor);
  }
}

Task<Result<SearchPage>> Search::find(UserNid user, SearchRequest request) {
  auto wanted = wanted_of(request.term);
  if (!wanted) co_return std::unexpected(wanted.error());
  auto const cursor = parse_search_cursor(request.from);
  if (!cursor) co_return std::unexpected(cursor.error());
  co_await take_in_newest();
  auto rooms = co_await rooms_for(user, request);
  if (!rooms) co_return std::unexpected(rooms.error());
  auto const kind = rooms_.database().kind();
  search_store::Question const question{.wanted = *wanted,
                                        .rooms = std::move(*rooms),
                                        .order = request.order,
                                        .before = cursor->before,
                                        .limit = kHits};
  auto hits = co_await rooms_.database().read_aside(
      [&](db::Reader& reader) { return search_store::hits(reader, kind, question); });
  if (!hits) co_return std::unexpected(hits.error());
  bool const all = hits->size() < kHits;
  auto const last_hit = hits->empty() ? EventNid{} : hits->back().event;
  auto const candidates = co_await readable(user, std::move(*hits), request, cursor->group);
  if (!candidates) co_return std::unexpected(candidates.error());

  bool const recent = request.order == search_store::Order::recent;
  auto const first = recent ? 0 : std::min(cursor->seen, candidates->size());
  auto const limit = std::clamp<std::size_t>(request.filter.limit, 1, kLargestPage);
  auto const size = std::min(limit, candidates->size() - first);
  SearchPage page{.count = candidates->size() + (recent ? cursor->seen : 0)};
  for (auto& part : *wanted) page.highlights.push_back(std::move(part.text));
  auto const part = std::span(*candidates).subspan(first, size);
  if (auto loaded = co_await load(page, part, request.filter); !loaded) co_return fail(std::move(loaded));
  // A full page says where to go on, though there may be nothing.
  if (size == limit)
    page.next = to_text({part.back().hit.event, cursor->seen + size, cursor->group});
  else if (recent && !all)
    page.next = to_text({last_hit, cursor->seen + size, cursor->group});
  group(page, *candidates, first + size, request, all || !recent);
  co_return page;
}

}  // namespace torg::matrix
