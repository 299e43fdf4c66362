// Walks the register and the disposals page by page.
#include "records/disposal/certificate.hpp"
#include "records/verify/record_check.hpp"

#include <fmt/format.h>

namespace torg::records {
namespace {

constexpr std::int64_t kPage = 200;
constexpr std::int64_t kMostGaps = 100;

using verify_store::RecordRow;

template <class T>
std::vector<T> take(std::multimap<RecordId, T>& from, RecordId record) {
  std::vector<T> taken;
  auto const [begin, end] = from.equal_range(record);
  for (auto at = begin; at != end; ++at) taken.push_back(std::move(at->second));
  return taken;
}

/// What hangs on a page of records, read in four queries.
std::vector<RecordCase> read_page(db::Reader& reader, RecordId after, std::vector<RecordRow> rows) {
  auto const last = rows.back().id;
  auto files = verify_store::files(reader, after, last);
  auto corrections = verify_store::corrections(reader, after, last);
  auto const manifests = verify_store::manifests(reader, after, last);
  std::multimap<RecordId, verify_store::LeafRow> entries;
  for (auto& leaf : verify_store::leaves_of(reader, after, last)) {
    auto const record = leaf.record;
    entries.emplace(record, std::move(leaf));
  }
  std::vector<RecordCase> page;
  for (auto& row : rows) {
    auto const id = row.id;
    auto const manifest = manifests.find(id);
    page.push_back({std::move(row), take(files, id), take(corrections, id),
                    manifest == manifests.end() ? std::nullopt : std::optional(manifest->second),
                    take(entries, id)});
  }
  return page;
}

void check_disposal(db::Reader& reader, VerifyReport& report, verify_store::DisposalRow const& disposal) {
  ++report.directory->disposals;
  auto const find = [&](FindingKind kind, std::string_view text) {
    report.add(
        {kind, disposal.log_index, disposal.number, fmt::format("disposal {}: {}", disposal.number, text)});
  };
  auto const row = verify_store::leaf(reader, disposal.log_index);
  auto const leaf = row ? parse_leaf(row->leaf) : Result<Leaf>(fail(ErrorCode::not_found, ""));
  auto const openings = row ? read_openings(*row) : std::nullopt;
  if (!leaf || !openings || leaf->frame.kind != "disposal")
    return find(FindingKind::changed, "its certificate is not in the log");
  auto const certificate = parse_json_object(disposal.certificate);
  if (!certificate) return find(FindingKind::changed, "its certificate can't be read");
  for (auto const& opening : openings->fields) {
    auto const* value = certificate->if_contains(opening.name);
    if (!opening.destroyed && (value == nullptr || *value != opening.value))
      find(FindingKind::changed, fmt::format("the {} of its certificate was changed", opening.name));
  }
  auto const at = optional_integer(*certificate, "at").value_or(0);
  if (at > to_ms(leaf->frame.at)) find(FindingKind::changed, "its certificate is later than its entry");
}

}  // namespace

RecordCase read_record(db::Reader& reader, RecordRow row) {
  auto const before = RecordId(row.id.value - 1);
  std::vector<RecordRow> one;
  one.push_back(std::move(row));
  return std::move(read_page(reader, before, std::move(one)).front());
}

void check_register(db::Reader& reader, VerifyReport& report) {
  for (RecordId after;;) {
    auto rows = verify_store::records(reader, after, kPage);
    if (rows.empty()) break;
    auto const last = rows.back().id;
    for (auto const& record : read_page(reader, after, std::move(rows))) check_record(report, record);
    after = last;
  }
  for (auto const& gap : verify_store::cases_with_gaps(reader, kMostGaps)) {
    report.add({FindingKind::missing, std::nullopt, gap.number,
                fmt::format("case {}: {} documents were numbered, {} are there, the last is {}", gap.number,
                            gap.next_document - 1, gap.records, gap.highest)});
  }
}

void check_disposals(db::Reader& reader, VerifyReport& report) {
  for (std::int64_t after = 0;;) {
    auto const rows = verify_store::disposals(reader, after, kPage);
    if (rows.empty()) return;
    for (auto const& disposal : rows) check_disposal(reader, report, disposal);
    after = rows.back().id;
  }
}

}  // namespace torg::records
