#include "matrix/media/picture/formats.hpp"
#include "matrix/media/picture/libraries.hpp"

#include <algorithm>
#include <cstring>
#include <span>

namespace torg::matrix {
namespace {

constexpr int kHundredths = 10;      ///< of a second, in milliseconds
constexpr int kUsualDuration = 100;  ///< what browsers make of "as fast as you can"
constexpr int kShortestDuration = 20;

struct Close {
  void operator()(GifFileType* file) const { DGifCloseFile(file, nullptr); }
};

struct Input {
  std::string_view rest;
  static int read(GifFileType* file, GifByteType* into, int size) {
    auto& rest = static_cast<Input*>(file->UserData)->rest;
    auto const count = std::min(static_cast<std::size_t>(std::max(size, 0)), rest.size());
    std::memcpy(into, rest.data(), count);
    rest.remove_prefix(count);
    return static_cast<int>(count);
  }
};

/// One frame's own part, before it is laid on what is there.
struct Patch {
  int left, top, width, height;
  std::vector<GifPixelType> colours;
};

class GifFrames : public Frames {
 public:
  static Result<std::unique_ptr<GifFrames>> open(std::string_view bytes) {
    auto frames = std::unique_ptr<GifFrames>(new GifFrames(bytes));
    if (!frames->file_) return fail(ErrorCode::invalid_param, "The picture is broken.");
    auto const& file = *frames->file_;
    if (auto good = check_size(file.SWidth, file.SHeight); !good) return fail(std::move(good));
    return frames;
  }
  [[nodiscard]] PictureSize size() const { return {file_->SWidth, file_->SHeight}; }

  Frame next() override {
    if (canvas_.argb.empty()) canvas_ = Pixels::blank(file_->SWidth, file_->SHeight);
    undo_last();
    GraphicsControlBlock control{.DisposalMode = DISPOSAL_UNSPECIFIED,
                                 .UserInputFlag = false,
                                 .DelayTime = 0,
                                 .TransparentColor = NO_TRANSPARENT_COLOR};
    for (;;) {
      GifRecordType type = UNDEFINED_RECORD_TYPE;
      if (DGifGetRecordType(file_.get(), &type) == GIF_ERROR || type == TERMINATE_RECORD_TYPE) return {};
      if (type == EXTENSION_RECORD_TYPE && !read_extension(control)) return {};
      if (type != IMAGE_DESC_RECORD_TYPE) continue;
      auto const patch = read_patch();
      if (!patch) return {};
      draw(*patch, control);
      return {&canvas_, duration(control.DelayTime)};
    }
  }

 private:
  explicit GifFrames(std::string_view bytes)
      : input_{bytes}, file_(DGifOpen(&input_, Input::read, nullptr)) {}

  static int duration(int delay) {
    auto const ms = delay * kHundredths;
    return ms < kShortestDuration ? kUsualDuration : ms;
  }

  bool read_extension(GraphicsControlBlock& control) {
    int code = 0;
    GifByteType* block = nullptr;
    if (DGifGetExtension(file_.get(), &code, &block) == GIF_ERROR) return false;
    while (block != nullptr) {
      if (code == GRAPHICS_EXT_FUNC_CODE) DGifExtensionToGCB(block[0], block + 1, &control);
      if (DGifGetExtensionNext(file_.get(), &block) == GIF_ERROR) return false;
    }
    return true;
  }

  std::optional<Patch> read_patch() {
    if (DGifGetImageDesc(file_.get()) == GIF_ERROR) return std::nullopt;
    auto const& image = file_->Image;
    if (!check_size(image.Width, image.Height)) return std::nullopt;
    Patch patch{image.Left, image.Top, image.Width, image.Height, {}};
    auto const width = static_cast<std::size_t>(image.Width);
    patch.colours.resize(width * static_cast<std::size_t>(image.Height));
    // Interlaced rows come in four passes.
    struct Pass {
      int first, step;
    };
    constexpr Pass kInterlaced[] = {{0, 8}, {4, 8}, {2, 4}, {1, 2}}, kPlain[] = {{0, 1}};
    auto const passes = image.Interlace ? std::span<Pass const>(kInterlaced) : std::span<Pass const>(kPlain);
    for (auto const& pass : passes)
      for (int row = pass.first; row < image.Height; row += pass.step)
        if (DGifGetLine(file_.get(), patch.colours.data() + static_cast<std::size_t>(row) * width,
                        image.Width) == GIF_ERROR)
          return std::nullopt;
    return patch;
  }

  void draw(Patch const& patch, GraphicsControlBlock const& control) {
    if (control.DisposalMode == DISPOSE_PREVIOUS) before_ = canvas_.argb;
    auto const* const map = file_->Image.ColorMap != nullptr ? file_->Image.ColorMap : file_->SColorMap;
    each_pixel(patch, [&](std::uint32_t& pixel, GifPixelType colour) {
      if (colour == control.TransparentColor || map == nullptr || colour >= map->ColorCount) return;
      auto const& c = map->Colors[colour];
      pixel = 0xFF000000U | static_cast<std::uint32_t>(c.Red) << 16 |
              static_cast<std::uint32_t>(c.Green) << 8 | c.Blue;
    });
    last_ = {patch.left, patch.top, patch.width, patch.height, {}};
    disposal_ = control.DisposalMode;
  }

  void undo_last() {
    if (disposal_ == DISPOSE_PREVIOUS) canvas_.argb = before_;
    if (disposal_ == DISPOSE_BACKGROUND)
      each_pixel(last_, [](std::uint32_t& pixel, GifPixelType) { pixel = 0; });
    disposal_ = DISPOSAL_UNSPECIFIED;
  }

  /// Those of the patch that lie on the canvas: its place is the sender's choice.
  template <class F>
  void each_pixel(Patch const& patch, F use) {
    for (int y = 0; y < patch.height && patch.top + y < canvas_.height; ++y) {
      for (int x = 0; x < patch.width && patch.left + x < canvas_.width; ++x) {
        if (patch.top + y < 0 || patch.left + x < 0) continue;
        auto const at =
            static_cast<std::size_t>(y) * static_cast<std::size_t>(patch.width) + static_cast<std::size_t>(x);
        auto& pixel =
            canvas_.argb[static_cast<std::size_t>(patch.top + y) * static_cast<std::size_t>(canvas_.width) +
                         static_cast<std::size_t>(patch.left + x)];
        use(pixel, patch.colours.empty() ? GifPixelType{} : patch.colours[at]);
      }
    }
  }

  Input input_;
  std::unique_ptr<GifFileType, Close> file_;
  Pixels canvas_;
  std::vector<std::uint32_t> before_;
  Patch last_{};
  int disposal_ = DISPOSAL_UNSPECIFIED;
};

}  // namespace

Result<PictureSize> gif_size(std::string_view bytes) {
  auto const frames = GifFrames::open(bytes);
  if (!frames) return std::unexpected(frames.error());
  return (*frames)->size();
}

Result<std::unique_ptr<Frames>> gif_frames(std::string_view bytes) {
  auto frames = GifFrames::open(bytes);
  if (!frames) return std::unexpected(frames.error());
  return std::move(*frames);
}

}  // namespace torg::matrix
