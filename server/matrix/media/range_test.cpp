#include "matrix/media/range.hpp"

#include <gtest/gtest.h>

namespace torg::matrix {
namespace {

using Kind = WantedPart::Kind;

void expect_part(std::string_view header, std::uint64_t offset, std::uint64_t size) {
  auto const part = wanted_part(header, 100);
  EXPECT_EQ(part.kind, Kind::part) << header;
  EXPECT_EQ(part.offset, offset) << header;
  EXPECT_EQ(part.size, size) << header;
}

TEST(Range, NamesBytesFromTheStartTheMiddleAndTheEnd) {
  expect_part("bytes=0-0", 0, 1);
  expect_part("bytes=10-19", 10, 10);
  expect_part("bytes=90-", 90, 10);
  expect_part("bytes=-7", 93, 7);
  expect_part("bytes=0-99", 0, 100);
}

TEST(Range, IsCutAtTheEndOfTheFile) {
  expect_part("bytes=95-1000", 95, 5);
  expect_part("bytes=-1000", 0, 100);
}

TEST(Range, BeyondTheEndCanNotBeSatisfied) {
  EXPECT_EQ(wanted_part("bytes=100-", 100).kind, Kind::beyond_end);
  EXPECT_EQ(wanted_part("bytes=-0", 100).kind, Kind::beyond_end);
  EXPECT_EQ(wanted_part("bytes=0-", 0).kind, Kind::beyond_end);
}

TEST(Range, OfAnotherKindOrBrokenMeansTheWholeFile) {
  EXPECT_EQ(wanted_part(std::nullopt, 100).kind, Kind::whole);
  for (auto const* header :
       {"", "bytes", "bytes=", "bytes=-", "lines=1-2", "bytes=5-2", "bytes=1-2,4-5", "bytes=a-b",
        "bytes= 1-2", "bytes=1-2x", "bytes=99999999999999999999-", "bytes=--1", "bytes=+1-2"})
    EXPECT_EQ(wanted_part(header, 100).kind, Kind::whole) << header;
}

}  // namespace
}  // namespace torg::matrix
