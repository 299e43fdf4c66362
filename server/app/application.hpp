#pragma once
#include "app/config.hpp"
#include "app/data_directory.hpp"
#include "db/blobs.hpp"
#include "identity/identity.hpp"
#include "matrix/client_api/client_api.hpp"
#include "matrix/media/media.hpp"

namespace torg::app {

/// Every service of one server, wired: the only place that knows them all. Made once the database is open, in the real
/// world and in the simulated one alike.
class Application {
 public:
  /// Brings the schema up to date and loads what must be in memory.
  static Result<std::unique_ptr<Application>> open(Runtime& runtime, std::unique_ptr<db::Database> database,
                                                   std::filesystem::path blobs, std::filesystem::path temporary,
                                                   Config const& config);
  ~Application();

  [[nodiscard]] net::Router const& router() const { return router_; }
  [[nodiscard]] identity::Identity& identity() { return identity_; }
  [[nodiscard]] matrix::RoomService& rooms() { return rooms_; }
  [[nodiscard]] matrix::Media& media() { return media_; }
  /// Ends all waiting; requests under way finish.
  void stop() { sync_.stop(); }

 private:
  Application(Runtime& runtime, std::unique_ptr<db::Database> database, std::filesystem::path blobs,
              std::filesystem::path temporary, Config const& config);

  std::unique_ptr<db::Database> database_;
  db::Blobs blobs_;
  identity::Identity identity_;
  matrix::RoomService rooms_;
  matrix::Typing typing_;
  matrix::Receipts receipts_;
  matrix::ToDevice to_device_;
  matrix::SyncService sync_;
  matrix::Media media_;
  matrix::ClientApi client_api_;
  net::Router router_;
};

}  // namespace torg::app
