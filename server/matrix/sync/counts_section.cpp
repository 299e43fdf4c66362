// What is unread in a room, as a sync answer tells it.
// https://spec.matrix.org/v1.19/client-server-api/#receiving-notifications
#include "matrix/sync/reader.hpp"
#include "matrix/sync/sync.hpp"

namespace torg::matrix {

Task<Result<UnreadCounts>> SyncService::unread(std::shared_ptr<Room> room, UserNid user,
                                               store::MemberOf member) {
  auto const receipts = co_await receipts_.of(room->nid());
  if (!receipts) co_return std::unexpected(receipts.error());
  if (auto counts = notifications_.known(room, member, **receipts, user)) co_return std::move(*counts);
  co_return co_await notifications_.count(room, member, *receipts, user);
}

Task<Result<>> SyncService::append_counts(Reader& reader, std::shared_ptr<Room> room, store::MemberOf member,
                                          std::shared_ptr<Receipts::InRoom const> receipts,
                                          std::string& out) {
  auto const user = reader.requester.user;
  auto counts = notifications_.known(room, member, *receipts, user);
  if (!counts) {
    auto counted = co_await notifications_.count(room, member, receipts, user);
    if (!counted) co_return std::unexpected(counted.error());
    counts = std::move(*counted);
  }
  auto const append = [&out](UnreadCount const& count) {
    out += R"({"highlight_count":)" + std::to_string(count.highlights);
    out += R"(,"notification_count":)" + std::to_string(count.notifications) + '}';
  };
  bool const threads_apart = reader.request.filter.timeline.unread_thread_notifications;
  out += R"(,"unread_notifications":)";
  append(threads_apart ? counts->main : counts->all());
  if (!threads_apart || counts->threads.empty()) co_return Result<>{};
  char separator = '{';
  out += R"(,"unread_thread_notifications":)";
  for (auto const& [root, count] : counts->threads) {
    out += std::exchange(separator, ',');
    append_json_string(out, root);
    out += ':';
    append(count);
  }
  out += '}';
  co_return Result<>{};
}

}  // namespace torg::matrix
