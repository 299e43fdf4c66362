#include "matrix/media/preview/previews.hpp"

#include "matrix/media/picture/sample.hpp"
#include "matrix/media/preview/preview_http.hpp"
#include "matrix/media/testing.hpp"
#include "net/server.hpp"

#include <fmt/format.h>

namespace torg::matrix {
namespace {

using ::testing::Contains;
using ::testing::Each;
using ::testing::IsEmpty;

/// A site on two addresses of this machine, of which previews may reach the first.
class PreviewsTest : public MediaTest {
 protected:
  void SetUp() override {
    site.add({{net::Method::get, "/{*}", [this](net::Call& call) { return answer(call); }}});
    front.emplace(runtime, site, net::Limits{}, folder.path());
    port = port_of(front->listen("http://127.0.0.1:0").value());
    other_port = port_of(front->listen("http://127.0.0.2:0").value());
    MediaTest::SetUp();
    use({"127.0.0.1"});
  }
  ~PreviewsTest() override {
    client->stop();
    run(runtime, front->stop());
  }
  void use(std::vector<std::string> networks, PreviewOptions options = {.use = PreviewOptions::Use::on}) {
    if (client) client->stop();
    client = net::make_http_client(runtime, {.allowed_networks = std::move(networks)}).value();
    previews.emplace(*media, *thumbnails, *client, std::vector<std::string>{TORG_WORKERS "/page_worker"},
                     std::move(options));
  }
  static std::uint16_t port_of(std::string const& address) {
    return static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1)));
  }
  std::string at(std::string_view path) const { return fmt::format("http://127.0.0.1:{}/{}", port, path); }
  std::string elsewhere(std::string_view path) const {
    return fmt::format("http://127.0.0.2:{}/{}", other_port, path);
  }

  Task<net::Response> answer(net::Call& call) {
    auto const path = call.path[0];
    asked.push_back(path);
    if (auto const to = redirects.find(path); to != redirects.end())
      co_return net::Response{
          .status = 302, .headers = {{"location", to->second}}, .body = {}, .file = {}, .failure = {}};
    auto const found = pages.find(path);
    if (found == pages.end())
      co_return net::Response{.status = 404, .headers = {}, .body = {}, .file = {}, .failure = {}};
    co_return net::Response{.status = 200,
                            .headers = {{"content-type", found->second.first}},
                            .body = found->second.second,
                            .file = {},
                            .failure = {}};
  }
  json::object preview(std::string const& url) {
    auto const made = run(runtime, previews->preview(url));
    EXPECT_TRUE(made) << made.error().message;
    return made ? parse_json_object(*made).value() : json::object();
  }
  static std::string text(json::object const& object, std::string_view name) {
    return std::string(optional_string(object, name).value_or(""));
  }

  net::Router site;
  std::optional<net::Server> front;
  std::uint16_t port = 0, other_port = 0;
  std::map<std::string, std::pair<std::string, std::string>> pages{
      {"page",
       {"text/html",
        "<meta property='og:title' content='A page'><meta property='og:image' content='a.png'>"}},
      {"a.png", {"image/png", encode_png(sample::halves(40, 30))}}};
  std::map<std::string, std::string> redirects;
  std::vector<std::string> asked;
  std::unique_ptr<net::HttpClient> client;
  std::optional<Previews> previews;
};
INSTANTIATE_TEST_SUITE_P(Db, PreviewsTest, db::both_databases(), db::database_name);

TEST_P(PreviewsTest, SayWhatAPageSaysAndKeepItsPicture) {
  auto const made = preview(at("page"));
  EXPECT_EQ(text(made, "og:title"), "A page");
  EXPECT_EQ(text(made, "og:image:type"), "image/png");
  EXPECT_EQ(optional_integer(made, "og:image:width"), 40);
  EXPECT_EQ(optional_integer(made, "og:image:height"), 30);
  EXPECT_EQ(optional_integer(made, "matrix:image:size"), std::ssize(pages["a.png"].second));
  auto const id = media->local_id(text(made, "og:image"));
  ASSERT_TRUE(id);
  EXPECT_EQ(body_of(fetch(download_of(*id))), pages["a.png"].second);
}

TEST_P(PreviewsTest, AreMadeOnceAndKept) {
  preview(at("page"));
  preview(at("page#part"));
  EXPECT_THAT(asked, ::testing::ElementsAre("page", "a.png"));
}

TEST_P(PreviewsTest, AreMadeOnceForAllWhoAskAtTheSameTime) {
  std::vector<std::string> answers;
  for (int i = 0; i < 5; ++i)
    asio::co_spawn(runtime.executor(), previews->preview(at("page")),
                   [&](std::exception_ptr, Result<std::string> const& made) { answers.push_back(*made); });
  while (answers.size() < 5) runtime.run_one();
  EXPECT_THAT(answers, Each(answers.front()));
  EXPECT_EQ(asked.size(), 2U);
}

TEST_P(PreviewsTest, OfAPictureShowThePicture) {
  EXPECT_EQ(optional_integer(preview(at("a.png")), "og:image:width"), 40);
}

