#include "app/allocator.hpp"
#include "app/commands.hpp"
#include "app/serve.hpp"
#include "matrix/media/picture/worker.hpp"
#include "matrix/media/preview/page.hpp"
#include "records/mail/mail_reader.hpp"

#include <CLI/CLI.hpp>
#include <unistd.h>

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
  torg::app::tune_allocator();
  CLI::App app{
      "Torg, the collaboration server of a public authority: a Matrix homeserver with a register of "
      "records."};
  app.set_version_flag("--version", "torg " TORG_VERSION);
  app.require_subcommand(1);

  Settings settings;
  auto* serve = app.add_subcommand("serve", "Run the server");
  torg::app::ServeOptions options;
  std::string server_name;
  serve->add_option("--data", options.data, "Data directory; made when it isn't there")->required();
  serve->add_option("--listen", options.listen, "Address, such as http://127.0.0.1:8008. May be repeated.")
      ->required();
  serve->add_option("--server-name", server_name,
                    "The name that ids end in; the same as --set server_name=…");
  settings.add_to(*serve);

  auto* demo = app.add_subcommand("demo", "Make the demo organisation, Älvhamns kommun, in a data directory");
  demo->add_option("--data", options.data, "Data directory; made when it isn't there")->required();
  demo->add_option("--server-name", server_name, "The name that ids end in");
  settings.add_to(*demo);

  auto* user = app.add_subcommand("user", "Accounts");
  user->require_subcommand(1);
  auto* add = user->add_subcommand("add", "Make an account; its password is read from standard input");
  std::string localpart;
  std::string display_name;
  bool as_json = false;
  add->add_option("name", localpart, "The part of the user id before the colon")->required();
  add->add_option("--data", options.data, "Data directory")->required();
  add->add_option("--server-name", server_name, "The name that ids end in");
  add->add_option("--display-name", display_name, "How people see the account");
  add->add_flag("--json", as_json, "Answer for programs");
  settings.add_to(*add);

  auto* authority = app.add_subcommand("authority", "Legal authorities of the organisation");
  authority->require_subcommand(1);
  auto* found = authority->add_subcommand("add", "Make one, with a register of its own");
  torg::app::NewAuthority new_authority;
  found->add_option("code", new_authority.code, "Short and unique, such as KS: its numbers begin with it")
      ->required();
  found->add_option("--name", new_authority.name_sv, "Its Swedish name")->required();
  found->add_option("--name-en", new_authority.name_en, "Its English name");
  found->add_option("--organisation-number", new_authority.organisation_number, "Organisation number");
  found->add_option("--pattern", new_authority.pattern,
                    "How its numbers are written, such as '{code} {year}/{case:5}-{doc}'");
  found->add_option("--mark", new_authority.mark, "Its drawn mark: wave, drop or house")->default_val("wave");
  auto* series = authority->add_subcommand("series", "Show its series of numbers, or add one");
  torg::app::ChangedSeries changed_series;
  series->add_option("code", changed_series.authority, "Code of the authority")->required();
  auto* add_series = series->add_option("--add", changed_series.pattern, "The pattern of one more");
  series->add_option("--name", changed_series.name, "Its name")->needs(add_series);
  series
      ->add_option("--record-type", changed_series.record_types,
                   "What opens its cases there. May be repeated.")
      ->needs(add_series);
  series->add_option("--decision", changed_series.decision, "What it was decided by")->needs(add_series);
  auto* assign = app.add_subcommand("assign", "Give an account a role in an authority, from today");
  torg::app::NewAssignment assignment;
  assign->add_option("name", assignment.localpart, "The account, without @ and server")->required();
  assign->add_option("--authority", assignment.authority, "Code of the authority")->required();
  assign->add_option("--role", assignment.role, "member, officer, registrar, archivist or administrator")
      ->required();
  assign->add_option("--unit", assignment.unit, "Where in the authority");
  for (auto* command : {found, series, assign}) {
    command->add_option("--data", options.data, "Data directory")->required();
    command->add_option("--server-name", server_name, "The name that ids end in");
    settings.add_to(*command);
  }

  auto* verify =
      app.add_subcommand("verify", "Check a proof, an exported register or a data directory, offline");
  torg::app::VerifyFiles files;
  verify->add_option("proof", files.proof, "bevis.json, as downloaded from an entry")
      ->check(CLI::ExistingFile);
  verify->add_option("--register", files.register_lines, "A whole register, from `torg register export`")
      ->check(CLI::ExistingFile);
  verify->add_option("--head", files.head, "huvud.json as you kept it earlier")->check(CLI::ExistingFile);
  verify->add_option("--consistency", files.consistency, "konsistens.json between the two heads")
      ->check(CLI::ExistingFile);
  verify->add_option("--key", files.key, "The log's public key in base64, if you know it");
  verify
      ->add_option("--data", files.data,
                   "A whole data directory, whose server is stopped; nothing is changed")
      ->check(CLI::ExistingDirectory);
  verify->add_option("--record", files.record, "Of the data directory, one record: its number");
  verify->add_option("--server-name", server_name, "The name of the data directory's server");
  settings.add_to(*verify);
  verify->add_flag("--json", as_json, "Answer for programs");

  auto* key = app.add_subcommand("key", "The key that signs the log's heads");
  key->require_subcommand(1);
  auto* rotate =
      key->add_subcommand("rotate", "Bring in a new one, signed by the old one; the server is stopped");
  rotate->add_option("--data", options.data, "Data directory")->required();
  rotate->add_option("--server-name", server_name, "The name that ids end in");
  rotate->add_flag("--json", as_json, "Answer for programs");
  settings.add_to(*rotate);

  auto* reg = app.add_subcommand("register", "The register of records");
  reg->require_subcommand(1);
  auto* dump =
      reg->add_subcommand("export", "Print the register as JSON lines, for `torg verify --register`");
  dump->add_option("--data", options.data, "Data directory")->required();
  dump->add_option("--server-name", server_name, "The name that ids end in");
  settings.add_to(*dump);

  auto* assess = app.add_subcommand("assess", "Say what the rules of records decide of worked cases");
  torg::app::AssessOptions assess_options;
  assess
      ->add_option("--case", assess_options.cases,
                   "A file like tests/data/assessment-cases.json, one case of it, or - for standard input")
      ->required();
  assess->add_option("--setting", assess_options.settings,
                     "How the authority reads the law: key=value, such as law=dk. May be repeated.");
  assess->add_flag("--json", as_json, "Answer for programs");

  auto* plan = app.add_subcommand("plan", "Information plans");
  plan->require_subcommand(1);
  auto* check_plan =
      plan->add_subcommand("check", "Show all that contradicts itself in a plan, by row; offline");
  torg::app::PlanFiles plan_files;
  check_plan->add_option("plan", plan_files.plan, "The plan, as CSV")->required()->check(CLI::ExistingFile);
  check_plan->add_option("--classification", plan_files.classification, "Its classification, as CSV")
      ->check(CLI::ExistingFile);
  check_plan->add_flag("--json", as_json, "Answer for programs");

  auto* taking_in =
      app.add_subcommand("import", "Take cases and records of an older system in, from a list as CSV");
  torg::app::ImportFile import_file;
  taking_in->add_option("file", import_file.file, "The list; its first row names the columns")
      ->required()
      ->check(CLI::ExistingFile);
  taking_in->add_option("--authority", import_file.authority, "Code of the authority")->required();
  taking_in->add_flag("--dry-run", import_file.dry_run, "Only say what would come of each line");
  taking_in->add_option("--data", options.data, "Data directory")->required();
  taking_in->add_option("--server-name", server_name, "The name that ids end in");
  settings.add_to(*taking_in);

  auto* worker = app.add_subcommand("worker", "What the server starts for itself");
  worker->require_subcommand(1);
  worker->group("");
  auto* eml = worker->add_subcommand("eml", "Read one mail, confined");

  auto* picture = worker->add_subcommand("picture", "Read one picture, confined");
  std::string wish;
  picture->add_option("wish", wish, "What to make of it")->required();

  auto* page = worker->add_subcommand("page", "Read one web page, confined");
  std::string charset;
  page->add_option("charset", charset, "As its server says");

  auto* config = app.add_subcommand("config", "The configuration");
  config->require_subcommand(1);
  auto* check = config->add_subcommand("check", "Say whether a configuration can be used");
  settings.add_to(*check);
  auto* example = config->add_subcommand("example", "Print a documented example with all defaults");

  CLI11_PARSE(app, argc, argv);
  if (*eml) ::_exit(torg::records::run_mail_worker());
  if (*page) ::_exit(torg::matrix::run_page_worker(charset));
  if (*picture) ::_exit(torg::matrix::run_picture_worker(wish));
  if (*example) {
    fmt::print("{}", torg::app::example());
    return 0;
  }
  auto const output = as_json ? torg::app::Output::json : torg::app::Output::people;
  if (*verify && files.data.empty()) return torg::app::verify(files, output);
  if (*assess) return torg::app::assess(assess_options, output);
  if (*check_plan) return torg::app::check_plan(plan_files, output);
  auto read = settings.read();
  if (!read) return complain(read.error());
  if (!server_name.empty()) {
    if (auto set = read->set("server_name=" + server_name); !set) return complain(set.error());
  }
  if (*check) {
    fmt::print("The configuration is good.\n");
    return 0;
  }
  if (*verify) return torg::app::verify_data(files, *read, output);
  if (*found) return torg::app::add_authority(options.data, *read, new_authority);
  if (*series) return torg::app::change_series(options.data, *read, changed_series);
  if (*assign) return torg::app::assign(options.data, *read, assignment);
  if (*add) return torg::app::add_user(options.data, *read, localpart, display_name, output);
  if (*rotate) return torg::app::rotate_key(options.data, *read, output);
  if (*taking_in) return torg::app::import_records(options.data, *read, import_file);
  if (*dump) return torg::app::export_register(options.data, *read);
  if (*demo) return torg::app::demo(options.data, *read);
  options.config = std::move(*read);
  return torg::app::serve(std::move(options));
}
