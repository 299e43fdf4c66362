#include "records/lift/manifest.hpp"

namespace torg::records {
namespace {

/// Members of a JSON object or array, written one after another: originals go in as the bytes they are.
class Writer {
 public:
  Writer& key(std::string_view name) {
    comma();
    append_json_string(out_, name);
    out_ += ':';
    fresh_ = true;
    return *this;
  }
  Writer& raw(std::string_view text) {
    comma();
    out_ += text;
    return *this;
  }
  Writer& text(std::string_view value) {
    comma();
    append_json_string(out_, value);
    return *this;
  }
  Writer& number(std::int64_t value) { return raw(std::to_string(value)); }
  Writer& open(char bracket) {
    comma();
    out_ += bracket;
    fresh_ = true;
    return *this;
  }
  Writer& close(char bracket) {
    out_ += bracket;
    fresh_ = false;
    return *this;
  }
  [[nodiscard]] std::string take() { return std::move(out_); }

 private:
  void comma() {
    if (!fresh_) out_ += ',';
    fresh_ = false;
  }
  std::string out_;
  bool fresh_ = true;
};

void write_event(Writer& writer, matrix::RoomEvent const& event, std::string_view sender) {
  writer.key("event_id").text(event.id.view());
  writer.key("type").text(event.type);
  writer.key("sender").text(sender);
  writer.key("origin_server_ts").number(event.origin_server_ts);
  writer.key("content").raw(event.content.empty() ? "{}" : event.content);
}

/// The sources by id and hash: whoever has one can tell that it is the one the note was written from.
void write_note(Writer& writer, ManifestItem const& item) {
  writer.key("note").open('{').key("title").text(item.note->title);
  writer.key("sources").open('[');
  for (auto const& source : item.sources) {
    writer.open('{').key("event_id").text(source.event_id);
    writer.key("available").raw(source.content_hash.empty() ? "false" : "true");
    if (!source.content_hash.empty()) {
      writer.key("type").text(source.type).key("sender").text(source.sender_id);
      writer.key("sender_name").text(source.sender_name);
      writer.key("origin_server_ts").number(source.origin_server_ts);
      writer.key("content_sha256").text(source.content_hash);
    }
    writer.close('}');
  }
  writer.close(']').close('}');
}

void write_opened_file(Writer& writer, OpenedFile const& file) {
  writer.open('{').key("url").text(file.url);
  if (!file.encrypted.value.empty()) writer.key("encrypted_sha256").text(file.encrypted.value);
  writer.key("name").text(file.file.name).key("sha256").text(file.file.blob.value).close('}');
}

void write_original(Writer& writer, OpenedOriginal const& original) {
  writer.open('{').key("event_id").text(original.event_id);
  writer.key("ciphertext_sha256").text(original.ciphertext_hash);
  writer.key("type").text(original.type).key("content").raw(original.content);
  writer.key("attachments").open('[');
  for (auto const& file : original.files) write_opened_file(writer, file);
  writer.close(']').close('}');
}

/// What was decrypted by whom, what the server has seen for itself and what rests on their word.
void write_handover(Writer& writer, HandedOver const& handed_over) {
  writer.key("handed_over").open('{').key("by").text(handed_over.facts.by);
  writer.key("device").text(handed_over.facts.device).key("at").number(to_ms(handed_over.facts.at));
  auto const words = statement(handed_over.facts);
  writer.key("statement").open('{').key("sv").text(words.sv).key("en").text(words.en).close('}');
  writer.key("proven").open('[').text("event").text("ciphertext_sha256");
  if (handed_over.facts.files > 0) writer.text("attachments");
  writer.close(']').key("on_their_word").open('[').text("content").close(']');
  writer.key("originals").open('[');
  for (auto const& original : handed_over.originals) write_original(writer, original);
  writer.close(']').key("not_handed_over").open('[');
  for (auto const& id : handed_over.missing) writer.text(id);
  writer.close(']').close('}');
}

void write_item(Writer& writer, ManifestItem const& item) {
  writer.open('{');
  write_event(writer, item.event, item.sender_id);
  writer.key("sender_name").text(item.sender_name);
  writer.key("redacted").raw(item.event.redacted_by ? "true" : "false");
  writer.key("relations").open('[');
  for (std::size_t n = 0; n < item.relations.size(); ++n) {
    writer.open('{');
    write_event(writer, item.relations[n], item.relation_senders.at(n));
    writer.close('}');
  }
  writer.close(']');
  writer.key("attachments").open('[');
  for (auto const& file : item.attachments) {
    writer.open('{').key("name").text(file.name).key("type").text(file.type).key("size").number(file.size);
    writer.key("sha256").text(file.blob.value).close('}');
  }
  writer.close(']');
  if (item.note) write_note(writer, item);
  if (item.handed_over) write_handover(writer, *item.handed_over);
  writer.close('}');
}

}  // namespace

std::string manifest_json(ManifestInput const& input) {
  Writer writer;
  writer.open('{').key("torg_manifest").number(1);
  writer.key("tool").text(kToolVersion);
  writer.key("time_zone").text("Europe/Stockholm");
  writer.key("room").open('{').key("id").text(input.room_id).key("name").text(input.room_name).close('}');
  writer.key("lifted").open('{').key("by").text(input.lifted_by).key("authority").text(input.authority);
  writer.key("at").number(to_ms(input.at)).close('}');
  writer.key("items").open('[');
  for (auto const& item : input.items) write_item(writer, item);
  writer.close(']').close('}');
  return writer.take();
}

}  // namespace torg::records
