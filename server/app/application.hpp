#pragma once
#include "administration/administration.hpp"
#include "app/config.hpp"
#include "app/data_directory.hpp"
#include "db/blobs.hpp"
#include "governance/http.hpp"
#include "governance/room_policy.hpp"
#include "identity/identity.hpp"
#include "matrix/app_service/app_services.hpp"
#include "matrix/client_api/client_api.hpp"
#include "matrix/media/administration.hpp"
#include "matrix/media/http.hpp"
#include "matrix/media/preview/preview_http.hpp"
#include "matrix/push/push.hpp"
#include "matrix/search/search.hpp"
#include "net/client.hpp"
#include "net/rate_limiter.hpp"
#include "portal/portal.hpp"
#include "portal/sheets.hpp"
#include "records/assessment/line.hpp"
#include "records/assessment/service.hpp"
#include "records/disposal/disposal.hpp"
#include "records/disposal/weeding.hpp"
#include "records/escalation/escalations.hpp"
#include "records/import/importer.hpp"
#include "records/lift/lifts.hpp"
#include "records/log/log_service.hpp"
#include "records/log/timestamps.hpp"
#include "records/mail/mail_reader.hpp"
#include "records/manual/manual.hpp"
#include "records/plan/plans.hpp"
#include "records/register/register.hpp"
#include "records/register/web_delay.hpp"
#include "records/rendition/renditions.hpp"
#include "records/requests/requests.hpp"
#include "records/secrecy/marks.hpp"
#include "records/settings/rule_settings.hpp"

namespace torg::app {

/// Every service of one server, wired: the only place that knows them all. Made once the database is open, in
/// the real world and in the simulated one alike.
class Application {
 public:
  /// Where things are that are not in the database.
  struct Folders {
    std::filesystem::path blobs, temporary, keys;
  };
  /// What it is made of: a database, folders, and the way to other servers.
  struct Parts {
    std::unique_ptr<db::Database> database;
    Folders folders;
    std::unique_ptr<net::HttpClient> client;
  };
  /// Brings the schema up to date and makes every service.
  static Result<std::unique_ptr<Application>> open(Runtime& runtime, Parts parts, Config const& config);
  /// Loads what must be in memory and goes on with what a stop interrupted; before the first request.
  Task<Result<>> start();
  ~Application();

  [[nodiscard]] db::Database& database() { return *database_; }
  [[nodiscard]] net::Router const& router() const { return router_; }
  [[nodiscard]] identity::Identity& identity() { return identity_; }
  [[nodiscard]] matrix::RoomService& rooms() { return rooms_; }
  [[nodiscard]] matrix::Search& search() { return search_; }
  [[nodiscard]] matrix::Media& media() { return media_; }
  [[nodiscard]] matrix::MediaAdministration& media_administration() { return media_administration_; }
  [[nodiscard]] governance::GovernanceService& governance() { return governance_; }
  [[nodiscard]] administration::Administration& administration() { return administration_; }
  [[nodiscard]] records::Register& records_register() { return register_; }
  [[nodiscard]] records::LogService& records_log() { return log_; }
  [[nodiscard]] records::Lifts& lifts() { return lifts_; }
  [[nodiscard]] records::Manual& manual() { return manual_; }
  [[nodiscard]] records::Importer& importer() { return importer_; }
  /// Ends all waiting and what runs in the background; requests under way finish.
  Task<> stop();

 private:
  Application(Runtime& runtime, Parts parts, crypto::SigningKey log_key,
              std::shared_ptr<matrix::Registrations const> services, Config const& config);
  [[nodiscard]] records::People people() const;
  Task<Result<UserNid>> service_user();
  Task<Result<>> make_service_users();
  [[nodiscard]] records::LiftServices lift_services();
  /// Who is told when clocks run out, besides the queue.
  [[nodiscard]] records::ClockTellers clock_tellers(Config const& config);
  [[nodiscard]] static std::vector<administration::Queue> queues();
  [[nodiscard]] records::ManualServices manual_services();
  Task<Result<records::NewFile>> find_file(std::string mxc);
  [[nodiscard]] std::optional<std::int64_t> counted(net::Request const& request);
  [[nodiscard]] Result<UserNid> signed_in(net::Request const& request) const;
  void set_limits(Config const& config);
  void add_routes(std::string web_root, bool metrics);
  // media_wiring.cpp
  void link_media();
  // records_wiring.cpp
  void link_records();
  void add_record_routes();

  Runtime& runtime_;
  std::unique_ptr<db::Database> database_;
  std::unique_ptr<net::HttpClient> client_;
  db::Blobs blobs_;
  identity::Identity identity_;
  matrix::RoomService rooms_;
  matrix::Typing typing_;
  matrix::Receipts receipts_;
  matrix::ToDevice to_device_;
  matrix::Presence presence_;
  matrix::Notifications notifications_;
  matrix::ThreadSubscriptions subscriptions_;
  matrix::SyncService sync_;
  matrix::SlidingSync sliding_sync_;
  matrix::Search search_;
  matrix::Media media_;
  matrix::MediaAdministration media_administration_;
  matrix::Thumbnails thumbnails_;
  matrix::Scanner scanner_;
  matrix::MediaHttp media_http_;
  matrix::Previews previews_;
  matrix::PreviewHttp preview_http_;
  matrix::DelayedEvents delayed_;
  matrix::ClientApi client_api_;
  matrix::AppServices app_services_;
  matrix::PushService push_;
  governance::GovernanceService governance_;
  governance::GovernanceRoomPolicy policy_;
  records::RuleSettings settings_;
  records::AssessmentService assessment_;
  records::LogService log_;
  records::Timestamps timestamps_;
  records::Register register_;
  records::InformationPlans plans_;
  records::SecrecyMarks secrecy_;
  records::ClosingReviews reviews_;
  records::Lifts lifts_;
  records::Requests requests_;
  records::Renditions renditions_;
  records::MailReader mail_reader_;
  records::Manual manual_;
  records::Importer importer_;
  records::Destroyer destroyer_;
  records::Weeding weeding_;
  records::DisposalService disposals_;
  matrix::Mailer clock_mailer_;
  records::Escalations escalations_;
  records::WebDelay web_delay_;
  administration::Administration administration_;
  portal::Portal portal_;
  portal::Sheets sheets_;
  TaskGroup background_;
  net::RateLimiter limiter_;
  net::Router router_;
};

}  // namespace torg::app
