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

std::optional<ProfileField> known_field(std::string_view key) {
  if (key == kDisplayname) return ProfileField::displayname;
  if (key == kAvatarUrl) return ProfileField::avatar_url;
  return std::nullopt;
}

/// Name and picture, where they are set.
json::object shown(Profile const& profile) {
  json::object body;
  if (!profile.displayname.empty()) body[kDisplayname] = profile.displayname;
  if (!profile.avatar_url.empty()) body[kAvatarUrl] = profile.avatar_url;
  return body;
}

Answer get_profile(Identity& identity, net::Call& call) {
  auto const profile = co_await profile_for(identity, call);
  if (!profile) co_return std::unexpected(profile.error());
  auto body = shown(*profile);
  auto const more = co_await identity.profile_fields().all(identity.find(call.path[0]));
  if (!more) co_return std::unexpected(more.error());
  for (auto const& [key, value] : *more) body[key] = value;
  co_return json_answer(body);
}

Answer get_field(Identity& identity, net::Call& call) {
  auto const profile = co_await profile_for(identity, call);
  if (!profile) co_return std::unexpected(profile.error());
  auto const& key = call.path[1];
  if (known_field(key)) {
    auto const fields = shown(*profile);
    auto const* value = fields.if_contains(key);
    if (value == nullptr) co_return fail(ErrorCode::not_found, "This profile doesn't say so.");
    co_return json_answer({{key, *value}});
  }
  auto const value = co_await identity.profile_fields().get(identity.find(call.path[0]), key);
  if (!value) co_return std::unexpected(value.error());
  std::string body = "{";
  append_json_string(body, key);
  co_return net::json_response(body + ':' + *value + '}');
}

/// What name or picture becomes; empty: none.
Result<std::string> new_text(json::value const& given, ProfileField field) {
  bool const is_name = field == ProfileField::displayname;
  auto const name = std::string(is_name ? kDisplayname : kAvatarUrl);
  if (given.is_null()) return std::string();
  if (!given.is_string()) return fail(ErrorCode::invalid_param, "The field '" + name + "' must be a text.");
  if (given.get_string().size() > (is_name ? kMaxDisplayname : kMaxAvatarUrl))
    return fail(ErrorCode::too_large, "The field '" + name + "' is too long.");
  return std::string(given.get_string());
}

/// Whether the requester may change the field that the path names.
Result<> check_change(Identity const& identity, Requester const& requester, net::Call const& call) {
  if (identity.account(requester.user)->suspended)
    return fail(ErrorCode::user_suspended, "Your account is suspended.");
  if (auto own = check_own(requester, call.path[0]); !own) return own;
  return check_profile_key(call.path[1]);
}

/// Name and picture stand in rooms too.
Answer set_known(Identity& identity, Requester requester, ProfileField field, std::string value) {
  auto const done = co_await identity.users().set_profile_field(requester.user, field, std::move(value));
  if (!done) co_return std::unexpected(done.error());
  if (identity.on_profile_change) co_await identity.on_profile_change(requester.user);
  co_return empty_answer();
}

Answer put_field(Identity& identity, Requester requester, net::Call& call) {
  if (auto may = check_change(identity, requester, call); !may) co_return fail(std::move(may));
  auto const& key = call.path[1];
  auto const body = parse_json_object(call.request.body);
  if (!body) co_return std::unexpected(body.error());
  auto const* given = body->if_contains(key);
  if (given == nullptr) co_return fail(ErrorCode::missing_param, "The field '" + key + "' is missing.");
  if (auto const field = known_field(key)) {
    auto value = new_text(*given, *field);
    if (!value) co_return std::unexpected(value.error());
    co_return co_await set_known(identity, std::move(requester), *field, std::move(*value));
  }
  if (key == kTimeZone && !given->is_string())
    co_return fail(ErrorCode::invalid_param, "The field 'm.tz' must be the name of a time zone.");
  auto const done = co_await identity.profile_fields().put(requester.user, key, *given);
  if (!done) co_return std::unexpected(done.error());
  co_return empty_answer();
}

Answer delete_field(Identity& identity, Requester requester, net::Call& call) {
  if (auto may = check_change(identity, requester, call); !may) co_return fail(std::move(may));
  auto const& key = call.path[1];
  if (auto const field = known_field(key))
    co_return co_await set_known(identity, std::move(requester), *field, "");
  auto const done = co_await identity.profile_fields().remove(requester.user, key);
  if (!done) co_return std::unexpected(done.error());
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
  constexpr std::string_view kField = "/_matrix/client/v3/profile/{userId}/{keyName}";
  std::vector<net::Route> routes;
  routes.push_back(bind(get, "/_matrix/client/v3/profile/{userId}", identity, get_profile));
  routes.push_back(bind(get, kField, identity, get_field));
  routes.push_back(bind(put, kField, identity, put_field, net::Limit::membership));
  routes.push_back(bind(delete_, kField, identity, delete_field, net::Limit::membership));
  routes.push_back(
      bind(post, "/_matrix/client/v3/user_directory/search", identity, search_users, net::Limit::search));
  return routes;
}

}  // namespace torg::identity
