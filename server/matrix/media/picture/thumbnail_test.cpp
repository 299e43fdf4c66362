#include "matrix/media/picture/thumbnail.hpp"

#include "matrix/media/picture/sample.hpp"
#include "matrix/media/picture/worker.hpp"
#include "runtime/child_process.hpp"
#include "runtime/testing.hpp"

#include <cstdlib>
#include <fstream>

#include <gmock/gmock.h>

namespace torg::matrix {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using enum ThumbnailMethod;

constexpr ThumbnailWish kCropped{crop, 32, 32}, kScaled{scale, 320, 240};
constexpr ThumbnailWish kMoving{scale, 32, 32, Motion::animated};

Pixels pixels_of(std::string const& bytes) {
  auto const format = format_of(bytes);
  auto picture = format == PictureFormat::jpeg ? decode_jpeg(bytes, {100'000, 100'000}) : decode_png(bytes);
  EXPECT_TRUE(picture);
  return std::move(*picture);
}

bool is_red(std::uint32_t pixel) { return (pixel >> 16 & 0xFF) > 150 && (pixel & 0xFF) < 100; }
bool is_blue(std::uint32_t pixel) { return (pixel >> 16 & 0xFF) < 100 && (pixel & 0xFF) > 150; }

TEST(Thumbnail, OfAPhotographIsASmallJpeg) {
  auto const made = make_thumbnail(encode_jpeg(sample::halves(1600, 1200)), kScaled);
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->content_type, "image/jpeg");
  auto const picture = pixels_of(made->bytes);
  EXPECT_EQ(picture.width, 320);
  EXPECT_EQ(picture.height, 240);
  EXPECT_TRUE(is_red(picture.argb[5]));
  EXPECT_TRUE(is_blue(picture.argb[300]));
}

TEST(Thumbnail, OfAPngIsAPngAndStaysTransparent) {
  auto const made = make_thumbnail(encode_png(sample::halves(400, 300, 0, 0xFF2020C0)), kCropped);
  ASSERT_TRUE(made);
  EXPECT_EQ(made->content_type, "image/png");
  auto const picture = pixels_of(made->bytes);
  EXPECT_EQ(picture.width, 32);
  EXPECT_EQ(picture.height, 32);
  EXPECT_EQ(picture.argb[0] >> 24, 0U);
  EXPECT_EQ(picture.argb[31] >> 24, 0xFFU);
}

TEST(Thumbnail, OfASmallPictureIsThePicture) {
  auto const made = make_thumbnail(encode_png(sample::halves(30, 20)), kCropped);
  ASSERT_TRUE(made);
  EXPECT_TRUE(made->is_original);
  EXPECT_EQ(made->content_type, "image/png");
}

TEST(Thumbnail, StandsUprightHoweverTheCameraWasHeld) {
  // Red is left in the file; where it belongs, by orientation.
  struct Case {
    int orientation;
    bool red_left, red_top, lies;
  };
  for (auto const& [orientation, red_left, red_top, lies] : {Case{1, true, false, false},
                                                             {2, false, false, false},
                                                             {3, false, false, false},
                                                             {4, true, false, false},
                                                             {5, false, true, true},
                                                             {6, false, true, true},
                                                             {7, false, false, true},
                                                             {8, false, false, true}}) {
    auto const bytes = sample::with_orientation(encode_jpeg(sample::halves(800, 640)), orientation);
    auto const made = make_thumbnail(bytes, {scale, 96, 96});
    ASSERT_TRUE(made);
    auto const picture = pixels_of(made->bytes);
    EXPECT_EQ(picture.width < picture.height, lies) << orientation;
    EXPECT_EQ(is_red(picture.argb.front()), lies ? red_top : red_left) << orientation;
    EXPECT_EQ(is_red(picture.argb.back()), lies ? !red_top : !red_left) << orientation;
    auto const facts = inspect_picture(bytes);
    ASSERT_TRUE(facts);
    EXPECT_EQ(facts->size.width, lies ? 640 : 800);
  }
}

TEST(Thumbnail, TellsNothingButPixels) {
  auto const bytes = sample::with_orientation(encode_jpeg(sample::halves(800, 600)), 6);
  ASSERT_THAT(bytes, HasSubstr("secret place"));
  EXPECT_THAT(make_thumbnail(bytes, kCropped)->bytes, Not(HasSubstr("secret place")));
}

TEST(Thumbnail, OfAMovingPictureMovesWhenItMay) {
  auto const moving = sample::gif(64, 48, 3);
  auto const made = make_thumbnail(moving, kMoving);
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->content_type, "image/webp");
  auto frames = webp_frames(made->bytes);
  ASSERT_TRUE(frames);
  int count = 0;
  for (auto frame = (*frames)->next(); frame.pixels != nullptr; frame = (*frames)->next()) {
    EXPECT_EQ(frame.pixels->width, 32);
    EXPECT_EQ(frame.duration_ms, 100);
    EXPECT_EQ(is_red(frame.pixels->argb.front()), count % 2 == 0);
    ++count;
  }
  EXPECT_EQ(count, 3);
  auto const again = make_thumbnail(made->bytes, {scale, 16, 16, Motion::animated});
  ASSERT_TRUE(again) << "WebP moves too";
  EXPECT_EQ(again->content_type, "image/webp");
}

