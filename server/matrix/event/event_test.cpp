#include "matrix/event/event.hpp"

#include "base/encoding.hpp"
#include "matrix/event/canonical.hpp"

#include <gtest/gtest.h>

namespace torg::matrix {
namespace {

// The expected ids and bytes were computed by another program (Python's json and hashlib) from the
// specification.
constexpr auto kCreateId = "$7Hu_UWTboCPvfH4-PraLFR3DtkMYlhXeGKhMjBKusK4";
constexpr auto kRoomId = "!7Hu_UWTboCPvfH4-PraLFR3DtkMYlhXeGKhMjBKusK4";
constexpr auto kMemberId = "$7hzViWiXxlBx4RpGSPB1tvmACtoNqbzNh7Tke8vJOCo";

Event create() {
  return {.type = "m.room.create",
          .state_key = "",
          .sender = "@anna:torg.example",
          .room_id = {},
          .content = R"({"additional_creators":["@bo:torg.example"],"room_version":"12"})",
          .origin_server_ts = 1'700'000'000'000,
          .depth = 1,
          .prev_events = {},
          .auth_events = {},
          .redacts = {}};
}

Event join() {
  return {.type = "m.room.member",
          .state_key = "@anna:torg.example",
          .sender = "@anna:torg.example",
          .room_id = kRoomId,
          .content = R"({"displayname":"Anna Å","membership":"join"})",
          .origin_server_ts = 1'700'000'000'001,
          .depth = 2,
          .prev_events = {{kCreateId}},
          .auth_events = {},
          .redacts = {}};
}

Event message() {
  return {.type = "m.room.message",
          .state_key = {},
          .sender = "@anna:torg.example",
          .room_id = kRoomId,
          .content = R"({"body":"Hej \"där\"\n","msgtype":"m.text"})",
          .origin_server_ts = 1'700'000'000'002,
          .depth = 3,
          .prev_events = {{kMemberId}},
          .auth_events = {{kMemberId}},
          .redacts = {}};
}

std::vector<Citation> cited(json::value const& array) {
  std::vector<Citation> found;
  for (auto const& id : array.as_array()) found.push_back({std::string(id.as_string())});
  return found;
}

/// The event again, from the bytes another server would receive.
Event reparsed(Event const& event) {
  auto const pdu = parse_json_object(pdu_bytes(event)).value();
  Event read;
  read.type = required_string(pdu, "type").value();
  if (auto key = optional_string(pdu, "state_key")) read.state_key = *key;
  read.sender = required_string(pdu, "sender").value();
  read.room_id = optional_string(pdu, "room_id").value_or("");
  read.content = canonical_json(pdu.at("content")).value();
  read.origin_server_ts = required_integer(pdu, "origin_server_ts").value();
  read.depth = required_integer(pdu, "depth").value();
  read.prev_events = cited(pdu.at("prev_events"));
  read.auth_events = cited(pdu.at("auth_events"));
  return read;
}

std::string redacted(std::string_view type, std::string_view content) {
  return redacted_content(RoomVersion::v12, type, parse_json_object(content).value());
}

TEST(Event, GetsItsIdFromTheReferenceHash) {
  auto first = create();
  auto second = join();
  auto third = message();
  EXPECT_EQ(seal(first).value, kCreateId);
  EXPECT_EQ(seal(second).value, kMemberId);
  EXPECT_EQ(seal(third).value, "$EvMBDAc7L348ArtZ6Xt4kRJuGs0o5ExHEnqnaBAcvno");
  EXPECT_EQ(base64_encode(crypto::view(third.content_hash), Base64::standard),
            "6kaQzpR6Ti9X7Rg/qaM+deOi+s+7zZ6fGJdNsVjEASg");
}

TEST(Event, OfCreationNamesTheRoomAndHasNoRoomIdItself) {
  auto event = create();
  EXPECT_EQ(room_id_of_create(seal(event)).value, kRoomId);
  EXPECT_EQ(pdu_bytes(event),
            R"({"auth_events":[],"content":{"additional_creators":["@bo:torg.example"],"room_version":"12"},)"
            R"("depth":1,"hashes":{"sha256":"DWOBWIKd+TIFbbzyjtzXEFEkCHokx7mJfqmFAkDXErU"},)"
            R"("origin_server_ts":1700000000000,"prev_events":[],"sender":"@anna:torg.example",)"
            R"("state_key":"","type":"m.room.create"})");
}

TEST(Event, IsWrittenInCanonicalForm) {
  for (auto event : {create(), join(), message()}) {
    static_cast<void>(seal(event));
    for (auto const& bytes : {pdu_bytes(event), redacted_pdu_bytes(event)}) {
      EXPECT_EQ(canonical_json(parse_json(bytes).value()).value(), bytes);
    }
  }
}

TEST(Event, KeepsItsIdWhenReadAgain) {
  for (auto event : {create(), join(), message()}) {
    auto const id = seal(event);
    auto read = reparsed(event);
    EXPECT_EQ(seal(read), id);
    EXPECT_EQ(pdu_bytes(read), pdu_bytes(event));
  }
}

TEST(Event, KeepsItsIdWhenRedacted) {
  auto event = join();
  auto const id = seal(event);
  EXPECT_EQ("$" + base64_encode(crypto::view(crypto::sha256(redacted_pdu_bytes(event))), Base64::url),
            id.value);
  EXPECT_EQ(redacted_pdu_bytes(event).find("displayname"), std::string::npos);
}

