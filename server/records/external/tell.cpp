// What the rooms are told when a register has given its number.
#include "base/log.hpp"
#include "records/external/registers.hpp"

namespace torg::records {
namespace {

constexpr int kAtOnce = 64;
constexpr std::int64_t kNoDevice = -1;  // no person's device: only to find a repeated event by its key

}  // namespace

void ExternalRegisters::tell() {
  tell_again_ = true;
  if (telling_ || stopping_) return;
  telling_ = true;
  tasks_.spawn("numbers of registers", tell_all());
}

Task<> ExternalRegisters::tell_all() {
  while (tell_again_ && !stopping_) {
    tell_again_ = false;
    auto const untold =
        co_await services_.database.read([](db::Reader& r) { return handover_store::untold(r, kAtOnce); });
    if (!untold) break;  // a failing database says so elsewhere; the next answer tries again
    for (auto const id : *untold) {
      if (!co_await tell_room(id)) break;
      tell_again_ = true;
    }
  }
  telling_ = false;
}

/// Errors are the database's: a room that the service user is not in learns of the number when its clients
/// ask.
Task<Result<>> ExternalRegisters::tell_room(DeliveryId id) {
  auto const found = co_await services_.database.read(
      [id](db::Reader& reader) { return handover_store::whole(reader, id); });
  if (!found) co_return std::unexpected(found.error());
  auto const* authority = *found ? services_.governance.authority((*found)->authority) : nullptr;
  if (authority != nullptr && !(*found)->item_ids.empty()) {
    json::array items;
    for (auto const& item : (*found)->item_ids) items.emplace_back(item);
    matrix::SendEvent event;
    event.room = (*found)->room;
    event.sender = service_user_;
    event.type = "org.torg.record";
    event.device_key = kNoDevice;
    event.transaction_id = "handover/" + (*found)->key;
    event.content = {{"record", json::object{{"number", (*found)->number},
                                             {"authority", authority->code},
                                             {"register", "external"}}},
                     {"items", std::move(items)},
                     {"m.relates_to",
                      json::object{{"rel_type", "m.reference"}, {"event_id", (*found)->item_ids.front()}}}};
    auto const sent = co_await services_.rooms.send(std::move(event));
    if (!sent) log(LogLevel::info, "a room got no notice of a number", {{"why", sent.error().message}});
  }
  co_return co_await services_.database.write([id](db::Transaction& transaction) -> Result<> {
    handover_store::set_told(transaction, id);
    return {};
  });
}

}  // namespace torg::records
