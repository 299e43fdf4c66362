#include "matrix/auth/auth.hpp"

#include "matrix/auth/sample_state.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace torg::matrix {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

json::object object(std::string_view text) { return parse_json_object(text).value(); }

std::string outcome(Result<> const& result) {
  if (result) return "";
  EXPECT_EQ(result.error().code, ErrorCode::forbidden);
  return result.error().detail.substr(std::string_view("authorisation rule ").size());
}

Event event_of(std::string_view sender, std::string_view type, std::optional<std::string> state_key = {}) {
  Event event;
  event.type = type;
  event.sender = sender;
  event.state_key = std::move(state_key);
  event.room_id = kSampleRoom;
  event.prev_events = {{"$other"}};
  return event;
}

Event create_event() {
  auto event = event_of("@creator:a.example", "m.room.create", "");
  event.room_id.clear();
  event.prev_events.clear();
  return event;
}

// ---- Step 1

TEST(CreateRules, AllowAProperCreation) {
  EXPECT_EQ(outcome(authorise_create(create_event(), object(R"({"room_version":"12"})"))), "");
  EXPECT_EQ(outcome(authorise_create(create_event(), object(R"({"additional_creators":["@b:c"]})"))), "");
}

TEST(CreateRules, RefuseEventsBeforeTheFirst) {
  auto event = create_event();
  event.prev_events = {{"$earlier"}};
  EXPECT_EQ(outcome(authorise_create(event, {})), "1.1");
}

TEST(CreateRules, RefuseARoomId) {
  auto event = create_event();
  event.room_id = kSampleRoom;
  EXPECT_EQ(outcome(authorise_create(event, {})), "1.2");
}

TEST(CreateRules, RefuseAnUnknownVersion) {
  EXPECT_EQ(outcome(authorise_create(create_event(), object(R"({"room_version":"99"})"))), "1.3");
  EXPECT_EQ(outcome(authorise_create(create_event(), object(R"({"room_version":12})"))), "1.3");
}

TEST(CreateRules, RefuseMalformedAdditionalCreators) {
  for (auto const* bad : {R"("@b:c")", R"([1])", R"(["b"])", R"(["@b:c", "@"])", "null"}) {
    auto const content = object(R"({"additional_creators":)" + std::string(bad) + "}");
    EXPECT_EQ(outcome(authorise_create(create_event(), content)), "1.4") << bad;
  }
}

// ---- Steps 4 and 6 to 9

TEST(AuthRules, KeepOtherServersOutOfALocalRoom) {
  auto state = sample_state();
  state.federated = false;
  EXPECT_EQ(outcome(authorise(event_of("@peer:b.example", "m.room.message"), {}, state)), "4");
  EXPECT_EQ(outcome(authorise(event_of("@member:a.example", "m.room.message"), {}, state)), "");
}

TEST(AuthRules, LetOnlyMembersSend) {
  auto const state = sample_state();
  EXPECT_EQ(outcome(authorise(event_of("@member:a.example", "m.room.message"), {}, state)), "");
  for (auto const* outsider : {"@invited:b.example", "@left:b.example", "@banned:b.example",
                               "@knocking:b.example", "@stranger:b.example"}) {
    EXPECT_EQ(outcome(authorise(event_of(outsider, "m.room.message"), {}, state)), "6") << outsider;
  }
}

TEST(AuthRules, AskTheInviteLevelForAThirdPartyInvite) {
  auto const state = sample_state();
  EXPECT_EQ(
      outcome(authorise(event_of("@moderator:a.example", "m.room.third_party_invite", "token"), {}, state)),
      "");
  EXPECT_EQ(
      outcome(authorise(event_of("@member:a.example", "m.room.third_party_invite", "token"), {}, state)),
      "7.1");
}

