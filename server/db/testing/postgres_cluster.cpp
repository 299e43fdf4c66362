#include "db/testing/postgres_cluster.hpp"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <stdexcept>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fmt/format.h>

namespace torg::db {
namespace {

namespace fs = std::filesystem;

constexpr char const* kMissing =
    "these tests need PostgreSQL 15 (Debian: postgresql-15, libpq5): run script/setup. Looked in {}";

fs::path find_programs() {
  fs::path const folder = "/usr/lib/postgresql/15/bin";
  if (!fs::exists(folder / "initdb") || !fs::exists(folder / "postgres"))
    throw std::runtime_error(fmt::format(kMissing, folder.string()));
  return folder;
}

/// PostgreSQL refuses to run as root: then it runs as its own user.
passwd const* other_user() {
  if (::geteuid() != 0) return nullptr;
  auto const* user = ::getpwnam("postgres");
  if (!user) throw std::runtime_error("there is no user postgres: run script/setup");
  return user;
}

enum class Lifetime : std::uint8_t { own, ours };

/// Starts `command`, its standard output and error going to the pipe returned.
std::pair<pid_t, int> launch(std::vector<std::string> command, Lifetime lifetime) {
  std::vector<char*> arguments;
  for (auto& word : command) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  auto const* user = other_user();
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  auto const child = ::fork();
  if (child < 0) throw std::runtime_error("no process");
  if (child == 0) {
    ::dup2(ends[1], 1);
    ::dup2(ends[1], 2);
    if (user && (::setgroups(0, nullptr) != 0 || ::setgid(user->pw_gid) != 0 || ::setuid(user->pw_uid) != 0))
      ::_exit(126);
    if (lifetime == Lifetime::ours)
      ::prctl(PR_SET_PDEATHSIG, SIGQUIT);  // a crashed test leaves no server behind
    if (::chdir("/") == 0) ::execv(arguments[0], arguments.data());
    ::_exit(127);
  }
  ::close(ends[1]);
  return {child, ends[0]};
}

/// Reads until `until` has been seen or the other end is closed.
std::string read_until(int pipe, std::string_view until) {
  std::string text;
  char piece[4096];
  while (until.empty() || text.find(until) == std::string::npos) {
    auto const got = ::read(pipe, piece, sizeof piece);
    if (got <= 0) break;
    text.append(piece, static_cast<std::size_t>(got));
  }
  return text;
}

fs::path make_folder() {
  auto name = (fs::temp_directory_path() / "torg-test-pg-XXXXXX").string();
  if (!::mkdtemp(name.data())) throw std::runtime_error("cannot make a folder like " + name);
  if (auto const* user = other_user(); user && ::chown(name.c_str(), user->pw_uid, user->pw_gid) != 0)
    throw std::runtime_error("cannot give away " + name);
  return name;
}

}  // namespace

PostgresCluster& PostgresCluster::shared() {
  static PostgresCluster cluster;
  return cluster;
}

PostgresCluster::PostgresCluster() : programs_(find_programs()), folder_(make_folder()) {
  auto pq = load_libpq();
  if (!pq) throw std::runtime_error(pq.error().message + " " + pq.error().detail);
  pq_ = *pq;
  try {
    prepare_data();
    start();
    execute("CREATE ROLE torg LOGIN");
    execute("GRANT pg_checkpoint TO torg");
    auto* const model = connect(fmt::format("host={} user=postgres dbname=template1", folder_.string()));
    execute(model, "GRANT EXECUTE ON FUNCTION pg_switch_wal() TO torg");
    pq_->finish(model);
  } catch (...) {
    stop();
    throw;
  }
}

PostgresCluster::~PostgresCluster() { stop(); }

/// `initdb` takes seconds: its result is kept beside the temporary folders and copied from then on.
void PostgresCluster::prepare_data() {
  auto const kept = fs::temp_directory_path() / fmt::format("torg-test-pg-15-template-{}", ::geteuid());
  if (!fs::exists(kept)) {
    auto const fresh = make_folder();
    run({programs_ / "initdb", "--no-sync", "--auth=trust", "--username=postgres", "--locale=C.UTF-8",
         "--encoding=UTF8", "-D", fresh / "data"});
    std::error_code taken;  // another process was faster
    fs::rename(fresh, kept, taken);
    if (taken) fs::remove_all(fresh);
  }
  run({"/bin/cp", "-r", "--reflink=auto", kept / "data", folder_ / "data"});
  run({"/bin/chmod", "700", folder_ / "data"});
}

void PostgresCluster::start() {
  std::vector<std::string> command{programs_ / "postgres", "-D", folder_ / "data"};
  for (auto const* setting :
       {"listen_addresses=", "fsync=off", "full_page_writes=off", "synchronous_commit=off",
        "shared_buffers=16MB", "max_connections=40", "log_min_messages=log", "log_checkpoints=off",
        "autovacuum=off", "wal_recycle=off", "min_wal_size=32MB"}) {
    command.emplace_back("-c");
    command.emplace_back(setting);
  }
  command.insert(command.end(), {"-k", folder_});
  std::tie(server_, log_) = launch(std::move(command), Lifetime::ours);
  constexpr std::string_view kReady = "ready to accept connections";
  auto const said = read_until(log_, kReady);
  if (!said.contains(kReady)) throw std::runtime_error("PostgreSQL does not start: " + said);
  auto const address = fmt::format("host={} user=postgres dbname=postgres", folder_.string());
  connection_ = connect(address);
}

void PostgresCluster::run(std::vector<std::string> command) {
  auto const name = command.front();
  auto const [child, pipe] = launch(std::move(command), Lifetime::own);
  auto const said = read_until(pipe, "");
  ::close(pipe);
  int status = 0;
  ::waitpid(child, &status, 0);
  if (status != 0) throw std::runtime_error(name + " failed: " + said);
}

void PostgresCluster::stop() noexcept {
  if (connection_) pq_->finish(connection_);
  if (server_ > 0) {
    ::kill(server_, SIGQUIT);
    ::waitpid(server_, nullptr, 0);
  }
  if (log_ >= 0) ::close(log_);
  std::error_code ignored;  // a leftover in the system's folder for such things harms nobody
  fs::remove_all(folder_, ignored);
}

void PostgresCluster::execute(std::string const& sql) { execute(connection_, sql); }

void PostgresCluster::execute(PGconn* connection, std::string const& sql) {
  auto* const result = pq_->exec(connection, sql.c_str());
  auto const status = pq_->result_status(result);
  std::string const said = pq_->error_message(connection);
  pq_->clear(result);
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) throw std::runtime_error(sql + ": " + said);
}

PGconn* PostgresCluster::connect(std::string const& url) {
  char const* const keywords[] = {"dbname", nullptr};
  char const* const values[] = {url.c_str(), nullptr};
  auto* const connection = pq_->connect(keywords, values, 1);
  if (pq_->status(connection) == CONNECTION_OK) return connection;
  std::string const said = pq_->error_message(connection);
  pq_->finish(connection);
  throw std::runtime_error(said);
}

std::string PostgresCluster::lend_database() {
  if (free_.empty()) {
    auto const name = fmt::format("test{}", ++databases_);
    execute(fmt::format("CREATE DATABASE {} OWNER torg STRATEGY file_copy", name));
    return fmt::format("host={} user=torg dbname={}", folder_.string(), name);
  }
  auto url = std::move(free_.back());
  free_.pop_back();
  auto* const connection = connect(url);
  execute(connection, "SET client_min_messages = warning; DROP SCHEMA public CASCADE; CREATE SCHEMA public");
  pq_->finish(connection);
  return url;
}

void PostgresCluster::give_back(std::string url) { free_.push_back(std::move(url)); }

}  // namespace torg::db
