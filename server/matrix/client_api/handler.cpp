#include "matrix/client_api/handler.hpp"

#include "identity/http.hpp"

#include <algorithm>
#include <charconv>

namespace torg::matrix {

Result<json::object> Asked::body() const {
  if (call.request.body.empty()) return json::object{};
  return parse_json_object(call.request.body);
}

Result<json::object> Asked::required_body() const { return parse_json_object(call.request.body); }

std::chrono::milliseconds wait_of(Asked const& asked) {
  constexpr std::chrono::milliseconds kLongest = std::chrono::minutes{5};
  std::int64_t value = 0;
  if (auto const text = asked.call.request.query("timeout"))
    std::from_chars(text->data(), text->data() + text->size(), value);
  return std::clamp(std::chrono::milliseconds{value}, std::chrono::milliseconds{0}, kLongest);
}

namespace {

constexpr std::string_view kRetryAfter = "retry after ms ";

net::Response answer_error(Error const& error) {
  if (!error.detail.starts_with(kRetryAfter)) return identity::error_answer(error);
  return net::limited_response(
      error, std::chrono::milliseconds(std::stoll(error.detail.substr(kRetryAfter.size()))));
}

}  // namespace

Error limited(std::string message, std::chrono::milliseconds retry_after) {
  return {ErrorCode::limit_exceeded, std::move(message),
          std::string(kRetryAfter) + std::to_string(retry_after.count())};
}

Result<> still_signed_in(ClientApi const& api, net::Call const& call) {
  auto const requester = api.rooms.identity().authenticate(call.request);
  return requester ? Result<>{} : std::unexpected(requester.error());
}

net::Route authed(ClientApi& api, net::Method method, std::string_view pattern, AuthedHandler handler,
                  net::Limit limit) {
  return {.method = method,
          .pattern = pattern,
          .handler = [&api, handler](net::Call& call) -> Task<net::Response> {
            auto requester = api.rooms.identity().authenticate(call.request);
            if (!requester) co_return identity::error_answer(requester.error());
            auto answer = co_await handler(api, Asked{call, std::move(*requester)});
            if (!answer) co_return answer_error(answer.error());
            co_return net::json_response(std::move(*answer));
          },
          .admit = identity::only_signed_in(api.rooms.identity()),
          .limit = limit};
}

Task<Result<std::shared_ptr<Room>>> known_room(ClientApi& api, std::string room_id) {
  auto room = co_await api.rooms.load(std::move(room_id));
  if (!room && room.error().code == ErrorCode::not_found)
    co_return fail(ErrorCode::forbidden, "You are not in this room.");
  co_return room;
}

Task<Result<std::string>> resolve_room(ClientApi& api, std::string room_id_or_alias) {
  if (!room_id_or_alias.starts_with('#')) co_return room_id_or_alias;
  auto const found = co_await api.rooms.find_alias(std::move(room_id_or_alias));
  if (!found) co_return std::unexpected(found.error());
  auto const id = co_await api.rooms.room_id(found->room);
  if (!id) co_return std::unexpected(id.error());
  co_return id->value;
}

Task<Result<std::shared_ptr<Room>>> joined_room(ClientApi& api, std::string room_id, UserNid user) {
  auto room = co_await known_room(api, std::move(room_id));
  if (room && !(*room)->is_joined(user)) co_return fail(ErrorCode::forbidden, "You are not in this room.");
  co_return room;
}

}  // namespace torg::matrix
