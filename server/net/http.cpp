#include "net/http.hpp"

#include "base/encoding.hpp"
#include "base/json.hpp"

#include <algorithm>

namespace torg::net {
namespace {

/// What a code means on the wire. The names are those of the client-server specification, "Standard error
/// response"; what it has no word for is in our own namespace.
struct WireError {
  std::string_view errcode;
  unsigned status;
};

WireError wire_error(ErrorCode code) {
  switch (code) {
    case ErrorCode::bad_json:
      return {"M_BAD_JSON", 400};
    case ErrorCode::not_json:
      return {"M_NOT_JSON", 400};
    case ErrorCode::bad_request:
      return {"M_UNKNOWN", 400};
    case ErrorCode::missing_param:
      return {"M_MISSING_PARAM", 400};
    case ErrorCode::invalid_param:
      return {"M_INVALID_PARAM", 400};
    case ErrorCode::missing_token:
      return {"M_MISSING_TOKEN", 401};
    case ErrorCode::unknown_token:
      return {"M_UNKNOWN_TOKEN", 401};
    case ErrorCode::forbidden:
      return {"M_FORBIDDEN", 403};
    case ErrorCode::not_found:
      return {"M_NOT_FOUND", 404};
    case ErrorCode::unrecognized:
      return {"M_UNRECOGNIZED", 404};
    case ErrorCode::method_not_allowed:
      return {"M_UNRECOGNIZED", 405};
    case ErrorCode::too_large:
      return {"M_TOO_LARGE", 413};
    case ErrorCode::limit_exceeded:
      return {"M_LIMIT_EXCEEDED", 429};
    case ErrorCode::user_in_use:
      return {"M_USER_IN_USE", 400};
    case ErrorCode::invalid_username:
      return {"M_INVALID_USERNAME", 400};
    case ErrorCode::exclusive:
      return {"M_EXCLUSIVE", 400};
    case ErrorCode::unknown_device:
      return {"M_UNKNOWN_DEVICE", 400};
    case ErrorCode::room_in_use:
      return {"M_ROOM_IN_USE", 400};
    case ErrorCode::unsupported_room_version:
      return {"M_UNSUPPORTED_ROOM_VERSION", 400};
    case ErrorCode::incompatible_room_version:
      return {"M_INCOMPATIBLE_ROOM_VERSION", 400};
    case ErrorCode::guest_access_forbidden:
      return {"M_GUEST_ACCESS_FORBIDDEN", 403};
    case ErrorCode::invite_blocked:
      return {"M_INVITE_BLOCKED", 403};
    case ErrorCode::user_deactivated:
      return {"M_USER_DEACTIVATED", 403};
    case ErrorCode::user_locked:
      return {"M_USER_LOCKED", 401};
    case ErrorCode::user_suspended:
      return {"M_USER_SUSPENDED", 403};
    case ErrorCode::weak_password:
      return {"M_WEAK_PASSWORD", 400};
    case ErrorCode::resource_limit_exceeded:
      return {"M_RESOURCE_LIMIT_EXCEEDED", 403};
    case ErrorCode::user_limit_exceeded:
      return {"M_USER_LIMIT_EXCEEDED", 403};
    case ErrorCode::key_too_large:
      return {"M_KEY_TOO_LARGE", 400};
    case ErrorCode::profile_too_large:
      return {"M_PROFILE_TOO_LARGE", 400};
    case ErrorCode::invalid_room_state:
      return {"M_INVALID_ROOM_STATE", 400};
    case ErrorCode::duplicate_annotation:
      return {"M_DUPLICATE_ANNOTATION", 400};
    case ErrorCode::invalid_signature:
      return {"M_INVALID_SIGNATURE", 400};
    case ErrorCode::wrong_room_keys_version:
      return {"M_WRONG_ROOM_KEYS_VERSION", 403};
    case ErrorCode::threepid_denied:
      return {"M_THREEPID_DENIED", 403};
    case ErrorCode::threepid_not_found:
      return {"M_THREEPID_NOT_FOUND", 400};
    case ErrorCode::cannot_leave_server_notice_room:
      return {"M_CANNOT_LEAVE_SERVER_NOTICE_ROOM", 403};
    case ErrorCode::bad_state:
      return {"M_BAD_STATE", 400};
    case ErrorCode::unknown_pos:
      return {"M_UNKNOWN_POS", 400};
    case ErrorCode::bad_alias:
      return {"M_BAD_ALIAS", 400};
    case ErrorCode::not_yet_uploaded:
      return {"M_NOT_YET_UPLOADED", 504};
    case ErrorCode::finalised:
      return {"M_UNKNOWN", 409};
    case ErrorCode::conflict:
      return {"ORG.TORG.CONFLICT", 409};
    case ErrorCode::held:
      return {"ORG.TORG.HELD", 409};
    case ErrorCode::needs_second_person:
      return {"ORG.TORG.NEEDS_SECOND_PERSON", 409};
    case ErrorCode::rule_refuses:
      return {"ORG.TORG.RULE_REFUSES", 409};
    case ErrorCode::storage_full:
      return {"ORG.TORG.STORAGE_FULL", 507};
    case ErrorCode::unavailable:
      return {"M_UNKNOWN", 503};
    case ErrorCode::late:
      return {"M_UNKNOWN", 504};
    case ErrorCode::url_not_set:
      return {"M_URL_NOT_SET", 400};
    case ErrorCode::connection_failed:
      return {"M_CONNECTION_FAILED", 502};
    case ErrorCode::connection_timeout:
      return {"M_CONNECTION_TIMEOUT", 504};
    case ErrorCode::bad_status:
      return {"M_BAD_STATUS", 502};
    case ErrorCode::internal:
      break;
  }
  return {"M_UNKNOWN", 500};
}

std::string error_body(Error const& error) {
  std::string body = R"({"errcode":)";
  append_json_string(body, errcode(error.code));
  body += R"(,"error":)";
  append_json_string(
      body, error.code == ErrorCode::internal ? "Something went wrong on this server." : error.message);
  return body;
}

/// Calls `use(name, value)` for each query parameter, both still encoded, until it returns false.
template <class F>
void each_parameter(std::string_view target, F use) {
  auto const question = target.find('?');
  if (question == std::string_view::npos) return;
  auto rest = target.substr(question + 1);
  while (!rest.empty()) {
    auto const pair = rest.substr(0, rest.find('&'));
    rest.remove_prefix(std::min(rest.size(), pair.size() + 1));
    auto const equals = std::min(pair.find('='), pair.size());
    auto const value = equals < pair.size() ? pair.substr(equals + 1) : std::string_view{};
    if (!pair.empty() && !use(pair.substr(0, equals), value)) return;
  }
}

std::optional<std::string> decode_parameter(std::string_view text) {
  auto decoded = percent_decode(text, PlusSign::space);
  if (decoded && !is_valid_utf8(*decoded)) return std::nullopt;
  return decoded;
}

bool names(std::string_view encoded, std::string_view name) {
  return encoded == name || (encoded.contains('%') && decode_parameter(encoded) == name);
}

}  // namespace

void Interruption::on_interrupt(std::move_only_function<void()> job) {
  if (why_ != Why::none) return job();
  job_ = std::move(job);
}

void Interruption::fire(Why why) {
  if (why_ != Why::none) return;
  why_ = why;
  if (auto job = std::exchange(job_, nullptr)) job();
}

void Interruption::reset() {
  why_ = Why::none;
  job_ = nullptr;
}

void Call::on_interrupt(std::move_only_function<void()> job) {
  if (request.interruption != nullptr) request.interruption->on_interrupt(std::move(job));
}

bool Call::interrupted() const {
  return request.interruption != nullptr && request.interruption->why() != Interruption::Why::none;
}

std::string_view Request::path() const { return std::string_view(target).substr(0, target.find('?')); }

std::optional<std::string_view> Request::header(std::string_view lower_case_name) const {
  auto const found =
      std::ranges::find(headers, lower_case_name, [](auto const& h) -> auto const& { return h.first; });
  if (found == headers.end()) return std::nullopt;
  return found->second;
}

std::optional<std::string> Request::query(std::string_view name) const {
  std::optional<std::string> found;
  each_parameter(target, [&](auto key, auto value) {
    if (names(key, name)) found = decode_parameter(value);
    return !found;
  });
  return found;
}

std::vector<std::string> Request::query_all(std::string_view name) const {
  std::vector<std::string> found;
  each_parameter(target, [&](auto key, auto value) {
    if (!names(key, name)) return true;
    if (auto decoded = decode_parameter(value)) found.push_back(*std::move(decoded));
    return true;
  });
  return found;
}

std::string_view to_text(Method method) {
  switch (method) {
    case Method::get:
      return "GET";
    case Method::head:
      return "HEAD";
    case Method::post:
      return "POST";
    case Method::put:
      return "PUT";
    case Method::delete_:
      return "DELETE";
    case Method::options:
      return "OPTIONS";
    case Method::patch:
      return "PATCH";
    case Method::other:
      break;
  }
  return "";
}

std::string_view errcode(ErrorCode code) { return wire_error(code).errcode; }
unsigned http_status(ErrorCode code) { return wire_error(code).status; }

Response json_response(std::string body, unsigned status) {
  Response response;
  response.status = status;
  response.headers.emplace_back("content-type", "application/json");
  response.body = std::move(body);
  return response;
}

Response error_response(Error const& error) {
  auto response = json_response(error_body(error) + '}', http_status(error.code));
  response.failure = std::make_shared<Error>(error);
  return response;
}

Response limited_response(Error const& error, std::chrono::milliseconds retry_after) {
  auto const ms = std::max(retry_after, std::chrono::milliseconds{0});
  auto response =
      json_response(error_body(error) + R"(,"retry_after_ms":)" + std::to_string(ms.count()) + '}',
                    http_status(ErrorCode::limit_exceeded));
  response.headers.emplace_back("retry-after",
                                std::to_string(std::chrono::ceil<std::chrono::seconds>(ms).count()));
  response.failure = std::make_shared<Error>(error);
  return response;
}

std::optional<Response> not_modified(Request const& request, std::string_view etag) {
  auto const wanted = request.header("if-none-match");
  if (!wanted) return std::nullopt;
  auto const opaque = etag.starts_with("W/") ? etag.substr(2) : etag;
  // An entity tag holds no quote, so finding it with its quotes finds a whole one, weak or strong.
  if (*wanted != "*" && !wanted->contains(opaque)) return std::nullopt;
  Response response;
  response.status = 304;
  response.headers.emplace_back("etag", etag);
  return response;
}

}  // namespace torg::net
