#include "administration/handlers.hpp"

#include <algorithm>
#include <charconv>

namespace torg::administration {
namespace {

/// Administrators by their account may all that the role may.
bool may(Administration& administration, identity::Requester const& requester, governance::Act act) {
  return administration.identity().acts_as_administrator(requester) ||
         (act == governance::Act::read_audit &&
          administration.services().governance.may_somewhere(requester.user, act));
}

Task<net::Response> answer(Administration& administration, governance::Act act, Function function,
                           net::Call& call) {
  auto requester = administration.identity().authenticate(call.request);
  if (!requester) co_return identity::error_answer(requester.error());
  if (!may(administration, *requester, act)) {
    co_return identity::error_answer({ErrorCode::forbidden, "Only administrators may do this.", {}});
  }
  auto done = co_await function(administration, Asked{call, std::move(*requester)});
  co_return done ? std::move(*done) : identity::error_answer(done.error());
}

}  // namespace

net::Route admin_route(Administration& administration, Method method, std::string_view pattern,
                       Function function, governance::Act act) {
  return {.method = method,
          .pattern = pattern,
          .handler = [&administration, act,
                      function](net::Call& call) { return answer(administration, act, function, call); },
          .admit = identity::only_signed_in(administration.identity())};
}

Result<json::object> Asked::body() const {
  if (call.request.body.empty()) return json::object{};
  return parse_json_object(call.request.body);
}

Result<std::optional<bool>> Asked::flag(std::string_view name) const {
  auto const text = query(name);
  if (!text) return std::nullopt;
  if (*text == "true") return true;
  if (*text == "false") return false;
  return fail(ErrorCode::invalid_param, "'" + std::string(name) + "' must be true or false.");
}

Result<Decision> decision_in(Asked const& asked) {
  auto body = asked.body();
  if (!body) return fail(std::move(body));
  auto const reason = required_string(*body, "reason");
  if (!reason) return fail(ErrorCode::missing_param, "Say why: the field 'reason' is missing.");
  if (reason->empty()) return fail(ErrorCode::invalid_param, "Say why: the field 'reason' is empty.");
  return Decision{std::move(*body), {asked.requester.user, *reason}};
}

Result<std::int64_t> number_in(Asked const& asked, std::size_t segment) {
  auto const& text = asked.path(segment);
  std::int64_t number = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size())
    return fail(ErrorCode::not_found, "Nothing is known under this number.");
  return number;
}

Task<Result<RoomRow>> shown_room(Administration& administration, std::string room_id) {
  auto const room = co_await administration.rooms().find(std::move(room_id));
  if (!room) co_return std::unexpected(room.error());
  co_return co_await administration.rooms().show(*room);
}

Task<Result<json::array>> room_state(Administration& administration, Act act, std::string room_id) {
  auto const room = co_await administration.rooms().find(std::move(room_id));
  if (!room) co_return std::unexpected(room.error());
  co_return co_await administration.rooms().state(std::move(act), *room);
}

Task<Result<>> set_blocked(Administration& administration, Act act, std::string room_id, bool blocked) {
  auto& rooms = administration.rooms();
  auto const room = co_await rooms.find(std::move(room_id));
  if (!room) co_return std::unexpected(room.error());
  if (blocked) co_return co_await rooms.block(std::move(act), *room);
  co_return co_await rooms.unblock(std::move(act), *room);
}

Task<Result<>> take_over(Administration& administration, Act act, RoomNid room, json::object body) {
  auto const named = optional_string(body, "user_id");
  auto const user = named ? administration.users().find(*named) : Result<UserNid>(act.by);
  if (!user) co_return std::unexpected(user.error());
  co_return co_await administration.rooms().take_over(std::move(act), room, *user);
}

json::value number_or_null(std::optional<std::int64_t> number) {
  return number ? json::value(*number) : json::value(nullptr);
}

json::value text_or_null(std::string const& text) {
  return text.empty() ? json::value(nullptr) : json::value(std::string_view(text));
}

json::value user_or_null(Services const& services, UserNid user) {
  return user ? json::value(std::string_view(services.identity.user_id(user))) : json::value(nullptr);
}

Result<bool> required_bool(json::object const& body, std::string_view key) {
  auto const value = optional_bool(body, key);
  if (value) return *value;
  return fail(ErrorCode::missing_param, "The field '" + std::string(key) + "' must be true or false.");
}

std::vector<net::Route> routes(Administration& administration) {
  std::vector<net::Route> all;
  for (auto* part : {user_routes, room_routes, media_routes, server_routes})
    std::ranges::move(part(administration), std::back_inserter(all));
  return net::limit_writes(std::move(all), net::Limit::record_write);
}

}  // namespace torg::administration
