#include "matrix/sync/notifications.hpp"

#include <algorithm>

namespace torg::matrix {
namespace {

constexpr std::size_t kPage = 200;
/// How many relations are followed to find the thread of an event that isn't in one itself.
/// @see https://spec.matrix.org/v1.19/client-server-api/#threaded-read-receipts
constexpr int kMostHops = 3;

/// What makes a message another one than a plain one, by the default rules.
bool may_differ(std::string_view content) {
  return content.contains("m.relates_to") || content.contains("m.mentions") || content.contains("m.notice");
}

/// The event that `content` points at without being in its thread, where the thread may be that one's.
std::string_view points_at(json::object const& content) {
  auto const* relation = optional_object(content, "m.relates_to");
  auto const type = relation == nullptr ? std::nullopt : optional_string(*relation, "rel_type");
  if (!type || *type == "m.thread") return {};
  return optional_string(*relation, "event_id").value_or("");
}

}  // namespace

std::string_view thread_of(json::object const& content) {
  auto const* relation = optional_object(content, "m.relates_to");
  if (relation == nullptr || optional_string(*relation, "rel_type") != "m.thread") return {};
  return optional_string(*relation, "event_id").value_or("");
}

/// A look at what a log doesn't hold yet, newest first.
struct Notifications::Walk {
  std::shared_ptr<Room> room;
  UserNid user;  ///< whose log; 0: that of all with the default rules
  UserPushRules::Rules rules;
  bool plain_notifies = true;
  std::int64_t from = 0;    ///< messages up to this one are old
  Position end;             ///< so is what lies up to here; 0: the log begins anew
  Position newest;          ///< where the look begins
  std::int64_t total = 0;   ///< messages in the room then
  std::int64_t number = 0;  ///< of the newest message not visited yet
  Position before;          ///< events from here on are visited
  bool done = false;
  std::vector<UnreadLog::Special> found{};                        ///< newest first
  std::vector<std::pair<std::size_t, std::string>> unthreaded{};  ///< which of them point at what
};

Notifications::Notifications(RoomService& rooms)
    : rooms_(rooms), rules_(rooms), in_rooms_(rooms.cache().notifications()) {
  // What is redacted notifies nobody any more.
  rooms_.observe([this](Room const& room, EventPtr const& event) {
    if (event->type == "m.room.redaction") in_rooms_.erase(room.nid());
  });
}

std::shared_ptr<Notifications::InRoom> Notifications::in_room(RoomNid room) {
  if (auto const* found = in_rooms_.find(room)) return *found;
  auto made = std::make_shared<InRoom>();
  in_rooms_.put(room, made, sizeof(InRoom));
  return made;
}

// Counting

std::optional<UnreadCounts> Notifications::known(std::shared_ptr<Room> const& room,
                                                 store::MemberOf const& member,
                                                 Receipts::InRoom const& receipts, UserNid user) {
  auto const rules = rules_.known(user);
  if (!rules) return std::nullopt;
  return try_count(room, *in_room(room->nid()), *rules,
                   ReadMarks::of(Receipts::of_user(receipts, user), member), user);
}

Task<Result<UnreadCounts>> Notifications::count(std::shared_ptr<Room> room, store::MemberOf member,
                                                std::shared_ptr<Receipts::InRoom const> receipts,
                                                UserNid user) {
  auto const rules = co_await rules_.of(user);
  if (!rules) co_return std::unexpected(rules.error());
  auto const here = in_room(room->nid());
  for (;;) {
    // Anew each time: receipts move while we wait.
    auto const marks = ReadMarks::of(Receipts::of_user(*receipts, user), member);
    if (auto counts = try_count(room, *here, *rules, marks, user)) co_return std::move(*counts);
    auto walk = begin(room, *here, *rules, marks, user);
    walk_memory(walk);
    if (auto walked = co_await walk_store(walk); !walked) co_return fail(std::move(walked));
    if (auto found = co_await find_threads(walk); !found) co_return fail(std::move(found));
    keep(std::move(walk), *here);
  }
}

std::optional<UnreadCounts> Notifications::try_count(std::shared_ptr<Room> const& room, InRoom& here,
                                                     UserPushRules::Rules const& rules,
                                                     ReadMarks const& marks, UserNid user) {
  if (room->timeline().empty()) return UnreadCounts{};
  auto walk = begin(room, here, rules, marks, user);
  if (!walk.done) {
    walk_memory(walk);
    if (!walk.done || !walk.unthreaded.empty()) return std::nullopt;
    keep(std::move(walk), here);
  }
  return (rules ? here.own.at(user) : here.shared).count(user, marks);
}

/// What has to be looked at for these marks; `done` when nothing has.
Notifications::Walk Notifications::begin(std::shared_ptr<Room> const& room, InRoom& here,
                                         UserPushRules::Rules const& rules, ReadMarks const& marks,
                                         UserNid user) const {
  auto const& newest = *room->timeline().back();
  Walk walk{.room = room,
            .user = rules ? user : UserNid{},
            .rules = rules,
            .plain_notifies = true,
            .from = std::max(std::min(marks.everything, newest.messages), newest.messages - kMostUnread),
            .end = {},
            .newest = newest.position,
            .total = newest.messages,
            .number = newest.messages,
            .before = Position(newest.position.value + 1)};
  auto const own = here.own.find(user);
  auto const* known = !rules ? &here.shared : own == here.own.end() ? nullptr : &own->second;
  bool const reaches = known != nullptr && known->up_to && known->rules == rules && known->from <= walk.from;
  if (reaches) {
    walk.plain_notifies = known->plain_notifies;
    walk.from = known->to;
    walk.end = known->up_to;
    walk.done = known->up_to == newest.position;
  } else {
    walk.plain_notifies = plain_notifies(*room, rules, user);
  }
  return walk;
}

void Notifications::keep(Walk walk, InRoom& here) {
  auto& log = walk.user ? here.own[walk.user] : here.shared;
  here.bytes -= log.bytes;
  if (!walk.end)
    log = {.rules = walk.rules, .plain_notifies = walk.plain_notifies, .from = walk.from, .to = walk.from};
  // Somebody else may have looked meanwhile: what they found stands, and the next try begins there.
  if (log.up_to == walk.end && log.rules == walk.rules)
    log.extend(std::move(walk.found), walk.total, walk.newest);
  here.bytes += log.bytes;
  in_rooms_.resize(walk.room->nid(), sizeof(InRoom) + here.bytes + here.own.size() * sizeof(UnreadLog));
}

// Looking

void Notifications::walk_memory(Walk& walk) const {
  auto const& timeline = walk.room->timeline();
  for (auto event = timeline.rbegin(); event != timeline.rend() && !walk.done; ++event) visit(walk, **event);
  if (!walk.room->timeline_start()) walk.done = true;  // this was the whole room
}

Task<Result<>> Notifications::walk_store(Walk& walk) {
  while (!walk.done) {
    auto const page = co_await rooms_.database().read([&](db::Reader& reader) {
      return store::events_before(reader, rooms_.types(), walk.room->nid(), walk.before, kPage);
    });
    if (!page) co_return std::unexpected(page.error());
    if (page->empty()) walk.done = true;
    for (auto const& event : *page) {
      if (!walk.done) visit(walk, *event);
    }
  }
  co_return Result<>{};
}

void Notifications::visit(Walk& walk, CachedEvent const& event) const {
  bool const message = is_message(event.type);
  if (event.position <= walk.end || (message && walk.number <= walk.from)) {
    walk.done = true;
    return;
  }
  walk.before = event.position;
  UnreadLog::Special special{.number = walk.number,
                             .position = event.position,
                             .sender = event.sender,
                             .is_message = message,
                             .thread = {},
                             .called = {}};
  if (message) --walk.number;
  if (is_special(walk, event, special)) walk.found.push_back(std::move(special));
}

bool Notifications::is_special(Walk& walk, CachedEvent const& event, UnreadLog::Special& special) const {
  if (event.redacted_by) return special.is_message && walk.plain_notifies;
  // One's own invitation is no news to who has joined.
  bool const own_membership =
      walk.user && event.type == "m.room.member" && event.state_key == rooms_.identity().user_id(walk.user);
  if (own_membership) return false;
  if (!walk.user && special.is_message && !may_differ(event.content)) return false;
  auto const content = parse_json_object(event.content);
  if (!content) return special.is_message;
  special.thread = thread_of(*content);
  if (!walk.user) {
    judge_for_all(walk, event, *content, special);
  } else if (event.sender != walk.user) {
    auto const* actions = judge(*walk.room, event, *content, walk.user, walk.rules);
    special.notifies = actions != nullptr && actions->notify;
    special.highlights = special.notifies && actions->highlight;
  }
  bool const notifies = special.notifies || !special.called.empty();
  if (auto const target = points_at(*content); notifies && !target.empty())
    walk.unthreaded.emplace_back(walk.found.size(), target);
  if (!special.is_message) return notifies;
  bool const own = event.sender == walk.user;
  bool const differs = !own && special.notifies != walk.plain_notifies;
  return differs || special.highlights || !special.called.empty() || !special.thread.empty() ||
         (!walk.unthreaded.empty() && walk.unthreaded.back().first == walk.found.size());
}

void Notifications::judge_for_all(Walk const& walk, CachedEvent const& event, json::object const& content,
                                  UnreadLog::Special& special) const {
  auto const* actions = judge(*walk.room, event, content, {}, nullptr);
  special.notifies = actions != nullptr && actions->notify;
  special.highlights = special.notifies && actions->highlight;
  auto const* mentions = optional_object(content, "m.mentions");
  auto const* names = mentions == nullptr ? nullptr : optional_array(*mentions, "user_ids");
  if (names == nullptr || special.highlights) return;
  for (auto const& name : *names) {
    auto const user = name.is_string() ? rooms_.identity().find(name.get_string()) : UserNid{};
    if (!user || !walk.room->is_joined(user)) continue;
    auto const* for_user = judge(*walk.room, event, content, user, nullptr);
    if (for_user != nullptr && for_user->notify && for_user->highlight) special.called.push_back(user);
  }
}

/// The threads of what points at something else than its thread's root.
Task<Result<>> Notifications::find_threads(Walk& walk) {
  for (auto const& [index, first] : walk.unthreaded) {
    std::string target = first;
    for (int hop = 0; hop < kMostHops && !target.empty(); ++hop) {
      auto const event = co_await rooms_.cached_event(target);
      auto const content =
          event ? parse_json_object((*event)->content) : Result<json::object>(json::object{});
      if (!content || content->empty()) break;
      walk.found[index].thread = thread_of(*content);
      target = walk.found[index].thread.empty() ? std::string(points_at(*content)) : std::string();
    }
  }
  walk.unthreaded.clear();
  co_return Result<>{};
}

// Judging

PushActions const* Notifications::judge(Room const& room, CachedEvent const& event,
                                        json::object const& content, UserNid user,
                                        UserPushRules::Rules const& rules) const {
  auto const& identity = rooms_.identity();
  std::string const nobody;
  auto const& user_id = user ? identity.user_id(user) : nobody;
  auto const& sender = identity.user_id(event.sender);
  if (user && rooms_.identity().account_data().ignores(user, sender)) return nullptr;
  PushReader const reader{
      .user_id = user_id,
      .display_name =
          [&] {
            auto const* member = room.state("m.room.member", user_id);
            auto const own = member == nullptr ? Result<json::object>(json::object{})
                                               : parse_json_object((*member)->content);
            return own ? std::string(optional_string(*own, "displayname").value_or("")) : std::string();
          },
      .subscribed = [&]() -> std::optional<bool> {
        auto const root = thread_of(content);
        if (root.empty()) return std::nullopt;
        return rules != nullptr && rules->threads.contains({room.nid(), std::string(root)});
      }};
  auto const& set = rules ? rules->set : rules_.defaults();
  return set.match({event, content, sender, room}, reader);
}

/// Whether a message that is like any other notifies: not where a rule silences the room.
bool Notifications::plain_notifies(Room const& room, UserPushRules::Rules const& rules, UserNid user) const {
  if (!rules) return true;
  CachedEvent plain;
  plain.type = "m.room.message";
  plain.room = room.nid();
  json::object const content{{"msgtype", "m.text"}, {"body", ""}};
  PushReader const reader{.user_id = rooms_.identity().user_id(user)};
  auto const* actions = rules->set.match({plain, content, "", room}, reader);
  return actions != nullptr && actions->notify;
}

}  // namespace torg::matrix
