#include "records/disposal/certificate.hpp"

#include "base/encoding.hpp"
#include "crypto/merkle.hpp"
#include "governance/zone.hpp"

#include <fmt/format.h>

namespace torg::records {
namespace {

constexpr std::string_view kMethod =
    "Content, assessment, index and media destroyed; graph skeletons kept as counted; database files "
    "rewritten.";

json::value day_or_null(std::optional<Day> day) {
  return day ? json::value(governance::to_text(*day)) : json::value(nullptr);
}

}  // namespace

std::string batch_root(std::vector<DoomedItem> const& items) {
  crypto::MerkleAppender tree;
  for (auto const& item : items) (void)tree.append(crypto::leaf_hash(item.id.value));
  return hex_encode(crypto::view(items.empty() ? crypto::empty_root() : tree.root()));
}

std::string certificate_number(std::string_view code, int year, std::int64_t serial) {
  return fmt::format("{} G {}/{}", code, year, serial);
}

json::object to_json(Certificate const& certificate) {
  json::array classifications(certificate.classifications.begin(), certificate.classifications.end());
  return {{"number", certificate.number},
          {"authority", certificate.authority_code},
          {"decision", certificate.terms.decision},
          {"handling", to_text(certificate.terms.handling)},
          {"classifications", std::move(classifications)},
          {"count", certificate.count},
          {"removed", certificate.destroyed.removed},
          {"skeletons", certificate.destroyed.skeletons},
          {"first_day", day_or_null(certificate.first_day)},
          {"last_day", day_or_null(certificate.last_day)},
          {"executor", certificate.executor},
          {"supervisor", certificate.supervisor},
          {"method", kMethod},
          {"batch_root", certificate.batch_root},
          {"at", to_ms(certificate.at)}};
}

Entry to_entry(Certificate const& certificate, SaltSeed const& seed) {
  Entry entry;
  entry.kind = "disposal";
  entry.at = certificate.at;
  entry.seed = seed;
  for (auto const& member : to_json(certificate)) {
    if (member.key() != "at") entry.fields.emplace_back(std::string_view(member.key()), member.value());
  }
  return entry;
}

}  // namespace torg::records
