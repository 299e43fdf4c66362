#include "base/templates.hpp"

#include "base/catalogue.hpp"

#include <gtest/gtest.h>

namespace torg {
namespace {

constexpr EmbeddedFile kPages[] = {
    {"t/page.mustache", "<p>{{title}}</p>{{#list}}<i>{{name}}</i>{{/list}}{{^list}}none{{/list}}{{> foot}}",
     ""},
    {"t/foot.mustache", "<b>{{t.foot}}</b>", ""},
    {"sv.json",
     R"({"foot":"slut","left":{"n_one":"en kvar","n_other":"{{count}} kvar"},"hi":"Hej {{name}}, {{name}}"})",
     ""},
    {"en.json", R"({"foot":"end","left":{"n_one":"one left","n_other":"{{count}} left"},"hi":"Hi {{name}}"})",
     ""},
};

TEST(Templates, EscapeEveryValue) {
  Templates const templates(kPages);
  auto const page = templates.render("page", {{"title", "<script>\"'&"}, {"t", json::object{{"foot", "x"}}}});
  EXPECT_EQ(page, "<p>&lt;script&gt;&quot;&apos;&amp;</p>none<b>x</b>");
}

TEST(Templates, RepeatSectionsForListsAndIncludePartials) {
  Templates const templates(kPages);
  json::array const list{json::object{{"name", "a"}}, json::object{{"name", "b"}}};
  EXPECT_EQ(templates.render("page", {{"title", "x"}, {"list", list}, {"t", json::object{{"foot", "f"}}}}),
            "<p>x</p><i>a</i><i>b</i><b>f</b>");
}

TEST(Templates, AreCheckedWhenTheyAreLoaded) {
  constexpr EmbeddedFile kBroken[] = {{"broken.mustache", "{{#a}} never closed", ""}};
  EXPECT_THROW(Templates{kBroken}, std::invalid_argument);
}

TEST(Catalogue, PutsValuesIntoMessages) {
  Catalogue const catalogue(kPages);
  EXPECT_EQ(catalogue.text("sv", "hi", {{"name", "{{name}}"}}), "Hej {{name}}, {{name}}");
  EXPECT_EQ(catalogue.count("en", "left.n", 1), "one left");
  EXPECT_EQ(catalogue.count("sv", "left.n", 7), "7 kvar");
}

TEST(Catalogue, RefusesALanguageThatLacksAMessage) {
  constexpr EmbeddedFile kUneven[] = {{"sv.json", R"({"a":"x","b":"y"})", ""},
                                      {"en.json", R"({"a":"x"})", ""}};
  EXPECT_THROW(Catalogue{kUneven}, std::invalid_argument);
}

TEST(Catalogue, RefusesAKeyThatIsNotThere) {
  Catalogue const catalogue(kPages);
  EXPECT_THROW((void)catalogue.text("sv", "left.nothing"), std::invalid_argument);
}

}  // namespace
}  // namespace torg
