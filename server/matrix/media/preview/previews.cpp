#include "matrix/media/preview/previews.hpp"

#include "base/log.hpp"
#include "matrix/media/preview/page.hpp"
#include "matrix/media/store.hpp"
#include "runtime/child_process.hpp"

#include <algorithm>

#include <boost/url/parse.hpp>

namespace torg::matrix {
namespace {

namespace urls = boost::urls;

constexpr std::size_t kLongestUrl = 2'000;
constexpr std::size_t kAtOnce = 4;
constexpr std::size_t kMostWaiting = 100;
constexpr std::string_view kHtml = "text/html, application/xhtml+xml;q=0.9, image/*;q=0.8";

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return out;
}

bool is_within(std::string_view host, std::vector<std::string> const& domains) {
  return std::ranges::any_of(domains, [&](std::string const& domain) {
    if (!host.ends_with(domain)) return false;
    auto const before = host.substr(0, host.size() - domain.size());
    return before.empty() || before.ends_with('.');
  });
}

std::string media_type(net::ClientAnswer const& answer) {
  auto const type = answer.header("content-type").value_or("");
  auto const bare = type.substr(0, type.find(';'));
  return lower(bare.substr(0, bare.find_last_not_of(' ') + 1));
}

/// What the server says of the page's charset; empty when nothing that could be one.
std::string charset_of(net::ClientAnswer const& answer) {
  constexpr std::string_view kName = "charset=";
  auto const type = lower(answer.header("content-type").value_or(""));
  auto const at = type.find(kName);
  if (at == std::string::npos) return {};
  auto value = type.substr(at + kName.size());
  if (value.starts_with('"')) value.erase(0, 1);
  auto const end = value.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-_");
  value.resize(std::min(end, value.size()));
  return value.size() <= 40 ? value : std::string();
}

Result<urls::url> resolved(urls::url const& base, std::string_view reference) {
  auto const parsed = urls::parse_uri_reference({reference.data(), reference.size()});
  urls::url out;
  if (!parsed || reference.size() > kLongestUrl || !urls::resolve(base, *parsed, out))
    return fail(ErrorCode::invalid_param, "That is no address.");
  return out;
}

bool is_redirect(unsigned status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

}  // namespace

Previews::Previews(Media& media, Thumbnails& thumbnails, net::HttpClient& client,
                   std::vector<std::string> worker, PreviewOptions options)
    : media_(media),
      thumbnails_(thumbnails),
      client_(client),
      worker_(std::move(worker)),
      options_(std::move(options)),
      making_(media.runtime()),
      turns_(media.runtime(), kAtOnce, kMostWaiting) {
  for (auto* domains : {&options_.only_domains, &options_.never_domains})
    for (auto& domain : *domains) domain = lower(domain);
}

Result<> Previews::check_domain(urls::url const& url) const {
  auto const host = lower(std::string_view(url.host_address()));
  bool const known = url.scheme_id() == urls::scheme::http || url.scheme_id() == urls::scheme::https;
  if (!known || host.empty() || url.has_userinfo())
    return fail(ErrorCode::invalid_param, "Only http and https addresses have previews.");
  bool const wanted = options_.only_domains.empty() || is_within(host, options_.only_domains);
  if (!wanted || is_within(host, options_.never_domains))
    return fail(ErrorCode::forbidden, "This server makes no previews of that site.");
  return {};
}

Result<urls::url> Previews::parse(std::string_view text) const {
  auto const parsed = urls::parse_uri({text.data(), text.size()});
  if (!parsed || text.size() > kLongestUrl)
    return fail(ErrorCode::invalid_param, "That is no address of a page.");
  urls::url url(*parsed);
  url.remove_fragment();
  if (auto good = check_domain(url); !good) return fail(std::move(good));
  return url;
}

Task<Result<std::string>> Previews::preview(std::string text) {
  if (options_.use == PreviewOptions::Use::off)
    co_return fail(ErrorCode::unrecognized, "This server makes no previews of links.");
  auto const url = parse(text);
  if (!url) co_return std::unexpected(url.error());
  std::string key(url->buffer());
  auto known = co_await media_.database().read([&key, now = media_.runtime().now()](db::Reader& reader) {
    return media_store::preview(reader, key, now);
  });
  if (!known) co_return std::unexpected(known.error());
  if (*known) co_return std::move(**known);
  co_return co_await making_.run(std::move(key), [this, url = *url] { return make(url); });
}

Task<Result<std::string>> Previews::make(urls::url url) {
  auto const turn = co_await turns_.take();
  if (!turn) co_return std::unexpected(turn.error());
  co_await media_.sweep();
  std::string key(url.buffer());
  auto const described = co_await describe(std::move(url), media_.runtime().steady_now() + kTimeForAll);
  // Why there is none isn't told: it would say what answers within the network and what doesn't.
  if (!described) log(LogLevel::debug, "no preview could be made", {{"detail", described.error().detail}});
  auto answer = json::serialize(described.value_or(json::object()));
  auto const how_long =
      described ? std::chrono::milliseconds(kKept) : std::chrono::milliseconds(kFailureKept);
  co_await remember(std::move(key), answer, how_long);
  co_return answer;
}

Task<Result<Previews::Page>> Previews::fetch(Fetch what) {
  for (int redirects = 0; redirects <= kMostRedirects; ++redirects) {
    if (auto good = check_domain(what.url); !good) co_return fail(std::move(good));
    auto const left = what.deadline - media_.runtime().steady_now();
    if (left.count() <= 0) co_return fail(ErrorCode::late, "It took too long.");
    net::ClientRequest request{.url = what.url,
                               .headers = {{"accept", what.accept},
                                           {"accept-encoding", "identity"},
                                           {"user-agent", "Torg (preview of a link)"}},
                               .max_answer_bytes = what.most_bytes,
                               .timeout = left,
                               .policy = net::AddressPolicy::public_only};
    auto answer = co_await client_.send(std::move(request));
    if (!answer) co_return fail(std::move(answer));
    if (!is_redirect(answer->status)) {
      if (answer->status != 200 || answer->header("content-encoding").value_or("identity") != "identity")
        co_return fail(ErrorCode::not_found, "There is nothing to show.");
      co_return Page{std::move(what.url), std::move(*answer)};
    }
    auto next = resolved(what.url, answer->header("location").value_or(""));
    if (!next) co_return std::unexpected(next.error());
    what.url = std::move(*next);
  }
  co_return fail(ErrorCode::not_found, "It leads in circles.");
}

Task<Result<json::object>> Previews::describe(urls::url url, SteadyTime deadline) {
  auto page = co_await fetch({std::move(url), std::string(kHtml), kMostPictureBytes, deadline});
  if (!page) co_return std::unexpected(page.error());
  auto const type = media_type(page->answer);
  if (type.starts_with("image/")) {
    json::object preview;
    co_await keep_picture(preview, std::move(page->answer.body));
    co_return preview;
  }
  bool const is_page = type == "text/html" || type == "application/xhtml+xml";
  if (!is_page || page->answer.body.size() > kMostPageBytes) co_return json::object();
  co_return co_await describe_page(std::move(*page), deadline);
}

Task<Result<json::object>> Previews::describe_page(Page page, SteadyTime deadline) {
  ChildCommand command{.arguments = worker_,
                       .environment = {"LC_ALL=C.UTF-8"},
                       .input = std::move(page.answer.body),
                       .deadline = std::chrono::seconds(10),
                       .output_limit = 4 << 20};
  if (auto charset = charset_of(page.answer); !charset.empty())
    command.arguments.push_back(std::move(charset));
  auto const output = co_await run_child(media_.runtime(), std::move(command));
  if (!output) co_return std::unexpected(output.error());
  auto const facts = decode_page(output->output);
  if (output->exit_code != 0 || !facts)
    co_return fail(ErrorCode::invalid_param, "The page could not be read.", output->errors);
  auto const base = resolved(page.url, facts->base).value_or(page.url);
  auto preview = preview_of(*facts);
  auto picture = picture_of(*facts);
  if (!facts->oembed.empty() && (picture.empty() || !preview.contains("og:title")))
    co_await add_oembed_of(preview, picture, base, facts->oembed, deadline);
  if (!picture.empty()) co_await add_picture(preview, base, std::move(picture), deadline);
  co_return preview;
}

Task<> Previews::add_oembed_of(json::object& preview, std::string& picture, urls::url base,
                               std::string address, SteadyTime deadline) {
  auto url = resolved(base, address);
  if (!url) co_return;
  auto const page = co_await fetch({std::move(*url), "application/json", kMostOembedBytes, deadline});
  if (!page) co_return;
  if (auto const oembed = parse_json_object(page->answer.body)) add_oembed(preview, picture, *oembed);
}

Task<> Previews::add_picture(json::object& preview, urls::url base, std::string address,
                             SteadyTime deadline) {
  auto url = resolved(base, address);
  if (!url) co_return;
  auto page = co_await fetch({std::move(*url), "image/*", kMostPictureBytes, deadline});
  if (page && media_type(page->answer).starts_with("image/"))
    co_await keep_picture(preview, std::move(page->answer.body));
}

/// Lets the oldest pictures go; who shows an old preview then shows it without.
Task<> Previews::make_room_for(std::uint64_t bytes) {
  auto const blobs =
      co_await media_.database().write([bytes, most = options_.most_picture_bytes](
                                           db::Transaction& transaction) -> Result<std::vector<db::BlobId>> {
        std::vector<db::BlobId> gone;
        for (auto used = media_store::usage(transaction, UserNid()).bytes; used + bytes > most;) {
          auto const oldest = media_store::first_to_expire(transaction, UserNid());
          if (!oldest) break;
          std::ranges::move(media_store::remove(transaction, *oldest), std::back_inserter(gone));
          used = media_store::usage(transaction, UserNid()).bytes;
        }
        return gone;
      });
  if (blobs) co_await media_.drop_unused(*blobs);
}

Task<> Previews::keep_picture(json::object& preview, std::string bytes) {
  auto const size = bytes.size();
  co_await make_room_for(size);
  auto stored = co_await media_.store(std::move(bytes));
  if (!stored) co_return;
  auto const facts = co_await thumbnails_.inspect(stored->id);
  if (!facts) {  // not what it is called: nothing of it stays
    co_await media_.drop_unused({stored->id});
    co_return;
  }
  std::string type(content_type(facts->format));
  auto const mxc = co_await media_.keep({.uploader = UserNid(),
                                         .content_type = type,
                                         .file_name = {},
                                         .expires_at = media_.runtime().now() + kPictureKept},
                                        std::move(*stored));
  if (!mxc) co_return;
  preview["og:image"] = *mxc;
  preview["og:image:type"] = std::move(type);
  preview["og:image:width"] = facts->size.width;
  preview["og:image:height"] = facts->size.height;
  preview["matrix:image:size"] = size;
}

Task<> Previews::remember(std::string url, std::string answer, std::chrono::milliseconds how_long) {
  auto const now = media_.runtime().now();
  auto const kept = co_await media_.database().write(
      [url, answer, now, how_long](db::Transaction& transaction) -> Result<> {
        media_store::put_preview(transaction, url, answer, now, how_long, kMostKept);
        return {};
      });
  if (!kept) log(LogLevel::warning, "a preview was not kept", {{"detail", kept.error().detail}});
}

}  // namespace torg::matrix
