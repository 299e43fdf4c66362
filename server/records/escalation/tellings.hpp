#pragma once
#include "db/database.hpp"
#include "matrix/room/rooms.hpp"
#include "records/escalation/notices.hpp"

#include <functional>

// What leaves the queue when clocks run out (R23): a notice in each room where something is late, and a
// letter to the authority. Both are rows of the round's own transaction, so that a stop loses none.
namespace torg::records {

/// How notices and letters go out; given by the program, so that records need not know of mail.
struct ClockTellers {
  matrix::Rooms* rooms = nullptr;  ///< none: rooms are told nothing
  std::function<UserNid()> service_user;
  /// Empty: this server sends no such letters. Anything but a success is tried again.
  std::function<Task<Result<>>(AuthorityId, std::string subject, std::string text)> mail;
};

/// Items of one room that an authority has not assessed in time.
struct LateRoom {
  std::int64_t id = 0;
  AuthorityId authority;
  RoomNid room;
  std::int64_t count = 0;
};
struct ClockLetter {
  std::int64_t id = 0;
  AuthorityId authority;
  std::string text;  ///< sentences, one a line
};

/// "Two records in this room should have been assessed": a count, no title, for everybody in the room reads
/// it.
[[nodiscard]] Bilingual room_words(std::string_view authority, std::int64_t count);
/// What a letter says of one round: counts only, as the notices (R61).
[[nodiscard]] std::string letter_text(std::vector<ClockNotice> const& notices);

/// All SQL of what waits to be told.
namespace telling_store {

/// Rooms with items of the authority that became late – one working day past their day – after `after` and up
/// to `today`; each item is told of once.
[[nodiscard]] std::vector<LateRoom> late_rooms(db::Reader& reader, AuthorityId authority, Day after,
                                               Day today);
void add(db::Transaction& transaction, LateRoom const& room);
void add(db::Transaction& transaction, AuthorityId authority, std::string_view text);
[[nodiscard]] std::vector<LateRoom> rooms(db::Reader& reader);
[[nodiscard]] std::vector<ClockLetter> letters(db::Reader& reader);
void remove_room(db::Transaction& transaction, std::int64_t id);
void remove_letter(db::Transaction& transaction, std::int64_t id);

}  // namespace telling_store
}  // namespace torg::records
