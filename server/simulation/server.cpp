#include "simulation/server.hpp"

#include <fstream>

#include <boost/asio/co_spawn.hpp>

namespace torg::simulation {
namespace {

constexpr std::uint64_t kSlowestTravel = 20;     ///< milliseconds
constexpr std::uint64_t kLongestOutage = 2'000;  ///< milliseconds
constexpr std::uint64_t kCommitOperations = 30;  ///< a commit and its checkpoint, roughly

}  // namespace

std::string Reply::text(std::string_view pointer) const {
  boost::system::error_code missing;
  auto const* found = body.find_pointer(pointer, missing);
  return found != nullptr && found->is_string() ? std::string(found->get_string()) : std::string();
}

struct Server::Call {
  Work work;
  Promise promise;
  std::move_only_function<void(std::optional<Reply>)>
      resume;         ///< owns the coroutine of the client that waits
  bool over = false;  ///< answered or cut off
};

Server::Server(SimulatedSchedule& schedule, SimulatedRuntime& outside, Founding const& founding,
               Faults faults)
    : schedule_(schedule),
      outside_(outside),
      faults_(faults),
      config_(server_config()),
      vfs_("simulated", schedule.draw(), founding.image, [&outside] { return to_ms(outside.now()); }) {
  // In half of the worlds nothing stays in memory that isn't in use, so that loading again meets everything
  // else.
  if (schedule.happens(0.5)) (void)config_.set("room_cache_mib=0");  // a key there is
  vfs_.make_default();
  vfs_.disk().set_faults({.late_syncs = faults.acknowledge_before_commit});
  for (auto const* name : {"blobs", "tmp", "keys"})
    std::filesystem::create_directories(folder_.path() / name);
  auto const key = folder_.path() / "keys" / "log.key";
  std::ofstream(key, std::ios::binary) << founding.log_key;
  std::filesystem::permissions(key, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

Server::~Server() {
  vfs_.disk().crash();
  power_off();
}

void Server::boot() {
  ++boots_;
  runtime_ = std::make_unique<SimulatedRuntime>(schedule_, boots_);
  try {
    open();
  } catch (std::exception const& e) {
    if (!vfs_.disk().is_down()) failures_.push_back(std::string("does not start: ") + e.what());
  }
}

void Server::open() {
  auto const refuse = [](Error const& error) {
    throw std::runtime_error(error.message + ' ' + error.detail);
  };
  auto database =
      db::open_sqlite(*runtime_, {.path = "/torg.db", .vfs = vfs_.name(), .lane = db::LaneThread::offload});
  if (!database) return refuse(database.error());
  auto const in = [this](char const* name) { return folder_.path() / name; };
  auto opened = app::Application::open(
      *runtime_, {std::move(*database), {in("blobs"), in("tmp"), in("keys")}, net::make_unconnected_client()},
      config_);
  if (!opened) return refuse(opened.error());
  application_ = std::move(*opened);
  asio::co_spawn(runtime_->executor(), application_->start(),
                 [this](std::exception_ptr failure, Result<> result) { started(failure, result); });
}

void Server::started(std::exception_ptr const& failure, Result<> const& result) {
  if (vfs_.disk().is_down()) return;
  if (failure) {
    failures_.emplace_back("start throws");
  } else if (!result) {
    failures_.push_back("does not start: " + result.error().message + ' ' + result.error().detail);
  } else {
    up_ = true;
  }
}

void Server::after_step() {
  bool const promised = std::exchange(promised_, false);
  if (vfs_.disk().is_down()) return crash();
  if (!promised || calm_) return;
  if (schedule_.happens(faults_.crash_after_promise)) return crash();
  if (schedule_.happens(faults_.crash_in_commit))
    vfs_.disk().crash_after(1 + schedule_.draw_up_to(kCommitOperations));
}

void Server::crash() {
  vfs_.disk().crash();
  power_off();
  vfs_.disk().reboot();
  auto const outage = std::chrono::milliseconds{schedule_.draw_up_to(kLongestOutage)};
  outside_.schedule(schedule_.now() + outage, [this] { boot(); });
}

void Server::power_off() {
  up_ = false;
  for (auto const& call : std::exchange(open_, {})) {
    call->over = true;
    travel([call] { call->resume(std::nullopt); });
  }
  if (!runtime_) return;
  runtime_->drop();
  application_.reset();
  runtime_->drop();
  runtime_.reset();
}

void Server::travel(std::function<void()> job) {
  outside_.schedule(schedule_.now() + std::chrono::milliseconds{schedule_.draw_up_to(kSlowestTravel)},
                    std::move(job));
}

void Server::arrive(std::shared_ptr<Call> const& call) {
  if (!up_) return answer(call, std::nullopt);
  open_.push_back(call);
  auto const serve = [](app::Application& application, std::shared_ptr<Call> served) -> Task<Reply> {
    co_return co_await served->work(application);
  };
  asio::co_spawn(runtime_->executor(), serve(*application_, call),
                 [this, call](std::exception_ptr failure, Reply reply) {
                   if (call->over) return;
                   if (failure) failures_.emplace_back("a request throws");
                   answer(call, failure ? std::nullopt : std::optional(std::move(reply)));
                 });
}

void Server::answer(std::shared_ptr<Call> const& call, std::optional<Reply> reply) {
  call->over = true;
  std::erase(open_, call);
  if (reply && reply->status == 200 && call->promise == Promise::durable) promised_ = true;
  if (schedule_.happens(faults_.lost_answers)) reply.reset();
  travel([call, reply = std::move(reply)] { call->resume(reply); });
}

Task<std::optional<Reply>> Server::call(Work work, Promise promise) {
  co_return co_await asio::async_initiate<decltype(asio::use_awaitable), void(std::optional<Reply>)>(
      [this, promise](auto handler, Work asked) {
        auto const made = std::make_shared<Call>(Call{std::move(asked), promise, nullptr});
        made->resume = [h = std::move(handler)](std::optional<Reply> reply) mutable {
          std::move(h)(std::move(reply));
        };
        travel([this, made] { arrive(made); });
      },
      asio::use_awaitable, std::move(work));
}

Task<std::optional<Reply>> Server::request(net::Method method, std::string target, std::string token,
                                           std::optional<json::object> body, Promise promise) {
  net::Request request{.method = method, .target = std::move(target), .remote_address = "127.0.0.1"};
  request.headers.emplace_back("authorization", "Bearer " + token);
  if (body) request.body = json::serialize(*body);
  Work work = [request](app::Application& application) -> Task<Reply> {
    auto const response = co_await application.router().dispatch(request);
    Reply reply{.status = response.status};
    if (auto parsed = parse_json(response.body)) reply.body = std::move(*parsed);
    co_return reply;
  };
  co_return co_await call(std::move(work), promise);
}

}  // namespace torg::simulation
