#pragma once
#include "db/blobs.hpp"
#include "net/client.hpp"
#include "records/external/way.hpp"

namespace torg::records {

/// A register that speaks HTTP: `PUT {url}/records/{key}/files/{n}`, then `POST {url}/records`, then `GET
/// {url}/records/{key}` (docs/external-register.md).
class HttpWay final : public ExternalWay {
 public:
  /// `url` is http or https, without query; `secret` goes along as a bearer token, and opens the way back.
  HttpWay(Runtime& runtime, db::Blobs& blobs, net::HttpClient& client, std::string url, std::string secret);

  Task<Result<ExternalAnswer>> hand_over(ExternalPackage package) override;
  Task<Result<ExternalAnswer>> ask(std::string key) override;
  Task<> settled(std::string key) override;
  [[nodiscard]] bool is_secret(std::string_view words) const override;
  [[nodiscard]] std::chrono::milliseconds pause(int asked) const override;

 private:
  [[nodiscard]] Result<net::ClientRequest> request(net::Method method, std::string path) const;
  /// None: it is there.
  Task<Result<std::optional<ExternalAnswer>>> put(std::string key, ExternalPart part);

  Runtime& runtime_;
  db::Blobs& blobs_;
  net::HttpClient& client_;
  std::string url_;
  std::string secret_;
};

}  // namespace torg::records
