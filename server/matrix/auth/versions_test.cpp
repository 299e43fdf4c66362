// What the authorisation rules of one room version say and those of another don't.
#include "matrix/auth/sample_state.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace torg::matrix {
namespace {

using enum RoomVersion;
using ::testing::Contains;
using ::testing::Not;
using ::testing::Pair;

json::object object(std::string_view text) { return parse_json_object(text).value(); }

std::string outcome(Result<> const& result) {
  if (result) return "";
  EXPECT_EQ(result.error().code, ErrorCode::forbidden);
  return result.error().detail.substr(std::string_view("authorisation rule ").size());
}

SampleState room_of(RoomVersion version) {
  auto state = sample_state();
  state.room_version = version;
  return state;
}

Event event_of(RoomVersion version, std::string_view sender, std::string_view type,
               std::optional<std::string> state_key = {}) {
  Event event;
  event.version = version;
  event.sender = sender;
  event.type = type;
  event.state_key = std::move(state_key);
  event.room_id = kSampleRoom;
  event.prev_events = {{"$other"}};
  return event;
}

std::string membership(SampleState const& state, std::string const& user, std::string_view content,
                       std::string_view previous = "$other") {
  auto event = event_of(state.room_version, user, "m.room.member", user);
  event.prev_events = {{std::string(previous)}};
  return outcome(authorise(event, object(content), state));
}

std::string creation(RoomVersion version, std::string_view room_id, std::string_view content) {
  auto event = event_of(version, "@creator:a.example", "m.room.create", "");
  event.prev_events.clear();
  event.room_id = room_id;
  return outcome(authorise_create(event, object(content)));
}

class AuthOf : public ::testing::TestWithParam<RoomVersion> {
 protected:
  RoomVersion const version = GetParam();
  SampleState state = room_of(version);
};
INSTANTIATE_TEST_SUITE_P(EachVersion, AuthOf, ::testing::ValuesIn(kRoomVersions),
                         [](auto const& given) { return "v" + std::string(to_text(given.param)); });

TEST_P(AuthOf, CreationHasTheRoomIdOfItsServerBeforeVersion12) {
  auto const content = R"({"creator":"@creator:a.example"})";
  EXPECT_EQ(creation(version, "!x:a.example", content), version < v12 ? "" : "1.2");
  EXPECT_EQ(creation(version, "!x:b.example", content), "1.2");
  EXPECT_EQ(creation(version, "", content), version < v12 ? "1.2" : "");
}

TEST_P(AuthOf, CreationNamesItsCreatorBeforeVersion11) {
  auto const* const room = version < v12 ? "!x:a.example" : "";
  EXPECT_EQ(creation(version, room, "{}"), version < v11 ? "v10 1.4" : "");
}

TEST_P(AuthOf, CreationIsOfItsOwnVersion) {
  auto const* const room = version < v12 ? "!x:a.example" : "";
  auto const of = [&](std::string_view said) {
    return creation(version, room, R"({"creator":"@a:b","room_version":")" + std::string(said) + "\"}");
  };
  EXPECT_EQ(of(to_text(version)), "");
  EXPECT_EQ(of("99"), "1.3");
}

TEST_P(AuthOf, AdditionalCreatorsCountFromVersion12On) {
  auto const* const room = version < v12 ? "!x:a.example" : "";
  EXPECT_EQ(creation(version, room, R"({"creator":"@a:b","additional_creators":"x"})"),
            version < v12 ? "" : "1.4");
}

TEST_P(AuthOf, TheCreatorIsAboveAllLevelsFromVersion12On) {
  EXPECT_EQ(power_of(state, "@creator:a.example"), version < v12 ? 0 : kCreatorPower);
  state.levels = PowerLevels{};
  EXPECT_EQ(power_of(state, "@creator:a.example"), version < v12 ? 100 : kCreatorPower)
      << "100 while the room has no power levels";
  EXPECT_EQ(power_of(state, "@member:a.example"), 0);
}

TEST_P(AuthOf, TheCreatorMayStandAmongTheLevelsBeforeVersion12) {
  state.levels = PowerLevels{};
  auto const event = event_of(version, "@creator:a.example", "m.room.power_levels", "");
  EXPECT_EQ(outcome(authorise(event, object(R"({"users":{"@creator:a.example":100}})"), state)),
            version < v12 ? "" : "10.4");
}

TEST_P(AuthOf, TheCreatorsJoinFollowsCreation) {
  state.create = "$create";
  EXPECT_EQ(membership(state, "@creator:a.example", R"({"membership":"join"})", "$create"), "");
  state.members.clear();
  EXPECT_EQ(membership(state, "@creator:a.example", R"({"membership":"join"})", "$create"), "");
  EXPECT_EQ(membership(state, "@creator:a.example", R"({"membership":"join"})", "$other"), "5.3.4");
}

TEST_P(AuthOf, CreateIsCitedBeforeVersion12) {
  auto const keys = auth_event_keys(version, "m.room.message", {}, "@a:b", {});
  if (version < v12)
    EXPECT_THAT(keys, Contains(Pair("m.room.create", "")));
  else
    EXPECT_THAT(keys, Not(Contains(Pair("m.room.create", ""))));
}

