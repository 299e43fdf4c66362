#pragma once
#include "app/config.hpp"

#include <vector>

namespace torg::app {

enum class Output : std::uint8_t { people, json };

/// `torg user add`: an account with a password read from standard input. @return the exit status
int add_user(std::filesystem::path const& data, Config const& config, std::string const& localpart,
             std::string const& display_name, Output output);

struct NewAuthority {
  std::string code, name_sv, name_en, organisation_number, mark;
  std::string pattern;  ///< of its numbers; empty: the usual one
};
/// `torg authority add`: a legal authority of this organisation, from today.
int add_authority(std::filesystem::path const& data, Config const& config, NewAuthority const& authority);

struct ChangedSeries {
  std::string authority, name, pattern, decision;
  std::vector<std::string> record_types;  ///< none: shows what there is
};
/// `torg authority series`: shows the series of an authority, or adds one for some record types.
int change_series(std::filesystem::path const& data, Config const& config, ChangedSeries const& wanted);

struct ImportFile {
  std::string authority, file;
  bool dry_run = false;
};
/// `torg import`: cases and records from a list; prints what it says of each line. @return 1 when a line is
/// refused
int import_records(std::filesystem::path const& data, Config const& config, ImportFile const& wanted);

struct NewAssignment {
  std::string localpart, authority, unit, role;
};
/// `torg assign`: gives an account a role in an authority, from today; a running server is stopped first.
int assign(std::filesystem::path const& data, Config const& config, NewAssignment const& assignment);

struct VerifyFiles {
  std::string proof, register_lines, head, consistency, key;  ///< paths, and the key itself; empty: not given
  std::string data;    ///< a whole data directory, which no server runs on
  std::string record;  ///< of it: one record's number
};
/// `torg verify`: offline. @return 0 when everything holds, 1 when something was found, 2 when a file can't
/// be read
int verify(VerifyFiles const& files, Output output);
/// `torg verify --data`: reads the directory and changes nothing in it. @return as `verify`
int verify_data(VerifyFiles const& files, Config const& config, Output output);

/// `torg key rotate`: a new key for the log's heads, entered in the log by the old one, which is destroyed.
int rotate_key(std::filesystem::path const& data, Config const& config, Output output);

struct AssessOptions {
  std::string cases;                  ///< a file of worked cases; `-` is standard input
  std::vector<std::string> settings;  ///< `key=value` of the authority's rule settings
};
/// `torg assess`: what the rules say of worked cases. @return 0 when all are decided as expected, 1 when not,
/// 2 when the file can't be understood
int assess(AssessOptions const& options, Output output);

struct PlanFiles {
  std::string plan, classification;  ///< paths; no classification: every process code is taken as known
};
/// `torg plan check`: all contradictions of an information plan, offline. @return 0 without any, 1 with some,
/// 2 when a file can't be read
int check_plan(PlanFiles const& files, Output output);

/// `torg register export`: the whole register as JSON lines for `torg verify --register`.
int export_register(std::filesystem::path const& data, Config const& config);

}  // namespace torg::app
