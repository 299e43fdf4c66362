#include "matrix/media/picture/wish.hpp"

#include <set>
#include <tuple>

#include <gtest/gtest.h>

namespace torg::matrix {
namespace {

using enum ThumbnailMethod;

std::string made(ThumbnailMethod method, int width, int height) {
  return to_text(nearest_made({method, width, height, Motion::still}));
}

TEST(Wish, IsRoundedUpToASizeOfTheSpecification) {
  EXPECT_EQ(made(scale, 30, 20), "scale-32x32");
  EXPECT_EQ(made(scale, 97, 20), "scale-320x240");
  EXPECT_EQ(made(scale, 320, 241), "scale-640x480");
  EXPECT_EQ(made(scale, 5000, 5000), "scale-800x600");
  EXPECT_EQ(made(crop, 32, 32), "crop-32x32");
  EXPECT_EQ(made(crop, 40, 40), "crop-96x96");
}

TEST(Wish, ToCropKeepsItsProportions) {
  EXPECT_EQ(made(crop, 320, 240), "crop-320x240");
  EXPECT_EQ(made(crop, 120, 160), "crop-240x320");
  EXPECT_EQ(made(crop, 1, 100000), "crop-100x800");
}

TEST(Wish, ComesInAFewSizesOnly) {
  std::set<std::string> all;
  for (int width = 1; width < 1000; width += 7)
    for (int height = 1; height < 1000; height += 7) all.insert(made(crop, width, height));
  EXPECT_LE(all.size(), 5U * 16U);
}

TEST(Wish, SurvivesBeingWrittenAndRead) {
  for (ThumbnailWish const wish :
       {ThumbnailWish{crop, 96, 32, Motion::still}, {scale, 800, 600, Motion::animated}})
    EXPECT_EQ(parse_wish(to_text(wish)), wish);
  for (auto const* text :
       {"", "crop", "crop-0x1", "crop-1x", "fill-1x1", "crop-801x1", "crop-1x1-x", "-animated"})
    EXPECT_FALSE(parse_wish(text)) << text;
}

void expect_fit(ThumbnailWish wish, int width, int height, Fit want) {
  auto const got = fit(wish, width, height);
  EXPECT_EQ(std::tie(got.left, got.top, got.width, got.height, got.to_width, got.to_height),
            std::tie(want.left, want.top, want.width, want.height, want.to_width, want.to_height))
      << to_text(wish) << ' ' << width << 'x' << height;
}

TEST(Fit, ScalesThePictureIntoTheBox) {
  expect_fit({scale, 320, 240}, 4000, 3000, {0, 0, 4000, 3000, 320, 240});
  expect_fit({scale, 320, 240}, 1000, 3000, {0, 0, 1000, 3000, 80, 240});
  expect_fit({scale, 800, 600}, 10000, 1, {0, 0, 10000, 1, 800, 1});
}

TEST(Fit, CropsTheMiddle) {
  expect_fit({crop, 96, 96}, 400, 200, {100, 0, 200, 200, 96, 96});
  expect_fit({crop, 320, 240}, 1000, 3000, {0, 1125, 1000, 750, 320, 240});
}

TEST(Fit, NeverEnlarges) {
  expect_fit({scale, 320, 240}, 100, 50, {0, 0, 100, 50, 100, 50});
  expect_fit({crop, 96, 96}, 50, 40, {5, 0, 40, 40, 40, 40});
  expect_fit({crop, 96, 96}, 400, 40, {180, 0, 40, 40, 40, 40});
}

}  // namespace
}  // namespace torg::matrix
