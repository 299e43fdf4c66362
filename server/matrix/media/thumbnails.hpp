#pragma once
#include "matrix/media/media.hpp"
#include "matrix/media/picture/worker.hpp"
#include "matrix/media/store.hpp"
#include "runtime/single_flight.hpp"
#include "runtime/turns.hpp"

namespace torg::matrix {

/// Thumbnails of uploaded pictures: made in a worker process when first asked for, once however many ask, and
/// kept as blobs. On the executor.
class Thumbnails {
 public:
  /// `worker` runs `run_picture_worker`; `at_once` bounds how many run together.
  Thumbnails(Media& media, std::vector<std::string> worker, std::size_t at_once)
      : media_(media),
        worker_(media.runtime(), std::move(worker)),
        making_(media.runtime()),
        turns_(media.runtime(), at_once, kMostWaiting) {}

  /// The nearest size that is made (`nearest_made`). `bad_request` for what is no picture, `too_large` for
  /// one that can't be decoded within bounds, `unavailable` when too many are being made.
  Task<Result<media_store::Thumbnail>> get(MediaFile picture, ThumbnailWish asked);
  /// What kind of picture it is and how large; errors as above.
  Task<Result<PictureFacts>> inspect(db::BlobId picture);

 private:
  static constexpr std::size_t kMostWaiting = 200;

  Task<Result<media_store::Thumbnail>> make(MediaFile picture, ThumbnailWish wish);
  Task<Result<media_store::Thumbnail>> keep(MediaFile picture, std::string variant, MadeThumbnail made);
  Task<Result<>> remember(MediaFile picture, std::string variant, media_store::Thumbnail thumbnail);

  Media& media_;
  PictureWorker worker_;
  SingleFlight<Result<media_store::Thumbnail>> making_;
  Turns turns_;
};

}  // namespace torg::matrix
