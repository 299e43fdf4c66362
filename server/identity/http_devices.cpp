// https://spec.matrix.org/v1.19/client-server-api/#device-management
#include "identity/handlers.hpp"

namespace torg::identity {
namespace {

constexpr std::size_t kMaxDisplayName = 100;

json::object device_body(Requester const& requester, Device const& device) {
  json::object body{{"device_id", device.id.value}, {"user_id", requester.user_id}};
  if (!device.display_name.empty()) body["display_name"] = device.display_name;
  return body;
}

Answer list_devices(Identity& identity, Requester requester, net::Call&) {
  auto const devices = co_await identity.sessions().devices(requester.user);
  if (!devices) co_return std::unexpected(devices.error());
  json::array list;
  for (auto const& device : *devices) list.emplace_back(device_body(requester, device));
  co_return json_answer({{"devices", std::move(list)}});
}

Answer get_device(Identity& identity, Requester requester, net::Call& call) {
  auto const device = co_await identity.sessions().device(requester.user, DeviceId(call.path[0]));
  if (!device) co_return std::unexpected(device.error());
  co_return json_answer(device_body(requester, *device));
}

Answer rename_device(Identity& identity, Requester requester, net::Call& call) {
  auto const body = parse_json_object(call.request.body);
  if (!body) co_return std::unexpected(body.error());
  auto const name = optional_string(*body, "display_name");
  if (name && name->size() > kMaxDisplayName) {
    co_return fail(ErrorCode::too_large, "The display name is longer than 100 bytes.");
  }
  DeviceId const device(call.path[0]);
  if (requester.service != nullptr) {
    auto const done =
        co_await identity.sessions().make_device(requester.user, device, std::string(name.value_or("")));
    if (!done) co_return std::unexpected(done.error());
  } else if (name) {
    auto const done = co_await identity.sessions().rename_device(requester.user, device, std::string(*name));
    if (!done) co_return std::unexpected(done.error());
  } else if (auto const known = co_await identity.sessions().device(requester.user, device); !known) {
    co_return std::unexpected(known.error());
  }
  co_return empty_answer();
}

Answer remove(Identity& identity, Requester requester, net::Call& call, json::object body,
              std::vector<DeviceId> devices) {
  auto challenge = co_await confirm_password(identity, requester, call, std::move(body));
  if (challenge) co_return std::move(*challenge);
  auto const done = co_await identity.sessions().remove_devices(requester.user, std::move(devices));
  if (!done) co_return std::unexpected(done.error());
  co_return empty_answer();
}

Answer delete_device(Identity& identity, Requester requester, net::Call& call) {
  // Old clients ask without any body first.
  auto body = call.request.body.empty() ? Result<json::object>() : parse_json_object(call.request.body);
  if (!body) co_return std::unexpected(body.error());
  std::vector<DeviceId> devices;
  devices.emplace_back(call.path[0]);
  co_return co_await remove(identity, std::move(requester), call, std::move(*body), std::move(devices));
}

Answer delete_devices(Identity& identity, Requester requester, net::Call& call) {
  auto body = parse_json_object(call.request.body);
  if (!body) co_return std::unexpected(body.error());
  auto const* list = optional_array(*body, "devices");
  if (list == nullptr) co_return fail(ErrorCode::missing_param, "The field 'devices' must be a list.");
  std::vector<DeviceId> devices;
  for (auto const& id : *list) {
    if (!id.is_string()) co_return fail(ErrorCode::invalid_param, "A device id must be a text.");
    devices.emplace_back(std::string(id.get_string()));
  }
  co_return co_await remove(identity, std::move(requester), call, std::move(*body), std::move(devices));
}

}  // namespace

std::vector<net::Route> device_routes(Identity& identity) {
  using enum net::Method;
  std::vector<net::Route> routes;
  routes.push_back(bind(get, "/_matrix/client/v3/devices", identity, list_devices));
  routes.push_back(bind(get, "/_matrix/client/v3/devices/{deviceId}", identity, get_device));
  routes.push_back(bind(put, "/_matrix/client/v3/devices/{deviceId}", identity, rename_device));
  routes.push_back(bind(delete_, "/_matrix/client/v3/devices/{deviceId}", identity, delete_device));
  routes.push_back(bind(post, "/_matrix/client/v3/delete_devices", identity, delete_devices));
  return routes;
}

}  // namespace torg::identity
