#pragma once
#include "matrix/push/types.hpp"
#include "matrix/room/room.hpp"
#include "matrix/sync/push_rule_set.hpp"

namespace torg::matrix {

/// What push gateways, which are other people's servers, may be told of an event.
enum class PushContent : std::uint8_t {
  ids,  ///< that there is one: its id and its room's
  full  ///< also what it says, unless the pusher asks for ids only
};

/// One thing to tell a pusher.
struct PushNote {
  EventPtr event;  ///< null: only how much is unread
  PushActions actions;
};

/// A text in the content of a state event, without what was redacted; empty when there is none.
[[nodiscard]] std::string text_in_state(Room const& room, std::string_view type, std::string_view state_key,
                                        std::string_view key);

/// The body of `POST /_matrix/push/v1/notify`. Pure.
/// @param room of the event; null for a note without one @param unread messages in all rooms
/// @see https://spec.matrix.org/v1.19/push-gateway-api/
[[nodiscard]] json::object gateway_body(Pusher const& pusher, PushNote const& note, Room const* room,
                                        std::int64_t unread, PushContent content,
                                        identity::Identity const& identity);
/// Whether a gateway's answer says that this pushkey is no longer good.
[[nodiscard]] bool is_rejected(std::string_view answer, std::string_view pushkey);

}  // namespace torg::matrix
