#include "app/commands.hpp"

#include "app/log_key.hpp"
#include "app/opened.hpp"
#include "base/file.hpp"
#include "records/plan/table.hpp"
#include "records/text/csv.hpp"

#include <functional>
#include <iostream>

#include <fmt/format.h>

namespace torg::app {
namespace {

using records::Bilingual;

Task<Result<>> create_account(Application& application, identity::NewAccount account) {
  auto const made = co_await application.identity().create_user(std::move(account));
  if (!made) co_return std::unexpected(made.error());
  co_return Result<>{};
}

std::unexpected<Error> refused(Bilingual const& why) {
  return fail(ErrorCode::rule_refuses, fmt::format("{} ({})", why.en, why.sv));
}

Task<Result<>> set_series(Application& application, AuthorityId authority,
                          std::vector<records::WantedSeries> wanted, std::string decision) {
  auto const done = co_await application.records_register().set_series({}, authority, std::move(wanted),
                                                                       std::move(decision));
  if (!done) co_return std::unexpected(done.error());
  if (!*done) co_return refused(done->error().front().why);
  co_return Result<>{};
}

Task<Result<>> make_authority(Application& application, governance::Authority authority,
                              std::string pattern) {
  if (!pattern.empty()) {
    if (auto const why = application.records_register().refusal_of(authority.code, pattern))
      co_return refused(*why);
  }
  auto const made = co_await application.governance().add_authority(std::move(authority), {});
  if (!made) co_return std::unexpected(made.error());
  if (pattern.empty()) co_return Result<>{};
  std::vector<records::WantedSeries> const first{{std::nullopt, "Diarium", "Register", pattern, {}}};
  co_return co_await set_series(application, *made, first, "torg authority add");
}

void print(std::vector<records::NumberSeries> const& series) {
  for (auto const& one : series) {
    std::string types;
    for (auto const& type : one.record_types) types += (types.empty() ? "" : ", ") + type;
    fmt::print("{}  {}  {}  {}{}\n", one.n, one.pattern.text(), one.name_sv, types.empty() ? "*" : types,
               one.retired ? "  (retired)" : "");
  }
}

/// Those in use as they are, and one more.
std::vector<records::WantedSeries> with_one_more(std::vector<records::NumberSeries> const& series,
                                                 ChangedSeries const& wanted) {
  std::vector<records::WantedSeries> list;
  for (auto const& one : series) {
    if (!one.retired) list.push_back({one.n, one.name_sv, one.name_en, one.pattern.text(), one.record_types});
  }
  list.push_back({std::nullopt, wanted.name, wanted.name, wanted.pattern, wanted.record_types});
  return list;
}

/// Opens, runs one task, closes, and says what came of it.
int run_command(std::filesystem::path const& data, Config const& config, std::string const& done,
                std::function<Task<Result<>>(Application&)> const& task) {
  auto opened = open(data, config);
  if (!opened) return complain(opened.error());
  auto const result = run_until_done(*opened->runtime, task(*opened->application));
  close(*opened);
  if (!result) return complain(result.error());
  fmt::print("{}\n", done);
  return 0;
}

}  // namespace

int add_authority(std::filesystem::path const& data, Config const& config, NewAuthority const& authority) {
  return run_command(data, config, fmt::format("{} is an authority here from today.", authority.name_sv),
                     [&](Application& app) {
                       return make_authority(
                           app,
                           {.code = authority.code,
                            .name_sv = authority.name_sv,
                            .name_en = authority.name_en.empty() ? authority.name_sv : authority.name_en,
                            .organisation = config.text("organisation"),
                            .organisation_number = authority.organisation_number,
                            .mark = authority.mark,
                            .valid_from = app.governance().today()},
                           authority.pattern);
                     });
}

int change_series(std::filesystem::path const& data, Config const& config, ChangedSeries const& wanted) {
  auto const done = wanted.pattern.empty() ? std::string("* takes what no other series takes.")
                                           : fmt::format("{} has one more series.", wanted.authority);
  return run_command(data, config, done, [&](Application& app) -> Task<Result<>> {
    auto const* authority = app.governance().authority_by_code(wanted.authority);
    if (authority == nullptr)
      co_return fail(ErrorCode::not_found, "There is no such authority: make it with `torg authority add`.");
    auto const series = app.records_register().all_series(authority->id);
    if (!wanted.pattern.empty())
      co_return co_await set_series(app, authority->id, with_one_more(series, wanted), wanted.decision);
    print(series);
    co_return Result<>{};
  });
}

int assign(std::filesystem::path const& data, Config const& config, NewAssignment const& wanted) {
  auto const done =
      fmt::format("{} is {} of {} from today.", wanted.localpart, wanted.role, wanted.authority);
  return run_command(data, config, done, [&](Application& app) -> Task<Result<>> {
    auto const user = app.identity().find("@" + wanted.localpart + ":" + config.text("server_name"));
    auto const* authority = app.governance().authority_by_code(wanted.authority);
    auto const role = governance::parse_role(wanted.role);
    if (!user)
      co_return fail(ErrorCode::not_found, "There is no such account: make it with `torg user add`.");
    if (authority == nullptr)
      co_return fail(ErrorCode::not_found, "There is no such authority: make it with `torg authority add`.");
    if (!role)
      co_return fail(ErrorCode::invalid_param,
                     "A role is member, officer, registrar, archivist or administrator.");
    co_return co_await app.governance().assign({.user = user,
                                                .authority = authority->id,
                                                .unit = wanted.unit,
                                                .role = *role,
                                                .valid_from = app.governance().today()},
                                               {});
  });
}

int add_user(std::filesystem::path const& data, Config const& config, std::string const& localpart,
             std::string const& display_name, Output output) {
  std::string password;
  std::getline(std::cin, password);
  if (password.empty())
    return complain({ErrorCode::missing_param, "Give the password on standard input.", ""});
  auto opened = open(data, config);
  if (!opened) return complain(opened.error());
  auto const made = run_until_done(
      *opened->runtime,
      create_account(*opened->application,
                     {.localpart = localpart, .password = password, .displayname = display_name}));
  close(*opened);
  if (!made) return complain(made.error());
  auto const user_id = fmt::format("@{}:{}", localpart, config.text("server_name"));
  if (output == Output::json)
    fmt::print("{}\n", json::serialize(json::object{{"user_id", user_id}}));
  else
    fmt::print("{} can sign in now.\n", user_id);
  return 0;
}

int rotate_key(std::filesystem::path const& data, Config const& config, Output output) {
  auto opened = open(data, config);
  if (!opened) return complain(opened.error());
  auto const keys = opened->data.keys();
  std::string line;
  auto const done =
      run_until_done(*opened->runtime, [&](Application& app, Runtime& runtime) -> Task<Result<>> {
        auto next = next_log_key(runtime, keys);
        if (!next) co_return std::unexpected(next.error());
        auto const head = co_await app.records_log().rotate(std::move(*next));
        if (!head) co_return std::unexpected(head.error());
        auto const key = records::to_text(head->key);
        line = output == Output::json
                   ? json::serialize(json::object{{"key", key}, {"size", head->size}})
                   : fmt::format("The log has a new key, {}. Make it known where the old one was.", key);
        co_return use_next_log_key(keys);
      }(*opened->application, *opened->runtime));
  close(*opened);
  if (!done) return complain(done.error());
  fmt::print("{}\n", line);
  return 0;
}

int check_plan(PlanFiles const& files, Output output) {
  auto const plan = read_file(files.plan, records::kMaxCsvBytes);
  if (!plan) return complain(plan.error());
  auto const classification = files.classification.empty()
                                  ? Result<std::string>()
                                  : read_file(files.classification, records::kMaxCsvBytes);
  if (!classification) return complain(classification.error());
  auto const read = records::read_plan(*classification, *plan);
  if (!read) return complain(read.error());
  auto problems = read->problems;
  if (classification->empty()) {
    std::erase_if(problems, [](auto const& problem) {
      return problem.code == "unknown_process" ||
             problem.table == records::PlanProblem::Table::classification;
    });
  }
  if (output == Output::json) {
    json::array shown;
    for (auto const& problem : problems) shown.push_back(records::to_json(problem));
    fmt::print("{}\n", json::serialize(json::object{{"rows", read->tables.rows.size()},
                                                    {"classes", read->tables.classes.size()},
                                                    {"problems", std::move(shown)}}));
  } else {
    for (auto const& problem : problems) {
      bool const in_plan = problem.table == records::PlanProblem::Table::plan;
      fmt::print("{}, row {}: {}\n", in_plan ? files.plan : files.classification, problem.row,
                 problem.text.en);
    }
    fmt::print("{} rows, {} problems.\n", read->tables.rows.size(), problems.size());
  }
  return problems.empty() ? 0 : 1;
}

int export_register(std::filesystem::path const& data, Config const& config) {
  auto opened = open(data, config);
  if (!opened) return complain(opened.error());
  auto const done =
      run_until_done(*opened->runtime, opened->application->records_register().export_register(
                                           [](std::string_view line) { fmt::print("{}\n", line); }));
  close(*opened);
  return done ? 0 : complain(done.error());
}

}  // namespace torg::app
