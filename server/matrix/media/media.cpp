#include "matrix/media/media.hpp"

#include "base/encoding.hpp"
#include "matrix/media/store.hpp"

#include <algorithm>
#include <array>

namespace torg::matrix {

Media::Media(Runtime& runtime, db::Database& database, db::Blobs& blobs, identity::Identity& identity,
             std::string server_name, OldDownloads old_downloads)
    : runtime_(runtime),
      database_(database),
      blobs_(blobs),
      identity_(identity),
      server_name_(std::move(server_name)),
      old_downloads_(old_downloads) {}

std::string safe_file_name(std::string_view name) {
  if (auto const slash = name.find_last_of("/\\"); slash != std::string_view::npos)
    name.remove_prefix(slash + 1);
  std::string safe;
  for (unsigned char c : name.substr(0, 200)) {
    if (c >= 0x20 && c != 0x7F && c != '"') safe += static_cast<char>(c);
  }
  // The cut may have split a character.
  while (!safe.empty() && !is_valid_utf8(safe)) safe.pop_back();
  return safe == "." || safe == ".." ? "" : safe;
}

Task<Result<std::string>> Media::upload(UserNid uploader, std::filesystem::path path,
                                        std::string content_type, std::string file_name) {
  auto stored = co_await run_offloaded(runtime_, [this, path] { return blobs_.adopt(path); });
  if (!stored) co_return std::unexpected(stored.error());
  co_return co_await keep(uploader, std::move(*stored), std::move(content_type), std::move(file_name));
}

Task<Result<std::string>> Media::upload_bytes(UserNid uploader, std::string bytes, std::string content_type,
                                              std::string file_name) {
  auto stored =
      co_await run_offloaded(runtime_, [this, bytes = std::move(bytes)] { return blobs_.put(bytes); });
  if (!stored) co_return std::unexpected(stored.error());
  co_return co_await keep(uploader, std::move(*stored), std::move(content_type), std::move(file_name));
}

Task<Result<std::string>> Media::keep(UserNid uploader, db::Blobs::Stored stored, std::string content_type,
                                      std::string file_name) {
  std::array<unsigned char, 18> random{};
  runtime_.fill_random(random);
  MediaFile file{
      .media_id = base64_encode({reinterpret_cast<char const*>(random.data()), random.size()}, Base64::url),
      .blob = std::move(stored.id),
      .size = stored.size,
      .content_type = content_type.empty() ? "application/octet-stream" : std::move(content_type),
      .file_name = safe_file_name(file_name),
      .uploader = uploader};
  auto const now = to_ms(runtime_.now());
  auto kept = co_await database_.write([file, now](db::Transaction& transaction) -> Result<> {
    media_store::insert(transaction, file, now);
    return {};
  });
  if (!kept) co_return std::unexpected(kept.error());
  co_return "mxc://" + server_name_ + '/' + file.media_id;
}

Task<Result<MediaFile>> Media::find(std::string server, std::string media_id) {
  if (server != server_name_) co_return fail(ErrorCode::not_found, "That file lies on another server.");
  auto found = co_await database_.read(
      [&media_id](db::Reader& reader) { return media_store::find(reader, media_id); });
  if (!found) co_return std::unexpected(found.error());
  if (!*found) co_return fail(ErrorCode::not_found, "There is no such file.");
  co_return std::move(**found);
}

Task<Result<MediaFile>> Media::find_mxc(std::string mxc) {
  constexpr std::string_view kScheme = "mxc://";
  auto const slash = mxc.find('/', kScheme.size());
  if (!mxc.starts_with(kScheme) || slash == std::string::npos)
    co_return fail(ErrorCode::invalid_param, "That is no mxc:// address.");
  co_return co_await find(mxc.substr(kScheme.size(), slash - kScheme.size()), mxc.substr(slash + 1));
}

}  // namespace torg::matrix
