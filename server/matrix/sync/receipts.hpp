#pragma once
#include "matrix/room/service.hpp"

namespace torg::matrix {

enum class ReceiptKind : std::uint8_t { read, read_private };

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
  explicit Receipts(RoomService& rooms) : rooms_(rooms), in_rooms_(rooms.cache().receipts()) {}

  /// A receipt only moves forward; an older one is accepted and ignored.
  Task<Result<>> set(std::shared_ptr<Room> room, UserNid user, ReceiptKind kind, std::string thread,
                     EventPtr event);

  using InRoom = std::vector<Receipt>;
  [[nodiscard]] Task<Result<std::shared_ptr<InRoom const>>> of(RoomNid room);
  /// Messages of others that `user` has not read; writing oneself counts as having read. `wrote` is how many
  /// messages the room had then.
  [[nodiscard]] static std::int64_t unread(Room const& room, InRoom const& receipts, UserNid user,
                                           std::int64_t wrote);
  /// Appends the m.receipt event with what changed after `since` and `viewer` may see; false when nothing
  /// did.
  [[nodiscard]] bool append_event(std::string& out, InRoom const& receipts, Position since,
                                  UserNid viewer) const;
  /// The same for a reader who sees the private receipts of some.
  static bool append_event(std::string& out, identity::Identity const& identity, InRoom const& receipts,
                           Position since, std::function<bool(UserNid)> const& sees_private);

 private:
  void keep(RoomNid room, Receipt receipt);
  [[nodiscard]] static std::size_t memory_bytes(InRoom const& receipts);

  RoomService& rooms_;
  LruCache<RoomNid, std::shared_ptr<InRoom>> in_rooms_;
};

[[nodiscard]] std::span<db::Migration const> sync_migrations();

}  // namespace torg::matrix
