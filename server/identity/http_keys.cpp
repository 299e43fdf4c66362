// https://spec.matrix.org/v1.19/client-server-api/#key-management-api
#include "identity/handlers.hpp"

namespace torg::identity {
namespace {

Answer upload_keys(Identity& identity, Requester requester, net::Call& call) {
  if (requester.device.value.empty())
    co_return fail(ErrorCode::missing_param, "Say with 'device_id' whose keys these are.");
  auto body = parse_json_object(call.request.body);
  if (!body) co_return std::unexpected(body.error());
  auto const counts = co_await identity.device_keys().upload(std::move(requester), std::move(*body));
  if (!counts) co_return std::unexpected(counts.error());
  co_return json_answer({{"one_time_key_counts", counts_body(*counts)}});
}

Answer query_keys(Identity& identity, Requester requester, net::Call& call) {
  auto body = parse_json_object(call.request.body);
  if (!body) co_return std::unexpected(body.error());
  auto const answer = co_await identity.device_keys().query(requester.user, std::move(*body));
  if (!answer) co_return std::unexpected(answer.error());
  co_return json_answer(*answer);
}

Answer claim_keys(Identity& identity, Requester, net::Call& call) {
  auto body = parse_json_object(call.request.body);
  if (!body) co_return std::unexpected(body.error());
  auto const answer = co_await identity.device_keys().claim(std::move(*body));
  if (!answer) co_return std::unexpected(answer.error());
  co_return json_answer(*answer);
}

Answer upload_cross_signing(Identity& identity, Requester requester, net::Call& call) {
  auto const body = parse_json_object(call.request.body);
  if (!body) co_return std::unexpected(body.error());
  auto& keys = identity.device_keys();
  auto done = co_await keys.upload_cross_signing(requester.user, *body, DeviceKeys::Proof::none);
  if (done && *done == DeviceKeys::CrossSigning::needs_proof) {
    auto challenge = co_await confirm_password(identity, requester, call, *body);
    if (challenge) co_return std::move(*challenge);
    done = co_await keys.upload_cross_signing(requester.user, *body, DeviceKeys::Proof::given);
  }
  if (!done) co_return std::unexpected(done.error());
  co_return empty_answer();
}

Answer upload_signatures(Identity& identity, Requester requester, net::Call& call) {
  auto body = parse_json_object(call.request.body);
  if (!body) co_return std::unexpected(body.error());
  auto const answer = co_await identity.device_keys().upload_signatures(requester.user, std::move(*body));
  if (!answer) co_return std::unexpected(answer.error());
  co_return json_answer(*answer);
}

// ---- Dehydrated devices

Answer put_dehydrated(Identity& identity, Requester requester, net::Call& call) {
  auto body = parse_json_object(call.request.body);
  if (!body) co_return std::unexpected(body.error());
  auto const device = co_await identity.dehydrated_devices().put(std::move(requester), std::move(*body));
  if (!device) co_return std::unexpected(device.error());
  co_return json_answer({{"device_id", device->value}});
}

Answer get_dehydrated(Identity& identity, Requester requester, net::Call&) {
  auto const found = co_await identity.dehydrated_devices().get(requester.user);
  if (!found) co_return std::unexpected(found.error());
  auto data = parse_json_object(found->data);
  if (!data) co_return std::unexpected(data.error());
  co_return json_answer({{"device_id", found->device.value}, {"device_data", std::move(*data)}});
}

Answer delete_dehydrated(Identity& identity, Requester requester, net::Call&) {
  auto const device = co_await identity.dehydrated_devices().remove(requester.user);
  if (!device) co_return std::unexpected(device.error());
  co_return json_answer({{"device_id", device->value}});
}

}  // namespace

std::vector<net::Route> key_routes(Identity& identity) {
  using enum net::Method;
  std::vector<net::Route> routes;
  routes.push_back(bind(post, "/_matrix/client/v3/keys/upload", identity, upload_keys));
  routes.push_back(bind(post, "/_matrix/client/v3/keys/query", identity, query_keys));
  routes.push_back(bind(post, "/_matrix/client/v3/keys/claim", identity, claim_keys));
  routes.push_back(
      bind(post, "/_matrix/client/v3/keys/device_signing/upload", identity, upload_cross_signing));
  routes.push_back(bind(post, "/_matrix/client/v3/keys/signatures/upload", identity, upload_signatures));
  constexpr std::string_view kDehydrated = "/_matrix/client/unstable/org.matrix.msc3814.v1/dehydrated_device";
  routes.push_back(bind(put, kDehydrated, identity, put_dehydrated));
  routes.push_back(bind(get, kDehydrated, identity, get_dehydrated));
  routes.push_back(bind(delete_, kDehydrated, identity, delete_dehydrated));
  return routes;
}

}  // namespace torg::identity
