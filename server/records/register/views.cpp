#include "records/register/views.hpp"

#include <array>

namespace torg::records {
namespace {

constexpr std::array<std::string_view, 3> kDirections{"in", "out", "internal"};
constexpr std::array<std::string_view, 4> kPublications{"waiting", "full", "number_only", "taken_down"};
constexpr std::array<std::string_view, 3> kRoles{"original", "attachment", "rendition"};
constexpr std::array<std::string_view, 4> kRenditions{"waiting", "done", "failed", "none"};
constexpr std::array<std::string_view, 5> kCaseStages{"open", "waiting", "decided", "closed", "archived"};

template <class Enum, std::size_t N>
std::optional<Enum> parse(std::array<std::string_view, N> const& names, std::string_view text) {
  for (std::size_t n = 0; n < N; ++n) {
    if (names[n] == text) return static_cast<Enum>(n);
  }
  return std::nullopt;
}

}  // namespace

std::string_view to_text(Direction direction) { return kDirections.at(static_cast<std::size_t>(direction)); }
std::string_view to_text(Publication publication) {
  return kPublications.at(static_cast<std::size_t>(publication));
}
std::string_view to_text(FileRole role) { return kRoles.at(static_cast<std::size_t>(role)); }
std::string_view to_text(RenditionState state) { return kRenditions.at(static_cast<std::size_t>(state)); }
std::string_view to_text(CaseStage state) { return kCaseStages.at(static_cast<std::size_t>(state)); }
std::optional<CaseStage> parse_case_stage(std::string_view text) {
  return parse<CaseStage>(kCaseStages, text);
}
std::optional<Direction> parse_direction(std::string_view text) {
  return parse<Direction>(kDirections, text);
}
std::optional<Publication> parse_publication(std::string_view text) {
  return parse<Publication>(kPublications, text);
}

std::string const& other_party(RecordView const& record) {
  return record.direction == Direction::out ? record.recipient : record.sender;
}

PublicRecordView public_view(RecordView const& record) {
  PublicRecordView view;
  view.id = record.id;
  view.authority = record.authority;
  view.number = record.number;
  view.direction = record.direction;
  view.came_or_made_day = record.came_or_made_day;
  view.registered_at = record.registered_at;
  view.classification = record.classification;
  view.secrecy_marked = record.secrecy.has_value() || record.case_secrecy.has_value();
  view.corrected = !record.corrections.empty();
  view.taken_down = record.publication == Publication::taken_down;
  view.disposed = record.disposed;
  view.case_id = record.case_id;
  view.case_number = record.case_number;
  view.case_title = record.case_public_title;
  view.log_index = record.log_index;
  if (record.publication != Publication::full || record.disposed) return view;
  view.title = record.public_title;
  view.record_type = record.record_type;
  view.private_party = record.private_person;
  if (!record.private_person && !other_party(record).empty()) view.party = other_party(record);
  return view;
}

}  // namespace torg::records
