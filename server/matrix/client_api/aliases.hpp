#pragma once
#include "matrix/client_api/handler.hpp"

namespace torg::matrix {

/// Whether a user may set this canonical alias event: what it names anew must lead to the room. `bad_alias`
/// when it doesn't, `invalid_param` for what is no alias at all.
/// @see https://spec.matrix.org/v1.19/client-server-api/#mroomcanonical_alias
[[nodiscard]] Task<Result<>> check_canonical_alias(ClientApi& api, std::shared_ptr<Room> room,
                                                   json::object content);

/// `exclusive` when the alias belongs to an application service that the requester isn't, or when the
/// requester is a service and it is not its own.
[[nodiscard]] Result<> check_alias_owner(ClientApi& api, identity::Requester const& requester,
                                         std::string_view alias);

}  // namespace torg::matrix
