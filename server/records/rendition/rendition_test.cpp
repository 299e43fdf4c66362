#include "records/rendition/from_register.hpp"
#include "records/rendition/renditions.hpp"
#include "records/rendition/testing.hpp"
#include "runtime/testing.hpp"

#include <cstdlib>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace torg::records {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(RenditionPage, HasLanguageTitleAndTableHeaders) {
  auto const html = rendition_page(letter());
  EXPECT_THAT(html, HasSubstr("<html lang=\"sv\">"));
  EXPECT_THAT(html, HasSubstr("<title>KS 2026/00123-8 Yttrande över provisorisk vall</title>"));
  EXPECT_THAT(html, HasSubstr("<th scope=\"row\">Avsändare</th><td>Länsstyrelsen Mellansjö</td>"));
  EXPECT_THAT(html, HasSubstr("<th scope=\"col\">"));
}

TEST(RenditionPage, ShowsTextAsTextWhateverItHolds) {
  auto content = letter();
  content.items[0].text = "<script>x</script>{{number}}\x1b[1m";
  auto const html = rendition_page(content);
  EXPECT_THAT(html, HasSubstr("&lt;script&gt;x&lt;/script&gt;{{number}}"));
  EXPECT_THAT(html, Not(HasSubstr("\x1b")));
}

TEST(RenditionPage, ShowsEarlierWordingsAndWhatWasRemoved) {
  auto content = letter();
  content.items[0].removed = true;
  content.items[0].earlier = {{content.record.registered_at, "så stod det först"}};
  auto const html = rendition_page(content);
  EXPECT_THAT(html, HasSubstr("så stod det först"));
  EXPECT_THAT(html, HasSubstr("Avsändaren hade tagit bort"));
}

TEST(RenditionPage, ListsNoRenditionAmongTheFiles) {
  auto content = letter();
  content.record.files[0].name = "old.pdf";
  content.record.files[0].role = FileRole::rendition;
  EXPECT_THAT(rendition_page(content), Not(HasSubstr("old.pdf")));
}

RenditionContent with_file(std::string type, std::string bytes, std::string name) {
  auto content = letter();
  content.record.files[0].name = std::move(name);
  content.shown = {{.report = {.n = 2, .outcome = FileOutcome::shown},
                    .type = std::move(type),
                    .bytes = std::move(bytes)}};
  return content;
}

TEST(RenditionPage, ShowsAPictureWithWhatItsSenderSaidOfIt) {
  auto content = with_file("image/png", "png", "a.png");
  EXPECT_THAT(rendition_page(content),
              HasSubstr("<img src=\"data:image/png;base64,cG5n\" alt=\"Bilden a.png. "));
  content.record.files[0].blob = db::BlobId{"b"};
  content.descriptions["b"] = "Vallen \"söder\"";
  EXPECT_THAT(rendition_page(content), HasSubstr("alt=\"Vallen &quot;söder&quot;\""));
}

TEST(RenditionPage, ShowsATableInTextAsATable) {
  auto const html = rendition_page(with_file("text/plain", "Namn;Nivå\nA;<1,2>\nB", "a.csv"));
  EXPECT_THAT(html, HasSubstr("<th scope=\"col\">Nivå</th>"));
  EXPECT_THAT(html, HasSubstr("<td>A</td><td>&lt;1,2&gt;</td>"));
  EXPECT_THAT(html, HasSubstr("<td>B</td><td></td>"));
}

TEST(RenditionPage, ShowsATextAsItsParagraphs) {
  EXPECT_THAT(rendition_page(with_file("text/plain", "Ett\n\nTvå", "a.txt")),
              HasSubstr("<p class=\"text plain\">Två</p>"));
}

TEST(RenditionPage, SaysWhyAFileIsMissing) {
  auto content = letter();
  content.shown = {
      {.report = {.n = 2,
                  .outcome = FileOutcome::failed,
                  .why = RenditionWhy{RenditionProblem::pixels, {{"width", 30000}, {"height", 9}}}},
       .type = {},
       .bytes = {}}};
  EXPECT_THAT(rendition_page(content), HasSubstr("Saknas. Bilden är för stor: 30000 × 9 bildpunkter."));
}

TEST(RenditionReport, HasASentenceForEveryProblem) {
  for (auto problem = RenditionProblem::lies; problem <= RenditionProblem::no_worker;
       problem = static_cast<RenditionProblem>(static_cast<int>(problem) + 1)) {
    EXPECT_EQ(parse_problem(to_text(problem)), problem);
    EXPECT_FALSE(sentence({problem, {}}, "sv").empty());
  }
}

