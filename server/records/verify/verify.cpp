#include "records/verify/verify.hpp"

#include "records/verify/checks.hpp"
#include "records/verify/register_check.hpp"

#include <algorithm>
#include <date/date.h>
#include <iterator>

#include <fmt/format.h>

namespace torg::records {
namespace {

Result<std::optional<SignedHead>> parse_earlier(std::optional<std::string> const& text) {
  if (!text) return std::nullopt;
  auto object = parse_json_object(*text);
  if (!object) return fail(ErrorCode::bad_json, "The earlier head: " + object.error().message);
  auto head = parse_head(*object);
  if (!head) return fail(ErrorCode::bad_json, "The earlier head: " + head.error().message);
  return std::move(*head);
}

Result<std::optional<Consistency>> parse_between(std::optional<std::string> const& text) {
  if (!text) return std::nullopt;
  auto consistency = parse_consistency(*text);
  if (!consistency) return fail(ErrorCode::bad_json, "The consistency proof: " + consistency.error().message);
  return std::move(*consistency);
}

/// What is the same for both kinds of file: the head, and the earlier one.
void begin(VerifyReport& report, VerifyRequest const& request, SignedHead const& head,
           SignedHead const* earlier, std::vector<ShownEntry> const& key_changes) {
  report.log = head.log;
  report.root = to_text(head.root);
  report.size = head.size;
  report.head_at_ms = to_ms(head.at);
  Verifier verifier(report);
  auto const keys = verifier.check_keys(head, key_changes);
  auto const known = request.key ? parse_hash(*request.key) : Result<crypto::PublicKey>(head.key);
  if (!known || !keys.holds(*known))
    verifier.find(FindingKind::signature, "The key you gave is not a key of this log.");
  verifier.check_head(head, keys);
  if (earlier == nullptr) return;
  verifier.check_head(*earlier, keys);
  verifier.check_order(*earlier, head);
}

std::string time_text(std::int64_t ms) {
  return date::format("%Y-%m-%d %H:%M:%S UTC", std::chrono::floor<std::chrono::seconds>(instant_from_ms(ms)));
}

}  // namespace

Result<VerifyReport> verify(VerifyRequest const& request) {
  auto const earlier = parse_earlier(request.earlier_head);
  if (!earlier) return std::unexpected(earlier.error());
  auto const consistency = parse_between(request.consistency);
  if (!consistency) return std::unexpected(consistency.error());
  auto const* earlier_head = *earlier ? &**earlier : nullptr;

  VerifyReport report;
  if (request.proof) {
    auto const file = parse_proof(*request.proof);
    if (!file) return std::unexpected(file.error());
    begin(report, request, file->head, earlier_head, file->keys);
    verify_proof(report, *file, earlier_head, *consistency ? &**consistency : nullptr);
    return report;
  }
  if (request.register_lines) {
    auto const exported = parse_register(*request.register_lines);
    if (!exported) return std::unexpected(exported.error());
    std::vector<ShownEntry> changes;
    std::ranges::copy_if(exported->entries, std::back_inserter(changes),
                         [](ShownEntry const& entry) { return entry.leaf.frame.kind == kKeyEntry; });
    begin(report, request, exported->head, earlier_head, changes);
    verify_register(report, *exported, earlier_head);
    return report;
  }
  return fail(ErrorCode::missing_param, "Give a proof file or an exported register.");
}

std::string_view to_text(FindingKind kind) {
  switch (kind) {
    case FindingKind::changed:
      return "changed";
    case FindingKind::missing:
      return "missing";
    case FindingKind::back_dated:
      return "back-dated";
    case FindingKind::signature:
      return "signature";
    case FindingKind::unproven:
      return "unproven";
  }
  return "";
}

void VerifyReport::add(Finding finding) {
  if (findings.size() < kMostFindings)
    findings.push_back(std::move(finding));
  else
    ++more;
}

namespace {

std::string directory_text(VerifyReport::Directory const& looked) {
  auto text = fmt::format(
      "            {} tree heads, {} keys, {} timestamps, {} records, {} disposals, {} files ({} bytes)\n",
      looked.heads, looked.keys, looked.timestamps, looked.records, looked.disposals, looked.files,
      looked.bytes);
  if (looked.reserved + looked.voided > 0) {
    text += fmt::format("  numbers   {} kept for later, {} void\n", looked.reserved, looked.voided);
  }
  if (looked.unsigned_entries > 0) {
    text += fmt::format("  unsigned  the last {} entries came after the last tree head\n",
                        looked.unsigned_entries);
  }
  return text;
}

json::object to_json(VerifyReport::Directory const& looked) {
  return {{"heads", looked.heads},           {"keys", looked.keys},
          {"timestamps", looked.timestamps}, {"records", looked.records},
          {"disposals", looked.disposals},   {"files", looked.files},
          {"reserved", looked.reserved},     {"void", looked.voided},
          {"bytes", looked.bytes},           {"unsigned_entries", looked.unsigned_entries}};
}

json::object to_json(Finding const& finding) {
  json::object object{{"kind", to_text(finding.kind)}, {"text", finding.text}};
  if (finding.index) object["index"] = *finding.index;
  if (!finding.number.empty()) object["number"] = finding.number;
  if (finding.head) object["head"] = *finding.head;
  if (!finding.file.empty()) object["file"] = finding.file;
  return object;
}

}  // namespace

std::string human_text(VerifyReport const& report) {
  auto text = report.holds() ? std::string("The proof holds.\n") : std::string("The proof does NOT hold.\n");
  text += fmt::format("  log       {}\n  head      {} entries, signed {}\n  root      {}\n", report.log,
                      report.size, time_text(report.head_at_ms), report.root);
  text += fmt::format("  verified  {} entries: {} fields shown and unchanged, {} withheld\n", report.entries,
                      report.fields_shown, report.fields_withheld);
  if (report.directory) text += directory_text(*report.directory);
  for (auto const& finding : report.findings)
    text += fmt::format("{}: {}\n", to_text(finding.kind), finding.text);
  if (report.more > 0) text += fmt::format("and {} more findings\n", report.more);
  return text;
}

json::object to_json(VerifyReport const& report) {
  json::array findings;
  for (auto const& finding : report.findings) findings.push_back(to_json(finding));
  json::object object{
      {"holds", report.holds()},
      {"log", report.log},
      {"size", report.size},
      {"root", report.root},
      {"timestamp", report.head_at_ms},
      {"entries", report.entries},
      {"fields", json::object{{"shown", report.fields_shown}, {"withheld", report.fields_withheld}}},
      {"findings", std::move(findings)},
      {"more", report.more}};
  if (report.directory) object["directory"] = to_json(*report.directory);
  return object;
}

}  // namespace torg::records
