// Devices of accounts, and how often an account may write.
#include "administration/synapse/routes.hpp"

namespace torg::administration::synapse {
namespace {

json::object device_json(Administration& administration, UserNid user, identity::Device const& device) {
  return {{"device_id", device.id.value},    {"display_name", text_or_null(device.display_name)},
          {"last_seen_ip", nullptr},         {"last_seen_ts", nullptr},
          {"last_seen_user_agent", nullptr}, {"user_id", administration.identity().user_id(user)}};
}

Answer devices(Administration& administration, Asked asked) {
  auto const user = administration.users().find(asked.path(0));
  if (!user) co_return std::unexpected(user.error());
  auto const all = co_await administration.identity().sessions().devices(*user);
  if (!all) co_return std::unexpected(all.error());
  json::array list;
  for (auto const& device : *all) list.push_back(device_json(administration, *user, device));
  co_return json_answer({{"devices", std::move(list)}, {"total", all->size()}});
}

Answer device(Administration& administration, Asked asked) {
  auto const user = administration.users().find(asked.path(0));
  if (!user) co_return std::unexpected(user.error());
  auto const found = co_await administration.identity().sessions().device(*user, DeviceId(asked.path(1)));
  if (!found) co_return std::unexpected(found.error());
  co_return json_answer(device_json(administration, *user, *found));
}

Task<Result<net::Response>> end_sessions(Administration& administration, Asked asked,
                                         std::vector<DeviceId> devices) {
  auto const user = administration.users().find(asked.path(0));
  if (!user) co_return std::unexpected(user.error());
  if (devices.empty()) co_return empty_answer();
  auto const done = co_await administration.users().end_sessions(act_of(asked), *user, std::move(devices));
  if (!done) co_return std::unexpected(done.error());
  co_return empty_answer();
}

Answer delete_device(Administration& administration, Asked asked) {
  std::vector<DeviceId> devices{DeviceId(asked.path(1))};
  return end_sessions(administration, std::move(asked), std::move(devices));
}

Answer delete_devices(Administration& administration, Asked asked) {
  auto const body = asked.body();
  if (!body) co_return std::unexpected(body.error());
  auto const* named = optional_array(*body, "devices");
  if (named == nullptr) co_return fail(ErrorCode::missing_param, "The field 'devices' is missing.");
  std::vector<DeviceId> devices;
  for (auto const& id : *named) {
    if (!id.is_string()) co_return fail(ErrorCode::bad_json, "'devices' must hold device ids.");
    devices.emplace_back(std::string(id.get_string()));
  }
  co_return co_await end_sessions(administration, std::move(asked), std::move(devices));
}

// ---- How often

constexpr std::int64_t kSecondMs = 1000;

json::object rate_json(std::optional<net::Rate> rate) {
  if (!rate) return {};
  auto const per_second = rate->burst == 0 ? 0 : kSecondMs / rate->interval.count();
  return {{"messages_per_second", per_second}, {"burst_count", rate->burst}};
}

Answer rate(Administration& administration, Asked asked) {
  auto const user = administration.users().find(asked.path(0));
  if (!user) co_return std::unexpected(user.error());
  co_return json_answer(rate_json(administration.rate_of(*user)));
}

Answer set_rate(Administration& administration, Asked asked) {
  auto const user = administration.users().find(asked.path(0));
  if (!user) co_return std::unexpected(user.error());
  auto const body = asked.body();
  if (!body) co_return std::unexpected(body.error());
  auto const per_second = optional_integer(*body, "messages_per_second").value_or(0);
  auto const burst = optional_integer(*body, "burst_count").value_or(0);
  if (per_second < 0 || burst < 0 || per_second > kSecondMs || burst > 1'000'000)
    co_return fail(ErrorCode::invalid_param, "A rate is at most 1000 messages a second.");
  bool const limited = per_second > 0 && burst > 0;
  net::Rate const wanted =
      limited ? net::Rate{burst, std::chrono::milliseconds(kSecondMs / per_second)} : net::Rate{};
  auto const done = co_await administration.set_rate(act_of(asked), *user, wanted);
  if (!done) co_return std::unexpected(done.error());
  co_return json_answer(rate_json(wanted));
}

Answer unset_rate(Administration& administration, Asked asked) {
  auto const user = administration.users().find(asked.path(0));
  if (!user) co_return std::unexpected(user.error());
  auto const done = co_await administration.set_rate(act_of(asked), *user, std::nullopt);
  if (!done) co_return std::unexpected(done.error());
  co_return empty_answer();
}

}  // namespace

std::vector<net::Route> device_routes(Administration& administration) {
  using enum Method;
  auto const route = [&](Method method, std::string_view pattern, Function function) {
    return admin_route(administration, method, pattern, function);
  };
  constexpr std::string_view kDevice = "/_synapse/admin/v2/users/{userId}/devices/{deviceId}";
  constexpr std::string_view kRate = "/_synapse/admin/v1/users/{userId}/override_ratelimit";
  return {
      route(get, kRate, rate),
      route(post, kRate, set_rate),
      route(delete_, kRate, unset_rate),
      route(get, "/_synapse/admin/v2/users/{userId}/devices", devices),
      route(post, "/_synapse/admin/v2/users/{userId}/delete_devices", delete_devices),
      route(get, kDevice, device),
      route(delete_, kDevice, delete_device),
  };
}

}  // namespace torg::administration::synapse
