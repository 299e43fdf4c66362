#include "records/log/commitment.hpp"

#include "matrix/event/canonical.hpp"

#include <cstring>
#include <stdexcept>

namespace torg::records {
namespace {

constexpr std::size_t kDigestBytes = 32;

std::string canonical(json::value const& value) {
  auto text = matrix::canonical_json(value);
  if (!text) throw std::invalid_argument("a log value has no canonical form: " + text.error().message);
  return std::move(*text);
}

std::string frame_json(LeafFrame const& frame) {
  json::array names;
  for (auto const& name : frame.fields) names.emplace_back(name);
  return canonical(
      json::object{{"at", to_ms(frame.at)}, {"fields", std::move(names)}, {"kind", frame.kind}, {"v", 1}});
}

Result<LeafFrame> parse_frame(std::string_view text) {
  auto object = parse_json_object(text);
  if (!object) return fail(std::move(object));
  auto at = required_integer(*object, "at");
  auto kind = required_string(*object, "kind");
  auto const* names = optional_array(*object, "fields");
  if (!at || !kind || names == nullptr) return fail(ErrorCode::bad_json, "The leaf's frame is incomplete.");
  LeafFrame frame{std::move(*kind), instant_from_ms(*at), {}};
  for (auto const& name : *names) {
    if (!name.is_string()) return fail(ErrorCode::bad_json, "A field of the leaf has no name.");
    frame.fields.emplace_back(name.get_string());
  }
  return frame;
}

}  // namespace

Commitment commit_field(Salt const& salt, std::string_view name, json::value const& value) {
  auto const opening = canonical(json::array{json::value(name), value});
  std::string_view const pieces[] = {
      "\x02", {reinterpret_cast<char const*>(salt.data()), salt.size()}, opening};
  return crypto::sha256(pieces);
}

std::string leaf_bytes(LeafFrame const& frame, std::span<Commitment const> commitments) {
  auto bytes = frame_json(frame);
  bytes += '\n';
  bytes.reserve(bytes.size() + commitments.size() * kDigestBytes);
  for (auto const& commitment : commitments) bytes += crypto::view(commitment);
  return bytes;
}

Result<Leaf> parse_leaf(std::string_view bytes) {
  // The frame's JSON escapes control characters, so the first line break ends it.
  auto const end = bytes.find('\n');
  if (end == std::string_view::npos) return fail(ErrorCode::bad_json, "The leaf has no frame.");
  auto frame = parse_frame(bytes.substr(0, end));
  if (!frame) return fail(std::move(frame));
  auto rest = bytes.substr(end + 1);
  if (rest.size() != frame->fields.size() * kDigestBytes) {
    return fail(ErrorCode::bad_json, "The leaf has another number of commitments than of fields.");
  }
  Leaf leaf{std::move(*frame), {}};
  for (; !rest.empty(); rest.remove_prefix(kDigestBytes)) {
    std::memcpy(leaf.commitments.emplace_back().data(), rest.data(), kDigestBytes);
  }
  return leaf;
}

}  // namespace torg::records
