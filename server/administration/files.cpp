#include "administration/files.hpp"

namespace torg::administration {

std::string Files::mxc(std::string_view media_id) const {
  return "mxc://" + services_.identity.users().server_name() + "/" + std::string(media_id);
}

Task<Result<Files::Listed>> Files::find(std::string media_id) {
  co_return co_await media_.get(mxc(media_id));
}

Task<Result<Files::Found>> Files::of_user(Act act, UserNid user, Page page) {
  auto const written =
      co_await note(services_, act, "user.files_listed", {{"user", services_.identity.user_id(user)}});
  if (!written) co_return std::unexpected(written.error());
  auto files =
      co_await media_.of_user(user, static_cast<std::int64_t>(page.from), static_cast<int>(page.limit));
  if (!files) co_return std::unexpected(files.error());
  auto const all = co_await media_.usage(user);
  if (!all) co_return std::unexpected(all.error());
  co_return Found{std::move(*files), all->files};
}

Task<Result<std::vector<std::string>>> Files::of_room(Act act, RoomNid room) {
  auto const id = co_await services_.rooms.room_id(room);
  if (!id) co_return std::unexpected(id.error());
  auto const written = co_await note(services_, act, "room.files_listed", {{"room", id->value}});
  if (!written) co_return std::unexpected(written.error());
  co_return co_await media_.of_room(room, matrix::MediaAdministration::Redacted::left_out);
}

Task<Result<std::vector<Files::UserUsage>>> Files::usage(Page page) {
  co_return co_await media_.usage_by_user(static_cast<std::int64_t>(page.from), static_cast<int>(page.limit));
}

Task<Result<>> Files::quarantine(Act act, std::string media_id) {
  if (auto const known = co_await find(media_id); !known) co_return std::unexpected(known.error());
  auto const written = co_await note(services_, act, "media.quarantined", {{"media", media_id}});
  if (!written) co_return written;
  co_return co_await media_.quarantine(mxc(media_id), act.by, act.reason);
}

Task<Result<>> Files::release(Act act, std::string media_id) {
  if (auto const known = co_await find(media_id); !known) co_return std::unexpected(known.error());
  auto const written = co_await note(services_, act, "media.released", {{"media", media_id}});
  if (!written) co_return written;
  co_return co_await media_.release(mxc(media_id));
}

Task<Result<std::int64_t>> Files::quarantine_of_user(Act act, UserNid user) {
  auto const written = co_await note(services_, act, "media.quarantined_of_user",
                                     {{"user", services_.identity.user_id(user)}});
  if (!written) co_return std::unexpected(written.error());
  co_return co_await media_.quarantine_of_user(user, act.by, act.reason);
}

Task<Result<std::int64_t>> Files::quarantine_of_room(Act act, RoomNid room) {
  auto const id = co_await services_.rooms.room_id(room);
  if (!id) co_return std::unexpected(id.error());
  auto const written = co_await note(services_, act, "media.quarantined_of_room", {{"room", id->value}});
  if (!written) co_return std::unexpected(written.error());
  co_return co_await media_.quarantine_of_room(room, act.by, act.reason);
}

Task<Result<>> Files::remove(Act act, std::string media_id) {
  if (auto const known = co_await find(media_id); !known) co_return std::unexpected(known.error());
  auto const written = co_await note(services_, act, "media.removed", {{"media", media_id}});
  if (!written) co_return written;
  co_return co_await media_.remove(mxc(media_id));
}

Task<Result<std::vector<std::string>>> Files::remove_of_user(Act act, UserNid user, Page page) {
  auto const found = co_await of_user(act, user, page);
  if (!found) co_return std::unexpected(found.error());
  std::vector<std::string> removed;
  for (auto const& one : found->files) {
    auto const done = co_await remove(act, one.file.media_id);
    if (done) removed.push_back(one.file.media_id);
    if (!done && done.error().code != ErrorCode::held) co_return std::unexpected(done.error());
  }
  co_return removed;
}

}  // namespace torg::administration
