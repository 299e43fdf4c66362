#include "matrix/app_service/ours.hpp"

#include <algorithm>
#include <limits>

namespace torg::matrix {
namespace {

constexpr std::size_t kWindow = 1'000;
constexpr std::size_t kMaxNames = 100'000;

Membership membership_of(std::string const& content) {
  auto const parsed = parse_json_object(content);
  return parse_membership(parsed ? optional_string(*parsed, "membership").value_or("") : "");
}

}  // namespace

bool Ours::is_ours(UserNid user) {
  if (!user) return false;
  auto const index = static_cast<std::size_t>(user.value);
  if (index >= users_.size()) users_.resize(index + 1);
  auto& known = users_[index];
  if (known == Known::no)
    known = service_.owns_user(rooms_.identity().user_id(user)) ? Known::ours : Known::theirs;
  return known == Known::ours;
}

void Ours::set(RoomNid room, UserNid user, Membership membership) {
  if (membership == Membership::join) {
    joined_[room].insert(user);
    return;
  }
  auto const found = joined_.find(room);
  if (found == joined_.end()) return;
  found->second.erase(user);
  if (found->second.empty()) joined_.erase(found);
}

Task<Result<>> Ours::start_at(EventNid at) {
  auto users = rooms_.identity().users().search("", std::numeric_limits<std::size_t>::max());
  std::erase_if(users, [this](UserNid user) { return !is_ours(user); });
  auto& database = rooms_.database();
  auto const now =
      co_await database.read([&](db::Reader& reader) { return service_store::joined(reader, users); });
  if (!now) co_return std::unexpected(now.error());
  for (auto const& [room, user] : *now) set(room, user, Membership::join);
  auto const member_type = rooms_.types().find("m.room.member");
  std::set<std::pair<RoomNid, UserNid>> undone;
  for (auto from = at;;) {
    auto const rows = co_await database.read([&](db::Reader& reader) {
      return service_store::rows_after(reader, from, EventNid(INT64_MAX), kWindow);
    });
    if (!rows) co_return std::unexpected(rows.error());
    for (auto const& row : *rows) {
      auto const user =
          row.type == member_type && row.state_key ? rooms_.identity().find(*row.state_key) : UserNid{};
      if (!is_ours(user) || !undone.emplace(row.room, user).second) continue;
      auto const before = row.replaces ? co_await rooms_.event_by_nid(row.replaces) : Result<EventPtr>();
      set(row.room, user, before && *before ? membership_of((*before)->content) : Membership::none);
    }
    if (rows->size() < kWindow) co_return Result<>{};
    from = rows->back().nid;
  }
}

Task<Result<bool>> Ours::named(RoomNid room) {
  if (service_.rooms.empty() && service_.aliases.empty()) co_return false;
  if (auto const known = by_name_.find(room); known != by_name_.end()) co_return known->second;
  auto const loaded = co_await rooms_.room_id(room);
  if (!loaded && loaded.error().code == ErrorCode::not_found) co_return false;
  if (!loaded) co_return std::unexpected(loaded.error());
  bool yes = std::ranges::any_of(service_.rooms, [&](auto const& each) { return each.holds(loaded->value); });
  if (!yes && !service_.aliases.empty()) {
    auto const aliases =
        co_await rooms_.database().read([room](db::Reader& reader) { return store::aliases(reader, room); });
    if (!aliases) co_return std::unexpected(aliases.error());
    yes = std::ranges::any_of(*aliases, [&](auto const& alias) { return service_.owns_alias(alias); });
  }
  if (by_name_.size() >= kMaxNames) by_name_.clear();
  by_name_[room] = yes;
  co_return yes;
}

Task<Result<bool>> Ours::interested(RoomNid room) {
  if (has_room(room)) co_return true;
  co_return co_await named(room);
}

Task<Result<bool>> Ours::interested(service_store::Row row) {
  if (is_ours(row.sender) || has_room(row.room)) co_return true;
  if (row.state_key && row.type == rooms_.types().find("m.room.member") &&
      is_ours(rooms_.identity().find(*row.state_key)))
    co_return true;
  co_return co_await named(row.room);
}

void Ours::pass(CachedEvent const& event) {
  if (event.type != "m.room.member" || !event.state_key) return;
  if (auto const user = rooms_.identity().find(*event.state_key); is_ours(user))
    set(event.room, user, membership_of(event.content));
}

}  // namespace torg::matrix
