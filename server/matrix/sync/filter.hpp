#pragma once
#include "matrix/room/cached_event.hpp"

#include <string>
#include <vector>

namespace torg::matrix {

/// The parts of a filter that decide what a sync or a page of history holds.
/// @see https://spec.matrix.org/v1.19/client-server-api/#filtering
struct EventFilter {
  std::size_t limit = 20;
  std::vector<std::string> types, not_types, senders, not_senders;     ///< types may end in `*`
  std::vector<std::string> rel_types, not_rel_types;                   ///< how an event points at another
  bool has_types = false, has_senders = false, has_rel_types = false;  ///< an empty list allows nothing
  bool lazy_load_members = false;
  bool unread_thread_notifications = false;  ///< counts of threads stand apart
  bool include_redundant_members = false;
  std::optional<bool> contains_url;

  [[nodiscard]] bool is_open() const {
    return !has_types && !has_senders && not_types.empty() && not_senders.empty() && !contains_url &&
           !has_rel_types && not_rel_types.empty();
  }
  [[nodiscard]] bool allows(CachedEvent const& event, std::string_view sender) const;
  [[nodiscard]] bool allows_sender(std::string_view sender) const;
  [[nodiscard]] bool allows_type(std::string_view type) const;
  /// The same filter without what needs an event's content to decide.
  [[nodiscard]] EventFilter of_headers() const;
};

struct SyncFilter {
  EventFilter timeline{.limit = 10};
  EventFilter state, ephemeral, room_account_data, account_data, presence;
  std::vector<std::string> rooms, not_rooms;
  bool has_rooms = false;
  bool include_leave = false;

  [[nodiscard]] bool allows_room(std::string_view room_id) const;
};

/// `bad_json` when a part has another shape than the specification says, or an id is none.
[[nodiscard]] Result<EventFilter> parse_event_filter(json::object const& filter, std::size_t default_limit);
[[nodiscard]] Result<SyncFilter> parse_sync_filter(json::object const& filter);

}  // namespace torg::matrix
