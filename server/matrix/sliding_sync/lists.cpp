// Which rooms a request asks for, and what has happened besides events.
#include "matrix/sliding_sync/reader.hpp"
#include "matrix/sync/store.hpp"

#include <algorithm>

namespace torg::matrix {

/// The filters of a list, ready to be asked of many rooms.
struct ReadyFilters {
  RoomFilters const* asked = nullptr;
  std::vector<std::uint64_t> types, not_types;
  std::set<RoomNid> in_spaces;
};

struct SlidingSync::Question {
  std::vector<ReadyFilters> filters;  ///< of the lists
  std::map<RoomNid, std::size_t> subscribed;
  bool need_facts = false;
  std::shared_ptr<UserRooms const> rooms;
};

namespace {

std::vector<std::uint64_t> numbers_of(std::vector<std::optional<std::string>> const& types) {
  std::vector<std::uint64_t> numbers;
  for (auto const& type : types) numbers.push_back(type_number(type));
  return numbers;
}

bool has_one_of(std::vector<std::string> const& tags, std::vector<std::string> const& asked) {
  return std::ranges::any_of(
      tags, [&](std::string const& tag) { return std::ranges::find(asked, tag) != asked.end(); });
}

bool passes_tags(RoomFilters const& asked, RoomMarks const& marks, RoomNid room) {
  if (!asked.tags && asked.not_tags.empty()) return true;
  auto const found = marks.tags.find(room);
  if (found == marks.tags.end()) return !asked.tags;
  if (asked.tags && !has_one_of(found->second, *asked.tags)) return false;
  return !has_one_of(found->second, asked.not_tags);
}

bool passes(ReadyFilters const& filters, RecentRoom const& room, RoomMarks const& marks,
            RoomFacts const& facts) {
  auto const& asked = *filters.asked;
  auto const has = [&](std::vector<std::uint64_t> const& types) {
    return std::ranges::find(types, facts.type) != types.end();
  };
  if (asked.is_invite && *asked.is_invite != (room.membership == Membership::invite)) return false;
  if (asked.is_dm && *asked.is_dm != marks.direct.contains(room.room)) return false;
  if (asked.is_encrypted && *asked.is_encrypted != facts.encrypted) return false;
  if (asked.room_types && !has(filters.types)) return false;
  if (has(filters.not_types)) return false;
  if (asked.spaces && !filters.in_spaces.contains(room.room)) return false;
  return passes_tags(asked, marks, room.room);
}

/// Whether the user hears of the room at all.
bool is_shown(RecentRoom const& room, SentRoom const* sent, bool ignored) {
  switch (room.membership) {
    case Membership::join:
    case Membership::knock:
      return true;
    case Membership::invite:
      return !ignored;
    case Membership::none:
      return sent != nullptr && sent->up_to < room.at;
    default:
      return room.gone == RecentRoom::Gone::sent_away || (sent != nullptr && sent->up_to < room.at);
  }
}

/// Combines configs; rooms under the same lists share one.
class Configs {
 public:
  explicit Configs(SlidingSyncRequest const& request) : request_(request) {}

  std::shared_ptr<CombinedConfig const> of(std::vector<std::uint8_t> const& lists,
                                           std::optional<std::size_t> subscription) {
    auto& place = known_[{lists, subscription}];
    if (place) return place;
    auto combined = std::make_shared<CombinedConfig>();
    auto state = std::make_shared<RequiredState>();
    auto const add = [&](RoomConfig const& config) {
      combined->timeline_limit = std::max(combined->timeline_limit, config.timeline_limit);
      state->add(config.state);
    };
    for (auto const list : lists) add(request_.lists[list].config);
    if (subscription) add(request_.subscriptions[*subscription].config);
    combined->state = std::move(state);
    return place = std::move(combined);
  }

