#include "identity/http.hpp"

#include "base/encoding.hpp"
#include "matrix/media/media.hpp"

#include <algorithm>

namespace torg::matrix {
namespace {

using net::Method;

/// Types a browser may show in place; everything else is downloaded.
/// @see https://spec.matrix.org/v1.19/client-server-api/#serving-inline-content
constexpr std::string_view kInline[] = {
    "text/css",    "text/plain", "text/csv",    "application/json", "application/ld+json",
    "image/jpeg",  "image/gif",  "image/png",   "image/apng",       "image/webp",
    "image/avif",  "video/mp4",  "video/webm",  "video/ogg",        "video/quicktime",
    "audio/mp4",   "audio/webm", "audio/aac",   "audio/mpeg",       "audio/ogg",
    "audio/wave",  "audio/wav",  "audio/x-wav", "audio/x-pn-wav",   "audio/flac",
    "audio/x-flac"};

/// A thumbnail is the picture itself up to this size; there is no image worker to make smaller ones.
constexpr std::uint64_t kMaxThumbnailBytes = 4 << 20;

std::string_view bare_type(std::string_view type) { return type.substr(0, type.find(';')); }

std::string disposition(MediaFile const& file, std::string_view name) {
  bool const in_place = std::ranges::find(kInline, bare_type(file.content_type)) != std::end(kInline);
  std::string text = in_place ? "inline" : "attachment";
  if (!name.empty()) text += "; filename*=utf-8''" + percent_encode(name);
  return text;
}

net::Response file_response(MediaFile const& file, std::filesystem::path path, std::string_view name) {
  net::Response response;
  response.headers = {
      {"content-type", file.content_type},
      {"content-disposition", disposition(file, name.empty() ? file.file_name : name)},
      {"x-content-type-options", "nosniff"},
      {"content-security-policy",
       "sandbox; default-src 'none'; script-src 'none'; plugin-types application/pdf; style-src "
       "'unsafe-inline'; object-src 'self';"},
      {"cross-origin-resource-policy", "cross-origin"},
      {"cache-control", "private, max-age=86400, immutable"}};
  response.file = net::FileBody{std::move(path), 0, file.size};
  return response;
}

}  // namespace

Task<net::Response> Media::post_upload(net::Call& call) {
  auto const requester = identity_.authenticate(call.request);
  if (!requester) co_return net::error_response(requester.error());
  std::string type(call.request.header("content-type").value_or(""));
  auto const is_plain = [](unsigned char c) { return c >= 0x20 && c < 0x7F; };
  if (type.size() > 200 || !std::ranges::all_of(type, is_plain)) type.clear();
  auto name = call.request.query("filename").value_or("");
  auto const file = std::exchange(call.request.body_file, {});
  auto address = file.empty() ? co_await upload_bytes(requester->user, std::move(call.request.body),
                                                      std::move(type), std::move(name))
                              : co_await upload(requester->user, file, std::move(type), std::move(name));
  if (!address) co_return net::error_response(address.error());
  co_return net::json_response(R"({"content_uri":")" + *address + R"("})");
}

Task<net::Response> Media::download(net::Call& call) {
  auto const requester = identity_.authenticate(call.request);
  if (!requester) co_return net::error_response(requester.error());
  co_return co_await send_file(call);
}

Task<net::Response> Media::send_file(net::Call& call) {
  auto const file = co_await find(call.path[0], call.path[1]);
  if (!file) co_return net::error_response(file.error());
  auto const where = path(*file);
  if (!where) co_return net::error_response(where.error());
  auto const name = call.path.size() > 2 ? safe_file_name(call.path[2]) : std::string();
  co_return file_response(*file, *where, name);
}

Task<net::Response> Media::thumbnail(net::Call& call) {
  auto const requester = identity_.authenticate(call.request);
  if (!requester) co_return net::error_response(requester.error());
  co_return co_await send_thumbnail(call);
}

Task<net::Response> Media::send_thumbnail(net::Call& call) {
  auto const file = co_await find(call.path[0], call.path[1]);
  if (!file) co_return net::error_response(file.error());
  auto const type = bare_type(file->content_type);
  bool const is_picture =
      type == "image/png" || type == "image/jpeg" || type == "image/gif" || type == "image/webp";
  if (!is_picture || file->size > kMaxThumbnailBytes) {
    co_return net::error_response({ErrorCode::not_found, "There is no thumbnail of this file.", ""});
  }
  auto const where = path(*file);
  if (!where) co_return net::error_response(where.error());
  co_return file_response(*file, *where, "");
}

// SPEC: these endpoints are deprecated, and a server may refuse what was uploaded after it stopped to serve
// them.
Task<net::Response> Media::old_download(net::Call& call) {
  if (old_downloads_ == OldDownloads::open) co_return co_await send_file(call);
  co_return net::error_response({ErrorCode::not_found, "Sign in to read files: use client/v1/media.", ""});
}

Task<net::Response> Media::old_thumbnail(net::Call& call) {
  if (old_downloads_ == OldDownloads::open) co_return co_await send_thumbnail(call);
  co_return net::error_response({ErrorCode::not_found, "Sign in to read files: use client/v1/media.", ""});
}

Task<net::Response> Media::config(net::Call& call) {
  auto const requester = identity_.authenticate(call.request);
  if (!requester) co_return net::error_response(requester.error());
  co_return net::json_response(R"({"m.upload.size":)" + std::to_string(kMaxUploadBytes) + '}');
}

std::vector<net::Route> Media::routes() {
  auto const to = [this](Task<net::Response> (Media::*handler)(net::Call&)) {
    return [this, handler](net::Call& call) { return (this->*handler)(call); };
  };
  return {
      {.method = Method::post,
       .pattern = "/_matrix/media/v3/upload",
       .handler = to(&Media::post_upload),
       .body = net::BodyKind::file,
       .max_body = kMaxUploadBytes,
       .admit = identity::only_signed_in(identity_),
       .limit = net::Limit::upload},
      {.method = Method::get,
       .pattern = "/_matrix/client/v1/media/download/{serverName}/{mediaId}",
       .handler = to(&Media::download)},
      {.method = Method::get,
       .pattern = "/_matrix/client/v1/media/download/{serverName}/{mediaId}/{fileName}",
       .handler = to(&Media::download)},
      {.method = Method::get,
       .pattern = "/_matrix/client/v1/media/thumbnail/{serverName}/{mediaId}",
       .handler = to(&Media::thumbnail)},
      {.method = Method::get,
       .pattern = "/_matrix/media/v3/download/{serverName}/{mediaId}",
       .handler = to(&Media::old_download)},
      {.method = Method::get,
       .pattern = "/_matrix/media/v3/download/{serverName}/{mediaId}/{fileName}",
       .handler = to(&Media::old_download)},
      {.method = Method::get,
       .pattern = "/_matrix/media/v3/thumbnail/{serverName}/{mediaId}",
       .handler = to(&Media::old_thumbnail)},
      {.method = Method::get, .pattern = "/_matrix/client/v1/media/config", .handler = to(&Media::config)},
      {.method = Method::get, .pattern = "/_matrix/media/v3/config", .handler = to(&Media::config)},
  };
}

}  // namespace torg::matrix
