#include "records/lift/rendition_content.hpp"

namespace torg::records {
namespace {

Instant time_of(json::object const& event) {
  return instant_from_ms(optional_integer(event, "origin_server_ts").value_or(0));
}

std::string body_of(json::object const& content) { return std::string(optional_string(content, "body").value_or("")); }

/// An edit replaces the wording; the one before it stays, with the time it was written.
void apply_edit(RenditionItem& item, json::object const& edit, Instant& written) {
  auto const* content = optional_object(edit, "content");
  auto const* newer = content == nullptr ? nullptr : optional_object(*content, "m.new_content");
  if (newer == nullptr) return;
  item.earlier.push_back({written, std::exchange(item.text, body_of(*newer))});
  written = time_of(edit);
}

void apply_reaction(RenditionItem& item, json::object const& reaction) {
  auto const* content = optional_object(reaction, "content");
  auto const* relation = content == nullptr ? nullptr : optional_object(*content, "m.relates_to");
  if (relation == nullptr) return;
  item.reactions.push_back(std::string(optional_string(*relation, "key").value_or("")) + ' ' +
                           std::string(optional_string(reaction, "sender").value_or("")));
}

bool is_edit(json::object const& event) {
  auto const* content = optional_object(event, "content");
  auto const* relation = content == nullptr ? nullptr : optional_object(*content, "m.relates_to");
  return relation != nullptr && optional_string(*relation, "rel_type") == "m.replace";
}

RenditionItem item_of(json::object const& original) {
  RenditionItem item{.who = std::string(optional_string(original, "sender_name").value_or("")), .at = time_of(original)};
  if (auto const* content = optional_object(original, "content")) item.text = body_of(*content);
  item.removed = optional_bool(original, "redacted").value_or(false);
  auto written = item.at;
  auto const* relations = optional_array(original, "relations");
  if (relations == nullptr) return item;
  for (auto const& relation : *relations) {
    if (!relation.is_object()) continue;
    auto const& event = relation.get_object();
    if (is_edit(event)) apply_edit(item, event, written);
    else if (optional_string(event, "type") == "m.reaction") apply_reaction(item, event);
  }
  return item;
}

}  // namespace

Result<RenditionContent> rendition_content(RecordView record, std::string_view manifest) {
  auto const parsed = parse_json_object(manifest);
  if (!parsed) return std::unexpected(parsed.error());
  RenditionContent content{.record = std::move(record), .language = "sv"};
  content.source = optional_string(*parsed, "room_name").value_or("");
  auto const* items = optional_array(*parsed, "items");
  if (items == nullptr) return fail(ErrorCode::bad_json, "The manifest has no items.");
  for (auto const& item : *items) {
    if (item.is_object()) content.items.push_back(item_of(item.get_object()));
  }
  return content;
}

}  // namespace torg::records
