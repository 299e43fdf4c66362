#include "identity/dehydrated_devices.hpp"

#include "identity/store.hpp"

namespace torg::identity {
namespace {

constexpr std::size_t kMaxData = 512 << 10;
constexpr std::size_t kMaxDeviceId = 255;

std::unexpected<Error> none_there() { return fail(ErrorCode::not_found, "You have no dehydrated device."); }

}  // namespace

Task<Result<DeviceId>> DehydratedDevices::put(Requester requester, json::object body) {
  auto const id = required_string(body, "device_id");
  if (!id) co_return std::unexpected(id.error());
  auto const* data = optional_object(body, "device_data");
  if (data == nullptr) co_return fail(ErrorCode::missing_param, "The field 'device_data' must be an object.");
  auto const text = json::serialize(*data);
  if (id->empty() || id->size() > kMaxDeviceId || text.size() > kMaxData)
    co_return fail(ErrorCode::too_large, "The dehydrated device is too large, or has no id.");
  requester.device = DeviceId(*id);
  auto const upload = DeviceKeys::parse(requester, body);
  if (!upload) co_return std::unexpected(upload.error());
  if (upload->device_keys.empty()) co_return fail(ErrorCode::missing_param, "The device has no keys.");
  std::string const name(optional_string(body, "initial_device_display_name").value_or("").substr(0, 100));
  co_return co_await database_.write([this, upload = *upload, text, name, now = runtime_.now()](
                                         db::Transaction& transaction) -> Result<DeviceId> {
    if (auto const old = store::dehydrated(transaction, upload.user))
      sessions_.remove_device(transaction, upload.user, old->device);
    if (!store::ensure_device(transaction, upload.user, upload.device, name, now))
      return fail(ErrorCode::invalid_param, "You have a device of this id in use.");
    if (auto kept = keys_.keep(transaction, upload); !kept) return fail(std::move(kept));
    store::put_dehydrated(transaction, upload.user, {upload.device, text});
    return upload.device;
  });
}

Task<Result<DehydratedDevices::Dehydrated>> DehydratedDevices::get(UserNid user) const {
  auto found =
      co_await database_.read([user](db::Reader& reader) { return store::dehydrated(reader, user); });
  if (!found) co_return std::unexpected(found.error());
  if (!*found) co_return none_there();
  co_return Dehydrated{std::move((*found)->device), std::move((*found)->data)};
}

Task<Result<DeviceId>> DehydratedDevices::remove(UserNid user) {
  co_return co_await database_.write([this, user](db::Transaction& transaction) -> Result<DeviceId> {
    auto const found = store::dehydrated(transaction, user);
    if (!found) return none_there();
    sessions_.remove_device(transaction, user, found->device);
    return found->device;
  });
}

void DehydratedDevices::forget(db::Transaction& transaction, UserNid user, DeviceId const& device) {
  store::delete_dehydrated(transaction, user, device);
}

}  // namespace torg::identity
