#include "records/external/package.hpp"

#include "base/encoding.hpp"
#include "crypto/hash.hpp"
#include "records/lift/manifest.hpp"
#include "records/mail/file_name.hpp"

#include <fmt/format.h>

namespace torg::records {
namespace {

ExternalPart made_here(std::string path, std::string role, std::string type, std::string bytes) {
  auto const size = static_cast<std::int64_t>(bytes.size());
  auto sha256 = hex_encode(crypto::view(crypto::sha256(bytes)));
  return {.n = 0,
          .path = path,
          .role = std::move(role),
          .name = path,
          .type = std::move(type),
          .sha256 = std::move(sha256),
          .size = size,
          .bytes = std::move(bytes),
          .blob = {}};
}

ExternalPart kept(NewFile const& file, int n) {
  auto const safe = safe_file_name(file.name);
  return {.n = n,
          .path = fmt::format("files/{:03}-{}", n, safe.empty() ? "file" : safe),
          .role = std::string(to_text(file.role)),
          .name = file.name,
          .type = file.type,
          .sha256 = file.blob.value,
          .size = file.size,
          .bytes = {},
          .blob = file.blob};
}

json::array files_json(std::vector<ExternalPart> const& parts) {
  json::array files;
  for (auto const& part : parts) {
    files.push_back(json::object{{"n", part.n},
                                 {"path", part.path},
                                 {"role", part.role},
                                 {"name", part.name},
                                 {"type", part.type},
                                 {"size", part.size},
                                 {"sha256", part.sha256}});
  }
  return files;
}

std::string record_json(Delivery const& handover, ExternalSender const& sender,
                        std::vector<ExternalPart> const& parts) {
  json::array items;
  for (auto const& id : handover.item_ids) items.emplace_back(id);
  auto const& authority = sender.authority;
  auto const draft = parse_json_object(handover.draft);
  json::object body{
      {"torg_handover", 1},
      {"key", handover.key},
      {"server", sender.server_name},
      {"tool", kToolVersion},
      {"authority", json::object{{"code", authority.code},
                                 {"name", authority.name_sv},
                                 {"organisation", authority.organisation},
                                 {"organisation_number", authority.organisation_number}}},
      {"lifted",
       json::object{{"by", handover.by_id}, {"name", sender.by_name}, {"at", to_ms(handover.made_at)}}},
      {"record", draft ? *draft : json::object{}},
      {"items", std::move(items)},
      {"files", files_json(parts)}};
  body["answer_to"] = sender.answer_to.empty() ? json::value(nullptr) : json::value(sender.answer_to);
  return json::serialize(body);
}

}  // namespace

ExternalPackage external_package(Delivery const& handover, ExternalSender const& sender) {
  std::vector<ExternalPart> parts;
  parts.push_back(made_here("manifest.json", "manifest", "application/json", handover.manifest));
  parts.push_back({});  // ERMS names the others, and so is made last
  auto n = 2;
  for (auto const& file : handover.files) parts.push_back(kept(file, ++n));
  parts[0].n = 1;
  parts[1] = made_here("ERMS.xml", "metadata", "application/xml", erms_xml(handover, sender, parts));
  parts[1].n = 2;
  auto record = record_json(handover, sender, parts);
  return {handover.key, std::move(record), std::move(parts)};
}

}  // namespace torg::records
