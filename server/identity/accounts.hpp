#pragma once
#include "identity/sessions.hpp"
#include "identity/users.hpp"

namespace torg::identity {

/// User names are in small letters; what comes in others means the same name.
[[nodiscard]] std::string lower_localpart(std::string name);

/// Making and ending accounts, and passwords. On the executor; passwords are hashed on the offload pool.
class Accounts {
 public:
  /// Runs inside the write that ends an account, for what others keep for its user alone.
  using ForgetPrivate = std::function<void(db::Transaction&, UserNid)>;

  Accounts(Runtime& runtime, db::Database& database, Users& users, Sessions& sessions, Options const& options,
           ForgetPrivate forget_private);

  /// `invalid_username` for a localpart that new accounts may not have, `user_in_use` when it is or ever was
  /// taken, `weak_password`, `resource_limit_exceeded` when the server has all the accounts it may have.
  [[nodiscard]] Task<Result<UserNid>> create(NewAccount account, Also also = {});
  /// `weak_password` for one that is too short for a new password, `invalid_param` for one that is too long.
  [[nodiscard]] Result<> check_strength(std::string_view password) const;
  /// Whether the account has a password; service users and guests have none.
  [[nodiscard]] Task<Result<bool>> has_password(UserNid user);
  /// Whether a new account may have this localpart; the same errors.
  /// `exclusive` when the name is an application service's and `service` is another or none, or when it is
  /// not `service`'s.
  [[nodiscard]] Result<> check_available(std::string_view localpart,
                                         matrix::Registration const* service = nullptr) const;

  /// A name that no person gets: the server's own users have it.
  [[nodiscard]] bool is_reserved(std::string_view localpart) const;

  /// The user whose password this is. `name` is a localpart or a user id of this server. `forbidden` when
  /// either is wrong, in about the same time; `user_deactivated` after the account's end.
  [[nodiscard]] Task<Result<UserNid>> check_password(std::string name, std::string password);

  enum class OtherDevices : std::uint8_t { keep, log_out };
  [[nodiscard]] Task<Result<>> change_password(Requester requester, std::string password,
                                               OtherDevices others);
  /// An administrator sets a password; all sessions end, or none. `not_found` without an active account.
  [[nodiscard]] Task<Result<>> reset_password(UserNid user, std::string password, OtherDevices others,
                                              Also also = {});
  /// Ends the account for good: no password, no profile, no devices, nor anything else that was kept for this
  /// user alone (account data, filters, key backups, cross-signing keys). Its id is never given again. What
  /// the user said in rooms is the authority's record and stays; only a disposal takes it away.
  /// `Words::hide` keeps them from those who join a room later.
  /// @see https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3accountdeactivate, `erase`
  enum class Words : std::uint8_t { keep, hide };
  [[nodiscard]] Task<Result<>> deactivate(UserNid user, Also also = {}, Words words = Words::keep);

 private:
  void hide_words(db::Transaction& transaction, UserNid user);
  [[nodiscard]] Task<std::string> hash(std::string password);
  [[nodiscard]] Result<> check_room(NewAccount const& account) const;
  [[nodiscard]] bool is_free_reserved(std::string_view localpart) const;

  Runtime& runtime_;
  db::Database& database_;
  Users& users_;
  Sessions& sessions_;
  Options const& options_;  ///< of the `Identity` that this is part of
  ForgetPrivate forget_private_;
  std::string decoy_;  ///< a hash that matches nothing, so that unknown users take as long as known ones
};

}  // namespace torg::identity
