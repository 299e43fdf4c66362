#include "scenarios.hpp"

#include "closed_loop.hpp"

#include <charconv>
#include <fstream>
#include <iostream>
#include <iterator>
#include <stdexcept>
#include <unistd.h>

#include <fmt/format.h>

namespace bench {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kSenders = 64;
constexpr std::size_t kRoomsOfSends = 100;
constexpr std::size_t kMembersPerRoom = 8;
constexpr std::size_t kReaders = 200;
constexpr std::size_t kGrownFrom = 400;
constexpr std::size_t kGrownTo = 500;
constexpr int kDeliveries = 500;
constexpr auto kDeliveryPace = 10ms;
constexpr std::size_t kSlidingPages = 200;
constexpr auto kPatience = 120s;  // for what a slow server has left to do when the load has ended

std::vector<User> slice(std::vector<User> const& users, std::size_t from, std::size_t to) {
  return {users.begin() + static_cast<std::ptrdiff_t>(from), users.begin() + static_cast<std::ptrdiff_t>(to)};
}

void measure_send(Target const& target, World const& world, std::size_t senders, bool spread) {
  Finding finding(spread ? "send_100_rooms" : fmt::format("send_{}", senders), target.process);
  auto const prefix = txn_prefix();
  auto const one = segment(world.one_room);
  std::vector<std::string> hundred;
  for (auto const& room : world.hundred) hundred.push_back(segment(room));
  std::uint64_t serial = 0;
  closed_loop(target, finding, senders, SIZE_MAX, [&](std::size_t slot) {
    auto const id = ++serial;
    auto const room = (slot + id % kMembersPerRoom) % kSenders;  // one that this sender is in
    auto const wide = room + kSenders < kRoomsOfSends && id % 2 == 0 ? room + kSenders : room;
    return send_request(world.users[slot], spread ? hundred[wide] : one, fmt::format("{}.{}", prefix, id),
                        message_content(id * 7919, now_us()));
  });
}

/// The readers of `measure_delivery`: each always has one sync open, and notes the age of what it brings.
class Readers {
 public:
  Readers(Target const& target, World const& world, Finding& finding)
      : http_(target.address.host, target.address.port, kReaders),
        world_(world),
        finding_(finding),
        since_(kReaders) {
    http_.on_reply([this](std::size_t slot, Reply const& reply) { received(slot, reply); });
  }

  /// Initial syncs, then one open long-poll each.
  void start() {
    for (std::size_t slot = 0; slot < kReaders; ++slot) http_.send(slot, sync_request(user(slot), "", 0));
    if (!http_.drain(Clock::now() + kPatience))
      throw std::runtime_error("the readers' first syncs did not end");
    open_ = true;
    for (std::size_t slot = 0; slot < kReaders; ++slot) wait(slot);
  }
  void poll(Clock::time_point until) { http_.poll(until); }
  [[nodiscard]] std::size_t deliveries() const { return finding_.latencies_ms.size(); }

 private:
  User const& user(std::size_t slot) const { return world_.users[slot + kSenders]; }
  void wait(std::size_t slot) { http_.send(slot, sync_request(user(slot), since_[slot], 30000)); }

  void received(std::size_t slot, Reply const& reply) {
    expect_ok(reply);
    since_[slot] = next_batch(reply.body);
    if (!open_) return;
    constexpr std::string_view key = "\"made_us\":";
    auto const now = now_us();
    for (auto at = reply.body.find(key); at != std::string_view::npos; at = reply.body.find(key, at + 1)) {
      std::int64_t made = 0;
      std::from_chars(reply.body.data() + at + key.size(), reply.body.data() + reply.body.size(), made);
      finding_.latencies_ms.push_back(static_cast<double>(now - made) / 1000);
    }
    wait(slot);
  }

  HttpClient http_;
  World const& world_;
  Finding& finding_;
  std::vector<std::string> since_;
  bool open_ = false;
};

json::object to_json(User const& user) { return {{"id", user.id}, {"token", user.token}}; }
User to_user(json::value const& value) {
  return {std::string(value.at("id").as_string()), std::string(value.at("token").as_string())};
}

}  // namespace

void save(World const& world, std::string const& file) {
  json::array users;
  for (auto const& user : world.users) users.push_back(to_json(user));
  std::ofstream(file) << json::object{{"users", users},
                                      {"traveller", to_json(world.traveller)},
                                      {"one_room", world.one_room},
                                      {"hundred", json::value_from(world.hundred)},
                                      {"delivery_room", world.delivery_room},
                                      {"growing_room", world.growing_room}};
}

World load(std::string const& file) {
  std::ifstream in(file);
  auto const text = std::string(std::istreambuf_iterator<char>(in), {});
  auto const value = json::parse(text);
  World world;
  for (auto const& user : value.at("users").as_array()) world.users.push_back(to_user(user));
  world.traveller = to_user(value.at("traveller"));
  world.one_room = json::value_to<std::string>(value.at("one_room"));
  world.hundred = json::value_to<std::vector<std::string>>(value.at("hundred"));
  world.delivery_room = json::value_to<std::string>(value.at("delivery_room"));
  world.growing_room = json::value_to<std::string>(value.at("growing_room"));
  return world;
}

