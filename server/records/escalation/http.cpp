#include "records/escalation/http.hpp"

#include "governance/zone.hpp"
#include "identity/http.hpp"

#include <charconv>

namespace torg::records {
namespace {

using identity::Requester;
using Answer = Result<net::Response>;

Task<Answer> list(NoticesHttp services, UserNid person) {
  auto const found = co_await services.escalations.notices_for(person);
  if (!found) co_return std::unexpected(found.error());
  json::array notices;
  for (auto const& notice : *found) {
    auto const* authority = services.governance.authority(notice.authority);
    auto const text = to_words(notice);
    notices.push_back(json::object{{"id", notice.id.value},
                                   {"authority", authority == nullptr ? "" : authority->code},
                                   {"day", governance::to_text(notice.day)},
                                   {"kind", to_text(notice.kind)},
                                   {"step", to_text(notice.step)},
                                   {"count", notice.count},
                                   {"text", {{"sv", text.sv}, {"en", text.en}}}});
  }
  co_return identity::json_answer({{"notices", std::move(notices)}});
}

Task<Answer> see(NoticesHttp services, UserNid person, std::string id_text) {
  NoticeId id;
  std::from_chars(id_text.data(), id_text.data() + id_text.size(), id.value);
  auto const done = co_await services.escalations.see(person, id);
  if (!done) co_return std::unexpected(done.error());
  co_return identity::empty_answer();
}

}  // namespace

std::vector<net::Route> notice_routes(NoticesHttp services) {
  using identity::user_route;
  return {user_route(net::Method::get, "/_torg/v1/notices", services.identity,
                     [services](Requester requester, net::Call&) { return list(services, requester.user); }),
          user_route(net::Method::post, "/_torg/v1/notices/{id}/seen", services.identity,
                     [services](Requester requester, net::Call& call) {
                       return see(services, requester.user, call.path.at(0));
                     })};
}

}  // namespace torg::records
