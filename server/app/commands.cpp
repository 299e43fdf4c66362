#include "app/commands.hpp"

#include "app/opened.hpp"
#include "records/verify/verify.hpp"

#include <fstream>
#include <iostream>

#include <fmt/format.h>

namespace torg::app {
namespace {

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

}  // namespace

int add_user(std::filesystem::path const& data, Config const& config, std::string const& localpart,
             std::string const& display_name, Output output) {
  std::string password;
  std::getline(std::cin, password);
  if (password.empty()) return complain({ErrorCode::missing_param, "Give the password on standard input.", ""});
  auto opened = open(data, config);
  if (!opened) return complain(opened.error());
  auto const made = run_until_done(
      *opened->runtime, create_account(*opened->application,
                                       {.localpart = localpart, .password = password, .displayname = display_name}));
  close(*opened);
  if (!made) return complain(made.error());
  auto const user_id = fmt::format("@{}:{}", localpart, config.text("server_name"));
  if (output == Output::json) fmt::print("{}\n", json::serialize(json::object{{"user_id", user_id}}));
  else fmt::print("{} can sign in now.\n", user_id);
  return 0;
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
  if (output == Output::json) fmt::print("{}\n", json::serialize(records::to_json(*report)));
  else fmt::print("{}\n", records::human_text(*report));
  return report->holds() ? 0 : 1;
}

int export_register(std::filesystem::path const& data, Config const& config) {
  auto opened = open(data, config);
  if (!opened) return complain(opened.error());
  auto const done = run_until_done(*opened->runtime, opened->application->records_register().export_register(
                                                         [](std::string_view line) { fmt::print("{}\n", line); }));
  close(*opened);
  return done ? 0 : complain(done.error());
}

}  // namespace torg::app
