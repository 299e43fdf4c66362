#include "records/log/proof.hpp"

#include "base/encoding.hpp"
#include "records/log/key_chain.hpp"

#include <algorithm>

namespace torg::records {
namespace {

constexpr std::int64_t kFormat = 1;

json::object opening_json(Opening const& opening) {
  return {{"name", opening.name},
          {"salt", base64_encode({reinterpret_cast<char const*>(opening.salt.data()), opening.salt.size()},
                                 Base64::standard)},
          {"value", opening.value}};
}

Result<Opening> parse_opening(json::value const& value) {
  if (!value.is_object()) return fail(ErrorCode::bad_json, "A revealed field is not an object.");
  auto const& object = value.get_object();
  auto name = required_string(object, "name");
  auto salt = required_string(object, "salt");
  auto const* shown = object.if_contains("value");
  if (!name || !salt || shown == nullptr) return fail(ErrorCode::bad_json, "A revealed field is incomplete.");
  auto bytes = parse_hash(*salt);
  if (!bytes) return fail(std::move(bytes));
  return Opening{std::move(*name), *shown, *bytes};
}

Result<std::vector<Opening>> parse_openings(json::object const& object, std::string_view key) {
  std::vector<Opening> openings;
  auto const* array = optional_array(object, key);
  if (array == nullptr) return openings;
  for (auto const& value : *array) {
    auto opening = parse_opening(value);
    if (!opening) return fail(std::move(opening));
    openings.push_back(std::move(*opening));
  }
  return openings;
}

json::array openings_json(std::vector<Opening> const& openings) {
  json::array array;
  for (auto const& opening : openings) array.push_back(opening_json(opening));
  return array;
}

Result<std::vector<crypto::Sha256>> required_hashes(json::object const& object, std::string_view key) {
  auto const* array = optional_array(object, key);
  if (array == nullptr) return fail(ErrorCode::bad_json, "There is no list " + std::string(key) + ".");
  return parse_hashes(*array);
}

Result<Leaf> parse_shown_leaf(json::object const& object) {
  auto kind = required_string(object, "kind");
  auto at = required_integer(object, "at");
  auto const* names = optional_array(object, "fields");
  auto commitments = required_hashes(object, "commitments");
  if (!kind || !at || names == nullptr) return fail(ErrorCode::bad_json, "An entry is incomplete.");
  if (!commitments) return fail(std::move(commitments));
  Leaf leaf{{std::move(*kind), instant_from_ms(*at), {}}, std::move(*commitments)};
  for (auto const& name : *names) {
    if (!name.is_string()) return fail(ErrorCode::bad_json, "A field has no name.");
    leaf.frame.fields.emplace_back(name.get_string());
  }
  if (leaf.frame.fields.size() != leaf.commitments.size()) {
    return fail(ErrorCode::bad_json, "An entry has another number of commitments than of fields.");
  }
  return leaf;
}

}  // namespace

json::object to_json(ShownEntry const& entry) {
  json::array names;
  for (auto const& name : entry.leaf.frame.fields) names.emplace_back(name);
  return {{"index", entry.index},
          {"kind", entry.leaf.frame.kind},
          {"at", to_ms(entry.leaf.frame.at)},
          {"fields", std::move(names)},
          {"commitments", to_json(entry.leaf.commitments)},
          {"revealed", openings_json(entry.revealed)},
          {"revealed_files", openings_json(entry.revealed_files)},
          {"inclusion", to_json(entry.inclusion)}};
}

Result<ShownEntry> parse_entry(json::object const& object) {
  auto index = required_integer(object, "index");
  if (!index || *index < 0) return fail(ErrorCode::bad_json, "An entry has no place in the log.");
  auto leaf = parse_shown_leaf(object);
  if (!leaf) return fail(std::move(leaf));
  auto revealed = parse_openings(object, "revealed");
  if (!revealed) return fail(std::move(revealed));
  auto files = parse_openings(object, "revealed_files");
  if (!files) return fail(std::move(files));
  auto inclusion = required_hashes(object, "inclusion");
  if (!inclusion) return fail(std::move(inclusion));
  return ShownEntry{*index, std::move(*leaf), std::move(*revealed), std::move(*files), std::move(*inclusion)};
}

json::object to_json(ProofFile const& file) {
  json::array entries;
  for (auto const& entry : file.entries) entries.push_back(to_json(entry));
  json::object object{{"torg_proof", kFormat}, {"head", to_json(file.head)}, {"entries", std::move(entries)}};
  if (file.keys.empty()) return object;
  json::array keys;
  for (auto const& entry : file.keys) keys.push_back(to_json(entry));
  object["keys"] = std::move(keys);
  return object;
}

namespace {

Result<std::vector<ShownEntry>> parse_entries(json::array const& array) {
  std::vector<ShownEntry> entries;
  for (auto const& value : array) {
    if (!value.is_object()) return fail(ErrorCode::bad_json, "An entry is not an object.");
    auto entry = parse_entry(value.get_object());
    if (!entry) return fail(std::move(entry));
    entries.push_back(std::move(*entry));
  }
  return entries;
}

}  // namespace

Result<ProofFile> parse_proof(std::string_view text) {
  auto object = parse_json_object(text);
  if (!object) return fail(std::move(object));
  if (optional_integer(*object, "torg_proof") != kFormat) {
    return fail(ErrorCode::bad_json, "This is no proof file that this version of torg can read.");
  }
  auto const* head = optional_object(*object, "head");
  auto const* entries = optional_array(*object, "entries");
  if (head == nullptr || entries == nullptr)
    return fail(ErrorCode::bad_json, "The proof file is incomplete.");
  auto parsed = parse_head(*head);
  if (!parsed) return fail(std::move(parsed));
  auto shown = parse_entries(*entries);
  if (!shown) return fail(std::move(shown));
  ProofFile file{std::move(*parsed), std::move(*shown), {}};
  auto const* keys = optional_array(*object, "keys");
  if (keys == nullptr) return file;
  auto changes = parse_entries(*keys);
  if (!changes) return fail(std::move(changes));
  file.keys = std::move(*changes);
  return file;
}

json::object to_json(Consistency const& consistency) {
  return {{"from", consistency.from}, {"to", consistency.to}, {"proof", to_json(consistency.proof)}};
}

Result<Consistency> parse_consistency(std::string_view text) {
  auto object = parse_json_object(text);
  if (!object) return fail(std::move(object));
  auto from = required_integer(*object, "from");
  auto to = required_integer(*object, "to");
  auto proof = required_hashes(*object, "proof");
  if (!from || !to || !proof) return fail(ErrorCode::bad_json, "The consistency proof is incomplete.");
  return Consistency{*from, *to, std::move(*proof)};
}

ShownEntry show(StoredEntry const& entry, MayShow const& may_show) {
  ShownEntry shown{entry.index, entry.leaf, {}, {}, {}};
  auto const allowed = [&](Opening const& opening) {
    return !opening.destroyed && (entry.leaf.frame.kind == kKeyEntry || may_show(entry, opening.name));
  };
  std::ranges::copy_if(entry.openings, std::back_inserter(shown.revealed), allowed);
  auto const files_shown =
      std::ranges::any_of(shown.revealed, [](auto const& o) { return o.name == kFilesField; });
  if (files_shown) std::ranges::copy_if(entry.files, std::back_inserter(shown.revealed_files), allowed);
  return shown;
}

}  // namespace torg::records
