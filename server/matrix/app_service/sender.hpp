#pragma once
#include "matrix/app_service/batch.hpp"
#include "matrix/app_service/service_client.hpp"

namespace torg::matrix {

/// Tells one service what happens, in order, one transaction at a time, until it has said that it has it.
/// What is durable is how far it has come; a transaction that is under way when the server ends is given out
/// again with its number at the next start.
/// @see https://spec.matrix.org/v1.19/application-service-api/#pushing-events
class Sender {
 public:
  Sender(Collector::Services services, Registration const& service, ServiceClient& client);
  Sender(Sender const&) = delete;
  Sender& operator=(Sender const&) = delete;

  [[nodiscard]] Registration const& service() const { return service_; }
  /// Until `stop`.
  [[nodiscard]] Task<> run();
  void stop();
  /// Something may have happened. Cheap: it is called at every commit.
  void note() {
    news_ = true;
    if (wake_ && !pausing_) wake_up();
  }
  /// The service is there again: what waits to be sent again is sent now.
  void retry_now();

 private:
  [[nodiscard]] Task<bool> start();
  [[nodiscard]] Task<bool> tell(Batch batch);
  [[nodiscard]] Task<bool> deliver(std::string body);
  [[nodiscard]] Task<Result<>> keep(std::vector<std::tuple<UserNid, std::string, Position>> delivered);
  [[nodiscard]] Task<> wait(std::optional<std::chrono::milliseconds> longest);
  [[nodiscard]] Task<> pause();
  void wake_up();

  RoomService& rooms_;
  Runtime& runtime_;
  Registration const& service_;
  ServiceClient& client_;
  Collector collector_;
  service_store::Cursor cursor_;
  EventNid kept_;  ///< what the durable cursor says
  std::chrono::milliseconds pause_{0};
  bool news_ = true;
  bool pausing_ = false;  ///< news don't end that
  bool stopping_ = false;
  Runtime::Job wake_;
  Runtime::TimerId timer_;
};

}  // namespace torg::matrix
