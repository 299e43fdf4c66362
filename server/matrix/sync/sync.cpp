#include "matrix/sync/sync.hpp"

#include "matrix/sync/reader.hpp"
#include "matrix/sync/store.hpp"

#include <algorithm>

namespace torg::matrix {
namespace {

enum Section : std::size_t { kJoin, kInvite, kLeave, kKnock };
constexpr std::array<std::string_view, 4> kSectionNames{"join", "invite", "leave", "knock"};

Section section_of(Membership membership) {
  switch (membership) {
    case Membership::join:
      return kJoin;
    case Membership::invite:
      return kInvite;
    case Membership::knock:
      return kKnock;
    default:
      return kLeave;
  }
}

std::string empty_answer(SyncToken to) { return R"({"next_batch":")" + to_text(to) + R"("})"; }

void append_sections(std::string& out, std::array<std::string, 4> const& sections) {
  bool const any = std::ranges::any_of(sections, [](auto const& s) { return !s.empty(); });
  if (!any) return;
  out += R"(,"rooms":{)";
  bool first = true;
  for (std::size_t i = 0; i < sections.size(); ++i) {
    if (sections[i].empty()) continue;
    if (!std::exchange(first, false)) out += ',';
    ((out += '"') += kSectionNames[i]) += R"(":{)";
    (out += sections[i]) += '}';
  }
  out += '}';
}

}  // namespace

SyncService::SyncService(RoomService& rooms, Typing& typing, Receipts& receipts, ToDevice& to_device,
                         Presence& presence, Notifications& notifications, std::uint32_t boot)
    : rooms_(rooms),
      typing_(typing),
      receipts_(receipts),
      to_device_(to_device),
      device_lists_(rooms),
      presence_(presence),
      notifications_(notifications),
      boot_(boot),
      told_(rooms.cache().told()) {
  auto& identity = rooms.identity();
  identity.check_filter = [](json::object const& filter) -> Result<> {
    auto parsed = parse_sync_filter(filter);
    return parsed ? Result<>{} : Result<>(fail(std::move(parsed)));
  };
  identity.account_data().observe([this](identity::AccountDataChange const& change) {
    rooms_.stream().append({change.position, StreamEntry::Kind::account_data, {}, change.user});
    rooms_.stream().wake(change.user);
  });
  identity.sessions().at_end([this](db::Transaction& transaction, identity::Sessions::Ended const& ended) {
    transaction.on_commit([this, sessions = ended.sessions] {
      for (auto const session : sessions) told_.erase(session);
    });
  });
  identity.device_keys().observe([this](identity::DeviceListChange const& change) {
    rooms_.stream().append({change.position, StreamEntry::Kind::device_list, {}, change.user});
    rooms_.wake_neighbours(change.user);
  });
}

void SyncService::stop() {
  stopping_ = true;
  rooms_.stream().wake_all();
}

Task<Result<std::string>> SyncService::sync(identity::Requester requester, SyncRequest request) {
  auto& stream = rooms_.stream();
  auto const deadline = rooms_.runtime().steady_now() + request.timeout;
  auto const user = requester.user;
  auto const rooms = co_await rooms_.rooms_of(user);
  if (!rooms) co_return std::unexpected(rooms.error());
  presence_.syncs(user, request.presence, deadline, **rooms);
  Reader reader{std::move(requester), std::move(request), {}};
  if (reader.initial()) told_.erase(reader.requester.session);
  for (;;) {
    reader.to = {stream.last(), stream.volatile_position(), boot_};
    bool const must_answer = reader.initial() || reader.request.full_state;
    bool const look = must_answer || concerns(**rooms, user, *reader.request.since) ||
                      presence_concerns(**rooms, user, *reader.request.since);
    if (look) {
      bool something = false;
      auto answer = co_await build(reader, something);
      if (!answer || something || must_answer) co_return answer;
      // What lies behind is nothing for this reader: the next look starts from here.
      reader.request.since = reader.to;
    }
    auto* const call = reader.request.call;
    bool const gone = call != nullptr && call->interrupted();
    if (stopping_ || gone || rooms_.runtime().steady_now() >= deadline) co_return empty_answer(reader.to);
    bool const still_there =
        stream.last() == reader.to.position && stream.volatile_position() == reader.to.volatile_position;
    if (!still_there) continue;
    // Wakes the user's other devices too, which look and wait on.
    if (call != nullptr) call->on_interrupt([&stream, user] { stream.wake(user); });
    co_await stream.wait(user, deadline);
  }
}

bool SyncService::concerns(UserRooms const& rooms, UserNid user, SyncToken since) const {
  auto const& stream = rooms_.stream();
  if (!stream.covers(since.position)) return true;
  auto const joined = [&](RoomNid room) {
    auto const found = rooms.find(room);
    return found != rooms.end() && found->second.membership == Membership::join;
  };
  bool found = false;
  stream.each_after(since.position, [&](StreamEntry const& entry) {
    bool const device_list = entry.kind == StreamEntry::Kind::device_list;  // whose, the section finds out
    found = found || entry.user == user || device_list || (entry.room && joined(entry.room));
  });
  if (found) return true;
  auto const since_volatile = since.boot == boot_ ? since.volatile_position : 0;
  typing_.each_changed(since_volatile, [&](RoomNid room) { found = found || joined(room); });
  return found;
}

bool SyncService::presence_concerns(UserRooms const& rooms, UserNid user, SyncToken since) const {
  bool found = false;
  presence_.each_changed(since.boot == boot_ ? since.volatile_position : 0, [&](UserNid who) {
    found = found || (who != user && presence_.shares(who, rooms));
  });
  return found;
}

Task<Result<std::vector<RoomNid>>> SyncService::changed_rooms(Reader const& reader, UserRooms const& rooms) {
  std::vector<RoomNid> changed;
  auto const user = reader.requester.user;
  if (reader.initial() || reader.request.full_state) {
    for (auto const& [room, member] : rooms) changed.push_back(room);
    co_return changed;
  }
  auto const after = reader.after();
  if (rooms_.stream().covers(after)) {
    rooms_.stream().each_after(after, [&](StreamEntry const& entry) {
      if (entry.room && rooms.contains(entry.room)) changed.push_back(entry.room);
    });
  } else {
    auto stored = co_await rooms_.database().read([user, after](db::Reader& r) {
      auto found = store::rooms_changed_since(r, user, after);
      std::ranges::copy(sync_store::rooms_with_receipts_since(r, user, after), std::back_inserter(found));
      return found;
    });
    if (!stored) co_return stored;
    changed = std::move(*stored);
  }
  for (auto const& entry : reader.account_data) {
    if (entry.room_id.empty()) continue;
    if (auto const room = co_await rooms_.find(entry.room_id); room && rooms.contains(*room))
      changed.push_back(*room);
  }
  typing_.each_changed(reader.after_volatile(), [&](RoomNid room) {
    if (rooms.contains(room)) changed.push_back(room);
  });
  std::ranges::sort(changed);
  changed.erase(std::ranges::unique(changed).begin(), changed.end());
  co_return changed;
}

Task<Result<std::string>> SyncService::build(Reader& reader, bool& something) {
  // First: a capped lane moves the end of all others.
  if (auto read = co_await read_personal(reader); !read) co_return std::unexpected(read.error());
  auto const personal = co_await personal_section(reader, something);
  if (!personal) co_return personal;
  auto const rooms = co_await rooms_.rooms_of(reader.requester.user);
  if (!rooms) co_return std::unexpected(rooms.error());
  auto const present = co_await presence_section(reader, **rooms, something);
  auto const changed = co_await changed_rooms(reader, **rooms);
  if (!changed) co_return std::unexpected(changed.error());
  std::array<std::string, 4> sections;
  for (auto const room : *changed) {
    auto const member = (*rooms)->find(room);
    if (member == (*rooms)->end()) continue;
    if (auto appended = co_await append_room(reader, member->second, sections); !appended) {
      co_return std::unexpected(appended.error());
    }
  }
  something = something || std::ranges::any_of(sections, [](auto const& s) { return !s.empty(); });
  std::string out = R"({"next_batch":")" + to_text(reader.to) + '"';
  out.reserve(out.size() + personal->size() + sections[kJoin].size() + sections[kInvite].size() +
              sections[kLeave].size() + 64);
  out += *personal;
  out += present;
  append_sections(out, sections);
  out += '}';
  co_return out;
}

