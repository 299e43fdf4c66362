#include "identity/registration_tokens.hpp"

#include "base/encoding.hpp"

#include <algorithm>
#include <array>

namespace torg::identity {
namespace {

constexpr db::Statement kAll{
    "SELECT token, uses_allowed, completed, expires_ms FROM registration_tokens ORDER BY token"};
constexpr db::Statement kFind{
    "SELECT token, uses_allowed, completed, expires_ms FROM registration_tokens WHERE token = $1"};
constexpr db::Statement kInsert{
    "INSERT INTO registration_tokens (token, uses_allowed, completed, expires_ms) VALUES ($1, $2, 0, $3) "
    "ON CONFLICT (token) DO NOTHING"};
constexpr db::Statement kChange{
    "UPDATE registration_tokens SET uses_allowed = $1, expires_ms = $2 WHERE token = $3"};
constexpr db::Statement kRemove{"DELETE FROM registration_tokens WHERE token = $1"};
constexpr db::Statement kUse{
    "UPDATE registration_tokens SET completed = completed + 1 WHERE token = $1 AND "
    "(uses_allowed IS NULL OR completed < uses_allowed) AND (expires_ms IS NULL OR expires_ms > $2)"};

constexpr std::size_t kMostSigns = 64;

bool is_sign(char c) {
  bool const letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  return letter || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '~' || c == '-';
}

RegistrationToken read(db::Row const& row) {
  RegistrationToken token{.token = row.string(0),
                          .uses_allowed = std::nullopt,
                          .completed = row.integer(2),
                          .expires = std::nullopt};
  if (!row.is_null(1)) token.uses_allowed = row.integer(1);
  if (!row.is_null(3)) token.expires = instant_from_ms(row.integer(3));
  return token;
}

std::optional<std::int64_t> end_ms(RegistrationToken const& token) {
  return token.expires.transform([](Instant end) { return to_ms(end); });
}

std::unexpected<Error> no_such_token() {
  return fail(ErrorCode::not_found, "There is no such registration token.");
}

}  // namespace

RegistrationTokens::Use::Use(RegistrationTokens& tokens, std::string token)
    : tokens_(&tokens), token_(std::move(token)) {
  ++tokens_->pending_[token_];
}

RegistrationTokens::Use::Use(Use&& other) noexcept
    : tokens_(std::exchange(other.tokens_, nullptr)), token_(std::move(other.token_)) {}

RegistrationTokens::Use::~Use() {
  if (tokens_ == nullptr) return;
  auto const found = tokens_->pending_.find(token_);
  if (found != tokens_->pending_.end() && --found->second == 0) tokens_->pending_.erase(found);
}

Also RegistrationTokens::Use::counted() const {
  return [token = token_, now = tokens_->runtime_.now()](db::Transaction& transaction) -> Result<> {
    if (transaction.execute(kUse, {token, to_ms(now)}) == 1) return {};
    return fail(ErrorCode::forbidden, "This registration token can't be used any more.");
  };
}

std::int64_t RegistrationTokens::pending(std::string_view token) const {
  auto const found = pending_.find(token);
  return found == pending_.end() ? 0 : found->second;
}

Result<> RegistrationTokens::check(RegistrationToken const& token) const {
  bool const good = token.token.size() <= kMostSigns && std::ranges::all_of(token.token, is_sign);
  if (!good) {
    return fail(ErrorCode::invalid_param, "A token has at most 64 of the signs A-Z, a-z, 0-9, . _ ~ and -");
  }
  if (token.uses_allowed && *token.uses_allowed < 0)
    return fail(ErrorCode::invalid_param, "How often a token may be used is not a negative number.");
  if (token.expires && *token.expires <= runtime_.now())
    return fail(ErrorCode::invalid_param, "A token must not end in the past.");
  return {};
}

std::string RegistrationTokens::random_text() const {
  std::array<unsigned char, 12> bytes{};
  runtime_.fill_random(bytes);
  return base64_encode({reinterpret_cast<char const*>(bytes.data()), bytes.size()}, Base64::url);
}

Task<Result<std::vector<RegistrationToken>>> RegistrationTokens::list() {
  auto found = co_await database_.read([](db::Reader& reader) {
    std::vector<RegistrationToken> all;
    reader.query(kAll, {}, [&](db::Row const& row) { all.push_back(read(row)); });
    return all;
  });
  if (!found) co_return found;
  for (auto& token : *found) token.pending = pending(token.token);
  co_return found;
}

Task<Result<RegistrationToken>> RegistrationTokens::find(std::string token) {
  auto found =
      co_await database_.read([token](db::Reader& reader) { return reader.query_one(kFind, {token}, read); });
  if (!found) co_return fail(std::move(found));
  if (!*found) co_return no_such_token();
  (*found)->pending = pending(token);
  co_return std::move(**found);
}

Task<Result<RegistrationToken>> RegistrationTokens::make(RegistrationToken wanted, Also also) {
  if (wanted.token.empty()) wanted.token = random_text();
  if (auto good = check(wanted); !good) co_return fail(std::move(good));
  auto const made = co_await database_.write([wanted, also](db::Transaction& transaction) -> Result<> {
    if (transaction.execute(kInsert, {wanted.token, wanted.uses_allowed, end_ms(wanted)}) == 0)
      return fail(ErrorCode::conflict, "There is a registration token of this text.");
    return also ? also(transaction) : Result<>{};
  });
  if (!made) co_return std::unexpected(made.error());
  co_return co_await find(wanted.token);
}

Task<Result<RegistrationToken>> RegistrationTokens::change(RegistrationToken wanted, Also also) {
  auto const known = co_await find(wanted.token);
  if (!known) co_return known;
  // An end that is past already may stay.
  auto judged = wanted;
  if (judged.expires == known->expires) judged.expires.reset();
  if (auto good = check(judged); !good) co_return fail(std::move(good));
  auto const changed = co_await database_.write([wanted, also](db::Transaction& transaction) -> Result<> {
    if (transaction.execute(kChange, {wanted.uses_allowed, end_ms(wanted), wanted.token}) == 0)
      return no_such_token();
    return also ? also(transaction) : Result<>{};
  });
  if (!changed) co_return std::unexpected(changed.error());
  co_return co_await find(wanted.token);
}

Task<Result<>> RegistrationTokens::remove(std::string token, Also also) {
  co_return co_await database_.write([token, also](db::Transaction& transaction) -> Result<> {
    if (transaction.execute(kRemove, {token}) == 0) return no_such_token();
    return also ? also(transaction) : Result<>{};
  });
}

Task<bool> RegistrationTokens::is_valid(std::string token) {
  auto const found = co_await find(std::move(token));
  if (!found) co_return false;
  if (found->expires && *found->expires <= runtime_.now()) co_return false;
  co_return !found->uses_allowed || found->completed + found->pending < *found->uses_allowed;
}

}  // namespace torg::identity
