#include "records/reserve/http.hpp"

#include "identity/http.hpp"

#include <charconv>

namespace torg::records {
namespace {

using identity::json_answer;
using identity::Requester;
using net::Method;
using Services = std::shared_ptr<ReserveHttp const>;
using Answer = Result<net::Response>;

json::value or_null(bool there, json::value value) { return there ? std::move(value) : json::value(nullptr); }

json::object to_json(Services const& services, ReservedNumber const& one) {
  bool const settled = one.state != ReservedState::open;
  return {{"number", one.number},
          {"state", to_text(one.state)},
          {"record_id", or_null(bool(one.record), one.record.value)},
          {"reason", or_null(!one.reason.empty(), json::value(one.reason))},
          {"settled_at", or_null(settled, to_ms(one.settled_at))},
          {"settled_by",
           settled ? json::value(services->identity.user_id(one.settled_by)) : json::value(nullptr)}};
}

json::object to_json(Services const& services, Reservation const& one) {
  auto const* authority = services->governance.authority(one.authority);
  json::array numbers;
  for (auto const& number : one.numbers) numbers.push_back(to_json(services, number));
  return {{"id", one.id},
          {"authority", authority == nullptr ? std::string() : authority->code},
          {"at", to_ms(one.at)},
          {"by", services->identity.user_id(one.by)},
          {"reason", one.reason},
          {"log_index", one.log_index},
          {"numbers", std::move(numbers)}};
}

Result<AuthorityId> authority_of(Services const& services, std::string_view code) {
  auto const* authority = services->governance.authority_by_code(code);
  if (authority == nullptr) return fail(ErrorCode::not_found, "There is no such authority here.");
  return authority->id;
}

Task<Answer> reserve(Services services, Requester requester, std::string text) {
  auto const body = parse_json_object(text);
  if (!body) co_return std::unexpected(body.error());
  auto const code = required_string(*body, "authority"), key = required_string(*body, "key");
  if (!code) co_return std::unexpected(code.error());
  if (!key) co_return std::unexpected(key.error());
  auto const count = required_integer(*body, "count");
  if (!count) co_return std::unexpected(count.error());
  auto const authority = authority_of(services, *code);
  if (!authority) co_return std::unexpected(authority.error());
  bool const fits = *count >= 1 && *count <= Reservations::kMostAtOnce;
  auto const done = co_await services->reservations.reserve(
      {.by = requester.user,
       .key = *key,
       .authority = *authority,
       .count = fits ? static_cast<int>(*count) : 0,
       .record_type = std::string(optional_string(*body, "record_type").value_or("")),
       .reason = std::string(optional_string(*body, "reason").value_or(""))});
  if (!done) co_return std::unexpected(done.error());
  co_return json_answer(to_json(services, *done));
}

Task<Answer> declare_void(Services services, Requester requester, std::string text) {
  auto const body = parse_json_object(text);
  if (!body) co_return std::unexpected(body.error());
  auto const code = required_string(*body, "authority");
  if (!code) co_return std::unexpected(code.error());
  auto const authority = authority_of(services, *code);
  if (!authority) co_return std::unexpected(authority.error());
  std::vector<std::string> numbers;
  if (auto const* named = optional_array(*body, "numbers")) {
    for (auto const& one : *named) {
      if (!one.is_string()) co_return fail(ErrorCode::invalid_param, "numbers are texts.");
      numbers.emplace_back(one.get_string());
    }
  }
  auto const count = numbers.size();
  auto const done = co_await services->reservations.declare_void(
      requester.user, *authority, std::move(numbers),
      std::string(optional_string(*body, "reason").value_or("")));
  if (!done) co_return std::unexpected(done.error());
  co_return json_answer({{"void", count}});
}

Task<Answer> list(Services services, Requester requester, net::Request request) {
  auto const authority = authority_of(services, request.query("authority").value_or(""));
  if (!authority) co_return std::unexpected(authority.error());
  std::optional<ReservedState> state;
  if (auto const text = request.query("state")) {
    state = parse_reserved_state(*text);
    if (!state) co_return fail(ErrorCode::invalid_param, "state is open, used or void.");
  }
  std::int64_t before = INT64_MAX;
  if (auto const from = request.query("from")) {
    auto const [end, error] = std::from_chars(from->data(), from->data() + from->size(), before);
    if (error != std::errc{} || end != from->data() + from->size())
      co_return fail(ErrorCode::invalid_param, "'from' is the 'next' of the page before.");
  }
  auto const found = co_await services->reservations.list(requester.user, *authority, state, before);
  if (!found) co_return std::unexpected(found.error());
  json::array lines;
  for (auto const& one : *found) {
    if (!one.numbers.empty()) lines.push_back(to_json(services, one));
  }
  bool const more = found->size() == Reservations::kPage;
  co_return json_answer({{"reservations", std::move(lines)},
                         {"next", or_null(more, json::value(more ? std::to_string(found->back().id) : ""))}});
}

}  // namespace

std::vector<net::Route> reserve_routes(ReserveHttp given) {
  auto const services = std::make_shared<ReserveHttp const>(given);
  auto const& identity = services->identity;
  return {identity::user_route(Method::get, "/_torg/v1/reservations", identity,
                               [services](Requester requester, net::Call& call) {
                                 return list(services, std::move(requester), call.request);
                               }),
          identity::user_route(Method::post, "/_torg/v1/reservations", identity,
                               [services](Requester requester, net::Call& call) {
                                 return reserve(services, std::move(requester), std::move(call.request.body));
                               }),
          identity::user_route(Method::post, "/_torg/v1/reservations/void", identity,
                               [services](Requester requester, net::Call& call) {
                                 return declare_void(services, std::move(requester),
                                                     std::move(call.request.body));
                               })};
}

}  // namespace torg::records
