#include "simulation/founding.hpp"

#include "app/application.hpp"
#include "db/sqlite/simulated_vfs.hpp"
#include "runtime/simulated_runtime.hpp"

#include <fstream>

#include <boost/asio/co_spawn.hpp>
#include <fmt/format.h>

namespace torg::simulation {
namespace {

constexpr std::uint64_t kSeed = 1;
constexpr std::string_view kPassword = "a-password-for-all";

template <class T>
T take(Result<T> result) {
  if (!result) throw std::runtime_error("founding: " + result.error().message + ' ' + result.error().detail);
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

Task<std::string> sign_in(app::Application& application, std::string name) {
  net::Request request{
      .method = net::Method::post, .target = "/_matrix/client/v3/login", .remote_address = "127.0.0.1"};
  request.body = json::serialize(json::object{{"type", "m.login.password"},
                                              {"identifier", {{"type", "m.id.user"}, {"user", name}}},
                                              {"password", kPassword}});
  auto const response = co_await application.router().dispatch(std::move(request));
  auto const body = take(parse_json_object(response.body));
  co_return std::string(body.at("access_token").as_string());
}

Task<AuthorityId> add_board(app::Application& application, std::string code) {
  governance::Authority authority;
  authority.name_sv = "Nämnden " + code;
  authority.code = std::move(code);
  authority.organisation = "Älvhamns kommun";
  authority.valid_from = application.governance().today();
  co_return take(co_await application.governance().add_authority(std::move(authority), {}));
}

Task<Person> add_person(app::Application& application, std::string name, AuthorityId board,
                        governance::Role role) {
  auto const user = take(co_await application.identity().create_user(
      {.localpart = name, .password = std::string(kPassword), .displayname = name}));
  take(co_await application.governance().assign({.user = user,
                                                 .authority = board,
                                                 .unit = "Enheten",
                                                 .role = role,
                                                 .valid_from = application.governance().today()},
                                                {}));
  co_return Person{user, co_await sign_in(application, std::move(name)), board};
}

Task<Place> add_room(app::Application& application, std::vector<Person> people) {
  matrix::CreateRoom create;
  create.creator = application.governance().service_user();
  create.name = "Rummet";
  create.preset = "private_chat";
  for (auto const& person : people) create.invite.push_back(application.identity().user_id(person.user));
  auto const room = take(co_await application.rooms().create(std::move(create)));
  for (auto const& person : people) {
    take(co_await application.rooms().set_membership(room, person.user, person.user, matrix::Membership::join,
                                                     ""));
  }
  co_return Place{room, take(co_await application.rooms().room_id(room)).value};
}

Task<> fill(app::Application& application, Founding& founding, std::size_t people, std::size_t rooms) {
  take(co_await application.start());
  for (auto const* code : {"KS", "BN"}) founding.boards.push_back(co_await add_board(application, code));
  for (std::size_t i = 0; i < people; ++i) {
    auto const board = founding.boards[i % founding.boards.size()];
    founding.people.push_back(
        co_await add_person(application, fmt::format("person{}", i), board, governance::Role::officer));
  }
  for (auto const board : founding.boards) {
    founding.registrars.push_back(co_await add_person(application, fmt::format("registrar{}", board.value),
                                                      board, governance::Role::registrar));
  }
  for (std::size_t i = 0; i < rooms; ++i)
    founding.rooms.push_back(co_await add_room(application, founding.people));
  co_await application.stop();
}

}  // namespace

app::Config server_config() {
  app::Config config;
  for (auto const* setting :
       {"server_name=simulated.example", "registration=closed", "rate_limits=off", "password_memory_kib=64",
        "password_operations=1", "rendition_python=/nonexistent", "rendition_office="}) {
    take(config.set(setting));
  }
  return config;
}

Founding found(std::size_t people, std::size_t rooms) {
  Founding founding;
  SimulatedSchedule schedule(kSeed);
  SimulatedRuntime runtime(schedule, 0);
  db::SimulatedVfs vfs("founding", kSeed);
  vfs.make_default();
  db::TemporaryFolder const folder;
  auto const in = [&](char const* name) { return folder.path() / name; };
  for (auto const* name : {"blobs", "tmp", "keys"}) std::filesystem::create_directories(in(name));
  auto database = take(
      db::open_sqlite(runtime, {.path = "/torg.db", .vfs = vfs.name(), .lane = db::LaneThread::offload}));
  auto application = take(app::Application::open(
      runtime, {std::move(database), {in("blobs"), in("tmp"), in("keys")}, net::make_unconnected_client()},
      server_config()));
  bool done = false;
  asio::co_spawn(runtime.executor(), fill(*application, founding, people, rooms),
                 [&](std::exception_ptr failure) {
                   if (failure) std::rethrow_exception(failure);
                   done = true;
                 });
  while (!done) {
    if (!schedule.step()) throw std::runtime_error("founding: stands still");
  }
  runtime.drop();
  application.reset();
  runtime.drop();
  founding.image = vfs.disk().image();
  std::ifstream key(in("keys") / "log.key", std::ios::binary);
  founding.log_key.assign(std::istreambuf_iterator<char>(key), {});
  return founding;
}

}  // namespace torg::simulation