 private:
  using Key = std::pair<std::vector<std::uint8_t>, std::optional<std::size_t>>;
  SlidingSyncRequest const& request_;
  std::map<Key, std::shared_ptr<CombinedConfig const>> known_;
};

template <class T>
void make_set(std::vector<T>& values) {
  std::ranges::sort(values);
  values.erase(std::ranges::unique(values).begin(), values.end());
}

}  // namespace

bool WantedList::has_in_range(std::size_t index) const {
  auto const holds = [index](Range range) { return range.first <= index && index <= range.last; };
  return !ranges || std::ranges::any_of(*ranges, holds);
}

/// Rooms that a space names as its children; none unless the user has joined it, which is asked first: to
/// load whatever somebody names would cost too much.
Task<Result<std::set<RoomNid>>> SlidingSync::rooms_in_space(UserNid user, std::string space_id) {
  std::set<RoomNid> found;
  auto const nid = co_await rooms_.find(std::move(space_id));
  if (!nid && nid.error().code == ErrorCode::not_found) co_return found;
  if (!nid) co_return std::unexpected(nid.error());
  auto const mine = co_await rooms_.rooms_of(user);
  if (!mine) co_return std::unexpected(mine.error());
  auto const own = (*mine)->find(*nid);
  if (own == (*mine)->end() || own->second.membership != Membership::join) co_return found;
  auto const space = co_await rooms_.load(*nid);
  if (!space) co_return std::unexpected(space.error());
  std::vector<std::string> children;
  for (auto const& [key, event] : (*space)->state_of_type("m.space.child")) {
    auto const content = parse_json_object(visible_content(*event));
    if (content && optional_array(*content, "via") != nullptr) children.push_back(key.second);
  }
  for (auto const& child : children) {
    if (auto const room = co_await rooms_.find(child)) found.insert(*room);
  }
  co_return found;
}

/// Adds what isn't known yet: many lists may name the same space.
Task<Result<>> SlidingSync::look_into_spaces(UserNid user, std::vector<std::string> space_ids,
                                             Spaces& known) {
  for (auto const& id : space_ids) {
    if (known.contains(id)) continue;
    auto rooms = co_await rooms_in_space(user, id);
    if (!rooms) co_return std::unexpected(rooms.error());
    known.emplace(id, std::move(*rooms));
  }
  co_return Result<>{};
}

Task<Result<>> SlidingSync::prepare(Reader const& reader, Question& question) {
  auto const& request = reader.request;
  Spaces spaces;
  for (auto const& list : request.lists) {
    auto const& asked = list.filters;
    question.need_facts = question.need_facts || asked.need_facts();
    question.filters.push_back({.asked = &asked, .types = {}, .not_types = {}, .in_spaces = {}});
    auto& ready = question.filters.back();
    if (asked.room_types) ready.types = numbers_of(*asked.room_types);
    ready.not_types = numbers_of(asked.not_room_types);
    if (!asked.spaces) continue;
    if (auto looked = co_await look_into_spaces(reader.requester.user, *asked.spaces, spaces); !looked)
      co_return looked;
    for (auto const& id : *asked.spaces) ready.in_spaces.insert(spaces[id].begin(), spaces[id].end());
  }
  for (std::size_t i = 0; i < request.subscriptions.size(); ++i) {
    auto const room = co_await rooms_.find(request.subscriptions[i].room_id);
    if (room) question.subscribed.emplace(*room, i);
    if (!room && room.error().code != ErrorCode::not_found) co_return std::unexpected(room.error());
  }
  co_return Result<>{};
}

Task<Result<std::shared_ptr<RecentRooms const>>> SlidingSync::recent_rooms(UserNid user, bool with_facts) {
  for (;;) {
    auto recent = co_await orders_.of(user);
    if (!recent || !with_facts) co_return recent;
    std::vector<RoomNid> missing;
    for (auto const& room : (*recent)->rooms) {
      if (facts_.find(room.room) == nullptr) missing.push_back(room.room);
    }
    if (missing.empty()) co_return recent;
    if (auto learnt = co_await facts_.learn(user, std::move(missing)); !learnt)
      co_return fail(std::move(learnt));
  }
}

/// Which lists show the room, each list counting what passes its filters; none when nothing asks for it.
std::optional<SlidingSync::Match> SlidingSync::match(Reader& reader, Question const& question,
                                                     RecentRoom room) {
  // What was forgotten is still in the order, as what it was before.
  if (auto const own = question.rooms->find(room.room); own != question.rooms->end())
    room.membership = own->second.membership;
  auto& identity = rooms_.identity();
  bool const ignored =
      room.membership == Membership::invite && room.by &&
      !identity.account_data().sees_invitation(reader.requester.user, identity.user_id(room.by));
  Match match{.room = room, .config = {}, .lists = {}, .subscription = {}};
  auto const subscription = question.subscribed.find(room.room);
  if (subscription != question.subscribed.end() && room.membership != Membership::none && !ignored)
    match.subscription = subscription->second;
  if (is_shown(room, reader.connection->room(room.room), ignored)) {
    auto const facts = question.need_facts ? *facts_.find(room.room) : RoomFacts{};
    for (std::size_t i = 0; i < question.filters.size(); ++i) {
      if (!passes(question.filters[i], room, *reader.marks, facts)) continue;
      if (reader.request.lists[i].has_in_range(reader.counts[i]++))
        match.lists.push_back(static_cast<std::uint8_t>(i));
    }
  }
  if (match.lists.empty() && !match.subscription) return std::nullopt;
  return match;
}

Task<Result<>> SlidingSync::match_rooms(Reader& reader) {
  auto const user = reader.requester.user;
  Question question;
  if (auto prepared = co_await prepare(reader, question); !prepared) co_return prepared;
  auto const marks = co_await marks_.of(user);
  if (!marks) co_return std::unexpected(marks.error());
  reader.marks = *marks;
  auto const rooms = co_await rooms_.rooms_of(user);
  if (!rooms) co_return std::unexpected(rooms.error());
  question.rooms = *rooms;
  auto const recent = co_await recent_rooms(user, question.need_facts);
  if (!recent) co_return std::unexpected(recent.error());
  // From here on nothing is awaited: the order and the end of the stream belong together.
  reader.to = {(*recent)->as_of, rooms_.stream().volatile_position(), sync_.boot()};
  reader.counts.assign(reader.request.lists.size(), 0);
  Configs configs(reader.request);
  auto const& in_order = (*recent)->rooms;
  for (auto room = in_order.rbegin(); room != in_order.rend(); ++room) {
    auto matched = match(reader, question, *room);
    if (!matched) continue;
    matched->config = configs.of(matched->lists, matched->subscription);
    reader.matches.push_back(std::move(*matched));
  }
  co_return Result<>{};
}

/// Receipts since the last answer.
Task<Result<>> SlidingSync::look_at_tail(Reader& reader) {
  if (reader.initial) co_return Result<>{};
  auto const user = reader.requester.user;
  auto const after = reader.after();
  auto const& stream = rooms_.stream();
  if (stream.covers(after)) {
    stream.each_after(after, [&](StreamEntry const& entry) {
      if (entry.kind != StreamEntry::Kind::receipt) return;
      reader.with_receipts.push_back(entry.room);
      if (entry.user == user) reader.with_own_receipt.push_back(entry.room);
    });
  } else {
    auto stored = co_await rooms_.database().read(
        [user, after](db::Reader& r) { return sync_store::rooms_with_receipts_since(r, user, after); });
    if (!stored) co_return std::unexpected(stored.error());
    reader.with_receipts = reader.with_own_receipt = std::move(*stored);
  }
  make_set(reader.with_receipts);
  make_set(reader.with_own_receipt);
  co_return Result<>{};
}

}  // namespace torg::matrix
