#include "records/secrecy/provisions.hpp"

#include <set>

#include <gtest/gtest.h>

namespace torg::records {
namespace {

std::vector<std::string> ids(std::string_view query, std::size_t limit = 50) {
  std::vector<std::string> found;
  for (auto const* one : search_provisions(query, limit)) found.push_back(one->id);
  return found;
}

TEST(Provisions, AreAllThereEachWithItsOwnIdAndBothLanguages) {
  std::set<std::string> seen;
  for (auto const& one : provisions()) {
    EXPECT_TRUE(seen.insert(one.id).second) << one.id;
    EXPECT_FALSE(one.subject.sv.empty() || one.subject.en.empty()) << one.id;
    EXPECT_FALSE(one.description.sv.empty() || one.description.en.empty()) << one.id;
  }
  EXPECT_EQ(seen.size(), 44u);
}

TEST(Provisions, AreFoundHoweverTheyAreCited) {
  for (auto const* text : {"OSL-21-1", "21 kap. 1 § OSL", "OSL 21:1", "osl 21:1", "21:1", "21 kap 1 § OSL"}) {
    auto const* found = find_provision(text);
    ASSERT_NE(found, nullptr) << text;
    EXPECT_EQ(found->cite, "21 kap. 1 § OSL") << text;
  }
  EXPECT_EQ(find_provision("OSL 21:3a")->id, "OSL-21-3a");
  EXPECT_EQ(find_provision("19 kap. 3 § 2 st. OSL")->id, "OSL-19-3-2");
  for (auto const& one : provisions()) EXPECT_EQ(find_provision(one.cite), &one) << one.cite;
}

TEST(Provisions, AreNotFoundInOtherActsOrInWords) {
  for (auto const* text :
       {"", "TF 2:2", "21", "21 kap. 99 § OSL", "vi tycker att 21 kap. 1 §", "19 kap. 3 § OSL"})
    EXPECT_EQ(find_provision(text), nullptr) << text;
}

TEST(Provisions, AreSearchedInCitationSubjectAndDescriptionInBothLanguages) {
  EXPECT_EQ(ids("OSL 21:7").front(), "OSL-21-7");
  EXPECT_EQ(ids("socialtjänst").front(), "OSL-26-1");
  EXPECT_EQ(ids("SOCIALTJÄNST").front(), "OSL-26-1");
  EXPECT_EQ(ids("foreign relations").front(), "OSL-15-1");
  EXPECT_TRUE(ids("kycklingfarm").empty());
}

TEST(Provisions, ComeInTheOrderOfTheActAndNoMoreThanAsked) {
  EXPECT_EQ(ids("", 3), (std::vector<std::string>{"OSL-15-1", "OSL-15-1a", "OSL-15-2"}));
  EXPECT_LE(ids("uppgift", 2).size(), 2u);
}

}  // namespace
}  // namespace torg::records
