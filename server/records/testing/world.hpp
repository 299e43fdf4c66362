#pragma once
#include "db/testing/on_both_databases.hpp"
#include "governance/room_policy.hpp"
#include "governance/zone.hpp"
#include "matrix/media/media.hpp"
#include "matrix/room/service.hpp"
#include "records/assessment/service.hpp"
#include "records/closing/reviews.hpp"
#include "records/external/registers.hpp"
#include "records/lift/lifts.hpp"
#include "records/settings/rule_settings.hpp"

namespace torg::records {

/// For tests: a municipality with two boards, their people, a room they share, and every service of records
/// over a real database; can be stopped and started again like a server.
class World {
 public:
  World(RealRuntime& runtime, db::Database& database, db::TemporaryFolder const& folder);
  ~World();

  /// Accounts, boards, roles and the shared room; once, in an empty database.
  void found();
  /// What a start of the server does.
  void start();
  /// What a clean stop does.
  void stop();

  /// Somebody more, with a role; in no room yet.
  UserNid hire(std::string localpart, std::string name, AuthorityId authority, governance::Role role);
  /// Brings somebody into the shared room.
  void let_in(UserNid user);
  /// Sets what those who come later may read: `joined`, `shared` …
  void set_history(std::string visibility);
  /// Sends a message; gives back its id.
  std::string say(UserNid who, std::string text);
  std::string send(UserNid who, std::string type, json::object content);
  [[nodiscard]] LiftRequest request(std::string key, std::vector<std::string> items, UserNid by,
                                    AuthorityId authority);
  /// Lifts now; every confirmation given.
  Result<Intent> lift_now(LiftRequest request);

  RealRuntime& runtime;
  db::Database& database;
  db::Blobs blobs;
  identity::Identity identity;
  matrix::RoomService rooms;
  matrix::Media media;
  governance::GovernanceService governance;
  governance::GovernanceRoomPolicy policy;
  RuleSettings settings;
  AssessmentService assessment;
  LogService log;
  Register records;
  InformationPlans plans;
  ExternalRegisters external;
  Lifts lifts;
  ClosingReviews reviews;

  UserNid maja, ali, sandra;  ///< officer of KS, officer of BN, registrar of KS
  UserNid service;
  AuthorityId ks, bn;
  RoomNid room;
  std::string room_id;

 private:
  UserNid add_person(std::string localpart, std::string name);
  void add_authority(std::string code, std::string name);
  People people();
  std::function<Task<Result<NewFile>>(std::string)> find_file();
};

/// Brings all schemas up to date.
void migrate_world(db::Database& database);

}  // namespace torg::records
