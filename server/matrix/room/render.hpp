#pragma once
#include "identity/identity.hpp"
#include "matrix/room/cached_event.hpp"

#include <map>

namespace torg::matrix {

/// The newest edit of each event that has one, by the key of the id of what it edits.
using Edits = std::map<crypto::Sha256, EventPtr>;

/// Who an event is rendered for, and where it will stand.
struct RenderFor {
  identity::Identity const& identity;
  std::int64_t session = 0;      ///< device key of who gets their own transaction ids back
  std::string_view room_id;      ///< written into the event; empty within a room's part of a sync
  Edits const* edits = nullptr;  ///< bundled with what they edit, when given
};

/// Appends the client form of an event: spliced from its parts, never parsed, unless it was redacted.
/// @see https://spec.matrix.org/v1.19/client-server-api/#room-event-format
void append_client_event(std::string& out, CachedEvent const& event, RenderFor const& reader);
/// type, state_key, content and sender only: for invites.
void append_stripped_event(std::string& out, CachedEvent const& event, identity::Identity const& identity);

/// What a client may see of the content: as sent, or what the redaction algorithm leaves.
[[nodiscard]] std::string visible_content(CachedEvent const& event);

}  // namespace torg::matrix
