#pragma once
// What the handlers that read a room's history share.
#include "matrix/client_api/handler.hpp"
#include "matrix/room/membership_history.hpp"
#include "matrix/room/render.hpp"

namespace torg::matrix {

using Answer = Task<Result<std::string>>;

/// A room that somebody reads, and what of it they may see.
struct Reading {
  std::shared_ptr<Room> room;
  Visibility visibility;
  UserNid user;
  std::int64_t session = 0;  ///< device key of who gets their own transaction ids back
};

/// The room of the path's first parameter. `forbidden` when the requester may read nothing of it, also when
/// there is none.
[[nodiscard]] Task<Result<Reading>> open_room(ClientApi& api, Asked const& asked);

[[nodiscard]] Task<Result<Reading>> open_room(ClientApi& api, identity::Requester requester,
                                              std::string room_id);

/// Whether the reader is shown what `event` says: visible, and no message of somebody they ignore.
[[nodiscard]] bool shows(ClientApi const& api, Reading const& reading, CachedEvent const& event);

/// The end of what the reader may see of the state: now, or when they left. `forbidden` for those who are
/// invited to a room that shows them nothing yet.
[[nodiscard]] Result<Position> state_end(ClientApi const& api, Reading const& reading);

/// What a page shows beside its events. Lives as long as the `RenderFor` made from it.
struct Surroundings {
  Bundles bundles;
  MembershipHistory own_membership;
  Replaced replaced;
};
/// For events that lie close together: everything from the first to the last one is looked at.
[[nodiscard]] Task<Result<Surroundings>> surroundings_of_page(ClientApi& api, Reading const& reading,
                                                              std::vector<EventPtr> events);
/// For events from all over the room.
[[nodiscard]] Task<Result<Surroundings>> surroundings(ClientApi& api, Reading const& reading,
                                                      std::vector<EventPtr> events);
[[nodiscard]] RenderFor render_for(ClientApi const& api, Reading const& reading,
                                   Surroundings const& surroundings);
/// For state, which nothing is bundled with.
[[nodiscard]] RenderFor render_plain(ClientApi const& api, Reading const& reading);
void append_list(std::string& out, std::vector<EventPtr> const& events, RenderFor const& render);

/// The event of this id; `not_found` when it isn't there, or not for this reader.
[[nodiscard]] Task<Result<EventPtr>> readable_event(ClientApi& api, Reading const& reading,
                                                    std::string event_id);

enum class Direction : std::uint8_t { backwards, forwards };
/// Parses `dir`; `invalid_param` when it is neither b nor f.
[[nodiscard]] Result<Direction> direction_of(Asked const& asked, std::optional<Direction> otherwise);
/// Parses `limit`; `least` is 1 or 0.
[[nodiscard]] std::size_t limit_of(Asked const& asked, std::size_t otherwise, std::size_t least = 1);
/// The history token in the query parameter `name`; none when it isn't there.
[[nodiscard]] Result<std::optional<Position>> token_of(Asked const& asked, std::string_view name);
[[nodiscard]] Result<EventFilter> filter_of(Asked const& asked);

struct Slice {
  std::vector<EventPtr> events;
  std::optional<Position> next;  ///< none: there was nothing left to read in this direction
};
/// Pages on from `from` until `limit` events may be shown, the history ends or `to` is reached.
[[nodiscard]] Task<Result<Slice>> slice(ClientApi& api, Reading const& reading, Position from,
                                        Direction direction, std::size_t limit, EventFilter filter,
                                        std::optional<Position> to);

}  // namespace torg::matrix