TEST_P(PreviewsTest, LetTheOldestPictureGoWhenAllTakeTooMuch) {
  pages["b.png"] = {"image/png", encode_png(sample::halves(60, 30))};
  auto const most = pages["a.png"].second.size() + pages["b.png"].second.size() - 1;
  use({"127.0.0.1"}, {.use = PreviewOptions::Use::on, .most_picture_bytes = most});
  auto const first = media->local_id(text(preview(at("a.png")), "og:image"));
  auto const second = media->local_id(text(preview(at("b.png")), "og:image"));
  ASSERT_TRUE(first && second);
  EXPECT_EQ(fetch(download_of(*first)).status, 404U);
  EXPECT_EQ(body_of(fetch(download_of(*second))), pages["b.png"].second);
}

TEST_P(PreviewsTest, BelieveNoPictureThatIsNone) {
  pages["a.png"].second = "<script>";
  auto const made = preview(at("page"));
  EXPECT_EQ(text(made, "og:title"), "A page");
  EXPECT_FALSE(made.contains("og:image"));
  EXPECT_EQ(blobs_on_disk(), 0U);
}

TEST_P(PreviewsTest, FollowRedirectsButNotForEver) {
  redirects = {{"old", "/page"}, {"circle", "/circle"}};
  EXPECT_EQ(text(preview(at("old")), "og:title"), "A page");
  asked.clear();
  EXPECT_TRUE(preview(at("circle")).empty());
  EXPECT_EQ(asked.size(), 1U + Previews::kMostRedirects);
}

TEST_P(PreviewsTest, AskTheDescriptionThatAPageNames) {
  pages["film"] = {"text/html", "<link rel='alternate' type='application/json+oembed' href='/film.json'>"};
  pages["film.json"] = {"application/json",
                        R"({"title":"Film","provider_name":"Films","thumbnail_url":"a.png"})"};
  auto const made = preview(at("film"));
  EXPECT_EQ(text(made, "og:title"), "Film");
  EXPECT_EQ(optional_integer(made, "og:image:width"), 40);
}

TEST_P(PreviewsTest, OfWhatIsNoPageAreEmpty) {
  pages["x.pdf"] = {"application/pdf", "%PDF-1.7"};
  pages["huge"] = {"text/html", "<title>huge</title>" + std::string(Previews::kMostPageBytes, ' ')};
  for (auto const* path : {"x.pdf", "huge", "missing"}) EXPECT_TRUE(preview(at(path)).empty()) << path;
}

TEST_P(PreviewsTest, LookNowhereInTheInnerNetwork) {
  use({});
  for (auto const* host :
       {"127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "0.0.0.0", "[::1]", "[::]"})
    EXPECT_TRUE(preview(fmt::format("http://{}:{}/page", host, port)).empty()) << host;
  EXPECT_THAT(asked, IsEmpty());
}

TEST_P(PreviewsTest, AreNotLedIntoTheInnerNetworkByARedirectOrAPicture) {
  EXPECT_TRUE(preview(elsewhere("page")).empty());
  redirects = {{"gate", elsewhere("page")},
               {"mapped", fmt::format("http://[::ffff:127.0.0.2]:{}/page", other_port)},
               {"file", "file:///etc/passwd"}};
  for (auto const* path : {"gate", "mapped", "file"}) EXPECT_TRUE(preview(at(path)).empty()) << path;
  pages["lure"] = {"text/html",
                   "<title>t</title><meta property=og:image content='" + elsewhere("a.png") + "'>"};
  EXPECT_FALSE(preview(at("lure")).contains("og:image"));
  EXPECT_THAT(asked, ::testing::ElementsAre("gate", "mapped", "file", "lure"));
}

TEST_P(PreviewsTest, AreForPagesOfTheWebOnly) {
  for (auto const* url : {"", "page", "ftp://a.example/", "file:///etc/passwd", "http://",
                          "http://user:pass@a.example/", "javascript:alert(1)", "http://a b/"})
    EXPECT_EQ(run(runtime, previews->preview(url)).error().code, ErrorCode::invalid_param) << url;
}

TEST_P(PreviewsTest, KeepToTheDomainsOfTheAdministrator) {
  use({"127.0.0.1"}, {.use = PreviewOptions::Use::on, .never_domains = {"Bad.example"}});
  for (auto const* url : {"http://bad.example/", "https://www.BAD.example/x"})
    EXPECT_EQ(run(runtime, previews->preview(url)).error().code, ErrorCode::forbidden) << url;
  use({"127.0.0.1"}, {.use = PreviewOptions::Use::on, .only_domains = {"good.example"}});
  EXPECT_EQ(run(runtime, previews->preview("http://notgood.example/")).error().code, ErrorCode::forbidden);
  EXPECT_EQ(run(runtime, previews->preview(at("page"))).error().code, ErrorCode::forbidden);
}

TEST_P(PreviewsTest, AreOffUnlessSwitchedOnAndCountedByPerson) {
  PreviewHttp limited(*previews, *identity, {1, std::chrono::hours(1)});
  router->add(limited.routes());
  auto const target = "/_matrix/client/v1/media/preview_url?url=" + at("page");
  EXPECT_EQ(fetch(target).status, 200U);
  EXPECT_EQ(errcode(fetch(target)), "M_LIMIT_EXCEEDED");
  EXPECT_EQ(ask(net::Method::get, target, "").status, 401U);
  use({"127.0.0.1"}, {});
  EXPECT_EQ(run(runtime, previews->preview(at("page"))).error().code, ErrorCode::unrecognized);
}

}  // namespace
}  // namespace torg::matrix
