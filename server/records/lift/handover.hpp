#pragma once
#include "base/json.hpp"
#include "matrix/room/rooms.hpp"
#include "records/register/entry.hpp"

#include <map>

// Lifting from an end-to-end encrypted room: the server can't read it, so the lifter's client hands over what
// it decrypted (architecture, decision 11). This file says what is handed over, what the server sees for
// itself and what rests on the word of whoever hands over. Pure.
namespace torg::records {

/// What a client says that an encrypted event says.
struct Original {
  std::string event_id;
  std::string ciphertext_hash;  ///< SHA-256 of the event's `ciphertext`, hexadecimal
  std::string type;
  std::string content;  ///< a JSON object as decrypted, with the key of its attachment
  /// SHA-256 of the decrypted attachment, hexadecimal, by its `mxc://` address.
  std::map<std::string, std::string> file_hashes;
};
struct Handover {
  std::string device;  ///< that decrypted; empty: nothing is handed over
  Instant at{};
  std::vector<Original> originals;
};
/// As an intent keeps it.
[[nodiscard]] json::object to_json(Handover const& handover);
/// `{device?, at?, originals?: [{event_id, ciphertext_sha256, type, content, attachments?: [{url,
/// sha256}]}]}` of the API and of an intent. `invalid_param`, and `missing_param`, for what isn't of this
/// shape.
[[nodiscard]] Result<Handover> parse_handover(json::object const& object);

/// What is handed over of the event; null when nothing is.
[[nodiscard]] Original const* original_of(Handover const& handover, matrix::RoomEvent const& event);

[[nodiscard]] inline bool is_encrypted(matrix::RoomEvent const& event) {
  return event.type == "m.room.encrypted" && !event.state_key;
}
/// The events of an item that nobody but its readers can read, and which are still shown to them: itself and
/// its edits.
[[nodiscard]] std::vector<matrix::RoomEvent> encrypted_among(matrix::RoomEvent const& event,
                                                             std::vector<matrix::RoomEvent> const& relations);

/// Ok when `original` may be what `event` says: it is of this very ciphertext, and an item. `invalid_param`
/// with what doesn't fit.
[[nodiscard]] Result<> check_original(matrix::RoomEvent const& event, Original const& original);
/// The event as one reads it. The relation is the one outside the encryption, as everywhere in Matrix.
[[nodiscard]] matrix::RoomEvent as_read(matrix::RoomEvent event, Original const& original);
/// The event as one reads it, when its original is handed over and fits; itself when it isn't encrypted or
/// nothing is handed over. `invalid_param` as `check_original`.
[[nodiscard]] Result<matrix::RoomEvent> read_with(Handover const& handover, matrix::RoomEvent event);

/// How an encrypted attachment is opened.
struct FileSecret {
  std::string url;
  std::string key, iv;   ///< bytes
  db::BlobId encrypted;  ///< SHA-256 of the encrypted bytes, as the message says
};
/// Of a decrypted message; none when it has no encrypted attachment. `invalid_param` for a broken or unknown
/// form.
/// @see https://spec.matrix.org/v1.19/client-server-api/#extensions-to-mroommessage-msgtypes
[[nodiscard]] Result<std::optional<FileSecret>> file_secret(std::string const& content);

/// An attachment that the server has decrypted with the key that was handed over.
struct OpenedFile {
  std::string url;
  db::BlobId encrypted;
  NewFile file;  ///< decrypted
};
struct OpenedOriginal {
  std::string event_id, ciphertext_hash, type, content;
  std::vector<OpenedFile> files;
};

/// Who handed over; what register, manifest and rendition say of it.
struct HandoverFacts {
  std::string by, name;  ///< user id; what people call them
  std::string device;
  Instant at{};
  std::int64_t files = 0;  ///< attachments that were opened
};
struct HandedOver {
  HandoverFacts facts;
  std::vector<OpenedOriginal> originals;
  std::vector<std::string>
      missing;  ///< encrypted events that stayed closed: taken away, or edits that came later
};
/// Who decrypted when, what the server has seen for itself, and what rests on their word.
[[nodiscard]] Bilingual statement(HandoverFacts const& facts);

}  // namespace torg::records
