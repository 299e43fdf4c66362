#include "base/encoding.hpp"
#include "crypto/keys.hpp"
#include "matrix/auth/sample_state.hpp"

#include <gtest/gtest.h>

namespace torg::matrix {
namespace {

/// One change of membership in the sample room, and the rule that refuses it; an empty rule: allowed.
struct Case {
  std::string_view sender;
  std::string_view target;
  std::string_view membership;
  std::string_view refused_by;
};

std::string short_id(std::string_view name) {
  bool const elsewhere = name == "peer" || name == "invited" || name == "knocking" || name == "left" ||
                         name == "banned" || name == "stranger";
  return "@" + std::string(name) + (elsewhere ? ":b.example" : ":a.example");
}

Event membership_event(std::string_view sender, std::string_view target) {
  Event event;
  event.type = "m.room.member";
  event.sender = short_id(sender);
  event.state_key = short_id(target);
  event.room_id = kSampleRoom;
  event.prev_events = {{"$other"}};
  return event;
}

std::string outcome(Event const& event, json::object const& content, AuthState const& state) {
  auto const result = authorise(event, content, state);
  if (result) return "";
  EXPECT_EQ(result.error().code, ErrorCode::forbidden);
  EXPECT_FALSE(result.error().message.empty());
  return result.error().detail.substr(std::string_view("authorisation rule ").size());
}

void check(SampleState const& state, std::initializer_list<Case> cases) {
  for (auto const& c : cases) {
    json::object content{{"membership", c.membership}};
    EXPECT_EQ(outcome(membership_event(c.sender, c.target), content, state), c.refused_by)
        << c.sender << " makes " << c.target << " " << c.membership;
  }
}

SampleState with_rule(std::string_view rule) {
  auto state = sample_state();
  state.rule = rule;
  return state;
}

TEST(Membership, NamesAreReadAndWritten) {
  for (auto const* name : {"invite", "join", "knock", "leave", "ban"})
    EXPECT_EQ(to_text(parse_membership(name)), name);
  EXPECT_EQ(parse_membership(""), Membership::none);
  EXPECT_EQ(parse_membership("Join"), Membership::none);
}

TEST(Membership, NeedsAStateKeyAndAKnownName) {
  auto const state = sample_state();
  auto event = membership_event("member", "member");
  EXPECT_EQ(outcome(event, {}, state), "5.1");
  EXPECT_EQ(outcome(event, {{"membership", 1}}, state), "5.1");
  EXPECT_EQ(outcome(event, {{"membership", "visit"}}, state), "5.8");
  event.state_key.reset();
  EXPECT_EQ(outcome(event, {{"membership", "join"}}, state), "5.1");
}

TEST(Membership, JoinIsOpenToTheCreatorRightAfterCreation) {
  SampleState state;  // the room has nothing but its m.room.create
  auto event = membership_event("creator", "creator");
  event.prev_events = {{"$" + std::string(kSampleRoom.substr(1))}};
  EXPECT_EQ(outcome(event, {{"membership", "join"}}, state), "");
  event.prev_events.push_back({"$other"});
  EXPECT_EQ(outcome(event, {{"membership", "join"}}, state), "5.3.4");
  auto other = membership_event("member", "member");
  other.prev_events = {{"$" + std::string(kSampleRoom.substr(1))}};
  EXPECT_EQ(outcome(other, {{"membership", "join"}}, state), "5.3.4");
}

TEST(Membership, JoinOfAPublicRoom) {
  check(with_rule("public"), {{"stranger", "stranger", "join", ""},
                              {"left", "left", "join", ""},
                              {"invited", "invited", "join", ""},
                              {"knocking", "knocking", "join", ""},
                              {"member", "member", "join", ""},
                              {"banned", "banned", "join", "5.3.3"},
                              {"creator", "stranger", "join", "5.3.2"}});
}

TEST(Membership, JoinByInvitation) {
  for (auto const* rule : {"invite", "knock"}) {
    check(with_rule(rule), {{"invited", "invited", "join", ""},
                            {"member", "member", "join", ""},
                            {"stranger", "stranger", "join", "5.3.4"},
                            {"left", "left", "join", "5.3.4"},
                            {"knocking", "knocking", "join", "5.3.4"},
                            {"banned", "banned", "join", "5.3.3"}});
  }
}

TEST(Membership, JoinOfAPrivateOrUnknownRule) {
  for (auto const* rule : {"private", "surprise"}) {
    check(with_rule(rule), {{"invited", "invited", "join", "5.3.7"}, {"member", "member", "join", "5.3.7"}});
  }
}

TEST(Membership, JoinOfARestrictedRoomNeedsAVoucherWhoMayInvite) {
  for (auto const* rule : {"restricted", "knock_restricted"}) {
    auto const state = with_rule(rule);
    check(state, {{"invited", "invited", "join", ""},
                  {"member", "member", "join", ""},
                  {"banned", "banned", "join", "5.3.3"},
                  {"stranger", "stranger", "join", "5.3.5.2"}});
    auto const joined_through = [&](std::string_view voucher) {
      return outcome(membership_event("stranger", "stranger"),
                     {{"membership", "join"}, {"join_authorised_via_users_server", voucher}}, state);
    };
    EXPECT_EQ(joined_through("@moderator:a.example"), "");
    EXPECT_EQ(joined_through("@creator:a.example"), "");
    EXPECT_EQ(joined_through("@member:a.example"), "5.3.5.2") << "may not invite";
    EXPECT_EQ(joined_through("@left:b.example"), "5.3.5.2") << "is not in the room";
    EXPECT_EQ(joined_through(""), "5.3.5.2");
  }
}

TEST(Membership, Invite) {
  check(sample_state(), {{"creator", "stranger", "invite", ""},
                         {"moderator", "stranger", "invite", ""},
                         {"moderator", "left", "invite", ""},
                         {"moderator", "invited", "invite", ""},
                         {"moderator", "knocking", "invite", ""},
                         {"moderator", "member", "invite", "5.4.3"},
                         {"moderator", "banned", "invite", "5.4.3"},
                         {"member", "stranger", "invite", "5.4.5"},
                         {"stranger", "left", "invite", "5.4.2"},
                         {"invited", "left", "invite", "5.4.2"}});
}

TEST(Membership, LeavingOneself) {
  check(sample_state(), {{"member", "member", "leave", ""},
                         {"creator", "creator", "leave", ""},
                         {"invited", "invited", "leave", ""},
                         {"knocking", "knocking", "leave", ""},
                         {"left", "left", "leave", "5.5.1"},
                         {"banned", "banned", "leave", "5.5.1"},
                         {"stranger", "stranger", "leave", "5.5.1"}});
}

TEST(Membership, KickAndUnban) {
  check(sample_state(), {{"moderator", "member", "leave", ""},
                         {"moderator", "invited", "leave", ""},
                         {"moderator", "knocking", "leave", ""},
                         {"admin", "moderator", "leave", ""},
                         {"creator", "admin", "leave", ""},
                         {"moderator", "peer", "leave", "5.5.5"},
                         {"moderator", "admin", "leave", "5.5.5"},
                         {"admin", "creator", "leave", "5.5.5"},
                         {"member", "invited", "leave", "5.5.5"},
                         {"left", "member", "leave", "5.5.2"},
                         {"admin", "banned", "leave", ""},
                         {"moderator", "banned", "leave", "5.5.3"}});
}

TEST(Membership, NoCreatorRemovesAnother) {
  auto state = sample_state();
  state.creators.insert("@admin:a.example");
  check(state, {{"creator", "admin", "leave", "5.5.5"}, {"admin", "creator", "ban", "5.6.3"}});
}

TEST(Membership, Ban) {
  check(sample_state(), {{"admin", "member", "ban", ""},
                         {"admin", "stranger", "ban", ""},
                         {"admin", "banned", "ban", ""},
                         {"admin", "moderator", "ban", ""},
                         {"creator", "admin", "ban", ""},
                         {"moderator", "member", "ban", "5.6.3"},
                         {"admin", "creator", "ban", "5.6.3"},
                         {"admin", "admin", "ban", "5.6.3"},
                         {"left", "member", "ban", "5.6.1"}});
}

TEST(Membership, Knock) {
  for (auto const* rule : {"knock", "knock_restricted"}) {
    check(with_rule(rule), {{"stranger", "stranger", "knock", ""},
                            {"left", "left", "knock", ""},
                            {"knocking", "knocking", "knock", ""},
                            {"banned", "banned", "knock", "5.7.4"},
                            {"invited", "invited", "knock", "5.7.4"},
                            {"member", "member", "knock", "5.7.4"},
                            {"member", "stranger", "knock", "5.7.2"}});
  }
  for (auto const* rule : {"public", "invite", "restricted", "private"}) {
    check(with_rule(rule), {{"stranger", "stranger", "knock", "5.7.1"}});
  }
}

class ThirdPartyInvite : public ::testing::Test {
 protected:
  ThirdPartyInvite() {
    state.invites["token"] = {{"public_key", encoded(key.public_key())}, {"display_name", "a...@b.example"}};
    state.invites_sender = "@moderator:a.example";
  }