TEST(AuthRules, AskTheLevelOfTheType) {
  auto const state = sample_state();
  auto const sent = [&](std::string_view sender, std::string_view type, std::optional<std::string> key) {
    return outcome(authorise(event_of(sender, type, std::move(key)), {}, state));
  };
  EXPECT_EQ(sent("@moderator:a.example", "m.room.name", ""), "");
  EXPECT_EQ(sent("@member:a.example", "m.room.name", ""), "8");
  EXPECT_EQ(sent("@admin:a.example", "m.room.tombstone", ""), "8");
  EXPECT_EQ(sent("@creator:a.example", "m.room.tombstone", ""), "");
  EXPECT_EQ(sent("@moderator:a.example", "org.example.state", ""), "");
  EXPECT_EQ(sent("@member:a.example", "org.example.state", ""), "8");
  EXPECT_EQ(sent("@member:a.example", "org.example.message", {}), "");
}

TEST(AuthRules, ReserveStateNamedAfterAUser) {
  auto const state = sample_state();
  auto const set = [&](std::string const& key) {
    return outcome(authorise(event_of("@moderator:a.example", "org.example.state", key), {}, state));
  };
  EXPECT_EQ(set("@moderator:a.example"), "");
  EXPECT_EQ(set("@member:a.example"), "9");
  EXPECT_EQ(set("@anything"), "9");
  EXPECT_EQ(set("other"), "");
}

// ---- Step 10

constexpr std::string_view kLevels =
    R"("ban":60,"kick":50,"invite":10,"state_default":50,)"
    R"("events":{"m.room.name":50,"m.room.power_levels":50,"m.room.tombstone":150})";
constexpr std::string_view kUsers =
    R"("users":{"@admin:a.example":100,"@moderator:a.example":50,"@peer:b.example":50})";

std::string changed(std::string_view sender, std::string_view levels, std::string_view users = kUsers,
                    SampleState const& state = sample_state()) {
  auto const content = object("{" + std::string(levels) + "," + std::string(users) + "}");
  return outcome(authorise(event_of(sender, "m.room.power_levels", ""), content, state));
}

TEST(PowerLevelRules, AllowNoChange) { EXPECT_EQ(changed("@moderator:a.example", kLevels), ""); }

TEST(PowerLevelRules, RefuseWhatIsNoInteger) {
  for (auto const* bad :
       {R"("ban":"60")", R"("ban":60.0)", R"("users_default":null)", R"("events":[])",
        R"("events":{"a":"1"})", R"("notifications":{"room":true})", R"("notifications":5)"}) {
    EXPECT_EQ(changed("@creator:a.example", bad), "10.1-10.3") << bad;
  }
  for (auto const* bad :
       {R"("users":[])", R"("users":{"@a:b":"1"})", R"("users":{"a":1})", R"("users":{"@a":1})"}) {
    EXPECT_EQ(changed("@creator:a.example", kLevels, bad), "10.1-10.3") << bad;
  }
}

TEST(PowerLevelRules, RefuseToNameACreator) {
  EXPECT_EQ(changed("@creator:a.example", kLevels, R"("users":{"@creator:a.example":100})"), "10.4");
  auto state = sample_state();
  state.creators.insert("@second:a.example");
  EXPECT_EQ(changed("@creator:a.example", kLevels, R"("users":{"@second:a.example":0})", state), "10.4");
}

TEST(PowerLevelRules, LetACreatorSetTheFirstLevelsAsTheyLike) {
  auto state = sample_state();
  state.levels = {};
  EXPECT_EQ(changed("@creator:a.example", kLevels, R"("users":{"@admin:a.example":1000})", state), "");
  EXPECT_EQ(changed("@admin:a.example", kLevels, kUsers, state), "8") << "nobody else has power yet";
}

