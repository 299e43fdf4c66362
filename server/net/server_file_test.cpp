// Bodies that are files, in both directions.
#include "net/testing/running_server.hpp"

#include <fstream>
#include <sys/socket.h>

#include <gmock/gmock.h>

namespace torg::net {
namespace {

namespace fs = std::filesystem;
using testing::answer_with;
using testing::RunningServer;

constexpr std::size_t kMiB = 1024 * 1024;

std::string read_file(fs::path const& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::size_t files_in(fs::path const& folder) {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), {}));
}

/// Resident memory of this process.
std::size_t resident_bytes() {
  std::ifstream in("/proc/self/statm");
  std::size_t total = 0;
  std::size_t resident = 0;
  in >> total >> resident;
  return resident * 4096;
}

std::string some_bytes(std::size_t size) {
  std::string bytes(size, '\0');
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>(i * 31 + i / 251);
  return bytes;
}

std::vector<Route> routes() {
  return {
      {Method::post, "/size", answer_with([](Call& call) {
         return json_response(std::to_string(fs::file_size(call.request.body_file)));
       }),
       BodyKind::file, 16 * kMiB},
      {Method::post, "/keep", answer_with([](Call& call) {
         auto const kept = call.request.body_file.parent_path() / "kept";
         fs::rename(call.request.body_file, kept);
         return json_response(kept.string());
       }),
       BodyKind::file, 16 * kMiB},
      {Method::get, "/file/{*}", answer_with([](Call& call) {
         Response response;
         fs::path const path = '/' + call.path[0];
         auto const offset = std::stoull(call.request.query("offset").value_or("0"));
         auto const size = call.request.query("size");
         response.file = FileBody{path, offset, size ? std::stoull(*size) : fs::file_size(path) - offset};
         return response;
       })},
      {Method::get, "/lost", answer_with([](Call&) {
         Response response;
         response.file = FileBody{"/nowhere/at/all", 0, 10};
         return response;
       })},
  };
}

class FileBodies : public ::testing::Test {
 protected:
  bool nothing_left() {
    return server_.eventually(
        [&](Server& s) { return s.connections() == 0 && files_in(server_.temporary()) == 0; });
  }

  RunningServer server_{routes()};
};

TEST_F(FileBodies, SpoolsAnUploadAndRemovesItAfterwards) {
  {
    auto client = server_.connect();
    EXPECT_EQ(client.ask("POST", "/size", some_bytes(3 * kMiB + 17))->body, std::to_string(3 * kMiB + 17));
  }
  EXPECT_TRUE(nothing_left());
}

TEST_F(FileBodies, HasAFileEvenForAnEmptyUpload) {
  auto client = server_.connect();
  EXPECT_EQ(client.ask("POST", "/size")->body, "0");
}

TEST_F(FileBodies, SpoolsAChunkedUpload) {
  auto client = server_.connect();
  client.send("POST /size HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n");
  std::string const chunk(0x8000, 'c');
  for (int i = 0; i < 10; ++i) client.send("8000\r\n" + chunk + "\r\n");
  client.send("0\r\n\r\n");
  EXPECT_EQ(client.receive()->body, std::to_string(0x8000 * 10));
}

TEST_F(FileBodies, LetsAHandlerTakeTheFile) {
  auto client = server_.connect();
  auto const bytes = some_bytes(200'000);
  EXPECT_EQ(read_file(client.ask("POST", "/keep", bytes)->body), bytes);
  EXPECT_EQ(files_in(server_.temporary()), 1U);
}

TEST_F(FileBodies, LeavesNothingOfAnUploadThatWasCutOff) {
  auto client = server_.connect();
  client.send("POST /size HTTP/1.1\r\nHost: t\r\nContent-Length: 1000000\r\n\r\n" + some_bytes(400'000));
  ASSERT_TRUE(server_.eventually([&](Server&) { return files_in(server_.temporary()) == 1; }));
  client.reset();
  EXPECT_TRUE(nothing_left());
}

TEST_F(FileBodies, LeavesNothingOfAnUploadThatGrewTooLarge) {
  {
    auto client = server_.connect();
    client.send("POST /size HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n");
    std::string const chunk = "100000\r\n" + some_bytes(kMiB) + "\r\n";
    for (int i = 0; i < 17 && client.try_send(chunk); ++i) {
    }
    auto const answer = client.receive();
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 413U);
  }
  EXPECT_TRUE(nothing_left());
}

TEST_F(FileBodies, RefusesAnUploadThatCannotBeStored) {
  fs::remove_all(server_.temporary());
  auto client = server_.connect();
  EXPECT_EQ(client.ask("POST", "/size", "x")->status, 500U);
}

TEST_F(FileBodies, SendsAFileOrAPartOfIt) {
  auto const path = server_.temporary() / "to send";
  auto const bytes = some_bytes(300'000);
  std::ofstream(path, std::ios::binary) << bytes;
  auto client = server_.connect();
  auto const target = "/file" + server_.temporary().string() + "/to%20send";
  EXPECT_EQ(client.ask("GET", target)->body, bytes);
  EXPECT_EQ(client.ask("GET", target + "?offset=100000&size=150000")->body, bytes.substr(100'000, 150'000));
  EXPECT_EQ(client.ask("HEAD", target)->headers.at("content-length"), "300000");
  EXPECT_EQ(client.ask("GET", target)->body, bytes);
}

TEST_F(FileBodies, EndsTheConnectionWhenTheFileIsShorterThanPromised) {
  std::ofstream(server_.temporary() / "short", std::ios::binary) << "short";
  auto client = server_.connect();
  EXPECT_FALSE(client.ask("GET", "/file" + server_.temporary().string() + "/short?size=100"));
}

TEST_F(FileBodies, AnswersWithAnErrorWhenTheFileIsGone) {
  auto client = server_.connect();
  EXPECT_EQ(client.ask("GET", "/lost")->status, 500U);
}

TEST_F(FileBodies, SendsALargeFileToASlowReaderInLittleMemory) {
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
  GTEST_SKIP() << "a sanitizer keeps what was freed";
#endif
  auto const path = server_.temporary() / "large";
  std::ofstream(path).close();
  fs::resize_file(path, 96 * kMiB);
  auto client = server_.connect();
  client.shrink_receive_buffer(256 * 1024);
  auto const before = resident_bytes();
  client.send("GET /file" + path.string() + " HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n");
  std::vector<char> part(16 * 1024);
  std::size_t total = 0;
  std::size_t most = before;
  for (ssize_t got; (got = ::recv(client.descriptor(), part.data(), part.size(), 0)) > 0;) {
    total += static_cast<std::size_t>(got);
    most = std::max(most, resident_bytes());
  }
  EXPECT_GT(total, 96 * kMiB);
  EXPECT_LT(most - before, 32 * kMiB);
}

}  // namespace
}  // namespace torg::net
