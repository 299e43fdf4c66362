// The making of `World`, in a test file so that it is built into the test alone.
#include "records/testing/world.hpp"

#include "governance/migrations/migrations.hpp"
#include "identity/migrations.hpp"
#include "matrix/room/migrations.hpp"
#include "records/assessment/migrations/migrations.hpp"
#include "records/disposal/migrations/migrations.hpp"
#include "records/escalation/notices.hpp"
#include "records/log/migrations/migrations.hpp"
#include "records/manual/store.hpp"
#include "records/register/migrations/migrations.hpp"
#include "records/rendition/jobs.hpp"
#include "records/requests/open_requests.hpp"
#include "records/reserve/reserve.hpp"

namespace torg::records {
namespace {

crypto::SigningKey test_key() {
  std::array<unsigned char, 32> seed{};
  seed.fill(5);
  return crypto::SigningKey::from_seed(seed);
}

}  // namespace

void migrate_world(db::Database& database) {
  std::vector<db::Migration> all;
  auto const add = [&](std::span<db::Migration const> some) {
    all.insert(all.end(), some.begin(), some.end());
  };
  add(identity::migrations());
  add(matrix::room_migrations());
  add(matrix::Media::migrations());
  add(governance::migrations());
  add(log_migrations());
  add(register_migrations());
  add(settings_migrations());
  add(plan_migrations());
  add(closing_migrations());
  add(notice_migrations());
  add(assessment_migrations());
  add(rendition_migrations());
  add(lift_migrations());
  add(requests_migrations());
  add(disposal_migrations());
  add(manual_migrations());
  add(external_migrations());
  add(reserve_migrations());
  auto const migrated = database.migrate(all);
  if (!migrated) throw std::runtime_error(migrated.error().detail + migrated.error().message);
}

World::World(RealRuntime& r, db::Database& d, db::TemporaryFolder const& folder)
    : runtime(r),
      database(d),
      blobs(folder.path() / "blobs", folder.path() / "tmp"),
      identity(r, d, {.server_name = "alvhamn.example", .password_cost = {1, 8192}}),
      rooms(r, d, identity, "alvhamn.example"),
      media(r, d, blobs, identity, {.server_name = "alvhamn.example"}),
      governance(r, d, [this](std::string_view user_id) { return identity.find(user_id); }),
      policy(governance),
      settings(r, d, governance),
      assessment(r, d, governance, identity, rooms, settings.values()),
      log(r, d, test_key(), "alvhamn.example"),
      records(r, d, governance, people(), log),
      plans(r, d, governance),
      external({r, d, rooms, governance, settings.values(), people(), "alvhamn.example", ""}),
      lifts({r, d, rooms, governance, records, people(), find_file(), &plans, &external, &blobs}),
      reviews(r, d, governance, rooms, records, settings.values()) {
  std::filesystem::create_directories(folder.path() / "blobs");
  std::filesystem::create_directories(folder.path() / "tmp");
  policy.set_records(&assessment);
  rooms.set_policy(&policy);
}

World::~World() = default;

People World::people() {
  return {.find = [this](std::string_view id) { return identity.find(id); },
          .user_id = [this](UserNid user) { return identity.user_id(user); },
          .name = [this](UserNid user) { return identity.account(user)->profile.displayname; }};
}

std::function<Task<Result<NewFile>>(std::string)> World::find_file() {
  return [this](std::string mxc) -> Task<Result<NewFile>> {
    auto file = co_await media.find_mxc(std::move(mxc));
    if (!file) co_return fail(std::move(file));
    co_return NewFile{FileRole::attachment, file->file_name, file->content_type,
                      static_cast<std::int64_t>(file->size), file->blob};
  };
}

UserNid World::add_person(std::string localpart, std::string name) {
  return run(runtime,
             identity.create_user(
                 {.localpart = std::move(localpart), .password = "", .displayname = std::move(name)}))
      .value();
}

void World::add_authority(std::string code, std::string name) {
  governance::Authority authority;
  authority.code = std::move(code);
  authority.name_sv = std::move(name);
  authority.organisation = "Älvhamns kommun";
  authority.valid_from = std::chrono::sys_days(std::chrono::year(2020) / 1 / 1);
  static_cast<void>(run(runtime, governance.add_authority(std::move(authority), UserNid())).value());
}

void World::found() {
  rooms.start();
  service = add_person("torg", "Torg");
  maja = add_person("maja", "Maja Ekdahl");
  ali = add_person("ali", "Ali Rahimi");
  sandra = add_person("sandra", "Sandra Wiik");
  governance.set_service_user(service);
  governance.start();
  add_authority("KS", "Kommunstyrelsen");
  add_authority("BN", "Byggnadsnämnden");
  ks = governance.authority_by_code("KS")->id;
  bn = governance.authority_by_code("BN")->id;
  auto const since = std::chrono::sys_days(std::chrono::year(2020) / 1 / 1);
  for (auto const& [user, authority, role] :
       {std::tuple(maja, ks, governance::Role::officer), std::tuple(ali, bn, governance::Role::officer),
        std::tuple(sandra, ks, governance::Role::registrar)}) {
    run(runtime, governance.assign({user, authority, "Enheten", role, since, std::nullopt}, UserNid()))
        .value();
  }
  settings.load();
  plans.load();
  records.load();
  assessment.start();
  lifts.start(service);
  external.start(service);
  matrix::CreateRoom create;
  create.creator = service;
  create.name = "Översvämningsskydd Laxån";
  create.preset = "private_chat";
  for (auto const user : {maja, ali, sandra}) create.invite.push_back(identity.user_id(user));
  room = run(runtime, rooms.create(std::move(create))).value();
  for (auto const user : {maja, ali, sandra}) {
    static_cast<void>(
        run(runtime, rooms.set_membership(room, user, user, matrix::Membership::join, "")).value());
  }
  room_id = run(runtime, rooms.room_id(room)).value().value;
}

void World::start() {
  rooms.start();
  service = identity.find("@torg:alvhamn.example");
  maja = identity.find("@maja:alvhamn.example");
  ali = identity.find("@ali:alvhamn.example");
  sandra = identity.find("@sandra:alvhamn.example");
  governance.set_service_user(service);
  governance.start();
  ks = governance.authority_by_code("KS")->id;
  bn = governance.authority_by_code("BN")->id;
  if (auto good = log.check(); !good) throw std::runtime_error(good.error().message);
  settings.load();
  plans.load();
  records.load();
  assessment.start();
  lifts.start(service);
  external.start(service);
}

void World::stop() {
  run(runtime, lifts.stop());
  run(runtime, external.stop());
  run(runtime, assessment.stop());
}

std::string World::send(UserNid who, std::string type, json::object content) {
  matrix::SendEvent event;
  event.room = room;
  event.sender = who;
  event.type = std::move(type);
  event.content = std::move(content);
  return run(runtime, rooms.send(std::move(event))).value().id.value;
}

UserNid World::hire(std::string localpart, std::string name, AuthorityId authority, governance::Role role) {
  auto const user = add_person(std::move(localpart), std::move(name));
  auto const since = std::chrono::sys_days(std::chrono::year(2020) / 1 / 1);
  run(runtime, governance.assign({user, authority, "Enheten", role, since, std::nullopt}, UserNid())).value();
  return user;
}

void World::let_in(UserNid user) {
  run(runtime, rooms.set_membership(room, service, user, matrix::Membership::invite, "")).value();
  run(runtime, rooms.set_membership(room, user, user, matrix::Membership::join, "")).value();
}

void World::set_history(std::string visibility) {
  matrix::SendEvent event;
  event.room = room;
  event.sender = service;
  event.type = "m.room.history_visibility";
  event.state_key = "";
  event.content = {{"history_visibility", std::move(visibility)}};
  run(runtime, rooms.send(std::move(event))).value();
}

std::string World::say(UserNid who, std::string text) {
  return send(who, "m.room.message", {{"msgtype", "m.text"}, {"body", text}});
}

LiftRequest World::request(std::string key, std::vector<std::string> items, UserNid by,
                           AuthorityId authority) {
  LiftRequest request{{by, std::move(key)}, room, authority, std::move(items), {}};
  request.draft.title = "Yttrande över provisorisk vall";
  request.draft.internal_title = "Yttrande över provisorisk vall";
  request.draft.sender = "Byggnadsnämnden";
  request.draft.recipient = "Kommunstyrelsen";
  request.draft.came_or_made_day = torg::governance::day_of(runtime.now());
  request.draft.classification = "1.4.1";
  request.draft.record_type = "Yttrande";
  return request;
}

Result<Intent> World::lift_now(LiftRequest wanted) {
  auto outcome = run(runtime, lifts.lift(std::move(wanted), CommitWhen::now,
                                         {"secrecy", "personal_number", "new_case", "many"}));
  if (!outcome) return fail(std::move(outcome));
  return std::get<Intent>(std::move(*outcome));
}

}  // namespace torg::records