  template <class Bytes>
  static std::string encoded(Bytes const& bytes) {
    return base64_encode({reinterpret_cast<char const*>(bytes.data()), bytes.size()}, Base64::standard);
  }
  static crypto::SigningKey make_key(unsigned char first) {
    std::array<unsigned char, 32> seed{};
    seed[0] = first;
    return crypto::SigningKey::from_seed(seed);
  }
  /// A membership content whose signed part says `mxid` and `token`, signed as it stands.
  [[nodiscard]] json::object content(std::string_view mxid, std::string_view token) const {
    std::string const text =
        R"({"mxid":")" + std::string(mxid) + R"(","token":")" + std::string(token) + R"("})";
    auto proof = parse_json_object(text).value();
    proof["signatures"] = {{"id.example", {{"ed25519:0", encoded(key.sign(text))}}}};
    return {{"membership", "invite"}, {"third_party_invite", {{"display_name", "a"}, {"signed", proof}}}};
  }
  [[nodiscard]] std::string result(json::object const& content, std::string_view sender = "moderator",
                                   std::string_view target = "stranger") const {
    return outcome(membership_event(sender, target), content, state);
  }

  SampleState state = sample_state();
  crypto::SigningKey key = make_key(1);
};

TEST_F(ThirdPartyInvite, IsAcceptedWithTheRightSignature) {
  EXPECT_EQ(result(content("@stranger:b.example", "token")), "");
}

TEST_F(ThirdPartyInvite, IsAcceptedWithAKeyFromTheList) {
  state.invites["token"] = {
      {"public_key", encoded(make_key(2).public_key())},
      {"public_keys", {{{"public_key", "nonsense"}}, {{"public_key", encoded(key.public_key())}}}}};
  EXPECT_EQ(result(content("@stranger:b.example", "token")), "");
}

TEST_F(ThirdPartyInvite, IsRefusedWithoutAnyOfItsParts) {
  auto const signed_by = [](json::value part) {
    return json::object{{"membership", "invite"}, {"third_party_invite", std::move(part)}};
  };
  EXPECT_EQ(result(signed_by("text")), "5.4.1.2");
  EXPECT_EQ(result(signed_by(json::object{{"display_name", "a"}})), "5.4.1.2");
  EXPECT_EQ(result(signed_by({{"signed", {{"mxid", "@stranger:b.example"}}}})), "5.4.1.3");
  EXPECT_EQ(result(signed_by({{"signed", {{"mxid", "@stranger:b.example"}, {"token", "token"}}}})),
            "5.4.1.8");
}

TEST_F(ThirdPartyInvite, IsRefusedForAnotherPersonTokenOrSender) {
  EXPECT_EQ(result(content("@left:b.example", "token")), "5.4.1.4");
  EXPECT_EQ(result(content("@stranger:b.example", "other")), "5.4.1.5");
  EXPECT_EQ(result(content("@stranger:b.example", "token"), "admin"), "5.4.1.6");
  EXPECT_EQ(result(content("@banned:b.example", "token"), "moderator", "banned"), "5.4.1.1");
}

TEST_F(ThirdPartyInvite, IsRefusedWhenAnotherKeySigned) {
  state.invites["token"] = {{"public_key", encoded(make_key(2).public_key())}};
  EXPECT_EQ(result(content("@stranger:b.example", "token")), "5.4.1.8");
}

TEST_F(ThirdPartyInvite, IsRefusedWhenChangedAfterSigning) {
  auto changed = content("@stranger:b.example", "token");
  changed["third_party_invite"].as_object()["signed"].as_object()["more"] = 1;
  EXPECT_EQ(result(changed), "5.4.1.8");
}

}  // namespace
}  // namespace torg::matrix
