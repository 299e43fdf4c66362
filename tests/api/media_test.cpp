// Files as administrators meet them, in a whole server.
#include "testing/test_server.hpp"

namespace torg::testing {
namespace {

using matrix::MediaAdministration;

class MediaOfAServer : public ::testing::TestWithParam<db::Database::Kind> {
 protected:
  void SetUp() override {
    token = server.sign_up("anna");
    anna = server.app().identity().find(TestServer::user_id("anna"));
  }
  std::string put(std::string bytes, std::string name = "a.txt") {
    return server
        .run(server.app().media().upload_bytes(anna, std::move(bytes), "text/plain", std::move(name)))
        .value();
  }
  unsigned download(std::string const& mxc) {
    return server.get("/_matrix/client/v1/media/download/" + mxc.substr(6), token).status;
  }
  MediaAdministration& administration() { return server.app().media_administration(); }
  std::size_t blobs_on_disk() {
    std::size_t count = 0;
    for (auto const& entry : std::filesystem::recursive_directory_iterator(server.folder() / "blobs"))
      if (entry.is_regular_file()) ++count;
    return count;
  }
  std::string room_showing(std::string const& mxc) {
    auto const room = server.post("/_matrix/client/v3/createRoom", token, json::object()).text("/room_id");
    server.put("/_matrix/client/v3/rooms/" + in_path(room) + "/send/m.room.message/1", token,
               {{"msgtype", "m.file"}, {"body", "a.txt"}, {"url", mxc}});
    return room;
  }

  TestServer server{GetParam()};
  std::string token;
  UserNid anna;
};
INSTANTIATE_TEST_SUITE_P(Db, MediaOfAServer, db::both_databases(), db::database_name);

TEST_P(MediaOfAServer, IsGoneForEverybodyWhileItIsQuarantined) {
  auto const mxc = put("bad"), copy = put("bad"), other = put("good");
  ASSERT_TRUE(server.run(administration().quarantine(mxc, anna, "reported")));
  EXPECT_EQ(download(mxc), 404U);
  EXPECT_EQ(download(copy), 404U) << "the same bytes";
  EXPECT_EQ(download(put("bad")), 404U) << "uploaded again";
  EXPECT_EQ(download(other), 200U);
  EXPECT_TRUE(server.run(administration().get(mxc))->quarantined);
  ASSERT_TRUE(server.run(administration().release(mxc)));
  EXPECT_EQ(download(mxc), 200U);
  EXPECT_EQ(download(copy), 200U);
}

TEST_P(MediaOfAServer, IsQuarantinedByPersonAndByRoom) {
  auto const one = put("1"), two = put("2"), three = put("3");
  auto const room = room_showing(one);
  auto const nid = server.run(server.app().rooms().find(room)).value();
  EXPECT_THAT(server.run(administration().of_room(nid, MediaAdministration::Redacted::too)).value(),
              ::testing::ElementsAre(one));
  EXPECT_EQ(server.run(administration().quarantine_of_room(nid, anna, "")).value(), 1);
  EXPECT_EQ(download(one), 404U);
  EXPECT_EQ(download(two), 200U);
  EXPECT_EQ(server.run(administration().quarantine_of_user(anna, anna, "")).value(), 2) << "the other two";
  EXPECT_EQ(download(three), 404U);
}

TEST_P(MediaOfAServer, IsCountedAndListedByPerson) {
  auto const one = put("12345", "one.txt"), two = put("123", "two.txt");
  auto const files = server.run(administration().of_user(anna, 0, 10)).value();
  EXPECT_EQ(files.size(), 2U);
  EXPECT_EQ(server.run(administration().of_user(anna, 1, 10)).value().size(), 1U);
  auto const usage = server.run(administration().usage(anna)).value();
  EXPECT_EQ(usage.bytes, 8U);
  EXPECT_EQ(usage.files, 2);
  auto const all = server.run(administration().usage_by_user(0, 10)).value();
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].user, anna);
}

TEST_P(MediaOfAServer, IsDeletedWithItsBytesUnlessAnotherFileHasThem) {
  auto const one = put("same"), two = put("same");
  ASSERT_TRUE(server.run(administration().remove(one)));
  EXPECT_EQ(download(one), 404U);
  EXPECT_EQ(download(two), 200U);
  EXPECT_EQ(blobs_on_disk(), 1U);
  ASSERT_TRUE(server.run(administration().remove(two)));
  EXPECT_EQ(blobs_on_disk(), 0U);
  EXPECT_EQ(server.run(administration().usage(anna)).value().files, 0);
  EXPECT_EQ(server.run(administration().remove(two)).error().code, ErrorCode::not_found);
}

TEST_P(MediaOfAServer, IsNotDeletedWhileAMessageShowsIt) {
  auto const mxc = put("perhaps a record");
  room_showing(mxc);
  EXPECT_EQ(server.run(administration().remove(mxc)).error().code, ErrorCode::held);
  EXPECT_EQ(download(mxc), 200U);
}

}  // namespace
}  // namespace torg::testing
