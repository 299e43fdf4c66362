#include "matrix/media/delivery.hpp"

#include "base/encoding.hpp"
#include "matrix/media/range.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace torg::matrix {
namespace {

constexpr std::string_view kInline[] = {
    "text/css",    "text/plain", "text/csv",    "application/json", "application/ld+json",
    "image/jpeg",  "image/gif",  "image/png",   "image/apng",       "image/webp",
    "image/avif",  "video/mp4",  "video/webm",  "video/ogg",        "video/quicktime",
    "audio/mp4",   "audio/webm", "audio/aac",   "audio/mpeg",       "audio/ogg",
    "audio/wave",  "audio/wav",  "audio/x-wav", "audio/x-pn-wav",   "audio/flac",
    "audio/x-flac"};

std::string disposition(Delivery const& delivery) {
  std::string text = is_shown_in_place(delivery.content_type) ? "inline" : "attachment";
  if (!delivery.file_name.empty()) text += "; filename*=utf-8''" + percent_encode(delivery.file_name);
  return text;
}

/// A part is only wanted of the file that the client has the rest of (RFC 9110, 13.1.5).
std::optional<std::string_view> wanted_range(net::Request const& request, std::string_view etag) {
  auto const condition = request.header("if-range");
  if (condition && *condition != etag) return std::nullopt;
  return request.header("range");
}

net::Headers common(Delivery const& delivery, std::string const& etag) {
  return {{"content-type", delivery.content_type},
          {"content-disposition", disposition(delivery)},
          {"x-content-type-options", "nosniff"},
          {"content-security-policy",
           "sandbox; default-src 'none'; script-src 'none'; plugin-types application/pdf; style-src "
           "'unsafe-inline'; object-src 'self';"},
          {"cross-origin-resource-policy", "cross-origin"},
          {"referrer-policy", "no-referrer"},
          {"accept-ranges", "bytes"},
          {"etag", etag},
          {"cache-control", "private, max-age=86400, immutable"}};
}

}  // namespace

bool is_shown_in_place(std::string_view content_type) {
  return std::ranges::find(kInline, content_type.substr(0, content_type.find(';'))) != std::end(kInline);
}

net::Response deliver(net::Request const& request, Delivery delivery) {
  auto const etag = '"' + delivery.blob.value + '"';
  if (auto same = net::not_modified(request, etag)) return std::move(*same);
  auto const part = wanted_part(wanted_range(request, etag), delivery.size);
  net::Response response;
  if (part.kind == WantedPart::Kind::beyond_end) {
    response.status = 416;
    response.headers = {{"content-range", fmt::format("bytes */{}", delivery.size)}};
    return response;
  }
  response.headers = common(delivery, etag);
  if (part.kind == WantedPart::Kind::part) {
    response.status = 206;
    response.headers.emplace_back("content-range", fmt::format("bytes {}-{}/{}", part.offset,
                                                               part.offset + part.size - 1, delivery.size));
  }
  response.file = net::FileBody{std::move(delivery.path), part.offset, part.size};
  return response;
}

}  // namespace torg::matrix
