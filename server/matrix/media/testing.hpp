#pragma once
// What the tests of this slice share: a content repository on either database, with its routes.
#include "db/testing/temporary_folder.hpp"
#include "identity/testing.hpp"
#include "matrix/media/http.hpp"

#include <fstream>

#include <boost/asio/co_spawn.hpp>

namespace torg::matrix {

class MediaTest : public identity::HttpTest {
 protected:
  void SetUp() override {
    HttpTest::SetUp();
    std::vector<db::Migration> all;
    for (auto const migrations : {identity::migrations(), Media::migrations()})
      all.insert(all.end(), migrations.begin(), migrations.end());
    ASSERT_TRUE(database->migrate(all));
    std::filesystem::create_directories(folder.path() / "blobs");
    std::filesystem::create_directories(folder.path() / "tmp");
    open();
  }
  virtual void open() {
    media_options.server_name = "torg.example";
    media.emplace(runtime, *database, blobs, *identity, media_options);
    thumbnails.emplace(*media, std::vector<std::string>{TORG_WORKERS "/picture_worker"}, 2);
    scanner.emplace(*media, scanning);
    http.emplace(*media, *thumbnails, *scanner);
    router = std::make_unique<net::Router>();
    router->alias("/_matrix/media/v1", "/_matrix/media/v3");
    router->add(http->routes());
  }
  /// With other options, on what is stored.
  void reopen_with(MediaOptions options) {
    media_options = std::move(options);
    open();
  }

  net::Response ask(net::Method method, std::string target, std::string const& who, std::string body = {},
                    net::Headers headers = {}) {
    net::Request request{.method = method, .target = target, .headers = std::move(headers)};
    request.body = std::move(body);
    if (!who.empty()) request.headers.emplace_back("authorization", "Bearer " + who);
    auto response = run(runtime, router->dispatch(std::move(request)));
    net::note_request(method, target, response.status);
    return response;
  }
  net::Response fetch(std::string target, net::Headers headers = {}) {
    return ask(net::Method::get, std::move(target), token, {}, std::move(headers));
  }
  /// @return the media id
  std::string upload(std::string bytes, std::string type, std::string name = {}) {
    auto const response = ask(net::Method::post, "/_matrix/media/v3/upload?filename=" + name, token,
                              std::move(bytes), {{"content-type", type}});
    EXPECT_EQ(response.status, 200U) << response.body;
    return id_in(response);
  }
  static std::string id_in(net::Response const& response) {
    auto const body = parse_json_object(response.body).value_or(json::object());
    auto const uri = std::string(optional_string(body, "content_uri").value_or("/"));
    return uri.substr(uri.rfind('/') + 1);
  }
  static std::string download_of(std::string const& id) {
    return "/_matrix/client/v1/media/download/torg.example/" + id;
  }
  static std::string errcode(net::Response const& response) {
    return std::string(
        optional_string(parse_json_object(response.body).value_or(json::object()), "errcode").value_or(""));
  }
  static std::string header(net::Response const& response, std::string_view name) {
    for (auto const& [key, value] : response.headers)
      if (key == name) return value;
    return {};
  }
  /// What a client would receive.
  static std::string body_of(net::Response const& response) {
    if (!response.file) return response.body;
    std::ifstream in(response.file->path, std::ios::binary);
    in.seekg(static_cast<std::streamoff>(response.file->offset));
    std::string bytes(response.file->size, '\0');
    in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    return bytes;
  }
  std::size_t blobs_on_disk() const {
    std::size_t count = 0;
    for (auto const& entry : std::filesystem::recursive_directory_iterator(folder.path() / "blobs"))
      if (entry.is_regular_file()) ++count;
    return count;
  }

  db::TemporaryFolder folder;
  db::Blobs blobs{folder.path() / "blobs", folder.path() / "tmp"};
  MediaOptions media_options;
  std::optional<Media> media;
  std::optional<Thumbnails> thumbnails;
  Scanner::Options scanning;
  std::optional<Scanner> scanner;
  std::optional<MediaHttp> http;
};

}  // namespace torg::matrix
