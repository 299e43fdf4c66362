#include "matrix/media/http.hpp"

#include "identity/http.hpp"

#include <algorithm>
#include <charconv>

namespace torg::matrix {
namespace {

using identity::open_route;
using identity::user_route;
using net::Method;

/// What the specification says; and as long as we let anybody wait.
constexpr std::chrono::milliseconds kDefaultWait{20'000};
constexpr std::chrono::milliseconds kLongestWait{60'000};

std::string uploaded_type(net::Request const& request) {
  std::string type(request.header("content-type").value_or(""));
  auto const is_plain = [](unsigned char c) { return c >= 0x20 && c < 0x7F; };
  if (type.size() > 200 || !std::ranges::all_of(type, is_plain)) type.clear();
  return type;
}

Result<std::chrono::milliseconds> wanted_wait(net::Request const& request) {
  auto const text = request.query("timeout_ms");
  if (!text) return kDefaultWait;
  std::int64_t ms = 0;
  auto const* const end = text->data() + text->size();
  auto const [stop, error] = std::from_chars(text->data(), end, ms);
  if (error != std::errc{} || stop != end || ms < 0)
    return fail(ErrorCode::invalid_param, "timeout_ms is a number of milliseconds.");
  return std::min(std::chrono::milliseconds(ms), kLongestWait);
}

Result<int> wanted_side(net::Request const& request, std::string_view name) {
  constexpr int kMost = 10'000;
  auto const text = request.query(name);
  if (!text) return fail(ErrorCode::missing_param, "A thumbnail has a width and a height.");
  int side = 0;
  auto const* const end = text->data() + text->size();
  auto const [stop, error] = std::from_chars(text->data(), end, side);
  if (error == std::errc::result_out_of_range && text->front() != '-') return kMost;
  if (error != std::errc{} || stop != end || side < 1)
    return fail(ErrorCode::invalid_param, "Width and height of a thumbnail are whole numbers above zero.");
  return std::min(side, kMost);
}

Result<ThumbnailWish> wanted_thumbnail(net::Request const& request) {
  auto const width = wanted_side(request, "width"), height = wanted_side(request, "height");
  if (!width) return std::unexpected(width.error());
  if (!height) return std::unexpected(height.error());
  auto const method = request.query("method").value_or("scale");
  auto const animated = request.query("animated").value_or("false");
  if (method != "crop" && method != "scale")
    return fail(ErrorCode::invalid_param, "A thumbnail's method is crop or scale.");
  if (animated != "true" && animated != "false")
    return fail(ErrorCode::invalid_param, "animated is true or false.");
  return ThumbnailWish{method == "crop" ? ThumbnailMethod::crop : ThumbnailMethod::scale, *width, *height,
                       animated == "true" ? Motion::animated : Motion::still};
}

std::string thumbnail_name(std::string_view content_type) {
  return "thumbnail." + std::string(content_type.substr(content_type.find('/') + 1));
}

/// Refuses those who may read, but not act, before their upload comes.
std::function<std::optional<net::Response>(net::Request const&)> only_active(
    identity::Identity const& identity) {
  return [&identity, signed_in = identity::only_signed_in(identity)](
             net::Request const& request) -> std::optional<net::Response> {
    if (auto refused = signed_in(request)) return refused;
    auto const requester = identity.authenticate(request);
    auto const* account = requester ? identity.account(requester->user) : nullptr;
    if (account != nullptr && account->suspended)
      return net::error_response({ErrorCode::user_suspended, "Your account is suspended.", ""});
    return std::nullopt;
  };
}

}  // namespace

Task<Result<std::string>> MediaHttp::take(net::Call& call, Media::Upload upload) {
  auto const* account = media_.identity().account(upload.uploader);
  if (account != nullptr && account->suspended)
    co_return fail(ErrorCode::user_suspended, "Your account is suspended.");
  upload.content_type = uploaded_type(call.request);
  upload.file_name = call.request.query("filename").value_or("");
  upload.quota = Quota::applies;
  auto const file = std::exchange(call.request.body_file, {});
  if (file.empty()) co_return co_await media_.upload(std::move(upload), std::move(call.request.body));
  co_return co_await media_.upload(std::move(upload), file);
}

MediaHttp::Answer MediaHttp::post_upload(identity::Requester requester, net::Call& call) {
  auto const address = co_await take(call, {.uploader = requester.user, .content_type = {}, .file_name = {}});
  if (!address) co_return std::unexpected(address.error());
  co_return identity::json_answer({{"content_uri", *address}});
}

MediaHttp::Answer MediaHttp::put_upload(identity::Requester requester, net::Call& call) {
  if (call.path[0] != media_.options().server_name || !is_valid_media_id(call.path[1]))
    co_return fail(ErrorCode::not_found, "There is no such address to upload to.");
  auto const address = co_await take(
      call, {.uploader = requester.user, .content_type = {}, .file_name = {}, .media_id = call.path[1]});
  if (address) co_return identity::empty_answer();
  if (address.error().code != ErrorCode::conflict) co_return std::unexpected(address.error());
  co_return identity::json_answer(
      {{"errcode", "M_CANNOT_OVERWRITE_MEDIA"}, {"error", address.error().message}}, 409);
}

MediaHttp::Answer MediaHttp::post_create(identity::Requester requester, net::Call& call) {
  auto const* account = media_.identity().account(requester.user);
  if (account != nullptr && account->suspended)
    co_return fail(ErrorCode::user_suspended, "Your account is suspended.");
  call.request.body.clear();  // an empty object
  auto const made = co_await media_.create(requester.user);
  if (!made && made.error().code == ErrorCode::limit_exceeded)
    co_return net::limited_response(made.error(), std::chrono::minutes(1));
  if (!made) co_return std::unexpected(made.error());
  co_return identity::json_answer(
      {{"content_uri", made->mxc}, {"unused_expires_at", to_ms(made->expires_at)}});
}

MediaHttp::Answer MediaHttp::config() {
  co_return identity::json_answer({{"m.upload.size", media_.options().max_upload}});
}

Task<Result<MediaFile>> MediaHttp::wanted_file(net::Call& call) {
  auto const wait = wanted_wait(call.request);
  if (!wait) co_return std::unexpected(wait.error());
  auto file = co_await media_.await(call.path[0], call.path[1], media_.runtime().steady_now() + *wait, call);
  if (!file) co_return file;
  if (auto clean = co_await scanner_.check(*file); !clean) co_return std::unexpected(clean.error());
  co_return file;
}

MediaHttp::Answer MediaHttp::download(net::Call& call) {
  auto file = co_await wanted_file(call);
  if (!file) co_return std::unexpected(file.error());
  auto where = media_.path(file->blob);
  if (!where) co_return std::unexpected(where.error());
  auto const name = call.path.size() > 2 ? safe_file_name(call.path[2]) : std::string();
  co_return deliver(call.request, {.blob = file->blob,
                                   .path = std::move(*where),
                                   .size = file->size,
                                   .content_type = file->content_type,
                                   .file_name = name.empty() ? file->file_name : name});
}

MediaHttp::Answer MediaHttp::thumbnail(net::Call& call) {
  auto const wish = wanted_thumbnail(call.request);
  if (!wish) co_return std::unexpected(wish.error());
  auto file = co_await wanted_file(call);
  if (!file) co_return std::unexpected(file.error());
  auto const made = co_await thumbnails_.get(*file, *wish);
  if (!made) co_return std::unexpected(made.error());
  auto where = media_.path(made->blob);
  if (!where) co_return std::unexpected(where.error());
  co_return deliver(call.request, {.blob = made->blob,
                                   .path = std::move(*where),
                                   .size = made->size,
                                   .content_type = made->content_type,
                                   .file_name = thumbnail_name(made->content_type)});
}

// SPEC: these endpoints are deprecated; what came after they were frozen (here: everything, unless the
// administrator says otherwise) is not found through them.
MediaHttp::Answer MediaHttp::unless_frozen(net::Call& call, Answer (MediaHttp::*handler)(net::Call&)) {
  auto const frozen = [] {
    return fail(ErrorCode::not_found, "Sign in to read this file: use client/v1/media.");
  };
  auto const& options = media_.options();
  if (options.old_downloads == OldDownloads::closed) co_return frozen();
  if (options.frozen_at) {
    auto const file = co_await wanted_file(call);
    if (!file) co_return std::unexpected(file.error());
    if (file->created_at >= *options.frozen_at) co_return frozen();
  }
  co_return co_await (this->*handler)(call);
}

std::vector<net::Route> MediaHttp::upload_routes() {
  auto const& identity = media_.identity();
  auto post = user_route(Method::post, "/_matrix/media/v3/upload", identity,
                         [this](identity::Requester requester, net::Call& call) {
                           return post_upload(std::move(requester), call);
                         });
  auto put = user_route(Method::put, "/_matrix/media/v3/upload/{serverName}/{mediaId}", identity,
                        [this](identity::Requester requester, net::Call& call) {
                          return put_upload(std::move(requester), call);
                        });
  for (auto* route : {&post, &put}) {
    route->body = net::BodyKind::file;
    route->max_body = media_.options().max_upload;
    route->admit = only_active(identity);
    route->limit = net::Limit::upload;
  }
  auto create = user_route(Method::post, "/_matrix/media/v3/create", identity,
                           [this](identity::Requester requester, net::Call& call) {
                             return post_create(std::move(requester), call);
                           });
  create.limit = net::Limit::upload;
  return {std::move(post), std::move(put), std::move(create)};
}

std::vector<net::Route> MediaHttp::download_routes() {
  using Handler = Answer (MediaHttp::*)(net::Call&);
  struct Row {
    std::string_view signed_in, old;
    Handler handler;
  };
  constexpr Row kRows[] = {
      {"/_matrix/client/v1/media/download/{serverName}/{mediaId}",
       "/_matrix/media/v3/download/{serverName}/{mediaId}", &MediaHttp::download},
      {"/_matrix/client/v1/media/download/{serverName}/{mediaId}/{fileName}",
       "/_matrix/media/v3/download/{serverName}/{mediaId}/{fileName}", &MediaHttp::download},
      {"/_matrix/client/v1/media/thumbnail/{serverName}/{mediaId}",
       "/_matrix/media/v3/thumbnail/{serverName}/{mediaId}", &MediaHttp::thumbnail}};
  std::vector<net::Route> routes;
  for (auto const& row : kRows) {
    auto const handler = row.handler;
    routes.push_back(
        user_route(Method::get, row.signed_in, media_.identity(),
                   [this, handler](identity::Requester, net::Call& call) { return (this->*handler)(call); }));
    routes.push_back(open_route(Method::get, row.old,
                                [this, handler](net::Call& call) { return unless_frozen(call, handler); }));
  }
  // They may wait for an upload as long as the client likes.
  for (auto& route : routes) route.pace = net::Pace::long_poll;
  return routes;
}

std::vector<net::Route> MediaHttp::routes() {
  auto routes = upload_routes();
  std::ranges::move(download_routes(), std::back_inserter(routes));
  for (auto const* path : {"/_matrix/client/v1/media/config", "/_matrix/media/v3/config"})
    routes.push_back(user_route(Method::get, path, media_.identity(),
                                [this](identity::Requester, net::Call&) { return config(); }));
  return routes;
}

}  // namespace torg::matrix