TEST_P(AuthOf, AVoucherIsCitedWhereRoomsMayBeRestricted) {
  auto const keys =
      auth_event_keys(version, "m.room.member", "@a:b", "@a:b",
                      object(R"({"membership":"join","join_authorised_via_users_server":"@v:b"})"));
  bool const cited =
      std::ranges::find(keys, std::pair<std::string, std::string>("m.room.member", "@v:b")) != keys.end();
  EXPECT_EQ(cited, version >= v8);
}

TEST_P(AuthOf, KnockingIsThereFromVersion7OnAndWithRestrictionFrom10) {
  state.rule = "knock";
  EXPECT_EQ(membership(state, "@left:b.example", R"({"membership":"knock"})"), version >= v7 ? "" : "5.8");
  state.rule = "knock_restricted";
  auto const expected = version >= v10 ? "" : version >= v7 ? "5.7.1" : "5.8";
  EXPECT_EQ(membership(state, "@left:b.example", R"({"membership":"knock"})"), expected);
  EXPECT_EQ(membership(state, "@knocking:b.example", R"({"membership":"leave"})"),
            version >= v7 ? "" : "5.5.1");
}

TEST_P(AuthOf, AnInvitedPersonJoinsByTheRulesThatTheVersionKnows) {
  auto const joins = [&](std::string rule) {
    state.rule = std::move(rule);
    return membership(state, "@invited:b.example", R"({"membership":"join"})");
  };
  EXPECT_EQ(joins("invite"), "");
  EXPECT_EQ(joins("public"), "");
  EXPECT_EQ(joins("private"), "5.3.7");
  EXPECT_EQ(joins("knock"), version >= v7 ? "" : "5.3.7");
  EXPECT_EQ(joins("restricted"), version >= v8 ? "" : "5.3.7");
  EXPECT_EQ(joins("knock_restricted"), version >= v10 ? "" : "5.3.7");
}

TEST_P(AuthOf, AVouchedJoinIsAllowedFromVersion8On) {
  state.rule = "restricted";
  EXPECT_EQ(membership(state, "@left:b.example",
                       R"({"membership":"join","join_authorised_via_users_server":"@admin:a.example"})"),
            version >= v8 ? "" : "5.3.7");
}

TEST_P(AuthOf, ListsOfAliasesBelongToTheirServerUntilVersion5) {
  auto const set = [&](std::string_view sender, std::optional<std::string> key) {
    return outcome(authorise(event_of(version, sender, "m.room.aliases", std::move(key)), {}, state));
  };
  EXPECT_EQ(set("@stranger:b.example", "b.example"), version <= v5 ? "" : "6") << "even from outside";
  EXPECT_EQ(set("@admin:a.example", "b.example"), version <= v5 ? "v5 4.2" : "");
  if (version <= v5) EXPECT_EQ(set("@admin:a.example", {}), "v5 4.1");
}

TEST_P(AuthOf, LevelsAreWrittenAsTheVersionAllows) {
  auto const form = traits(version).levels;
  auto const reads = [&](std::string_view level) {
    auto const levels = PowerLevels::parse(object(R"({"ban":)" + std::string(level) + "}"), form);
    return levels ? std::optional(levels->ban) : std::nullopt;
  };
  EXPECT_EQ(reads("7"), 7);
  EXPECT_EQ(reads("\" +0007 \""), version < v10 ? std::optional(7) : std::nullopt);
  EXPECT_EQ(reads("\"-7\""), version < v10 ? std::optional(-7) : std::nullopt);
  EXPECT_EQ(reads("7.9"), version < v6 ? std::optional(7) : std::nullopt);
  EXPECT_EQ(reads("-7.9"), version < v6 ? std::optional(-7) : std::nullopt);
  for (auto const* never : {"1e300", "\"7.9\"", "\"+-7\"", "\"\"", "\" \"", "null", "true", "[]"})
    EXPECT_EQ(reads(never), std::nullopt) << never;
}

TEST_P(AuthOf, LevelsOfNotificationsAreCheckedFromVersion6On) {
  auto const event = event_of(version, "@moderator:a.example", "m.room.power_levels", "");
  auto const content = object(R"({
    "users": {"@admin:a.example": 100, "@moderator:a.example": 50, "@peer:b.example": 50},
    "events": {"m.room.name": 50, "m.room.power_levels": 50, "m.room.tombstone": 150},
    "ban": 60, "kick": 50, "invite": 10, "state_default": 50, "notifications": {"room": 90}
  })");
  EXPECT_EQ(outcome(authorise(event, content, state)), version < v6 ? "" : "10.8.1");
}

TEST_P(AuthOf, TheRightToRedactIsAskedForUntilVersion2) {
  auto event = event_of(version, "@peer:b.example", "m.room.redaction");
  event.event_id = "$mine:b.example";
  state.levels.redact = 60;
  event.redacts = "$yours:a.example";
  EXPECT_EQ(outcome(authorise(event, {}, state)), version <= v2 ? "v2 11.3" : "");
  event.redacts = "$ours:b.example";
  EXPECT_EQ(outcome(authorise(event, {}, state)), "") << "of one server";
  event.redacts = "$yours:a.example";
  state.levels.redact = 50;
  EXPECT_EQ(outcome(authorise(event, {}, state)), "") << "by power";
}

}  // namespace
}  // namespace torg::matrix
