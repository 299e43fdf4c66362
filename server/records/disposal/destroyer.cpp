#include "records/disposal/destroyer.hpp"

#include "base/log.hpp"
#include "matrix/media/store.hpp"
#include "records/assessment/item.hpp"
#include "records/assessment/store.hpp"

#include <algorithm>
#include <iterator>

namespace torg::records {
namespace {

void add_files(matrix::RoomEvent const& event, DoomedItem& doomed) {
  auto const item = read_item(event);
  if (!item) return;
  for (auto const& file : item->attachments) doomed.files.emplace_back(file.url, event.nid);
}

/// The media id of a file of this server; empty for others.
std::string_view local_media_id(std::string_view mxc, std::string_view server_name) {
  static constexpr std::string_view kScheme = "mxc://";
  if (!mxc.starts_with(kScheme)) return {};
  mxc.remove_prefix(kScheme.size());
  if (!mxc.starts_with(server_name)) return {};
  mxc.remove_prefix(server_name.size());
  return mxc.starts_with('/') ? mxc.substr(1) : std::string_view();
}

}  // namespace

Task<Result<DoomedItem>> Destroyer::gather_one(RoomNid room, EventNid nid) {
  auto const event = co_await rooms_.event(nid);
  if (!event) co_return std::unexpected(event.error());
  DoomedItem doomed{room, nid, event->id, {}, {}};
  add_files(*event, doomed);
  auto const relations = co_await rooms_.relations(nid);
  if (!relations) co_return std::unexpected(relations.error());
  for (auto const& other : *relations) {
    if (!belongs_to_another(other) && other.type != "m.room.redaction") continue;
    doomed.companions.push_back(other.nid);
    add_files(other, doomed);
  }
  co_return doomed;
}

Task<Result<std::vector<DoomedItem>>> Destroyer::gather(ItemsByRoom items) {
  std::vector<DoomedItem> doomed;
  for (auto const& [room, events] : items) {
    for (auto const event : events) {
      auto one = co_await gather_one(room, event);
      if (!one && one.error().code == ErrorCode::not_found) continue;
      if (!one) co_return std::unexpected(one.error());
      doomed.push_back(std::move(*one));
    }
  }
  co_return doomed;
}

matrix::Destroyed Destroyer::destroy(db::Transaction& transaction, std::vector<DoomedItem> const& items,
                                     std::string_view server_name, Instant at) {
  std::vector<EventNid> events;
  std::vector<db::BlobId> blobs;
  for (auto const& item : items) {
    events.push_back(item.event);
    events.insert(events.end(), item.companions.begin(), item.companions.end());
    disposal_store::forget_item(transaction, item.room, item.event);
    for (auto const& [mxc, event] : item.files) {
      if (!assessment::remove_file(transaction, mxc, event)) continue;
      std::ranges::move(matrix::media_store::remove(transaction, local_media_id(mxc, server_name)),
                        std::back_inserter(blobs));
    }
  }
  disposal_store::add_sweep(transaction, blobs, at);
  return matrix::destroy_events(transaction, events);
}

void Destroyer::forget(std::vector<DoomedItem> const& items) {
  std::map<RoomNid, std::vector<EventNid>> by_room;
  for (auto const& item : items) {
    auto& events = by_room[item.room];
    events.push_back(item.event);
    events.insert(events.end(), item.companions.begin(), item.companions.end());
  }
  for (auto const& [room, events] : by_room) rooms_.forget(room, events);
}

Task<Result<>> Destroyer::sweep() {
  struct Waiting {
    std::vector<db::BlobId> unused, used;
    bool scrub = false;
  };
  auto const waiting = co_await database_.read([this](db::Reader& reader) {
    Waiting found;
    for (auto const& blob : disposal_store::swept_blobs(reader)) {
      bool const used = matrix::media_store::uses_blob(reader, blob) ||
                        (links_.register_uses_blob && links_.register_uses_blob(reader, blob));
      (used ? found.used : found.unused).push_back(blob);
    }
    found.scrub = disposal_store::scrub_waits(reader);
    return found;
  });
  if (!waiting) co_return std::unexpected(waiting.error());
  for (auto const& blob : waiting->unused) {
    auto const removed = co_await run_offloaded(runtime_, [this, blob] { return blobs_.remove(blob); });
    if (!removed) co_return removed;
  }
  if (waiting->scrub) {
    auto const scrubbed = co_await run_offloaded(runtime_, [this] { return database_.scrub(); });
    if (!scrubbed) {
      log(LogLevel::error, "the database could not be scrubbed after a disposal; it is tried again", {});
      co_return scrubbed;
    }
  }
  co_return co_await database_.write([done = *waiting](db::Transaction& transaction) -> Result<> {
    for (auto const& blob : done.unused) disposal_store::blob_is_gone(transaction, blob);
    for (auto const& blob : done.used) disposal_store::blob_is_gone(transaction, blob);
    if (done.scrub) disposal_store::scrub_is_done(transaction);
    return {};
  });
}

}  // namespace torg::records
