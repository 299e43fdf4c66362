// An event's way into a room: draft → authorise → policy → seal → apply → commit → publish.
#include "base/encoding.hpp"
#include "base/log.hpp"
#include "matrix/event/canonical.hpp"
#include "matrix/room/check.hpp"
#include "matrix/room/redacts.hpp"
#include "matrix/room/service.hpp"

#include <algorithm>

namespace torg::matrix {
namespace {

/// A room that moved on meanwhile (another node, a failed write before ours) is loaded again this many times.
constexpr int kAttempts = 3;

RoomPolicy::Act act_of(EventDraft const& draft, Membership before) {
  using enum RoomPolicy::Act;
  if (draft.type == "m.room.redaction") return redact;
  if (draft.type != "m.room.member") return draft.state_key ? set_state : send;
  switch (parse_membership(optional_string(draft.content, "membership").value_or(""))) {
    case Membership::join:
      return join;
    case Membership::invite:
      return invite;
    case Membership::knock:
      return knock;
    case Membership::ban:
      return ban;
    case Membership::leave:
      return before == Membership::none || draft.member == draft.sender ? leave : kick;
    case Membership::none:
      break;
  }
  return set_state;
}

/// What a state event says of who may join; none when it says nothing of it.
std::optional<store::Door> door_of(EventDraft const& draft) {
  if (draft.type != "m.room.join_rules" || draft.state_key != "") return std::nullopt;
  bool const is_public = optional_string(draft.content, "join_rule") == "public";
  return is_public ? store::Door::open : store::Door::closed;
}

Citation citation(StoredId const& id) { return {id.text(), id.reference_hash()}; }

StoredId stored_id(Event const& event, EventId const& id) {
  bool const is_hash = traits(event.version).event_ids == EventIds::hash_for_urls;
  return is_hash ? StoredId(event.reference_hash) : StoredId(id.value, event.reference_hash);
}

}  // namespace

bool lets_guests_in(Room const& room) {
  auto const* event = room.state("m.room.guest_access", "");
  if (event == nullptr || (*event)->redacted_by) return false;
  auto const content = parse_json_object((*event)->content);
  return content && optional_string(*content, "guest_access") == "can_join";
}

std::string RoomService::new_event_id(RoomVersion version) const {
  if (traits(version).event_ids != EventIds::chosen) return {};
  return '$' + random_name() + ':' + server_name_;
}

std::string RoomService::random_name() const {
  std::array<unsigned char, 18> random{};
  runtime_.fill_random(random);
  return base64_encode({reinterpret_cast<char const*>(random.data()), random.size()}, Base64::url);
}

Event RoomService::make_event(Room const& room, EventDraft const& draft, std::vector<EventNid>& auth) const {
  Event event{.version = room.version(),
              .event_id = new_event_id(room.version()),
              .type = draft.type,
              .state_key = draft.state_key,
              .sender = identity_.user_id(draft.sender),
              .room_id = room.id().value,
              .content = {},
              .origin_server_ts = draft.origin_server_ts.value_or(to_ms(runtime_.now())),
              .depth = room.head().depth + 1,
              .prev_events = {},
              .auth_events = {},
              .sticky_ms = draft.sticky_ms,
              .redacts = std::nullopt,
              .content_hash = {}};
  event.prev_events.push_back(citation(room.head().id));
  for (auto const& [type, key] :
       auth_event_keys(room.version(), draft.type, draft.state_key, event.sender, draft.content)) {
    if (auto const* state = room.state(type, key)) {
      event.auth_events.push_back(citation((*state)->id));
      auth.push_back((*state)->nid);
    }
  }
  return event;
}

Result<> RoomService::ask_policy(Room const& room, EventDraft const& draft) const {
  if (policy_ == nullptr) return {};
  auto const before = draft.member ? room.membership(identity_.user_id(draft.member)) : Membership::none;
  return policy_->may({.act = act_of(draft, before),
                       .by = draft.sender,
                       .room = room.nid(),
                       .type = draft.type,
                       .state_key = draft.state_key ? std::string_view(*draft.state_key) : std::string_view(),
                       .content = &draft.content,
                       .target = draft.member,
                       .before = before});
}

/// Suspended people may leave, and take back their own words: `redact` has looked whose they are.
Result<> RoomService::check_suspension(EventDraft const& draft) const {
  auto const* account = identity_.account(draft.sender);
  if (account == nullptr || !account->suspended || draft.redacts) return {};
  bool const leaves = draft.type == "m.room.member" && draft.member == draft.sender &&
                      optional_string(draft.content, "membership") == "leave";
  if (leaves) return {};
  return fail(ErrorCode::user_suspended, "Your account is suspended.");
}

/// A type that nobody has used takes memory for good: nobody may make up very many.
Result<> RoomService::check_type(EventDraft const& draft) {
  if (types_.find(draft.type) != 0) return {};
  if (types_.size() >= TypeNames::kMost)
    return fail(ErrorCode::forbidden, "This server knows as many types of events as it can.");
  if (new_types_.take(identity_.user_id(draft.sender)).count() > 0)
    return fail(ErrorCode::limit_exceeded, "You have sent too many new types of events. Wait a moment.");
  return {};
}

/// @see https://spec.matrix.org/v1.19/client-server-api/#invite-permission
Result<> RoomService::check_invitation(EventDraft const& draft) const {
  bool const invites = draft.member && optional_string(draft.content, "membership") == "invite";
  if (!invites) return {};
  auto const verdict =
      identity_.account_data().verdict_on_invite(draft.member, identity_.user_id(draft.sender));
  if (verdict != identity::InviteVerdict::block) return {};
  return fail(ErrorCode::invite_blocked, "This person doesn't take your invitations.");
}

/// @see https://spec.matrix.org/v1.19/client-server-api/#guest-access
Result<> RoomService::check_guest(Room const& room, EventDraft const& draft) const {
  bool const joins = draft.type == "m.room.member" && draft.member == draft.sender &&
                     optional_string(draft.content, "membership") == "join";
  if (!joins || !identity_.users().is_guest(draft.sender) || lets_guests_in(room)) return {};
  return fail(ErrorCode::guest_access_forbidden, "This room lets no guests in.");
}

Result<> RoomService::add(Batch& batch, EventDraft draft) {
  auto& room = *batch.room;
  if (auto free = check_suspension(draft); !free) return free;
  if (auto wanted = check_invitation(draft); !wanted) return wanted;
  if (auto welcome = check_guest(room, draft); !welcome) return welcome;
  auto content = canonical_json(draft.content, traits(room.version()).numbers);
  if (!content) return fail(std::move(content));
  if (auto fine = check_content(room, draft.type, draft.content, server_name_); !fine) return fine;
  std::vector<EventNid> auth;
  auto event = make_event(room, draft, auth);
  event.content = std::move(*content);
  move_redacts_out(event);
  if (auto allowed = authorise(event, draft.content, room); !allowed) {
    bool const is_rule = allowed.error().code == ErrorCode::forbidden;
    return fail(is_rule ? batch.not_allowed : allowed.error().code, allowed.error().message);
  }
  if (auto may = ask_policy(room, draft); !may) return may;
  auto const id = seal(event);
  if (auto fits = check_limits(event, server_name_); !fits) return fits;
  if (auto known = check_type(draft); !known) return known;
  move_redacts_in(event);
  auto const door = door_of(draft);
  auto sealed = seal_draft(room, std::move(draft), std::move(event), id, std::move(auth));
  sealed.door = door;
  room.apply(sealed.event);
  if (policy_ != nullptr) sealed.facts = policy_->facts(to_room_event(*sealed.event));
  batch.events.push_back(std::move(sealed));
  return {};
}

RoomService::Sealed RoomService::seal_draft(Room const& room, EventDraft draft, Event event,
                                            EventId const& id, std::vector<EventNid> auth) {
  auto const type = types_.intern(event.type);
  auto cached = std::make_shared<CachedEvent>();
  cached->nid = EventNid(++last_event_);
  cached->id = stored_id(event, id);
  cached->version = event.version;
  cached->room = room.nid();
  cached->sender = draft.sender;
  cached->type = type.name;
  cached->state_key = event.state_key;
  cached->origin_server_ts = event.origin_server_ts;
  cached->depth = event.depth;
  cached->messages = room.head().messages + (is_message(event.type) ? 1 : 0);
  cached->session = draft.device_key;
  cached->transaction_id = draft.transaction_id;
  cached->sticky_ms = draft.sticky_ms;
  cached->delay_id = draft.delay_id;
  if (event.state_key) {
    if (auto const* before = room.state(event.type, *event.state_key)) cached->replaces = (*before)->nid;
  }
  EventRow row{.nid = cached->nid,
               .id = cached->id,
               .room = room.nid(),
               .expected_head = room.head().nid,
               .depth = event.depth,
               .messages = cached->messages,
               .sender = draft.sender,
               .type = type.nid,
               .type_name = type.stored ? "" : event.type,
               .state_key = event.state_key,
               .origin_server_ts = event.origin_server_ts,
               .content_hash = event.content_hash,
               .prev = room.head().nid ? std::vector{room.head().nid} : std::vector<EventNid>{},
               .auth = std::move(auth),
               .replaces = cached->replaces,
               .redacts = draft.redacts,
               .relates_to = draft.relates_to,
               .is_thread_reply = draft.is_thread_reply,
               .content = event.content,
               .wrote = is_message(event.type) && !draft.is_thread_reply ? cached->messages : 0,
               .member = draft.member,
               .membership = Membership::none,
               .session = draft.device_key,
               .slot = draft.slot,
               .transaction_id = draft.transaction_id,
               .sticky_ms = draft.sticky_ms,
               .delay_id = std::move(draft.delay_id)};
  if (draft.member) {
    row.membership = parse_membership(optional_string(draft.content, "membership").value_or(""));
    bool const was_in = room.membership(*event.state_key) == Membership::join;
    if (row.membership == Membership::join && !was_in) row.joined = cached->messages;
  }
  cached->content = std::move(event.content);
  return {std::move(cached), std::move(row), nullptr, std::move(draft.also), draft.member};
}

Task<Result<EventPtr>> RoomService::commit(Batch batch) {
  std::vector<Batch> one;
  one.push_back(std::move(batch));
  co_return co_await commit(std::move(one));
}

Task<Result<EventPtr>> RoomService::commit(std::vector<Batch> batches) {
  auto const shared = std::make_shared<std::vector<Batch> const>(std::move(batches));
  auto const write = [this, shared](db::Transaction& transaction, Batch const& b) -> Result<Position> {
    if (b.is_new) store::insert_room(transaction, b.room->nid(), b.room->id(), b.room->version());
    if (b.listing == store::Listing::listed) store::list_room(transaction, b.room->nid(), b.listing);
    if (!b.alias.empty()) store::put_alias(transaction, b.alias, b.room->nid(), b.alias_creator);
    if (b.follows) {
      store::move_aliases(transaction, b.follows, b.room->nid());
      store::move_listing(transaction, b.follows, b.room->nid());
    }
    Position last;
    for (auto const& sealed : b.events) {
      auto const position = store::insert_event(transaction, sealed.row);
      if (!position) return position;
      if (sealed.door) store::set_door(transaction, b.room->nid(), *sealed.door);
      if (sealed.facts) sealed.facts(transaction, sealed.row.nid, *position);
      if (sealed.also) sealed.also(transaction, sealed.row.nid, *position);
      transaction.on_commit(
          [this, shared, &b, &sealed, position = *position] { publish(b.room, sealed, position); });
      last = *position;
    }
    return last;
  };
  auto const committed =
      co_await database_.write([shared, write](db::Transaction& transaction) -> Result<Position> {
        Result<Position> last = Position{};
        for (auto const& batch : *shared) {
          if (last = write(transaction, batch); !last) return last;
        }
        return last;
      });
  if (!committed) {
    for (auto const& batch : *shared) drop(batch.room);
    co_return std::unexpected(committed.error());
  }
  co_return shared->back().events.back().event;
}

void RoomService::publish(std::shared_ptr<Room> const& room, Sealed const& sealed, Position position) {
  auto const& event = sealed.event;
  event->position = position;
  if (!sealed.row.type_name.empty()) types_.mark_stored(sealed.row.type);
  if (sealed.member) room->set_member(sealed.member, sealed.row.membership);
  publish_membership(room->nid(), sealed, position);
  if (sealed.row.redacts) room->mark_redacted(sealed.row.redacts, event);
  room->publish(event);
  rooms_.note_change(room->nid());
  // Somebody loaded the room anew while this was on its way: what they have lacks this event.
  if (auto const* now = rooms_.find(room->nid()); now != nullptr && *now != room)
    rooms_.erase(room->nid());
  else
    rooms_.resize(room->nid(), room->memory_bytes());
  if (event->sticky_ms) sticky_.add(*event, to_ms(runtime_.now()));
  stream_.append({position, StreamEntry::Kind::event, room->nid(), sealed.member});
  if (policy_ != nullptr) policy_->committed(to_room_event(*event));
  for (auto const& observer : observers_) observer(*room, event);
  stream_.wake_members(*room);
  if (sealed.member) stream_.wake(sealed.member);
}

/// What a user's list of rooms says of this one, when somebody has it in memory.
void RoomService::publish_membership(RoomNid room, Sealed const& sealed, Position position) {
  auto const in_memory = [this](UserNid user) {
    user_rooms_.note_change(user);
    auto const* rooms = user_rooms_.find(user);
    return rooms == nullptr ? nullptr : rooms->get();
  };
  if (sealed.row.wrote != 0) {
    auto* const rooms = in_memory(sealed.row.sender);
    if (rooms != nullptr && rooms->contains(room)) rooms->at(room).wrote = sealed.row.wrote;
  }
  if (!sealed.member) return;
  auto* const rooms = in_memory(sealed.member);
  if (rooms == nullptr) return;
  auto& member = (*rooms)[room];
  member.room = room;
  member.membership = sealed.row.membership;
  member.position = position;
  if (sealed.row.joined != 0) member.joined = sealed.row.joined;
  user_rooms_.resize(sealed.member, memory_bytes(*rooms));
}

void RoomService::drop(std::shared_ptr<Room> const& room) {
  room->set_broken();
  if (auto const* found = rooms_.find(room->nid()); found != nullptr && *found == room)
    rooms_.erase(room->nid());
}

Task<Result<EventPtr>> RoomService::append(RoomNid nid, EventDraft draft) {
  if (draft.relates_to) {
    if (auto first = co_await check_annotation(draft); !first) co_return fail(std::move(first));
  }
  for (int attempt = 1;; ++attempt) {
    auto const room = co_await load(nid);
    if (!room) co_return std::unexpected(room.error());
    Batch batch{.room = *room};
    if (auto added = add(batch, draft); !added) co_return std::unexpected(added.error());
    auto committed = co_await commit(std::move(batch));
    bool const again = !committed && committed.error().code == ErrorCode::conflict && attempt < kAttempts;
    if (!again) co_return committed;
    log(LogLevel::debug, "a room moved on, trying again", {{"room", nid.value}});
  }
}

}  // namespace torg::matrix
