#include "identity/profile_fields.hpp"

#include "identity/testing.hpp"

namespace torg::identity {
namespace {

class ProfileFieldsTest : public HttpTest {
 protected:
  static std::string path(std::string_view key) {
    return "/_matrix/client/v3/profile/@anna:torg.example/" + std::string(key);
  }
  Reply set(std::string_view key, std::string_view value) {
    return put(path(key), token, R"({")" + std::string(key) + R"(":)" + std::string(value) + '}');
  }
  Reply remove(std::string_view key) { return call(net::Method::delete_, path(key), token); }
  std::string show(std::string_view key) { return json::serialize(get(path(key), token).body); }
  std::string profile() {
    return json::serialize(get("/_matrix/client/v3/profile/@anna:torg.example", token).body);
  }
};
INSTANTIATE_TEST_SUITE_P(Db, ProfileFieldsTest, db::both_databases(), db::database_name);

TEST_P(ProfileFieldsTest, HoldAnyJsonUnderANameOfOnesOwnOverARestart) {
  EXPECT_EQ(get(path("org.example.languages"), token).errcode(), "M_NOT_FOUND");
  EXPECT_EQ(set("org.example.languages", R"(["sv",{"en":1.5},null])").status, 200U);
  EXPECT_EQ(set("org.example.nothing", "null").status, 200U);
  EXPECT_EQ(set("m.tz", R"("Europe/Stockholm")").status, 200U);
  EXPECT_EQ(set("displayname", R"("Anna")").status, 200U);
  EXPECT_EQ(set("m.tz", R"("Europe/Berlin")").status, 200U);
  restart();
  EXPECT_EQ(show("m.tz"), R"({"m.tz":"Europe/Berlin"})");
  EXPECT_EQ(show("org.example.nothing"), R"({"org.example.nothing":null})");
  EXPECT_EQ(object(profile()),
            object(R"({"displayname":"Anna","m.tz":"Europe/Berlin","org.example.languages":)"
                   R"(["sv",{"en":1.5},null],"org.example.nothing":null})"));
}

TEST_P(ProfileFieldsTest, AreTakenAwayOneByOne) {
  std::vector<UserNid> told;
  identity->on_profile_change = [&](UserNid user) -> Task<> {
    told.push_back(user);
    co_return;
  };
  EXPECT_EQ(set("m.tz", R"("Europe/Stockholm")").status, 200U);
  EXPECT_EQ(remove("m.tz").status, 200U);
  EXPECT_EQ(remove("m.tz").status, 200U) << "it doesn't exist any more";
  EXPECT_EQ(get(path("m.tz"), token).errcode(), "M_NOT_FOUND");
  EXPECT_TRUE(told.empty()) << "rooms hear of names and pictures only";
  EXPECT_EQ(set("displayname", R"("Anna")").status, 200U);
  EXPECT_EQ(remove("displayname").status, 200U);
  EXPECT_EQ(told.size(), 2U);
  EXPECT_EQ(get(path("displayname"), token).errcode(), "M_NOT_FOUND");
  EXPECT_EQ(profile(), "{}");
}

TEST_P(ProfileFieldsTest, HaveNamesOfTheCommonGrammar) {
  for (auto const* name :
       {"pronouns", "org.Example", "org..example", "org.example.", ".org", "1.two", "a.%C3%A5"})
    EXPECT_EQ(put(path(name), token, "{}").errcode(), "M_INVALID_PARAM") << name;
  EXPECT_EQ(remove("pronouns").errcode(), "M_INVALID_PARAM");
  std::string const longest = "a." + std::string(kLongestProfileKey - 2, 'b');
  EXPECT_EQ(set(longest, "1").status, 200U);
  EXPECT_EQ(set(longest + "b", "1").errcode(), "M_KEY_TOO_LARGE");
  EXPECT_EQ(remove(longest + "b").errcode(), "M_KEY_TOO_LARGE");
}

TEST_P(ProfileFieldsTest, StandInABodyOfTheirName) {
  EXPECT_EQ(put(path("m.tz"), token, R"({"tz":"Europe/Oslo"})").errcode(), "M_MISSING_PARAM");
  EXPECT_EQ(put(path("m.tz"), token, "[]").errcode(), "M_BAD_JSON");
  EXPECT_EQ(set("m.tz", "1").errcode(), "M_INVALID_PARAM");
  EXPECT_EQ(set("displayname", "1").errcode(), "M_INVALID_PARAM");
}

TEST_P(ProfileFieldsTest, TakeNoMoreThan64KiBTogether) {
  auto const text = [](std::size_t bytes) { return '"' + std::string(bytes, 'x') + '"'; };
  // {"org.example.a":"…"} is 20 bytes and the text.
  EXPECT_EQ(set("org.example.a", text(kLargestProfile - 20)).status, 200U);
  EXPECT_EQ(set("org.example.a", text(kLargestProfile - 19)).errcode(), "M_PROFILE_TOO_LARGE");
  EXPECT_EQ(set("org.example.b", "1").errcode(), "M_PROFILE_TOO_LARGE");
  EXPECT_EQ(set("displayname", R"("Anna")").errcode(), "M_PROFILE_TOO_LARGE");
  EXPECT_EQ(get(path("displayname"), token).errcode(), "M_NOT_FOUND");
  EXPECT_EQ(set("org.example.a", text(10)).status, 200U);
  EXPECT_EQ(set("displayname", R"("Anna")").status, 200U);
  EXPECT_EQ(set("org.example.b", text(200'000)).errcode(), "M_PROFILE_TOO_LARGE");
}

TEST_P(ProfileFieldsTest, AreOnesOwn) {
  make_user("bo");
  EXPECT_EQ(put("/_matrix/client/v3/profile/@bo:torg.example/m.tz", token, R"({"m.tz":"x"})").errcode(),
            "M_FORBIDDEN");
  EXPECT_EQ(call(net::Method::delete_, "/_matrix/client/v3/profile/@bo:torg.example/m.tz", token).errcode(),
            "M_FORBIDDEN");
  EXPECT_EQ(get(path("m.tz")).errcode(), "M_MISSING_TOKEN");
  ASSERT_TRUE(run(runtime, identity->users().restrict(anna, Restriction::suspended, Restricted::yes)));
  EXPECT_EQ(set("m.tz", R"("Europe/Oslo")").errcode(), "M_USER_SUSPENDED");
  EXPECT_EQ(remove("m.tz").errcode(), "M_USER_SUSPENDED");
}

TEST_P(ProfileFieldsTest, EndWithTheAccount) {
  EXPECT_EQ(set("m.tz", R"("Europe/Oslo")").status, 200U);
  ASSERT_TRUE(run(runtime, identity->accounts().deactivate(anna)));
  EXPECT_EQ(run(runtime, identity->profile_fields().all(anna)).value(), json::object());
  EXPECT_EQ(run(runtime, identity->profile_fields().put(anna, "m.tz", "x")).error().code,
            ErrorCode::not_found);
}

TEST_P(ProfileFieldsTest, AreAnnounced) {
  auto const capabilities = get("/_matrix/client/v3/capabilities", token).body;
  EXPECT_EQ(json::serialize(capabilities.at("capabilities").at("m.profile_fields")), R"({"enabled":true})");
}

}  // namespace
}  // namespace torg::identity