TEST(PowerLevelRules, GuardSingleLevels) {
  auto const with = [](std::string_view sender, std::string_view single) {
    return changed(sender, std::string(single) + R"(,"events":{"m.room.name":50,"m.room.power_levels":50,)"
                                                 R"("m.room.tombstone":150})");
  };
  EXPECT_EQ(with("@moderator:a.example", R"("ban":60,"kick":40,"invite":10,"state_default":50)"), "");
  EXPECT_EQ(with("@moderator:a.example", R"("ban":50,"kick":50,"invite":10,"state_default":50)"), "10.6.1");
  EXPECT_EQ(with("@moderator:a.example", R"("kick":50,"invite":10,"state_default":50)"), "10.6.1")
      << "removed";
  EXPECT_EQ(with("@moderator:a.example", R"("ban":60,"kick":51,"invite":10,"state_default":50)"), "10.6.2");
  EXPECT_EQ(with("@moderator:a.example", R"("ban":60,"kick":50,"invite":10,"state_default":50,"redact":51)"),
            "10.6.2");
  EXPECT_EQ(with("@moderator:a.example", R"("ban":60,"kick":50,"invite":10,"state_default":50,"redact":50)"),
            "")
      << "adding a level that is not above one's own";
  EXPECT_EQ(with("@admin:a.example", R"("ban":100,"kick":100,"invite":0,"state_default":100)"), "");
}

TEST(PowerLevelRules, GuardLevelsOfEventsAndNotifications) {
  auto const with = [](std::string_view events) {
    return changed("@moderator:a.example",
                   R"("ban":60,"kick":50,"invite":10,"state_default":50,)" + std::string(events));
  };
  constexpr std::string_view kSame = R"("m.room.name":50,"m.room.power_levels":50,"m.room.tombstone":150)";
  EXPECT_EQ(with(R"("events":{"m.room.name":10,"m.room.power_levels":50,"m.room.tombstone":150})"), "");
  EXPECT_EQ(with(R"("events":{"m.room.power_levels":50,"m.room.tombstone":150})"), "")
      << "removed, not above one's own";
  EXPECT_EQ(with(R"("events":{"m.room.name":50,"m.room.power_levels":50})"), "10.7.1")
      << "removed, above one's own";
  EXPECT_EQ(with(R"("events":{"m.room.name":50,"m.room.power_levels":50,"m.room.tombstone":0})"), "10.7.1");
  EXPECT_EQ(with(R"("events":{"m.room.name":51,"m.room.power_levels":50,"m.room.tombstone":150})"), "10.8.1");
  EXPECT_EQ(with(R"("events":{)" + std::string(kSame) + R"(,"new":51})"), "10.8.1");
  EXPECT_EQ(with(R"("events":{)" + std::string(kSame) + R"(},"notifications":{"room":50})"), "");
  EXPECT_EQ(with(R"("events":{)" + std::string(kSame) + R"(},"notifications":{"room":51})"), "10.8.1");
}

TEST(PowerLevelRules, GuardTheLevelsOfUsers) {
  auto const with = [](std::string_view sender, std::string_view users) {
    return changed(sender, kLevels, R"("users":{)" + std::string(users) + "}");
  };
  constexpr auto kModerator = "@moderator:a.example";
  EXPECT_EQ(with(kModerator,
                 R"("@admin:a.example":100,"@moderator:a.example":50,"@peer:b.example":50,"@new:a":50)"),
            "");
  EXPECT_EQ(with(kModerator,
                 R"("@admin:a.example":100,"@moderator:a.example":50,"@peer:b.example":50,"@new:a":51)"),
            "10.10.1");
  EXPECT_EQ(with(kModerator, R"("@admin:a.example":100,"@moderator:a.example":10,"@peer:b.example":50)"), "")
      << "stepping down oneself";
  EXPECT_EQ(with(kModerator, R"("@admin:a.example":100,"@peer:b.example":50)"), "") << "removing oneself";
  EXPECT_EQ(with(kModerator, R"("@admin:a.example":100,"@moderator:a.example":51,"@peer:b.example":50)"),
            "10.10.1");
  EXPECT_EQ(with(kModerator, R"("@admin:a.example":100,"@moderator:a.example":50,"@peer:b.example":0)"),
            "10.9.1")
      << "somebody of the same power";
  EXPECT_EQ(with(kModerator, R"("@admin:a.example":100,"@moderator:a.example":50)"), "10.9.1");
  EXPECT_EQ(with(kModerator, R"("@moderator:a.example":50,"@peer:b.example":50)"), "10.9.1");
  EXPECT_EQ(
      with("@admin:a.example", R"("@admin:a.example":100,"@moderator:a.example":0,"@peer:b.example":99)"),
      "");
  EXPECT_EQ(with("@creator:a.example", R"("@admin:a.example":0,"@moderator:a.example":1000)"), "");
}

