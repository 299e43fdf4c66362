#include "matrix/sliding_sync/connection.hpp"

#include <algorithm>
#include <set>

namespace torg::matrix {
namespace {

/// Members are told of again when a connection has been told of this many; bounds its memory.
constexpr std::size_t kMostMembers = 4096;
constexpr std::size_t kMemberBytes = 32;
/// A client that asks for other state in each room has to start anew when what it asked for takes this much.
constexpr std::size_t kMostStateBytes = 4 << 20;

std::uint64_t member_key(RoomNid room, UserNid user) {
  return static_cast<std::uint64_t>(static_cast<std::uint32_t>(room.value)) << 32 |
         static_cast<std::uint32_t>(user.value);
}
RoomNid room_of(std::uint64_t member) { return RoomNid(static_cast<std::int32_t>(member >> 32)); }

}  // namespace

SentRoom const* Connection::room(RoomNid room) const {
  auto const found = rooms_.find(room);
  return found == rooms_.end() ? nullptr : &found->second;
}

OutOfScope Connection::out_of_scope(RoomNid room) const {
  auto const found = out_of_scope_.find(room);
  return found == out_of_scope_.end() ? OutOfScope{} : found->second;
}

bool Connection::was_told_of(RoomNid room, UserNid member) const {
  return members_.contains(member_key(room, member));
}

void Connection::restart(std::string name) {
  auto const turn = turn_;
  *this = Connection();
  turn_ = turn;
  name_ = std::move(name);
}

std::string Connection::position(std::int64_t number, SyncToken at) const {
  return name_ + '.' + std::to_string(number) + '.' + to_text(at);
}

bool Connection::resume(std::string_view pos) {
  if (state_bytes_ > kMostStateBytes) return false;
  if (proposed_ && pos == position(proposed_number_, proposed_->at)) {
    take(std::move(*proposed_));
    number_ = proposed_number_;
    proposed_.reset();
    return true;
  }
  return number_ != 0 && pos == position(number_, at_);
}

std::string Connection::propose(Step step) {
  proposed_ = std::move(step);
  proposed_number_ = ++last_number_;
  return position(proposed_number_, proposed_->at);
}

void Connection::tell(RoomNid room, SentRoom sent) {
  if (sent.state && ++states_[sent.state] == 1) state_bytes_ += sent.state->memory_bytes();
  auto& place = rooms_[room];
  auto const before = std::exchange(place, std::move(sent)).state;
  auto const shared = states_.find(before);
  if (shared == states_.end() || --shared->second > 0) return;
  state_bytes_ -= before->memory_bytes();
  states_.erase(shared);
}

void Connection::take(Step step) {
  at_ = step.at;
  account_data_ = step.account_data;
  thread_subscriptions_ = step.thread_subscriptions;
  in_scope_ = std::move(step.in_scope);
  for (auto& [room, sent] : step.rooms) tell(room, std::move(sent));
  for (auto const& [room, out] : step.fell_out) out_of_scope_[room] = out;
  if (!step.forget_members.empty() && !members_.empty()) {
    std::ranges::sort(step.forget_members);
    std::erase_if(members_, [&](std::uint64_t member) {
      return std::ranges::binary_search(step.forget_members, room_of(member));
    });
  }
  if (members_.size() > kMostMembers) members_.clear();
  for (auto const& [room, user] : step.members) members_.insert(member_key(room, user));
}

std::size_t Connection::memory_bytes() const {
  constexpr std::size_t kSlack = 2;  // of a hash map that has just grown
  std::size_t bytes = sizeof *this + in_scope_.size() * sizeof(InScope) + members_.size() * kMemberBytes;
  bytes += (rooms_.size() * sizeof(std::pair<RoomNid, SentRoom>) +
            out_of_scope_.size() * sizeof(std::pair<RoomNid, OutOfScope>)) *
           kSlack;
  bytes += state_bytes_ + states_.size() * sizeof(void*) * 3 * kSlack;
  if (!proposed_) return bytes;
  bytes += proposed_->rooms.size() * sizeof(std::pair<RoomNid, SentRoom>);
  std::set<RequiredState const*> counted;
  for (auto const& [room, sent] : proposed_->rooms)
    if (sent.state && counted.insert(sent.state.get()).second) bytes += sent.state->memory_bytes();
  return bytes;
}

}  // namespace torg::matrix
