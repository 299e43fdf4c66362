#pragma once
#include "base/ids.hpp"
#include "base/json.hpp"
#include "base/time.hpp"
#include "crypto/hash.hpp"
#include "matrix/event/room_version.hpp"

#include <optional>
#include <vector>

namespace torg::matrix {

/// Whole event with our signature counted.
inline constexpr std::size_t kMaxEventBytes = 65'536;
/// Each of sender, room_id, type, state_key, event_id.
inline constexpr std::size_t kMaxFieldBytes = 255;
/// A server may not cite more events than these.
/// @see https://spec.matrix.org/v1.19/rooms/v12/#event-format
inline constexpr std::size_t kMaxPrevEvents = 20;
inline constexpr std::size_t kMaxAuthEvents = 10;
/// Our signing keys are named `ed25519:` and at most this many bytes in all.
inline constexpr std::size_t kMaxKeyIdBytes = 32;
/// What `signatures` with one ed25519 entry of ours adds to the canonical form, at most.
[[nodiscard]] std::size_t signature_bytes(std::string_view server_name);

/// What an event cites, by its id; the reference hash is written in room versions 1 and 2 only.
struct Citation {
  std::string id;
  crypto::Sha256 reference_hash{};
};

/// An event before or after it has its id. `content` is canonical JSON of an object.
/// The whole event is a pure function of these fields (docs/adr/0003): header and content lie apart in the
/// store.
struct Event {
  RoomVersion version = RoomVersion::v12;
  std::string event_id;  ///< room versions 1 and 2, which choose it; empty in all others
  std::string type;
  std::optional<std::string> state_key;
  std::string sender;
  std::string room_id;  ///< empty for m.room.create from version 12 on
  std::string content;  ///< canonical JSON text
  std::int64_t origin_server_ts = 0;
  std::int64_t depth = 0;
  std::vector<Citation> prev_events;
  std::vector<Citation> auth_events;  ///< without m.room.create from version 12 on
  /// `msc4354_sticky.duration_ms`: for so long (milliseconds) it reaches everybody in the room.
  /// @see https://github.com/matrix-org/matrix-spec-proposals/pull/4354
  std::optional<std::int64_t> sticky_ms;
  std::optional<std::string> redacts;  ///< before version 11; later it stands in the content
  std::optional<std::string> origin;   ///< the server's name; older servers write it, we never do
  crypto::Sha256 content_hash{};       ///< filled by `seal`
  crypto::Sha256 reference_hash{};     ///< filled by `seal`
};

/// The canonical bytes of the event without `signatures` and `unsigned`.
[[nodiscard]] std::string pdu_bytes(Event const& event);
/// The bytes that a signature covers: the redacted event with its content hash; their SHA-256 is the
/// reference hash.
/// @pre the event is sealed
[[nodiscard]] std::string redacted_pdu_bytes(Event const& event);
/// Computes the content hash and the reference hash (of the redacted event), and with that the event id: `$`
/// and the hash in base64, but in versions 1 and 2 what `event_id` says.
/// @see https://spec.matrix.org/v1.19/server-server-api/#calculating-the-reference-hash-for-an-event
[[nodiscard]] EventId seal(Event& event);
/// The room id of a sealed m.room.create of version 12: `!` + its reference hash.
[[nodiscard]] RoomId room_id_of_create(EventId const& create);
/// Checks a sealed event: `too_large` for a field or the whole event with our signature, `invalid_param` for
/// an id that is none, a number outside canonical JSON, or too many cited events.
/// @see https://spec.matrix.org/v1.19/client-server-api/#size-limits
[[nodiscard]] Result<> check_limits(Event const& event, std::string_view server_name);

/// Whether redaction leaves anything of the content of events of this type.
[[nodiscard]] bool keeps_content(RoomVersion version, std::string_view type);
/// `content` as the redaction algorithm of the room version leaves it, canonical.
/// @pre `content` has a canonical form
/// @see https://spec.matrix.org/v1.19/rooms/v11/#redactions and the same section of the other versions
[[nodiscard]] std::string redacted_content(RoomVersion version, std::string_view type,
                                           json::object const& content);

}  // namespace torg::matrix
