#include "administration/administration.hpp"

#include "administration/store.hpp"

namespace torg::administration {

Administration::Administration(Services services, matrix::MediaAdministration& media, Notices::Sender sender,
                               std::vector<Queue> queues, SetRate set_rate)
    : services_(services),
      users_(services),
      rooms_(services),
      closings_(services, rooms_),
      notices_(services, std::move(sender)),
      files_(services, media),
      guest_rooms_(services),
      queues_(std::move(queues)),
      set_rate_(std::move(set_rate)) {
  queues_.push_back({"closings", "Rooms that are being closed", store::unfinished_count});
}

void Administration::start() {
  rooms_.load();
  notices_.load();
  services_.database.read_now([this](db::Reader& reader) { rates_ = store::rate_overrides(reader); });
  for (auto const& [user, rate] : rates_) set_rate_(user, rate);
  closings_.start();
  guest_rooms_.start();
}

Task<> Administration::stop() {
  co_await closings_.stop();
  co_await guest_rooms_.stop();
}

Result<> Administration::may(matrix::RoomPolicy::Intent const& intent) const {
  using Act = matrix::RoomPolicy::Act;
  bool const enters = intent.act == Act::join || intent.act == Act::invite || intent.act == Act::knock;
  if (enters && rooms_.is_blocked(intent.room) && intent.before != matrix::Membership::join)
    return fail(ErrorCode::forbidden, "This room has been blocked by an administrator.");
  bool const declines = intent.act == Act::leave && intent.before == matrix::Membership::invite;
  if (!declines || !notices_.is_notice_room(intent.room, intent.by)) return {};
  auto const* account = services_.identity.account(intent.by);
  if (account == nullptr || !account->active) return {};  // the end of an account ends this too
  return fail(ErrorCode::cannot_leave_server_notice_room, "You can't decline the notices of this server.");
}

std::optional<net::Rate> Administration::rate_of(UserNid user) const {
  auto const found = rates_.find(user);
  return found == rates_.end() ? std::nullopt : std::optional(found->second);
}

Task<Result<>> Administration::set_rate(Act act, UserNid user, std::optional<net::Rate> rate) {
  json::object details{{"user", services_.identity.user_id(user)}};
  if (rate) {
    details["burst"] = rate->burst;
    details["interval_ms"] = rate->interval.count();
  }
  auto const also = noted(services_, act, rate ? "user.rate_set" : "user.rate_unset", std::move(details));
  co_return co_await services_.database.write([=, this](db::Transaction& transaction) -> Result<> {
    if (rate)
      store::put_rate_override(transaction, user, *rate);
    else
      store::remove_rate_override(transaction, user);
    transaction.on_commit([=, this] {
      rates_.erase(user);
      if (rate) rates_.emplace(user, *rate);
      set_rate_(user, rate);
    });
    return also ? also(transaction) : Result<>{};
  });
}

Task<Result<std::vector<Administration::Waiting>>> Administration::queues() {
  co_return co_await services_.database.read_aside([queues = queues_](db::Reader& reader) {
    std::vector<Waiting> waiting;
    for (auto const& queue : queues) waiting.push_back({queue.name, queue.help, queue.waiting(reader)});
    return waiting;
  });
}

}  // namespace torg::administration
