#pragma once
#include "administration/acts.hpp"

namespace torg::administration {

/// What administrators do about accounts. On the executor.
class Users {
 public:
  explicit Users(Services services) : services_(services) {}

  struct Query {
    std::string search{};  ///< in ids and display names; empty: everybody
    std::optional<bool> active{}, administrator{}, guest{}, locked{};  ///< none: both
    Page page{};
  };
  struct Found {
    std::vector<UserNid> users;  ///< in order of their making
    std::size_t total = 0;
  };
  [[nodiscard]] Found list(Query const& query) const;
  /// `invalid_param` for another server's user, `not_found` without an account.
  [[nodiscard]] Result<UserNid> find(std::string_view user_id) const;
  [[nodiscard]] bool is_administrator(UserNid user) const;

  [[nodiscard]] Task<Result<UserNid>> make(Act act, identity::NewAccount account);
  /// Nobody takes their own role away, so that one administrator is left: `forbidden`.
  [[nodiscard]] Task<Result<>> set_role(Act act, UserNid user, identity::Role role);
  [[nodiscard]] Task<Result<>> rename(Act act, UserNid user, identity::ProfileField field, std::string value);
  [[nodiscard]] Task<Result<>> reset_password(Act act, UserNid user, std::string password,
                                              identity::Accounts::OtherDevices sessions);
  /// `forbidden` for administrators.
  [[nodiscard]] Task<Result<>> restrict(Act act, UserNid user, identity::Restriction restriction,
                                        identity::Restricted restricted);
  /// Ends the account and leaves its rooms. `forbidden` for oneself.
  [[nodiscard]] Task<Result<>> deactivate(Act act, UserNid user);
  /// Ends the sessions of these devices, all when empty.
  [[nodiscard]] Task<Result<>> end_sessions(Act act, UserNid user, std::vector<DeviceId> devices);

  /// Rooms the user has joined, in order of their number.
  [[nodiscard]] Task<Result<std::vector<RoomNid>>> joined_rooms(UserNid user);

 private:
  /// The server's own users make rooms and send notices: nobody else gets their names.
  [[nodiscard]] Result<> check_person(UserNid user) const;

  Services services_;
};

}  // namespace torg::administration