Task<Result<>> SyncService::append_room(Reader& reader, store::MemberOf member,
                                        std::array<std::string, 4>& sections) {
  bool const is_news = member.position > reader.after() && member.position <= reader.to.position;
  auto const section = section_of(member.membership);
  if (section != kJoin && !is_news) co_return Result<>{};
  bool const forgotten = member.membership == Membership::none;
  if (section == kLeave && reader.initial() && (forgotten || !reader.request.filter.include_leave))
    co_return Result<>{};
  auto const room = co_await rooms_.load(member.room);
  if (!room) co_return std::unexpected(room.error());
  if (!reader.request.filter.allows_room((*room)->id().value)) co_return Result<>{};

  if (section == kInvite && hides_invitation(rooms_.identity(), **room, reader.requester.user))
    co_return Result<>{};

  std::string part;
  bool written = true;
  if (section == kJoin || section == kLeave) {
    auto appended = section == kJoin ? co_await append_joined(reader, *room, member, part)
                                     : co_await append_left(reader, *room, member, part);
    if (!appended) co_return std::unexpected(appended.error());
    written = *appended;
  } else {
    append_invited(reader, **room, section == kInvite ? "invite_state" : "knock_state", part);
  }
  if (!written) co_return Result<>{};
  auto& out = sections[section];
  if (!out.empty()) out += ',';
  append_json_string(out, (*room)->id().value);
  ((out += ":{") += part) += '}';
  co_return Result<>{};
}

}  // namespace torg::matrix
