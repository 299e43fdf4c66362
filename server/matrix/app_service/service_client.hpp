#pragma once
#include "matrix/registration/registration.hpp"
#include "net/client.hpp"

namespace torg::matrix {

/// Asks application services, with the token by which they know us.
/// @see https://spec.matrix.org/v1.19/application-service-api/#homeserver---application-service-api
class ServiceClient {
 public:
  explicit ServiceClient(net::HttpClient& client) : client_(client) {}

  struct Question {
    net::Method method = net::Method::get;
    std::string path;         ///< below the service's address, encoded
    std::string legacy_path;  ///< where older services have it; empty: nowhere
    std::string body;
    std::chrono::milliseconds timeout{10'000};
  };
  /// The answer, whatever its status. Services that don't know the path are asked at the old one.
  /// `url_not_set`, `connection_failed`, `connection_timeout`
  [[nodiscard]] Task<Result<net::ClientAnswer>> ask(Registration const& service, Question question);

 private:
  [[nodiscard]] Task<Result<net::ClientAnswer>> send(Registration const& service, Question const& question,
                                                     std::string path);
  net::HttpClient& client_;
};

}  // namespace torg::matrix