TEST(Event, ChangesItsIdWithEachField) {
  auto original = message();
  auto const id = seal(original);
  std::vector<Event> others(8, message());
  others[0].type = "m.room.other";
  others[1].state_key = "";
  others[2].sender = "@bo:torg.example";
  others[3].content = R"({"body":"other"})";
  others[4].origin_server_ts += 1;
  others[5].depth += 1;
  others[6].prev_events.clear();
  others[7].auth_events.clear();
  for (auto& other : others) EXPECT_NE(seal(other), id);
}

TEST(Event, StripsATopLevelRedactsFromTheReferenceHashOnly) {
  auto event = message();
  event.redacts = kMemberId;
  static_cast<void>(seal(event));
  EXPECT_NE(pdu_bytes(event).find("\"redacts\""), std::string::npos);
  EXPECT_EQ(redacted_pdu_bytes(event).find("\"redacts\""), std::string::npos);
}

TEST(EventLimits, AcceptAnOrdinaryEvent) {
  for (auto event : {create(), join(), message()}) EXPECT_TRUE(check_limits(event, "torg.example"));
}

TEST(EventLimits, CountOurSignature) {
  auto event = message();
  constexpr std::string_view kFrame = R"({"body":""})";
  event.content = kFrame;
  auto const rest = kMaxEventBytes - pdu_bytes(event).size() - signature_bytes("torg.example");
  event.content = R"({"body":")" + std::string(rest, 'x') + R"("})";
  EXPECT_TRUE(check_limits(event, "torg.example"));
  event.content = R"({"body":")" + std::string(rest + 1, 'x') + R"("})";
  auto const refused = check_limits(event, "torg.example");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::too_large);
}

TEST(EventLimits, CountASignatureAsItIsWritten) {
  std::string const key_id = "ed25519:" + std::string(kMaxKeyIdBytes - 8, 'k');
  auto const written =
      R"("signatures":{"torg.example":{")" + key_id + R"(":")" + std::string(86, 's') + R"("}},)";
  EXPECT_EQ(signature_bytes("torg.example"), written.size());
}

TEST(EventLimits, RefuseALongField) {
  std::vector<Event> events(3, message());
  events[0].type = std::string(256, 't');
  events[1].state_key = std::string(256, 'k');
  events[2].room_id = "!" + std::string(255, 'r');
  for (auto const& event : events) {
    auto const refused = check_limits(event, "torg.example");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::too_large);
  }
}

TEST(EventLimits, RefuseWhatIsMalformed) {
  std::vector<Event> events(7, message());
  events[0].type = "";
  events[1].sender = "anna";
  events[2].room_id = "";
  events[3].depth = -1;
  events[4].origin_server_ts = std::int64_t{1} << 53;
  events[5].prev_events.assign(kMaxPrevEvents + 1, {kMemberId});
  events[6].auth_events.assign(kMaxAuthEvents + 1, {kMemberId});
  for (auto const& event : events) {
    auto const refused = check_limits(event, "torg.example");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::invalid_param);
  }
}

TEST(Redaction, EmptiesOrdinaryContent) {
  EXPECT_EQ(redacted("m.room.message", R"({"body":"secret","membership":"join"})"), "{}");
  EXPECT_FALSE(keeps_content(RoomVersion::v12, "m.room.message"));
}

TEST(Redaction, KeepsWhatRoomStateNeeds) {
  EXPECT_EQ(redacted("m.room.create", R"({"b":1,"a":{"c":2}})"), R"({"a":{"c":2},"b":1})");
  EXPECT_EQ(redacted("m.room.join_rules", R"({"join_rule":"restricted","allow":[],"x":1})"),
            R"({"allow":[],"join_rule":"restricted"})");
  EXPECT_EQ(
      redacted("m.room.power_levels",
               R"({"ban":1,"events":{},"events_default":2,"invite":3,"kick":4,"notifications":{"room":5},)"
               R"("redact":6,"state_default":7,"users":{},"users_default":8})"),
      R"({"ban":1,"events":{},"events_default":2,"invite":3,"kick":4,"redact":6,"state_default":7,)"
      R"("users":{},"users_default":8})");
  EXPECT_EQ(redacted("m.room.history_visibility", R"({"history_visibility":"shared","x":1})"),
            R"({"history_visibility":"shared"})");
  EXPECT_EQ(redacted("m.room.redaction", R"({"reason":"spam","redacts":"$id"})"), R"({"redacts":"$id"})");
}

TEST(Redaction, KeepsTheSignedPartOfAThirdPartyInvite) {
  EXPECT_EQ(redacted("m.room.member",
                     R"({"membership":"invite","reason":"x","join_authorised_via_users_server":"@a:b",)"
                     R"("third_party_invite":{"display_name":"a...@b","signed":{"token":"t"}}})"),
            R"({"join_authorised_via_users_server":"@a:b","membership":"invite",)"
            R"("third_party_invite":{"signed":{"token":"t"}}})");
  EXPECT_EQ(redacted("m.room.member", R"({"membership":"join","third_party_invite":"text"})"),
            R"({"membership":"join"})");
}

}  // namespace
}  // namespace torg::matrix
