#include "records/lift/handover.hpp"

#include "base/encoding.hpp"
#include "crypto/hash.hpp"
#include "records/assessment/item.hpp"
#include "records/text/dates.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace torg::records {
namespace {

constexpr std::string_view kMegolm = "m.megolm.v1.aes-sha2";
constexpr std::string_view kNotOfItsShape = "An original has event_id, ciphertext_sha256, type and content.";

std::unexpected<Error> unfit(std::string why) { return fail(ErrorCode::invalid_param, std::move(why)); }

std::string text_at(json::object const& object, std::string_view key) {
  return std::string(optional_string(object, key).value_or(""));
}

Result<Original> parse_original(json::object const& object) {
  Original original{
      text_at(object, "event_id"), text_at(object, "ciphertext_sha256"), text_at(object, "type"), {}, {}};
  auto const* content = optional_object(object, "content");
  if (original.event_id.empty() || original.ciphertext_hash.empty() || original.type.empty() ||
      content == nullptr)
    return fail(ErrorCode::missing_param, std::string(kNotOfItsShape));
  original.content = json::serialize(*content);
  auto const* files = optional_array(object, "attachments");
  if (files == nullptr) return original;
  for (auto const& file : *files) {
    if (!file.is_object()) return unfit("An attachment has url and sha256.");
    original.file_hashes[text_at(file.get_object(), "url")] = text_at(file.get_object(), "sha256");
  }
  return original;
}

/// Where the message's own words are: of an edit the new ones.
json::object const& said_in(json::object const& content) {
  auto const* newer = optional_object(content, "m.new_content");
  return newer == nullptr ? content : *newer;
}

std::optional<std::string> bytes_of(json::object const& object, std::string_view key, Base64 alphabet) {
  auto const text = optional_string(object, key);
  return text ? base64_decode(*text, alphabet) : std::nullopt;
}

}  // namespace

json::object to_json(Handover const& handover) {
  json::array originals;
  for (auto const& original : handover.originals) {
    json::array files;
    for (auto const& [url, hash] : original.file_hashes)
      files.push_back(json::object{{"url", url}, {"sha256", hash}});
    originals.push_back(json::object{{"event_id", original.event_id},
                                     {"ciphertext_sha256", original.ciphertext_hash},
                                     {"type", original.type},
                                     {"content", parse_json(original.content).value()},
                                     {"attachments", std::move(files)}});
  }
  return {{"device", handover.device}, {"at", to_ms(handover.at)}, {"originals", std::move(originals)}};
}

Result<Handover> parse_handover(json::object const& object) {
  Handover handover{
      text_at(object, "device"), instant_from_ms(optional_integer(object, "at").value_or(0)), {}};
  auto const* originals = optional_array(object, "originals");
  if (originals == nullptr) return handover;
  for (auto const& one : *originals) {
    if (!one.is_object()) return unfit(std::string(kNotOfItsShape));
    auto original = parse_original(one.get_object());
    if (!original) return fail(std::move(original));
    handover.originals.push_back(std::move(*original));
  }
  return handover;
}

Original const* original_of(Handover const& handover, matrix::RoomEvent const& event) {
  auto const found = std::ranges::find(handover.originals, event.id.value, &Original::event_id);
  return found == handover.originals.end() ? nullptr : &*found;
}

std::vector<matrix::RoomEvent> encrypted_among(matrix::RoomEvent const& event,
                                               std::vector<matrix::RoomEvent> const& relations) {
  std::vector<matrix::RoomEvent> found;
  if (is_encrypted(event) && !event.redacted_by) found.push_back(event);
  for (auto const& relation : relations) {
    if (!is_encrypted(relation) || relation.redacted_by || relation.sender != event.sender) continue;
    auto const edit = read_item(relation);
    if (edit && !edit->replaces.empty()) found.push_back(relation);
  }
  return found;
}

Result<> check_original(matrix::RoomEvent const& event, Original const& original) {
  auto const content = is_encrypted(event) ? parse_json_object(event.content) : Result<json::object>();
  if (!is_encrypted(event) || !content || optional_string(*content, "algorithm") != kMegolm)
    return unfit("Nothing of it is encrypted in a way that can be handed over.");
  auto const ciphertext = optional_string(*content, "ciphertext").value_or("");
  auto const hash = hex_encode(crypto::view(crypto::sha256(ciphertext)));
  if (ciphertext.empty() || hash != original.ciphertext_hash)
    return unfit("The original is of another ciphertext than the one in the room.");
  if (original.type == event.type || !read_item(original.type, original.content))
    return unfit("The original is neither a message nor a file.");
  return {};
}

matrix::RoomEvent as_read(matrix::RoomEvent event, Original const& original) {
  auto const outside = parse_json_object(event.content);
  auto content = parse_json_object(original.content).value_or(json::object());
  content.erase("m.relates_to");
  auto const* relation = outside ? optional_object(*outside, "m.relates_to") : nullptr;
  if (relation != nullptr) content["m.relates_to"] = *relation;
  event.type = original.type;
  event.content = json::serialize(content);
  return event;
}

Result<matrix::RoomEvent> read_with(Handover const& handover, matrix::RoomEvent event) {
  auto const* original = original_of(handover, event);
  if (original == nullptr) return event;
  if (auto fits = check_original(event, *original); !fits) return fail(std::move(fits));
  return as_read(std::move(event), *original);
}

Result<std::optional<FileSecret>> file_secret(std::string const& content) {
  auto const object = parse_json_object(content);
  if (!object) return unfit("The original's content is broken.");
  auto const* file = optional_object(said_in(*object), "file");
  if (file == nullptr) return std::nullopt;
  auto const* key = optional_object(*file, "key");
  auto const* hashes = optional_object(*file, "hashes");
  auto const secret = key == nullptr ? std::nullopt : bytes_of(*key, "k", Base64::url);
  auto const iv = bytes_of(*file, "iv", Base64::standard);
  auto const hash = hashes == nullptr ? std::nullopt : bytes_of(*hashes, "sha256", Base64::standard);
  if (!secret || !iv || !hash || optional_string(*file, "v") != "v2")
    return unfit("The attachment's key isn't of a known form.");
  return FileSecret{text_at(*file, "url"), *secret, *iv, {hex_encode(*hash)}};
}

Bilingual statement(HandoverFacts const& facts) {
  auto const files_sv = facts.files == 0 ? "" : ", och att bilagorna är de krypterade filernas innehåll";
  auto const files_en =
      facts.files == 0 ? "" : ", and that the attachments are what the encrypted files hold";
  return {
      fmt::format(
          "Rummet var totalsträckskrypterat. Texten är vad {} läste och lämnade över från enheten {}, {}. "
          "Servern har själv sett att det krypterade inlägget finns i rummet{}. Att det är just den "
          "texten som står i inlägget vilar på den som lämnade över den.",
          facts.name, facts.device, long_time(facts.at, "sv"), files_sv),
      fmt::format(
          "The room was end-to-end encrypted. The text is what {} read and handed over from the device "
          "{}, {}. The server has seen for itself that the encrypted post is in the room{}. That this "
          "is the text of the post rests on the word of whoever handed it over.",
          facts.name, facts.device, long_time(facts.at, "en"), files_en)};
}

}  // namespace torg::records
