#include "identity/users.hpp"

#include "base/identifiers.hpp"
#include "base/small_letters.hpp"
#include "identity/profile_fields_store.hpp"
#include "identity/store.hpp"

#include <algorithm>

namespace torg::identity {

Users::Users(db::Database& database, std::string server_name)
    : database_(database), server_name_(std::move(server_name)) {}

void Users::load() {
  database_.read_now([this](db::Reader& reader) {
    store::each_user(reader, [this](UserNid user, std::string user_id) { learn(user, std::move(user_id)); });
    store::each_account(reader,
                        [this](UserNid user, Account account) { set_account(user, std::move(account)); });
    store::each_erased(reader, [this](UserNid user, Position position) { set_erased(user, position); });
    store::each_service_user(reader, [this](UserNid user, std::string service) {
      if (auto const found = accounts_.find(user); found != accounts_.end() && found->second.active)
        found->second.service = std::move(service);
    });
  });
}

UserNid Users::find(std::string_view user_id) const {
  auto const found = by_id_.find(user_id);
  return found == by_id_.end() ? UserNid() : found->second;
}

std::string const& Users::user_id(UserNid user) const {
  return ids_.at(static_cast<std::size_t>(user.value) - 1);
}

Task<Result<UserNid>> Users::intern(std::string user_id) {
  if (auto const known = find(user_id)) co_return known;
  if (!is_valid_user_id(user_id)) {
    co_return fail(ErrorCode::invalid_param, "This is not a user id.");
  }
  co_return co_await database_.write([this, user_id](db::Transaction& transaction) -> Result<UserNid> {
    auto const user = store::intern(transaction, user_id);
    transaction.on_commit([this, user, user_id] { learn(user, user_id); });
    return user;
  });
}

Account const* Users::account(UserNid user) const {
  auto const found = accounts_.find(user);
  return found == accounts_.end() ? nullptr : &found->second;
}

bool Users::is_local(std::string_view user_id) const { return server_of(user_id) == server_name_; }

std::vector<UserNid> Users::search(std::string_view text, std::size_t limit, Among const* among) const {
  auto const term = in_small_letters(text);
  std::vector<UserNid> found;
  for (auto const& [user, account] : accounts_) {
    if (found.size() == limit) break;
    bool const may = account.active && !account.guest && (among == nullptr || among->contains(user));
    if (!may) continue;
    bool const fits = in_small_letters(user_id(user)).contains(term) ||
                      in_small_letters(account.profile.displayname).contains(term);
    if (fits) found.push_back(user);
  }
  return found;
}

Task<Result<>> Users::set_profile_field(UserNid user, ProfileField field, std::string value) {
  co_return co_await database_.write([this, user, field, value](db::Transaction& transaction) -> Result<> {
    if (!store::is_active(transaction, user))
      return fail(ErrorCode::not_found, "There is no such user here.");
    store::set_profile_field(transaction, user, field, value);
    if (auto fits = store::check_profile_size(transaction, user); !fits) return fits;
    transaction.on_commit([this, user, field, value] {
      auto& profile = accounts_.at(user).profile;
      (field == ProfileField::displayname ? profile.displayname : profile.avatar_url) = value;
    });
    return {};
  });
}

Task<Result<>> Users::restrict(UserNid user, Restriction restriction, Restricted restricted, Also also) {
  co_return co_await database_.write([=, this](db::Transaction& transaction) -> Result<> {
    if (!store::is_active(transaction, user))
      return fail(ErrorCode::not_found, "There is no such user here.");
    store::set_restriction(transaction, user, restriction, restricted);
    if (also) {
      if (auto done = also(transaction); !done) return done;
    }
    transaction.on_commit([=, this] {
      auto account = accounts_.at(user);
      (restriction == Restriction::locked ? account.locked : account.suspended) =
          restricted == Restricted::yes;
      set_account(user, std::move(account));
    });
    return {};
  });
}

Task<Result<>> Users::set_role(UserNid user, Role role, Also also) {
  co_return co_await database_.write([=, this](db::Transaction& transaction) -> Result<> {
    if (!store::is_active(transaction, user))
      return fail(ErrorCode::not_found, "There is no such user here.");
    store::set_role(transaction, user, role);
    if (also) {
      if (auto done = also(transaction); !done) return done;
    }
    transaction.on_commit([=, this] { accounts_.at(user).role = role; });
    return {};
  });
}

std::int64_t Users::count_active() const {
  return std::ranges::count_if(accounts_,
                               [](auto const& entry) { return entry.second.active && !entry.second.guest; });
}

void Users::learn(UserNid user, std::string user_id) {
  auto const index = static_cast<std::size_t>(user.value) - 1;
  if (index < ids_.size() && !ids_[index].empty()) return;  // two requests met the same id at once
  if (index >= ids_.size()) ids_.resize(index + 1);
  ids_[index] = std::move(user_id);
  by_id_.emplace(ids_[index], user);
}

void Users::set_account(UserNid user, Account account) {
  if (account.locked)
    locked_.insert(user);
  else
    locked_.erase(user);
  if (account.guest) guests_.insert(user);
  accounts_.insert_or_assign(user, std::move(account));
}

}  // namespace torg::identity
