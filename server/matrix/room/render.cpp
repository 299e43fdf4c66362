#include "matrix/room/render.hpp"

#include "base/json.hpp"
#include "matrix/event/event.hpp"

namespace torg::matrix {
namespace {

CachedEvent const* edit_of(CachedEvent const& event, RenderFor const& reader) {
  if (reader.edits == nullptr || event.redacted_by) return nullptr;
  auto const found = reader.edits->find(event.id.key());
  return found == reader.edits->end() ? nullptr : found->second.get();
}

/// @see https://spec.matrix.org/v1.19/client-server-api/#aggregations-of-child-events
void append_edit(std::string& out, CachedEvent const& edit, RenderFor reader) {
  reader.edits = nullptr;
  out += R"("m.relations":{"m.replace":)";
  append_client_event(out, edit, reader);
  out += '}';
}

void append_unsigned(std::string& out, CachedEvent const& event, RenderFor const& reader) {
  bool const own = event.session != 0 && event.session == reader.session && !event.transaction_id.empty();
  auto const* edit = edit_of(event, reader);
  if (!own && !event.redaction && edit == nullptr) return;
  out += R"(,"unsigned":{)";
  if (own) {
    out += R"("transaction_id":)";
    // The key in memory is `room/type/id`.
    auto const& key = event.transaction_id;
    append_json_string(out, std::string_view(key).substr(key.find('/', key.find('/') + 1) + 1));
  }
  if (event.redaction) {
    if (own) out += ',';
    out += R"("redacted_because":)";
    append_client_event(out, *event.redaction, reader);
  }
  if (edit != nullptr) {
    if (own) out += ',';
    append_edit(out, *edit, reader);
  }
  out += '}';
}

}  // namespace

std::string visible_content(CachedEvent const& event) {
  if (!event.redacted_by) return event.content;
  auto const content = parse_json_object(event.content);
  return content ? redacted_content(event.version, event.type, *content) : "{}";
}

void append_client_event(std::string& out, CachedEvent const& event, RenderFor const& reader) {
  out += R"({"content":)";
  if (event.redacted_by)
    out += visible_content(event);
  else
    out += event.content;
  out += R"(,"event_id":)";
  append_json_string(out, event.id.text());
  out += R"(,"origin_server_ts":)";
  out += std::to_string(event.origin_server_ts);
  if (!reader.room_id.empty()) {
    out += R"(,"room_id":)";
    append_json_string(out, reader.room_id);
  }
  out += R"(,"sender":)";
  append_json_string(out, reader.identity.user_id(event.sender));
  if (event.state_key) {
    out += R"(,"state_key":)";
    append_json_string(out, *event.state_key);
  }
  out += R"(,"type":)";
  append_json_string(out, event.type);
  if (event.type == "m.room.redaction") {
    // Clients of older room versions look for it here. SPEC: rooms v11, "moved to content"; servers show it
    // in both places whatever the version.
    if (auto const content = parse_json_object(visible_content(event))) {
      if (auto const target = optional_string(*content, "redacts")) {
        out += R"(,"redacts":)";
        append_json_string(out, *target);
      }
    }
  }
  append_unsigned(out, event, reader);
  out += '}';
}

void append_stripped_event(std::string& out, CachedEvent const& event, identity::Identity const& identity) {
  out += R"({"content":)";
  out += visible_content(event);
  out += R"(,"sender":)";
  append_json_string(out, identity.user_id(event.sender));
  out += R"(,"state_key":)";
  append_json_string(out, event.state_key.value_or(""));
  out += R"(,"type":)";
  append_json_string(out, event.type);
  out += '}';
}

}  // namespace torg::matrix
