// https://spec.matrix.org/v1.19/client-server-api/#server-side-key-backups
#include "identity/handlers.hpp"

#include <charconv>

namespace torg::identity {
namespace {

constexpr std::size_t kMaxId = 255;
constexpr std::size_t kMaxAlgorithm = 255;
constexpr std::size_t kMaxAuthData = 64 << 10;
constexpr std::size_t kMaxSessionData = 32 << 10;
constexpr std::uint64_t kMaxBody = 8 << 20;

/// Zero, which no version has, for what is no version of ours.
std::int64_t version_number(std::string_view text) {
  std::int64_t number = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() && number > 0 ? number : 0;
}

std::unexpected<Error> no_such_version() {
  return fail(ErrorCode::not_found, "There is no such key backup.");
}

Result<std::int64_t> version_in_query(net::Call const& call) {
  auto const text = call.request.query("version");
  if (!text) return fail(ErrorCode::missing_param, "The parameter 'version' is missing.");
  auto const version = version_number(*text);
  if (version == 0) return no_such_version();
  return version;
}

net::Response counts_answer(BackupVersion const& backup) {
  return json_answer({{"etag", std::to_string(backup.etag)}, {"count", backup.keys}});
}

// ---- Versions

struct Description {
  std::string algorithm, auth_data;
};

Result<Description> parse_description(json::object const& body) {
  auto algorithm = required_string(body, "algorithm");
  if (!algorithm) return fail(std::move(algorithm));
  auto const* auth_data = optional_object(body, "auth_data");
  if (auth_data == nullptr) return fail(ErrorCode::missing_param, "The field 'auth_data' must be an object.");
  Description description{std::move(*algorithm), json::serialize(*auth_data)};
  if (description.algorithm.size() > kMaxAlgorithm || description.auth_data.size() > kMaxAuthData)
    return fail(ErrorCode::too_large, "The description of the key backup is too large.");
  return description;
}

Answer create_version(Identity& identity, Requester requester, net::Call& call) {
  auto const body = parse_json_object(call.request.body);
  if (!body) co_return std::unexpected(body.error());
  auto description = parse_description(*body);
  if (!description) co_return std::unexpected(description.error());
  auto const version = co_await identity.key_backup().create(
      requester.user, std::move(description->algorithm), std::move(description->auth_data));
  if (!version) co_return std::unexpected(version.error());
  co_return json_answer({{"version", std::to_string(*version)}});
}

Answer show_version(Identity& identity, UserNid user, std::int64_t version) {
  auto const backup = co_await identity.key_backup().version(user, version);
  if (!backup) co_return std::unexpected(backup.error());
  auto auth_data = parse_json_object(backup->auth_data);
  if (!auth_data) co_return std::unexpected(auth_data.error());
  co_return json_answer({{"algorithm", backup->algorithm},
                         {"auth_data", std::move(*auth_data)},
                         {"count", backup->keys},
                         {"etag", std::to_string(backup->etag)},
                         {"version", std::to_string(backup->version)}});
}

Answer newest_version(Identity& identity, Requester requester, net::Call&) {
  return show_version(identity, requester.user, 0);
}

Answer one_version(Identity& identity, Requester requester, net::Call& call) {
  auto const version = version_number(call.path[0]);
  if (version == 0) co_return no_such_version();
  co_return co_await show_version(identity, requester.user, version);
}

Answer update_version(Identity& identity, Requester requester, net::Call& call) {
  auto const body = parse_json_object(call.request.body);
  if (!body) co_return std::unexpected(body.error());
  auto description = parse_description(*body);
  if (!description) co_return std::unexpected(description.error());
  if (optional_string(*body, "version").value_or(call.path[0]) != call.path[0])
    co_return fail(ErrorCode::invalid_param, "The version in the body is another than in the path.");
  auto const done = co_await identity.key_backup().update(requester.user, version_number(call.path[0]),
                                                          std::move(description->algorithm),
                                                          std::move(description->auth_data));
  if (!done) co_return std::unexpected(done.error());
  co_return empty_answer();
}

Answer delete_version(Identity& identity, Requester requester, net::Call& call) {
  auto const done = co_await identity.key_backup().remove(requester.user, version_number(call.path[0]));
  if (!done) co_return std::unexpected(done.error());
  co_return empty_answer();
}

// ---- Keys

Result<> add_key(std::vector<BackupKey>& keys, std::string room_id, std::string session_id,
                 json::value const& value) {
  auto const* body = value.if_object();
  if (body == nullptr) return fail(ErrorCode::bad_json, "A key must be an object.");
  auto const index = required_integer(*body, "first_message_index");
  if (!index) return std::unexpected(index.error());
  auto const forwarded = required_integer(*body, "forwarded_count");
  if (!forwarded) return std::unexpected(forwarded.error());
  auto const verified = optional_bool(*body, "is_verified");
  auto const* data = optional_object(*body, "session_data");
  if (!verified || data == nullptr)
    return fail(ErrorCode::missing_param, "A key needs the fields 'is_verified' and 'session_data'.");
  auto text = json::serialize(*data);
  if (room_id.size() > kMaxId || session_id.size() > kMaxId || text.size() > kMaxSessionData)
    return fail(ErrorCode::too_large, "This key is too large.");
  if (room_id.empty() || session_id.empty() || *index < 0 || *forwarded < 0)
    return fail(ErrorCode::invalid_param, "This is no key.");
  keys.push_back({.room_id = std::move(room_id),
                  .session_id = std::move(session_id),
                  .first_message_index = *index,
                  .forwarded_count = *forwarded,
                  .verified = *verified,
                  .session_data = std::move(text)});
  return {};
}

Result<> add_sessions(std::vector<BackupKey>& keys, std::string const& room_id, json::object const& room) {
  auto const* sessions = optional_object(room, "sessions");
  if (sessions == nullptr) return fail(ErrorCode::missing_param, "The field 'sessions' must be an object.");
  for (auto const& [session_id, key] : *sessions) {
    if (auto added = add_key(keys, room_id, session_id, key); !added) return added;
  }
  return {};
}

/// The keys of a body, whose shape depends on how much the path names.
Result<std::vector<BackupKey>> parse_keys(net::PathParameters const& path, json::object const& body) {
  std::vector<BackupKey> keys;
  Result<> added;
  if (path.size() == 2) {
    added = add_key(keys, path[0], path[1], body);
  } else if (path.size() == 1) {
    added = add_sessions(keys, path[0], body);
  } else if (auto const* rooms = optional_object(body, "rooms")) {
    for (auto const& [room_id, room] : *rooms) {
      if (!room.is_object()) return fail(ErrorCode::bad_json, "A room must be an object.");
      if (added) added = add_sessions(keys, room_id, room.get_object());
    }
  } else {
    return fail(ErrorCode::missing_param, "The field 'rooms' must be an object.");
  }
  if (!added) return std::unexpected(added.error());
  return keys;
}

Answer put_keys(Identity& identity, Requester requester, net::Call& call) {
  auto const version = version_in_query(call);
  if (!version) co_return std::unexpected(version.error());
  auto const body = parse_json_object(call.request.body);
  if (!body) co_return std::unexpected(body.error());
  auto keys = parse_keys(call.path, *body);
  if (!keys) co_return std::unexpected(keys.error());
  auto const stored = co_await identity.key_backup().put_keys(requester.user, *version, std::move(*keys));
  if (stored) co_return counts_answer(*stored);
  if (stored.error().code != ErrorCode::wrong_room_keys_version) co_return std::unexpected(stored.error());
  co_return json_answer({{"errcode", net::errcode(stored.error().code)},
                         {"error", stored.error().message},
                         {"current_version", stored.error().detail}},
                        net::http_status(stored.error().code));
}

void append_key(std::string& out, BackupKey const& key) {
  out += R"({"first_message_index":)" + std::to_string(key.first_message_index);
  out += R"(,"forwarded_count":)" + std::to_string(key.forwarded_count);
  out += key.verified ? R"(,"is_verified":true,"session_data":)" : R"(,"is_verified":false,"session_data":)";
  out += key.session_data;
  out += '}';
}

/// Keys of one room, from `next` on; `next` is moved past them. A backup may be large: no DOM of it is made.
std::string sessions_text(std::vector<BackupKey> const& keys, std::size_t& next) {
  std::string out = R"({"sessions":{)";
  auto const first = next;
  for (; next < keys.size() && keys[next].room_id == keys[first].room_id; ++next) {
    if (next > first) out += ',';
    append_json_string(out, keys[next].session_id);
    out += ':';
    append_key(out, keys[next]);
  }
  return out + "}}";
}

std::string rooms_text(std::vector<BackupKey> const& keys) {
  std::string out = R"({"rooms":{)";
  for (std::size_t next = 0; next < keys.size();) {
    if (next > 0) out += ',';
    append_json_string(out, keys[next].room_id);
    out += ':';
    out += sessions_text(keys, next);
  }
  return out + "}}";
}

std::string part_of(net::PathParameters const& path, std::size_t i) {
  return path.size() > i ? path[i] : std::string();
}

Answer get_keys(Identity& identity, Requester requester, net::Call& call) {
  auto const version = version_in_query(call);
  if (!version) co_return std::unexpected(version.error());
  auto const keys = co_await identity.key_backup().keys(requester.user, *version, part_of(call.path, 0),
                                                        part_of(call.path, 1));
  if (!keys) co_return std::unexpected(keys.error());
  if (call.path.empty()) co_return net::json_response(rooms_text(*keys));
  std::size_t next = 0;
  if (call.path.size() == 1) co_return net::json_response(sessions_text(*keys, next));
  if (keys->empty()) co_return fail(ErrorCode::not_found, "This key is not in the backup.");
  std::string text;
  append_key(text, keys->front());
  co_return net::json_response(std::move(text));
}

Answer delete_keys(Identity& identity, Requester requester, net::Call& call) {
  auto const version = version_in_query(call);
  if (!version) co_return std::unexpected(version.error());
  auto const left = co_await identity.key_backup().remove_keys(requester.user, *version,
                                                               part_of(call.path, 0), part_of(call.path, 1));
  if (!left) co_return std::unexpected(left.error());
  co_return counts_answer(*left);
}

}  // namespace

std::vector<net::Route> key_backup_routes(Identity& identity) {
  using enum net::Method;
  constexpr std::string_view kVersion = "/_matrix/client/v3/room_keys/version";
  constexpr std::string_view kOneVersion = "/_matrix/client/v3/room_keys/version/{version}";
  std::vector<net::Route> routes;
  routes.push_back(bind(post, kVersion, identity, create_version));
  routes.push_back(bind(get, kVersion, identity, newest_version));
  routes.push_back(bind(get, kOneVersion, identity, one_version));
  routes.push_back(bind(put, kOneVersion, identity, update_version));
  routes.push_back(bind(delete_, kOneVersion, identity, delete_version));
  for (std::string_view const keys :
       {"/_matrix/client/v3/room_keys/keys", "/_matrix/client/v3/room_keys/keys/{roomId}",
        "/_matrix/client/v3/room_keys/keys/{roomId}/{sessionId}"}) {
    routes.push_back(bind(put, keys, identity, put_keys));
    routes.back().max_body = kMaxBody;
    routes.push_back(bind(get, keys, identity, get_keys));
    routes.push_back(bind(delete_, keys, identity, delete_keys));
  }
  return routes;
}

}  // namespace torg::identity
