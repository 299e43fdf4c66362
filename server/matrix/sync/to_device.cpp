#include "matrix/sync/to_device.hpp"

#include "matrix/sync/store.hpp"

namespace torg::matrix {
namespace {

/// A device that is forgotten here removes its messages once more, of which there are none.
constexpr std::size_t kRememberedDevices = 16'384;
/// Of one message, as of an event; and of all that one request leads to, which `*` multiplies.
constexpr std::size_t kLargestMessage = 64 * 1024;
constexpr std::size_t kLargestRequest = 4 << 20;

struct Outgoing {
  UserNid user;
  std::string device;
  std::string content;
};

std::unexpected<Error> too_large() {
  return fail(ErrorCode::too_large, "These messages are too large, or go to too many devices at once.");
}

}  // namespace

void append_to_device(std::string& out, std::vector<ToDeviceMessage> const& messages) {
  bool first = true;
  for (auto const& message : messages) {
    if (!std::exchange(first, false)) out += ',';
    out += R"({"content":)" + message.content + R"(,"sender":)";
    append_json_string(out, message.sender);
    out += R"(,"type":)";
    append_json_string(out, message.type);
    out += '}';
  }
}

ToDevice::ToDevice(RoomService& rooms) : rooms_(rooms) {
  rooms.identity().sessions().at_end([this](db::Transaction& transaction,
                                            identity::Sessions::Ended const& ended) {
    if (!ended.device_gone) return;
    sync_store::forget_sender(transaction, identity::device_key(ended.user, ended.device));
    sync_store::drop_device(transaction, ended.user, ended.device.value);
    transaction.on_commit([this, key = std::pair(ended.user, ended.device.value)] { dropped_.erase(key); });
  });
}

Task<Result<>> ToDevice::send(identity::Requester from, std::string type, std::string transaction_id,
                              json::object messages) {
  std::vector<Outgoing> outgoing;
  std::size_t bytes = 0;
  for (auto const& [user_id, devices] : messages) {
    auto const user = rooms_.identity().find(user_id);
    if (!user || !devices.is_object() || rooms_.identity().account(user) == nullptr) continue;
    for (auto const& [device, content] : devices.get_object()) {
      if (!content.is_object()) co_return fail(ErrorCode::bad_json, "Each message must be an object.");
      auto text = json::serialize(content);
      if (text.size() > kLargestMessage) co_return too_large();
      if (device != "*") {
        if ((bytes += text.size()) > kLargestRequest) co_return too_large();
        outgoing.push_back({user, device, std::move(text)});
        continue;
      }
      auto const all = co_await rooms_.identity().sessions().devices(user);
      if (!all) co_return std::unexpected(all.error());
      if ((bytes += text.size() * all->size()) > kLargestRequest) co_return too_large();
      for (auto const& each : *all) outgoing.push_back({user, each.id.value, text});
    }
  }
  std::string const sender(from.user_id);
  auto const device = from.device_key;
  co_return co_await rooms_.database().write([=, this](db::Transaction& transaction) -> Result<> {
    if (!sync_store::remember_to_device(transaction, device, transaction_id)) return {};
    for (auto const& message : outgoing) {
      if (!identity::Sessions::has_device(transaction, message.user, DeviceId(message.device))) continue;
      auto const position = transaction.next_position();
      sync_store::put_to_device(transaction, message.user, message.device,
                                {position, sender, type, message.content});
      transaction.on_commit([this, user = message.user, position] {
        newest_[user] = position;
        rooms_.stream().append({position, StreamEntry::Kind::to_device, {}, user});
        rooms_.stream().wake(user);
      });
    }
    return {};
  });
}

/// Of the newest message that a user ever had since the start, or has waiting; zero when there is none.
Task<Result<Position>> ToDevice::newest_for(UserNid user) {
  if (!all_known_) {
    auto const known = co_await rooms_.database().read(
        [](db::Reader& reader) { return sync_store::newest_to_device(reader); });
    if (!known) co_return std::unexpected(known.error());
    for (auto const& [recipient, position] : *known)
      newest_[recipient] = std::max(newest_[recipient], position);
    all_known_ = true;
  }
  auto const newest = newest_.find(user);
  co_return newest == newest_.end() ? Position() : newest->second;
}

Task<Result<>> ToDevice::acknowledge(identity::Requester requester, Position up_to) {
  auto const user = requester.user;
  auto const newest = co_await newest_for(user);
  if (!newest) co_return std::unexpected(newest.error());
  if (!*newest || !up_to) co_return Result<>{};
  if (dropped_.size() >= kRememberedDevices) dropped_.clear();
  auto& done = dropped_[{user, requester.device.value}];
  if (done >= std::min(up_to, *newest)) co_return Result<>{};
  done = up_to;
  co_return co_await rooms_.database().write(
      [user, device = requester.device.value, up_to](db::Transaction& transaction) -> Result<> {
        sync_store::drop_to_device(transaction, user, device, up_to);
        return {};
      });
}

Task<Result<std::vector<ToDeviceMessage>>> ToDevice::page(identity::Requester requester, Position after,
                                                          Position to, std::size_t limit) {
  auto const newest = co_await newest_for(requester.user);
  if (!newest) co_return std::unexpected(newest.error());
  if (!*newest || *newest <= after) co_return std::vector<ToDeviceMessage>{};
  co_return co_await rooms_.database().read(
      [user = requester.user, device = requester.device.value, after, to, limit](db::Reader& reader) {
        return sync_store::to_device(reader, user, device, after, to, std::min(limit, kCap));
      });
}

Task<Result<std::vector<ToDeviceMessage>>> ToDevice::take(identity::Requester requester, Position after,
                                                          Position to) {
  auto const newest = co_await newest_for(requester.user);
  if (!newest) co_return std::unexpected(newest.error());
  // This device has everything: what it had can go, once.
  if (after && *newest <= after) {
    if (auto done = co_await acknowledge(requester, after); !done) co_return fail(std::move(done));
    co_return std::vector<ToDeviceMessage>{};
  }
  co_return co_await page(std::move(requester), after, to, kCap);
}

Task<Result<std::vector<ToDeviceMessage>>> ToDevice::waiting(UserNid user, DeviceId device, Position after) {
  auto const last = rooms_.stream().last();
  co_return co_await rooms_.database().read([=](db::Reader& reader) {
    return sync_store::to_device(reader, user, device.value, after, last, kCap);
  });
}

}  // namespace torg::matrix
