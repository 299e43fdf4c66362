#include "records/log/timestamps.hpp"

#include "base/log.hpp"
#include "crypto/timestamp.hpp"
#include "records/log/store.hpp"

#include <boost/url/parse.hpp>

namespace torg::records {
namespace {

constexpr std::chrono::seconds kPause{2};
constexpr std::chrono::hours kBetween{24};
constexpr std::chrono::hours kAgain{1};  // after a failure, or when there was nothing new
constexpr std::uint64_t kMostAnswer = 64 << 10;

Result<net::ClientRequest> request_for(std::string const& url, crypto::Sha256 const& digest,
                                       std::uint64_t nonce) {
  auto parsed = boost::urls::parse_uri(url);
  if (!parsed) return fail(ErrorCode::invalid_param, "timestamp_authority is no address.");
  net::ClientRequest request;
  request.method = net::Method::post;
  request.url = *parsed;
  request.headers = {{"content-type", "application/timestamp-query"},
                     {"accept", "application/timestamp-reply"}};
  request.body = crypto::timestamp_request(digest, nonce);
  request.max_answer_bytes = kMostAnswer;
  request.policy = net::AddressPolicy::any;  // an administrator named it
  return request;
}

}  // namespace

crypto::Sha256 stamped_digest(SignedHead const& head) {
  auto const message = head_message(head);
  std::string_view const pieces[] = {
      message, {reinterpret_cast<char const*>(head.signature.data()), head.signature.size()}};
  return crypto::sha256(pieces);
}

Timestamps::Timestamps(Runtime& runtime, db::Database& database, LogService& log, net::HttpClient& client,
                       Settings settings)
    : runtime_(runtime), database_(database), log_(log), client_(client), settings_(std::move(settings)) {}

std::uint64_t Timestamps::draw_nonce() {
  std::uint64_t nonce = 0;
  runtime_.fill_random({reinterpret_cast<unsigned char*>(&nonce), sizeof nonce});
  return nonce;
}

Task<Result<Instant>> Timestamps::last() const {
  co_return co_await database_.read([](db::Reader& reader) { return log_store::last_timestamp(reader); });
}

Task<> Timestamps::run() {
  if (settings_.url.empty()) co_return;
  auto const last = co_await this->last();
  auto due = last ? *last + kBetween : runtime_.now();
  while (!stopping_) {
    if (runtime_.now() >= due) {
      auto const done = co_await stamp();
      if (!done && !stopping_)
        log(LogLevel::warning, "the log's head could not be stamped", {{"detail", done.error().message}});
      due = runtime_.now() + (done && *done ? kBetween : kAgain);
    }
    co_await sleep_for(runtime_, kPause);
  }
}

Task<Result<bool>> Timestamps::stamp() {
  auto const head = co_await log_.head();
  if (!head) co_return std::unexpected(head.error());
  auto const size = head->size;
  auto const there =
      co_await database_.read([size](db::Reader& reader) { return log_store::has_timestamp(reader, size); });
  if (!there) co_return std::unexpected(there.error());
  if (*there || size == 0) co_return false;
  auto const digest = stamped_digest(*head);
  auto const nonce = draw_nonce();
  auto request = request_for(settings_.url, digest, nonce);
  if (!request) co_return std::unexpected(request.error());
  auto const answer = co_await client_.send(std::move(*request));
  if (!answer) co_return std::unexpected(answer.error());
  if (answer->status != 200)
    co_return fail(ErrorCode::unavailable,
                   "The time-stamping authority answers " + std::to_string(answer->status) + ".");
  auto token = crypto::timestamp_token(answer->body, digest, nonce);
  if (!token) co_return std::unexpected(token.error());
  auto const stamped = co_await run_offloaded(runtime_, [token = *token, digest, roots = settings_.roots] {
    return crypto::read_timestamp(token, digest, roots);
  });
  if (!stamped) co_return std::unexpected(stamped.error());
  co_return co_await database_.write(
      [size, stamped = *stamped, token = std::move(*token)](db::Transaction& transaction) -> Result<bool> {
        log_store::add_timestamp(transaction, size, stamped.at, stamped.authority, token);
        return true;
      });
}

}  // namespace torg::records
