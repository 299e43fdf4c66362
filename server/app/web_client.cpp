#include "app/web_client.hpp"

#include "embedded/web.hpp"

#include <algorithm>
#include <fstream>

namespace torg::app {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPage = "index.html";
/// Nothing from elsewhere, no inline script; pictures also as blobs, for media behind the access token.
constexpr std::string_view kPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' blob: data:; "
    "connect-src 'self'; frame-src blob:; manifest-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'";

std::string_view type_of(std::string_view name) {
  constexpr std::pair<std::string_view, std::string_view> kTypes[] = {
      {".html", "text/html; charset=utf-8"},
      {".js", "text/javascript"},
      {".css", "text/css"},
      {".woff2", "font/woff2"},
      {".svg", "image/svg+xml"},
      {".png", "image/png"},
      {".json", "application/json"},
      {".ico", "image/x-icon"},
      {".webmanifest", "application/manifest+json"}};
  for (auto const& [ending, type] : kTypes) {
    if (name.ends_with(ending)) return type;
  }
  return "application/octet-stream";
}

net::Response answer(std::string_view name, std::string bytes) {
  net::Response response{.status = 200, .body = std::move(bytes)};
  bool const is_page = name == kPage;
  response.headers = {{"content-type", std::string(type_of(name))},
                      {"x-content-type-options", "nosniff"},
                      {"referrer-policy", "no-referrer"},
                      {"cache-control", is_page ? "no-cache" : "public, max-age=31536000, immutable"}};
  if (is_page) response.headers.emplace_back("content-security-policy", kPolicy);
  return response;
}

std::optional<std::string> from_program(std::string_view name) {
  auto const files = embedded::web();
  auto const found = std::ranges::find(files, name, &EmbeddedFile::name);
  return found == files.end() ? std::nullopt : std::optional(std::string(found->bytes));
}

/// Only what lies in the folder itself: a decoded name with `..` or a slash at its start leads nowhere.
std::optional<std::string> from_folder(fs::path const& root, std::string_view name) {
  fs::path const relative(name);
  bool const leaves = relative.is_absolute() || std::ranges::find(relative, fs::path("..")) != relative.end();
  if (leaves) return std::nullopt;
  std::ifstream file(root / relative, std::ios::binary);
  if (!file) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(file), {});
}

net::Response give(fs::path const& root, std::string_view name) {
  auto bytes = root.empty() ? from_program(name) : from_folder(root, name);
  if (!bytes) return net::error_response({ErrorCode::not_found, "There is no such file.", ""});
  return answer(name, std::move(*bytes));
}

}  // namespace

std::vector<net::Route> web_client_routes(fs::path web_root) {
  auto const page = [web_root](net::Call&) -> Task<net::Response> { co_return give(web_root, kPage); };
  auto const asset = [web_root](net::Call& call) -> Task<net::Response> {
    co_return give(web_root, "assets/" + call.path[0]);
  };
  auto const get = [](std::string_view pattern, net::Handler handler) {
    return net::Route{.method = net::Method::get,
                      .pattern = pattern,
                      .handler = std::move(handler),
                      .body = net::BodyKind::none};
  };
  return {get("/", page), get("/app", page), get("/app/{*}", page), get("/assets/{*}", asset)};
}

}  // namespace torg::app
