// /_torg/v1/admin: registration tokens, notices, queues, federation, the audit log.
#include "administration/handlers.hpp"
#include "governance/store.hpp"

namespace torg::administration {
namespace {

using identity::RegistrationToken;

json::object token_json(RegistrationToken const& token) {
  return {{"token", token.token},
          {"uses_allowed", number_or_null(token.uses_allowed)},
          {"pending", token.pending},
          {"completed", token.completed},
          {"expires_at", number_or_null(token.expires.transform([](Instant end) { return to_ms(end); }))}};
}

Answer tokens(Administration& administration, Asked asked) {
  auto const page = asked.page();
  if (!page) co_return std::unexpected(page.error());
  auto const all = co_await administration.identity().registration_tokens().list();
  if (!all) co_return std::unexpected(all.error());
  json::array list;
  for (auto i = page->from; i < all->size() && i < page->from + page->limit; ++i)
    list.push_back(token_json((*all)[i]));
  json::object out{{"tokens", std::move(list)}};
  add_next(out, *page, all->size());
  co_return json_answer(out);
}

Answer token(Administration& administration, Asked asked) {
  auto const found = co_await administration.identity().registration_tokens().find(asked.path(0));
  if (!found) co_return std::unexpected(found.error());
  co_return json_answer(token_json(*found));
}

/// Takes `uses_allowed` and `expires_at` where the body has them.
void take(RegistrationToken& token, json::object const& body) {
  if (body.contains("uses_allowed")) token.uses_allowed = optional_integer(body, "uses_allowed");
  if (body.contains("expires_at"))
    token.expires = optional_integer(body, "expires_at").transform(instant_from_ms);
}

Answer make_token(Administration& administration, Asked asked) {
  auto const decision = decision_in(asked);
  if (!decision) co_return std::unexpected(decision.error());
  RegistrationToken wanted{.token = std::string(optional_string(decision->body, "token").value_or("")),
                           .uses_allowed = std::nullopt,
                           .expires = std::nullopt};
  take(wanted, decision->body);
  auto also = noted(administration.services(), decision->act, "registration_token.made",
                    {{"uses_allowed", number_or_null(wanted.uses_allowed)}});
  auto const made =
      co_await administration.identity().registration_tokens().make(std::move(wanted), std::move(also));
  if (!made) co_return std::unexpected(made.error());
  co_return json_answer(token_json(*made), 201);
}

Answer change_token(Administration& administration, Asked asked) {
  auto const decision = decision_in(asked);
  if (!decision) co_return std::unexpected(decision.error());
  auto& tokens = administration.identity().registration_tokens();
  auto wanted = co_await tokens.find(asked.path(0));
  if (!wanted) co_return std::unexpected(wanted.error());
  take(*wanted, decision->body);
  auto also = noted(administration.services(), decision->act, "registration_token.changed",
                    {{"uses_allowed", number_or_null(wanted->uses_allowed)}});
  auto const changed = co_await tokens.change(std::move(*wanted), std::move(also));
  if (!changed) co_return std::unexpected(changed.error());
  co_return json_answer(token_json(*changed));
}

Answer remove_token(Administration& administration, Asked asked) {
  auto also = noted(administration.services(), {asked.requester.user, asked.query("reason").value_or("")},
                    "registration_token.removed", {});
  auto const removed =
      co_await administration.identity().registration_tokens().remove(asked.path(0), std::move(also));
  if (!removed) co_return std::unexpected(removed.error());
  co_return empty_answer();
}

Answer send_notice(Administration& administration, Asked asked) {
  auto const decision = decision_in(asked);
  if (!decision) co_return std::unexpected(decision.error());
  auto const user_id = required_string(decision->body, "user_id");
  if (!user_id) co_return std::unexpected(user_id.error());
  auto const text = required_string(decision->body, "text");
  if (!text) co_return std::unexpected(text.error());
  auto const user = administration.users().find(*user_id);
  if (!user) co_return std::unexpected(user.error());
  auto const sent = co_await administration.notices().send(
      decision->act, {.to = *user, .content = {{"msgtype", "m.text"}, {"body", *text}}});
  if (!sent) co_return std::unexpected(sent.error());
  co_return json_answer({{"event_id", sent->value}});
}

Answer queues(Administration& administration, Asked asked) {
  auto const page = asked.page();
  if (!page) co_return std::unexpected(page.error());
  auto const waiting = co_await administration.queues();
  if (!waiting) co_return std::unexpected(waiting.error());
  json::array list;
  for (auto i = page->from; i < waiting->size() && i < page->from + page->limit; ++i) {
    auto const& queue = (*waiting)[i];
    list.push_back(json::object{{"name", queue.name}, {"what", queue.help}, {"waiting", queue.waiting}});
  }
  json::object out{{"queues", std::move(list)}};
  add_next(out, *page, waiting->size());
  co_return json_answer(out);
}

/// Empty until there is federation.
Answer destinations(Administration&, Asked asked) {
  auto const page = asked.page();
  if (!page) co_return std::unexpected(page.error());
  json::object out{{"destinations", json::array()}};
  add_next(out, *page, 0);
  co_return json_answer(out);
}

/// Oldest first; `from` is the number of the last entry that one has.
Answer audit(Administration& administration, Asked asked) {
  auto const page = asked.page();
  if (!page) co_return std::unexpected(page.error());
  auto const rows =
      co_await administration.services().database.read_aside([page = *page](db::Reader& reader) {
        return governance::store::audit_rows(reader, static_cast<std::int64_t>(page.from),
                                             static_cast<std::int64_t>(page.limit));
      });
  if (!rows) co_return std::unexpected(rows.error());
  json::array entries;
  for (auto const& row : *rows) {
    auto details = parse_json(row.details);
    entries.push_back(json::object{{"number", row.nid},
                                   {"at", to_ms(row.at)},
                                   {"by", user_or_null(administration.services(), row.by)},
                                   {"what", row.what},
                                   {"details", details ? std::move(*details) : json::value(nullptr)}});
  }
  json::object out{{"entries", std::move(entries)}, {"next", nullptr}};
  if (rows->size() == page->limit) out["next"] = rows->back().nid;
  co_return json_answer(out);
}

}  // namespace

std::vector<net::Route> server_routes(Administration& administration) {
  using enum Method;
  auto const route = [&](Method method, std::string_view pattern, Function function) {
    return admin_route(administration, method, pattern, function);
  };
  return {
      route(get, "/_torg/v1/admin/registration-tokens", tokens),
      route(post, "/_torg/v1/admin/registration-tokens", make_token),
      route(get, "/_torg/v1/admin/registration-tokens/{token}", token),
      route(put, "/_torg/v1/admin/registration-tokens/{token}", change_token),
      route(delete_, "/_torg/v1/admin/registration-tokens/{token}", remove_token),
      route(post, "/_torg/v1/admin/notices", send_notice),
      route(get, "/_torg/v1/admin/queues", queues),
      route(get, "/_torg/v1/admin/federation/destinations", destinations),
      admin_route(administration, get, "/_torg/v1/admin/audit", audit, governance::Act::read_audit),
  };
}

}  // namespace torg::administration
