#include "matrix/sliding_sync/room_facts.hpp"

#include "crypto/hash.hpp"
#include "matrix/sliding_sync/store.hpp"

#include <algorithm>
#include <array>

namespace torg::matrix {
namespace {

constexpr std::string_view kCreate = "m.room.create";
constexpr std::string_view kEncryption = "m.room.encryption";
constexpr std::array<std::string_view, 9> kBumps{"m.room.create",
                                                 "m.room.message",
                                                 "m.room.encrypted",
                                                 "m.sticker",
                                                 "m.call.invite",
                                                 "m.poll.start",
                                                 "m.beacon_info",
                                                 "org.matrix.msc3381.poll.start",
                                                 "org.matrix.msc3672.beacon_info"};
/// Up to so many rooms are loaded one by one; more are asked for at once.
constexpr std::size_t kFew = 8;
/// 12 MiB of rooms; then what is known is learnt again.
constexpr std::size_t kMostRooms = 500'000;

bool is_bump(std::string_view type) { return std::ranges::find(kBumps, type) != kBumps.end(); }

std::uint64_t type_of(std::string_view create_content) {
  auto const content = parse_json_object(create_content);
  auto const type = content ? optional_string(*content, "type") : std::nullopt;
  return type_number(type ? std::optional(std::string(*type)) : std::nullopt);
}

RoomFacts facts_of(Room const& room) {
  RoomFacts facts;
  if (auto const* create = room.state(kCreate, "")) facts.type = type_of((*create)->content);
  facts.encrypted = room.state(kEncryption, "") != nullptr;
  return facts;
}

/// Among the events in memory; zero when there is none.
Position newest_bump(Room const& room) {
  auto const& timeline = room.timeline();
  auto const newest = std::find_if(timeline.rbegin(), timeline.rend(),
                                   [](EventPtr const& event) { return is_bump(event->type); });
  return newest == timeline.rend() ? Position() : (*newest)->position;
}

}  // namespace

std::uint64_t type_number(std::optional<std::string> const& type) {
  if (!type) return 0;
  auto const hash = crypto::sha256(*type);
  std::uint64_t number = 0;
  std::copy_n(hash.begin(), sizeof number, reinterpret_cast<unsigned char*>(&number));
  return number | 1;
}

FactsOfRooms::FactsOfRooms(RoomService& rooms) : rooms_(rooms) {
  rooms.observe([this](Room const& room, EventPtr const& event) { committed(room, *event); });
}

void FactsOfRooms::committed(Room const& room, CachedEvent const& event) {
  if (is_bump(event.type)) {
    if (auto const known = bumps_.find(room.nid()); known != bumps_.end()) known->second = event.position;
  }
  if (event.type != kEncryption || !event.state_key || !event.state_key->empty()) return;
  ++encryptions_;
  if (auto const known = facts_.find(room.nid()); known != facts_.end()) known->second.encrypted = true;
}

RoomFacts const* FactsOfRooms::find(RoomNid room) const {
  auto const known = facts_.find(room);
  return known == facts_.end() ? nullptr : &known->second;
}

Task<Result<>> FactsOfRooms::learn(UserNid user, std::vector<RoomNid> missing) {
  if (facts_.size() > kMostRooms) facts_.clear();
  if (missing.size() <= kFew) {
    for (auto const nid : missing) {
      auto const room = co_await rooms_.load(nid);
      if (!room) co_return std::unexpected(room.error());
      facts_.insert_or_assign(nid, facts_of(**room));
    }
    co_return Result<>{};
  }
  auto const create = rooms_.types().find(kCreate);
  auto const encryption = rooms_.types().find(kEncryption);
  for (;;) {
    auto const before = encryptions_;
    auto const rows = co_await rooms_.database().read(
        [=](db::Reader& reader) { return sliding_store::facts_of(reader, user, create, encryption); });
    if (!rows) co_return std::unexpected(rows.error());
    if (encryptions_ != before) continue;  // a room may have become encrypted meanwhile
    for (auto const nid : missing) facts_.insert_or_assign(nid, RoomFacts{});
    for (auto const& row : *rows) {
      auto const known = facts_.find(row.room);
      if (known == facts_.end()) continue;
      if (row.type == encryption) known->second.encrypted = true;
      if (row.type == create) known->second.type = type_of(row.content);
    }
    co_return Result<>{};
  }
}

Task<Result<Position>> FactsOfRooms::bump(std::shared_ptr<Room> room) {
  if (auto const known = bumps_.find(room->nid()); known != bumps_.end()) co_return known->second;
  if (bumps_.size() > kMostRooms) bumps_.clear();
  if (auto const newest = newest_bump(*room)) co_return bumps_[room->nid()] = newest;
  std::vector<std::int32_t> types;
  for (auto const type : kBumps) {
    if (auto const number = rooms_.types().find(type); number != 0) types.push_back(number);
  }
  auto const found = co_await rooms_.database().read([nid = room->nid(), types](db::Reader& reader) {
    return sliding_store::newest_of_types(reader, nid, types);
  });
  if (!found) co_return found;
  // One may have been committed meanwhile.
  co_return bumps_[room->nid()] = std::max(newest_bump(*room), *found);
}

}  // namespace torg::matrix
