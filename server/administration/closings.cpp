#include "administration/closings.hpp"

#include "base/log.hpp"
#include "matrix/room/preview.hpp"

#include <algorithm>

namespace torg::administration {
namespace {

using matrix::Membership;

constexpr std::string_view kReason = "This room has been closed by an administrator.";

/// Who is in the room or on the way in, of this server, in order.
std::vector<UserNid> people_in(matrix::Room const& room, identity::Identity const& identity) {
  std::vector<UserNid> people;
  for (auto const& [key, event] : room.state()) {
    if (key.first != "m.room.member" || !identity.is_local(key.second)) continue;
    auto const user = identity.find(key.second);
    auto const now = room.member(user);
    bool const there = now == Membership::join || now == Membership::invite || now == Membership::knock;
    if (there) people.push_back(user);
  }
  std::ranges::sort(people);
  return people;
}

}  // namespace

void Closings::start() {
  std::vector<Closing> unfinished;
  services_.database.read_now(
      [&unfinished](db::Reader& reader) { unfinished = store::unfinished_closings(reader); });
  for (auto& closing : unfinished) tasks_.spawn("closing a room", run(std::move(closing)));
}

Task<Result<Closing>> Closings::record(Act act, Wanted wanted) {
  auto const id = co_await services_.rooms.room_id(wanted.room);
  if (!id) co_return std::unexpected(id.error());
  if (wanted.block == Block::yes) {
    auto const blocked = co_await rooms_.block(act, wanted.room);
    if (!blocked) co_return std::unexpected(blocked.error());
  }
  Closing closing{.room = wanted.room,
                  .by = act.by,
                  .at = services_.runtime.now(),
                  .reason = act.reason,
                  .message = std::move(wanted.message),
                  .successor_maker = wanted.successor_maker,
                  .successor_name = std::move(wanted.successor_name),
                  .successor = {},
                  .finished = std::nullopt};
  auto const also = noted(services_, act, "room.closed", {{"room", id->value}});
  auto const nid = co_await services_.database.write(
      [closing, also](db::Transaction& transaction) -> Result<std::int64_t> {
        auto const number = store::add_closing(transaction, closing);
        if (auto done = also ? also(transaction) : Result<>{}; !done) return fail(std::move(done));
        return number;
      });
  if (!nid) co_return std::unexpected(nid.error());
  closing.nid = *nid;
  co_return closing;
}

Task<Result<std::int64_t>> Closings::begin(Act act, Wanted wanted) {
  auto closing = co_await record(std::move(act), std::move(wanted));
  if (!closing) co_return std::unexpected(closing.error());
  auto const nid = closing->nid;
  tasks_.spawn("closing a room", run(std::move(*closing)));
  co_return nid;
}

Task<Result<Closing>> Closings::close(Act act, Wanted wanted) {
  auto closing = co_await record(std::move(act), std::move(wanted));
  if (!closing) co_return closing;
  auto const nid = closing->nid;
  co_await run(std::move(*closing));
  co_return co_await find(nid);
}

Task<Result<>> Closings::make_successor(Closing& closing) {
  if (!closing.successor_maker || closing.successor) co_return Result<>{};
  auto const room = co_await services_.rooms.create({.creator = closing.successor_maker,
                                                     .name = closing.successor_name,
                                                     .topic = {},
                                                     .alias_localpart = {},
                                                     .preset = "public_chat",
                                                     .visibility = "private",
                                                     .invite = {},
                                                     .creation_content = {},
                                                     .power_level_content_override = {{"users_default", -10}},
                                                     .initial_state = {}});
  if (!room) co_return std::unexpected(room.error());
  closing.successor = *room;
  auto const kept = co_await services_.database.write(
      [nid = closing.nid, successor = *room](db::Transaction& transaction) -> Result<> {
        store::set_successor(transaction, nid, successor);
        return {};
      });
  if (!kept || closing.message.empty()) co_return kept;
  auto const sent =
      co_await services_.rooms.send({.room = *room,
                                     .sender = closing.successor_maker,
                                     .type = "m.room.message",
                                     .state_key = std::nullopt,
                                     .content = {{"msgtype", "m.text"}, {"body", closing.message}},
                                     .device_key = 0,
                                     .transaction_id = {},
                                     .redacts = std::nullopt});
  if (!sent) co_return std::unexpected(sent.error());
  co_return Result<>{};
}

Task<> Closings::move(Closing const& closing, UserNid user) {
  if (!closing.successor || user == closing.successor_maker) co_return;
  auto const joined =
      co_await services_.rooms.set_membership(closing.successor, user, user, Membership::join, "");
  if (!joined)
    log(LogLevel::warning, "somebody is not moved from a closed room", {{"room", closing.room.value}});
}

Task<> Closings::remove_aliases(Closing& closing) {
  auto const aliases = co_await services_.database.read(
      [room = closing.room](db::Reader& reader) { return matrix::store::aliases(reader, room); });
  if (!aliases) co_return;
  for (auto const& alias : *aliases) {
    if (co_await services_.rooms.remove_alias(alias)) closing.aliases.push_back(alias);
  }
}

Task<> Closings::unlist(RoomNid room) {
  auto const done = co_await services_.database.write([room](db::Transaction& transaction) -> Result<> {
    matrix::store::list_room(transaction, room, matrix::store::Listing::unlisted);
    return {};
  });
  if (!done) log(LogLevel::warning, "a closed room stays in the directory", {{"room", room.value}});
}

Task<> Closings::run(Closing closing) {
  if (auto const made = co_await make_successor(closing); !made)
    log(LogLevel::warning, "no room for the people of a closed one", {{"room", closing.room.value}});
  auto const room = co_await services_.rooms.load(closing.room);
  if (!room) co_return;
  for (auto const user : people_in(**room, services_.identity)) {
    auto const left = co_await services_.rooms.set_membership(closing.room, user, user, Membership::leave,
                                                              std::string(kReason));
    if (!left) continue;  // `still_there` shows them
    ++closing.kicked;
    co_await move(closing, user);
  }
  co_await remove_aliases(closing);
  co_await unlist(closing.room);
  closing.finished = services_.runtime.now();
  auto const finished =
      co_await services_.database.write([closing](db::Transaction& transaction) -> Result<> {
        store::finish_closing(transaction, closing);
        return {};
      });
  if (!finished) log(LogLevel::warning, "a room is closed but not marked so", {{"room", closing.room.value}});
}

Task<Result<Closing>> Closings::find(std::int64_t nid) {
  auto found =
      co_await services_.database.read([nid](db::Reader& reader) { return store::closing(reader, nid); });
  if (!found) co_return fail(std::move(found));
  if (!*found) co_return fail(ErrorCode::not_found, "No room has been closed under this number.");
  co_return std::move(**found);
}

Task<Result<std::vector<Closing>>> Closings::of_room(RoomNid room) {
  co_return co_await services_.database.read(
      [room](db::Reader& reader) { return store::closings(reader, room); });
}

Task<Result<std::vector<Closing>>> Closings::unfinished() {
  co_return co_await services_.database.read(
      [](db::Reader& reader) { return store::unfinished_closings(reader); });
}

Task<Result<std::vector<UserNid>>> Closings::sent_out(RoomNid nid) {
  auto const room = co_await services_.rooms.load(nid);
  if (!room) co_return std::unexpected(room.error());
  std::vector<UserNid> people;
  for (auto const& [key, event] : (*room)->state()) {
    if (key.first != "m.room.member" || event->redacted_by) continue;
    auto const content = parse_json_object(event->content);
    bool const sent = content && optional_string(*content, "membership") == "leave" &&
                      optional_string(*content, "reason") == kReason;
    if (sent) people.push_back(services_.identity.find(key.second));
  }
  co_return people;
}

Task<Result<std::vector<UserNid>>> Closings::still_there(RoomNid nid) {
  auto const room = co_await services_.rooms.load(nid);
  if (!room) co_return std::unexpected(room.error());
  co_return people_in(**room, services_.identity);
}

}  // namespace torg::administration
