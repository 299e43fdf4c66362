#include "db/blobs.hpp"

#include "db/testing/temporary_folder.hpp"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace torg::db {
namespace {

namespace fs = std::filesystem;

// printf abc | sha256sum
constexpr std::string_view kAbc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

class BlobsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    fs::create_directories(folder.path() / "blobs");
    fs::create_directories(folder.path() / "tmp");
  }
  std::size_t files_below(fs::path const& path) {
    std::size_t files = 0;
    for (auto const& entry : fs::recursive_directory_iterator(path)) files += entry.is_regular_file();
    return files;
  }
  fs::path write_temporary(std::string_view bytes) {
    auto path = folder.path() / "tmp" / "upload";
    std::ofstream(path) << bytes;
    return path;
  }

  TemporaryFolder folder;
  Blobs blobs{folder.path() / "blobs", folder.path() / "tmp"};
};

TEST_F(BlobsTest, StoresBytesUnderTheirHash) {
  auto const stored = blobs.put("abc");
  ASSERT_TRUE(stored);
  EXPECT_EQ(stored->id.value, kAbc);
  EXPECT_EQ(stored->size, 3u);
  EXPECT_EQ(blobs.read(stored->id, 3), "abc");
  EXPECT_EQ(*blobs.path(stored->id), folder.path() / "blobs/ba/78" / kAbc);
}

TEST_F(BlobsTest, StoresTheSameBytesOnce) {
  ASSERT_TRUE(blobs.put("abc"));
  ASSERT_TRUE(blobs.put("abc"));
  ASSERT_TRUE(blobs.adopt(write_temporary("abc")));
  EXPECT_EQ(files_below(folder.path() / "blobs"), 1u);
  EXPECT_EQ(files_below(folder.path() / "tmp"), 0u);
}

TEST_F(BlobsTest, AdoptsAFileByMovingIt) {
  auto const stored = blobs.adopt(write_temporary("abc"));
  ASSERT_TRUE(stored);
  EXPECT_EQ(stored->id.value, kAbc);
  EXPECT_EQ(blobs.read(stored->id, 100), "abc");
  EXPECT_EQ(files_below(folder.path() / "tmp"), 0u);
}

TEST_F(BlobsTest, AdoptsNothingFromOutsideItsTemporaryFolder) {
  std::ofstream(folder.path() / "secret") << "x";
  EXPECT_FALSE(blobs.adopt(folder.path() / "tmp" / ".." / "secret"));
  EXPECT_TRUE(fs::exists(folder.path() / "secret"));
  fs::create_symlink(folder.path() / "secret", folder.path() / "tmp" / "link");
  EXPECT_FALSE(blobs.adopt(folder.path() / "tmp" / "link"));
}

TEST_F(BlobsTest, ReplacesATruncatedFile) {
  auto const stored = blobs.put("abc");
  std::ofstream(*blobs.path(stored->id)) << "a";
  ASSERT_TRUE(blobs.put("abc"));
  EXPECT_EQ(blobs.read(stored->id, 100), "abc");
}

TEST_F(BlobsTest, StoresNoBytesToo) {
  auto const stored = blobs.put("");
  ASSERT_TRUE(stored);
  EXPECT_EQ(blobs.read(stored->id, 0), "");
}

TEST_F(BlobsTest, ReadsNoMoreThanTheLimit) {
  auto const stored = blobs.put("abc");
  EXPECT_EQ(blobs.read(stored->id, 2).error().code, ErrorCode::too_large);
}

TEST_F(BlobsTest, RefusesNamesThatAreNoHash) {
  for (std::string const bad :
       {"", "../../etc/passwd", "ba", "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD",
        "../7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"}) {
    EXPECT_EQ(blobs.path({bad}).error().code, ErrorCode::invalid_param) << bad;
    EXPECT_EQ(blobs.read({bad}, 10).error().code, ErrorCode::invalid_param) << bad;
    EXPECT_FALSE(blobs.remove({bad})) << bad;
  }
}

TEST_F(BlobsTest, RemovesABlobAndForgivesWhenItIsGone) {
  auto const stored = blobs.put("abc");
  EXPECT_TRUE(blobs.remove(stored->id));
  EXPECT_EQ(blobs.read(stored->id, 10).error().code, ErrorCode::not_found);
  EXPECT_TRUE(blobs.remove(stored->id));
}

TEST_F(BlobsTest, SaysWhenItsFolderIsMissing) {
  Blobs nowhere{folder.path() / "gone", folder.path() / "gone" / "tmp"};
  EXPECT_FALSE(nowhere.put("abc"));
}

}  // namespace
}  // namespace torg::db
