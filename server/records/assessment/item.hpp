#pragma once
#include "matrix/room/rooms.hpp"

#include <optional>
#include <string>
#include <vector>

namespace torg::records {

struct Attachment {
  std::string name, type, url;
  std::int64_t size = 0;  ///< bytes; 0 when the sender didn't say
};

/// What makes a message an official note: its heading, and the items it was written from (FL 27, R16).
struct NoteLink {
  static constexpr std::size_t kMostSources = 200;
  std::string title;
  std::vector<std::string> sources;  ///< event ids, in the writer's order
};

/// What an event holds that a person could register: a message or a file, as its sender wrote it.
struct Item {
  std::string text;
  std::vector<Attachment> attachments;
  std::string replies_to;        ///< event id; empty: nothing
  std::string replaces;          ///< event id of the item that this one edits; empty: none
  bool for_comments = false;     ///< shared for comments, as its sender said before sending it (R11)
  std::optional<NoteLink> note;  ///< it is an official note
};

/// None for what is no item: state, reactions, redactions, notices of records. Broken content is an empty
/// item.
[[nodiscard]] std::optional<Item> read_item(std::string_view type, std::string_view content);
[[nodiscard]] inline std::optional<Item> read_item(matrix::RoomEvent const& event) {
  if (event.state_key) return std::nullopt;
  return read_item(event.type, event.content);
}

/// Whether an event says something *about* another one and goes when it goes: an edit or a reaction.
[[nodiscard]] bool belongs_to_another(matrix::RoomEvent const& event);

/// The first line, at most about `most` bytes, cut between words.
[[nodiscard]] std::string short_title(std::string_view text, std::size_t most = 90);

}  // namespace torg::records
