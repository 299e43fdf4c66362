#include "records/verify/directory.hpp"

#include "crypto/timestamp.hpp"
#include "records/log/timestamps.hpp"
#include "records/verify/checks.hpp"
#include "records/verify/file_check.hpp"
#include "records/verify/record_check.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace torg::records {
namespace {

/// The change of key at a place of the log, as its entry says.
std::optional<KeyChange> key_change(db::Reader& reader, std::int64_t index) {
  auto const row = verify_store::leaf(reader, index);
  auto const openings = row ? read_openings(*row) : std::nullopt;
  if (!openings) return std::nullopt;
  json::object values;
  for (auto const& opening : openings->fields) values[opening.name] = opening.value;
  auto change = parse_key_change(index, values);
  return change ? std::optional(*change) : std::nullopt;
}

/// The keys from the first on. What is wrong with one is said, and those after it are left out: heads that
/// they signed are then by no key of this log.
KeyChain read_chain(db::Reader& reader, VerifyReport& report, DirectoryRequest const& request,
                    crypto::PublicKey const& now) {
  std::vector<KeyChange> changes;
  for (auto const index : log_store::key_places(reader)) {
    if (auto const change = key_change(reader, index))
      changes.push_back(*change);
    else
      report.add(
          {FindingKind::changed, index, {}, fmt::format("leaf {}: a change of key can't be read", index)});
  }
  KeyChain chain(changes.empty() ? now : changes.front().previous);
  for (auto const& change : changes) {
    if (chain.add(request.log, change)) continue;
    report.add({FindingKind::signature,
                change.index,
                {},
                fmt::format("leaf {}: the new key was not brought in by the key before it", change.index)});
    break;
  }
  report.directory->keys = static_cast<std::int64_t>(chain.changes().size()) + 1;
  if (chain.last() != now)
    report.add(
        {FindingKind::signature, std::nullopt, {}, "the log's key was not brought in by the key before it"});
  if (request.known && !chain.holds(*request.known))
    report.add({FindingKind::signature, std::nullopt, {}, "the key you gave was never a key of this log"});
  return chain;
}

crypto::PublicKey current_key(DirectoryRequest const& request) {
  if (request.key) return *request.key;
  auto const newest =
      std::ranges::max_element(request.kept, {}, [](KeptCopy const& copy) { return copy.head.size; });
  if (newest != request.kept.end()) return newest->head.key;
  return request.known.value_or(crypto::PublicKey{});
}

VerifyReport begin(DirectoryRequest const& request) {
  VerifyReport report;
  report.log = request.log;
  report.directory = VerifyReport::Directory{};
  if (!request.key && request.kept.empty() && !request.known)
    report.add({FindingKind::unproven,
                std::nullopt,
                {},
                "no key is known: give --key, a head that you kept, or the folder keys/"});
  return report;
}

void show_head(VerifyReport& report, std::optional<SignedHead> const& head) {
  if (!head) return;
  report.root = to_text(head->root);
  report.size = head->size;
  report.head_at_ms = to_ms(head->at);
}

/// A stored head, when its signature is right.
std::optional<SignedHead> signed_head(std::optional<StoredHead> const& stored,
                                      DirectoryRequest const& request, KeyChain const& chain) {
  if (!stored || stored->signature.size() != crypto::Signature{}.size()) return std::nullopt;
  SignedHead head{request.log, chain.at(stored->size), stored->size, stored->root, stored->at, {}};
  std::ranges::copy(stored->signature, head.signature.begin());
  return signature_holds(head) ? std::optional(head) : std::nullopt;
}

std::optional<SignedHead> newest_head(db::Reader& reader, DirectoryRequest const& request,
                                      KeyChain const& chain) {
  return signed_head(log_store::last_head(reader), request, chain);
}

std::optional<SignedHead> head_of_size(db::Reader& reader, DirectoryRequest const& request,
                                       KeyChain const& chain, std::int64_t size) {
  return signed_head(log_store::head(reader, size), request, chain);
}

/// Stamps that authorities put on heads: each is of the head of its size, and not from before it.
void check_timestamps(db::Reader& reader, VerifyReport& report, DirectoryRequest const& request,
                      KeyChain const& chain) {
  constexpr std::int64_t kPage = 500;
  constexpr std::chrono::minutes kClocks{10};  // by which two right clocks may differ
  for (std::int64_t after = -1;;) {
    auto const rows = verify_store::timestamps(reader, after, kPage);
    if (rows.empty()) return;
    after = rows.back().size;
    for (auto const& row : rows) {
      ++report.directory->timestamps;
      auto const find = [&](FindingKind kind, std::string_view text) {
        report.add({kind, std::nullopt, {}, fmt::format("tree head {}: {}", row.size, text), row.size});
      };
      auto const head = head_of_size(reader, request, chain, row.size);
      if (!head) {
        find(FindingKind::missing, "it was stamped, and is missing or not signed");
        continue;
      }
      auto const stamp = crypto::read_timestamp(row.token, stamped_digest(*head), request.timestamp_roots);
      if (!stamp) {
        find(FindingKind::signature, stamp.error().message);
      } else if (stamp->at != row.at || stamp->authority != row.authority) {
        find(FindingKind::changed, "what the database says of its timestamp is not what the timestamp says");
      } else if (head->at > stamp->at + kClocks) {
        find(FindingKind::back_dated, "its timestamp is from before it");
      }
    }
  }
}

/// One entry: its bytes, its openings, and its place below the head.
void check_entry(db::Reader& reader, VerifyReport& report, verify_store::LeafRow const& row,
                 SignedHead const& head) {
  ++report.entries;
  auto const find = [&](FindingKind kind, std::string_view text) {
    report.add({kind, row.index, row.number,
                fmt::format("{}: {}", place_text("leaf", row.index, row.number), text)});
  };
  auto const leaf = parse_leaf(row.leaf);
  if (!leaf) return find(FindingKind::changed, "its bytes are no entry of a log");
  for (auto const& fault : opening_faults(report, row, *leaf)) find(FindingKind::changed, fault);
  if (row.index >= head.size) {
    ++report.directory->unsigned_entries;
    return;
  }
  if (leaf->frame.at > head.at) find(FindingKind::back_dated, "it is later than the head that holds it");
  auto const proof = log_store::inclusion(reader, row.index, head.size);
  if (!crypto::verify_inclusion(static_cast<std::uint64_t>(row.index), static_cast<std::uint64_t>(head.size),
                                crypto::leaf_hash(row.leaf), proof, head.root))
    find(FindingKind::changed, "it does not stand in the log at its place");
}

}  // namespace

