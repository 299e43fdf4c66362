#include "matrix/app_service/batch.hpp"

#include "matrix/room/render.hpp"
#include "matrix/sync/store.hpp"

#include <algorithm>

namespace torg::matrix {
namespace {

/// Events looked at for one transaction, told or not.
constexpr std::size_t kWindow = 1'000;

struct Message {
  UserNid user;
  std::string device;
  ToDeviceMessage message;
};

void add_part(std::string& body, std::string_view key, std::string const& part, char open, char close) {
  if (part.empty()) return;
  body += body.size() > 1 ? ",\"" : "\"";
  ((body += key) += "\":") += open;
  (body += part) += close;
}

}  // namespace

Collector::Collector(Services services, Registration const& service)
    : all_(services),
      rooms_(services.rooms),
      service_(service),
      ours_(services.rooms, service),
      seen_(services.rooms.stream().volatile_position()) {}

Task<Result<Batch>> Collector::next(service_store::Place from, std::optional<service_store::Place> until) {
  Batch batch;
  batch.to = until.value_or(service_store::Place{EventNid(INT64_MAX), rooms_.stream().last()});
  if (auto done = co_await events(from, batch, until.has_value()); !done) co_return fail(std::move(done));
  Devices devices;
  auto const messages = co_await to_device(from.position, batch, devices);
  if (!messages) co_return std::unexpected(messages.error());
  auto const brief = co_await ephemeral(from.position, batch.to.position);
  if (!brief) co_return std::unexpected(brief.error());
  auto const lists = co_await device_lists(from.position, batch);
  if (!lists) co_return std::unexpected(lists.error());
  auto const counts = co_await key_counts(batch, std::move(devices));
  if (!counts) co_return std::unexpected(counts.error());
  std::string body = "{";
  add_part(body, "ephemeral", *brief, '[', ']');
  add_part(body, "de.sorunome.msc2409.to_device", *messages, '[', ']');
  add_part(body, "org.matrix.msc3202.device_lists", *lists, '{', '}');
  if (!counts->empty()) body += (body.size() > 1 ? "," : "") + *counts;
  if (body.size() == 1 && batch.events.empty()) co_return batch;
  body += body.size() > 1 ? R"(,"events":[)" : R"("events":[)";
  auto const events = co_await render(batch.events);
  if (!events) co_return std::unexpected(events.error());
  batch.body = body + *events + "]}";
  co_return batch;
}

Task<Result<>> Collector::events(service_store::Place from, Batch& batch, bool exact) {
  ours_.forget_names();
  auto after = from.event;
  auto const end = batch.to.event;
  for (;;) {
    auto const rows = co_await rooms_.database().read(
        [&](db::Reader& reader) { return service_store::rows_after(reader, after, end, kWindow); });
    if (!rows) co_return std::unexpected(rows.error());
    for (auto const& row : *rows) {
      // Readable is not yet published: what the stream doesn't hold yet comes with the next transaction.
      if (!exact && row.position > batch.to.position) {
        batch.to.event = after;
        co_return Result<>{};
      }
      auto const interested = co_await ours_.interested(row);
      if (!interested) co_return std::unexpected(interested.error());
      after = row.nid;
      if (!*interested) continue;
      auto event = co_await rooms_.event_by_nid(row.nid);
      if (!event && event.error().code != ErrorCode::not_found) co_return std::unexpected(event.error());
      if (!event) continue;  // disposed of meanwhile
      ours_.pass(**event);
      batch.events.push_back(std::move(*event));
      if (exact || batch.events.size() < kMostEvents) continue;
      batch.to = {row.nid, std::min(batch.to.position, row.position)};
      co_return Result<>{};
    }
    bool const more = rows->size() == kWindow;
    if (more && (exact || batch.events.empty())) continue;
    if (!exact)
      batch.to = {after, more ? std::min(batch.to.position, rows->back().position) : batch.to.position};
    co_return Result<>{};
  }
}

Task<Result<std::string>> Collector::render(std::vector<EventPtr> events) {
  std::string out;
  auto const replaced = co_await rooms_.database().read(
      [&](db::Reader& reader) { return replaced_by(reader, rooms_.types(), events); });
  if (!replaced) co_return std::unexpected(replaced.error());
  for (auto const& event : events) {
    auto const id = co_await rooms_.room_id(event->room);
    if (!id) continue;  // the room was disposed of meanwhile
    if (!out.empty()) out += ',';
    append_client_event(out, *event,
                        {.identity = rooms_.identity(), .room_id = id->value, .replaced = &*replaced});
  }
  co_return out;
}

Task<Result<std::string>> Collector::ephemeral(Position after, Position to) {
  std::string out;
  if (!service_.receive_ephemeral) co_return out;
  auto const append = [&out](std::string const& room_id, std::string const& event) {
    if (event.empty()) return;
    out += (out.empty() ? "{" : ",{");
    out += R"("room_id":)";
    append_json_string(out, room_id);
    out += ',' + event.substr(1);
  };
  std::vector<RoomNid> typing;
  all_.typing.each_changed(seen_, [&](RoomNid room) { typing.push_back(room); });
  auto const present = co_await presence(std::exchange(seen_, rooms_.stream().volatile_position()));
  if (!present) co_return std::unexpected(present.error());
  out += *present;
  auto const receipts = co_await rooms_with_receipts(after, to);
  if (!receipts) co_return std::unexpected(receipts.error());
  std::vector<RoomNid> const* const kinds[] = {&typing, &*receipts};
  for (auto const* changed : kinds) {
    for (auto const room : *changed) {
      auto const interested = co_await ours_.interested(room);
      if (!interested) co_return std::unexpected(interested.error());
      auto const id = *interested ? co_await rooms_.room_id(room) : Result<RoomId>();
      if (!*interested || !id) continue;
      std::string event;
      if (changed == &typing) {
        all_.typing.append_event(event, room);
      } else {
        auto const all = co_await all_.receipts.of(room);
        if (!all) co_return std::unexpected(all.error());
        (void)all_.receipts.append_event(event, **all, after,
                                         [this](UserNid user) { return ours_.is_ours(user); });
      }
      append(id->value, event);
    }
  }
  co_return out;
}

Task<Result<bool>> Collector::meets_ours(UserNid user) {
  if (ours_.is_ours(user)) co_return true;
  auto const rooms = co_await rooms_.rooms_of(user);
  if (!rooms) co_return std::unexpected(rooms.error());
  co_return std::ranges::any_of(**rooms, [&](auto const& entry) {
    return entry.second.membership == Membership::join && ours_.has_room(entry.first);
  });
}

Task<Result<std::string>> Collector::presence(std::int64_t after) {
  std::vector<UserNid> changed;
  all_.presence.each_changed(after, [&](UserNid user) { changed.push_back(user); });
  std::string out;
  for (auto const user : changed) {
    auto const met = co_await meets_ours(user);
    if (!met) co_return std::unexpected(met.error());
    if (!*met) continue;
    if (!out.empty()) out += ',';
    out += json::serialize(json::object{{"content", all_.presence.content(user)},
                                        {"sender", rooms_.identity().user_id(user)},
                                        {"type", "m.presence"}});
  }
  co_return out;
}

Task<Result<std::vector<RoomNid>>> Collector::rooms_with_receipts(Position after, Position to) {
  std::vector<RoomNid> rooms;
  if (after >= to) co_return rooms;
  if (!rooms_.stream().covers(after)) {
    co_return co_await rooms_.database().read(
        [after](db::Reader& reader) { return service_store::rooms_with_receipts_after(reader, after); });
  }
  rooms_.stream().each_after(after, [&](StreamEntry const& entry) {
    if (entry.kind == StreamEntry::Kind::receipt && entry.position <= to) rooms.push_back(entry.room);
  });
  std::ranges::sort(rooms);
  rooms.erase(std::ranges::unique(rooms).begin(), rooms.end());
  co_return rooms;
}

Task<Result<std::vector<UserNid>>> Collector::recipients(Position after, Position to) {
  std::vector<UserNid> users;
  if (rooms_.stream().covers(after)) {
    rooms_.stream().each_after(after, [&](StreamEntry const& entry) {
      bool const message = entry.kind == StreamEntry::Kind::to_device && entry.position <= to;
      if (message && ours_.is_ours(entry.user)) users.push_back(entry.user);
    });
  } else {
    auto const newest = co_await rooms_.database().read(
        [](db::Reader& reader) { return sync_store::newest_to_device(reader); });
    if (!newest) co_return std::unexpected(newest.error());
    for (auto const& [user, position] : *newest) {
      if (position > after && ours_.is_ours(user)) users.push_back(user);
    }
  }
  std::ranges::sort(users);
  users.erase(std::ranges::unique(users).begin(), users.end());
  co_return users;
}

Task<Result<std::string>> Collector::to_device(Position after, Batch& batch, Devices& devices) {
  std::string out;
  if (after >= batch.to.position) co_return out;
  auto const users = co_await recipients(after, batch.to.position);
  if (!users) co_return std::unexpected(users.error());
  auto& identity = rooms_.identity();
  auto const* services = identity.options().services.get();
  std::vector<Message> found;
  for (auto const user : *users) {
    auto const owned = co_await identity.sessions().devices(user);
    if (!owned) co_return std::unexpected(owned.error());
    for (auto const& device : *owned) {
      auto messages = co_await rooms_.database().read([&](db::Reader& reader) {
        return sync_store::to_device(reader, user, device.id.value, after, batch.to.position, kMostEvents);
      });
      if (!messages) co_return std::unexpected(messages.error());
      // Too many for one transaction: what lies behind comes with the next.
      if (messages->size() == kMostEvents)
        batch.to.position = std::min(batch.to.position, messages->back().position);
      for (auto& message : *messages) found.push_back({user, device.id.value, std::move(message)});
    }
  }
  for (auto const& [user, device, message] : found) {
    if (message.position > batch.to.position) continue;
    devices.emplace(user, device);
    out += out.empty() ? R"({"to_user_id":)" : R"(,{"to_user_id":)";
    append_json_string(out, identity.user_id(user));
    out += R"(,"to_device_id":)";
    append_json_string(out, device);
    std::string rest;
    append_to_device(rest, {message});
    out += ',' + rest.substr(1);
    if (services->exclusive_user(identity.user_id(user), nullptr) == &service_)
      batch.delivered.emplace_back(user, device, message.position);
  }
  co_return out;
}

/// Whose devices changed, of those the service's users share a room with; and who came into such a room.
Task<Result<std::string>> Collector::device_lists(Position after, Batch const& batch) {
  std::string out;
  if (!service_.wants_device_news || after >= batch.to.position) co_return out;
  std::set<UserNid> changed;
  if (rooms_.stream().covers(after)) {
    rooms_.stream().each_after(after, [&](StreamEntry const& entry) {
      if (entry.kind == StreamEntry::Kind::device_list && entry.position <= batch.to.position)
        changed.insert(entry.user);
    });
  } else {
    for (auto const user : rooms_.identity().device_keys().changed_since(after)) changed.insert(user);
  }
  std::set<UserNid> told;
  for (auto const user : changed) {
    auto const met = co_await meets_ours(user);
    if (!met) co_return std::unexpected(met.error());
    if (*met) told.insert(user);
  }
  for (auto const& event : batch.events) {
    if (event->type != "m.room.member" || !ours_.has_room(event->room)) continue;
    auto const user = rooms_.identity().find(*event->state_key);
    if (!ours_.is_ours(user)) told.insert(user);
  }
  json::array list;
  for (auto const user : told) list.emplace_back(rooms_.identity().user_id(user));
  if (!list.empty()) out = R"("changed":)" + json::serialize(list) + R"(,"left":[])";
  co_return out;
}

/// How many keys the devices have that are about to need some: those that got messages, and those in rooms
/// with encrypted news.
Task<Result<std::string>> Collector::key_counts(Batch const& batch, Devices devices) {
  std::string out;
  if (!service_.wants_device_news) co_return out;
  auto& identity = rooms_.identity();
  std::set<UserNid> users;
  for (auto const& event : batch.events) {
    auto const room = ours_.joined().find(event->room);
    if (event->type == "m.room.encrypted" && room != ours_.joined().end())
      users.insert(room->second.begin(), room->second.end());
  }
  for (auto const user : users) {
    auto const owned = co_await identity.sessions().devices(user);
    if (!owned) co_return std::unexpected(owned.error());
    for (auto const& device : *owned) devices.emplace(user, device.id.value);
  }
  json::object counts, fallbacks;
  for (auto const& [user, device] : devices) {
    auto const found = co_await identity.device_keys().counts(user, DeviceId(device));
    if (!found) co_return std::unexpected(found.error());
    auto const& user_id = identity.user_id(user);
    if (!counts.contains(user_id)) counts[user_id] = fallbacks[user_id] = json::object();
    counts[user_id].as_object()[device] = identity::counts_body(*found);
    fallbacks[user_id].as_object()[device] = json::value_from(found->unused_fallback);
  }
  if (counts.empty()) co_return out;
  out = R"("org.matrix.msc3202.device_one_time_keys_count":)" + json::serialize(counts);
  out += R"(,"org.matrix.msc3202.device_unused_fallback_key_types":)" + json::serialize(fallbacks);
  co_return out;
}

}  // namespace torg::matrix