TEST(Thumbnail, StandsStillUnlessMotionIsAskedFor) {
  auto const moving = sample::gif(64, 48, 3);
  auto const made = make_thumbnail(moving, {scale, 32, 32});
  ASSERT_TRUE(made);
  EXPECT_EQ(made->content_type, "image/png");
  auto const small = make_thumbnail(moving, kScaled);
  ASSERT_TRUE(small);
  EXPECT_FALSE(small->is_original) << "the original moves";
  EXPECT_TRUE(make_thumbnail(moving, {scale, 320, 240, Motion::animated})->is_original);
  EXPECT_EQ(make_thumbnail(sample::gif(64, 48, 1), kMoving)->content_type, "image/png") << "nothing moves";
}

TEST(Thumbnail, RefusesWhatIsNoPicture) {
  auto const png = encode_png(sample::halves(100, 100));
  for (std::string const& bytes :
       {std::string(), std::string("hej"), std::string("%PDF-1.7"), std::string("<svg/>"), png.substr(0, 40),
        std::string("GIF89a"), std::string("RIFF\0\0\0\0WEBPVP8 ", 16)}) {
    auto const made = make_thumbnail(bytes, kCropped);
    ASSERT_FALSE(made) << bytes;
    EXPECT_EQ(made.error().code, ErrorCode::invalid_param);
  }
}

TEST(Thumbnail, ShowsWhatThereIsOfACutJpeg) {
  auto const whole = encode_jpeg(sample::halves(800, 600));
  EXPECT_TRUE(make_thumbnail(whole.substr(0, whole.size() / 2), kCropped));
}

TEST(Thumbnail, RefusesABombBeforeDecodingIt) {
  auto png = encode_png(sample::halves(64, 64));
  png.replace(16, 8, std::string("\0\0\xFF\xFF\0\0\xFF\xFF", 8));  // its header says 65535 × 65535
  auto const crc_wrong = make_thumbnail(png, kCropped);
  EXPECT_FALSE(crc_wrong);
  auto gif = sample::gif(64, 48, 1);
  gif.replace(6, 4, "\xFF\xFF\xFF\xFF");
  EXPECT_EQ(make_thumbnail(gif, kCropped).error().code, ErrorCode::too_large);
}

class Worker : public ::testing::Test {
 protected:
  std::filesystem::path file(std::string const& bytes) {
    auto const path = std::filesystem::temp_directory_path() / ("picture-" + std::to_string(::getpid()));
    std::ofstream(path, std::ios::binary) << bytes;
    return path;
  }
  ~Worker() override {
    std::filesystem::remove(std::filesystem::temp_directory_path() /
                            ("picture-" + std::to_string(::getpid())));
  }
  RealRuntime runtime{1};
  PictureWorker worker{runtime, {TORG_WORKERS "/picture_worker"}};
};

TEST_F(Worker, MakesAThumbnailInAProcessOfItsOwn) {
  auto const made = run(runtime, worker.thumbnail(file(encode_jpeg(sample::halves(800, 600))), kCropped));
  ASSERT_TRUE(made) << made.error().message << made.error().detail;
  EXPECT_EQ(pixels_of(made->bytes).width, 32);
  auto const facts = run(runtime, worker.inspect(file(encode_png(sample::halves(80, 60)))));
  ASSERT_TRUE(facts);
  EXPECT_EQ(facts->format, PictureFormat::png);
  EXPECT_EQ(facts->size.height, 60);
}

TEST_F(Worker, HandsOverWhyThereIsNone) {
  EXPECT_EQ(run(runtime, worker.thumbnail(file("no picture"), kCropped)).error().code,
            ErrorCode::invalid_param);
  auto gif = sample::gif(64, 48, 1);
  gif.replace(6, 4, "\xFF\xFF\xFF\xFF");
  EXPECT_EQ(run(runtime, worker.thumbnail(file(gif), kCropped)).error().code, ErrorCode::too_large);
}

TEST_F(Worker, IsSurvivedWhenItDies) {
  PictureWorker dying(runtime, {"/bin/sh", "-c", "kill -SEGV $$"});
  EXPECT_EQ(run(runtime, dying.thumbnail(file("x"), kCropped)).error().code, ErrorCode::invalid_param);
}

TEST(WorkerAnswer, IsDistrusted) {
  for (auto const* answer : {"", "x", "2\n{}", "20\n{\"type\":\"text/html\"}<script>",
                             "20\n{\"type\":\"image/png\"}x", "999999999999999999999\n{}"})
    EXPECT_FALSE(decode_thumbnail(answer)) << answer;
}

}  // namespace
}  // namespace torg::matrix
