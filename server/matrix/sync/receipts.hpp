#pragma once
#include "matrix/room/service.hpp"

namespace torg::matrix {

enum class ReceiptKind : std::uint8_t { read, read_private };

/// Who is told of `m.read` receipts: what somebody has read is nobody's business unless the authority says
/// so.
enum class ReceiptsShown : std::uint8_t { to_owner, to_room };

struct Receipt {
  UserNid user;
  ReceiptKind kind = ReceiptKind::read;
  std::string thread;  ///< empty: unthreaded; `main` or an event id
  EventNid event;
  std::string event_id;
  Position event_position;
  std::int64_t at = 0;        ///< milliseconds
  std::int64_t messages = 0;  ///< how many messages the room had at the event
  Position position;          ///< of the receipt itself
};

/// How far everyone has read, per room; loaded when first needed.
class Receipts {
 public:
  Receipts(RoomService& rooms, ReceiptsShown shown)
      : rooms_(rooms), shown_(shown), in_rooms_(rooms.cache().receipts()) {}

  /// Called after each receipt that moved.
  void observe(std::function<void(RoomNid room, UserNid user)> observer) {
    observers_.push_back(std::move(observer));
  }
  /// A receipt only moves forward; an older one is accepted and ignored.
  Task<Result<>> set(std::shared_ptr<Room> room, UserNid user, ReceiptKind kind, std::string thread,
                     EventPtr event);

  using InRoom = std::vector<Receipt>;  ///< in order of user, kind and thread
  [[nodiscard]] Task<Result<std::shared_ptr<InRoom const>>> of(RoomNid room);
  /// Those of one user.
  [[nodiscard]] static std::span<Receipt const> of_user(InRoom const& receipts, UserNid user);
  /// Appends the m.receipt event with what changed after `since` and `viewer` may see; false when nothing
  /// did.
  [[nodiscard]] bool append_event(std::string& out, InRoom const& receipts, Position since,
                                  UserNid viewer) const;
  /// The same for a reader who sees the private receipts of some.
  [[nodiscard]] bool append_event(std::string& out, InRoom const& receipts, Position since,
                                  std::function<bool(UserNid)> const& sees_private) const;

 private:
  void keep(RoomNid room, Receipt receipt);
  [[nodiscard]] static std::size_t memory_bytes(InRoom const& receipts);

  RoomService& rooms_;
  ReceiptsShown shown_;
  LruCache<RoomNid, std::shared_ptr<InRoom>> in_rooms_;
  std::vector<std::function<void(RoomNid, UserNid)>> observers_;
};

[[nodiscard]] std::span<db::Migration const> sync_migrations();

}  // namespace torg::matrix
