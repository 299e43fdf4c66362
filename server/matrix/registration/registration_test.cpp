#include "matrix/registration/registration.hpp"

#include "db/testing/temporary_folder.hpp"

#include <fstream>

#include <gmock/gmock.h>

namespace torg::matrix {
namespace {

using testing::HasSubstr;

constexpr std::string_view kBridge = R"(
id: "irc"
url: "http://127.0.0.1:9000/"
as_token: as-secret
hs_token: hs-secret
sender_localpart: _irc_bot
rate_limited: false
de.sorunome.msc2409.push_ephemeral: true
protocols: [irc]
namespaces:
  users:
    - {exclusive: true, regex: "@_irc_.*"}
    - {exclusive: false, regex: "^@guest-[0-9]+:test\\.example$"}
  aliases:
    - {exclusive: true, regex: "#_irc_.*"}
  rooms: []
)";

Result<Registration> parse(std::string_view text) {
  return parse_registration(std::string(text), "test.example");
}

std::string replaced(std::string_view what, std::string_view by) {
  std::string text(kBridge);
  return text.replace(text.find(what), what.size(), by);
}

TEST(Registration, SaysWhatAServiceIsAndOwns) {
  auto const irc = parse(kBridge);
  ASSERT_TRUE(irc) << irc.error().message;
  EXPECT_EQ(irc->url, "http://127.0.0.1:9000");
  EXPECT_EQ(irc->sender, "@_irc_bot:test.example");
  EXPECT_FALSE(irc->rate_limited);
  EXPECT_TRUE(irc->receive_ephemeral);
  EXPECT_EQ(irc->protocols, std::vector<std::string>{"irc"});
  EXPECT_TRUE(irc->owns_user("@_irc_bot:test.example"));
  EXPECT_TRUE(irc->owns_user("@_irc_anna:test.example"));
  EXPECT_TRUE(irc->owns_user("@guest-7:test.example"));
  EXPECT_FALSE(irc->owns_user("@guest-x:test.example"));
  EXPECT_FALSE(irc->owns_user("@x_irc_anna:test.example")) << "a pattern says how an id begins";
  EXPECT_FALSE(irc->owns_user("@_irc_anna:other.example")) << "only users of this server";
  EXPECT_TRUE(irc->owns_alias("#_irc_torg:test.example"));
}

TEST(Registration, KnowsWhatAServiceHasToItself) {
  Registrations all;
  ASSERT_TRUE(all.add(*parse(kBridge)));
  auto const* irc = &all.all().front();
  EXPECT_EQ(all.exclusive_user("@_irc_anna:test.example", nullptr), irc);
  EXPECT_EQ(all.exclusive_user("@_irc_anna:test.example", irc), nullptr);
  EXPECT_EQ(all.exclusive_user("@_irc_bot:test.example", nullptr), irc);
  EXPECT_EQ(all.exclusive_user("@guest-7:test.example", nullptr), nullptr);
  EXPECT_EQ(all.exclusive_alias("#_irc_x:test.example", nullptr), irc);
  EXPECT_EQ(all.by_token(crypto::sha256("as-secret")), irc);
  EXPECT_EQ(all.by_token(crypto::sha256("hs-secret")), nullptr);
}

TEST(Registration, ANullUrlMeansThatNothingIsSent) {
  EXPECT_EQ(parse(replaced("\"http://127.0.0.1:9000/\"", "null"))->url, std::nullopt);
  EXPECT_EQ(parse(replaced("\"http://127.0.0.1:9000/\"", "''"))->url, std::nullopt);
}

TEST(Registration, SaysWhatIsWrongWithAFile) {
  auto const message = [](std::string_view text) {
    auto const parsed = parse(text);
    return parsed ? std::string("it is accepted") : parsed.error().message;
  };
  EXPECT_THAT(message(replaced("hs_token: hs-secret", "")), HasSubstr("'hs_token' is missing"));
  EXPECT_THAT(message(replaced("hs-secret", "[a, b]")), HasSubstr("line 5: 'hs_token' must be a text"));
  EXPECT_THAT(message(replaced("\"http://127.0.0.1:9000/\"", "ftp://x")), HasSubstr("line 3: 'url' must"));
  EXPECT_THAT(message(replaced("@_irc_.*", "@_irc_(")), HasSubstr("line 12: the regex '@_irc_(' can't"));
  EXPECT_THAT(message(replaced("@_irc_.*", "@(?!x).*")), HasSubstr("can't be used"));
  EXPECT_THAT(message(replaced("@_irc_.*", "(((x{1000}){1000}){1000})")), HasSubstr("can't be used"));
  EXPECT_THAT(message(replaced("rate_limited: false", "rate_limited: sometimes")),
              HasSubstr("true or false"));
  EXPECT_THAT(message(replaced("_irc_bot", "'sp ace'")), HasSubstr("can't be used"));
  EXPECT_THAT(message("id: [unclosed"), HasSubstr("line "));
  EXPECT_THAT(message("just words"), HasSubstr("no registration"));
  EXPECT_THAT(message(""), HasSubstr("no registration"));
  EXPECT_THAT(message(std::string(100'000, '[')), HasSubstr("line "));
}

TEST(Registration, ReadsFilesAndFoldersAndNamesTheFileThatIsWrong) {
  db::TemporaryFolder const folder;
  auto const write = [&](std::string const& name, std::string_view text) {
    std::ofstream(folder.path() / name) << text;
    return (folder.path() / name).string();
  };
  auto const first = write("a.yaml", kBridge);
  write("notes.txt", "not read");
  auto const load = [](std::vector<std::string> const& paths) {
    return Registrations::load(paths, "test.example");
  };
  auto const one = load({folder.path().string()});
  ASSERT_TRUE(one) << one.error().message;
  EXPECT_EQ(one->all().size(), 1U);
  EXPECT_EQ(one->by_token(crypto::sha256("as-secret"))->id, "irc") << "it may have been moved";
  write("b.yml", kBridge);
  EXPECT_THAT(load({folder.path().string()}).error().message,
              HasSubstr("b.yml: the application service 'irc'"));
  EXPECT_THAT(load({first, (folder.path() / "c.yaml").string()}).error().message, HasSubstr("c.yaml"));
}

}  // namespace
}  // namespace torg::matrix
