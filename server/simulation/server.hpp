#pragma once
#include "app/application.hpp"
#include "db/sqlite/simulated_vfs.hpp"
#include "runtime/simulated_runtime.hpp"
#include "simulation/founding.hpp"

namespace torg::simulation {

/// What a client gets back.
struct Reply {
  unsigned status = 0;
  json::value body;

  [[nodiscard]] std::string text(
      std::string_view pointer) const;  ///< a string in the body; empty when it isn't there
};

/// Whether an answer is a promise that a crash must not break.
enum class Promise : std::uint8_t { none, durable };

struct Faults {
  double crash_after_promise = 0.1;  ///< per step in which a promise was given: there it hurts
  double crash_in_commit = 0.02;     ///< then: at one of the disk's next operations
  double lost_answers = 0.02;
  bool acknowledge_before_commit = false;  ///< planted
};

/// One whole Torg on a simulated disk, reached over a simulated network that delays and loses, and its
/// crashes. Everything outside it runs on `outside`, which never crashes.
class Server {
 public:
  using Work = std::function<Task<Reply>(app::Application&)>;

  Server(SimulatedSchedule& schedule, SimulatedRuntime& outside, Founding const& founding, Faults faults);
  ~Server();

  void boot();
  /// After each step of the schedule: crashes when the seed says so.
  void after_step();
  /// Power is lost; boots again some simulated time later.
  void crash();
  void stop_crashing() { calm_ = true; }

  /// Called from `outside`. None: the connection was lost, before or after the server did the work.
  Task<std::optional<Reply>> call(Work work, Promise promise);
  Task<std::optional<Reply>> request(net::Method method, std::string target, std::string token,
                                     std::optional<json::object> body, Promise promise);

  [[nodiscard]] bool is_up() const { return up_; }
  [[nodiscard]] unsigned boots() const { return boots_; }
  /// What the server must never do, such as not starting on what a crash left.
  [[nodiscard]] std::vector<std::string> const& failures() const { return failures_; }

 private:
  struct Call;
  void travel(std::function<void()> job);
  void arrive(std::shared_ptr<Call> const& call);
  void answer(std::shared_ptr<Call> const& call, std::optional<Reply> reply);
  void open();
  void started(std::exception_ptr const& failure, Result<> const& result);
  void power_off();

  SimulatedSchedule& schedule_;
  SimulatedRuntime& outside_;
  Faults faults_;
  db::TemporaryFolder folder_;
  app::Config config_;
  db::SimulatedVfs vfs_;
  std::unique_ptr<SimulatedRuntime> runtime_;
  std::unique_ptr<app::Application> application_;
  std::vector<std::shared_ptr<Call>> open_;
  std::vector<std::string> failures_;
  unsigned boots_ = 0;
  bool up_ = false;
  bool calm_ = false;
  bool promised_ = false;  ///< in the step under way
};

}  // namespace torg::simulation
