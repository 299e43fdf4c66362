#include "matrix/media/picture/sample.hpp"
#include "matrix/media/testing.hpp"

namespace torg::matrix {
namespace {

class ThumbnailsTest : public MediaTest {
 protected:
  static std::string thumbnail_of(std::string const& id, std::string const& query) {
    return "/_matrix/client/v1/media/thumbnail/torg.example/" + id + "?" + query;
  }
  std::string photograph() { return upload(encode_jpeg(sample::halves(800, 600)), "image/jpeg"); }
};
INSTANTIATE_TEST_SUITE_P(Db, ThumbnailsTest, db::both_databases(), db::database_name);

TEST_P(ThumbnailsTest, AreMadeOnceAndKept) {
  auto const id = photograph();
  auto const first = fetch(thumbnail_of(id, "width=96&height=96&method=crop"));
  EXPECT_EQ(first.status, 200U) << first.body;
  EXPECT_EQ(header(first, "content-type"), "image/jpeg");
  EXPECT_EQ(header(first, "content-disposition"), "inline; filename*=utf-8''thumbnail.jpeg");
  EXPECT_EQ(blobs_on_disk(), 2U);
  EXPECT_EQ(fetch(thumbnail_of(id, "width=90&height=90&method=crop")).file->path, first.file->path);
  EXPECT_EQ(blobs_on_disk(), 2U);
}

TEST_P(ThumbnailsTest, AreMadeOnceForAllWhoAskAtTheSameTime) {
  auto const id = photograph();
  std::vector<std::string> paths;
  for (int i = 0; i < 10; ++i) {
    net::Request request{.method = net::Method::get,
                         .target = thumbnail_of(id, "width=32&height=32&method=crop"),
                         .headers = {{"authorization", "Bearer " + token}}};
    asio::co_spawn(runtime.executor(), router->dispatch(std::move(request)),
                   [&](std::exception_ptr, net::Response const& response) {
                     paths.push_back(response.file ? response.file->path.string() : response.body);
                   });
  }
  while (paths.size() < 10) runtime.run_one();
  EXPECT_THAT(paths, ::testing::Each(paths.front()));
  EXPECT_EQ(blobs_on_disk(), 2U);
}

TEST_P(ThumbnailsTest, LookAtTheBytesAndNotAtTheirName) {
  auto const liar = upload("<script>alert(1)</script>", "image/png", "a.png");
  EXPECT_EQ(errcode(fetch(thumbnail_of(liar, "width=32&height=32"))), "M_UNKNOWN");
  EXPECT_EQ(fetch(thumbnail_of(liar, "width=32&height=32")).status, 400U) << "remembered";
  auto const modest = upload(encode_png(sample::halves(100, 100)), "application/octet-stream");
  EXPECT_EQ(header(fetch(thumbnail_of(modest, "width=32&height=32")), "content-type"), "image/png");
}

TEST_P(ThumbnailsTest, RefuseAPictureThatIsTooLarge) {
  auto gif = sample::gif(64, 48, 1);
  gif.replace(6, 4, "\xFF\xFF\xFF\xFF");
  auto const answer = fetch(thumbnail_of(upload(gif, "image/gif"), "width=32&height=32"));
  EXPECT_EQ(answer.status, 413U);
  EXPECT_EQ(errcode(answer), "M_TOO_LARGE");
}

TEST_P(ThumbnailsTest, RefuseSizesThatAreNone) {
  auto const id = photograph();
  for (auto const* query : {"", "width=32", "width=0&height=32", "width=-1&height=3", "width=a&height=3",
                            "width=32&height=32&method=fill", "width=32&height=32&animated=maybe"})
    EXPECT_EQ(fetch(thumbnail_of(id, query)).status, 400U) << query;
  EXPECT_EQ(fetch(thumbnail_of(id, "width=99999999999999&height=32")).status, 200U);
}

TEST_P(ThumbnailsTest, OfASmallPictureAreThePictureItself) {
  auto const id = upload(encode_png(sample::halves(20, 20)), "image/png");
  auto const small = fetch(thumbnail_of(id, "width=32&height=32"));
  EXPECT_EQ(small.status, 200U);
  EXPECT_EQ(blobs_on_disk(), 1U);
}

TEST_P(ThumbnailsTest, GoWithTheLastFileThatHasThePicture) {
  auto const first = photograph(), second = photograph();
  fetch(thumbnail_of(first, "width=32&height=32"));
  ASSERT_EQ(blobs_on_disk(), 2U);
  auto const remove = [&](std::string const& id) {
    auto const blobs_gone = run(runtime, database->write([id](db::Transaction& transaction) {
      return Result<std::vector<db::BlobId>>(media_store::remove(transaction, id));
    }));
    run(runtime, media->drop_unused(*blobs_gone));
  };
  remove(first);
  EXPECT_EQ(blobs_on_disk(), 2U);
  remove(second);
  EXPECT_EQ(blobs_on_disk(), 0U);
}

}  // namespace
}  // namespace torg::matrix
