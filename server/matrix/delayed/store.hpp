#pragma once
#include "matrix/delayed/delayed_events.hpp"

namespace torg::matrix::delayed_store {

struct WaitingRow {
  std::string delay_id;
  UserNid sender;
  std::int64_t scheduled_at = 0;
  std::int64_t delay_ms = 0;
};
void each_waiting(db::Reader& reader, std::function<void(WaitingRow)> const& use);

void insert(db::Transaction& transaction, DelayedEvent const& event);
void restart(db::Transaction& transaction, std::string const& delay_id, std::int64_t now_ms);
/// What became of it: sent as `event`, or cancelled, by an error if there is one. A sent event's content is
/// the event's from here on, so that a redaction or disposal takes it away here too.
void finalise(db::Transaction& transaction, std::string const& delay_id, std::int64_t now_ms, EventNid event,
              std::string const& error);
void forget_user(db::Transaction& transaction, UserNid user);
/// What was finalised before `before_ms`, and of `user` all but the newest `kept`.
void forget_old(db::Transaction& transaction, UserNid user, std::int64_t before_ms, std::size_t kept);

[[nodiscard]] std::optional<DelayedEvent> find(db::Reader& reader, std::string const& delay_id);
[[nodiscard]] std::optional<std::string> find_request(db::Reader& reader, std::int64_t device,
                                                      std::string const& transaction_id);
[[nodiscard]] std::vector<DelayedEvent> of(db::Reader& reader, UserNid user, DelayedEvents::Which which,
                                           std::size_t limit);

}  // namespace torg::matrix::delayed_store
