#include "records/http/common.hpp"

namespace torg::records {
namespace {

using identity::json_answer;
using identity::Requester;
using net::Method;

Result<std::vector<std::string>> strings(json::object const& body, std::string_view key) {
  std::vector<std::string> found;
  auto const* array = optional_array(body, key);
  if (array == nullptr) return found;
  for (auto const& value : *array) {
    if (!value.is_string()) return fail(ErrorCode::invalid_param, std::string(key) + " must be strings.");
    found.emplace_back(value.get_string());
  }
  return found;
}

Task<Result<RoomNid>> room_of(HttpServices services, json::object const& body) {
  auto room_id = required_string(body, "room_id");
  if (!room_id) co_return fail(std::move(room_id));
  auto room = co_await services->rooms.find(std::move(*room_id));
  if (!room && room.error().code == ErrorCode::not_found)
    co_return fail(ErrorCode::forbidden, "You are not in this room.");
  co_return room;
}

/// `Intent` with its record, once there is one.
Task<HttpAnswer> answer_intent(HttpServices services, Intent intent) {
  auto body = to_json(intent);
  if (intent.state == IntentState::committed && intent.record) {
    auto record = co_await services->records.record(intent.record);
    if (!record) co_return fail(std::move(record));
    auto shown = co_await record_json(services, std::move(*record));
    if (!shown) co_return fail(std::move(shown));
    body["record"] = std::move(*shown);
  }
  co_return json_answer(body);
}

/// `event_ids`, `thread` or `span`: what the preview is of.
Result<Selection> selection_of(json::object const& body) {
  if (auto const root = optional_string(body, "thread")) return WholeThread{std::string(*root)};
  if (auto const* span = optional_object(body, "span")) {
    auto const from = required_integer(*span, "from"), to = required_integer(*span, "to");
    if (!from || !to || *from > *to)
      return fail(ErrorCode::invalid_param, "A span has from and to in milliseconds, the earlier one first.");
    return SpanOfTime{instant_from_ms(*from), instant_from_ms(*to)};
  }
  auto ids = strings(body, "event_ids");
  if (!ids) return fail(std::move(ids));
  return std::move(*ids);
}

/// `originals` of the body, as from the device whose token it is: nobody speaks for another one.
Result<Handover> handover_of(Requester const& requester, json::object const& body) {
  auto handover = parse_handover(body);
  if (!handover) return handover;
  handover->device = requester.device.value;
  return handover;
}

Task<HttpAnswer> preview(HttpServices services, Requester requester, std::string text) {
  auto body = parse_json_object(text);
  if (!body) co_return fail(std::move(body));
  auto room = co_await room_of(services, *body);
  if (!room) co_return fail(std::move(room));
  auto selection = selection_of(*body);
  if (!selection) co_return fail(std::move(selection));
  auto const code = optional_string(*body, "authority");
  auto authority =
      authority_or_own(services, requester.user, code ? std::optional(std::string(*code)) : std::nullopt);
  if (!authority) co_return fail(std::move(authority));
  auto handover = handover_of(requester, *body);
  if (!handover) co_return fail(std::move(handover));
  auto shown = co_await services->lifts.preview(requester.user, *room, std::move(*selection), *authority,
                                                std::move(*handover));
  if (!shown) co_return refusal_in_words(std::move(shown.error()));
  co_return json_answer(to_json(*shown));
}

/// What the room's server can't read, its reader's client must hand over.
net::Response handover_answer(NeedsHandover const& needs) {
  json::array ids;
  for (auto const& id : needs.event_ids) ids.emplace_back(id);
  if (!needs.refused.empty())
    return json_answer(
        {{"errcode", "ORG.TORG.HANDOVER_REFUSED"},
         {"error", needs.refused},
         {"event_ids", std::move(ids)},
         {"why", json::object{{"sv",
                               "Det som lämnades över stämmer inte med det krypterade inlägget. "
                               "Ingenting är diariefört."},
                              {"en",
                               "What was handed over isn't what the encrypted post holds. "
                               "Nothing is registered."}}}},
        409);
  return json_answer(
      {{"errcode", "ORG.TORG.NEEDS_HANDOVER"},
       {"error", "The room is end-to-end encrypted: hand over the originals of event_ids."},
       {"event_ids", std::move(ids)},
       {"why", json::object{{"sv",
                             "Rummet är totalsträckskrypterat, så servern kan inte läsa inläggen. Lyft från "
                             "ett program som kan läsa dem: det lämnar över originalen."},
                            {"en",
                             "The room is end-to-end encrypted, so the server can't read the posts. Lift "
                             "from a program that can: it hands over the originals."}}}},
      409);
}

net::Response confirm_answer(NeedsConfirmation const& needs) {
  json::array what;
  for (auto const& one : needs.what) what.emplace_back(one);
  return json_answer({{"errcode", "ORG.TORG.CONFIRM"},
                      {"error", "The title is public. Is it right? Confirm what is listed."},
                      {"confirm", std::move(what)}},
                     409);
}

Task<HttpAnswer> lift(HttpServices services, Requester requester, std::string text) {
  auto body = parse_json_object(text);
  if (!body) co_return fail(std::move(body));
  auto key = required_string(*body, "key");
  if (!key) co_return fail(std::move(key));
  auto const when = optional_string(*body, "commit").value_or("after");
  if (when != "now" && when != "after") co_return fail(ErrorCode::invalid_param, "commit is now or after.");
  auto code = required_string(*body, "authority");
  if (!code) co_return fail(std::move(code));
  auto authority = authority_by(services, *code);
  if (!authority) co_return fail(std::move(authority));
  auto room = co_await room_of(services, *body);
  if (!room) co_return fail(std::move(room));
  auto ids = strings(*body, "event_ids");
  if (!ids) co_return fail(std::move(ids));
  auto confirmed = strings(*body, "confirmed");
  if (!confirmed) co_return fail(std::move(confirmed));
  auto const* draft_object = optional_object(*body, "draft");
  if (draft_object == nullptr) co_return fail(ErrorCode::missing_param, "The draft is missing.");
  auto draft = parse_draft(*draft_object);
  if (!draft) co_return refusal_in_words(std::move(draft.error()));
  if (auto refused = plan_refusal(services, *authority, *draft)) co_return std::move(*refused);
  auto handover = handover_of(requester, *body);
  if (!handover) co_return fail(std::move(handover));
  LiftRequest request{{requester.user, std::move(*key)},
                      *room,
                      *authority,
                      std::move(*ids),
                      std::move(*draft),
                      std::move(*handover)};
  auto outcome =
      co_await services->lifts.lift(std::move(request), when == "now" ? CommitWhen::now : CommitWhen::after,
                                    {confirmed->begin(), confirmed->end()});
  if (!outcome) co_return refusal_in_words(std::move(outcome.error()));
  if (auto const* needs = std::get_if<NeedsConfirmation>(&*outcome)) co_return confirm_answer(*needs);
  if (auto const* needs = std::get_if<NeedsHandover>(&*outcome)) co_return handover_answer(*needs);
  co_return co_await answer_intent(services, std::get<Intent>(std::move(*outcome)));
}

enum class Act : std::uint8_t { look, commit, cancel };

Task<HttpAnswer> act(HttpServices services, Requester requester, std::string key, Act what) {
  IntentKey const intent{requester.user, std::move(key)};
  auto done = what == Act::look     ? co_await services->lifts.intent(intent)
              : what == Act::commit ? co_await services->lifts.commit_now(intent)
                                    : co_await services->lifts.cancel(intent);
  if (!done) co_return refusal_in_words(std::move(done.error()));
  co_return co_await answer_intent(services, std::move(*done));
}

}  // namespace

std::vector<net::Route> lift_routes(RegisterHttp given) {
  auto const services = std::make_shared<RegisterHttp const>(std::move(given));
  auto const& identity = services->identity;
  auto const acting = [&](Method method, std::string_view pattern, Act what) {
    return identity::user_route(method, pattern, identity,
                                [services, what](Requester requester, net::Call& call) {
                                  return act(services, std::move(requester), call.path.at(0), what);
                                });
  };
  return {identity::user_route(Method::post, "/_torg/v1/lifts/preview", identity,
                               [services](Requester requester, net::Call& call) {
                                 return preview(services, std::move(requester), std::move(call.request.body));
                               }),
          identity::user_route(Method::post, "/_torg/v1/lifts", identity,
                               [services](Requester requester, net::Call& call) {
                                 return lift(services, std::move(requester), std::move(call.request.body));
                               }),
          acting(Method::get, "/_torg/v1/lifts/{key}", Act::look),
          acting(Method::post, "/_torg/v1/lifts/{key}/commit", Act::commit),
          acting(Method::post, "/_torg/v1/lifts/{key}/cancel", Act::cancel)};
}

}  // namespace torg::records
