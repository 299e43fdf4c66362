#include "matrix/sliding_sync/sliding_sync.hpp"

#include "matrix/sliding_sync/reader.hpp"

namespace torg::matrix {
namespace {

using namespace std::chrono_literals;

std::unexpected<Error> unknown_pos() {
  return fail(ErrorCode::unknown_pos, "This server doesn't know that position. Start again without it.");
}

}  // namespace

void append_key(std::string& out, std::string_view name) {
  if (!out.empty() && out.back() != '{') out += ',';
  append_json_string(out, name);
  out += ':';
}

SlidingSync::SlidingSync(RoomService& rooms, SyncService& sync, Typing& typing, Receipts& receipts,
                         ToDevice& to_device, Presence& presence, ThreadSubscriptions& subscriptions)
    : rooms_(rooms),
      sync_(sync),
      typing_(typing),
      receipts_(receipts),
      to_device_(to_device),
      presence_(presence),
      subscriptions_(subscriptions),
      connections_(rooms),
      orders_(rooms),
      facts_(rooms),
      marks_(rooms) {}

Task<Result<std::string>> SlidingSync::sync(identity::Requester requester, SlidingSyncRequest request,
                                            net::Call* call) {
  auto const device = requester.device_key;
  auto const held = connections_.open(device, request.connection);
  auto& connection = *held.connection;
  bool const initial = !request.pos;
  if (initial)
    connection.restart(connections_.random_name());
  else if (!connection.resume(*request.pos))
    co_return unknown_pos();
  auto const turn = connection.take_turn();
  auto const deadline = rooms_.runtime().steady_now() + (initial ? 0ms : request.timeout);
  auto const rooms = co_await rooms_.rooms_of(requester.user);
  if (!rooms) co_return std::unexpected(rooms.error());
  presence_.syncs(requester.user, request.presence, deadline, **rooms);
  for (;;) {
    Reader reader{.requester = requester,
                  .request = request,
                  .connection = held.connection,
                  .initial = initial,
                  .to = {},
                  .marks = {}};
    auto const built = co_await build(reader);
    if (!built) co_return std::unexpected(built.error());
    // The client has sent another request meanwhile and reads the answer to that one.
    if (!connection.is_turn(turn)) co_return unknown_pos();
    if (initial || reader.something || !co_await wait(reader, call, deadline)) {
      if (!connection.is_turn(turn)) co_return unknown_pos();
      auto const pos = connection.propose(std::move(reader.step));
      connections_.measure(device);
      co_return finish(reader, pos);
    }
    if (!connection.is_turn(turn)) co_return unknown_pos();
  }
}

/// Suspends until something may concern the reader. @return false when nothing did in time
Task<bool> SlidingSync::wait(Reader const& reader, net::Call* call, SteadyTime deadline) {
  auto& stream = rooms_.stream();
  auto const user = reader.requester.user;
  auto seen = reader.to;
  for (;;) {
    bool const gone = call != nullptr && call->interrupted();
    if (sync_.stopping() || gone || rooms_.runtime().steady_now() >= deadline) co_return false;
    auto const rooms = co_await rooms_.rooms_of(user);
    if (!rooms || sync_.concerns(**rooms, user, seen)) co_return true;
    seen = {stream.last(), stream.volatile_position(), seen.boot};
    // Wakes the user's other devices too, which look and wait on.
    if (call != nullptr) call->on_interrupt([&stream, user] { stream.wake(user); });
    co_await stream.wait(user, deadline);
  }
}

Task<Result<>> SlidingSync::build(Reader& reader) {
  if (auto matched = co_await match_rooms(reader); !matched) co_return matched;
  if (auto looked = co_await look_at_tail(reader); !looked) co_return looked;
  reader.step.at = reader.to;
  if (auto appended = co_await append_rooms(reader); !appended) co_return appended;
  co_return co_await append_extensions(reader);
}

std::string SlidingSync::finish(Reader const& reader, std::string_view pos) const {
  auto const& request = reader.request;
  std::string out = "{";
  out.reserve(reader.rooms.size() + reader.extensions.size() + 256);
  append_key(out, "pos");
  append_json_string(out, pos);
  if (!request.transaction_id.empty()) {
    append_key(out, "txn_id");
    append_json_string(out, request.transaction_id);
  }
  out += R"(,"lists":{)";
  for (std::size_t i = 0; i < request.lists.size(); ++i) {
    append_key(out, request.lists[i].name);
    out += R"({"count":)" + std::to_string(reader.counts[i]) + '}';
  }
  (out += R"(},"rooms":{)") += reader.rooms;
  (out += R"(},"extensions":{)") += reader.extensions;
  out += "}}";
  return out;
}

}  // namespace torg::matrix
