#pragma once
#include "identity/identity.hpp"
#include "matrix/room/cached_event.hpp"
#include "matrix/room/type_names.hpp"

#include <map>

namespace torg::matrix {

class MembershipHistory;
class Visibility;

/// A thread as its root shows it.
/// @see https://spec.matrix.org/v1.19/client-server-api/#server-side-aggregation-of-mthread-relationships
struct ThreadSummary {
  EventPtr latest;
  std::int64_t replies = 0;
  bool participated = false;  ///< whether the reader has written in it
};

/// What is shown together with events that others point at.
struct Bundles {
  std::map<crypto::Sha256, EventPtr> edits;   ///< the newest one, by the key of the id of what it edits
  std::map<EventNid, ThreadSummary> threads;  ///< by their root
};

/// State events that others took the place of, by their number.
using Replaced = std::map<EventNid, EventPtr>;
/// Those that the state events among `events` took the place of.
[[nodiscard]] Replaced replaced_by(db::Reader& reader, TypeNames const& types,
                                   std::vector<EventPtr> const& events);

/// Who an event is rendered for, and where it will stand.
struct RenderFor {
  identity::Identity const& identity;
  std::int64_t session = 0;          ///< device key of who gets their own transaction ids back
  std::string_view room_id;          ///< written into the event; empty within a room's part of a sync
  Bundles const* bundles = nullptr;  ///< shown with what they point at, when given
  UserNid user{};                    ///< the reader: sees what only a sender sees of their own events
  std::int64_t now_ms = 0;           ///< says how long sticky events are sticky still; 0: doesn't
  MembershipHistory const* own_membership = nullptr;  ///< the reader's, in the room of the events
  Visibility const* visibility =
      nullptr;                         ///< the reader's; without it nothing is taken out for erased people
  Replaced const* replaced = nullptr;  ///< shown with the state events that took their place, when given
};

/// Appends the client form of an event: spliced from its parts, never parsed, unless it was redacted.
/// @see https://spec.matrix.org/v1.19/client-server-api/#room-event-format
void append_client_event(std::string& out, CachedEvent const& event, RenderFor const& reader);
/// The same for several, comma-separated.
void append_client_events(std::string& out, std::vector<EventPtr> const& events, RenderFor const& reader);
/// type, state_key, content and sender only: for invites.
void append_stripped_event(std::string& out, CachedEvent const& event, identity::Identity const& identity);

/// What a client may see of the content: as sent, or what the redaction algorithm leaves.
[[nodiscard]] std::string visible_content(CachedEvent const& event);
/// The same for one reader.
[[nodiscard]] std::string shown_content(CachedEvent const& event, RenderFor const& reader);

}  // namespace torg::matrix
