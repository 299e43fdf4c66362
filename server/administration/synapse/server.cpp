// Notices, registration tokens, version, background work, federation.
#include "administration/synapse/routes.hpp"

#include <algorithm>

namespace torg::administration::synapse {
namespace {

using identity::RegistrationToken;

Answer version(Administration&, Asked) {
  co_return json_answer({{"server_version", "Torg"}, {"python_version", "none"}});
}

// ---- Server notices

Task<Result<net::Response>> send(Administration& administration, Asked asked, std::string transaction_id) {
  auto body = asked.body();
  if (!body) co_return std::unexpected(body.error());
  auto const user_id = required_string(*body, "user_id");
  if (!user_id) co_return std::unexpected(user_id.error());
  auto const* content = optional_object(*body, "content");
  if (content == nullptr) co_return fail(ErrorCode::missing_param, "The field 'content' is missing.");
  auto const user = administration.users().find(*user_id);
  if (!user) co_return std::unexpected(user.error());
  Notices::Notice notice{.to = *user,
                         .type = std::string(optional_string(*body, "type").value_or("m.room.message")),
                         .content = *content,
                         .device_key = asked.requester.device_key,
                         .transaction_id = std::move(transaction_id)};
  if (auto const key = optional_string(*body, "state_key")) notice.state_key = std::string(*key);
  auto const sent = co_await administration.notices().send(act_of(asked), std::move(notice));
  if (!sent) co_return std::unexpected(sent.error());
  co_return json_answer({{"event_id", sent->value}});
}

Answer notice(Administration& administration, Asked asked) {
  return send(administration, std::move(asked), {});
}

/// The administrator's own messages from this device have transaction ids too: these are told apart.
Answer notice_once(Administration& administration, Asked asked) {
  auto id = "org.torg.notice." + asked.path(0);
  return send(administration, std::move(asked), std::move(id));
}

// ---- Registration tokens

json::object token_json(RegistrationToken const& token) {
  return {{"token", token.token},
          {"uses_allowed", number_or_null(token.uses_allowed)},
          {"pending", token.pending},
          {"completed", token.completed},
          {"expiry_time", number_or_null(token.expires.transform([](Instant end) { return to_ms(end); }))}};
}

Result<> check_number_or_null(json::object const& body, std::string_view key) {
  auto const* value = body.if_contains(key);
  if (value == nullptr || value->is_null() || value->is_int64()) return {};
  return fail(ErrorCode::invalid_param, "'" + std::string(key) + "' must be a number or null.");
}

Result<> take(RegistrationToken& token, json::object const& body) {
  for (auto const* key : {"uses_allowed", "expiry_time"}) {
    if (auto good = check_number_or_null(body, key); !good) return good;
  }
  if (body.contains("uses_allowed")) token.uses_allowed = optional_integer(body, "uses_allowed");
  if (body.contains("expiry_time"))
    token.expires = optional_integer(body, "expiry_time").transform(instant_from_ms);
  return {};
}

Answer tokens(Administration& administration, Asked asked) {
  auto const wanted = asked.flag("valid");
  if (!wanted) co_return std::unexpected(wanted.error());
  auto& all = administration.identity().registration_tokens();
  auto const found = co_await all.list();
  if (!found) co_return std::unexpected(found.error());
  json::array list;
  for (auto const& token : *found) {
    if (*wanted && co_await all.is_valid(token.token) != **wanted) continue;
    list.push_back(token_json(token));
  }
  co_return json_answer({{"registration_tokens", std::move(list)}});
}

Answer token(Administration& administration, Asked asked) {
  auto const found = co_await administration.identity().registration_tokens().find(asked.path(0));
  if (!found) co_return std::unexpected(found.error());
  co_return json_answer(token_json(*found));
}

Answer new_token(Administration& administration, Asked asked) {
  auto const body = asked.body();
  if (!body) co_return std::unexpected(body.error());
  RegistrationToken wanted{.token = std::string(optional_string(*body, "token").value_or("")),
                           .uses_allowed = std::nullopt,
                           .expires = std::nullopt};
  if (auto taken = take(wanted, *body); !taken) co_return fail(std::move(taken));
  auto also = noted(administration.services(), act_of(asked), "registration_token.made",
                    {{"uses_allowed", number_or_null(wanted.uses_allowed)}});
  auto const made =
      co_await administration.identity().registration_tokens().make(std::move(wanted), std::move(also));
  if (!made && made.error().code == ErrorCode::conflict)
    co_return fail(ErrorCode::invalid_param, made.error().message);
  if (!made) co_return std::unexpected(made.error());
  co_return json_answer(token_json(*made));
}

Answer change_token(Administration& administration, Asked asked) {
  auto const body = asked.body();
  if (!body) co_return std::unexpected(body.error());
  auto& tokens = administration.identity().registration_tokens();
  auto wanted = co_await tokens.find(asked.path(0));
  if (!wanted) co_return std::unexpected(wanted.error());
  if (auto taken = take(*wanted, *body); !taken) co_return fail(std::move(taken));
  auto also = noted(administration.services(), act_of(asked), "registration_token.changed",
                    {{"uses_allowed", number_or_null(wanted->uses_allowed)}});
  auto const changed = co_await tokens.change(std::move(*wanted), std::move(also));
  if (!changed) co_return std::unexpected(changed.error());
  co_return json_answer(token_json(*changed));
}

Answer remove_token(Administration& administration, Asked asked) {
  auto also = noted(administration.services(), act_of(asked), "registration_token.removed", {});
  auto const removed =
      co_await administration.identity().registration_tokens().remove(asked.path(0), std::move(also));
  if (!removed) co_return std::unexpected(removed.error());
  co_return empty_answer();
}

// ---- Background work and federation

Answer background_updates(Administration& administration, Asked) {
  auto const waiting = co_await administration.queues();
  if (!waiting) co_return std::unexpected(waiting.error());
  json::object current;
  for (auto const& queue : *waiting) {
    if (queue.waiting == 0) continue;
    current[queue.name] = json::object{{"name", queue.name}, {"total_item_count", queue.waiting}};
  }
  co_return json_answer({{"enabled", true}, {"current_updates", std::move(current)}});
}

Answer destinations(Administration&, Asked) {
  co_return json_answer({{"destinations", json::array()}, {"total", 0}});
}

Answer destination(Administration&, Asked) {
  co_return fail(ErrorCode::not_found, "This server has spoken with no other.");
}

}  // namespace

std::vector<net::Route> server_routes(Administration& administration) {
  using enum Method;
  auto const route = [&](Method method, std::string_view pattern, Function function) {
    return admin_route(administration, method, pattern, function);
  };
  constexpr std::string_view kToken = "/_synapse/admin/v1/registration_tokens/{token}";
  return {
      route(get, "/_synapse/admin/v1/server_version", version),
      route(post, "/_synapse/admin/v1/send_server_notice", notice),
      route(put, "/_synapse/admin/v1/send_server_notice/{txnId}", notice_once),
      route(get, "/_synapse/admin/v1/registration_tokens", tokens),
      route(post, "/_synapse/admin/v1/registration_tokens/new", new_token),
      route(get, kToken, token),
      route(put, kToken, change_token),
      route(delete_, kToken, remove_token),
      route(get, "/_synapse/admin/v1/background_updates/status", background_updates),
      route(get, "/_synapse/admin/v1/federation/destinations", destinations),
      route(get, "/_synapse/admin/v1/federation/destinations/{destination}", destination),
  };
}

}  // namespace torg::administration::synapse

namespace torg::administration {

std::vector<net::Route> synapse_routes(Administration& administration) {
  std::vector<net::Route> all;
  for (auto* part : {synapse::user_routes, synapse::device_routes, synapse::room_routes,
                     synapse::media_routes, synapse::server_routes})
    std::ranges::move(part(administration), std::back_inserter(all));
  return net::limit_writes(std::move(all), net::Limit::record_write);
}

}  // namespace torg::administration
