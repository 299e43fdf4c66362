#pragma once
#include "matrix/push/delivery.hpp"
#include "matrix/push/store.hpp"
#include "net/buckets.hpp"

#include <set>

namespace torg::matrix {

/// Pushers and what they are told: each committed event is judged for their owners among the room's members,
/// after the commit and beside whatever waits for it.
///
/// What was told is remembered every few seconds: after a crash a gateway may hear of an event again, which
/// it knows by its id. On the executor.
/// @see https://spec.matrix.org/v1.19/client-server-api/#push-notifications
class PushService {
 public:
  PushService(RoomService& rooms, Receipts& receipts, Notifications& notifications, net::HttpClient& client,
              PushContent content, LetterSettings letters);

  /// Loads the pushers and goes on where the last run stopped.
  void start();
  Task<> stop();

  [[nodiscard]] std::vector<Pusher> of(UserNid user) const;
  enum class Others : std::uint8_t { keep, remove };
  /// Adds or changes one; `others`: pushers of other users with the same app and key.
  Task<Result<>> set(Pusher pusher, Others others);
  Task<Result<>> remove(UserNid owner, std::string app_id, std::string pushkey);
  // mail.cpp
  /// `set` for e-mail: the address is asked first whether it wants letters. `limit_exceeded` when one asks
  /// too many addresses, `invalid_param` when this server sends no mail.
  Task<Result<>> set_mail(Pusher pusher);
  /// By the token in a letter's link; `not_found` when it is none.
  Task<Result<>> confirm(std::string token);
  Task<Result<>> unsubscribe(std::string token);
  /// None: no such token.
  [[nodiscard]] std::optional<std::string> language_of_token(std::string_view token) const;
  [[nodiscard]] Letters const& letters() const { return letters_; }

  struct Listed {
    EventPtr event;
    std::string room_id;
    PushActions actions;
    bool read = false;
  };
  struct Page {
    std::vector<Listed> items;  ///< newest first
    std::optional<Position> next;
  };
  enum class Only : std::uint8_t { all, highlights };
  /// What `user` was notified of before `before`.
  Task<Result<Page>> notified(UserNid user, Position before, std::size_t limit, Only only);

  [[nodiscard]] std::vector<net::Route> routes();
  [[nodiscard]] std::vector<net::Route> mail_routes();
  [[nodiscard]] RoomService& rooms() { return rooms_; }

 private:
  void follow(EventPtr event);
  void wake();
  Task<> work();
  Task<> tell(EventPtr event);
  Task<> tell_owner(std::shared_ptr<Room> room, EventPtr event, std::shared_ptr<json::object const> content,
                    UserNid owner);
  Task<> recount(UserNid owner, RoomNid room);
  [[nodiscard]] std::vector<UserNid> owners_in(Room const& room, CachedEvent const& event) const;
  void put_in_memory(Pusher pusher);
  [[nodiscard]] std::shared_ptr<PushDelivery> by_token(std::string_view token) const;  // mail.cpp
  void drop(std::function<bool(Pusher const&)> const& which);
  void remember_soon();
  Task<> remember();
  Task<> catch_up(EventNid after);
  // listed.cpp
  Task<Result<>> list_room(UserNid user, RoomNid room, Position before, Position& reached,
                           std::vector<Listed>& out);

  RoomService& rooms_;
  Notifications& notifications_;
  Receipts& receipts_;
  Badges badges_;
  Letters letters_;
  net::Buckets confirmations_;
  TaskGroup group_;
  DeliveryServices services_;
  std::map<UserNid, std::vector<std::shared_ptr<PushDelivery>>> owners_;
  std::deque<EventPtr> events_;                  ///< committed, not judged yet
  std::set<std::pair<UserNid, RoomNid>> moved_;  ///< whose count may have changed, where
  EventNid judged_;                              ///< events up to here are judged
  EventNid remembered_;
  Runtime::TimerId timer_;
  bool running_ = false;  ///< between `start` and `stop`
  bool working_ = false;
};

}  // namespace torg::matrix
