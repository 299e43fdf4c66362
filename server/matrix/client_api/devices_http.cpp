// What devices tell each other, and whose devices changed.
#include "matrix/client_api/handler.hpp"

#include <charconv>

namespace torg::matrix {
namespace {

using enum net::Method;
using net::Limit;
using Answer = Task<Result<std::string>>;

Answer send_to_device(ClientApi& api, Asked asked) {
  auto const body = asked.required_body();
  if (!body) co_return std::unexpected(body.error());
  auto const* messages = optional_object(*body, "messages");
  if (messages == nullptr) co_return fail(ErrorCode::missing_param, "The field 'messages' is missing.");
  auto const sent = co_await api.to_device.send(asked.requester, asked.path(0), asked.path(1), *messages);
  if (!sent) co_return std::unexpected(sent.error());
  co_return "{}";
}

Result<Position> position_in_query(Asked const& asked, std::string_view name) {
  auto const text = asked.call.request.query(name);
  if (!text) return fail(ErrorCode::missing_param, "The parameter '" + std::string(name) + "' is missing.");
  auto const token = parse_sync_token(*text);
  if (!token)
    return fail(ErrorCode::invalid_param, "'" + std::string(name) + "' is not a token of this server.");
  return token->position;
}

Answer key_changes(ClientApi& api, Asked asked) {
  auto const from = position_in_query(asked, "from");
  if (!from) co_return std::unexpected(from.error());
  auto const to = position_in_query(asked, "to");
  if (!to) co_return std::unexpected(to.error());
  auto const changes = co_await api.sync.device_lists().between(asked.requester.user, *from, *to);
  if (!changes) co_return std::unexpected(changes.error());
  co_return json::serialize(device_lists_body(api.rooms.identity(), *changes));
}

// ---- https://github.com/matrix-org/matrix-spec-proposals/pull/3814

/// Where a reader of a dehydrated device's messages stands: the position of the last one read.
std::optional<Position> parse_next_batch(std::optional<std::string_view> text) {
  if (!text || text->empty()) return Position();
  Position after;
  auto const [end, error] = std::from_chars(text->data(), text->data() + text->size(), after.value);
  bool const good = error == std::errc() && end == text->data() + text->size() && after.value >= 0;
  return good ? std::optional(after) : std::nullopt;
}

Answer dehydrated_events(ClientApi& api, Asked asked) {
  auto const body = asked.body();
  if (!body) co_return std::unexpected(body.error());
  auto const after = parse_next_batch(optional_string(*body, "next_batch"));
  if (!after) co_return fail(ErrorCode::invalid_param, "'next_batch' is not a token of this server.");
  auto const device = co_await api.rooms.identity().dehydrated_devices().get(asked.requester.user);
  if (!device) co_return std::unexpected(device.error());
  if (device->device.value != asked.path(0))
    co_return fail(ErrorCode::forbidden, "This is not your dehydrated device.");
  auto const messages = co_await api.to_device.waiting(asked.requester.user, device->device, *after);
  if (!messages) co_return std::unexpected(messages.error());
  auto const next = messages->empty() ? *after : messages->back().position;
  std::string out = R"({"events":[)";
  append_to_device(out, *messages);
  out += R"(],"next_batch":")" + std::to_string(next.value) + R"("})";
  co_return out;
}

}  // namespace

std::vector<net::Route> device_routes(ClientApi& api) {
  return {
      authed(api, put, "/_matrix/client/v3/sendToDevice/{eventType}/{txnId}", send_to_device,
             Limit::to_device),
      authed(api, get, "/_matrix/client/v3/keys/changes", key_changes),
      authed(api, post, "/_matrix/client/unstable/org.matrix.msc3814.v1/dehydrated_device/{deviceId}/events",
             dehydrated_events, Limit::to_device),
  };
}

}  // namespace torg::matrix
