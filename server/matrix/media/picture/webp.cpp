#include "matrix/media/picture/formats.hpp"
#include "matrix/media/picture/libraries.hpp"

#include <cstring>

namespace torg::matrix {
namespace {

constexpr float kQuality = 70;
constexpr int kFast = 1;  ///< of 0 to 6: the slower, the smaller

unsigned char const* data_of(std::string_view bytes) {
  return reinterpret_cast<unsigned char const*>(bytes.data());
}

std::unexpected<Error> broken() { return fail(ErrorCode::invalid_param, "The picture is broken."); }

struct DeleteDecoder {
  void operator()(WebPAnimDecoder* decoder) const { WebPAnimDecoderDelete(decoder); }
};

class WebpFrames : public Frames {
 public:
  WebpFrames(std::unique_ptr<WebPAnimDecoder, DeleteDecoder> decoder, PictureSize size)
      : decoder_(std::move(decoder)), canvas_(Pixels::blank(size.width, size.height)) {}

  Frame next() override {
    unsigned char* buffer = nullptr;
    int ends_at = 0;
    if (WebPAnimDecoderGetNext(decoder_.get(), &buffer, &ends_at) == 0) return {};
    std::memcpy(canvas_.bytes(), buffer, canvas_.argb.size() * sizeof(std::uint32_t));
    return {&canvas_, ends_at - std::exchange(ended_at_, ends_at)};
  }

 private:
  std::unique_ptr<WebPAnimDecoder, DeleteDecoder> decoder_;
  Pixels canvas_;
  int ended_at_ = 0;
};

}  // namespace

Result<WebpHeader> webp_header(std::string_view bytes) {
  WebPBitstreamFeatures features;
  if (WebPGetFeaturesInternal(data_of(bytes), bytes.size(), &features, WEBP_DECODER_ABI_VERSION) !=
      VP8_STATUS_OK)
    return broken();
  if (auto good = check_size(features.width, features.height); !good) return fail(std::move(good));
  return WebpHeader{{features.width, features.height}, features.has_animation != 0};
}

Result<Pixels> decode_webp(std::string_view bytes) {
  auto const header = webp_header(bytes);
  if (!header) return std::unexpected(header.error());
  if (header->animated) {
    auto frames = webp_frames(bytes);
    if (!frames) return std::unexpected(frames.error());
    auto const first = (*frames)->next();
    if (first.pixels == nullptr) return broken();
    return *first.pixels;
  }
  auto picture = Pixels::blank(header->size.width, header->size.height);
  auto const size = picture.argb.size() * sizeof(std::uint32_t);
  if (WebPDecodeBGRAInto(data_of(bytes), bytes.size(), picture.bytes(), size, picture.width * 4) == nullptr)
    return broken();
  return picture;
}

Result<std::unique_ptr<Frames>> webp_frames(std::string_view bytes) {
  auto const header = webp_header(bytes);
  if (!header) return std::unexpected(header.error());
  WebPAnimDecoderOptions options;
  WebPAnimDecoderOptionsInitInternal(&options, WEBP_DEMUX_ABI_VERSION);
  options.color_mode = MODE_BGRA;
  WebPData const data{data_of(bytes), bytes.size()};
  std::unique_ptr<WebPAnimDecoder, DeleteDecoder> decoder(
      WebPAnimDecoderNewInternal(&data, &options, WEBP_DEMUX_ABI_VERSION));
  WebPAnimInfo info;
  if (!decoder || WebPAnimDecoderGetInfo(decoder.get(), &info) == 0) return broken();
  PictureSize const size{static_cast<int>(info.canvas_width), static_cast<int>(info.canvas_height)};
  if (auto good = check_size(size.width, size.height); !good) return fail(std::move(good));
  return std::make_unique<WebpFrames>(std::move(decoder), size);
}

struct WebpWriter::Impl {
  WebPAnimEncoder* encoder = nullptr;
  WebPConfig config;
  int time_ms = 0;
};

WebpWriter::WebpWriter(int width, int height) : impl_(std::make_unique<Impl>()) {
  WebPAnimEncoderOptions options;
  WebPAnimEncoderOptionsInitInternal(&options, WEBP_MUX_ABI_VERSION);
  impl_->encoder = WebPAnimEncoderNewInternal(width, height, &options, WEBP_MUX_ABI_VERSION);
  WebPConfigInitInternal(&impl_->config, WEBP_PRESET_DEFAULT, kQuality, WEBP_ENCODER_ABI_VERSION);
  impl_->config.method = kFast;
}

WebpWriter::~WebpWriter() { WebPAnimEncoderDelete(impl_->encoder); }

bool WebpWriter::add(Pixels frame, int duration_ms) {
  if (impl_->encoder == nullptr) return false;
  WebPPicture view;
  WebPPictureInitInternal(&view, WEBP_ENCODER_ABI_VERSION);
  view.use_argb = 1;
  view.width = frame.width;
  view.height = frame.height;
  view.argb_stride = frame.width;
  view.argb = frame.argb.data();  // borrowed
  auto const added = WebPAnimEncoderAdd(impl_->encoder, &view, impl_->time_ms, &impl_->config);
  impl_->time_ms += duration_ms;
  WebPPictureFree(&view);
  return added != 0;
}

std::string WebpWriter::finish() {
  WebPData data{nullptr, 0};
  bool const done = impl_->encoder != nullptr &&
                    WebPAnimEncoderAdd(impl_->encoder, nullptr, impl_->time_ms, nullptr) != 0 &&
                    WebPAnimEncoderAssemble(impl_->encoder, &data) != 0;
  std::string bytes(reinterpret_cast<char const*>(data.bytes), done ? data.size : 0);
  WebPFree(const_cast<std::uint8_t*>(data.bytes));
  return bytes;
}

}  // namespace torg::matrix
