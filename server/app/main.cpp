#include "app/serve.hpp"
#include "records/mail/mail_reader.hpp"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace {

using torg::app::Config;

/// Options that every command with a configuration has.
struct Settings {
  std::string file;
  std::vector<std::string> set;

  void add_to(CLI::App& command) {
    command.add_option("--config", file, "Configuration file (TOML)")->check(CLI::ExistingFile);
    command.add_option("--set", set, "A setting that wins over the file: key=value. May be repeated.");
  }
  torg::Result<Config> read() const {
    Config config;
    if (!file.empty()) {
      if (auto loaded = config.load(file); !loaded) return torg::fail(std::move(loaded));
    }
    for (auto const& setting : set) {
      if (auto done = config.set(setting); !done) return torg::fail(std::move(done));
    }
    return config;
  }
};

int complain(torg::Error const& error) {
  fmt::print(stderr, "torg: {}\n", error.message);
  return 2;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Torg, the collaboration server of a public authority: a Matrix homeserver with a register of records."};
  app.set_version_flag("--version", "torg " TORG_VERSION);
  app.require_subcommand(1);

  Settings settings;
  auto* serve = app.add_subcommand("serve", "Run the server");
  torg::app::ServeOptions options;
  std::string server_name;
  serve->add_option("--data", options.data, "Data directory; made when it isn't there")->required();
  serve->add_option("--listen", options.listen, "Address, such as http://127.0.0.1:8008. May be repeated.")->required();
  serve->add_option("--server-name", server_name, "The name that ids end in; the same as --set server_name=…");
  settings.add_to(*serve);

  auto* demo = app.add_subcommand("demo", "Make the demo organisation, Älvhamns kommun, in a data directory");
  demo->add_option("--data", options.data, "Data directory; made when it isn't there")->required();
  demo->add_option("--server-name", server_name, "The name that ids end in");
  settings.add_to(*demo);

  auto* worker = app.add_subcommand("worker", "What the server starts for itself");
  worker->require_subcommand(1);
  worker->group("");
  auto* eml = worker->add_subcommand("eml", "Read one mail, confined");

  auto* config = app.add_subcommand("config", "The configuration");
  config->require_subcommand(1);
  auto* check = config->add_subcommand("check", "Say whether a configuration can be used");
  settings.add_to(*check);
  auto* example = config->add_subcommand("example", "Print a documented example with all defaults");

  CLI11_PARSE(app, argc, argv);
  if (*eml) ::_exit(torg::records::run_mail_worker());
  if (*example) {
    fmt::print("{}", torg::app::example());
    return 0;
  }
  auto read = settings.read();
  if (!read) return complain(read.error());
  if (!server_name.empty()) {
    if (auto set = read->set("server_name=" + server_name); !set) return complain(set.error());
  }
  if (*check) {
    fmt::print("The configuration is good.\n");
    return 0;
  }
  if (*demo) return torg::app::demo(options.data, *read);
  options.config = std::move(*read);
  return torg::app::serve(std::move(options));
}
