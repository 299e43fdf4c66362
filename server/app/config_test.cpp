#include "app/config.hpp"

#include "db/testing/temporary_folder.hpp"

#include <fstream>

#include <gtest/gtest.h>

namespace torg::app {
namespace {

TEST(Config, ASettingWinsOverTheFile) {
  db::TemporaryFolder const folder;
  std::ofstream(folder.path() / "torg.toml") << "server_name = \"alvhamn.example\"\nconnections = 7\n";
  Config config;
  ASSERT_TRUE(config.load(folder.path() / "torg.toml"));
  ASSERT_TRUE(config.set("server_name=other.example"));
  EXPECT_EQ(config.text("server_name"), "other.example");
  EXPECT_EQ(config.number("connections"), 7);
}

TEST(Config, SaysWhichLineHoldsAnUnknownKey) {
  db::TemporaryFolder const folder;
  std::ofstream(folder.path() / "torg.toml") << "server_name = \"a\"\nservername = \"b\"\n";
  Config config;
  auto const loaded = config.load(folder.path() / "torg.toml");
  ASSERT_FALSE(loaded);
  EXPECT_NE(loaded.error().message.find(":2: there is no setting 'servername'"), std::string::npos)
      << loaded.error().message;
}

TEST(Config, RefusesAValueOfTheWrongKind) {
  Config config;
  EXPECT_FALSE(config.set("rate_limits=perhaps"));
  EXPECT_FALSE(config.set("connections=-1"));
  EXPECT_FALSE(config.set("connections=many"));
  EXPECT_FALSE(config.set("connections"));
  EXPECT_FALSE(config.set("default_room_version=13"));
  EXPECT_TRUE(config.set("default_room_version=10"));
}

TEST(Config, ReadsRatesFromATableAndSwitchesThemOffTogether) {
  db::TemporaryFolder const folder;
  std::ofstream(folder.path() / "torg.toml") << "[rate_limits]\nmessages = \"7 then 2/s\"\nrooms = \"off\"\n";
  Config config;
  ASSERT_TRUE(config.load(folder.path() / "torg.toml"));
  EXPECT_EQ(config.rate("rate_limits.messages"), (net::Rate{7, std::chrono::milliseconds{500}}));
  EXPECT_EQ(config.rate("rate_limits.rooms"), net::Rate{});
  EXPECT_NE(config.rate("rate_limits.logins"), net::Rate{}) << "as it is by default";
  ASSERT_TRUE(config.set("rate_limits=off"));
  EXPECT_EQ(config.rate("rate_limits.messages"), net::Rate{});
  EXPECT_FALSE(config.set("rate_limits.messages=often"));
  EXPECT_FALSE(config.set("rate_limits.nonsense=1 then 1/s"));
}

TEST(Config, ReadsListsFromArraysAndTexts) {
  db::TemporaryFolder const folder;
  std::ofstream(folder.path() / "torg.toml") << "trust_proxies = [\"127.0.0.1\", \"::1\"]\n";
  Config config;
  EXPECT_TRUE(config.list("trust_proxies").empty());
  ASSERT_TRUE(config.load(folder.path() / "torg.toml"));
  EXPECT_EQ(config.list("trust_proxies"), (std::vector<std::string>{"127.0.0.1", "::1"}));
  ASSERT_TRUE(config.set("trust_proxies=192.0.2.1"));
  EXPECT_EQ(config.list("trust_proxies"), std::vector<std::string>{"192.0.2.1"});
}

TEST(Config, TheExampleNamesEveryKeyAndCanBeRead) {
  db::TemporaryFolder const folder;
  std::ofstream(folder.path() / "torg.toml") << example();
  Config config;
  EXPECT_TRUE(config.load(folder.path() / "torg.toml"));
  for (auto const& key : all_keys())
    EXPECT_NE(example().find(key.name.substr(key.name.find('.') + 1)), std::string::npos);
}

TEST(Config, TheExampleCanBeReadWithEveryLineInUse) {
  db::TemporaryFolder const folder;
  auto text = example();
  text.erase(0, text.find('\n'));
  // The switch and the table are one name: a file has the one or the other.
  auto const line = text.find("# rate_limits = ");
  text.erase(line, text.find('\n', line) - line);
  std::string in_use;
  for (std::size_t at = 0; at < text.size();) {
    auto const end = std::min(text.find('\n', at), text.size());
    auto const entry = text.substr(at, end - at);
    if (entry.contains(" = ") || entry.starts_with("# [")) in_use += entry.substr(2) + '\n';
    at = end + 1;
  }
  std::ofstream(folder.path() / "torg.toml") << in_use;
  Config config;
  auto const loaded = config.load(folder.path() / "torg.toml");
  EXPECT_TRUE(loaded) << loaded.error().message;
  for (auto const& key : all_keys()) EXPECT_EQ(config.text(key.name), key.fallback) << key.name;
}

}  // namespace
}  // namespace torg::app
