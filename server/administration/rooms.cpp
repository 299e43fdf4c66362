#include "administration/rooms.hpp"

#include "matrix/room/render.hpp"

#include <algorithm>

namespace torg::administration {
namespace {

using matrix::Membership;

constexpr std::int64_t kRunsTheRoom = 100;
constexpr std::string_view kPowerLevels = "m.room.power_levels";

/// State that says how a room is run. Whatever else stands in state is what people say to each other: where
/// they are, what they drew, how they voted.
bool is_setting(std::string_view type) {
  constexpr std::string_view kSettings[] = {"m.room.create",
                                            "m.room.name",
                                            "m.room.topic",
                                            "m.room.avatar",
                                            "m.room.member",
                                            "m.room.power_levels",
                                            "m.room.join_rules",
                                            "m.room.history_visibility",
                                            "m.room.guest_access",
                                            "m.room.encryption",
                                            "m.room.server_acl",
                                            "m.room.canonical_alias",
                                            "m.room.tombstone",
                                            "m.room.pinned_events",
                                            "m.space.child",
                                            "m.space.parent",
                                            "m.room.third_party_invite",
                                            "org.torg.plan"};
  return std::ranges::find(kSettings, type) != std::end(kSettings);
}

json::object levels_of(matrix::Room const& room) {
  auto const* event = room.state(kPowerLevels, "");
  if (event == nullptr) return {};
  auto content = parse_json_object(matrix::visible_content(**event));
  return content ? std::move(*content) : json::object{};
}

}  // namespace

void Rooms::load() {
  services_.database.read_now([this](db::Reader& reader) {
    auto const rooms = store::blocked_rooms(reader);
    blocked_ = {rooms.begin(), rooms.end()};
  });
}

Task<Result<store::RoomPage>> Rooms::list(Query query) {
  co_return co_await services_.database.read_aside([query](db::Reader& reader) {
    return store::rooms(reader, query.search, query.order, query.direction, query.page.from,
                        query.page.limit);
  });
}

Task<Result<RoomNid>> Rooms::find(std::string room_id) {
  co_return co_await services_.rooms.find(std::move(room_id));
}

Task<Result<RoomRow>> Rooms::show(RoomNid room) {
  auto found = co_await services_.database.read_aside(
      [room](db::Reader& reader) { return store::room(reader, room); });
  if (!found) co_return fail(std::move(found));
  if (!*found) co_return fail(ErrorCode::not_found, "There is no such room here.");
  co_return std::move(**found);
}

Task<Result<json::array>> Rooms::state(Act act, RoomNid nid) {
  auto const room = co_await services_.rooms.load(nid);
  if (!room) co_return std::unexpected(room.error());
  auto const written = co_await note(services_, act, "room.state_read", {{"room", (*room)->id().value}});
  if (!written) co_return std::unexpected(written.error());
  json::array events;
  for (auto const& [key, event] : (*room)->state()) {
    std::string text;
    matrix::append_client_event(text, *event,
                                {.identity = services_.identity, .room_id = (*room)->id().value});
    auto parsed = parse_json_object(text);
    if (!parsed) continue;
    if (!is_setting(event->type)) (*parsed)["content"] = json::object{};
    parsed->erase("unsigned");
    events.push_back(std::move(*parsed));
  }
  co_return events;
}

Task<Result<>> Rooms::block(Act act, RoomNid room) {
  auto const id = co_await services_.rooms.room_id(room);
  if (!id) co_return std::unexpected(id.error());
  auto const also = noted(services_, act, "room.blocked", {{"room", id->value}});
  co_return co_await services_.database.write(
      [this, also, room, by = act.by, at = services_.runtime.now()](db::Transaction& t) -> Result<> {
        store::block_room(t, room, by, at);
        t.on_commit([this, room] { blocked_.insert(room); });
        return also ? also(t) : Result<>{};
      });
}

Task<Result<>> Rooms::unblock(Act act, RoomNid room) {
  auto const id = co_await services_.rooms.room_id(room);
  if (!id) co_return std::unexpected(id.error());
  auto const also = noted(services_, act, "room.unblocked", {{"room", id->value}});
  co_return co_await services_.database.write([this, also, room](db::Transaction& t) -> Result<> {
    store::unblock_room(t, room);
    t.on_commit([this, room] { blocked_.erase(room); });
    return also ? also(t) : Result<>{};
  });
}

Task<Result<std::optional<UserNid>>> Rooms::blocked_by(RoomNid room) {
  co_return co_await services_.database.read(
      [room](db::Reader& reader) { return store::blocked_by(reader, room); });
}

std::optional<UserNid> Rooms::most_powerful(matrix::Room const& room, identity::Identity const& identity) {
  std::optional<UserNid> best;
  std::int64_t most = 0;
  auto members = room.joined_members();
  std::ranges::sort(members);  // the oldest of equals
  for (auto const member : members) {
    auto const* account = identity.account(member);
    if (account == nullptr || !account->active) continue;
    auto const power = matrix::power_of(room, identity.user_id(member));
    if (best && power <= most) continue;
    best = member;
    most = power;
  }
  auto const needed = matrix::power_needed(room.power_levels(), kPowerLevels, true);
  return best && most >= needed ? best : std::nullopt;
}

Task<Result<>> Rooms::bring_in(std::shared_ptr<matrix::Room> room, UserNid by, UserNid user) {
  if (room->is_joined(user)) co_return Result<>{};
  if (services_.governance.plan(room->nid()) != nullptr) {
    co_return fail(ErrorCode::rule_refuses,
                   "Nobody gets into a room with a plan by taking it over. Name somebody who is in it.");
  }
  if (room->join_rule() != "public" && room->member(user) != Membership::invite) {
    auto const invited =
        co_await services_.rooms.set_membership(room->nid(), by, user, Membership::invite, "");
    if (!invited) co_return std::unexpected(invited.error());
  }
  auto const joined = co_await services_.rooms.set_membership(room->nid(), user, user, Membership::join, "");
  if (!joined) co_return std::unexpected(joined.error());
  co_return Result<>{};
}

Task<Result<>> Rooms::give_power(std::shared_ptr<matrix::Room> room, UserNid by, UserNid user) {
  auto const& user_id = services_.identity.user_id(user);
  auto const needed = matrix::power_needed(room->power_levels(), kPowerLevels, true);
  auto const own = matrix::power_of(*room, services_.identity.user_id(by));
  auto const given = std::min(std::max(needed, kRunsTheRoom), own);
  if (matrix::power_of(*room, user_id) >= given) co_return Result<>{};
  auto content = levels_of(*room);
  auto& users = content["users"];
  if (!users.is_object()) users = json::object{};
  users.get_object()[user_id] = given;
  auto const sent = co_await services_.rooms.send({.room = room->nid(),
                                                   .sender = by,
                                                   .type = std::string(kPowerLevels),
                                                   .state_key = "",
                                                   .content = std::move(content),
                                                   .device_key = 0,
                                                   .transaction_id = {},
                                                   .redacts = std::nullopt});
  if (!sent) co_return std::unexpected(sent.error());
  co_return Result<>{};
}

Task<Result<>> Rooms::take_over(Act act, RoomNid nid, UserNid user) {
  auto const room = co_await services_.rooms.load(nid);
  if (!room) co_return std::unexpected(room.error());
  auto const by = most_powerful(**room, services_.identity);
  if (!by)
    co_return fail(ErrorCode::forbidden, "Nobody of this server who is in the room has the power to give.");
  auto const written = co_await note(services_, act, "room.taken_over",
                                     {{"room", (*room)->id().value},
                                      {"user", services_.identity.user_id(user)},
                                      {"in_the_name_of", services_.identity.user_id(*by)}});
  if (!written) co_return written;
  auto const in = co_await bring_in(*room, *by, user);
  if (!in) co_return in;
  co_return co_await give_power(*room, *by, user);
}

Task<Result<store::ReportPage>> Rooms::event_reports(Act act, Page page) {
  auto found = co_await services_.database.read_aside(
      [page](db::Reader& reader) { return store::event_reports(reader, page.from, page.limit); });
  if (!found) co_return found;
  auto const written = co_await note(services_, act, "reports.read", {{"count", found->reports.size()}});
  if (!written) co_return std::unexpected(written.error());
  co_return found;
}

Task<Result<EventReport>> Rooms::event_report(Act act, std::int64_t report) {
  auto found = co_await services_.database.read(
      [report](db::Reader& reader) { return store::event_report(reader, report); });
  if (!found) co_return fail(std::move(found));
  if (!*found) co_return fail(ErrorCode::not_found, "There is no such report.");
  auto const written = co_await note(services_, act, "reports.read", {{"report", report}});
  if (!written) co_return std::unexpected(written.error());
  co_return std::move(**found);
}

Task<Result<>> Rooms::close_report(Act act, std::int64_t report) {
  auto const also = noted(services_, act, "report.closed", {{"report", report}});
  co_return co_await services_.database.write(
      [also, report, at = services_.runtime.now()](db::Transaction& transaction) -> Result<> {
        if (!store::close_report(transaction, report, at))
          return fail(ErrorCode::not_found, "There is no such report.");
        return also ? also(transaction) : Result<>{};
      });
}

std::unexpected<Error> Rooms::purge_refused() {
  return fail(
      ErrorCode::rule_refuses,
      "Rooms are not purged here: what was said in them may be public records, which only weeding and "
      "disposal take away, by the archivist's decision. Close and block the room instead.");
}

}  // namespace torg::administration
