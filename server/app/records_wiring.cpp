// How the services of records find each other and what the routes are given.
#include "app/application.hpp"
#include "records/assessment/http.hpp"
#include "records/disposal/http.hpp"
#include "records/http/record_json.hpp"
#include "records/http/routes.hpp"
#include "records/register/store.hpp"
#include "records/requests/http.hpp"

namespace torg::app {
namespace {

namespace store = records::register_store;

std::vector<records::RecordName> record_names(db::Reader& reader, std::vector<RecordId> const& ids) {
  std::vector<records::RecordName> names;
  for (auto const id : ids) {   // those on one screen
    if (auto const record = store::record(reader, id)) names.push_back({id, record->number, record->title});
  }
  return names;
}

RecordId find_record(db::Reader& reader, AuthorityId authority, std::string_view number) {
  auto const record = store::record(reader, number);
  return record && record->authority == authority ? record->id : RecordId{};
}

}  // namespace

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
          .find_file = [this](std::string mxc) { return find_file(std::move(mxc)); }};
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
          .server_name = rooms_.server_name()};
}

void Application::link_records() {
  auto const pending = [this](std::vector<EventNid> const& events) { return lifts_.pending(events); };
  assessment_.link({.record_names = record_names, .find_record = find_record, .pending_intents = pending});
  destroyer_.link({.pending_intents = pending, .register_uses_blob = store::refers_to});
}

Task<Result<records::LineDraft>> Application::draft_of_line(AuthorityId authority, matrix::RoomEvent event) {
  auto const preview = co_await lifts_.draft_of(authority, std::move(event));
  if (!preview) co_return std::unexpected(preview.error());
  co_return records::LineDraft{records::to_json(preview->prefilled.draft), preview->next_number};
}

void Application::add_record_routes() {
  router_.add(governance::routes({governance_, identity_, rooms_}));
  router_.add(records::assessment_routes(
      {.assessment = assessment_,
       .governance = governance_,
       .identity = identity_,
       .rooms = rooms_,
       .runtime = runtime_,
       .draft_of_line = [this](records::Assessment const& row, matrix::RoomEvent event, UserNid) {
         return draft_of_line(row.authority, std::move(event));
       },
       .other_lines = {}}));
  records::RegisterHttp const services{runtime_, *database_, blobs_,   identity_, governance_,
                                       rooms_,   register_,  lifts_,  manual_,   people()};
  router_.add(records::requests_routes({.requests = requests_,
                                        .governance = governance_,
                                        .identity = identity_,
                                        .runtime = runtime_,
                                        .settings = records::Settings{}}));
  router_.add(records::disposal_routes({weeding_, disposals_, governance_, identity_, rooms_, *database_, runtime_}));
  router_.add(records::register_routes(services));
  router_.add(records::lift_routes(services));
  router_.add(records::manual_routes(services));
  router_.add(records::openapi_routes());
}

}  // namespace torg::app
