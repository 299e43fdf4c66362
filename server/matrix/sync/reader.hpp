#pragma once
#include "matrix/sync/sync.hpp"

namespace torg::matrix {

struct SyncService::Reader {
  identity::Requester requester;
  SyncRequest request;
  SyncToken to;
  std::vector<identity::AccountDataEntry> account_data;  ///< in (after, to], all rooms and global
  std::vector<ToDeviceMessage> messages;

  [[nodiscard]] bool initial() const { return !request.since; }
  [[nodiscard]] Position after() const { return request.since ? request.since->position : Position{}; }
  [[nodiscard]] std::int64_t after_volatile() const {
    return request.since && request.since->boot == to.boot ? request.since->volatile_position : 0;
  }
};

}  // namespace torg::matrix