// ---- Powers and selection

TEST(Power, ComesFromTheLevelsAndIsInfiniteForCreators) {
  auto state = sample_state();
  EXPECT_EQ(power_of(state, "@admin:a.example"), 100);
  EXPECT_EQ(power_of(state, "@member:a.example"), 0);
  EXPECT_EQ(power_of(state, "@creator:a.example"), kCreatorPower);
  state.levels.users_default = 7;
  EXPECT_EQ(power_of(state, "@member:a.example"), 7);
}

TEST(Power, NeededDefaultsToFiftyForStateAndZeroForMessages) {
  PowerLevels const none;
  EXPECT_EQ(power_needed(none, "m.room.name", true), 50);
  EXPECT_EQ(power_needed(none, "m.room.message", false), 0);
}

TEST(Power, RemembersWhichLevelsWereGiven) {
  auto const levels = PowerLevels::parse(object(R"({"ban":50,"users_default":0})"), Levels::integer).value();
  EXPECT_TRUE(levels.present);
  EXPECT_EQ(levels.given.to_string(), "1000001");
}

TEST(AuthEvents, OfAnOrdinaryEventAreTheLevelsAndTheSender) {
  EXPECT_THAT(auth_event_keys(RoomVersion::v12, "m.room.message", {}, "@a:b", {}),
              ElementsAre(Pair("m.room.power_levels", ""), Pair("m.room.member", "@a:b")));
  EXPECT_THAT(auth_event_keys(RoomVersion::v12, "m.room.create", "", "@a:b", {}), IsEmpty());
}

TEST(AuthEvents, OfAMembershipIncludeTheTargetAndTheJoinRules) {
  EXPECT_THAT(auth_event_keys(RoomVersion::v12, "m.room.member", "@a:b", "@a:b", {{"membership", "join"}}),
              ElementsAre(Pair("m.room.power_levels", ""), Pair("m.room.member", "@a:b"),
                          Pair("m.room.join_rules", "")));
  EXPECT_THAT(auth_event_keys(RoomVersion::v12, "m.room.member", "@c:d", "@a:b", {{"membership", "ban"}}),
              ElementsAre(Pair("m.room.power_levels", ""), Pair("m.room.member", "@a:b"),
                          Pair("m.room.member", "@c:d")));
}

TEST(AuthEvents, OfARestrictedJoinIncludeTheVoucher) {
  EXPECT_THAT(auth_event_keys(RoomVersion::v12, "m.room.member", "@a:b", "@a:b",
                              {{"membership", "join"}, {"join_authorised_via_users_server", "@v:b"}}),
              ElementsAre(Pair("m.room.power_levels", ""), Pair("m.room.member", "@a:b"),
                          Pair("m.room.join_rules", ""), Pair("m.room.member", "@v:b")));
  EXPECT_THAT(auth_event_keys(RoomVersion::v12, "m.room.member", "@a:b", "@a:b",
                              {{"membership", "leave"}, {"join_authorised_via_users_server", "@v:b"}}),
              ElementsAre(Pair("m.room.power_levels", ""), Pair("m.room.member", "@a:b")));
}

TEST(AuthEvents, OfAThirdPartyInviteIncludeIt) {
  EXPECT_THAT(
      auth_event_keys(RoomVersion::v12, "m.room.member", "@c:d", "@a:b",
                      {{"membership", "invite"}, {"third_party_invite", {{"signed", {{"token", "t"}}}}}}),
      ElementsAre(Pair("m.room.power_levels", ""), Pair("m.room.member", "@a:b"),
                  Pair("m.room.member", "@c:d"), Pair("m.room.join_rules", ""),
                  Pair("m.room.third_party_invite", "t")));
}

}  // namespace
}  // namespace torg::matrix
