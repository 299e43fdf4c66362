#include "identity/testing.hpp"
#include "runtime/task_group.hpp"

namespace torg::identity {
namespace {

using ::testing::ElementsAre;

class UsersTest : public IdentityTest {};
INSTANTIATE_TEST_SUITE_P(Db, UsersTest, db::both_databases(), db::database_name);

TEST_P(UsersTest, GivesEachUserIdOneNumberForGood) {
  auto const first = run(runtime, identity->intern("@a:other.example")).value();
  auto const second = run(runtime, identity->intern("@b:other.example")).value();
  EXPECT_NE(first, second);
  EXPECT_EQ(run(runtime, identity->intern("@a:other.example")).value(), first);
  EXPECT_EQ(identity->find("@a:other.example"), first);
  EXPECT_EQ(identity->user_id(second), "@b:other.example");
  restart();
  EXPECT_EQ(identity->find("@a:other.example"), first);
  EXPECT_EQ(identity->find("@b:other.example"), second);
  EXPECT_EQ(identity->find("@c:other.example"), UserNid());
}

TEST_P(UsersTest, InternsTheSameIdOnceWhenAskedTwiceAtOnce) {
  auto const both = [](Identity& who) -> Task<bool> {
    auto const intern = [](Identity& at, Result<UserNid>& user) -> Task<> {
      user = co_await at.intern("@a:other.example");
    };
    Result<UserNid> first;
    TaskGroup other(who.runtime());
    other.spawn("first", intern(who, first));
    auto const second = co_await who.intern("@a:other.example");
    co_await other.join();
    co_return first.value() == second.value();
  };
  EXPECT_TRUE(run(runtime, both(*identity)));
}

TEST_P(UsersTest, RefusesWhatIsNoUserId) {
  for (auto const* bad : {"", "anna", "@anna", "!room:torg.example"}) {
    auto const refused = run(runtime, identity->intern(bad));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::invalid_param);
  }
}

TEST_P(UsersTest, KnowsItsOwnFromRemoteUsers) {
  auto const local = make_user("anna");
  auto const remote = run(runtime, identity->intern("@bo:other.example")).value();
  EXPECT_NE(identity->account(local), nullptr);
  EXPECT_EQ(identity->account(remote), nullptr);
  EXPECT_TRUE(identity->is_local("@anna:torg.example"));
  EXPECT_FALSE(identity->is_local("@anna:torg.example:8448"));
  EXPECT_FALSE(identity->is_local("@bo:other.example"));
}

TEST_P(UsersTest, MakesAccountsWithStrictNamesOnly) {
  make_user("anna.b_c=d-e/f+9");
  for (auto const* bad : {"", "anna b", "anna:b", "ä"}) {
    auto const refused =
        run(runtime, identity->create_user({.localpart = bad, .password = "x", .displayname = {}}));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::invalid_username);
  }
}

TEST_P(UsersTest, NeverGivesANameTwice) {
  auto const user = make_user("anna");
  auto const again = [&](char const* name = "anna") {
    return run(runtime, identity->create_user({.localpart = name, .password = "x", .displayname = {}}))
        .error()
        .code;
  };
  EXPECT_EQ(again(), ErrorCode::user_in_use);
  EXPECT_EQ(again("Anna"), ErrorCode::user_in_use) << "capitals are the same letters";
  ASSERT_TRUE(run(runtime, identity->accounts().deactivate(user)));
  EXPECT_EQ(again(), ErrorCode::user_in_use);
  restart();
  EXPECT_EQ(again(), ErrorCode::user_in_use);
}

TEST_P(UsersTest, KeepsProfilesOverARestart) {
  auto const user = make_user("anna");
  ASSERT_TRUE(run(runtime, identity->users().set_profile_field(user, ProfileField::displayname, "Anna Å")));
  ASSERT_TRUE(run(runtime, identity->users().set_profile_field(user, ProfileField::avatar_url, "mxc://a/b")));
  restart();
  EXPECT_EQ(identity->account(user)->profile.displayname, "Anna Å");
  EXPECT_EQ(identity->account(user)->profile.avatar_url, "mxc://a/b");
}

TEST_P(UsersTest, ChecksPasswords) {
  auto const user = make_user("anna", "right");
  auto const check = [&](std::string name, std::string password) {
    return run(runtime, identity->accounts().check_password(std::move(name), std::move(password)));
  };
  EXPECT_EQ(check("anna", "right").value(), user);
  EXPECT_EQ(check("@anna:torg.example", "right").value(), user);
  EXPECT_EQ(check("anna", "wrong").error().code, ErrorCode::forbidden);
  EXPECT_EQ(check("anna", "").error().code, ErrorCode::forbidden);
  EXPECT_EQ(check("nobody", "right").error().code, ErrorCode::forbidden);
  EXPECT_EQ(check("@anna:other.example", "right").error().code, ErrorCode::forbidden);
}

TEST_P(UsersTest, LetsNobodyIntoAnAccountWithoutPassword) {
  make_user("service", "");
  for (auto const* password : {"", "anything", "nobody has this password"}) {
    EXPECT_FALSE(run(runtime, identity->accounts().check_password("service", password)));
  }
}

TEST_P(UsersTest, EndsAnAccountForGood) {
  auto const user = make_user("anna", "right");
  auto const grant = log_in(user);
  ASSERT_TRUE(run(runtime, identity->accounts().deactivate(user)));
  EXPECT_FALSE(identity->authenticate(request_with(grant.access_token)));
  EXPECT_EQ(run(runtime, identity->accounts().check_password("anna", "right")).error().code,
            ErrorCode::forbidden);
  auto const reopened =
      run(runtime, identity->sessions().open({.user = user, .device_id = {}, .display_name = {}}));
  EXPECT_EQ(reopened.error().code, ErrorCode::user_deactivated);
  restart();
  EXPECT_FALSE(identity->account(user)->active);
}

TEST_P(UsersTest, FindsPeopleByPartsOfTheirNames) {
  auto const anna = make_user("anna");
  auto const bo = make_user("bo");
  ASSERT_TRUE(
      run(runtime, identity->users().set_profile_field(bo, ProfileField::displayname, "Bo Annasson")));
  EXPECT_THAT(identity->users().search("ANNA", 10), ElementsAre(anna, bo));
  EXPECT_THAT(identity->users().search("anna", 1), ElementsAre(anna));
  EXPECT_THAT(identity->users().search("annasson", 10), ElementsAre(bo));
  ASSERT_TRUE(run(runtime, identity->accounts().deactivate(anna)));
  EXPECT_THAT(identity->users().search("anna", 10), ElementsAre(bo));
}

}  // namespace
}  // namespace torg::identity
