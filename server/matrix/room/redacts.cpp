#include "matrix/room/redacts.hpp"

#include "matrix/event/canonical.hpp"

namespace torg::matrix {
namespace {

bool concerns(Event const& event) {
  return event.type == "m.room.redaction" && traits(event.version).redacts == Redacts::in_event;
}

/// Rewrites content that came in by the rules of its room: it has a canonical form.
template <class Change>
void rewrite(Event& event, Change change) {
  auto content = parse_json_object(event.content);
  if (!content) return;
  change(*content);
  if (auto text = canonical_json(*content, Numbers::any)) event.content = std::move(*text);
}

}  // namespace

void move_redacts_out(Event& event) {
  if (!concerns(event)) return;
  rewrite(event, [&](json::object& content) {
    if (auto const target = optional_string(content, "redacts")) event.redacts = std::string(*target);
    content.erase("redacts");
  });
}

void move_redacts_in(Event& event) {
  if (!concerns(event) || !event.redacts) return;
  rewrite(event, [&](json::object& content) { content["redacts"] = *event.redacts; });
}

}  // namespace torg::matrix