TEST(FileKind, IsWhatAFileIsSaidToBe) {
  auto const kind = [](std::string name, std::string type) {
    FileView file;
    file.name = std::move(name);
    file.type = std::move(type);
    return claimed_kind(file);
  };
  EXPECT_EQ(kind("a.bin", "image/JPG; q=1").kind, FileKind::picture);
  EXPECT_EQ(kind("a.bin", "image/jpg").type, "image/jpeg");
  EXPECT_EQ(kind("Brev.DOCX", "application/octet-stream").kind, FileKind::office);
  EXPECT_EQ(kind("a.csv", "application/vnd.ms-excel").kind, FileKind::text);
  EXPECT_EQ(kind("a.xls", "application/vnd.ms-excel").kind, FileKind::office);
  EXPECT_EQ(kind("a.png", "audio/mpeg").kind, FileKind::other);
  EXPECT_EQ(kind("png", "").kind, FileKind::other);
}

TEST(RenditionContent, TakesACaptionAsThePicturesDescription) {
  auto const content = content_from(letter().record, R"({"items":[
      {"type":"m.room.message","content":{"body":"Vallen","filename":"a.png"},"attachments":[{"sha256":"a"}]},
      {"type":"m.room.message","content":{"body":"b.png","filename":"b.png"},"attachments":[{"sha256":"b"}]},
      {"type":"m.room.message","content":{"body":"c.png","alt":"Kartan"},"attachments":[{"sha256":"c"}, 7]}]})",
                                    {});
  EXPECT_EQ(content.descriptions.at("a"), "Vallen");
  EXPECT_EQ(content.descriptions.at("b"), "");
  EXPECT_EQ(content.descriptions.at("c"), "Kartan");
}

TEST(RenditionContent, ReadsItemsWithTheirEditsAndReactionsFromTheManifest) {
  People const people{.find = [](std::string_view) { return UserNid(3); },
                      .user_id = {},
                      .name = [](UserNid) { return std::string("Karin Lund"); }};
  auto const content =
      content_from(letter().record, R"({"torg_manifest":1,"room":{"id":"!r","name":"Laxån"},"items":[
      {"event_id":"$1","sender":"@maja:a","sender_name":"Maja Ekdahl","origin_server_ts":1000,"redacted":true,
       "content":{"msgtype":"m.text","body":"först"},"relations":[
         {"sender":"@maja:a","origin_server_ts":2000,"content":{"body":"* sedan","m.new_content":{"body":"sedan"},
          "m.relates_to":{"rel_type":"m.replace","event_id":"$1"}}},
         {"sender":"@karin:a","origin_server_ts":3000,
          "content":{"m.relates_to":{"rel_type":"m.annotation","event_id":"$1","key":"👍"}}}]}]})",
                   people);
  EXPECT_EQ(content.source, "Laxån");
  ASSERT_EQ(content.items.size(), 1u);
  auto const& item = content.items[0];
  EXPECT_EQ(item.who, "Maja Ekdahl");
  EXPECT_EQ(item.text, "sedan");
  EXPECT_EQ(item.at, instant_from_ms(2000));
  ASSERT_EQ(item.earlier.size(), 1u);
  EXPECT_EQ(item.earlier[0].text, "först");
  EXPECT_EQ(item.earlier[0].at, instant_from_ms(1000));
  EXPECT_EQ(item.reactions, std::vector<std::string>{"👍 Karin Lund"});
  EXPECT_TRUE(item.removed);
}

TEST(RenditionContent, ReadsWhatARegistrarEnteredByHand) {
  auto const content =
      content_from(letter().record, R"({"items":[{"type":"org.torg.incoming","sender_name":"Torg",
      "origin_server_ts":9000,"content":{"kind":"paper","party":"Granviks kommun","at":1000,"subject":"Vallen",
      "body":"Hej","original_place":"Pärm 7"}}]})",
                   {});
  ASSERT_EQ(content.items.size(), 1u);
  EXPECT_EQ(content.items[0].who, "Granviks kommun");
  EXPECT_EQ(content.items[0].at, instant_from_ms(1000));
  EXPECT_EQ(content.items[0].text, "Vallen\n\nHej");
  EXPECT_THAT(rendition_page(content), HasSubstr("Pärm 7"));
}

TEST(RenditionContent, SurvivesAManifestItDoesNotKnow) {
  for (auto const* manifest : {"", "[]", "{\"items\":[1,{\"content\":7,\"relations\":[{}]}]}"})
    EXPECT_LE(content_from(letter().record, manifest, {}).items.size(), 1u);
}

/// Runs only where WeasyPrint is: script/test names it.
TEST(Renderer, MakesTheSameTaggedPdfTwice) {
  auto const* const python = std::getenv("TORG_RENDITION_WORKER");
  if (!python) GTEST_SKIP() << "TORG_RENDITION_WORKER is not set";
  RealRuntime runtime{2};
  Renderer renderer(runtime, {python, ""});
  auto const html = rendition_page(letter());
  auto const at = letter().record.registered_at;
  auto const first = run(runtime, renderer.render(html, at));
  auto const second = run(runtime, renderer.render(html, at));
  ASSERT_TRUE(first && second) << first.error().detail;
  EXPECT_TRUE(first->bytes == second->bytes);
  EXPECT_THAT(first->tool, HasSubstr("WeasyPrint"));
}

}  // namespace
}  // namespace torg::records
