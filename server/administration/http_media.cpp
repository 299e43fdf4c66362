// /_torg/v1/admin: files. Their names stay with those who see them.
#include "administration/handlers.hpp"

namespace torg::administration {
namespace {

json::object file_json(Services const& services, Files::Listed const& listed) {
  return {{"media_id", listed.file.media_id},
          {"uploader", user_or_null(services, listed.file.uploader)},
          {"type", listed.file.content_type},
          {"size", listed.file.size},
          {"created_at", to_ms(listed.file.created_at)},
          {"quarantined", listed.quarantined}};
}

Answer usage(Administration& administration, Asked asked) {
  auto const page = asked.page();
  if (!page) co_return std::unexpected(page.error());
  auto const found = co_await administration.files().usage(*page);
  if (!found) co_return std::unexpected(found.error());
  json::array users;
  for (auto const& [user, usage] : *found)
    users.push_back(json::object{{"user_id", user_or_null(administration.services(), user)},
                                 {"bytes", usage.bytes},
                                 {"files", usage.files}});
  json::object out{{"users", std::move(users)}};
  add_next(out, *page, found->size() == page->limit ? net::More::yes : net::More::no);
  co_return json_answer(out);
}

Answer of_user(Administration& administration, Asked asked) {
  auto const user = administration.users().find(asked.path(0));
  if (!user) co_return std::unexpected(user.error());
  auto const page = asked.page();
  if (!page) co_return std::unexpected(page.error());
  auto const found = co_await administration.files().of_user(asked.act(), *user, *page);
  if (!found) co_return std::unexpected(found.error());
  json::array files;
  for (auto const& file : found->files) files.push_back(file_json(administration.services(), file));
  json::object out{{"media", std::move(files)}};
  add_next(out, *page, static_cast<std::size_t>(found->total));
  co_return json_answer(out);
}

Answer show(Administration& administration, Asked asked) {
  auto const found = co_await administration.files().find(asked.path(0));
  if (!found) co_return std::unexpected(found.error());
  co_return json_answer(file_json(administration.services(), *found));
}

Answer quarantine(Administration& administration, Asked asked) {
  auto const decision = decision_in(asked);
  if (!decision) co_return std::unexpected(decision.error());
  auto const wanted = required_bool(decision->body, "quarantined");
  if (!wanted) co_return std::unexpected(wanted.error());
  auto& files = administration.files();
  auto const done = *wanted ? co_await files.quarantine(decision->act, asked.path(0))
                            : co_await files.release(decision->act, asked.path(0));
  if (!done) co_return std::unexpected(done.error());
  co_return json_answer({{"quarantined", *wanted}});
}

Answer quarantine_of_user(Administration& administration, Asked asked) {
  auto const user = administration.users().find(asked.path(0));
  if (!user) co_return std::unexpected(user.error());
  auto const decision = decision_in(asked);
  if (!decision) co_return std::unexpected(decision.error());
  auto const count = co_await administration.files().quarantine_of_user(decision->act, *user);
  if (!count) co_return std::unexpected(count.error());
  co_return json_answer({{"quarantined", *count}});
}

Answer quarantine_of_room(Administration& administration, Asked asked) {
  auto const decision = decision_in(asked);
  if (!decision) co_return std::unexpected(decision.error());
  auto const room = co_await administration.rooms().find(asked.path(0));
  if (!room) co_return std::unexpected(room.error());
  auto const count = co_await administration.files().quarantine_of_room(decision->act, *room);
  if (!count) co_return std::unexpected(count.error());
  co_return json_answer({{"quarantined", *count}});
}

Answer remove(Administration& administration, Asked asked) {
  auto const done = co_await administration.files().remove(
      {asked.requester.user, asked.query("reason").value_or("")}, asked.path(0));
  if (!done) co_return std::unexpected(done.error());
  co_return empty_answer();
}

}  // namespace

std::vector<net::Route> media_routes(Administration& administration) {
  using enum Method;
  auto const route = [&](Method method, std::string_view pattern, Function function) {
    return admin_route(administration, method, pattern, function);
  };
  return {
      route(get, "/_torg/v1/admin/media-usage", usage),
      route(get, "/_torg/v1/admin/media/{mediaId}", show),
      route(delete_, "/_torg/v1/admin/media/{mediaId}", remove),
      route(put, "/_torg/v1/admin/media/{mediaId}/quarantine", quarantine),
      route(get, "/_torg/v1/admin/users/{userId}/media", of_user),
      route(post, "/_torg/v1/admin/users/{userId}/media/quarantine", quarantine_of_user),
      route(post, "/_torg/v1/admin/rooms/{roomId}/media/quarantine", quarantine_of_room),
  };
}

}  // namespace torg::administration
