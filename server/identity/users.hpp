#pragma once
#include "db/database.hpp"
#include "identity/types.hpp"

#include <deque>
#include <map>
#include <set>
#include <unordered_map>
#include <unordered_set>

namespace torg::identity {

/// All user ids ever met, as numbers, and the accounts of this server with their profiles; in memory, because
/// every event and every request asks. On the executor.
class Users {
 public:
  Users(db::Database& database, std::string server_name);
  Users(Users const&) = delete;
  Users& operator=(Users const&) = delete;

  /// Reads everything; once, at start-up.
  void load();

  /// Zero when the user id was never met.
  [[nodiscard]] UserNid find(std::string_view user_id) const;
  /// The reference stays good as long as this object. @pre `user` came from here
  [[nodiscard]] std::string const& user_id(UserNid user) const;
  /// Gives a user id its number, durably; `invalid_param` when it is none.
  [[nodiscard]] Task<Result<UserNid>> intern(std::string user_id);

  /// Null for remote users and for ids without an account.
  [[nodiscard]] Account const* account(UserNid user) const;
  [[nodiscard]] bool is_guest(UserNid user) const { return guests_.contains(user); }
  /// Accounts in order of their making, ended ones too.
  [[nodiscard]] std::map<UserNid, Account> const& accounts() const { return accounts_; }
  /// Active ones without guests.
  [[nodiscard]] std::int64_t count_active() const;
  /// Whether an administrator has locked the account.
  [[nodiscard]] bool is_locked(UserNid user) const { return locked_.contains(user); }
  [[nodiscard]] bool is_local(std::string_view user_id) const;
  [[nodiscard]] std::string const& server_name() const { return server_name_; }
  /// Active accounts whose name or id contains `term` (letters in either case), in order of their making;
  /// only those `among` these, when given.
  using Among = std::unordered_set<UserNid>;
  [[nodiscard]] std::vector<UserNid> search(std::string_view term, std::size_t limit,
                                            Among const* among = nullptr) const;

  /// Those who ended their account and asked for their words to be taken away, with where in the stream that
  /// was: who joined a room later doesn't read there what they wrote.
  [[nodiscard]] std::map<UserNid, Position> const& erased() const { return erased_; }

  /// `profile_too_large` when the whole profile would be.
  [[nodiscard]] Task<Result<>> set_profile_field(UserNid user, ProfileField field, std::string value);

  /// `not_found` for users without an active account here.
  [[nodiscard]] Task<Result<>> restrict(UserNid user, Restriction restriction, Restricted restricted,
                                        Also also = {});
  /// The same.
  [[nodiscard]] Task<Result<>> set_role(UserNid user, Role role, Also also = {});

  // Called when a write has committed.
  void learn(UserNid user, std::string user_id);
  void set_account(UserNid user, Account account);
  void set_erased(UserNid user, Position position) { erased_.emplace(user, position); }

 private:
  db::Database& database_;
  std::string server_name_;
  std::deque<std::string> ids_;                          ///< by number - 1; a deque, so that references stay
  std::unordered_map<std::string_view, UserNid> by_id_;  ///< into `ids_`
  std::map<UserNid, Account> accounts_;
  std::map<UserNid, Position> erased_;
  std::set<UserNid> locked_;  ///< of `accounts_`; few, and every request asks
  std::set<UserNid> guests_;  ///< the same
};

}  // namespace torg::identity
