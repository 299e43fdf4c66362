#pragma once
#include "db/database.hpp"
#include "identity/types.hpp"

#include <map>

namespace torg::identity {

/// What an administrator gives to people so that they can make an account.
/// @see https://spec.matrix.org/v1.19/client-server-api/#token-authenticated-registration
struct RegistrationToken {
  std::string token;
  std::optional<std::int64_t> uses_allowed;  ///< none: any number
  std::int64_t pending = 0;                  ///< accounts being made with it just now
  std::int64_t completed = 0;                ///< accounts made with it
  std::optional<Instant> expires;            ///< none: never
};

/// On the executor; what is pending is in memory, the rest in the database.
class RegistrationTokens {
 public:
  RegistrationTokens(Runtime& runtime, db::Database& database) : runtime_(runtime), database_(database) {}
  RegistrationTokens(RegistrationTokens const&) = delete;
  RegistrationTokens& operator=(RegistrationTokens const&) = delete;

  /// In order of their text.
  [[nodiscard]] Task<Result<std::vector<RegistrationToken>>> list();
  /// `not_found`
  [[nodiscard]] Task<Result<RegistrationToken>> find(std::string token);
  /// An empty text: a random one. `invalid_param` for signs other than `A-Za-z0-9._~-` or more than 64 of
  /// them, a negative number, an end that is past; `conflict` for one that is there.
  [[nodiscard]] Task<Result<RegistrationToken>> make(RegistrationToken wanted, Also also = {});
  /// Other uses and another end. `not_found`, `invalid_param`
  [[nodiscard]] Task<Result<RegistrationToken>> change(RegistrationToken wanted, Also also = {});
  /// `not_found`
  [[nodiscard]] Task<Result<>> remove(std::string token, Also also = {});

  /// Whether it would make an account now.
  [[nodiscard]] Task<bool> is_valid(std::string token);

  /// One account being made with a token, which it may be until this is destroyed.
  class Use {
   public:
    Use(RegistrationTokens& tokens, std::string token);
    Use(Use&& other) noexcept;
    Use& operator=(Use&&) = delete;
    ~Use();
    /// Goes into the write that makes the account: counts it. `forbidden` when the token has run out
    /// meanwhile.
    [[nodiscard]] Also counted() const;

   private:
    RegistrationTokens* tokens_;
    std::string token_;
  };
  [[nodiscard]] Use use(std::string token) { return {*this, std::move(token)}; }

 private:
  [[nodiscard]] Result<> check(RegistrationToken const& token) const;
  [[nodiscard]] std::int64_t pending(std::string_view token) const;
  [[nodiscard]] std::string random_text() const;

  Runtime& runtime_;
  db::Database& database_;
  std::map<std::string, std::int64_t, std::less<>> pending_;
};

}  // namespace torg::identity