World prepare(Target const& target) {
  MatrixApi api(target.address);
  World world;
  auto const prefix = txn_prefix();
  world.users = api.register_users(prefix + "u", kGrownTo, target.secret);
  world.traveller = api.register_users(prefix + "t", 1, target.secret).front();
  auto const rooms = api.create_rooms(world.users.front(), 3);
  world.one_room = rooms[0];
  world.delivery_room = rooms[1];
  world.growing_room = rooms[2];
  api.join(world.one_room, slice(world.users, 1, kSenders));
  api.join(world.delivery_room, slice(world.users, kSenders, kSenders + kReaders));
  api.join(world.growing_room, slice(world.users, 1, kGrownFrom));
  for (std::size_t room = 0; room < kRoomsOfSends; ++room) {
    auto const first = room % kSenders;
    world.hundred.push_back(api.create_rooms(world.users[first], 1).front());
    std::vector<User> members;
    for (std::size_t i = 1; i < kMembersPerRoom; ++i)
      members.push_back(world.users[(first + kSenders - i) % kSenders]);
    api.join(world.hundred.back(), members);
  }
  return world;
}

void measure_sends(Target const& target, World const& world) {
  for (std::size_t const senders : {1, 8, 64}) measure_send(target, world, senders, false);
  measure_send(target, world, kSenders, true);
}

void measure_creation(Target const& target, World const& world) {
  Finding creation("create_room", target.process);
  std::size_t made = 0;
  closed_loop(target, creation, 4, target.rooms, [&](std::size_t) {
    return create_room_request(world.traveller, fmt::format("Rum {}", made++));
  });
}

void measure_joins(Target const& target, World const& world) {
  Finding join("join_among_500", target.process);
  std::size_t joined = kGrownFrom;
  closed_loop(target, join, 4, kGrownTo - kGrownFrom,
              [&](std::size_t) { return join_request(world.users[joined++], world.growing_room); });
}

void measure_delivery(Target const& target, World const& world) {
  Finding finding("deliver_200", target.process);
  Readers readers(target, world, finding);
  readers.start();
  finding.server = Meter(target.process);
  HttpClient sender(target.address.host, target.address.port, 64);
  sender.on_reply([](std::size_t, Reply const& reply) { expect_ok(reply); });
  auto const prefix = txn_prefix();
  auto const room = segment(world.delivery_room);
  auto const begin = Clock::now();
  for (int i = 0; i < kDeliveries; ++i) {
    readers.poll(begin + i * kDeliveryPace);
    std::size_t slot = 0;
    for (sender.poll(Clock::now()); slot < sender.size() && !sender.idle(slot);) ++slot;
    if (slot == sender.size()) break;  // it can't keep up: what was sent is measured
    sender.send(slot, send_request(world.users.front(), room, fmt::format("{}.{}", prefix, i),
                                   message_content(i, now_us())));
  }
  auto const give_up = Clock::now() + kPatience;
  while (readers.deliveries() < kReaders * kDeliveries && Clock::now() < give_up) {
    auto const before = readers.deliveries();
    for (int turn = 0; turn < 20; ++turn) {
      readers.poll(Clock::now() + 50ms);
      sender.poll(Clock::now());
    }
    if (sender.waiting() == 0 && readers.deliveries() == before) break;
  }
  finding.print(readers.deliveries());
}

void measure_syncs(Target const& target, World const& world) {
  MatrixApi api(target.address);
  // Makes each request different, in this run and others: Synapse keeps answers to equal ones.
  auto serial = static_cast<int>(now_us() % 1'000'000);
  auto const first = api.call(sync_request(world.traveller, "", ++serial));
  auto const since = std::string(first.at("next_batch").as_string());
  auto const text = sync_request(world.traveller, since, 0);
  Finding empty(fmt::format("empty_sync_{}", first.at("rooms").at("join").as_object().size()),
                target.process);
  closed_loop(target, empty, 1, SIZE_MAX, [&](std::size_t) { return text; });
  Finding initial("initial_sync_warm", target.process);
  closed_loop(target, initial, 1, 20,
              [&](std::size_t) { return sync_request(world.traveller, "", ++serial); });
  auto const page = sliding_sync_request(world.traveller, "", 0);
  auto const rooms = api.call(page).at("lists").at("all_rooms").at("count").as_int64();
  Finding sliding(fmt::format("sliding_warm_{}", rooms), target.process);
  closed_loop(target, sliding, 1, kSlidingPages, [&](std::size_t) { return page; });
}

void measure_cold_sliding_sync(Target const& target, World const& world) {
  Finding cold(fmt::format("sliding_cold_{}", target.rooms), target.process);
  closed_loop(target, cold, 1, 1, [&](std::size_t) { return sliding_sync_request(world.traveller, "", 0); });
}

void measure_sliding_polls(Target const& target, World const& world) {
  std::vector<std::string> pos(world.users.size());
  HttpClient http(target.address.host, target.address.port, world.users.size());
  bool open = false;
  http.on_reply([&](std::size_t slot, Reply const& reply) {
    expect_ok(reply);
    if (!open) pos[slot] = next_pos(reply.body);
  });
  // The connections and their first answers stay in memory either way: the waiting is what is measured.
  for (std::size_t slot = 0; slot < pos.size(); ++slot)
    http.send(slot, sliding_sync_request(world.users[slot], "", 0));
  if (!http.drain(Clock::now() + kPatience)) throw std::runtime_error("the first answers did not come");
  open = true;
  settle(target.process);
  auto const before = pss_kib(target.process);
  for (std::size_t slot = 0; slot < pos.size(); ++slot)
    http.send(slot, sliding_sync_request(world.users[slot], pos[slot], 30'000));
  http.poll(Clock::now() + 1s);
  settle(target.process);
  auto const each = (pss_kib(target.process) - before) / static_cast<double>(http.waiting());
  std::cout << json::object{{"name", "sliding_poll"}, {"count", http.waiting()}, {"kib", each}} << '\n';
}

void measure_cold_sync(Target const& target, World const& world) {
  Finding cold("initial_sync_cold", target.process);
  auto const whole = sync_request(world.traveller, "", 0);
  closed_loop(target, cold, 1, 1, [&](std::size_t) { return whole; });
}

}  // namespace bench
