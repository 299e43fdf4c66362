// https://spec.matrix.org/v1.19/client-server-api/#profiles and #user-directory
#include "identity/handlers.hpp"

#include <algorithm>

namespace torg::identity {
namespace {

constexpr std::size_t kMaxDisplayname = 256;
constexpr std::size_t kMaxAvatarUrl = 1'000;

/// The profile that a request asks for, of the user whom its path names.
Task<Result<Profile>> profile_for(Identity& identity, net::Call const& call) {
  if (identity.options().profile_readers == ProfileReaders::signed_in) {
    if (auto const reader = identity.authenticate(call.request); !reader)
      co_return std::unexpected(reader.error());
  }
  auto const& user_id = call.path[0];
  auto const* account = identity.account(identity.find(user_id));
  if (account == nullptr && identity.on_unknown_user && identity.is_local(user_id)) {
    if (co_await identity.on_unknown_user(user_id)) account = identity.account(identity.find(user_id));
  }
  if (account == nullptr || !account->active)
    co_return fail(ErrorCode::not_found, "There is no such user here.");
  co_return account->profile;
}

std::string_view name_of(ProfileField field) {
  return field == ProfileField::displayname ? "displayname" : "avatar_url";
}

std::string const& value_of(Profile const& profile, ProfileField field) {
  return field == ProfileField::displayname ? profile.displayname : profile.avatar_url;
}

Answer get_profile(Identity& identity, net::Call& call) {
  auto const profile = co_await profile_for(identity, call);
  if (!profile) co_return std::unexpected(profile.error());
  json::object body;
  for (auto field : {ProfileField::displayname, ProfileField::avatar_url}) {
    if (auto const& value = value_of(*profile, field); !value.empty()) body[name_of(field)] = value;
  }
  co_return json_answer(body);
}

template <ProfileField field>
Answer get_field(Identity& identity, net::Call& call) {
  auto const profile = co_await profile_for(identity, call);
  if (!profile) co_return std::unexpected(profile.error());
  json::object body;
  if (auto const& value = value_of(*profile, field); !value.empty()) body[name_of(field)] = value;
  co_return json_answer(body);
}

Result<std::string> new_value(json::object const& body, ProfileField field) {
  auto const* given = body.if_contains(name_of(field));
  if (given == nullptr)
    return fail(ErrorCode::missing_param, "The field '" + std::string(name_of(field)) + "' is missing.");
  if (given->is_null()) return std::string();
  auto value = required_string(body, name_of(field));
  if (value && value->size() > (field == ProfileField::displayname ? kMaxDisplayname : kMaxAvatarUrl)) {
    return fail(ErrorCode::too_large, "The field '" + std::string(name_of(field)) + "' is too long.");
  }
  return value;
}

template <ProfileField field>
Answer put_field(Identity& identity, Requester requester, net::Call& call) {
  if (identity.account(requester.user)->suspended)
    co_return fail(ErrorCode::user_suspended, "Your account is suspended.");
  if (auto own = check_own(requester, call.path[0]); !own) co_return fail(std::move(own));
  auto const body = parse_json_object(call.request.body);
  if (!body) co_return std::unexpected(body.error());
  auto value = new_value(*body, field);
  if (!value) co_return std::unexpected(value.error());
  auto const done = co_await identity.users().set_profile_field(requester.user, field, std::move(*value));
  if (!done) co_return std::unexpected(done.error());
  if (identity.on_profile_change) co_await identity.on_profile_change(requester.user);
  co_return empty_answer();
}

/// Up to `limit` users whom the searcher may find, in the order of their making.
Task<Result<std::vector<UserNid>>> find_users(Identity& identity, UserNid searcher, std::string term,
                                              std::size_t limit) {
  if (!identity.who_may_be_found) co_return identity.users().search(term, limit);
  auto const among = co_await identity.who_may_be_found(searcher);
  if (!among) co_return std::unexpected(among.error());
  co_return identity.users().search(term, limit, &*among);
}

Answer search_users(Identity& identity, Requester requester, net::Call& call) {
  constexpr std::int64_t kUsual = 10, kMost = 50;
  auto const body = parse_json_object(call.request.body);
  if (!body) co_return std::unexpected(body.error());
  auto const term = required_string(*body, "search_term");
  if (!term) co_return std::unexpected(term.error());
  auto const limit = static_cast<std::size_t>(
      std::clamp<std::int64_t>(optional_integer(*body, "limit").value_or(kUsual), 0, kMost));
  auto found = co_await find_users(identity, requester.user, *term, limit + 1);
  if (!found) co_return std::unexpected(found.error());
  bool const limited = found->size() > limit;
  if (limited) found->pop_back();
  json::array results;
  for (auto const user : *found) {
    json::object result{{"user_id", identity.user_id(user)}};
    auto const& profile = identity.account(user)->profile;
    if (!profile.displayname.empty()) result["display_name"] = profile.displayname;
    if (!profile.avatar_url.empty()) result["avatar_url"] = profile.avatar_url;
    results.emplace_back(std::move(result));
  }
  co_return json_answer({{"limited", limited}, {"results", std::move(results)}});
}

}  // namespace

std::vector<net::Route> profile_routes(Identity& identity) {
  using enum net::Method;
  constexpr std::string_view kDisplayname = "/_matrix/client/v3/profile/{userId}/displayname";
  constexpr std::string_view kAvatarUrl = "/_matrix/client/v3/profile/{userId}/avatar_url";
  std::vector<net::Route> routes;
  routes.push_back(bind(get, "/_matrix/client/v3/profile/{userId}", identity, get_profile));
  routes.push_back(bind(get, kDisplayname, identity, get_field<ProfileField::displayname>));
  routes.push_back(
      bind(put, kDisplayname, identity, put_field<ProfileField::displayname>, net::Limit::membership));
  routes.push_back(bind(get, kAvatarUrl, identity, get_field<ProfileField::avatar_url>));
  routes.push_back(
      bind(put, kAvatarUrl, identity, put_field<ProfileField::avatar_url>, net::Limit::membership));
  routes.push_back(
      bind(post, "/_matrix/client/v3/user_directory/search", identity, search_users, net::Limit::search));
  return routes;
}

}  // namespace torg::identity
