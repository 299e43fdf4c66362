#pragma once
#include "identity/identity.hpp"
#include "net/http.hpp"

namespace torg::identity {

/// All routes of this slice: login, registration, accounts, devices, keys, profiles, account data, filters,
/// push rules and what clients ask first (versions, well-known, capabilities).
[[nodiscard]] std::vector<net::Route> routes(Identity& identity);

// ---- For the routes of this and of higher slices

using OpenHandler = std::function<Task<Result<net::Response>>(net::Call&)>;
using UserHandler = std::function<Task<Result<net::Response>>(Requester, net::Call&)>;

/// A route for anybody; an `Error` of the handler becomes its answer.
[[nodiscard]] net::Route open_route(net::Method method, std::string_view pattern, OpenHandler handler);
/// A route for people who have logged in; others get `M_MISSING_TOKEN` or `M_UNKNOWN_TOKEN`.
[[nodiscard]] net::Route user_route(net::Method method, std::string_view pattern, Identity const& identity,
                                    UserHandler handler);
/// For `net::Route::admit`: refuses strangers before a body of 10 kB or more comes, so that they can fill
/// neither memory nor disk.
[[nodiscard]] std::function<std::optional<net::Response>(net::Request const&)> only_signed_in(
    Identity const& identity);
/// As `net::error_response`, with the `soft_logout` of an expired token, and the `admin_contact` or `info_uri`
/// of a limit.
[[nodiscard]] net::Response error_answer(Error const& error);
[[nodiscard]] net::Response json_answer(json::object const& body, unsigned status = 200);
/// `{}`
[[nodiscard]] net::Response empty_answer();

/// User-interactive authentication with one stage, the user's password.
/// @return the challenge to answer with; none when the user has proved who they are
/// @see https://spec.matrix.org/v1.19/client-server-api/#user-interactive-authentication-api
[[nodiscard]] Task<std::optional<net::Response>> confirm_password(Identity& identity, Requester requester,
                                                                  net::Call const& call, json::object body);

}  // namespace torg::identity