VerifyReport verify_directory(db::Reader& reader, DirectoryRequest const& request) {
  auto report = begin(request);
  auto const chain = read_chain(reader, report, request, current_key(request));
  LogCheck log(reader, report, request, chain);
  log.run();
  show_head(report, log.head());
  check_timestamps(reader, report, request, chain);
  check_register(reader, report);
  check_disposals(reader, report);
  check_reserved(reader, report);
  check_blobs(reader, report, request.blobs);
  return report;
}

Result<VerifyReport> verify_record(db::Reader& reader, DirectoryRequest const& request,
                                   std::string_view number) {
  auto row = verify_store::record(reader, number);
  if (!row) return fail(ErrorCode::not_found, "There is no record " + std::string(number) + ".");
  auto report = begin(request);
  auto const chain = read_chain(reader, report, request, current_key(request));
  auto const head = newest_head(reader, request, chain);
  show_head(report, head);
  if (!head) {
    report.add({FindingKind::signature, std::nullopt, {}, "the log has no head that is signed by its key"});
    return report;
  }
  auto const record = read_record(reader, std::move(*row));
  check_record(report, record);
  for (auto const& entry : record.entries) check_entry(reader, report, entry, *head);
  for (auto const& file : record.files)
    check_blob(report, request.blobs, file.blob, record.row.number, file.name);
  return report;
}

}  // namespace torg::records
