// What a client asks before anything else.
// https://spec.matrix.org/v1.19/client-server-api/#server-discovery and #capabilities-negotiation
#include "identity/handlers.hpp"

#include <array>

namespace torg::identity {
namespace {

// What each version added, and where it is tested: docs/versions.md.
constexpr std::array<std::string_view, 19> kVersions{"v1.1",  "v1.2",  "v1.3",  "v1.4",  "v1.5",
                                                     "v1.6",  "v1.7",  "v1.8",  "v1.9",  "v1.10",
                                                     "v1.11", "v1.12", "v1.13", "v1.14", "v1.15",
                                                     "v1.16", "v1.17", "v1.18", "v1.19"};

Answer versions(Identity& identity, net::Call&) {
  json::array list;
  for (auto version : kVersions) list.emplace_back(version);
  json::object unstable;
  for (auto const& feature : identity.options().unstable_features) unstable[feature] = true;
  co_return json_answer({{"versions", std::move(list)}, {"unstable_features", std::move(unstable)}});
}

/// Where calls go, as MSC4195 writes it.
json::array transports(std::vector<std::string> const& livekit_urls) {
  json::array list;
  for (auto const& url : livekit_urls)
    list.emplace_back(json::object{{"type", "livekit"}, {"livekit_service_url", url}});
  return list;
}

Answer well_known(Identity& identity, net::Call&) {
  auto const& url = identity.options().public_base_url;
  if (url.empty()) co_return fail(ErrorCode::not_found, "This server's address is not configured.");
  json::object server{{"base_url", url}};
  json::object known{{"m.homeserver", std::move(server)}};
  if (auto const& calls = identity.options().livekit_urls; !calls.empty())
    known["org.matrix.msc4143.rtc_foci"] = transports(calls);
  co_return json_answer(known);
}

/// @see https://github.com/matrix-org/matrix-spec-proposals/pull/4143
Answer rtc_transports(Identity& identity, Requester, net::Call&) {
  co_return json_answer({{"rtc_transports", transports(identity.options().livekit_urls)}});
}

Answer policy_server(Identity&, net::Call&) {
  co_return fail(ErrorCode::not_found, "This server is no policy server.");
}

/// @see https://spec.matrix.org/v1.19/client-server-api/#getwell-knownmatrixsupport
Answer support(Identity& identity, net::Call&) {
  auto const& contact = identity.options().admin_contact;
  if (contact.empty()) co_return fail(ErrorCode::not_found, "Whom to ask is not configured.");
  constexpr std::string_view kMail = "mailto:";
  json::object person{{"role", "m.role.admin"}};
  if (contact.starts_with(kMail)) person["email_address"] = contact.substr(kMail.size());
  if (contact.starts_with('@')) person["matrix_id"] = contact;
  json::object body;
  if (person.size() > 1)
    body["contacts"] = json::array{std::move(person)};
  else
    body["support_page"] = contact;
  co_return json_answer(body);
}

Answer capabilities(Identity& identity, Requester requester, net::Call&) {
  auto const version = to_text(identity.options().room_version);
  json::object available;
  for (auto const known : matrix::kRoomVersions) available[to_text(known)] = "stable";
  json::object list;
  list["m.room_versions"] = json::object{{"default", version}, {"available", std::move(available)}};
  for (auto const* enabled : {"m.change_password", "m.profile_fields", "m.set_displayname",
                              "m.set_avatar_url", "m.get_login_token"}) {
    list[enabled] = json::object{{"enabled", true}};
  }
  auto const& options = identity.options();
  list["org.matrix.msc4140.delayed_events"] =
      json::object{{"max_delay_ms", options.longest_event_delay.count()},
                   {"max_scheduled", options.delayed_events_per_user}};
  list["m.3pid_changes"] = json::object{{"enabled", false}};
  if (identity.acts_as_administrator(requester))
    list["m.account_moderation"] = json::object{{"suspend", true}, {"lock", true}};
  co_return json_answer({{"capabilities", std::move(list)}});
}

}  // namespace

std::vector<net::Route> discovery_routes(Identity& identity) {
  using enum net::Method;
  std::vector<net::Route> routes;
  routes.push_back(bind(get, "/_matrix/client/versions", identity, versions));
  routes.push_back(bind(get, "/.well-known/matrix/client", identity, well_known));
  routes.push_back(bind(get, "/.well-known/matrix/policy_server", identity, policy_server));
  routes.push_back(bind(get, "/.well-known/matrix/support", identity, support));
  routes.push_back(bind(get, "/_matrix/client/v3/capabilities", identity, capabilities));
  routes.push_back(
      bind(get, "/_matrix/client/unstable/org.matrix.msc4143/rtc/transports", identity, rtc_transports));
  return routes;
}

}  // namespace torg::identity
