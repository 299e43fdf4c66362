#include "governance/reports_http.hpp"

#include "identity/http.hpp"
#include "matrix/room/reports.hpp"

#include <charconv>

namespace torg::governance {
namespace {

using identity::Requester;
using matrix::store::Report;
using Answer = Result<net::Response>;

constexpr std::int64_t kPage = 100;

json::value text_or_null(std::string const& text) {
  return text.empty() ? json::value(nullptr) : json::value(std::string_view(text));
}

json::object to_json(Report const& report, identity::Identity const& identity) {
  return {{"id", report.nid},
          {"at", to_ms(report.at)},
          {"by", identity.user_id(report.reporter)},
          {"room_id", text_or_null(report.room_id)},
          {"event_id", text_or_null(report.event_id)},
          {"user_id", report.person ? json::value(std::string_view(identity.user_id(report.person)))
                                    : json::value(nullptr)},
          {"reason", report.reason}};
}

Result<std::int64_t> parse_before(net::Request const& request) {
  std::int64_t before = INT64_MAX;
  auto const text = request.query("before");
  if (!text) return before;
  auto const [end, error] = std::from_chars(text->data(), text->data() + text->size(), before);
  if (error != std::errc() || end != text->data() + text->size())
    return fail(ErrorCode::invalid_param, "'before' must be the id of a report.");
  return before;
}

Task<Answer> list(ReportsHttp services, Requester requester, Result<std::int64_t> before) {
  if (!before) co_return std::unexpected(before.error());
  if (!services.identity.acts_as_administrator(requester))
    co_return fail(ErrorCode::forbidden, "Only administrators read what people have reported.");
  auto const found =
      co_await services.database.write([before = *before, by = requester.user, at = services.runtime.now()](
                                           db::Transaction& transaction) -> Result<std::vector<Report>> {
        auto reports = matrix::store::reports(transaction, before, kPage);
        Governance::audit(transaction, at, by, "reports.read", {{"count", reports.size()}});
        return reports;
      });
  if (!found) co_return std::unexpected(found.error());
  json::array reports;
  for (auto const& report : *found) reports.push_back(to_json(report, services.identity));
  json::object out{{"reports", std::move(reports)}, {"next", nullptr}};
  if (std::ssize(*found) == kPage) out["next"] = found->back().nid;
  co_return identity::json_answer(out);
}

}  // namespace

std::vector<net::Route> report_routes(ReportsHttp services) {
  return {identity::user_route(net::Method::get, "/_torg/v1/admin/reports", services.identity,
                               [services](Requester requester, net::Call& call) {
                                 return list(services, std::move(requester), parse_before(call.request));
                               })};
}

}  // namespace torg::governance
