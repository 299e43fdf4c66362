#pragma once
#include "base/ids.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace torg::matrix {

/// Where a reader of the stream stands: one durable position, and a volatile one that is only good within one
/// boot.
struct SyncToken {
  Position position;
  std::int64_t volatile_position = 0;
  std::uint32_t boot = 0;

  friend bool operator==(SyncToken const&, SyncToken const&) = default;
};

[[nodiscard]] std::string to_text(SyncToken token);
/// None when it isn't one of ours.
[[nodiscard]] std::optional<SyncToken> parse_sync_token(std::string_view text);

/// A place between two events of a room: before the event at `position`, or at it when there is none yet.
/// Clients may also page from a sync token, which stands after its position.
[[nodiscard]] std::string history_token(Position before);
[[nodiscard]] std::optional<Position> parse_history_token(std::string_view text);

}  // namespace torg::matrix
