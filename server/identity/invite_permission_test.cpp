#include "identity/invite_permission.hpp"

#include <gtest/gtest.h>

namespace torg::identity {
namespace {

using enum InviteVerdict;

InviteVerdict verdict(std::string_view config, std::string_view inviter) {
  return InvitePermission::parse(config).verdict(inviter);
}

TEST(InvitePermission, SaysNothingOfWhatItDoesNotUnderstand) {
  for (auto const* config : {"{}", "no json", R"({"default_action":"allow"})", R"({"blocked_users":null})",
                             R"({"blocked_users":[1,{}],"blocked_servers":"x"})"}) {
    EXPECT_EQ(verdict(config, "@a:x"), allow) << config;
    EXPECT_TRUE(InvitePermission::parse(config).is_open()) << config;
  }
}

TEST(InvitePermission, MayRefuseEverybodyButSome) {
  auto const* config = R"({"default_action":"block","allowed_users":["@a:x"],"allowed_servers":["*.y"]})";
  EXPECT_EQ(verdict(config, "@a:x"), allow);
  EXPECT_EQ(verdict(config, "@b:x"), block);
  EXPECT_EQ(verdict(config, "@b:z.y"), allow);
}

TEST(InvitePermission, AsksForPeopleBeforeServersAndAllowsBeforeItRefuses) {
  auto const* config = R"({"allowed_users":["@a:*"],"ignored_users":["@a:*","@b:*"],
    "blocked_users":["@b:*","@c:*"],"allowed_servers":["x"],"ignored_servers":["y"],"blocked_servers":["*"]})";
  EXPECT_EQ(verdict(config, "@a:z"), allow);
  EXPECT_EQ(verdict(config, "@b:x"), ignore);
  EXPECT_EQ(verdict(config, "@c:x"), block);
  EXPECT_EQ(verdict(config, "@d:x"), allow);
  EXPECT_EQ(verdict(config, "@d:y"), ignore);
  EXPECT_EQ(verdict(config, "@d:z"), block);
}

}  // namespace
}  // namespace torg::identity
