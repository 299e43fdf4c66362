#include "base/identifiers.hpp"

#include <string>

#include <gtest/gtest.h>

namespace torg {
namespace {

using namespace std::string_literals;

TEST(Identifiers, KnowServerNames) {
  for (auto const* good :
       {"torg.example", "localhost:8008", "1.2.3.4", "[::1]", "[2001:db8::1]:8448", "A-b.c"}) {
    EXPECT_TRUE(is_valid_server_name(good)) << good;
  }
  for (auto const* bad :
       {"", ":80", "a:", "a:123456", "a:8o", "a_b", "å.se", "[::1", "[]", "[::1]x", "a b", "a/b"}) {
    EXPECT_FALSE(is_valid_server_name(bad)) << bad;
  }
}

TEST(Identifiers, KnowUserIdsOfTheHistoricalGrammar) {
  for (auto const* good :
       {"@anna:torg.example", "@Anna Å:torg.example", "@:torg.example", "@a:localhost:8008"}) {
    EXPECT_TRUE(is_valid_user_id(good)) << good;
  }
  for (auto const* bad :
       {"", "@", "anna:torg.example", "@anna", "@anna:", "@anna:b c", "!anna:torg.example"}) {
    EXPECT_FALSE(is_valid_user_id(bad)) << bad;
  }
  EXPECT_FALSE(is_valid_user_id("@a\0b:torg.example"s));
  EXPECT_FALSE(is_valid_user_id("@\xff:torg.example"));
}

TEST(Identifiers, LimitUserIdsTo255Bytes) {
  std::string const server = ":torg.example";
  EXPECT_TRUE(is_valid_user_id("@" + std::string(254 - server.size(), 'a') + server));
  EXPECT_FALSE(is_valid_user_id("@" + std::string(255 - server.size(), 'a') + server));
}

TEST(Identifiers, AreStricterForNewLocalparts) {
  EXPECT_TRUE(is_valid_new_localpart("anna.b_c=d-e/f+9"));
  for (auto const* bad : {"", "Anna", "a b", "a:b", "ä", "a@b"})
    EXPECT_FALSE(is_valid_new_localpart(bad)) << bad;
}

TEST(Identifiers, SplitAtTheFirstColon) {
  EXPECT_EQ(server_of("@a:localhost:8008"), "localhost:8008");
  EXPECT_EQ(localpart_of("@a:localhost:8008"), "a");
  EXPECT_EQ(server_of("!hash"), "");
  EXPECT_EQ(localpart_of("!hash"), "hash");
  EXPECT_EQ(localpart_of(""), "");
}

TEST(Identifiers, TellAnAliasFromOtherIds) {
  EXPECT_TRUE(is_valid_room_alias("#vallen:torg.example"));
  EXPECT_TRUE(is_valid_room_alias("#Älvdalen utskott:torg.example:8448"));
  for (auto const* bad : {"", "#", "#vallen", "%vallen:torg.example", "@vallen:torg.example",
                          "#vallen:", "#vallen:torg example"}) {
    EXPECT_FALSE(is_valid_room_alias(bad)) << bad;
  }
  EXPECT_FALSE(is_valid_room_alias("#" + std::string(255, 'a') + ":torg.example"));
}

}  // namespace
}  // namespace torg
