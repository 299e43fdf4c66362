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
}

TEST(Config, TheExampleNamesEveryKeyAndCanBeRead) {
  db::TemporaryFolder const folder;
  std::ofstream(folder.path() / "torg.toml") << example();
  Config config;
  EXPECT_TRUE(config.load(folder.path() / "torg.toml"));
  for (auto const& key : all_keys()) EXPECT_NE(example().find(key.name), std::string::npos);
}

}  // namespace
}  // namespace torg::app
