// How the services of records find each other and what the routes are given.
#include "app/application.hpp"
#include "base/log.hpp"
#include "governance/reports_http.hpp"
#include "records/assessment/http.hpp"
#include "records/assessment/opening_http.hpp"
#include "records/disposal/http.hpp"
#include "records/escalation/http.hpp"
#include "records/export/lists.hpp"
#include "records/http/import_routes.hpp"
#include "records/http/routes.hpp"
#include "records/lift/links.hpp"
#include "records/plan/http.hpp"
#include "records/requests/http.hpp"
#include "records/secrecy/http.hpp"
#include "records/settings/http.hpp"

namespace torg::app {

Result<UserNid> Application::signed_in(net::Request const& request) const {
  auto const requester = identity_.authenticate(request);
  if (!requester) return std::unexpected(requester.error());
  return requester->user;
}

records::LiftServices Application::lift_services() {
  return {.runtime = runtime_,
          .database = *database_,
          .rooms = rooms_,
          .governance = governance_,
          .records = register_,
          .people = people(),
          .find_file = [this](std::string mxc) { return find_file(std::move(mxc)); },
          .plans = &plans_};
}

Task<Result<records::NewFile>> Application::find_file(std::string mxc) {
  auto const found = co_await media_.find_mxc(std::move(mxc));
  if (!found) co_return std::unexpected(found.error());
  co_return records::NewFile{.role = records::FileRole::attachment,
                             .name = found->file_name,
                             .type = found->content_type,
                             .size = static_cast<std::int64_t>(found->size),
                             .blob = found->blob};
}

records::ManualServices Application::manual_services() {
  return {.runtime = runtime_,
          .database = *database_,
          .blobs = blobs_,
          .rooms = rooms_,
          .governance = governance_,
          .records = register_,
          .lifts = lifts_,
          .people = people(),
          .mail = mail_reader_,
          .server_name = rooms_.server_name(),
          .settings = settings_.values(),
          .keep_media = [this](std::string bytes, std::string type, std::string name) {
            return media_.upload_bytes(identity_.find("@torg:" + rooms_.server_name()), std::move(bytes),
                                       std::move(type), std::move(name));
          }};
}

records::ClockTellers Application::clock_tellers(Config const& config) {
  std::map<std::string, std::string> addresses;
  for (auto const& pair : config.list("clock_letters")) {
    auto const equals = pair.find('=');
    auto const address = equals == std::string::npos ? std::string() : pair.substr(equals + 1);
    if (matrix::is_mail_address(address))
      addresses[pair.substr(0, equals)] = address;
    else
      log(LogLevel::error, "clock_letters: not CODE=address; nobody is written to", {{"given", pair}});
  }
  records::ClockTellers tellers;
  tellers.rooms = &rooms_;
  tellers.service_user = [this] { return identity_.find("@torg:" + rooms_.server_name()); };
  if (addresses.empty() || !clock_mailer_.sends()) return tellers;
  tellers.mail = [this, addresses](AuthorityId authority, std::string subject,
                                   std::string text) -> Task<Result<>> {
    auto const* known = governance_.authority(authority);
    auto const found = known == nullptr ? addresses.end() : addresses.find(known->code);
    if (found == addresses.end()) co_return Result<>{};  // this authority wants no letters
    co_return co_await clock_mailer_.send(
        {.to = found->second, .subject = std::move(subject), .text = std::move(text), .unsubscribe = {}});
  };
  return tellers;
}

void Application::link_records() {
  assessment_.link(records::register_links(lifts_));
  destroyer_.link(
      {.pending_intents = [this](std::vector<EventNid> const& events) { return lifts_.pending(events); },
       .register_uses_blob = records::uses_blob});
}

namespace {

using OtherLines = decltype(records::AssessmentHttp::other_lines);

/// Requests for records, and reviews of closed cases.
OtherLines other_lines(records::RequestsHttp requests, records::RegisterHttp services) {
  return [requests, services](std::vector<AuthorityId> authorities) -> Task<Result<json::array>> {
    auto lines = co_await records::request_lines(requests, authorities);
    if (!lines) co_return std::unexpected(lines.error());
    auto const reviews = co_await records::review_lines(services, authorities);
    if (!reviews) co_return std::unexpected(reviews.error());
    for (auto const& line : *reviews) lines->push_back(line);
    co_return std::move(*lines);
  };
}

}  // namespace

void Application::add_record_routes() {
  records::RegisterHttp const services{
      runtime_, *database_, blobs_,   identity_,          governance_, rooms_, register_,
      lifts_,   manual_,    people(), settings_.values(), reviews_,    plans_};
  records::RequestsHttp const requests{.requests = requests_,
                                       .governance = governance_,
                                       .identity = identity_,
                                       .runtime = runtime_,
                                       .settings = settings_.values()};
  auto const add = [this](std::vector<net::Route> routes) {
    router_.add(
        records::with_exports(runtime_, net::limit_writes(std::move(routes), net::Limit::record_write)));
  };
  add(governance::routes({governance_, identity_, rooms_}));
  add(governance::report_routes({runtime_, *database_, governance_, identity_}));
  add(records::assessment_routes({.assessment = assessment_,
                                  .governance = governance_,
                                  .identity = identity_,
                                  .rooms = rooms_,
                                  .runtime = runtime_,
                                  .drafts_of_lines = records::drafts_of_lines(lifts_),
                                  .other_lines = other_lines(requests, services)}));
  add(records::requests_routes(requests));
  add(records::notice_routes({escalations_, governance_, identity_}));
  add(records::disposal_routes({weeding_, disposals_, governance_, identity_, rooms_, *database_, runtime_}));
  add(records::register_routes(services));
  add(records::lift_routes(services));
  add(records::manual_routes(services));
  add(records::import_routes(services, importer_));
  add(records::settings_routes({settings_, governance_, identity_}));
  add(records::opening_routes({assessment_, governance_, identity_, rooms_, *database_, runtime_}));
  add(records::plan_routes({plans_, governance_, identity_, rooms_}));
  add(records::secrecy_routes({secrecy_, identity_, people()}));
  add(records::openapi_routes());
}

}  // namespace torg::app
