#include "records/lift/draft.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace torg::records {
namespace {

json::object a_draft(std::string_view field, std::string_view text) {
  json::object draft{{"title", "Yttrande"}, {"came_or_made_day", "2026-11-24"}, {"direction", "in"}};
  draft[field] = text;
  return draft;
}

TEST(Draft, RefusesCharactersThatTurnTextOrControlScreensAndNamesThem) {
  for (auto const* field :
       {"title", "internal_title", "sender", "recipient", "classification", "record_type"}) {
    auto const turned = parse_draft(a_draft(field, "exe.\u202efdp"));
    ASSERT_FALSE(turned) << field;
    EXPECT_EQ(turned.error().code, ErrorCode::invalid_param);
    EXPECT_THAT(turned.error().message, ::testing::HasSubstr("U+202E"));
    EXPECT_FALSE(parse_draft(a_draft(field, "a\u2066b\u2069")));
    EXPECT_FALSE(parse_draft(a_draft(field, "a\x1b[2J")));
    EXPECT_FALSE(parse_draft(a_draft(field, "rad ett\nrad två")));
    EXPECT_FALSE(parse_draft(a_draft(field, std::string_view("nul\0l", 5))));
  }
  auto fresh = a_draft("title", "Yttrande");
  fresh["case"] = json::object{{"new", json::object{{"title", "Ärende\u202e"}}}};
  EXPECT_FALSE(parse_draft(fresh));
}

TEST(Draft, TakesNamesOfEveryScriptAndWhatJoinsTheirLetters) {
  for (auto const* name :
       {"Åsa Öberg", "علی\u200cرضا", "Łukasz", "陳大文", "👩\u200d🔬 Forskning", "O’Brien"})
    EXPECT_TRUE(parse_draft(a_draft("sender", name))) << name;
}

TEST(Draft, SuggestsNothingThatItWouldRefuse) {
  DraftInput input;
  input.authority = AuthorityId(1);
  input.items.push_back(
      {EventNid(1), "$1", "Bild av \u202egpj.exe", {"Eva\u202e", "", AuthorityId()}, {}, {}});
  auto const drafted = prefill(input).draft;
  EXPECT_TRUE(parse_draft(to_json(drafted))) << drafted.title << " / " << drafted.sender;
}

}  // namespace
}  // namespace torg::records
