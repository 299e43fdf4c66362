#include "administration/notices.hpp"

#include "administration/store.hpp"
#include "identity/store.hpp"

namespace torg::administration {
namespace {

Result<json::object> tagged(json::object tags_content) {
  auto& tags = tags_content["tags"];
  if (!tags.is_object()) tags = json::object{};
  tags.get_object()["m.server_notice"] = json::object{};
  return tags_content;
}

}  // namespace

void Notices::load() {
  auto const& identity = services_.identity;
  auto const known = identity.find("@" + sender_.localpart + ":" + identity.users().server_name());
  services_.database.read_now([&](db::Reader& reader) {
    rooms_ = store::notice_rooms(reader);
    auto const* account = identity.account(known);
    bool const own =
        account != nullptr && account->service.empty() && !identity::store::password_hash(reader, known);
    if (own) services_.governance.add_service_user(known);
  });
}

bool Notices::is_notice_room(RoomNid room, UserNid user) const {
  auto const found = rooms_.find(user);
  return found != rooms_.end() && found->second == room;
}

Task<Result<UserNid>> Notices::sender() {
  if (sender_.localpart.empty())
    co_return fail(ErrorCode::bad_request,
                   "This server sends no notices: its configuration names no sender.");
  auto& identity = services_.identity;
  auto const known = identity.find("@" + sender_.localpart + ":" + identity.users().server_name());
  auto const* account = identity.account(known);
  if (account == nullptr) {
    auto const made = co_await identity.create_user(
        {.localpart = sender_.localpart, .password = {}, .displayname = sender_.displayname});
    if (made) services_.governance.add_service_user(*made);
    co_return made;
  }
  bool const of_service = !account->service.empty();
  auto const person = co_await identity.accounts().has_password(known);
  if (!person) co_return std::unexpected(person.error());
  if (*person || of_service)
    co_return fail(ErrorCode::bad_request,
                   "The name of the sender of notices is a person's: configure another.");
  co_return known;
}

Task<Result<RoomNid>> Notices::make_room(UserNid sender, UserNid user) {
  auto const room = co_await services_.rooms.create({.creator = sender,
                                                     .name = sender_.displayname,
                                                     .topic = {},
                                                     .alias_localpart = {},
                                                     .preset = "private_chat",
                                                     .visibility = "private",
                                                     .invite = {},
                                                     .creation_content = {},
                                                     .power_level_content_override = {{"users_default", -10}},
                                                     .initial_state = {}});
  if (!room) co_return room;
  auto const kept =
      co_await services_.database.write([this, user, room = *room](db::Transaction& t) -> Result<> {
        store::put_notice_room(t, user, room);
        t.on_commit([this, user, room] { rooms_.insert_or_assign(user, room); });
        return {};
      });
  if (!kept) co_return std::unexpected(kept.error());
  co_return room;
}

Task<Result<>> Notices::invite(RoomNid nid, UserNid sender, UserNid user) {
  auto const room = co_await services_.rooms.load(nid);
  if (!room) co_return std::unexpected(room.error());
  auto const now = (*room)->member(user);
  if (now == matrix::Membership::join || now == matrix::Membership::invite) co_return Result<>{};
  auto const invited =
      co_await services_.rooms.set_membership(nid, sender, user, matrix::Membership::invite, "");
  if (!invited) co_return std::unexpected(invited.error());
  co_return Result<>{};
}

Task<Result<RoomNid>> Notices::room_of(UserNid sender, UserNid user) {
  auto const found = rooms_.find(user);
  auto const room = found == rooms_.end() ? co_await make_room(sender, user) : Result<RoomNid>(found->second);
  if (!room) co_return room;
  auto const id = co_await services_.rooms.room_id(*room);
  if (!id) co_return std::unexpected(id.error());
  // Before the invitation, so that clients show it for what it is from the first moment.
  auto const done = co_await services_.identity.account_data().change(user, id->value, "m.tag", tagged);
  if (!done) co_return std::unexpected(done.error());
  auto const invited = co_await invite(*room, sender, user);
  if (!invited) co_return std::unexpected(invited.error());
  co_return room;
}

Task<Result<EventId>> Notices::send(Act act, Notice notice) {
  // First of all: the first notice makes the sender, too.
  auto const turn = co_await turns_.take();
  if (!turn) co_return std::unexpected(turn.error());
  auto const by = co_await sender();
  if (!by) co_return std::unexpected(by.error());
  auto const* account = services_.identity.account(notice.to);
  if (account == nullptr || !account->active)
    co_return fail(ErrorCode::not_found, "There is no such user here.");
  auto const room = co_await room_of(*by, notice.to);
  if (!room) co_return std::unexpected(room.error());
  auto const written =
      co_await note(services_, act, "notice.sent",
                    {{"user", services_.identity.user_id(notice.to)}, {"type", notice.type}});
  if (!written) co_return std::unexpected(written.error());
  auto const sent = co_await services_.rooms.send({.room = *room,
                                                   .sender = *by,
                                                   .type = std::move(notice.type),
                                                   .state_key = std::move(notice.state_key),
                                                   .content = std::move(notice.content),
                                                   .device_key = notice.device_key,
                                                   .transaction_id = std::move(notice.transaction_id),
                                                   .redacts = std::nullopt});
  if (!sent) co_return std::unexpected(sent.error());
  co_return sent->id;
}

}  // namespace torg::administration
