#include "app/commands.hpp"

#include "app/opened.hpp"
#include "records/verify/verify.hpp"

#include <fstream>
#include <functional>
#include <iostream>

#include <fmt/format.h>

namespace torg::app {
namespace {

using records::Bilingual;

std::optional<std::string> read_file(std::string const& path) {
  if (path.empty()) return std::nullopt;
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

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

namespace {

void print(records::ImportReport const& report) {
  for (auto const& line : report.lines) {
    fmt::print("{}  {}  {}", line.line, records::to_text(line.state), line.number);
    for (auto const& one : line.problems) fmt::print("  {}", one.en);
    fmt::print("\n");
  }
  for (auto const& heading : report.ignored) fmt::print("The column \"{}\" is not used.\n", heading);
  fmt::print("{} new, {} there already, {} refused. {}\n", report.fresh, report.there, report.refused,
             report.written ? "Written." : "Nothing was written.");
}

Task<Result<>> import_into(Application& application, ImportFile wanted, records::ImportSheet sheet,
                           records::ImportReport& report) {
  auto const* authority = application.governance().authority_by_code(wanted.authority);
  if (authority == nullptr)
    co_return fail(ErrorCode::not_found, "There is no such authority: make it with `torg authority add`.");
  records::ImportRequest request{{},
                                 authority->id,
                                 wanted.file,
                                 std::move(sheet),
                                 wanted.dry_run ? records::ImportMode::dry_run : records::ImportMode::write};
  auto done = co_await application.importer().run(std::move(request));
  if (!done) co_return std::unexpected(done.error());
  report = std::move(*done);
  co_return Result<>{};
}

}  // namespace

int import_records(std::filesystem::path const& data, Config const& config, ImportFile const& wanted) {
  auto const sheet = records::parse_csv(read_file(wanted.file).value_or(""));
  if (!sheet) return complain(sheet.error());
  auto lines = records::read_lines(*sheet);
  if (!lines) return complain(lines.error());
  auto opened = open(data, config);
  if (!opened) return complain(opened.error());
  records::ImportReport report;
  auto const done =
      run_until_done(*opened->runtime, import_into(*opened->application, wanted, std::move(*lines), report));
  close(*opened);
  if (!done) return complain(done.error());
  print(report);
  return report.refused == 0 ? 0 : 1;
}

int verify(VerifyFiles const& files, Output output) {
  auto const report = records::verify({.proof = read_file(files.proof),
                                       .register_lines = read_file(files.register_lines),
                                       .earlier_head = read_file(files.head),
                                       .consistency = read_file(files.consistency),
                                       .key = files.key.empty() ? std::nullopt : std::optional(files.key)});
  if (!report) {
    (void)complain(report.error());
    return 2;
  }
  if (output == Output::json)
    fmt::print("{}\n", json::serialize(records::to_json(*report)));
  else
    fmt::print("{}\n", records::human_text(*report));
  return report->holds() ? 0 : 1;
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
