#include "app/application.hpp"

#include "identity/http.hpp"
#include "identity/migrations.hpp"
#include "matrix/room/migrations.hpp"

namespace torg::app {
namespace {

identity::Options identity_options(Config const& config) {
  return {.server_name = config.text("server_name"),
          .public_base_url = config.text("public_url"),
          .registration_shared_secret = config.text("registration_shared_secret"),
          .registration = config.text("registration") == "open" ? identity::Registration::open : identity::Registration::closed,
          .rate_limits = config.is_on("rate_limits") ? identity::RateLimits::on : identity::RateLimits::off,
          .password_cost = {static_cast<unsigned>(config.number("password_operations")),
                            static_cast<std::size_t>(config.number("password_memory_kib")) * 1024}};
}

/// Tells an old process's volatile tokens from this one's.
std::uint32_t boot_number(Runtime& runtime) {
  std::uint32_t number = 0;
  runtime.fill_random({reinterpret_cast<unsigned char*>(&number), sizeof number});
  return number | 1;
}

Result<> migrate(db::Database& database) {
  std::vector<db::Migration> all;
  auto const add = [&](std::span<db::Migration const> some) { all.insert(all.end(), some.begin(), some.end()); };
  add(identity::migrations());
  add(matrix::room_migrations());
  add(matrix::sync_migrations());
  add(matrix::Media::migrations());
  return database.migrate(all);
}

}  // namespace

Application::Application(Runtime& runtime, std::unique_ptr<db::Database> database, std::filesystem::path blobs,
                         std::filesystem::path temporary, Config const& config)
    : database_(std::move(database)),
      blobs_(std::move(blobs), std::move(temporary)),
      identity_(runtime, *database_, identity_options(config)),
      rooms_(runtime, *database_, identity_, config.text("server_name")),
      typing_(rooms_),
      receipts_(rooms_),
      to_device_(rooms_),
      sync_(rooms_, typing_, receipts_, to_device_, boot_number(runtime)),
      media_(runtime, *database_, blobs_, identity_, config.text("server_name")),
      client_api_{rooms_, sync_, typing_, receipts_, to_device_} {
  rooms_.start();
  identity_.on_profile_change = [this](UserNid user) { return rooms_.republish_profile(user); };
  router_.add(identity::routes(identity_));
  router_.add(matrix::room_routes(client_api_));
  router_.add(matrix::history_routes(client_api_));
  router_.add(matrix::sync_routes(client_api_));
  router_.add(media_.routes());
}

Application::~Application() = default;

Result<std::unique_ptr<Application>> Application::open(Runtime& runtime, std::unique_ptr<db::Database> database,
                                                       std::filesystem::path blobs, std::filesystem::path temporary,
                                                       Config const& config) {
  if (auto migrated = migrate(*database); !migrated) return fail(std::move(migrated));
  return std::unique_ptr<Application>(
      new Application(runtime, std::move(database), std::move(blobs), std::move(temporary), config));
}

}  // namespace torg::app
