// Events of every room version. The expected hashes were computed by another program (Python's json and
// hashlib) from the specification, but those of the appendix, which are its own.
#include "base/encoding.hpp"
#include "crypto/keys.hpp"
#include "matrix/event/canonical.hpp"
#include "matrix/event/event.hpp"

#include <algorithm>

#include <gtest/gtest.h>

namespace torg::matrix {
namespace {

using enum RoomVersion;

crypto::Sha256 counted_hash() {
  crypto::Sha256 hash{};
  for (std::size_t i = 0; i < hash.size(); ++i) hash.at(i) = static_cast<unsigned char>(i);
  return hash;
}

Event redaction_of(RoomVersion version) {
  Event event{.version = version,
              .type = "m.room.redaction",
              .sender = "@anna:torg.example",
              .room_id = "!room:torg.example",
              .content = R"({"reason":"fel"})",
              .origin_server_ts = 1'700'000'000'002,
              .depth = 7,
              .prev_events = {{"$a", counted_hash()}},
              .auth_events = {{"$b", counted_hash()}, {"$c", counted_hash()}},
              .origin = "torg.example"};
  if (traits(version).event_ids == EventIds::chosen) event.event_id = "$own:torg.example";
  if (traits(version).redacts == Redacts::in_event)
    event.redacts = "$gone";
  else
    event.content = R"({"reason":"fel","redacts":"$gone"})";
  return event;
}

Event vouched_join(RoomVersion version) {
  Event event{.version = version,
              .type = "m.room.member",
              .state_key = "@bo:torg.example",
              .sender = "@bo:torg.example",
              .room_id = "!room:torg.example",
              .content = R"({"displayname":"Bo","join_authorised_via_users_server":"@anna:torg.example",)"
                         R"("membership":"join"})",
              .origin_server_ts = 1'700'000'000'003,
              .depth = 8};
  if (traits(version).event_ids == EventIds::chosen) event.event_id = "$own:torg.example";
  return event;
}

struct Expected {
  RoomVersion version;
  std::string_view id;
  std::string_view hash;
};

void expect_sealed(Event event, Expected const& expected) {
  EXPECT_EQ(seal(event).value, expected.id) << to_text(expected.version);
  EXPECT_EQ(base64_encode(crypto::view(event.reference_hash), Base64::standard), expected.hash)
      << to_text(expected.version);
  EXPECT_EQ(crypto::sha256(redacted_pdu_bytes(event)), event.reference_hash);
  for (auto const& bytes : {pdu_bytes(event), redacted_pdu_bytes(event)})
    EXPECT_EQ(canonical_json(parse_json(bytes).value()).value(), bytes);
}

TEST(RoomVersions, AreReadAsTheyAreWritten) {
  for (auto const version : kRoomVersions) EXPECT_EQ(parse_room_version(to_text(version)), version);
  for (auto const* unknown : {"", "0", "13", "1.0", " 1", "org.matrix.msc2176"})
    EXPECT_EQ(parse_room_version(unknown), std::nullopt) << unknown;
}

TEST(RoomVersions, NameARedactionByItsHashOrItsOwnName) {
  constexpr std::string_view kOld = "aOo5ONlYctgQ+Zbr1U2Kc/dVbhC7kyszkHbs5qQr8J4";
  constexpr std::string_view kOldId = "$aOo5ONlYctgQ-Zbr1U2Kc_dVbhC7kyszkHbs5qQr8J4";
  constexpr std::string_view kNew = "Po84vVKtooVn/F00s5kZ5hAd9eH2SiyxPW8hWUM4OBs";
  constexpr std::string_view kNewId = "$Po84vVKtooVn_F00s5kZ5hAd9eH2SiyxPW8hWUM4OBs";
  constexpr std::string_view kCited = "oIXYIBKPdlpemC0eHGyXiDHVOOBOpxj3eutP+65Qca8";
  for (auto const& expected :
       {Expected{v1, "$own:torg.example", kCited}, Expected{v2, "$own:torg.example", kCited},
        Expected{v3, "$aOo5ONlYctgQ+Zbr1U2Kc/dVbhC7kyszkHbs5qQr8J4", kOld}, Expected{v4, kOldId, kOld},
        Expected{v5, kOldId, kOld}, Expected{v6, kOldId, kOld}, Expected{v7, kOldId, kOld},
        Expected{v8, kOldId, kOld}, Expected{v9, kOldId, kOld}, Expected{v10, kOldId, kOld},
        Expected{v11, kNewId, kNew}, Expected{v12, kNewId, kNew}})
    expect_sealed(redaction_of(expected.version), expected);
}

TEST(RoomVersions, HashAJoinByWhatItsRedactionKeeps) {
  constexpr std::string_view kOld = "Xt9LGwoJCQQwX+hHE2LhzVVczdVtAkx6z0V1s6l0dsU";
  constexpr std::string_view kOldId = "$Xt9LGwoJCQQwX-hHE2LhzVVczdVtAkx6z0V1s6l0dsU";
  constexpr std::string_view kNew = "jHKuOVjmqj+fy3UluLq5QE7sv/9RXy2Ha/H2GDUZt3o";
  constexpr std::string_view kNewId = "$jHKuOVjmqj-fy3UluLq5QE7sv_9RXy2Ha_H2GDUZt3o";
  constexpr std::string_view kNamed = "yxqLSZMY88hFR5HdTJKrUiD0FowjegLe9V/m6Zr/tuA";
  for (auto const& expected :
       {Expected{v1, "$own:torg.example", kNamed}, Expected{v2, "$own:torg.example", kNamed},
        Expected{v3, "$Xt9LGwoJCQQwX+hHE2LhzVVczdVtAkx6z0V1s6l0dsU", kOld}, Expected{v4, kOldId, kOld},
        Expected{v8, kOldId, kOld}, Expected{v9, kNewId, kNew}, Expected{v10, kNewId, kNew},
        Expected{v11, kNewId, kNew}, Expected{v12, kNewId, kNew}})
    expect_sealed(vouched_join(expected.version), expected);
}

// https://spec.matrix.org/v1.19/appendices/#event-signing, the first event
TEST(RoomVersions, SignTheEventOfTheAppendix) {
  Event event{.version = v4,
              .type = "X",
              .sender = "@a:domain",
              .room_id = "!x:domain",
              .content = "{}",
              .origin_server_ts = 1'000'000,
              .depth = 3,
              .origin = "domain"};
  static_cast<void>(seal(event));
  EXPECT_EQ(base64_encode(crypto::view(event.content_hash), Base64::standard),
            "5jM4wQpv6lnBo7CLIghJuHdW+s2CMBJPUOGOC89ncos");
  std::array<unsigned char, 32> seed{};
  std::ranges::copy(*base64_decode("YJDBA9Xnr2sVqXD9Vj7XVUnmFZcZrlw8Md7kMW+3XA1", Base64::standard),
                    seed.begin());
  auto const signature = crypto::SigningKey::from_seed(seed).sign(redacted_pdu_bytes(event));
  EXPECT_EQ(
      base64_encode({reinterpret_cast<char const*>(signature.data()), signature.size()}, Base64::standard),
      "KxwGjPSDEtvnFgU00fwFz+l6d2pJM6XBIaMEn81SXPTRl16AqLAYqfIReFGZlHi5KLjAWbOoMszkwsQma+lYAg");
}

// ---- Redaction

struct Kept {
  std::string_view type, content, left;
  RoomVersion since = v1;
  RoomVersion until = v12;
};

class RedactionOf : public ::testing::TestWithParam<RoomVersion> {};
INSTANTIATE_TEST_SUITE_P(EachVersion, RedactionOf, ::testing::ValuesIn(kRoomVersions),
                         [](auto const& given) { return "v" + std::string(to_text(given.param)); });

TEST_P(RedactionOf, LeavesWhatTheVersionSays) {
  constexpr Kept kCases[] = {
      {"m.room.message", R"({"body":"x","membership":"join"})", "{}"},
      {"m.room.member", R"({"membership":"join","reason":"x"})", R"({"membership":"join"})"},
      {"m.room.member", R"({"join_authorised_via_users_server":"@a:b"})", "{}", v1, v8},
      {"m.room.member", R"({"join_authorised_via_users_server":"@a:b"})",
       R"({"join_authorised_via_users_server":"@a:b"})", v9},
      {"m.room.member", R"({"third_party_invite":{"display_name":"d","signed":{"token":"t"}}})", "{}", v1,
       v10},
      {"m.room.member", R"({"third_party_invite":{"display_name":"d","signed":{"token":"t"}}})",
       R"({"third_party_invite":{"signed":{"token":"t"}}})", v11},
      {"m.room.create", R"({"creator":"@a:b","room_version":"x"})", R"({"creator":"@a:b"})", v1, v10},
      {"m.room.create", R"({"creator":"@a:b","room_version":"x"})",
       R"({"creator":"@a:b","room_version":"x"})", v11},
      {"m.room.join_rules", R"({"allow":[],"join_rule":"restricted"})", R"({"join_rule":"restricted"})", v1,
       v7},
      {"m.room.join_rules", R"({"allow":[],"join_rule":"restricted"})",
       R"({"allow":[],"join_rule":"restricted"})", v8},
      {"m.room.power_levels", R"({"ban":1,"invite":2,"notifications":{"room":3},"users":{"@a:b":4}})",
       R"({"ban":1,"users":{"@a:b":4}})", v1, v10},
      {"m.room.power_levels", R"({"ban":1,"invite":2,"notifications":{"room":3},"users":{"@a:b":4}})",
       R"({"ban":1,"invite":2,"users":{"@a:b":4}})", v11},
      {"m.room.aliases", R"({"aliases":["#a:b"],"x":1})", R"({"aliases":["#a:b"]})", v1, v5},
      {"m.room.aliases", R"({"aliases":["#a:b"]})", "{}", v6},
      {"m.room.history_visibility", R"({"history_visibility":"shared","x":1})",
       R"({"history_visibility":"shared"})"},
      {"m.room.redaction", R"({"reason":"x","redacts":"$a"})", "{}", v1, v10},
      {"m.room.redaction", R"({"reason":"x","redacts":"$a"})", R"({"redacts":"$a"})", v11},
  };
  for (auto const& kept : kCases) {
    if (GetParam() < kept.since || GetParam() > kept.until) continue;
    auto const left = redacted_content(GetParam(), kept.type, parse_json_object(kept.content).value());
    EXPECT_EQ(left, kept.left) << kept.type;
    if (left != "{}") EXPECT_TRUE(keeps_content(GetParam(), kept.type)) << kept.type;
    EXPECT_EQ(redacted_content(GetParam(), kept.type, parse_json_object(left).value()), left)
        << "redacting twice is redacting once";
  }
}

TEST_P(RedactionOf, LeavesTheOriginOfAnEventBeforeVersion11) {
  auto event = redaction_of(GetParam());
  static_cast<void>(seal(event));
  bool const kept = redacted_pdu_bytes(event).find(R"("origin":)") != std::string::npos;
  EXPECT_EQ(kept, GetParam() < v11);
}

// ---- Limits and numbers

TEST(RoomVersions, AskForAnEventIdWhereTheyCarryOne) {
  auto named = redaction_of(v2);
  static_cast<void>(seal(named));
  EXPECT_TRUE(check_limits(named, "torg.example"));
  named.event_id.clear();
  EXPECT_FALSE(check_limits(named, "torg.example"));
  auto hashed = redaction_of(v3);
  hashed.event_id = "$own:torg.example";
  EXPECT_FALSE(check_limits(hashed, "torg.example"));
}

TEST(RoomVersions, GiveAnyNumberAFormWhereTheyAllowIt) {
  auto const written = [](std::string_view text) {
    return canonical_json(parse_json_object(text).value(), Numbers::any).value();
  };
  EXPECT_EQ(written(R"({"b":1.50,"a":-0.5})"), R"({"a":-0.5,"b":1.5})");
  EXPECT_EQ(written(R"({"a":1e3})"), R"({"a":1000.0})");
  EXPECT_EQ(written(R"({"a":1e16})"), R"({"a":1e+16})");
  EXPECT_EQ(written(R"({"a":0.00005})"), R"({"a":5e-05})");
  EXPECT_EQ(written(R"({"a":9223372036854775807})"), R"({"a":9223372036854775807})");
  for (auto const* text : {R"({"a":1.5})", R"({"a":1e+16})", R"({"a":5e-05})", R"({"a":1000.0})"})
    EXPECT_EQ(written(written(text)), text) << "reading it again changes nothing";
}

}  // namespace
}  // namespace torg::matrix
