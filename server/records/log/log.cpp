#include "records/log/log.hpp"

#include "base/encoding.hpp"
#include "records/log/opening.hpp"
#include "records/log/store.hpp"

#include <algorithm>

namespace torg::records {
namespace {

/// The salt of the `n`th opening of an entry; one-way, so that no salt leads to the seed or to another salt.
Salt derive_salt(SaltSeed const& seed, std::uint32_t n) {
  char const counter[] = {static_cast<char>(n >> 24), static_cast<char>(n >> 16), static_cast<char>(n >> 8),
                          static_cast<char>(n)};
  std::string_view const pieces[] = {"\x03",
                                     {reinterpret_cast<char const*>(seed.bytes.data()), seed.bytes.size()},
                                     {counter, sizeof counter}};
  return crypto::sha256(pieces);
}

/// Opens every field and file of an entry with a salt of its own; the field `files` comes last.
Openings open_all(Entry const& entry) {
  Openings openings;
  std::uint32_t n = 0;
  for (auto const& field : entry.fields)
    openings.fields.push_back({field.name, field.value, derive_salt(entry.seed, n++)});
  if (entry.files.empty()) return openings;
  json::array commitments;
  for (auto const& file : entry.files) {
    auto const& opening =
        openings.files.emplace_back(Opening{std::string(kFileName), file, derive_salt(entry.seed, n++)});
    auto const commitment = commit_field(opening.salt, opening.name, opening.value);
    commitments.emplace_back(base64_encode(crypto::view(commitment), Base64::standard));
  }
  openings.fields.push_back({std::string(kFilesField), std::move(commitments), derive_salt(entry.seed, n)});
  return openings;
}

}  // namespace

SaltSeed draw_salt_seed(Runtime& runtime) {
  SaltSeed seed;
  runtime.fill_random(seed.bytes);
  return seed;
}

Instant log_time(db::Reader& reader, Instant now) { return std::max(now, log_store::last_time(reader)); }

Appended LogAppender::append(db::Transaction& transaction, Entry const& entry) {
  auto const openings = open_all(entry);
  LeafFrame frame{std::string(entry.kind), log_time(transaction, entry.at), {}};
  std::vector<Commitment> commitments;
  for (auto const& opening : openings.fields) {
    frame.fields.push_back(opening.name);
    commitments.push_back(commit_field(opening.salt, opening.name, opening.value));
  }
  auto const leaf = leaf_bytes(frame, commitments);
  return {log_store::append(transaction, entry.record, frame.at, leaf, openings), frame.at};
}

void destroy_openings(db::Transaction& transaction, RecordId record,
                      std::set<std::string, std::less<>> const& keep) {
  for (auto& entry : log_store::entries_of(transaction, record)) {
    Openings openings{std::move(entry.openings), std::move(entry.files)};
    for (auto& opening : openings.fields) {
      if (!keep.contains(opening.name)) destroy(opening);
    }
    for (auto& opening : openings.files) destroy(opening);
    log_store::replace_openings(transaction, entry.index, openings);
  }
}

}  // namespace torg::records
