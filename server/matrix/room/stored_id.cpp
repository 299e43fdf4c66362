#include "matrix/room/stored_id.hpp"

#include "base/encoding.hpp"

#include <algorithm>

namespace torg::matrix {
namespace {

constexpr std::size_t kHashText = 43;
constexpr std::size_t kMaxText = 255;

std::optional<crypto::Sha256> to_hash(std::string_view bytes) {
  crypto::Sha256 hash{};
  if (bytes.size() != hash.size()) return std::nullopt;
  std::ranges::copy(bytes, hash.begin());
  return hash;
}

/// The hash that the text is the url-safe base64 of.
std::optional<crypto::Sha256> spelt_hash(std::string_view text) {
  if (text.size() != 1 + kHashText || text.front() != '$') return std::nullopt;
  auto const bytes = base64_decode(text.substr(1), Base64::url);
  return bytes ? to_hash(*bytes) : std::nullopt;
}

}  // namespace

StoredId::StoredId(std::string_view text, crypto::Sha256 const& hash) : key_(hash) {
  if (spelt_hash(text) == hash) return;
  key_ = crypto::sha256(text);
  named_ = std::make_shared<Named const>(std::string(text), hash);
}

std::string StoredId::text() const {
  return named_ ? named_->text : '$' + base64_encode(crypto::view(key_), Base64::url);
}

std::string StoredId::bytes() const {
  if (!named_) return std::string(crypto::view(key_));
  return named_->text + '\0' + std::string(crypto::view(named_->reference_hash));
}

StoredId StoredId::from_bytes(std::string_view bytes) {
  if (auto const hash = to_hash(bytes)) return StoredId(*hash);
  crypto::Sha256 hash{};
  auto const end = bytes.size() - std::min(bytes.size(), hash.size() + 1);
  std::ranges::copy(bytes.substr(std::min(end + 1, bytes.size())), hash.begin());
  return {bytes.substr(0, end), hash};
}

std::optional<EventLookup> look_up_event(std::string_view text) {
  if (!text.starts_with('$') || text.size() > kMaxText || text.find('\0') != std::string_view::npos)
    return std::nullopt;
  if (auto const hash = spelt_hash(text)) return EventLookup{*hash, {}, {}};
  std::string const id(text);
  return EventLookup{crypto::sha256(text), id + '\0', id + '\1'};
}

}  // namespace torg::matrix
