#pragma once
#include "base/json.hpp"
#include "identity/account_data_store.hpp"
#include "identity/invite_permission.hpp"
#include "identity/push_rules.hpp"
#include "identity/users.hpp"

#include <functional>
#include <map>
#include <set>
#include <unordered_map>
#include <unordered_set>

namespace torg::identity {

/// What clients keep for a user on the server: account data, global and per room, with the push rules among
/// it, and filters. On the executor.
/// @see https://spec.matrix.org/v1.19/client-server-api/#client-config
class AccountData {
 public:
  /// How a stored content changes into a new one; runs inside the write, so it must be pure.
  using Change = std::function<Result<json::object>(json::object content)>;

  AccountData(db::Database& database, Users const& users, BodyMentions mentions)
      : database_(database), users_(users), mentions_(mentions) {}
  AccountData(AccountData const&) = delete;
  AccountData& operator=(AccountData const&) = delete;

  void load();
  /// Called on the executor after each commit that changed something, in order of position.
  void observe(std::function<void(AccountDataChange const&)> observer) {
    observers_.push_back(std::move(observer));
  }

  /// Where the user's account data last changed; zero: never. For the comparison an empty sync is made of.
  [[nodiscard]] Position last_change(UserNid user) const;
  /// Everything changed after `since`, global entries with an empty room id. `since` zero: everything, with
  /// the `m.push_rules` of a user who never changed them.
  [[nodiscard]] Task<Result<std::vector<AccountDataEntry>>> changes(UserNid user, Position since) const;

  /// All there is in some rooms, the empty id standing for the global account data, as `changes` shows it.
  [[nodiscard]] Task<Result<std::vector<AccountDataEntry>>> in_rooms(UserNid user,
                                                                     std::vector<std::string> room_ids) const;

  /// Whether `user` has put `other` on their list of ignored users.
  /// @see https://spec.matrix.org/v1.19/client-server-api/#ignoring-users
  [[nodiscard]] bool ignores(UserNid user, std::string_view other) const;
  [[nodiscard]] bool ignores_anybody(UserNid user) const;

  /// What `user` wants to become of an invitation by `inviter`.
  [[nodiscard]] InviteVerdict verdict_on_invite(UserNid user, std::string_view inviter) const;
  /// Whether `user` is shown that `inviter` invites them: not when they ignore them, or ignore or block their
  /// invitations.
  [[nodiscard]] bool sees_invitation(UserNid user, std::string_view inviter) const {
    return !ignores(user, inviter) && verdict_on_invite(user, inviter) == InviteVerdict::allow;
  }

  /// `not_found` when there is none. `room_id` empty: global.
  [[nodiscard]] Task<Result<std::string>> get(UserNid user, std::string room_id, std::string type) const;
  /// `content` is the JSON text of an object; the empty one, `{}`, takes the entry away: a sync that goes on
  /// shows it once, a new one doesn't (MSC3391).
  [[nodiscard]] Task<Result<Position>> put(UserNid user, std::string room_id, std::string type,
                                           std::string content);
  /// Takes an entry away; nothing happens when there is none.
  [[nodiscard]] Task<Result<>> remove(UserNid user, std::string room_id, std::string type);
  /// Takes away what concerns one device only, which has ended; inside the write that ends it.
  void forget_device(db::Transaction& transaction, UserNid user, DeviceId const& device);
  /// Changes the content in one step; an absent one is `{}`.
  [[nodiscard]] Task<Result<Position>> change(UserNid user, std::string room_id, std::string type,
                                              Change change);

  /// The rules in force, as `/pushrules/` shows them: `{"global": {…}}`.
  [[nodiscard]] Task<Result<json::object>> push_rules(UserNid user) const;
  /// The `global` rule set of `user_id` as long as they have changed nothing.
  [[nodiscard]] json::object default_rules(std::string_view user_id) const {
    return default_push_rules(user_id, mentions_);
  }
  [[nodiscard]] BodyMentions body_mentions() const { return mentions_; }
  /// Whether `user` has ever changed them.
  [[nodiscard]] bool has_own_rules(UserNid user) const { return own_rules_.contains(user); }
  /// Changes the `global` rule set.
  [[nodiscard]] Task<Result<Position>> change_push_rules(UserNid user, Change change);

  /// Part of the write that ends an account.
  static void forget_user(db::Transaction& transaction, UserNid user);

  /// Stores a filter; `limit_exceeded` when the user has very many. @return its id
  [[nodiscard]] Task<Result<std::string>> put_filter(UserNid user, json::object definition);
  [[nodiscard]] Task<Result<json::object>> filter(UserNid user, std::string id) const;

 private:
  enum class Missing : std::uint8_t { left_out, added };
  void show_push_rules(UserNid user, std::vector<AccountDataEntry>& entries, Missing rules) const;
  Result<Position> save(db::Transaction& transaction, UserNid user, AccountDataEntry entry);
  void changed(AccountDataChange const& change);
  void remove_now(db::Transaction& transaction, UserNid user, std::string const& room_id,
                  std::string const& type);
  /// Keeps in memory what other people's requests ask of this content.
  void learn(UserNid user, std::string_view type, std::string_view content);
  void learn_ignored(UserNid user, std::string_view content);

  db::Database& database_;
  Users const& users_;
  BodyMentions mentions_;
  std::unordered_map<UserNid, Position> last_changes_;
  std::unordered_map<UserNid, std::set<std::string, std::less<>>> ignored_;
  std::map<std::pair<UserNid, std::string_view>, InvitePermission> invite_permissions_;  ///< by type
  std::unordered_set<UserNid> own_rules_;  ///< who has push rules stored
  std::vector<std::function<void(AccountDataChange const&)>> observers_;
};

}  // namespace torg::identity
