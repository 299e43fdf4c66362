#pragma once
#include "net/client.hpp"
#include "records/log/log_service.hpp"

namespace torg::records {

/// Has the log's head stamped by a configured authority (RFC 3161) once a day, as long as there are new
/// heads. Called on the executor only.
class Timestamps {
 public:
  struct Settings {
    std::string url;    ///< of the authority; empty: none
    std::string roots;  ///< PEM file that its certificate must chain up to; empty: any
  };
  Timestamps(Runtime& runtime, db::Database& database, LogService& log, net::HttpClient& client,
             Settings settings);

  /// Works until `stop`.
  Task<> run();
  void stop() { stopping_ = true; }
  /// Has the newest head stamped. @return whether there was one that wasn't; `unavailable` and whatever else
  /// the authority's answer is worth
  Task<Result<bool>> stamp();

 private:
  [[nodiscard]] Task<Result<Instant>> last() const;
  [[nodiscard]] std::uint64_t draw_nonce();

  Runtime& runtime_;
  db::Database& database_;
  LogService& log_;
  net::HttpClient& client_;
  Settings settings_;
  bool stopping_ = false;
};

/// What is stamped: SHA-256 over a head's signed bytes and its signature.
[[nodiscard]] crypto::Sha256 stamped_digest(SignedHead const& head);

}  // namespace torg::records
