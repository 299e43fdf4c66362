#include "matrix/media/administration.hpp"

namespace torg::matrix {
namespace {

constexpr std::size_t kPage = 500;
constexpr int kAllOfUser = 1'000'000;

std::unexpected<Error> no_such_file() { return fail(ErrorCode::not_found, "There is no such file."); }

}  // namespace

void collect_mxc(json::value const& value, std::set<std::string>& into) {
  if (value.is_string()) {
    std::string_view const text = value.get_string();
    if (text.starts_with("mxc://")) into.emplace(text);
  } else if (value.is_object()) {
    for (auto const& member : value.get_object()) collect_mxc(member.value(), into);
  } else if (value.is_array()) {
    for (auto const& member : value.get_array()) collect_mxc(member, into);
  }
}

Task<Result<>> MediaAdministration::quarantine(std::string mxc, UserNid by, std::string reason) {
  auto const found = co_await get(mxc);
  if (!found) co_return std::unexpected(found.error());
  auto const done = co_await quarantine_all({std::move(mxc)}, by, std::move(reason));
  if (!done) co_return std::unexpected(done.error());
  co_return Result<>{};
}

Task<Result<std::int64_t>> MediaAdministration::quarantine_all(std::vector<std::string> mxcs, UserNid by,
                                                               std::string reason) {
  std::vector<std::string> ids;
  for (auto const& mxc : mxcs)
    if (auto id = media_.local_id(mxc)) ids.push_back(std::move(*id));
  media_store::Quarantine const why{by, media_.runtime().now(), std::move(reason)};
  co_return co_await media_.database().write(
      [ids, why](db::Transaction& transaction) -> Result<std::int64_t> {
        std::int64_t changed = 0;
        for (auto const& id : ids) {
          auto const found = media_store::find(transaction, id);
          if (found.file && media_store::quarantine(transaction, found.file->blob, why)) ++changed;
        }
        return changed;
      });
}

Task<Result<>> MediaAdministration::release(std::string mxc) {
  auto const found = co_await get(mxc);
  if (!found) co_return std::unexpected(found.error());
  co_return co_await media_.database().write(
      [blob = found->file.blob](db::Transaction& transaction) -> Result<> {
        media_store::release(transaction, blob);
        return {};
      });
}

Task<Result<std::int64_t>> MediaAdministration::quarantine_of_user(UserNid user, UserNid by,
                                                                   std::string reason) {
  auto const files = co_await of_user(user, 0, kAllOfUser);
  if (!files) co_return std::unexpected(files.error());
  std::vector<std::string> mxcs;
  for (auto const& one : *files)
    mxcs.push_back("mxc://" + media_.options().server_name + '/' + one.file.media_id);
  co_return co_await quarantine_all(std::move(mxcs), by, std::move(reason));
}

Task<Result<std::int64_t>> MediaAdministration::quarantine_of_room(RoomNid room, UserNid by,
                                                                   std::string reason) {
  auto mxcs = co_await of_room(room, Redacted::too);
  if (!mxcs) co_return std::unexpected(mxcs.error());
  co_return co_await quarantine_all(std::move(*mxcs), by, std::move(reason));
}

Task<Result<>> MediaAdministration::remove(std::string mxc) {
  auto const id = media_.local_id(mxc);
  if (!id) co_return no_such_file();
  auto const blobs = co_await media_.database().write(
      [id = *id, mxc, may = may_delete](db::Transaction& transaction) -> Result<std::vector<db::BlobId>> {
        if (!media_store::find(transaction, id).file) return no_such_file();
        if (may) {
          if (auto allowed = may(transaction, mxc); !allowed) return fail(std::move(allowed));
        }
        return media_store::remove(transaction, id);
      });
  if (!blobs) co_return std::unexpected(blobs.error());
  co_await media_.drop_unused(*blobs);
  co_return Result<>{};
}

Task<Result<media_store::Listed>> MediaAdministration::get(std::string mxc) {
  auto const id = media_.local_id(mxc);
  if (!id) co_return no_such_file();
  auto found =
      co_await media_.database().read([&id](db::Reader& reader) { return media_store::find(reader, *id); });
  if (!found) co_return std::unexpected(found.error());
  if (!found->file) co_return no_such_file();
  co_return media_store::Listed{std::move(*found->file), found->quarantined};
}

Task<Result<std::vector<media_store::Listed>>> MediaAdministration::of_user(UserNid user, std::int64_t offset,
                                                                            int limit) {
  co_return co_await media_.database().read(
      [=](db::Reader& reader) { return media_store::of_user(reader, user, offset, limit); });
}

Task<Result<std::vector<std::string>>> MediaAdministration::of_room(RoomNid room, Redacted redacted) {
  std::set<std::string> mxcs;
  for (Position after{};;) {
    auto const page = co_await rooms_.timeline(room, after, media_.database().last_position(), kPage);
    if (!page) co_return std::unexpected(page.error());
    for (auto const& event : *page) {
      if (event.redacted_by && redacted == Redacted::left_out) continue;
      if (auto const content = parse_json(event.content)) collect_mxc(*content, mxcs);
    }
    if (page->size() < kPage) co_return std::vector(mxcs.begin(), mxcs.end());
    after = page->back().position;
  }
}

Task<Result<media_store::Usage>> MediaAdministration::usage(UserNid user) {
  co_return co_await media_.database().read(
      [user](db::Reader& reader) { return media_store::usage(reader, user); });
}

Task<Result<media_store::Usage>> MediaAdministration::usage(AuthorityId authority) {
  co_return co_await media_.database().read(
      [authority](db::Reader& reader) { return media_store::usage(reader, authority); });
}

Task<Result<std::vector<media_store::UserUsage>>> MediaAdministration::usage_by_user(std::int64_t offset,
                                                                                     int limit) {
  co_return co_await media_.database().read(
      [=](db::Reader& reader) { return media_store::usage_by_user(reader, offset, limit); });
}

}  // namespace torg::matrix
