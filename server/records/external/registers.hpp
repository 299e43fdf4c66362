#pragma once
#include "db/blobs.hpp"
#include "governance/governance.hpp"
#include "matrix/room/service.hpp"
#include "records/external/elsewhere.hpp"
#include "records/external/settle.hpp"
#include "records/external/way.hpp"
#include "records/register/people.hpp"
#include "records/rules/settings.hpp"
#include "runtime/task_group.hpp"

#include <map>
#include <set>

namespace torg::records {

/// What handing over needs of its neighbours; all outlive it.
struct ExternalServices {
  Runtime& runtime;
  db::Database& database;
  matrix::RoomService& rooms;
  governance::Governance const& governance;
  SettingsByAuthority const& settings;
  People people;
  std::string server_name;
  std::string public_url;  ///< where a register can answer later; may be empty
};

/// The registers outside Torg: hands records over, asks for their numbers and tells the rooms. What is under
/// way is in the database alone, so a crash at any moment repeats at most what the register knows by its key.
/// One register that does not answer holds up no other. Called on the executor only.
class ExternalRegisters {
 public:
  explicit ExternalRegisters(ExternalServices services);

  /// The way to the register of the authority with this code. For set-up.
  void add_way(std::string code, std::unique_ptr<ExternalWay> way);
  /// Takes up what a stop left behind. `service_user` tells the rooms.
  void start(UserNid service_user);
  /// Waits for what runs; handovers stay stored.
  Task<> stop();
  /// Waits until nothing is under way; what is not due yet stays. For tests.
  Task<> idle() { co_await tasks_.join(); }

  /// Whether the authority keeps its register elsewhere (setting `register`).
  [[nodiscard]] bool keeps_elsewhere(AuthorityId authority) const;
  /// For one lift.
  [[nodiscard]] Elsewhere elsewhere();

  [[nodiscard]] Task<Result<Delivery>> find(std::string key);  ///< `not_found`
  static constexpr int kPage = 200;
  [[nodiscard]] Task<Result<std::vector<Delivery>>> list(AuthorityId authority,
                                                         std::optional<DeliveryState> state,
                                                         DeliveryId before);
  /// An answer that came by itself: from the register (`by` 0), or through a registrar. As `settle`.
  Task<Result<Delivery>> answer(std::string key, ExternalAnswer answer, UserNid by);
  /// Tries at once what would be tried later; `bad_state` when it is decided.
  Task<Result<Delivery>> retry(std::string key);
  /// Whether these words are the secret of the authority's register.
  [[nodiscard]] bool is_secret(AuthorityId authority, std::string_view words) const;

 private:
  [[nodiscard]] ExternalWay* way_of(AuthorityId authority) const;
  void look();
  Task<> look_around();
  Task<> serve(AuthorityId authority);
  Task<Result<>> attend(DeliveryId id);
  Task<Result<ExternalAnswer>> ask_register(ExternalWay* way, Delivery handover);
  Task<Result<>> put_off(std::string key, Error problem);
  Task<Result<>> take(ExternalWay* way, Settling settling);
  [[nodiscard]] ExternalPackage package_of(Delivery const& handover) const;
  void arm(std::chrono::milliseconds in);
  void tell();
  Task<> tell_all();
  Task<Result<>> tell_room(DeliveryId id);

  ExternalServices services_;
  UserNid service_user_;
  std::map<std::string, std::unique_ptr<ExternalWay>, std::less<>> ways_;
  std::set<AuthorityId> busy_;  ///< whose handovers are attended to right now
  Runtime::TimerId timer_;
  bool telling_ = false;
  bool tell_again_ = false;
  bool stopping_ = false;
  TaskGroup tasks_;
};

}  // namespace torg::records
