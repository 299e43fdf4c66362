#include "matrix/media/thumbnails.hpp"

#include "base/log.hpp"

namespace torg::matrix {
namespace {

// Kept in place of a type, so that a broken picture costs a worker once.
constexpr std::string_view kUnreadable = "unreadable";
constexpr std::string_view kTooLarge = "too large";

std::unexpected<Error> no_thumbnail(std::string_view why) {
  if (why == kTooLarge) return fail(ErrorCode::too_large, "The picture is too large for a thumbnail.");
  return fail(ErrorCode::bad_request, "No thumbnail can be made of this file.");
}

Result<media_store::Thumbnail> usable(media_store::Thumbnail thumbnail) {
  if (thumbnail.blob.value.empty()) return no_thumbnail(thumbnail.content_type);
  return thumbnail;
}

}  // namespace

Task<Result<media_store::Thumbnail>> Thumbnails::get(MediaFile picture, ThumbnailWish asked) {
  auto const wish = nearest_made(asked);
  auto const variant = to_text(wish);
  auto known = co_await media_.database().read(
      [&](db::Reader& reader) { return media_store::thumbnail(reader, picture.blob, variant); });
  if (!known) co_return std::unexpected(known.error());
  if (*known) co_return usable(std::move(**known));
  auto const key = picture.blob.value + variant;
  co_return co_await making_.run(key, [this, picture, wish] { return make(picture, wish); });
}

Task<Result<media_store::Thumbnail>> Thumbnails::make(MediaFile picture, ThumbnailWish wish) {
  auto const path = media_.path(picture.blob);
  if (!path) co_return std::unexpected(path.error());
  auto const turn = co_await turns_.take();
  if (!turn) co_return std::unexpected(turn.error());
  auto made = co_await worker_.thumbnail(*path, wish);
  if (made) co_return co_await keep(std::move(picture), to_text(wish), std::move(*made));
  auto const code = made.error().code;
  if (code != ErrorCode::invalid_param && code != ErrorCode::too_large) co_return fail(std::move(made));
  if (!made.error().detail.empty())
    log(LogLevel::info, "no thumbnail could be made", {{"detail", made.error().detail}});
  auto const why = std::string(code == ErrorCode::too_large ? kTooLarge : kUnreadable);
  if (auto kept = co_await remember(std::move(picture), to_text(wish), {{}, why, 0}); !kept)
    co_return fail(std::move(kept));
  co_return no_thumbnail(why);
}

Task<Result<media_store::Thumbnail>> Thumbnails::keep(MediaFile picture, std::string variant,
                                                      MadeThumbnail made) {
  media_store::Thumbnail thumbnail{picture.blob, std::move(made.content_type), picture.size};
  if (!made.is_original) {
    auto& blobs = media_.blobs();
    auto stored = co_await run_offloaded(
        media_.runtime(), [&blobs, bytes = std::move(made.bytes)] { return blobs.put(bytes); });
    if (!stored) co_return std::unexpected(stored.error());
    thumbnail.blob = std::move(stored->id);
    thumbnail.size = stored->size;
  }
  auto kept = co_await remember(std::move(picture), std::move(variant), thumbnail);
  if (kept) co_return thumbnail;
  if (!made.is_original) co_await media_.drop_unused({thumbnail.blob});
  co_return fail(std::move(kept));
}

Task<Result<>> Thumbnails::remember(MediaFile picture, std::string variant,
                                    media_store::Thumbnail thumbnail) {
  co_return co_await media_.database().write(
      [blob = picture.blob, variant, thumbnail](db::Transaction& transaction) -> Result<> {
        if (media_store::put_thumbnail(transaction, blob, variant, thumbnail)) return {};
        return fail(ErrorCode::not_found, "There is no such file.");  // deleted meanwhile
      });
}

Task<Result<PictureFacts>> Thumbnails::inspect(db::BlobId picture) {
  auto const path = media_.path(picture);
  if (!path) co_return std::unexpected(path.error());
  auto const turn = co_await turns_.take();
  if (!turn) co_return std::unexpected(turn.error());
  co_return co_await worker_.inspect(*path);
}

}  // namespace torg::matrix
