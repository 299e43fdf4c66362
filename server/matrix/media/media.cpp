#include "matrix/media/media.hpp"

#include "base/encoding.hpp"
#include "base/log.hpp"
#include "matrix/media/store.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace torg::matrix {
namespace {

constexpr int kSweepAtOnce = 100;

std::string in_mib(std::uint64_t bytes) { return fmt::format("{} MiB", (bytes + (1 << 20) - 1) >> 20); }

/// Beyond somebody's quota; with the address that a client can show, where there is one.
std::unexpected<Error> beyond_quota(std::string message, std::string const& info_uri) {
  auto const code = info_uri.empty() ? ErrorCode::forbidden : ErrorCode::user_limit_exceeded;
  return fail(code, std::move(message), info_uri);
}

Result<> check_quota(db::Reader& reader, MediaOptions const& options, UserNid user, AuthorityId authority,
                     std::uint64_t more) {
  auto const fits = [&](std::uint64_t used, std::uint64_t quota) {
    return quota == 0 || used + more <= quota;
  };
  if (!fits(media_store::usage(reader, user).bytes, options.user_quota))
    return beyond_quota(fmt::format("Your files would take more than the {} that each person has here. Ask "
                                    "your administrator for room.",
                                    in_mib(options.user_quota)),
                        options.limit_info_uri);
  if (authority && !fits(media_store::usage(reader, authority).bytes, options.authority_quota))
    return beyond_quota(fmt::format("The files of your authority would take more than the {} that it has "
                                    "here. Ask your administrator for room.",
                                    in_mib(options.authority_quota)),
                        options.limit_info_uri);
  return {};
}

Result<> check_pending(std::optional<media_store::Pending> const& pending, UserNid uploader, Instant now) {
  if (!pending || pending->expires_at <= now)
    return fail(ErrorCode::not_found, "There is no such address to upload to, or its time is over.");
  if (pending->uploader != uploader)
    return fail(ErrorCode::forbidden, "Somebody else made this address to upload to.");
  return {};
}

std::unexpected<Error> uploaded_already() {
  return fail(ErrorCode::conflict, "A file was uploaded to this address already.");
}

std::unexpected<Error> no_such_file() { return fail(ErrorCode::not_found, "There is no such file."); }

}  // namespace

Media::Media(Runtime& runtime, db::Database& database, db::Blobs& blobs, identity::Identity& identity,
             MediaOptions options)
    : runtime_(runtime),
      database_(database),
      blobs_(blobs),
      identity_(identity),
      options_(std::move(options)),
      arrivals_(runtime) {}

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

bool is_valid_media_id(std::string_view id) {
  constexpr std::string_view kAllowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
  return !id.empty() && id.size() <= 255 && id.find_first_not_of(kAllowed) == std::string_view::npos;
}

std::string Media::new_media_id() {
  std::array<unsigned char, 18> random{};
  runtime_.fill_random(random);
  return base64_encode({reinterpret_cast<char const*>(random.data()), random.size()}, Base64::url);
}

// Asked before the bytes are stored; the write looks again, since somebody may have been faster.
Task<Result<>> Media::check_before(Upload const& upload, std::uint64_t size) {
  auto const now = runtime_.now();
  auto const checked = co_await database_.read([&upload, size, now, authority = authority(upload.uploader),
                                                &options = options_](db::Reader& reader) -> Result<> {
    if (!upload.media_id.empty()) {
      auto const found = media_store::find(reader, upload.media_id);
      if (found.file) return uploaded_already();
      if (auto good = check_pending(found.pending, upload.uploader, now); !good) return good;
    }
    if (upload.quota == Quota::waived) return {};
    return check_quota(reader, options, upload.uploader, authority, size);
  });
  if (!checked) co_return std::unexpected(checked.error());
  co_return *checked;
}

Task<Result<std::string>> Media::upload(Upload upload, std::filesystem::path path) {
  std::error_code missing;
  auto const size = std::filesystem::file_size(path, missing);
  if (auto good = co_await check_before(upload, missing ? 0 : size); !good) co_return fail(std::move(good));
  auto stored = co_await run_offloaded(runtime_, [this, path] { return blobs_.adopt(path); });
  if (!stored) co_return std::unexpected(stored.error());
  co_return co_await keep(std::move(upload), std::move(*stored));
}

Task<Result<std::string>> Media::upload(Upload upload, std::string bytes) {
  if (auto good = co_await check_before(upload, bytes.size()); !good) co_return fail(std::move(good));
  auto stored = co_await store(std::move(bytes));
  if (!stored) co_return std::unexpected(stored.error());
  co_return co_await keep(std::move(upload), std::move(*stored));
}

Task<Result<db::Blobs::Stored>> Media::store(std::string bytes) {
  co_return co_await run_offloaded(runtime_, [this, bytes = std::move(bytes)] { return blobs_.put(bytes); });
}

Task<Result<std::string>> Media::upload_bytes(UserNid uploader, std::string bytes, std::string content_type,
                                              std::string file_name) {
  Upload what{
      .uploader = uploader, .content_type = std::move(content_type), .file_name = std::move(file_name)};
  co_return co_await upload(std::move(what), std::move(bytes));
}

