#include "records/assessment/item.hpp"

#include <algorithm>
#include <array>

namespace torg::records {
namespace {

constexpr std::array<std::string_view, 4> kItemTypes{"m.room.message", "m.sticker", "m.room.encrypted",
                                                     "org.torg.incoming"};

/// `comments` or `information`: said by whoever shares a draft, before it is sent (R11).
constexpr std::string_view kSharedFor = "org.torg.shared_for";
/// `{title, sources: [event id]}` in a message that is an official note. It stands beside `body`, so that a
/// client that knows nothing of notes shows the text.
constexpr std::string_view kNote = "org.torg.note";

std::string string_or_empty(json::object const& object, std::string_view key) {
  return std::string(optional_string(object, key).value_or(""));
}

std::optional<Attachment> read_attachment(json::object const& content) {
  auto const* file = optional_object(content, "file");
  auto const url = string_or_empty(file != nullptr ? *file : content, "url");
  if (url.empty()) return std::nullopt;
  Attachment attachment{string_or_empty(content, "filename"), "", url, 0};
  if (attachment.name.empty()) attachment.name = string_or_empty(content, "body");
  if (auto const* info = optional_object(content, "info")) {
    attachment.type = string_or_empty(*info, "mimetype");
    attachment.size = optional_integer(*info, "size").value_or(0);
  }
  return attachment;
}

void read_relation(json::object const& content, Item& item) {
  auto const* relation = optional_object(content, "m.relates_to");
  if (relation == nullptr) return;
  auto const kind = string_or_empty(*relation, "rel_type");
  if (kind == "m.replace") item.replaces = string_or_empty(*relation, "event_id");
  if (kind == "m.thread") item.replies_to = string_or_empty(*relation, "event_id");
  if (auto const* reply = optional_object(*relation, "m.in_reply_to")) {
    item.replies_to = string_or_empty(*reply, "event_id");
  }
}

std::optional<NoteLink> read_note(json::object const& content) {
  auto const* note = optional_object(content, kNote);
  if (note == nullptr) return std::nullopt;
  NoteLink link{string_or_empty(*note, "title"), {}};
  auto const* sources = optional_array(*note, "sources");
  if (sources == nullptr) return link;
  for (auto const& source : *sources) {
    if (source.is_string() && link.sources.size() < NoteLink::kMostSources)
      link.sources.emplace_back(source.get_string());
  }
  return link;
}

}  // namespace

std::optional<Item> read_item(std::string_view type, std::string_view content) {
  if (std::ranges::find(kItemTypes, type) == kItemTypes.end()) return std::nullopt;
  Item item;
  auto const object = parse_json_object(content);
  if (!object) return item;
  read_relation(*object, item);
  auto const* newer = item.replaces.empty() ? nullptr : optional_object(*object, "m.new_content");
  auto const& said = newer != nullptr ? *newer : *object;
  item.text = string_or_empty(said, "body");
  item.for_comments = string_or_empty(said, kSharedFor) == "comments";
  item.note = read_note(said);
  if (auto attachment = read_attachment(said)) item.attachments.push_back(std::move(*attachment));
  return item;
}

bool belongs_to_another(matrix::RoomEvent const& event) {
  if (event.state_key) return false;
  if (event.type == "m.reaction") return true;
  auto const item = read_item(event);
  return item && !item->replaces.empty();
}

std::string short_title(std::string_view text, std::size_t most) {
  auto line = text.substr(0, text.find('\n'));
  if (line.size() <= most) return std::string(line);
  auto cut = line.find_last_of(' ', most);
  if (cut == std::string_view::npos || cut == 0) {
    cut = most;
    // Never inside a character of several bytes.
    while (cut > 0 && (static_cast<unsigned char>(line[cut]) & 0xC0) == 0x80) --cut;
  }
  return std::string(line.substr(0, cut)) + " …";
}

}  // namespace torg::records
