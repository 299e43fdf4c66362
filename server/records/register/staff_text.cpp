#include "records/register/staff_text.hpp"

#include "base/encoding.hpp"
#include "crypto/hash.hpp"
#include "governance/zone.hpp"
#include "records/register/titles.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace torg::records {
namespace {

/// Of one record's words; far more than a person types, far less than PostgreSQL can index.
constexpr std::size_t kMostBytes = 64 << 10;

constexpr std::array<std::string_view, 10> kStatuses{"waiting",   "full",         "number_only", "taken_down",
                                                     "disposed",  "not_a_record", "secrecy",     "corrected",
                                                     "case_open", "case_closed"};

/// Signs of ASCII separate words in both databases.
std::string only_words(std::string text) {
  auto const is_sign = [](unsigned char c) {
    return c < 0x80 && (c < '0' || (c > '9' && c < 'A') || (c > 'Z' && c < 'a') || c > 'z');
  };
  std::ranges::replace_if(text, is_sign, ' ');
  if (text.size() > kMostBytes) text.resize(text.rfind(' ', kMostBytes));
  return text;
}

std::string words_of(RecordView const& record) {
  auto text = record.number;
  auto const add = [&](std::string_view more) { text.append(" ").append(more); };
  if (record.disposed) return text;
  for (auto const* part :
       {&record.title, &record.internal_title, &record.sender, &record.recipient, &record.case_number,
        &record.case_title, &record.record_type, &record.classification})
    add(*part);
  for (auto const* marking : {&record.secrecy, &record.case_secrecy}) {
    if (!*marking) continue;
    add((*marking)->provision);
    add((*marking)->note);
  }
  for (auto const& file : record.files)
    if (file.role == FileRole::attachment) add(file.name);
  for (auto const& correction : record.corrections) add(correction.reason);
  return text;
}

std::string facets_of(RecordView const& record) {
  auto const date = std::chrono::year_month_day(governance::day_of(record.registered_at));
  auto const year = static_cast<int>(date.year());
  auto text = fmt::format("{} {} e{:03} y{:04} m{:04}{:02} {}", facet::of(record.authority),
                          facet::of(record.direction), year / 10, year, year,
                          static_cast<unsigned>(date.month()), facet::of_type(record.record_type));
  auto const add = [&](std::string const& token) { text += " " + token; };
  add(facet::of(static_cast<StaffStatus>(record.publication)));
  if (record.case_id) {
    add(facet::of(*record.case_id));
    add(facet::of(record.case_state < CaseStage::closed ? StaffStatus::case_open : StaffStatus::case_closed));
    if (record.case_officer) add(facet::of(record.case_officer));
  }
  if (record.disposed) add(facet::of(StaffStatus::disposed));
  if (record.not_a_record) add(facet::of(StaffStatus::not_a_record));
  if (record.secrecy || record.case_secrecy) add(facet::of(StaffStatus::secrecy));
  if (!record.corrections.empty()) add(facet::of(StaffStatus::corrected));
  if (!record.disposed) add(facet::of(record.registered_by));
  return text;
}

}  // namespace

StaffText staff_text(RecordView const& record) {
  return {only_words(folded(words_of(record))), facets_of(record)};
}

std::optional<StaffStatus> parse_staff_status(std::string_view text) {
  auto const found = std::ranges::find(kStatuses, text);
  if (found == kStatuses.end()) return std::nullopt;
  return static_cast<StaffStatus>(found - kStatuses.begin());
}

namespace facet {

std::string of(AuthorityId authority) { return "a" + std::to_string(authority.value); }
std::string of(Direction direction) { return "d" + std::to_string(static_cast<int>(direction)); }
std::string of(CaseId of_case) { return "c" + std::to_string(of_case.value); }
std::string of(UserNid officer) { return "o" + std::to_string(officer.value); }
std::string of(StaffStatus status) { return "s" + std::to_string(static_cast<int>(status)); }

std::string of_type(std::string_view type) {
  constexpr std::size_t kEnough = 12;
  return "t" + hex_encode(crypto::view(crypto::sha256(folded(type)))).substr(0, kEnough);
}

std::vector<std::string> cover(Day from, Day to) {
  using namespace std::chrono;
  constexpr int kYear = 12, kDecade = 120;  // months
  auto const month_of = [](Day day) {
    year_month_day const date(day);
    return static_cast<int>(date.year()) * kYear + static_cast<int>(static_cast<unsigned>(date.month())) - 1;
  };
  std::vector<std::string> tokens;
  auto month = std::max(month_of(from), 1900 * kYear);
  auto const last = std::min(month_of(to), 2109 * kYear);
  while (month <= last) {
    if (month % kDecade == 0 && month + kDecade - 1 <= last) {
      tokens.push_back(fmt::format("e{:03}", month / kDecade));
      month += kDecade;
    } else if (month % kYear == 0 && month + kYear - 1 <= last) {
      tokens.push_back(fmt::format("y{:04}", month / kYear));
      month += kYear;
    } else {
      tokens.push_back(fmt::format("m{:04}{:02}", month / kYear, month % kYear + 1));
      ++month;
    }
  }
  return tokens;
}

}  // namespace facet

}  // namespace torg::records
