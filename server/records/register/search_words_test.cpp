#include "records/register/search_words.hpp"

#include <gmock/gmock.h>

namespace torg::records {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST(SearchWords, AreLettersAndDigitsInLowerCase) {
  EXPECT_THAT(search_words("Provisorisk VALL, Laxån"), ElementsAre("provisorisk", "vall", "laxån"));
  EXPECT_THAT(search_words("KS 2024/00001-2"), ElementsAre("ks", "2024", "00001", "2"));
}

TEST(SearchWords, LeaveNothingOfAQueryLanguage) {
  EXPECT_THAT(search_words("vall\" OR search:* NEAR(a b) -x ^y 'q' & | ! \\ %_"),
              ElementsAre("vall", "or", "search", "near", "a", "b", "x", "y"));
  EXPECT_THAT(search_words("\"'*:()&|!\\%_-^"), IsEmpty());
  EXPECT_THAT(search_words(std::string_view("a\0b", 3)), ElementsAre("a", "b"));
}

TEST(SearchWords, AreEightAtMost) { EXPECT_THAT(search_words("a b c d e f g h i j"), SizeIs(8)); }

TEST(SearchWords, MatchBeginningsOnEitherDatabase) {
  EXPECT_EQ(match_text(db::Database::Kind::sqlite, {"vall", "lax"}), "\"vall\" * AND \"lax\" *");
  EXPECT_EQ(match_text(db::Database::Kind::postgresql, {"vall", "lax"}), "'vall':* & 'lax':*");
}

}  // namespace
}  // namespace torg::records
