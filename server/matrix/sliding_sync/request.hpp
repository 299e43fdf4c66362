#pragma once
#include "base/json.hpp"
#include "matrix/sliding_sync/required_state.hpp"
#include "matrix/sync/presence.hpp"

#include <chrono>

namespace torg::matrix {

/// The proposal as clients of today speak it, at its unstable address, or as it was accepted. Requests are
/// read in either form at both; what an answer calls its parts goes by the address.
/// @see MSC4186, "Unstable prefix" and "Appendix"
enum class Dialect : std::uint8_t { unstable, stable };

/// What a list or a subscription wants of each of its rooms.
struct RoomConfig {
  std::size_t timeline_limit = 0;
  StateRule state;
};

struct RoomFilters {
  std::optional<bool> is_dm, is_encrypted, is_invite;
  std::optional<std::vector<std::string>> spaces;                     ///< ids of rooms
  std::optional<std::vector<std::optional<std::string>>> room_types;  ///< none: rooms without a type
  std::vector<std::optional<std::string>> not_room_types;
  std::optional<std::vector<std::string>> tags;
  std::vector<std::string> not_tags;

  [[nodiscard]] bool need_facts() const {
    return is_encrypted.has_value() || room_types.has_value() || !not_room_types.empty();
  }
};

struct WantedList {
  struct Range {
    std::size_t first, last;  ///< inclusive
  };
  std::string name;
  std::optional<std::vector<Range>> ranges;  ///< none: all rooms
  RoomConfig config;
  RoomFilters filters;

  [[nodiscard]] bool has_in_range(std::size_t index) const;
};

struct Subscription {
  std::string room_id;
  RoomConfig config;
};

/// An extension, and the rooms that it is about where it is about rooms.
struct Extension {
  bool enabled = false;
  std::optional<std::vector<std::string>> lists;  ///< names of lists; none: all of them
  std::optional<std::vector<std::string>> rooms;  ///< of the subscriptions; none, or `*`: all of them

  friend bool operator==(Extension const&, Extension const&) = default;
};

struct ToDeviceExtension {
  bool enabled = false;
  std::size_t limit = 100;
  std::optional<Position> since;
};

struct ThreadSubscriptionsExtension {
  bool enabled = false;
  std::size_t limit = 100;
};

struct SlidingSyncRequest {
  Dialect dialect = Dialect::unstable;
  std::string connection;          ///< `conn_id`
  std::optional<std::string> pos;  ///< none: from the start
  std::chrono::milliseconds timeout{0};
  Presence::State presence = Presence::State::online;  ///< of the one who asks
  std::string transaction_id;                          ///< comes back in the answer; empty: none
  std::vector<WantedList> lists;
  std::vector<Subscription> subscriptions;
  ToDeviceExtension to_device;
  ThreadSubscriptionsExtension thread_subscriptions;
  Extension e2ee, account_data, receipts, typing;
};

/// Reads a request's body for the user `me`. `bad_json` when a part has another shape than the proposal says,
/// `invalid_param` when a number or name is out of bounds, `missing_param` without a timeline limit.
/// @see MSC4186 and, of its extensions, MSC3884, MSC3885, MSC3959, MSC3960, MSC4308, MSC4508
[[nodiscard]] Result<SlidingSyncRequest> parse_sliding_sync(json::object const& body, Dialect dialect,
                                                            std::string_view me);

/// The token that the to-device extension hands out.
[[nodiscard]] std::string to_device_token(Position position);

}  // namespace torg::matrix
