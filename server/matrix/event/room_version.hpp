#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace torg::matrix {

/// The stable room versions of the specification. They have no order of worth; what one does is in its
/// traits.
/// @see https://spec.matrix.org/v1.19/rooms/
enum class RoomVersion : std::uint8_t { v1 = 1, v2, v3, v4, v5, v6, v7, v8, v9, v10, v11, v12 };

inline constexpr std::array kRoomVersions{
    RoomVersion::v1, RoomVersion::v2, RoomVersion::v3, RoomVersion::v4,  RoomVersion::v5,  RoomVersion::v6,
    RoomVersion::v7, RoomVersion::v8, RoomVersion::v9, RoomVersion::v10, RoomVersion::v11, RoomVersion::v12};

/// What an event is called.
enum class EventIds : std::uint8_t {
  chosen,        ///< `$opaque:server`, carried in the event
  hash,          ///< reference hash in standard base64
  hash_for_urls  ///< reference hash in url-safe base64
};
enum class RoomIds : std::uint8_t { chosen, create_hash };
/// `prev_events` and `auth_events`: pairs of id and reference hash, or ids.
enum class Citations : std::uint8_t { with_hashes, ids };
/// Numbers in an event: any JSON number, or only the integers of canonical JSON.
enum class Numbers : std::uint8_t { any, canonical };
/// The generations of the redaction algorithm, each named after the first version that has it.
enum class Redaction : std::uint8_t { v1, v6, v8, v9, v11 };
/// Where `m.room.redaction` says what it redacts.
enum class Redacts : std::uint8_t { in_event, in_content };
/// Who made the room: said in `content.creator`, or by the sender; from version 12 on there may be more, and
/// their power is without limit.
enum class Creators : std::uint8_t { in_content, sender, all_powerful };
/// Whether events cite m.room.create in `auth_events`.
enum class CreateCited : std::uint8_t { yes, no };
/// `m.room.aliases` belongs to the server it is named after, or is state like any other.
enum class Aliases : std::uint8_t { by_server, plain };
/// How a level in `m.room.power_levels` may be written.
enum class Levels : std::uint8_t { any_number_or_string, integer_or_string, integer };
/// Whether changes of the levels of notifications are checked.
enum class NotificationLevels : std::uint8_t { unchecked, checked };
enum class Knocking : std::uint8_t { none, by_rule, also_restricted };
enum class Restricted : std::uint8_t { none, allowed };
/// Whether authorisation asks for the redact level, or the redaction waits for its target instead.
enum class RedactionRight : std::uint8_t { authorised, judged_later };
/// For federation, where states meet that differ.
enum class StateResolution : std::uint8_t { v1, v2, v2_1 };
/// Whether a key must have been valid when the event was signed; for federation.
enum class KeyValidity : std::uint8_t { ignored, enforced };

/// All that tells one room version from another. Code asks for a trait, never for a version.
struct VersionTraits {
  EventIds event_ids;
  RoomIds room_ids;
  Citations citations;
  Numbers numbers;
  Redaction redaction;
  Redacts redacts;
  Creators creators;
  CreateCited create_cited;
  Aliases aliases;
  Levels levels;
  NotificationLevels notifications;
  Knocking knocking;
  Restricted restricted;
  RedactionRight redaction_right;
  StateResolution state_resolution;
  KeyValidity key_validity;
};

[[nodiscard]] VersionTraits const& traits(RoomVersion version);
/// None for a version that this server doesn't know.
[[nodiscard]] std::optional<RoomVersion> parse_room_version(std::string_view text);
[[nodiscard]] std::string_view to_text(RoomVersion version);

}  // namespace torg::matrix
