#include "records/rendition/from_register.hpp"

#include <map>
#include <utility>

#include <fmt/format.h>

namespace torg::records {
namespace {

std::string text_at(json::object const& object, std::string_view key) {
  return std::string(optional_string(object, key).value_or(""));
}

Instant time_at(json::object const& object, std::string_view key) {
  return instant_from_ms(optional_integer(object, key).value_or(0));
}

/// Replacements, reactions and the like say so in `m.relates_to`.
/// @see https://spec.matrix.org/v1.19/client-server-api/#forming-relationships-between-events
json::object const* relation_of(json::object const& event) {
  auto const* const content = optional_object(event, "content");
  return content ? optional_object(*content, "m.relates_to") : nullptr;
}

std::string body_of(json::object const& event) {
  auto const* const content = optional_object(event, "content");
  return content ? text_at(*content, "body") : std::string();
}

std::string new_body_of(json::object const& event) {
  auto const* const content = optional_object(event, "content");
  auto const* const replaced = content ? optional_object(*content, "m.new_content") : nullptr;
  return replaced ? text_at(*replaced, "body") : std::string();
}

std::string name_of(People const& people, std::string_view user_id) {
  auto const user = people.find ? people.find(user_id) : UserNid();
  return user && people.name ? people.name(user) : std::string(user_id);
}

void add_relation(RenditionItem& item, json::object const& event, People const& people) {
  auto const* const relation = relation_of(event);
  auto const kind = relation ? text_at(*relation, "rel_type") : std::string();
  if (kind == "m.annotation")
    item.reactions.push_back(
        fmt::format("{} {}", text_at(*relation, "key"), name_of(people, text_at(event, "sender"))));
  auto const text = kind == "m.replace" ? new_body_of(event) : std::string();
  if (text.empty()) return;
  item.earlier.push_back({item.at, std::exchange(item.text, text)});
  item.at = time_at(event, "origin_server_ts");
}

/// What each encrypted event says, as its lifter's client handed it over.
std::map<std::string, json::object> originals_of(json::object const& item) {
  std::map<std::string, json::object> found;
  auto const* const handed_over = optional_object(item, "handed_over");
  auto const* const originals = handed_over ? optional_array(*handed_over, "originals") : nullptr;
  if (originals == nullptr) return found;
  for (auto const& one : *originals) {
    auto const* const content = one.is_object() ? optional_object(one.get_object(), "content") : nullptr;
    if (content != nullptr) found[text_at(one.get_object(), "event_id")] = *content;
  }
  return found;
}

/// The event with what was handed over of it in place of the ciphertext; the relation stands outside.
json::object decrypted(json::object event, std::map<std::string, json::object> const& originals) {
  auto const found = originals.find(text_at(event, "event_id"));
  if (found == originals.end()) return event;
  auto content = found->second;
  if (auto const* const relation = relation_of(event)) content["m.relates_to"] = *relation;
  event["content"] = std::move(content);
  return event;
}

void add_note(RenditionItem& out, json::object const& item) {
  auto const* const note = optional_object(item, "note");
  auto const* const sources = note ? optional_array(*note, "sources") : nullptr;
  out.note = note != nullptr;
  if (sources == nullptr) return;
  for (auto const& source : *sources) {
    if (source.is_object())
      out.sources.push_back(
          {text_at(source.get_object(), "sender_name"), time_at(source.get_object(), "origin_server_ts")});
  }
}

void add_handover(RenditionItem& out, json::object const& item) {
  auto const* const handed_over = optional_object(item, "handed_over");
  auto const* const words = handed_over ? optional_object(*handed_over, "statement") : nullptr;
  if (words != nullptr) out.handed_over = {text_at(*words, "sv"), text_at(*words, "en")};
}

/// What a registrar entered by hand – a letter, a call, a mail – is an event of the desk's room in the
/// service user's name: who it came from and when stand in its content.
RenditionItem incoming(json::object const& content) {
  RenditionItem out;
  out.who = text_at(content, "party");
  out.at = time_at(content, "at");
  auto const subject = text_at(content, "subject");
  out.text = subject.empty() ? text_at(content, "body") : subject + "\n\n" + text_at(content, "body");
  return out;
}

RenditionItem item_from(json::object const& item, People const& people) {
  auto const* const content = optional_object(item, "content");
  if (content && optional_string(item, "type") == "org.torg.incoming") return incoming(*content);
  auto const originals = originals_of(item);
  RenditionItem out;
  add_note(out, item);
  add_handover(out, item);
  out.who = text_at(item, "sender_name");
  if (out.who.empty()) out.who = text_at(item, "sender");
  out.at = time_at(item, "origin_server_ts");
  out.text = body_of(decrypted(item, originals));
  out.removed = optional_bool(item, "redacted").value_or(false);
  if (auto const* relations = optional_array(item, "relations"))
    for (auto const& relation : *relations)
      if (relation.is_object()) add_relation(out, decrypted(relation.get_object(), originals), people);
  return out;
}

/// What the sender said of a file: a caption is a `body` beside the file's name. Some clients have a text for
/// those who can't see it.
/// @see https://spec.matrix.org/v1.19/client-server-api/#media-captions
std::string description_of(json::object const& content) {
  if (auto said = text_at(content, "alt"); !said.empty()) return said;
  auto const name = text_at(content, "filename");
  auto body = text_at(content, "body");
  return name.empty() || body == name ? std::string() : body;
}

void add_descriptions(json::object const& item, std::map<std::string, std::string>& descriptions) {
  auto const* const content = optional_object(item, "content");
  auto const* const files = optional_array(item, "attachments");
  if (!content || !files) return;
  auto const type = text_at(item, "type");
  // What a registrar entered is about the whole record, not about a picture.
  if (type == "org.torg.incoming") return;
  for (auto const& file : *files)
    if (file.is_object()) descriptions[text_at(file.get_object(), "sha256")] = description_of(*content);
}

}  // namespace

RenditionContent content_from(RecordView record, std::string_view manifest, People const& people) {
  RenditionContent content;
  content.record = std::move(record);
  auto const parsed = parse_json_object(manifest);
  if (!parsed) return content;
  if (auto const* room = optional_object(*parsed, "room")) content.source = text_at(*room, "name");
  if (auto const* items = optional_array(*parsed, "items"))
    for (auto const& item : *items) {
      if (!item.is_object()) continue;
      content.items.push_back(item_from(item.get_object(), people));
      add_descriptions(item.get_object(), content.descriptions);
      auto const* const entered = optional_object(item.get_object(), "content");
      if (entered && content.original_place.empty())
        content.original_place = text_at(*entered, "original_place");
    }
  if (people.name && content.record.registered_by)
    content.registered_by = people.name(content.record.registered_by);
  return content;
}

RenditionRegister rendition_register(Register& reg, governance::Governance const& governance, People people) {
  auto const as_rendered = [](RecordId record, MadeRendition const& made) {
    Rendered rendered{.record = record,
                      .files = {},
                      .tool = made.tool,
                      .state = made.state,
                      .at = made.at,
                      .seed = made.seed};
    for (auto const& file : made.files)
      rendered.files.push_back({FileRole::rendition, file.name, file.type, file.size, file.blob});
    if (!made.replaced.empty())
      rendered.tool += fmt::format(", without a glyph: {}", fmt::join(made.replaced, " "));
    return rendered;
  };
  return {.content = [&reg, &governance,
                      people = std::move(people)](RecordId id) -> Task<Result<RenditionContent>> {
            auto record = co_await reg.record(id);
            if (!record) co_return fail(std::move(record));
            auto const manifest = co_await reg.manifest(id);
            if (!manifest) co_return std::unexpected(manifest.error());
            auto content = content_from(std::move(*record), *manifest, people);
            if (auto const* authority = governance.authority(content.record.authority))
              content.authority = fmt::format("{}, {}", authority->name_sv, authority->organisation);
            co_return content;
          },
          .keep =
              [as_rendered](db::Transaction& transaction, RecordId record, MadeRendition const& made) {
                return add_rendition(transaction, as_rendered(record, made));
              },
          .give_up =
              [](db::Transaction& transaction, RecordId record) {
                // A record that is gone has no rendition to fail.
                (void)add_rendition(transaction, {.record = record,
                                                  .files = {},
                                                  .tool = {},
                                                  .state = RenditionState::failed,
                                                  .at = {},
                                                  .seed = {}});
              }};
}

}  // namespace torg::records
