#include "matrix/media/preview/page.hpp"

#include "runtime/child_process.hpp"

#include <gmock/gmock.h>

namespace torg::matrix {
namespace {

using ::testing::HasSubstr;

json::object preview(std::string_view html, std::string const& charset = {}) {
  return preview_of(read_page(html, charset));
}
std::string text(json::object const& object, std::string_view name) {
  return std::string(optional_string(object, name).value_or(""));
}

TEST(Page, IsDescribedByItsOpenGraph) {
  auto const facts = read_page(R"(<html><head><title>window</title>
      <meta property="og:title" content=" The   Rock "><meta property="og:type" content="video.movie">
      <meta property="og:title" content="second"><meta property="OG:Site_Name" content="Films">
      <meta property="og:image" content="rock.png"></head></html>)",
                               "");
  auto const made = preview_of(facts);
  EXPECT_EQ(text(made, "og:title"), "The Rock");
  EXPECT_EQ(text(made, "og:type"), "video.movie");
  EXPECT_EQ(text(made, "og:site_name"), "Films");
  EXPECT_FALSE(made.contains("og:image"));
  EXPECT_EQ(picture_of(facts), "rock.png");
}

TEST(Page, IsDescribedByItsCardOrItsTitleWhenItHasNoOpenGraph) {
  auto const card =
      read_page(R"(<meta name="twitter:title" content="T"><meta name="twitter:description" content="D">
      <meta name="twitter:image" content="i.png"><title>window</title>)",
                "");
  EXPECT_EQ(text(preview_of(card), "og:title"), "T");
  EXPECT_EQ(text(preview_of(card), "og:description"), "D");
  EXPECT_EQ(picture_of(card), "i.png");
  auto const plain = preview(R"(<title>window</title><meta name="description" content="about"><h1>big</h1>)");
  EXPECT_EQ(text(plain, "og:title"), "window");
  EXPECT_EQ(text(plain, "og:description"), "about");
  EXPECT_EQ(text(preview("<h1>big <b>one</b></h1>"), "og:title"), "big one");
}

TEST(Page, NamesNoFileThatAClientWouldFetchItself) {
  auto const made = preview(
      R"(<meta property="og:video" content="https://tracker.example/v"><meta property="og:audio:url" content="https://tracker.example/a">)");
  EXPECT_TRUE(made.empty()) << json::serialize(made);
}

TEST(Page, IsReadInItsCharset) {
  EXPECT_EQ(text(preview("<title>Sn\xC3\xB6</title>"), "og:title"), "Snö");
  EXPECT_EQ(text(preview("<title>Sn\xF6</title>", "iso-8859-1"), "og:title"), "Snö");
  EXPECT_EQ(text(preview("<title>Sn\xF6 \x96</title>", "windows-1252"), "og:title"), "Snö –");
  EXPECT_EQ(text(preview(R"(<meta charset="windows-1252"><title>)"
                         "Sn\xF6 \x96</title>"),
                 "og:title"),
            "Snö –");
  EXPECT_EQ(text(preview("<title>\x93\xFA\x96{</title>", "shift_jis"), "og:title"), "日本");
  EXPECT_EQ(text(preview("<title>x</title>", "no-such-charset"), "og:title"), "x");
}

TEST(Page, FindsWhereItIsDescribedInJson) {
  auto const facts = read_page(
      R"(<base href="/sub/"><link rel="alternate" type="application/json+oembed" href="o.json">)", "");
  EXPECT_EQ(facts.oembed, "o.json");
  EXPECT_EQ(facts.base, "/sub/");
  auto made = preview_of(facts);
  std::string picture;
  add_oembed(
      made, picture,
      {{"title", "Film"}, {"provider_name", "Films"}, {"author_name", "Ada"}, {"thumbnail_url", "t.png"}});
  EXPECT_EQ(text(made, "og:title"), "Film");
  EXPECT_EQ(text(made, "og:site_name"), "Films");
  EXPECT_EQ(picture, "t.png");
}

TEST(Page, OfAnyDepthAndLengthIsRead) {
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += "<div>";
  EXPECT_TRUE(read_page(deep + "<title>x</title>", "").properties.empty());
  std::string many;
  for (int i = 0; i < 1'000; ++i) many += "<meta name=a" + std::to_string(i) + " content=b>";
  EXPECT_LE(read_page(many, "").properties.size(), kMostProperties);
  auto const cut =
      read_page("<title>" + std::string(5'001, ' ') + std::string(5'000, 'x') + "ö</title>", "").title;
  EXPECT_LE(cut.size(), kLongestText);
  EXPECT_TRUE(read_page("", "").properties.empty());
}

TEST(PageWorker, ReadsInAProcessThatCanOpenNoFile) {
  for (auto const* charset : {"", "windows-1252", "utf-8", "shift_jis"}) {
    auto const result = run_child_blocking({.arguments = {TORG_WORKERS "/page_worker", charset},
                                            .environment = {"LC_ALL=C.UTF-8"},
                                            .input = "<title>plain</title>"});
    ASSERT_TRUE(result);
    EXPECT_EQ(result->exit_code, 0) << result->errors;
    auto const facts = decode_page(result->output);
    ASSERT_TRUE(facts) << charset;
    EXPECT_EQ(facts->title, "plain") << charset;
  }
  auto const swedish = run_child_blocking({.arguments = {TORG_WORKERS "/page_worker", "windows-1252"},
                                           .environment = {"LC_ALL=C.UTF-8"},
                                           .input = "<title>Sn\xF6</title>"});
  EXPECT_EQ(decode_page(swedish->output)->title, "Snö");
  auto const japanese = run_child_blocking({.arguments = {TORG_WORKERS "/page_worker"},
                                            .environment = {"LC_ALL=C.UTF-8"},
                                            .input = "<meta charset=shift_jis><title>\x93\xFA\x96{</title>"});
  EXPECT_EQ(decode_page(japanese->output)->title, "日本") << "converted without a file";
}

TEST(PageWorker, IsDistrusted) {
  for (auto const* answer : {"", "2\n{}", "17\n{\"properties\":1}x", "999999999999\n{}"})
    EXPECT_FALSE(decode_page(answer)) << answer;
}

}  // namespace
}  // namespace torg::matrix
