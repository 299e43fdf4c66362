// The room versions as a table: each row is what its chapter of the specification says, built on the one
// before. https://spec.matrix.org/v1.19/rooms/
#include "matrix/event/room_version.hpp"

#include <algorithm>

namespace torg::matrix {
namespace {

constexpr VersionTraits kV1{.event_ids = EventIds::chosen,
                            .room_ids = RoomIds::chosen,
                            .citations = Citations::with_hashes,
                            .numbers = Numbers::any,
                            .redaction = Redaction::v1,
                            .redacts = Redacts::in_event,
                            .creators = Creators::in_content,
                            .create_cited = CreateCited::yes,
                            .aliases = Aliases::by_server,
                            .levels = Levels::any_number_or_string,
                            .notifications = NotificationLevels::unchecked,
                            .knocking = Knocking::none,
                            .restricted = Restricted::none,
                            .redaction_right = RedactionRight::authorised,
                            .state_resolution = StateResolution::v1,
                            .key_validity = KeyValidity::ignored};

/// The version before with a few changes.
template <class Change>
constexpr VersionTraits based_on(VersionTraits before, Change change) {
  change(before);
  return before;
}

constexpr auto kV2 = based_on(kV1, [](auto& t) { t.state_resolution = StateResolution::v2; });
constexpr auto kV3 = based_on(kV2, [](auto& t) {
  t.event_ids = EventIds::hash;
  t.citations = Citations::ids;
  t.redaction_right = RedactionRight::judged_later;
});
constexpr auto kV4 = based_on(kV3, [](auto& t) { t.event_ids = EventIds::hash_for_urls; });
constexpr auto kV5 = based_on(kV4, [](auto& t) { t.key_validity = KeyValidity::enforced; });
constexpr auto kV6 = based_on(kV5, [](auto& t) {
  t.numbers = Numbers::canonical;
  t.redaction = Redaction::v6;
  t.aliases = Aliases::plain;
  t.levels = Levels::integer_or_string;
  t.notifications = NotificationLevels::checked;
});
constexpr auto kV7 = based_on(kV6, [](auto& t) { t.knocking = Knocking::by_rule; });
constexpr auto kV8 = based_on(kV7, [](auto& t) {
  t.restricted = Restricted::allowed;
  t.redaction = Redaction::v8;
});
constexpr auto kV9 = based_on(kV8, [](auto& t) { t.redaction = Redaction::v9; });
constexpr auto kV10 = based_on(kV9, [](auto& t) {
  t.levels = Levels::integer;
  t.knocking = Knocking::also_restricted;
});
constexpr auto kV11 = based_on(kV10, [](auto& t) {
  t.redaction = Redaction::v11;
  t.redacts = Redacts::in_content;
  t.creators = Creators::sender;
});
constexpr auto kV12 = based_on(kV11, [](auto& t) {
  t.room_ids = RoomIds::create_hash;
  t.creators = Creators::all_powerful;
  t.create_cited = CreateCited::no;
  t.state_resolution = StateResolution::v2_1;
});

struct Row {
  std::string_view name;
  VersionTraits traits;
};
/// In the order of `kRoomVersions`.
constexpr std::array<Row, kRoomVersions.size()> kRows{{{"1", kV1},
                                                       {"2", kV2},
                                                       {"3", kV3},
                                                       {"4", kV4},
                                                       {"5", kV5},
                                                       {"6", kV6},
                                                       {"7", kV7},
                                                       {"8", kV8},
                                                       {"9", kV9},
                                                       {"10", kV10},
                                                       {"11", kV11},
                                                       {"12", kV12}}};

Row const& row(RoomVersion version) { return kRows.at(static_cast<std::size_t>(version) - 1); }

}  // namespace

VersionTraits const& traits(RoomVersion version) { return row(version).traits; }

std::optional<RoomVersion> parse_room_version(std::string_view text) {
  auto const* found = std::ranges::find(kRows, text, &Row::name);
  if (found == kRows.end()) return std::nullopt;
  return kRoomVersions.at(static_cast<std::size_t>(found - kRows.begin()));
}

std::string_view to_text(RoomVersion version) { return row(version).name; }

}  // namespace torg::matrix
