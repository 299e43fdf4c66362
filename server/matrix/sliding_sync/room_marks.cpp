#include "matrix/sliding_sync/room_marks.hpp"

namespace torg::matrix {
namespace {

/// More direct chats than that nobody has; what the rest costs isn't worth it.
constexpr std::size_t kMostDirect = 10'000;
constexpr std::size_t kMarkBytes = 64;

std::vector<std::string> tags_of(std::string_view content) {
  std::vector<std::string> names;
  auto const object = parse_json_object(content);
  auto const* tags = object ? optional_object(*object, "tags") : nullptr;
  if (tags == nullptr) return names;
  for (auto const& [name, value] : *tags) names.emplace_back(name);
  return names;
}

}  // namespace

Task<Result<>> MarksOfUsers::take(RoomMarks& marks, identity::AccountDataEntry entry) {
  if (entry.type == "m.tag" && !entry.room_id.empty()) {
    auto const room = co_await rooms_.find(entry.room_id);
    if (room) marks.tags[*room] = tags_of(entry.content);
  }
  if (entry.type != "m.direct" || !entry.room_id.empty()) co_return Result<>{};
  marks.direct.clear();
  marks.direct_at = entry.position;
  auto const content = parse_json_object(entry.content);
  if (!content) co_return Result<>{};
  std::size_t looked_at = 0;
  for (auto const& [user, list] : *content) {
    if (!list.is_array()) continue;
    for (auto const& room_id : list.get_array()) {
      if (!room_id.is_string() || ++looked_at > kMostDirect) continue;
      auto const room = co_await rooms_.find(std::string(room_id.get_string()));
      if (room) marks.direct.insert(*room);
      if (!room && room.error().code != ErrorCode::not_found) co_return std::unexpected(room.error());
    }
  }
  co_return Result<>{};
}

Task<Result<std::shared_ptr<RoomMarks const>>> MarksOfUsers::of(UserNid user) {
  auto& account_data = rooms_.identity().account_data();
  std::shared_ptr<RoomMarks const> known;
  if (auto const* found = marks_.find(user)) known = *found;
  if (known && account_data.last_change(user) <= known->as_of) co_return known;
  auto marks = known ? std::make_shared<RoomMarks>(*known) : std::make_shared<RoomMarks>();
  auto const now = rooms_.stream().last();
  auto const changes = co_await account_data.changes(user, marks->as_of);
  if (!changes) co_return std::unexpected(changes.error());
  for (auto const& entry : *changes) {
    if (auto taken = co_await take(*marks, entry); !taken) co_return fail(std::move(taken));
  }
  marks->as_of = std::max(marks->as_of, now);
  // Somebody else may have read on further meanwhile.
  auto const* kept = marks_.find(user);
  if (kept == nullptr || (*kept)->as_of < marks->as_of)
    marks_.put(user, marks, (marks->direct.size() + marks->tags.size()) * kMarkBytes);
  co_return marks;
}

}  // namespace torg::matrix
