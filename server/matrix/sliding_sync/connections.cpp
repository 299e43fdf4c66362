#include "matrix/sliding_sync/connections.hpp"

#include <algorithm>
#include <array>

namespace torg::matrix {
namespace {

/// Of one device. Clients of today use two or three.
constexpr std::size_t kMostConnections = 8;

}  // namespace

Connections::Connections(RoomService& rooms) : rooms_(rooms), by_device_(rooms.cache().connections()) {
  rooms.identity().sessions().at_end(
      [this](db::Transaction& transaction, identity::Sessions::Ended const& ended) {
        if (!ended.device_gone) return;
        transaction.on_commit(
            [this, key = identity::device_key(ended.user, ended.device)] { by_device_.erase(key); });
      });
}

Connections::Held Connections::open(std::int64_t device_key, std::string const& name) {
  std::shared_ptr<OfDevice> device;
  if (auto const* found = by_device_.find(device_key)) {
    device = *found;
  } else {
    device = std::make_shared<OfDevice>();
    by_device_.put(device_key, device, sizeof(OfDevice));
  }
  auto& list = device->newest_first;
  auto const known = std::ranges::find(list, name, &OfDevice::Named::name);
  if (known != list.end()) {
    std::rotate(list.begin(), known, known + 1);
  } else {
    if (list.size() >= kMostConnections) list.pop_back();
    list.insert(list.begin(), {name, std::make_shared<Connection>()});
  }
  return {device, list.front().connection};
}

void Connections::measure(std::int64_t device_key) {
  auto const* found = by_device_.find(device_key);
  if (found == nullptr) return;
  std::size_t bytes = sizeof(OfDevice);
  for (auto const& [name, connection] : (*found)->newest_first)
    bytes += name.size() + connection->memory_bytes();
  by_device_.resize(device_key, bytes);
}

std::string Connections::random_name() {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::array<unsigned char, 8> bytes{};
  rooms_.runtime().fill_random(bytes);
  std::string name;
  for (auto const byte : bytes) (name += kDigits[byte >> 4]) += kDigits[byte & 15];
  return name;
}

}  // namespace torg::matrix
