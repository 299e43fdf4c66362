#pragma once
#include "matrix/media/picture/thumbnail.hpp"
#include "runtime/runtime.hpp"

#include <filesystem>

namespace torg::matrix {

/// Reads pictures in processes of their own (`torg worker picture`), one for each picture, which can open no
/// file and reach no network: decoders are large and pictures are hostile.
class PictureWorker {
 public:
  static constexpr std::chrono::seconds kDeadline{20};

  /// `command` runs `run_picture_worker`; what is wished for is added to it.
  PictureWorker(Runtime& runtime, std::vector<std::string> command)
      : runtime_(runtime), command_(std::move(command)) {}

  /// @return as `make_thumbnail`; `invalid_param` also when the worker fell over the picture, `unavailable`
  /// when it could not be started or took too long
  Task<Result<MadeThumbnail>> thumbnail(std::filesystem::path picture, ThumbnailWish wish);
  Task<Result<PictureFacts>> inspect(std::filesystem::path picture);

 private:
  Task<Result<std::string>> ask(std::filesystem::path picture, std::string wish);

  Runtime& runtime_;
  std::vector<std::string> command_;
};

/// The worker: confines itself, reads a picture on standard input, writes the answer, returns the exit code.
/// `wish` is a `ThumbnailWish` as text, or `inspect`. Call `_exit` with it.
[[nodiscard]] int run_picture_worker(std::string_view wish);

// The worker's answers.
[[nodiscard]] std::string encode_thumbnail(Result<MadeThumbnail> const& made);
[[nodiscard]] Result<MadeThumbnail> decode_thumbnail(std::string_view answer);
[[nodiscard]] std::string encode_facts(Result<PictureFacts> const& facts);
[[nodiscard]] Result<PictureFacts> decode_facts(std::string_view answer);

}  // namespace torg::matrix
