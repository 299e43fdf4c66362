#include "records/register/say.hpp"

#include <gtest/gtest.h>

namespace torg::records {
namespace {

TEST(Say, ReadsANumberAsOneReadsItOnThePhone) {
  EXPECT_EQ(say("KS 2026/00123-10", 2026, 10),
            (Bilingual{"K S tjugohundratjugosex, etthundratjugotre, handling tio",
                       "K S twenty twenty-six, one hundred and twenty-three, document ten"}));
}

TEST(Say, ReadsACaseAlone) {
  EXPECT_EQ(say("BN 2026/00871", 2026, 0).sv, "B N tjugohundratjugosex, åttahundrasjuttioett");
}

TEST(Say, ReadsAPatternWithSlashes) {
  EXPECT_EQ(say("KS/2019/0001/0009", 2019, 9).sv, "K S tjugohundranitton, ett, handling nio");
}

TEST(Say, ReadsPrefixAndClass) {
  EXPECT_EQ(say("RA-KS 2021/1311", 2021, 0).en,
            "R A K S twenty twenty-one, one thousand three hundred and eleven");
}

TEST(Say, KnowsTheOddNumbers) {
  EXPECT_EQ(in_words_sv(0), "noll");
  EXPECT_EQ(in_words_sv(100), "etthundra");
  EXPECT_EQ(in_words_sv(1018), "ettusenarton");
  EXPECT_EQ(in_words_sv(21), "tjugoett");
  EXPECT_EQ(in_words_en(0), "zero");
  EXPECT_EQ(in_words_en(1000), "one thousand");
}

}  // namespace
}  // namespace torg::records
