#pragma once
#include "matrix/client_api/client_api.hpp"

namespace torg::matrix {

/// What an authenticated handler works with. The call outlives it.
struct Asked {
  net::Call& call;
  identity::Requester requester;

  [[nodiscard]] std::string const& path(std::size_t i) const { return call.path[i]; }
  /// The body as an object; an empty body is an empty object, for endpoints whose body is optional.
  [[nodiscard]] Result<json::object> body() const;
  [[nodiscard]] Result<json::object> required_body() const;
};

using AuthedHandler = Task<Result<std::string>> (*)(ClientApi&, Asked);

/// A route whose handler gets who asks, and answers 200 with JSON text or an error.
[[nodiscard]] net::Route authed(ClientApi& api, net::Method method, std::string_view pattern,
                                AuthedHandler handler, net::Limit limit = net::Limit::none);

/// The room of `{roomId}`, which the requester must have joined: `forbidden` otherwise, also when there is
/// none, so that nobody learns which rooms exist.
[[nodiscard]] Task<Result<std::shared_ptr<Room>>> joined_room(ClientApi& api, std::string room_id,
                                                              UserNid user);
/// The room of `{roomId}`, whoever asks; `forbidden` when there is none.
[[nodiscard]] Task<Result<std::shared_ptr<Room>>> known_room(ClientApi& api, std::string room_id);

/// The room id behind what may also be an alias; `not_found` for an alias that leads nowhere.
[[nodiscard]] Task<Result<std::string>> resolve_room(ClientApi& api, std::string room_id_or_alias);

/// What a request to send an event says about it in its parameters.
struct SendOptions {
  std::optional<std::int64_t> delay_ms;          ///< MSC4140
  std::optional<std::int64_t> sticky_ms;         ///< MSC4354
  std::optional<std::int64_t> origin_server_ts;  ///< of application services only
};
/// `invalid_param` for what can't be meant.
[[nodiscard]] Result<SendOptions> send_options(Asked const& asked);
/// Has the event sent after so long; its content is in the request. @return the body of the answer
[[nodiscard]] Task<Result<std::string>> schedule(ClientApi& api, Asked asked, SendEvent event,
                                                 std::string room_id, std::int64_t delay_ms);

/// For what was waited for, before it is given out: the session may have ended meanwhile, the account may
/// have been locked.
[[nodiscard]] Result<> still_signed_in(ClientApi const& api, net::Call const& call);

/// How long a request is ready to wait for news (`timeout`), up to five minutes.
[[nodiscard]] std::chrono::milliseconds wait_of(Asked const& asked);

/// Makes an answer of an error: 429 with how long to wait.
[[nodiscard]] Error limited(std::string message, std::chrono::milliseconds retry_after);

[[nodiscard]] inline std::string event_id_answer(EventId const& id) {
  return R"({"event_id":")" + id.value + R"("})";
}

}  // namespace torg::matrix
