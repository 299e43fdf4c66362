#include "app/application.hpp"

#include "administration/http.hpp"
#include "app/log_key.hpp"
#include "app/media_wiring.hpp"
#include "app/operations.hpp"
#include "app/options.hpp"
#include "app/web_client.hpp"
#include "governance/http.hpp"
#include "governance/migrations/migrations.hpp"
#include "identity/http.hpp"
#include "identity/migrations.hpp"
#include "matrix/registration/registration.hpp"
#include "matrix/room/migrations.hpp"
#include "matrix/search/store.hpp"
#include "portal/store.hpp"
#include "records/assessment/migrations/migrations.hpp"
#include "records/disposal/migrations/migrations.hpp"
#include "records/disposal/store.hpp"
#include "records/log/migrations/migrations.hpp"
#include "records/register/migrations/migrations.hpp"
#include "records/rendition/from_register.hpp"
#include "records/rendition/jobs.hpp"
#include "records/requests/http.hpp"
#include "records/requests/open_requests.hpp"

namespace torg::app {
namespace {

/// Tells an old process's volatile tokens from this one's.
std::uint32_t boot_number(Runtime& runtime) {
  std::uint32_t number = 0;
  runtime.fill_random({reinterpret_cast<unsigned char*>(&number), sizeof number});
  return number | 1;
}

Result<> migrate(db::Database& database) {
  std::vector<db::Migration> all;
  auto const add = [&](std::span<db::Migration const> some) {
    all.insert(all.end(), some.begin(), some.end());
  };
  add(identity::migrations());
  add(matrix::room_migrations());
  add(matrix::delayed_migrations());
  add(matrix::app_service_migrations());
  add(matrix::sync_migrations());
  add(matrix::Media::migrations());
  add(matrix::push_migrations());
  add(governance::migrations());
  add(records::log_migrations());
  add(records::register_migrations());
  add(records::assessment_migrations());
  add(records::lift_migrations());
  add(records::manual_migrations());
  add(records::rendition_migrations());
  add(records::requests_migrations());
  add(records::disposal_migrations());
  add(records::settings_migrations());
  add(records::plan_migrations());
  add(records::closing_migrations());
  add(records::notice_migrations());
  add(portal::migrations());
  add(administration::migrations());
  return database.migrate(all);
}

}  // namespace

Application::Application(Runtime& runtime, Parts parts, crypto::SigningKey log_key,
                         std::shared_ptr<matrix::Registrations const> services, Config const& config)
    : runtime_(runtime),
      database_(std::move(parts.database)),
      client_(std::move(parts.client)),
      blobs_(std::move(parts.folders.blobs), std::move(parts.folders.temporary)),
      identity_(runtime, *database_, identity_options(config, services)),
      rooms_(runtime, *database_, identity_, config.text("server_name"),
             {.total = static_cast<std::size_t>(config.number("room_cache_mib")) << 20}),
      typing_(rooms_),
      receipts_(rooms_, config.is_on("public_read_receipts") ? matrix::ReceiptsShown::to_room
                                                             : matrix::ReceiptsShown::to_owner),
      to_device_(rooms_),
      presence_(rooms_, config.is_on("presence") ? matrix::Presence::Use::on : matrix::Presence::Use::off),
      notifications_(rooms_),
      subscriptions_(rooms_, notifications_.rules()),
      sync_(rooms_, typing_, receipts_, to_device_, presence_, notifications_, boot_number(runtime)),
      sliding_sync_(rooms_, sync_, typing_, receipts_, to_device_, presence_, subscriptions_),
      search_(rooms_, config.text("search_language")),
      media_(runtime, *database_, blobs_, identity_, media_options(config)),
      media_administration_(media_, rooms_),
      thumbnails_(media_, {"/proc/self/exe", "worker", "picture"}, picture_workers(config)),
      scanner_(media_, scanner_options(config)),
      media_http_(media_, thumbnails_, scanner_),
      previews_(media_, thumbnails_, *client_, {"/proc/self/exe", "worker", "page"}, preview_options(config)),
      preview_http_(previews_, identity_, config.rate("rate_limits.previews")),
      delayed_(rooms_, {.longest_ms = config.number("delayed_events_longest") * 1'000,
                        .per_user = static_cast<std::size_t>(config.number("delayed_events_per_user"))}),
      client_api_{rooms_,    sync_,    typing_,       receipts_,      to_device_,
                  presence_, delayed_, sliding_sync_, notifications_, subscriptions_},
      app_services_({rooms_, typing_, receipts_, to_device_, presence_}, std::move(services), *client_),
      push_(rooms_, receipts_, notifications_, *client_,
            config.is_on("push_content") ? matrix::PushContent::full : matrix::PushContent::ids,
            letter_settings(config)),
      governance_(runtime, *database_, [this](std::string_view user_id) { return identity_.find(user_id); }),
      policy_(governance_),
      settings_(runtime, *database_, governance_),
      assessment_(runtime, *database_, governance_, identity_, rooms_, settings_.values()),
      log_(runtime, *database_, std::move(log_key), config.text("server_name"),
           parts.folders.keys / "log.head"),
      timestamps_(runtime, *database_, log_, *client_,
                  {config.text("timestamp_authority"), config.text("timestamp_roots")}),
      register_(runtime, *database_, governance_, people(), log_),
      plans_(runtime, *database_, governance_),
      secrecy_(runtime, *database_, governance_, register_, people()),
      reviews_(runtime, *database_, governance_, rooms_, register_, settings_.values()),
      lifts_(lift_services()),
      requests_(runtime, *database_, governance_, settings_.values()),
      renditions_(runtime, *database_, blobs_, config.text("rendition_python"),
                  records::rendition_register(register_, governance_, people())),
      mail_reader_(runtime, {"/proc/self/exe", "worker", "eml"}),
      manual_(manual_services()),
      importer_(runtime, *database_, governance_, register_, people()),
      destroyer_(runtime, *database_, blobs_, rooms_, config.text("server_name")),
      weeding_(runtime, *database_, governance_, rooms_, destroyer_),
      disposals_(runtime, *database_, governance_, identity_, rooms_, destroyer_),
      clock_mailer_(runtime, letter_settings(config).smtp),
      escalations_(runtime, *database_, governance_, reviews_, clock_tellers(config)),
      web_delay_(runtime, *database_, governance_, settings_),
      administration_(
          {runtime, *database_, identity_, rooms_, governance_}, media_administration_,
          {.localpart = config.text("server_notices"), .displayname = config.text("organisation")}, queues(),
          [this](UserNid user, std::optional<net::Rate> rate) { limiter_.set_for(user.value, rate); }),
      portal_({runtime, *database_, governance_, register_, log_, requests_},
              {.organisation = config.text("organisation"),
               .phone = config.text("phone"),
               .base_url = config.text("public_url")}),
      sheets_({runtime, governance_, register_, log_,
               [this](net::Request const& request) { return signed_in(request); }},
              portal_.view()),
      background_(runtime),
      limiter_(runtime, [this](net::Request const& request) { return counted(request); }) {
  identity_.on_profile_change = [this](UserNid user) { return rooms_.republish_profile(user); };
  identity_.on_deactivation = [this](UserNid user) -> Task<> {
    co_await delayed_.forget_user(user);
    co_await rooms_.leave_all(user);
  };
  identity_.note = [this](UserNid by, std::string what, json::object details) -> identity::Also {
    return [at = runtime_.now(), by, what = std::move(what),
            details = std::move(details)](db::Transaction& transaction) -> Result<> {
      governance::Governance::audit(transaction, at, by, what, details);
      return {};
    };
  };
  identity_.also_administrator = [this](UserNid user) { return governance_.is_administrator(user); };
  if (!config.is_on("user_directory_search_all")) {
    identity_.who_may_be_found = [this](UserNid searcher) { return rooms_.could_meet(searcher); };
  }
  delayed_.send_by([this](matrix::SendEvent event) { return matrix::submit(client_api_, std::move(event)); });
  policy_.set_records(&assessment_);
  policy_.set_decided(
      [this](matrix::RoomPolicy::Intent const& intent) { return administration_.may(intent); });
  rooms_.set_policy(&policy_);
  link_media();
  link_records();
  add_routes(config.text("web_root"), config.is_on("metrics"));
  if (config.is_on("rate_limits")) set_limits(config);
}

Application::~Application() = default;

std::vector<administration::Queue> Application::queues() {
  return {{"search", "Messages that have yet to go into the search index", matrix::search_store::waiting},
          {"renditions", "Records whose PDF/A copy has yet to be made", records::rendition_jobs::waiting},
          {"sweeping", "Files that disposal has yet to take off the disk",
           records::disposal_store::sweep_waiting}};
}

/// Whom the limits count. An application service's own user is nobody they know, nor are its others where
/// the service says so.
std::optional<std::int64_t> Application::counted(net::Request const& request) {
  auto const requester = identity_.authenticate(request);
  // A service that makes a user acts as one who isn't there yet.
  if (!requester && identity_.sessions().service_of(request)) return net::RateLimiter::kUncounted;
  if (!requester) return std::nullopt;
  auto const* service = requester->service;
  if (service != nullptr && (!service->rate_limited || service->sender == requester->user_id))
    return net::RateLimiter::kUncounted;
  return requester->user.value;
}

records::People Application::people() const {
  return {.find = [this](std::string_view user_id) { return identity_.find(user_id); },
          .user_id = [this](UserNid user) { return identity_.user_id(user); },
          .name =
              [this](UserNid user) {
                auto const* account = identity_.account(user);
                bool const named = account != nullptr && !account->profile.displayname.empty();
                return named ? account->profile.displayname : identity_.user_id(user);
              }};
}

void Application::set_limits(Config const& config) {
  using enum net::Limit;
  constexpr std::pair<net::Limit, std::string_view> kEach[] = {{message, "messages"},
                                                               {room, "rooms"},
                                                               {membership, "memberships"},
                                                               {upload, "uploads"},
                                                               {registration, "registrations"},
                                                               {login, "logins"},
                                                               {token_check, "token_checks"},
                                                               {search, "searches"},
                                                               {to_device, "to_device"},
                                                               {small_write, "small_writes"},
                                                               {record_write, "record_writes"},
                                                               {public_page, "public_pages"},
                                                               {public_request, "public_requests"}};
  auto const rate = [&](std::string_view key) { return config.rate("rate_limits." + std::string(key)); };
  for (auto const& [limit, key] : kEach) limiter_.set(limit, rate(key));
  limiter_.set_in_room(message, rate("messages_in_room"));
  limiter_.set_in_all(public_request, rate("public_requests_in_all"));
  router_.limit_with(limiter_);
}

void Application::add_routes(std::string web_root, bool metrics) {
  // Clients of old say r0; the endpoints that they know have not changed.
  router_.alias("/_matrix/client/r0", "/_matrix/client/v3");
  router_.alias("/_matrix/media/r0", "/_matrix/media/v3");
  router_.alias("/_matrix/media/v1", "/_matrix/media/v3");
  router_.add(identity::routes(identity_));
  for (auto* part :
       {matrix::room_routes, matrix::delayed_routes, matrix::alias_routes, matrix::message_routes,
        matrix::event_routes, matrix::member_routes, matrix::relation_routes, matrix::directory_routes,
        matrix::preview_routes, matrix::knock_routes, matrix::presence_routes, matrix::mutual_routes,
        matrix::report_routes, matrix::sync_routes, matrix::event_stream_routes, matrix::initial_sync_routes,
        matrix::sliding_sync_routes, matrix::device_routes, matrix::thread_subscription_routes}) {
    router_.add(part(client_api_));
  }
  router_.add(app_services_.routes());
  router_.add(push_.routes());
  router_.add(push_.mail_routes());
  router_.add(search_.routes());
  router_.add(media_http_.routes());
  router_.add(preview_http_.routes());
  add_record_routes();
  router_.add(administration::routes(administration_));
  router_.add(administration::synapse_routes(administration_));
  router_.add(portal_.routes());
  router_.add(sheets_.routes());
  router_.add(web_client_routes(std::move(web_root)));
  std::vector<Gauge> gauges;
  if (metrics) {
    gauges = {
        {"stream_position", "Place of the newest event", [this] { return database_->last_position().value; }},
        {"sessions", "Signed-in devices",
         [this] { return static_cast<std::int64_t>(identity_.sessions().size()); }},
        {"waiting_syncs", "People who wait for news",
         [this] { return static_cast<std::int64_t>(rooms_.stream().waiting()); }}};
  }
  router_.add(operations_routes(std::move(gauges)));
}

Result<std::unique_ptr<Application>> Application::open(Runtime& runtime, Parts parts, Config const& config) {
  if (auto migrated = migrate(*parts.database); !migrated) return fail(std::move(migrated));
  auto key = log_key(runtime, *parts.database, parts.folders.keys);
  if (!key) return fail(std::move(key));
  auto services = matrix::Registrations::load(config.list("app_services"), config.text("server_name"));
  if (!services) return fail(std::move(services));
  return std::unique_ptr<Application>(
      new Application(runtime, std::move(parts), std::move(*key),
                      std::make_shared<matrix::Registrations const>(std::move(*services)), config));
}

Task<Result<UserNid>> Application::service_user() {
  if (auto const known = identity_.find("@" + std::string(kServiceUser) + ":" + rooms_.server_name()))
    co_return known;
  co_return co_await identity_.create_user(
      {.localpart = std::string(kServiceUser), .password = "", .displayname = "Torg"});
}

Task<Result<>> Application::start() {
  rooms_.start();
  auto const service = co_await service_user();
  if (!service) co_return std::unexpected(service.error());
  governance_.set_service_user(*service);
  governance_.start();
  if (auto good = log_.check(); !good) co_return good;
  settings_.load();
  register_.load();
  plans_.load();
  assessment_.start();
  lifts_.start(*service);
  manual_.start(*service);
  weeding_.start();
  escalations_.start();
  web_delay_.start();
  if (auto done = co_await search_.start(); !done) co_return done;
  administration_.start();
  subscriptions_.load();
  push_.start();
  background_.spawn("renditions", renditions_.run());
  background_.spawn("timestamps", timestamps_.run());
  if (auto made = co_await make_service_users(); !made) co_return made;
  delayed_.start();
  app_services_.start();
  co_return Result<>{};
}

/// The users that application services are themselves.
Task<Result<>> Application::make_service_users() {
  for (auto const& service : identity_.options().services->all()) {
    if (identity_.account(identity_.find(service.sender)) != nullptr) continue;
    auto const made = co_await identity_.create_user(
        {.localpart = service.sender_localpart, .password = {}, .displayname = {}, .service = &service});
    if (!made) {
      co_return fail(made.error().code,
                     "app_services: the user " + service.sender + " can't be made: " + made.error().message);
    }
  }
  co_return Result<>{};
}

Task<> Application::stop() {
  sync_.stop();
  media_.stop();
  client_->stop();
  co_await push_.stop();
  renditions_.stop();
  timestamps_.stop();
  co_await delayed_.stop();
  co_await app_services_.stop();
  co_await search_.stop();
  co_await lifts_.stop();
  co_await weeding_.stop();
  co_await escalations_.stop();
  co_await web_delay_.stop();
  co_await administration_.stop();
  co_await assessment_.stop();
  co_await background_.join();
  // So that nothing is left that no head covers; a crash leaves it for the next start.
  if (auto const covered = co_await log_.cover(); !covered)
    log(LogLevel::warning, "the log's last head could not be signed", {{"detail", covered.error().message}});
}

}  // namespace torg::app