Task<Result<std::string>> Media::keep(Upload upload, db::Blobs::Stored stored) {
  bool const promised = !upload.media_id.empty();
  MediaFile const file{.media_id = promised ? upload.media_id : new_media_id(),
                       .blob = stored.id,
                       .size = stored.size,
                       .content_type = upload.content_type.empty() ? "application/octet-stream"
                                                                   : std::move(upload.content_type),
                       .file_name = safe_file_name(upload.file_name),
                       .uploader = upload.uploader,
                       .created_at = runtime_.now(),
                       .authority = authority(upload.uploader),
                       .expires_at = upload.expires_at};
  auto kept = co_await database_.write(
      [file, promised, quota = upload.quota, options = options_](db::Transaction& transaction) -> Result<> {
        if (promised && !media_store::take_pending(transaction, file.media_id)) return uploaded_already();
        if (quota == Quota::applies) {
          auto good = check_quota(transaction, options, file.uploader, file.authority, file.size);
          if (!good) return good;
        }
        media_store::insert(transaction, file);
        return {};
      });
  if (!kept) {
    co_await drop_unused({file.blob});
    co_return std::unexpected(kept.error());
  }
  arrivals_.wake(file.media_id);
  co_return "mxc://" + options_.server_name + '/' + file.media_id;
}

Task<Result<PendingMedia>> Media::create(UserNid uploader) {
  auto const now = runtime_.now();
  auto const id = new_media_id();
  media_store::Pending const pending{uploader, now + options_.pending_lifetime};
  auto made = co_await database_.write(
      [id, pending, now, most = options_.most_pending](db::Transaction& transaction) -> Result<> {
        media_store::drop_expired_pending(transaction, now);
        if (media_store::count_pending(transaction, pending.uploader, now) >= most)
          return fail(ErrorCode::limit_exceeded,
                      "You have made too many addresses without uploading to them. Upload, or wait.");
        media_store::insert_pending(transaction, id, pending);
        return {};
      });
  if (!made) co_return std::unexpected(made.error());
  co_return PendingMedia{"mxc://" + options_.server_name + '/' + id, pending.expires_at};
}

Task<Result<MediaFile>> Media::find(std::string server, std::string media_id) {
  if (!is_valid_media_id(media_id)) co_return no_such_file();
  if (server != options_.server_name)
    co_return fail(ErrorCode::not_found, "That file lies on another server.");
  auto found = co_await database_.read(
      [&media_id](db::Reader& reader) { return media_store::find(reader, media_id); });
  if (!found) co_return std::unexpected(found.error());
  auto const now = runtime_.now();
  if (found->pending && found->pending->expires_at > now)
    co_return fail(ErrorCode::not_yet_uploaded, "The file has not been uploaded yet.");
  // Nobody is told that it is quarantined: it isn't there.
  if (!found->file || found->quarantined || found->file->expires_at.value_or(Instant::max()) <= now)
    co_return no_such_file();
  co_return std::move(*found->file);
}

Task<Result<MediaFile>> Media::await(std::string server, std::string media_id, SteadyTime deadline,
                                     net::Call& call) {
  for (;;) {
    auto found = co_await find(server, media_id);
    bool const waits = !found && found.error().code == ErrorCode::not_yet_uploaded;
    if (!waits || stopping_ || call.interrupted() || runtime_.steady_now() >= deadline) co_return found;
    call.on_interrupt([this, media_id] { arrivals_.wake(media_id); });
    co_await arrivals_.wait(media_id, deadline);
    if (call.request.interruption != nullptr) call.request.interruption->forget();
  }
}

std::optional<std::string> Media::local_id(std::string_view mxc) const {
  constexpr std::string_view kScheme = "mxc://";
  auto const slash = mxc.find('/', std::min(kScheme.size(), mxc.size()));
  if (!mxc.starts_with(kScheme) || slash == std::string_view::npos) return std::nullopt;
  auto const id = mxc.substr(slash + 1);
  if (mxc.substr(kScheme.size(), slash - kScheme.size()) != options_.server_name || !is_valid_media_id(id))
    return std::nullopt;
  return std::string(id);
}

Task<Result<MediaFile>> Media::find_mxc(std::string mxc) {
  constexpr std::string_view kScheme = "mxc://";
  auto const slash = mxc.find('/', std::min(kScheme.size(), mxc.size()));
  if (!mxc.starts_with(kScheme) || slash == std::string::npos)
    co_return fail(ErrorCode::invalid_param, "That is no mxc:// address.");
  co_return co_await find(mxc.substr(kScheme.size(), slash - kScheme.size()), mxc.substr(slash + 1));
}

Task<> Media::drop_unused(std::vector<db::BlobId> blobs) {
  auto const unused = co_await database_.read([&blobs, &kept = is_kept_elsewhere](db::Reader& reader) {
    std::vector<db::BlobId> out;
    for (auto const& blob : blobs)
      if (!media_store::uses_blob(reader, blob) && !(kept && kept(reader, blob))) out.push_back(blob);
    return out;
  });
  if (!unused) co_return;
  for (auto const& blob : *unused) {
    auto const gone = co_await run_offloaded(runtime_, [this, blob] { return blobs_.remove(blob); });
    if (!gone)
      log(LogLevel::warning, "a file that nobody uses was not removed", {{"detail", gone.error().detail}});
  }
}

Task<> Media::sweep() {
  auto const now = runtime_.now();
  auto const ids = co_await database_.read(
      [now](db::Reader& reader) { return media_store::expired(reader, now, kSweepAtOnce); });
  if (!ids || ids->empty()) co_return;
  auto const blobs =
      co_await database_.write([ids = *ids](db::Transaction& transaction) -> Result<std::vector<db::BlobId>> {
        std::vector<db::BlobId> all;
        for (auto const& id : ids)
          std::ranges::move(media_store::remove(transaction, id), std::back_inserter(all));
        return all;
      });
  if (blobs) co_await drop_unused(*blobs);
}

void Media::stop() {
  stopping_ = true;
  arrivals_.wake_all();
}

}  // namespace torg::matrix
