#include "records/register/titles.hpp"

#include <gmock/gmock.h>

namespace torg::records {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(Titles, MarkANameAndProposeATitleWithoutIt) {
  EXPECT_THAT(names_in("Synpunkt från Gun Ahlbäck om källaren", {}), ElementsAre(NameSpan{14, 25}));
  EXPECT_EQ(without_names("Synpunkt från Gun Ahlbäck om källaren", {}), "Synpunkt om källaren");
}

TEST(Titles, LeaveOrganisationsAndPlacesAlone) {
  EXPECT_THAT(names_in("Yttrande från Länsstyrelsen Mellansjö", {}), IsEmpty());
  EXPECT_THAT(names_in("Begäran om anstånd, detaljplan Strandängen", {}), IsEmpty());
  EXPECT_THAT(names_in("Anmälan om stopp i dagvattenbrunn, Parkvägen", {}), IsEmpty());
  EXPECT_EQ(without_names("Samarbetsplan Laxån", {}), std::nullopt);
}

TEST(Titles, KnowTheNameOfAPrivateSenderAlsoAloneAndInTheGenitive) {
  EXPECT_THAT(names_in("Norléns brunn", {"Bertil Norlén"}), ElementsAre(NameSpan{0, 7}));
  EXPECT_EQ(without_names("Oro för brunnen, Norlén", {"Bertil Norlén"}), "Oro för brunnen");
}

TEST(Titles, ProposeNothingWhenOnlyTheNameWouldGo) {
  EXPECT_EQ(without_names("Gun Ahlbäck", {"Gun Ahlbäck"}), std::nullopt);
}

TEST(Titles, AreMadeFromTheFirstSentenceWithoutReplyMarks) {
  EXPECT_EQ(title_from("SV: Re: vallen"), "Vallen");
  EXPECT_EQ(title_from("ändrad höjd på vallen. Vi återkommer."), "Ändrad höjd på vallen");
  EXPECT_EQ(title_from("  \n "), "");
}

TEST(Titles, AreCutAtAWord) {
  auto const title = title_from(std::string(60, 'a') + " " + std::string(60, 'b'));
  EXPECT_EQ(title, "A" + std::string(59, 'a') + "…");
}

TEST(Titles, FoldTheLettersOfSwedish) { EXPECT_EQ(folded("ÅÄÖ Émile"), "åäö émile"); }

}  // namespace
}  // namespace torg::records
