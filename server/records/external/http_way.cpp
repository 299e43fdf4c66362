#include "records/external/http_way.hpp"

#include "base/encoding.hpp"
#include "crypto/hash.hpp"

#include <algorithm>

#include <boost/url/parse.hpp>
#include <fmt/format.h>

namespace torg::records {
namespace {

constexpr std::uint64_t kMostAnswer = 64 << 10;  // bytes
constexpr std::uint64_t kMostFile = 1ULL << 30;  // bytes; what a lift holds was let in by the upload's limit
constexpr std::chrono::minutes kForFile{2};      // its transfer
constexpr std::chrono::seconds kFirstAsk{10};    // a register that works at once has answered by then
constexpr std::chrono::milliseconds kLongestAsk{600'000};  // it may answer by itself meanwhile

}  // namespace

HttpWay::HttpWay(Runtime& runtime, db::Blobs& blobs, net::HttpClient& client, std::string url,
                 std::string secret)
    : runtime_(runtime), blobs_(blobs), client_(client), url_(std::move(url)), secret_(std::move(secret)) {
  while (url_.ends_with('/')) url_.pop_back();
}

Result<net::ClientRequest> HttpWay::request(net::Method method, std::string path) const {
  auto const parsed = boost::urls::parse_uri(url_ + path);
  if (!parsed)
    return fail(ErrorCode::unavailable, "The address of the register is none: look at external_registers.");
  net::ClientRequest request;
  request.method = method;
  request.url = *parsed;
  request.headers = {{"accept", "application/json"}};
  if (!secret_.empty()) request.headers.push_back({"authorization", "Bearer " + secret_});
  request.max_answer_bytes = kMostAnswer;
  request.policy = net::AddressPolicy::any;  // an administrator named it
  return request;
}

Task<Result<std::optional<ExternalAnswer>>> HttpWay::put(std::string key, ExternalPart part) {
  auto request = this->request(net::Method::put, fmt::format("/records/{}/files/{}", key, part.n));
  if (!request) co_return fail(std::move(request));
  if (part.blob.value.empty()) {
    request->body = std::move(part.bytes);
  } else {
    auto bytes =
        co_await run_offloaded(runtime_, [this, &part] { return blobs_.read(part.blob, kMostFile); });
    if (!bytes) co_return fail(std::move(bytes));
    request->body = std::move(*bytes);
  }
  request->headers.push_back({"content-type", part.type.empty() ? "application/octet-stream" : part.type});
  request->headers.push_back({"torg-file-name", percent_encode(part.name)});
  request->headers.push_back({"torg-file-sha256", part.sha256});
  request->timeout = kForFile;
  auto const answer = co_await client_.send(std::move(*request));
  if (!answer) co_return std::unexpected(answer.error());
  // 409: the register has it from an earlier attempt.
  if ((answer->status >= 200 && answer->status < 300) || answer->status == 409) co_return std::nullopt;
  auto read = read_external_answer(answer->status, answer->body);
  if (!read) co_return fail(std::move(read));
  co_return std::move(*read);
}

Task<Result<ExternalAnswer>> HttpWay::hand_over(ExternalPackage package) {
  for (auto& part : package.parts) {
    auto stopped = co_await put(package.key, std::move(part));
    if (!stopped) co_return fail(std::move(stopped));
    if (*stopped) co_return std::move(**stopped);
  }
  auto request = this->request(net::Method::post, "/records");
  if (!request) co_return fail(std::move(request));
  request->headers.push_back({"content-type", "application/json"});
  request->headers.push_back({"idempotency-key", package.key});
  request->body = std::move(package.record);
  auto const answer = co_await client_.send(std::move(*request));
  if (!answer) co_return std::unexpected(answer.error());
  co_return read_external_answer(answer->status, answer->body);
}

Task<Result<ExternalAnswer>> HttpWay::ask(std::string key) {
  auto request = this->request(net::Method::get, "/records/" + key);
  if (!request) co_return fail(std::move(request));
  auto const answer = co_await client_.send(std::move(*request));
  if (!answer) co_return std::unexpected(answer.error());
  if (answer->status == 404)
    co_return ExternalAnswer{.kind = ExternalAnswer::Kind::unknown, .number = {}, .place = {}, .reason = {}};
  co_return read_external_answer(answer->status, answer->body);
}

Task<> HttpWay::settled(std::string) { co_return; }

bool HttpWay::is_secret(std::string_view words) const {
  return !secret_.empty() && crypto::equal_constant_time(words, secret_);
}

std::chrono::milliseconds HttpWay::pause(int asked) const {
  return std::min<std::chrono::milliseconds>(kFirstAsk * (1LL << std::min(asked, 10)), kLongestAsk);
}

}  // namespace torg::records
