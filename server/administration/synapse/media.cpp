// Files.
#include "administration/synapse/routes.hpp"

namespace torg::administration::synapse {
namespace {

/// Without the name that the uploader gave it.
json::object file_json(Files::Listed const& listed) {
  return {{"media_id", listed.file.media_id},
          {"media_type", listed.file.content_type},
          {"media_length", listed.file.size},
          {"created_ts", to_ms(listed.file.created_at)},
          {"last_access_ts", nullptr},
          {"upload_name", nullptr},
          {"quarantined_by", listed.quarantined ? json::value("an administrator") : json::value(nullptr)},
          {"safe_from_quarantine", false}};
}

Result<> check_own(Administration& administration, std::string_view server) {
  if (server == administration.identity().users().server_name()) return {};
  return fail(ErrorCode::not_found, "This server keeps its own files only.");
}

Answer of_user(Administration& administration, Asked asked) {
  auto const user = administration.users().find(asked.path(0));
  if (!user) co_return std::unexpected(user.error());
  auto const page = asked.page();
  if (!page) co_return std::unexpected(page.error());
  auto const found = co_await administration.files().of_user(act_of(asked), *user, *page);
  if (!found) co_return std::unexpected(found.error());
  json::array files;
  for (auto const& file : found->files) files.push_back(file_json(file));
  json::object out{{"media", std::move(files)}, {"total", found->total}};
  auto const next = page->from + page->limit;
  if (next < static_cast<std::size_t>(found->total)) out["next_token"] = next;
  co_return json_answer(out);
}

Answer show(Administration& administration, Asked asked) {
  if (auto own = check_own(administration, asked.path(0)); !own) co_return fail(std::move(own));
  auto const found = co_await administration.files().find(asked.path(1));
  if (!found) co_return std::unexpected(found.error());
  auto info = file_json(*found);
  info["media_origin"] = nullptr;
  info["user_id"] = user_or_null(administration.services(), found->file.uploader);
  co_return json_answer({{"media_info", std::move(info)}});
}

Answer of_room(Administration& administration, Asked asked) {
  auto const room = co_await administration.rooms().find(asked.path(0));
  if (!room) co_return std::unexpected(room.error());
  auto const mxcs = co_await administration.files().of_room(act_of(asked), *room);
  if (!mxcs) co_return std::unexpected(mxcs.error());
  json::array local, remote;
  auto const own = "mxc://" + administration.identity().users().server_name() + "/";
  for (auto const& mxc : *mxcs) (mxc.starts_with(own) ? local : remote).emplace_back(mxc);
  co_return json_answer({{"local", std::move(local)}, {"remote", std::move(remote)}});
}

Answer quarantine(Administration& administration, Asked asked) {
  if (auto own = check_own(administration, asked.path(0)); !own) co_return fail(std::move(own));
  auto const done = co_await administration.files().quarantine(act_of(asked), asked.path(1));
  if (!done) co_return std::unexpected(done.error());
  co_return empty_answer();
}

Answer release(Administration& administration, Asked asked) {
  if (auto own = check_own(administration, asked.path(0)); !own) co_return fail(std::move(own));
  auto const done = co_await administration.files().release(act_of(asked), asked.path(1));
  if (!done) co_return std::unexpected(done.error());
  co_return empty_answer();
}

Answer quarantine_of_room(Administration& administration, Asked asked) {
  auto const room = co_await administration.rooms().find(asked.path(0));
  if (!room) co_return std::unexpected(room.error());
  auto const count = co_await administration.files().quarantine_of_room(act_of(asked), *room);
  if (!count) co_return std::unexpected(count.error());
  co_return json_answer({{"num_quarantined", *count}});
}

Answer quarantine_of_user(Administration& administration, Asked asked) {
  auto const user = administration.users().find(asked.path(0));
  if (!user) co_return std::unexpected(user.error());
  auto const count = co_await administration.files().quarantine_of_user(act_of(asked), *user);
  if (!count) co_return std::unexpected(count.error());
  co_return json_answer({{"num_quarantined", *count}});
}

Answer remove(Administration& administration, Asked asked) {
  if (auto own = check_own(administration, asked.path(0)); !own) co_return fail(std::move(own));
  auto const done = co_await administration.files().remove(act_of(asked), asked.path(1));
  if (!done) co_return std::unexpected(done.error());
  co_return json_answer({{"deleted_media", json::array{json::string(asked.path(1))}}, {"total", 1}});
}

Answer remove_of_user(Administration& administration, Asked asked) {
  auto const user = administration.users().find(asked.path(0));
  if (!user) co_return std::unexpected(user.error());
  auto const page = asked.page();
  if (!page) co_return std::unexpected(page.error());
  auto const removed = co_await administration.files().remove_of_user(act_of(asked), *user, *page);
  if (!removed) co_return std::unexpected(removed.error());
  json::array ids;
  for (auto const& id : *removed) ids.emplace_back(id);
  co_return json_answer({{"deleted_media", std::move(ids)}, {"total", removed->size()}});
}

Answer statistics(Administration& administration, Asked asked) {
  auto const page = asked.page();
  if (!page) co_return std::unexpected(page.error());
  auto const found = co_await administration.files().usage(*page);
  if (!found) co_return std::unexpected(found.error());
  json::array users;
  for (auto const& [user, usage] : *found) {
    auto const* account = administration.identity().account(user);
    users.push_back(json::object{
        {"user_id", user_or_null(administration.services(), user)},
        {"displayname", account == nullptr ? nullptr : text_or_null(account->profile.displayname)},
        {"media_count", usage.files},
        {"media_length", usage.bytes}});
  }
  json::object out{{"users", std::move(users)}, {"total", page->from + found->size()}};
  if (found->size() == page->limit) out["next_token"] = page->from + page->limit;
  co_return json_answer(out);
}

Answer no_protection(Administration&, Asked) {
  co_return fail(ErrorCode::forbidden, "No file is protected from quarantine here: each is one decision.");
}

/// Files of other servers come with federation.
Answer purge_cache(Administration&, Asked) { co_return json_answer({{"deleted", 0}}); }

}  // namespace

std::vector<net::Route> media_routes(Administration& administration) {
  using enum Method;
  auto const route = [&](Method method, std::string_view pattern, Function function) {
    return admin_route(administration, method, pattern, function);
  };
  constexpr std::string_view kOfUser = "/_synapse/admin/v1/users/{userId}/media";
  constexpr std::string_view kFile = "/_synapse/admin/v1/media/{serverName}/{mediaId}";
  return {
      route(get, kOfUser, of_user),
      route(delete_, kOfUser, remove_of_user),
      route(get, kFile, show),
      route(delete_, kFile, remove),
      route(get, "/_synapse/admin/v1/room/{roomId}/media", of_room),
      route(post, "/_synapse/admin/v1/media/quarantine/{serverName}/{mediaId}", quarantine),
      route(post, "/_synapse/admin/v1/media/unquarantine/{serverName}/{mediaId}", release),
      route(post, "/_synapse/admin/v1/room/{roomId}/media/quarantine", quarantine_of_room),
      route(post, "/_synapse/admin/v1/user/{userId}/media/quarantine", quarantine_of_user),
      route(post, "/_synapse/admin/v1/media/protect/{mediaId}", no_protection),
      route(post, "/_synapse/admin/v1/media/unprotect/{mediaId}", no_protection),
      route(get, "/_synapse/admin/v1/statistics/users/media", statistics),
      route(post, "/_synapse/admin/v1/purge_media_cache", purge_cache),
  };
}

}  // namespace torg::administration::synapse
