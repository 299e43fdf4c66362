// Numbers kept for bad days: each has an answer – a record, still kept, or void – and the log says the same.
#include "records/reserve/reserve.hpp"
#include "records/verify/log_check.hpp"
#include "records/verify/record_check.hpp"

#include <map>
#include <set>

#include <fmt/format.h>

namespace torg::records {
namespace {

constexpr std::int64_t kPage = 500;

using Numbers = std::set<std::string, std::less<>>;
using ByEntry = std::map<std::int64_t, Numbers>;  // place in the log → numbers

/// What an entry of the log names; none when it can't be read or is another kind.
std::optional<Numbers> named(db::Reader& reader, std::int64_t index, std::string_view kind) {
  auto const row = verify_store::leaf(reader, index);
  auto const leaf = row ? parse_leaf(row->leaf) : Result<Leaf>(fail(ErrorCode::not_found, ""));
  auto const openings = row ? read_openings(*row) : std::nullopt;
  if (!leaf || !openings || leaf->frame.kind != kind) return std::nullopt;
  Numbers numbers;
  for (auto const& opening : openings->fields) {
    if (opening.name != "numbers" || !opening.value.is_array()) continue;
    for (auto const& one : opening.value.get_array()) {
      if (one.is_string()) numbers.emplace(one.get_string());
    }
  }
  return numbers;
}

void find(VerifyReport& report, FindingKind kind, std::string const& number, std::string_view text) {
  report.add({kind, std::nullopt, number, fmt::format("number {}: {}", number, text)});
}

void check_number(VerifyReport& report, reserve_store::Told const& one) {
  switch (one.state) {
    case ReservedState::open:
      ++report.directory->reserved;
      if (one.registered)
        find(report, FindingKind::changed, one.number, "it is kept for later, and a record bears it");
      return;
    case ReservedState::used:
      if (one.record_number != one.number)
        find(report, FindingKind::missing, one.number, "the record that it was kept for is missing");
      return;
    case ReservedState::voided:
      ++report.directory->voided;
      if (one.registered)
        find(report, FindingKind::changed, one.number, "it was declared void, and a record bears it");
      return;
  }
  find(report, FindingKind::changed, one.number, "what became of it can't be read");
}

/// Both ways: what the log names is in the register, and the other way round.
void compare(db::Reader& reader, VerifyReport& report, ByEntry const& rows, std::string_view kind) {
  for (auto const& [index, numbers] : rows) {
    auto const said = named(reader, index, kind);
    for (auto const& number : numbers) {
      if (!said || !said->contains(number))
        find(report, FindingKind::changed, number, fmt::format("the log has no {} of it", kind));
    }
    if (!said) continue;
    for (auto const& number : *said) {
      if (!numbers.contains(number))
        find(report, FindingKind::missing, number,
             fmt::format("the {} that the log has of it is missing", kind));
    }
  }
}

}  // namespace

void check_reserved(db::Reader& reader, VerifyReport& report) {
  if (!reserve_store::is_known(reader)) return;
  ByEntry kept, voided;
  for (std::string after;;) {
    auto const page = reserve_store::told(reader, after, kPage);
    if (page.empty()) break;
    after = page.back().number;
    for (auto const& one : page) {
      check_number(report, one);
      kept[one.reserved_at].insert(one.number);
      if (one.state != ReservedState::voided) continue;
      if (one.voided_at)
        voided[*one.voided_at].insert(one.number);
      else
        find(report, FindingKind::changed, one.number, "the log has no void of it");
    }
  }
  compare(reader, report, kept, kReservationEntry);
  compare(reader, report, voided, kVoidEntry);
}

}  // namespace torg::records
