#pragma once
#include "matrix/room/rooms.hpp"
#include "records/assessment/item.hpp"
#include "records/lift/handover.hpp"
#include "records/register/entry.hpp"

namespace torg::records {

/// One of the items that an official note was written from, lifted beside it or not.
struct NoteSource {
  std::string event_id;
  std::string sender_id, sender_name;
  std::string type;
  std::int64_t origin_server_ts = 0;
  /// SHA-256 of its content as the manifest would keep it, hexadecimal; empty: it is not here any more, or
  /// the one who lifts may not open it, and nothing else is known of it.
  std::string content_hash;
};

/// One lifted item, as it was: nothing later changes it.
struct ManifestItem {
  matrix::RoomEvent event;  ///< its content as sent, also when the author took it away
  std::string sender_id, sender_name;
  std::vector<matrix::RoomEvent> relations;   ///< edits, reactions and redactions, oldest first
  std::vector<std::string> relation_senders;  ///< user ids, in the same order
  std::vector<NewFile> attachments;           ///< as received
  std::optional<NoteLink> note{};             ///< it is an official note
  std::vector<NoteSource> sources{};          ///< of the note
  std::optional<HandedOver> handed_over{};    ///< it was encrypted end to end
};

struct ManifestInput {
  std::string room_id, room_name;
  std::string lifted_by;  ///< user id
  std::string authority;  ///< code
  Instant at{};
  std::vector<ManifestItem> items;
};

/// The manifest of a record: original JSON of each item with its edits, reactions and deletion marks, SHA-256
/// of every attachment as received, the zone of its days, the version of the tool. Byte for byte what the
/// register keeps.
[[nodiscard]] std::string manifest_json(ManifestInput const& input);

inline constexpr std::string_view kToolVersion = "torg 0.1.0";

}  // namespace torg::records
