#include "records/external/registers.hpp"

#include "base/encoding.hpp"
#include "base/log.hpp"

#include <algorithm>
#include <array>

namespace torg::records {
namespace {

constexpr int kAtOnce = 16;
constexpr std::chrono::seconds kFirstPause{5};
constexpr std::chrono::milliseconds kLongestPause{600'000};
constexpr std::chrono::milliseconds kShortestPause{200};

/// After a failure: 5 s, 10 s, 20 s … ten minutes.
std::chrono::milliseconds pause_after(int attempts) {
  return std::min<std::chrono::milliseconds>(kFirstPause * (1LL << std::min(attempts, 10)), kLongestPause);
}

bool is_open(Delivery const& handover) {
  return handover.state == DeliveryState::waiting || handover.state == DeliveryState::sent;
}

}  // namespace

ExternalRegisters::ExternalRegisters(ExternalServices services)
    : services_(std::move(services)), tasks_(services_.runtime) {}

void ExternalRegisters::add_way(std::string code, std::unique_ptr<ExternalWay> way) {
  ways_.insert_or_assign(std::move(code), std::move(way));
}

void ExternalRegisters::start(UserNid service_user) {
  service_user_ = service_user;
  look();
  tell();
}

Task<> ExternalRegisters::stop() {
  stopping_ = true;
  services_.runtime.cancel(timer_);
  co_await tasks_.join();
}

bool ExternalRegisters::keeps_elsewhere(AuthorityId authority) const {
  return services_.settings.of(authority).register_kept == RegisterKept::external;
}

Elsewhere ExternalRegisters::elsewhere() {
  std::array<unsigned char, 16> random{};
  services_.runtime.fill_random(random);
  return {hex_encode({reinterpret_cast<char const*>(random.data()), random.size()}), [this] { look(); }};
}

ExternalWay* ExternalRegisters::way_of(AuthorityId authority) const {
  auto const* known = services_.governance.authority(authority);
  auto const found = known == nullptr ? ways_.end() : ways_.find(known->code);
  return found == ways_.end() ? nullptr : found->second.get();
}

bool ExternalRegisters::is_secret(AuthorityId authority, std::string_view words) const {
  auto const* way = way_of(authority);
  return way != nullptr && way->is_secret(words);
}

void ExternalRegisters::look() {
  if (!stopping_) tasks_.spawn("handovers", look_around());
}

void ExternalRegisters::arm(std::chrono::milliseconds in) {
  services_.runtime.cancel(timer_);
  if (stopping_) return;
  timer_ = services_.runtime.schedule(services_.runtime.steady_now() + std::max(in, kShortestPause),
                                      [this] { look(); });
}

/// Starts what is due, one authority beside the other, and wakes when the next is.
Task<> ExternalRegisters::look_around() {
  auto const next =
      co_await services_.database.read([](db::Reader& r) { return handover_store::next_due(r); });
  if (!next) {
    arm(kFirstPause);
    co_return;
  }
  auto const now = services_.runtime.now();
  std::optional<Instant> earliest;
  for (auto const& [authority, due] : *next) {
    if (busy_.contains(authority)) continue;  // looks around again when it is done
    if (due <= now) {
      busy_.insert(authority);
      tasks_.spawn("handovers of an authority", serve(authority));
    } else {
      earliest = std::min(earliest.value_or(due), due);
    }
  }
  if (earliest) arm(*earliest - now);
}

Task<> ExternalRegisters::serve(AuthorityId authority) {
  bool good = true;
  while (good && !stopping_) {
    auto const now = services_.runtime.now();
    auto const due = co_await services_.database.read(
        [authority, now](db::Reader& r) { return handover_store::due(r, authority, now, kAtOnce); });
    if (!due || due->empty()) {
      good = due.has_value();
      break;
    }
    for (auto const id : *due) {
      if (stopping_ || !good) break;
      good = (co_await attend(id)).has_value();
    }
  }
  busy_.erase(authority);
  // A database that fails says so elsewhere; asking it at once would be no use.
  if (good)
    look();
  else
    arm(kFirstPause);
}

ExternalPackage ExternalRegisters::package_of(Delivery const& handover) const {
  auto const* authority = services_.governance.authority(handover.authority);
  auto const& url = services_.public_url;
  return external_package(
      handover,
      {.authority = authority == nullptr ? governance::Authority{} : *authority,
       .server_name = services_.server_name,
       .by_name = services_.people.name(handover.intent.by),
       .answer_to = url.empty() ? std::string() : url + "/_torg/v1/handovers/" + handover.key + "/answer"});
}

Task<Result<ExternalAnswer>> ExternalRegisters::ask_register(ExternalWay* way, Delivery handover) {
  if (way == nullptr) {
    co_return fail(ErrorCode::unavailable,
                   "No way to this authority's register is configured (external_registers).");
  }
  if (handover.state == DeliveryState::sent) co_return co_await way->ask(handover.key);
  co_return co_await way->hand_over(package_of(handover));
}

/// Errors are the database's.
Task<Result<>> ExternalRegisters::attend(DeliveryId id) {
  auto const found = co_await services_.database.read(
      [id](db::Reader& reader) { return handover_store::whole(reader, id); });
  if (!found) co_return std::unexpected(found.error());
  if (!*found || !is_open(**found)) co_return Result<>{};
  auto const& handover = **found;
  auto* way = way_of(handover.authority);
  auto answer = co_await ask_register(way, handover);
  if (!answer) co_return co_await put_off(handover.key, std::move(answer.error()));
  auto const asked = handover.state == DeliveryState::sent ? handover.attempts : 0;
  co_return co_await take(way,
                          {handover.key, std::move(*answer), services_.runtime.now(), {}, way->pause(asked)});
}

Task<Result<>> ExternalRegisters::put_off(std::string key, Error problem) {
  log(LogLevel::warning, "a register was not reached", {{"key", key}, {"detail", problem.detail}});
  auto const now = services_.runtime.now();
  co_return co_await services_.database.write(
      [key, now, why = problem.message](db::Transaction& transaction) -> Result<> {
        auto handover = handover_store::find(transaction, key);
        if (!handover || !is_open(*handover)) return {};  // answered by itself meanwhile
        handover->due_at = now + pause_after(handover->attempts);
        ++handover->attempts;
        handover->problem = why;
        handover_store::update(transaction, *handover);
        return {};
      });
}

Task<Result<>> ExternalRegisters::take(ExternalWay* way, Settling settling) {
  auto settled = co_await services_.database.write(
      [settling](db::Transaction& transaction) { return settle(transaction, settling); });
  if (!settled) {
    // Two answers that contradict each other: the first one holds, and somebody should know.
    if (settled.error().code == ErrorCode::conflict) {
      log(LogLevel::warning, "a register's answer contradicts what is known", {{"key", settling.key}});
      co_return co_await put_off(settling.key, std::move(settled.error()));
    }
    co_return fail(std::move(settled));
  }
  if (is_open(*settled)) co_return Result<>{};
  tell();
  if (way != nullptr) co_await way->settled(settling.key);
  co_return Result<>{};
}

Task<Result<Delivery>> ExternalRegisters::find(std::string key) {
  auto found = co_await services_.database.read(
      [key](db::Reader& reader) { return handover_store::find(reader, key); });
  if (!found) co_return fail(std::move(found));
  if (!*found) co_return fail(ErrorCode::not_found, "There is no such handover.");
  co_return std::move(**found);
}

Task<Result<std::vector<Delivery>>> ExternalRegisters::list(AuthorityId authority,
                                                            std::optional<DeliveryState> state,
                                                            DeliveryId before) {
  co_return co_await services_.database.read(
      [=](db::Reader& reader) { return handover_store::list(reader, authority, state, before, kPage); });
}

Task<Result<Delivery>> ExternalRegisters::answer(std::string key, ExternalAnswer answer, UserNid by) {
  Settling const settling{key, std::move(answer), services_.runtime.now(), by, kFirstPause};
  auto settled = co_await services_.database.write(
      [settling](db::Transaction& transaction) { return settle(transaction, settling); });
  if (!settled || is_open(*settled)) co_return settled;
  tell();
  if (auto* way = way_of(settled->authority)) co_await way->settled(key);
  co_return settled;
}

Task<Result<Delivery>> ExternalRegisters::retry(std::string key) {
  auto const now = services_.runtime.now();
  auto done = co_await services_.database.write([key, now](db::Transaction& transaction) -> Result<Delivery> {
    auto handover = handover_store::find(transaction, key);
    if (!handover) return fail(ErrorCode::not_found, "There is no such handover.");
    if (!is_open(*handover)) return fail(ErrorCode::bad_state, "The register has answered already.");
    handover->due_at = now;
    handover_store::update(transaction, *handover);
    return std::move(*handover);
  });
  if (done) look();
  co_return done;
}

}  // namespace torg::records
