#include "records/external/http.hpp"

#include "identity/http.hpp"
#include "records/assessment/json.hpp"

#include <charconv>

namespace torg::records {
namespace {

using identity::json_answer;
using identity::Requester;
using net::Method;
using Services = std::shared_ptr<ExternalHttp const>;
using Answer = Result<net::Response>;

json::object to_json(Services const& services, Delivery const& handover) {
  auto body = to_json(shown(handover));
  body["authority"] = code_of(services->governance, handover.authority);
  body["at"] = to_ms(handover.made_at);
  body["by"] = handover.by_id;
  body["attempts"] = handover.attempts;
  return body;
}

bool may_settle(Services const& services, UserNid user, AuthorityId authority) {
  return services->governance.may(user, governance::Act::work_at_desk, authority);
}

/// A handover shows the title, so administrators don't see it.
bool may_see(Services const& services, UserNid user, AuthorityId authority) {
  return services->governance.may(user, governance::Act::read_register, authority);
}

std::unexpected<Error> no_such_handover() { return fail(ErrorCode::not_found, "There is no such handover."); }

struct Page {
  AuthorityId authority;
  std::optional<DeliveryState> state;
  DeliveryId before{INT64_MAX};
};

Result<Page> page_of(Services const& services, UserNid user, net::Request const& request) {
  auto const code = request.query("authority");
  if (!code) return fail(ErrorCode::missing_param, "Say whose handovers: authority=KS.");
  auto const* authority = services->governance.authority_by_code(*code);
  if (authority == nullptr || !may_see(services, user, authority->id))
    return fail(ErrorCode::forbidden, "You have no role in this authority's register.");
  Page page{authority->id, std::nullopt};
  if (auto const state = request.query("state")) {
    page.state = parse_handover_state(*state);
    if (!page.state) return fail(ErrorCode::invalid_param, "state is waiting, sent, registered or refused.");
  }
  if (auto const from = request.query("from")) {
    auto const [end, error] = std::from_chars(from->data(), from->data() + from->size(), page.before.value);
    if (error != std::errc{} || end != from->data() + from->size())
      return fail(ErrorCode::invalid_param, "'from' is the 'next' of the page before.");
  }
  return page;
}

Task<Answer> list(Services services, Requester requester, net::Request request) {
  auto const page = page_of(services, requester.user, request);
  if (!page) co_return std::unexpected(page.error());
  auto const found = co_await services->registers.list(page->authority, page->state, page->before);
  if (!found) co_return std::unexpected(found.error());
  json::array lines;
  for (auto const& handover : *found) lines.push_back(to_json(services, handover));
  bool const full = found->size() == ExternalRegisters::kPage;
  co_return json_answer(
      {{"handovers", std::move(lines)},
       {"next", full ? json::value(std::to_string(found->back().id.value)) : json::value(nullptr)}});
}

Task<Answer> look(Services services, Requester requester, std::string key) {
  auto const found = co_await services->registers.find(std::move(key));
  if (!found) co_return std::unexpected(found.error());
  if (!may_see(services, requester.user, found->authority)) co_return no_such_handover();
  co_return json_answer(to_json(services, *found));
}

Task<Answer> retry(Services services, Requester requester, std::string key) {
  auto const found = co_await services->registers.find(key);
  if (!found) co_return std::unexpected(found.error());
  if (!may_settle(services, requester.user, found->authority)) co_return no_such_handover();
  auto const done = co_await services->registers.retry(std::move(key));
  if (!done) co_return std::unexpected(done.error());
  co_return json_answer(to_json(services, *done));
}

std::string bearer(net::Request const& request) {
  constexpr std::string_view kBearer = "Bearer ";
  auto const header = request.header("authorization").value_or("");
  return std::string(header.starts_with(kBearer) ? header.substr(kBearer.size()) : "");
}

/// Who answers: the register itself (0), or a registrar of the authority. Others learn nothing of what there
/// is.
Result<UserNid> answerer(Services const& services, net::Request const& request,
                         Result<Delivery> const& handover) {
  if (handover && services->registers.is_secret(handover->authority, bearer(request))) return UserNid();
  auto const requester = services->identity.authenticate(request);
  if (!requester) return std::unexpected(requester.error());
  if (!handover || !may_settle(services, requester->user, handover->authority)) return no_such_handover();
  return requester->user;
}

Task<Answer> take_answer(Services services, net::Request request, std::string key) {
  auto const handover = co_await services->registers.find(key);
  if (!handover && handover.error().code != ErrorCode::not_found) co_return std::unexpected(handover.error());
  auto const by = answerer(services, request, handover);
  if (!by) co_return std::unexpected(by.error());
  auto const body = parse_json_object(request.body);
  if (!body) co_return std::unexpected(body.error());
  auto answer = read_external_answer(*body);
  if (!answer) co_return std::unexpected(answer.error());
  if (answer->kind == ExternalAnswer::Kind::accepted)
    co_return fail(ErrorCode::missing_param, "An answer has a number, or says why it is refused.");
  auto const done = co_await services->registers.answer(std::move(key), std::move(*answer), *by);
  if (!done) co_return std::unexpected(done.error());
  co_return json_answer(to_json(services, *done));
}

Task<net::Response> answered(Services services, net::Request request, std::string key) {
  auto answer = co_await take_answer(std::move(services), std::move(request), std::move(key));
  co_return answer ? std::move(*answer) : identity::error_answer(answer.error());
}

}  // namespace

std::vector<net::Route> external_routes(ExternalHttp given) {
  auto const services = std::make_shared<ExternalHttp const>(given);
  auto const& identity = services->identity;
  std::vector<net::Route> table;
  table.push_back(identity::user_route(Method::get, "/_torg/v1/handovers", identity,
                                       [services](Requester requester, net::Call& call) {
                                         return list(services, std::move(requester), call.request);
                                       }));
  table.push_back(identity::user_route(Method::get, "/_torg/v1/handovers/{key}", identity,
                                       [services](Requester requester, net::Call& call) {
                                         return look(services, std::move(requester), call.path.at(0));
                                       }));
  table.push_back(identity::user_route(Method::post, "/_torg/v1/handovers/{key}/retry", identity,
                                       [services](Requester requester, net::Call& call) {
                                         return retry(services, std::move(requester), call.path.at(0));
                                       }));
  table.push_back({Method::post, "/_torg/v1/handovers/{key}/answer", [services](net::Call& call) {
                     return answered(services, std::move(call.request), call.path.at(0));
                   }});
  table.back().max_body = std::size_t{16} * 1024;  // whoever asks is known only after it is read
  return table;
}

}  // namespace torg::records
