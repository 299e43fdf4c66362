// E-mail pushers: who may get letters, and how that ends.
#include "base/encoding.hpp"
#include "base/log.hpp"
#include "crypto/hash.hpp"
#include "matrix/push/push.hpp"

#include <algorithm>
#include <array>

namespace torg::matrix {
namespace {

std::string random_token(Runtime& runtime) {
  std::array<unsigned char, 24> bytes{};
  runtime.fill_random(bytes);
  return base64_encode({reinterpret_cast<char const*>(bytes.data()), bytes.size()}, Base64::url);
}

}  // namespace

std::shared_ptr<PushDelivery> PushService::by_token(std::string_view token) const {
  if (token.empty()) return nullptr;
  for (auto const& [owner, deliveries] : owners_) {
    for (auto const& delivery : deliveries) {
      if (crypto::equal_constant_time(delivery->pusher().token, token)) return delivery;
    }
  }
  return nullptr;
}

std::optional<std::string> PushService::language_of_token(std::string_view token) const {
  auto const delivery = by_token(token);
  if (!delivery) return std::nullopt;
  return delivery->pusher().lang;
}

Task<Result<>> PushService::set_mail(Pusher pusher) {
  if (!letters_.possible()) co_return fail(ErrorCode::invalid_param, "This server sends no mail.");
  pusher.token = random_token(rooms_.runtime());
  pusher.confirmed = false;
  for (auto const& known : of(pusher.owner)) {
    bool const same = known.kind == PusherKind::email && known.pushkey == pusher.pushkey;
    if (!same || !known.confirmed) continue;
    pusher.token = known.token;
    pusher.confirmed = true;
  }
  auto const& user_id = rooms_.identity().user_id(pusher.owner);
  if (!pusher.confirmed && confirmations_.take(user_id).count() > 0)
    co_return fail(ErrorCode::limit_exceeded, "You have asked too many addresses. Please try again later.");
  auto set_up = co_await set(pusher, Others::keep);
  if (!set_up || pusher.confirmed) co_return set_up;
  auto const sent = co_await letters_.send(letters_.confirmation(pusher, user_id));
  if (sent) co_return Result<>{};
  log(LogLevel::warning, "a letter could not be sent", {{"why", sent.error().detail}});
  // Nobody could confirm it. When this fails, too, it stays silent.
  (void)co_await remove(pusher.owner, pusher.app_id, pusher.pushkey);
  co_return fail(ErrorCode::unavailable, sent.error().message);
}

Task<Result<>> PushService::confirm(std::string token) {
  auto const delivery = by_token(token);
  if (!delivery) co_return fail(ErrorCode::not_found, "This link is no longer good.");
  auto const nid = delivery->pusher().nid;
  co_return co_await rooms_.database().write([nid, delivery](db::Transaction& transaction) -> Result<> {
    push_store::confirm(transaction, nid);
    transaction.on_commit([delivery] { delivery->confirm(); });
    return {};
  });
}

Task<Result<>> PushService::unsubscribe(std::string token) {
  auto const delivery = by_token(token);
  if (!delivery) co_return fail(ErrorCode::not_found, "This link is no longer good.");
  auto const pusher = delivery->pusher();
  co_return co_await remove(pusher.owner, pusher.app_id, pusher.pushkey);
}

}  // namespace torg::matrix
