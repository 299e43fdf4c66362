#pragma once
// What the http_*.cpp files of this slice share.
#include "identity/http.hpp"

namespace torg::identity {

/// The stage that asks for a registration token.
inline constexpr std::string_view kTokenStage = "m.login.registration_token";

using Answer = Task<Result<net::Response>>;

[[nodiscard]] std::vector<net::Route> login_routes(Identity& identity);
[[nodiscard]] std::vector<net::Route> registration_routes(Identity& identity);
[[nodiscard]] std::vector<net::Route> device_routes(Identity& identity);
[[nodiscard]] std::vector<net::Route> key_routes(Identity& identity);
[[nodiscard]] std::vector<net::Route> key_backup_routes(Identity& identity);
[[nodiscard]] std::vector<net::Route> account_routes(Identity& identity);
[[nodiscard]] std::vector<net::Route> moderation_routes(Identity& identity);
[[nodiscard]] std::vector<net::Route> profile_routes(Identity& identity);
[[nodiscard]] std::vector<net::Route> account_data_routes(Identity& identity);
[[nodiscard]] std::vector<net::Route> push_rule_routes(Identity& identity);
[[nodiscard]] std::vector<net::Route> openid_routes(Identity& identity);
[[nodiscard]] std::vector<net::Route> discovery_routes(Identity& identity);
[[nodiscard]] std::vector<net::Route> call_routes(Identity& identity);

/// Binds a plain function to the service; the routes live no longer than it.
using OpenFunction = Answer (*)(Identity&, net::Call&);
using UserFunction = Answer (*)(Identity&, Requester, net::Call&);
[[nodiscard]] net::Route bind(net::Method method, std::string_view pattern, Identity& identity,
                              OpenFunction function, net::Limit limit = net::Limit::none);
[[nodiscard]] net::Route bind(net::Method method, std::string_view pattern, Identity& identity,
                              UserFunction function, net::Limit limit = net::Limit::none);

/// The answer to a login or registration.
[[nodiscard]] json::object grant_body(Identity const& identity, Grant const& grant);
/// One request's part of a user-interactive authentication: looks at `auth` in its body, the proof it brings
/// and the stages done before.
/// @return the challenge or refusal to answer with; none when a flow is complete
[[nodiscard]] Task<std::optional<net::Response>> authenticate_interactively(Identity& identity,
                                                                            InteractiveAuth::Wanted wanted,
                                                                            json::object body);
/// Method and path, without the query: what a session of authentication is good for.
[[nodiscard]] std::string operation_of(net::Call const& call);
/// With the time to wait, when it was too many attempts.
[[nodiscard]] net::Response refusal_answer(Identity::Refusal const& refusal);
[[nodiscard]] Refresh wants_refresh(json::object const& body);

/// `forbidden` unless the path names the requester.
[[nodiscard]] Result<> check_own(Requester const& requester, std::string_view user_id);

}  // namespace torg::identity
