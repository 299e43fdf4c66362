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
  writer.close(']').close('}');
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
