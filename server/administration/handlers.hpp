#pragma once
// What the handlers of this slice share.
#include "administration/http.hpp"
#include "identity/http.hpp"

namespace torg::administration {

using Answer = Task<Result<net::Response>>;
using identity::empty_answer;
using identity::json_answer;
using net::add_next;
using net::Method;

/// What a handler works with: an administrator asks. The call outlives it.
struct Asked {
  net::Call& call;
  identity::Requester requester;

  [[nodiscard]] std::string const& path(std::size_t i) const { return call.path[i]; }
  [[nodiscard]] std::optional<std::string> query(std::string_view name) const {
    return call.request.query(name);
  }
  /// An empty body is an empty object.
  [[nodiscard]] Result<json::object> body() const;
  /// Who asks, without a reason: for what is only read.
  [[nodiscard]] Act act() const { return {requester.user, {}}; }
  [[nodiscard]] Result<Page> page() const { return net::parse_page(call.request); }
  /// `true` or `false` in the query.
  [[nodiscard]] Result<std::optional<bool>> flag(std::string_view name) const;
};
using Function = Answer (*)(Administration&, Asked);

/// A route for administrators, or for whoever may `act`; everybody else gets `M_FORBIDDEN`, whatever else is
/// wrong.
[[nodiscard]] net::Route admin_route(Administration& administration, Method method, std::string_view pattern,
                                     Function function,
                                     governance::Act act = governance::Act::administer_server);

/// The same with a body that says `reason`, for the acts of the own API.
struct Decision {
  json::object body;
  Act act;
};
/// `missing_param` without a reason.
[[nodiscard]] Result<Decision> decision_in(Asked const& asked);

/// The number in a segment of the path; `not_found` when it is none.
[[nodiscard]] Result<std::int64_t> number_in(Asked const& asked, std::size_t segment);

// What both APIs do with a room that a request names.
[[nodiscard]] Task<Result<RoomRow>> shown_room(Administration& administration, std::string room_id);
[[nodiscard]] Task<Result<json::array>> room_state(Administration& administration, Act act,
                                                   std::string room_id);
[[nodiscard]] Task<Result<>> set_blocked(Administration& administration, Act act, std::string room_id,
                                         bool blocked);
/// For the `user_id` of the body; without one for who asks.
[[nodiscard]] Task<Result<>> take_over(Administration& administration, Act act, RoomNid room,
                                       json::object body);

[[nodiscard]] json::value number_or_null(std::optional<std::int64_t> number);
[[nodiscard]] json::value text_or_null(std::string const& text);
[[nodiscard]] json::value user_or_null(Services const& services, UserNid user);
[[nodiscard]] Result<bool> required_bool(json::object const& body, std::string_view key);

// Tables of the own API.
[[nodiscard]] std::vector<net::Route> user_routes(Administration& administration);
[[nodiscard]] std::vector<net::Route> room_routes(Administration& administration);
[[nodiscard]] std::vector<net::Route> media_routes(Administration& administration);
[[nodiscard]] std::vector<net::Route> server_routes(Administration& administration);

}  // namespace torg::administration
