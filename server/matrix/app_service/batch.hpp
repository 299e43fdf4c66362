#pragma once
#include "matrix/app_service/ours.hpp"
#include "matrix/sync/sync.hpp"

namespace torg::matrix {

/// What one transaction tells a service.
struct Batch {
  service_store::Place to;  ///< it tells everything up to here
  std::vector<EventPtr> events;
  std::string body;  ///< empty: there is nothing to tell
  /// Messages to devices of users that are this service's alone: no longer needed once it has them.
  std::vector<std::tuple<UserNid, std::string, Position>> delivered;
};

/// Collects transactions: what happened after the place a service has been told up to. On the executor.
class Collector {
 public:
  static constexpr std::size_t kMostEvents = 100;

  struct Services {
    RoomService& rooms;
    Typing& typing;
    Receipts& receipts;
    ToDevice& to_device;
    Presence& presence;
  };
  Collector(Services services, Registration const& service);

  [[nodiscard]] Ours& ours() { return ours_; }
  /// The next transaction. With `until`, the one that ends there: it was given out before, perhaps by an
  /// earlier process.
  [[nodiscard]] Task<Result<Batch>> next(service_store::Place from,
                                         std::optional<service_store::Place> until);

 private:
  /// Who in which room is concerned by what is told, for the counts of their keys.
  using Devices = std::set<std::pair<UserNid, std::string>>;

  [[nodiscard]] Task<Result<>> events(service_store::Place from, Batch& batch, bool exact);
  [[nodiscard]] Task<Result<std::string>> ephemeral(Position after, Position to);
  [[nodiscard]] Task<Result<std::string>> presence(std::int64_t after);
  [[nodiscard]] Task<Result<bool>> meets_ours(UserNid user);
  [[nodiscard]] Task<Result<std::vector<RoomNid>>> rooms_with_receipts(Position after, Position to);
  [[nodiscard]] Task<Result<std::string>> to_device(Position after, Batch& batch, Devices& devices);
  [[nodiscard]] Task<Result<std::vector<UserNid>>> recipients(Position after, Position to);
  [[nodiscard]] Task<Result<std::string>> device_lists(Position after, Batch const& batch);
  [[nodiscard]] Task<Result<std::string>> key_counts(Batch const& batch, Devices devices);
  [[nodiscard]] Task<Result<std::string>> render(std::vector<EventPtr> events);

  Services all_;
  RoomService& rooms_;
  Registration const& service_;
  Ours ours_;
  std::int64_t seen_ = 0;  ///< volatile position: typing and presence up to here have been told
};

}  // namespace torg::matrix
