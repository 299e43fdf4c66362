#include "matrix/room/render.hpp"

#include "base/json.hpp"
#include "matrix/event/event.hpp"
#include "matrix/room/membership_history.hpp"
#include "matrix/room/sticky.hpp"
#include "matrix/room/store.hpp"
#include "matrix/room/visibility.hpp"

namespace torg::matrix {
namespace {

/// Whether only what the redaction algorithm leaves of the content is shown.
bool is_hidden(CachedEvent const& event, RenderFor const& reader) {
  return event.redacted_by || (reader.visibility != nullptr && reader.visibility->erases(event));
}

std::string what_is_left(CachedEvent const& event) {
  auto const content = parse_json_object(event.content);
  return content ? redacted_content(event.version, event.type, *content) : "{}";
}

CachedEvent const* edit_of(CachedEvent const& event, RenderFor const& reader) {
  if (reader.bundles == nullptr || is_hidden(event, reader)) return nullptr;
  auto const found = reader.bundles->edits.find(event.id.key());
  return found == reader.bundles->edits.end() ? nullptr : found->second.get();
}

ThreadSummary const* thread_of(CachedEvent const& event, RenderFor const& reader) {
  if (reader.bundles == nullptr) return nullptr;
  auto const found = reader.bundles->threads.find(event.nid);
  return found == reader.bundles->threads.end() ? nullptr : &found->second;
}

/// @see https://spec.matrix.org/v1.19/client-server-api/#aggregations-of-child-events
void append_bundled(std::string& out, CachedEvent const* edit, ThreadSummary const* thread,
                    RenderFor reader) {
  out += '{';
  if (thread != nullptr) {
    // The latest message is shown with its own edit. It can't be the root of another thread.
    out += R"("m.thread":{"count":)" + std::to_string(thread->replies) + R"(,"current_user_participated":)";
    out += thread->participated ? R"(true,"latest_event":)" : R"(false,"latest_event":)";
    append_client_event(out, *thread->latest, reader);
    out += edit == nullptr ? "}" : "},";
  }
  if (edit != nullptr) {
    reader.bundles = nullptr;
    out += R"("m.replace":)";
    append_client_event(out, *edit, reader);
  }
  out += '}';
}

std::int64_t sticky_left(CachedEvent const& event, std::int64_t now_ms) {
  if (!event.sticky_ms || event.redacted_by || now_ms == 0) return 0;
  return StickyEvents::end_of(event, now_ms) - now_ms;
}

/// The id of a replaced event is shown to everybody, its content to those who may read it.
/// @see https://spec.matrix.org/v1.19/client-server-api/#definition-clientevent, `unsigned`
void append_replaced(std::string& out, CachedEvent const& replaced, RenderFor const& reader) {
  append_json_string(out, replaced.id.text());
  if (reader.visibility != nullptr && !reader.visibility->allows(replaced)) return;
  out += R"(,"prev_content":)";
  out += shown_content(replaced, reader);
}

CachedEvent const* replaced_of(CachedEvent const& event, RenderFor const& reader) {
  if (reader.replaced == nullptr || !event.is_state() || !event.replaces) return nullptr;
  auto const found = reader.replaced->find(event.replaces);
  return found == reader.replaced->end() ? nullptr : found->second.get();
}

void append_unsigned(std::string& out, CachedEvent const& event, RenderFor const& reader) {
  bool any = false;
  auto const member = [&](std::string_view start) {
    out += std::exchange(any, true) ? "," : R"(,"unsigned":{)";
    out += start;
  };
  if (reader.own_membership != nullptr) {
    if (auto const membership = reader.own_membership->at(event.position)) {
      member(R"("membership":")");
      (out += to_text(*membership)) += '"';
    }
  }
  if (event.session != 0 && event.session == reader.session && !event.transaction_id.empty()) {
    member(R"("transaction_id":)");
    // The key in memory is `room/type/id`.
    auto const& key = event.transaction_id;
    append_json_string(out, std::string_view(key).substr(key.find('/', key.find('/') + 1) + 1));
  }
  if (!event.delay_id.empty() && event.sender == reader.user) {
    member(R"("org.matrix.msc4140.delay_id":)");
    append_json_string(out, event.delay_id);
  }
  if (auto const left = sticky_left(event, reader.now_ms); left > 0)
    member(R"("msc4354_sticky_duration_ttl_ms":)" + std::to_string(left));
  if (auto const* replaced = replaced_of(event, reader)) {
    member(R"("replaces_state":)");
    append_replaced(out, *replaced, reader);
  }
  if (event.redaction) {
    member(R"("redacted_because":)");
    append_client_event(out, *event.redaction, reader);
  }
  auto const* edit = edit_of(event, reader);
  auto const* thread = thread_of(event, reader);
  if (edit != nullptr || thread != nullptr) {
    member(R"("m.relations":)");
    append_bundled(out, edit, thread, reader);
  }
  if (any) out += '}';
}

}  // namespace

Replaced replaced_by(db::Reader& reader, TypeNames const& types, std::vector<EventPtr> const& events) {
  Replaced found;
  for (auto const& event : events) {  // few of a page are state, and each is found by its key
    if (!event->is_state() || !event->replaces) continue;
    if (auto replaced = store::event(reader, types, event->replaces))
      found.emplace(event->replaces, std::move(replaced));
  }
  return found;
}

std::string visible_content(CachedEvent const& event) {
  return event.redacted_by ? what_is_left(event) : event.content;
}

std::string shown_content(CachedEvent const& event, RenderFor const& reader) {
  return is_hidden(event, reader) ? what_is_left(event) : event.content;
}

void append_client_event(std::string& out, CachedEvent const& event, RenderFor const& reader) {
  out += R"({"content":)";
  if (is_hidden(event, reader))
    out += what_is_left(event);
  else
    out += event.content;
  out += R"(,"event_id":)";
  append_json_string(out, event.id.text());
  if (event.sticky_ms && !event.redacted_by)
    out += R"(,"msc4354_sticky":{"duration_ms":)" + std::to_string(*event.sticky_ms) + '}';
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

void append_client_events(std::string& out, std::vector<EventPtr> const& events, RenderFor const& reader) {
  bool first = true;
  for (auto const& event : events) {
    if (!std::exchange(first, false)) out += ',';
    append_client_event(out, *event, reader);
  }
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
