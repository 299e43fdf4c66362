#pragma once
#include "matrix/app_service/sender.hpp"
#include "runtime/task_group.hpp"
#include "runtime/turns.hpp"

namespace torg::matrix {

/// The application services of this server: telling them what happens, asking them what they know, and what
/// they may ask besides what everybody may. Who they are and what they may do as whom, `identity` decides. On
/// the executor.
/// @see https://spec.matrix.org/v1.19/application-service-api/
class AppServices {
 public:
  AppServices(Collector::Services services, std::shared_ptr<Registrations const> registrations,
              net::HttpClient& client);
  AppServices(AppServices const&) = delete;
  AppServices& operator=(AppServices const&) = delete;

  /// Begins to tell. Once, after the rooms.
  void start();
  [[nodiscard]] Task<> stop();

  /// Asks the services whose users this could be, until one says that it is there now.
  [[nodiscard]] Task<bool> make_user(std::string user_id);
  [[nodiscard]] Task<bool> make_alias(std::string alias);

  /// `forbidden` unless the request comes from the service of this id; see `ServiceClient::ask`.
  /// @return how long it took, or the answer with which it refused
  struct Ping {
    std::chrono::milliseconds duration{0};
    unsigned status = 200;
    std::string body;
  };
  [[nodiscard]] Task<Result<Ping>> ping(net::Request const& request, std::string id,
                                        std::string transaction_id);

  /// What the protocols of all services are; one that doesn't answer is left out.
  [[nodiscard]] Task<json::object> protocols();
  /// `not_found`
  [[nodiscard]] Task<Result<json::object>> protocol(std::string name);
  /// Places and people of other networks, from every service that has to do with `protocol`, or from all when
  /// that is empty. `what`: `location` or `user`; `query` is handed on as it is.
  [[nodiscard]] Task<json::array> third_party(std::string what, std::string protocol, std::string query);

  /// Puts a room into the directory of a service's network, or takes it out. `forbidden` for people, and for
  /// networks that are not the service's.
  [[nodiscard]] Task<Result<>> list_room(net::Request const& request, std::string network, RoomNid room,
                                         bool listed);
  /// Rooms in the directory of a network.
  [[nodiscard]] Task<Result<std::vector<std::pair<std::string, RoomNid>>>> listed_rooms();

  [[nodiscard]] std::vector<net::Route> routes();

 private:
  /// Whether the service says that somebody or something of this name is there now. Few are asked for at a
  /// time and the rest isn't there: who guesses names must not keep a service from hearing what happens.
  [[nodiscard]] Task<bool> makes(Registration const& service, std::string what, std::string name);
  [[nodiscard]] Task<json::array> ask_for_list(Registration const& service, std::string path);

  RoomService& rooms_;
  std::shared_ptr<Registrations const> registrations_;
  ServiceClient client_;
  Turns questions_;
  std::deque<Sender> senders_;
  TaskGroup tasks_;
};

[[nodiscard]] std::span<db::Migration const> app_service_migrations();

}  // namespace torg::matrix
