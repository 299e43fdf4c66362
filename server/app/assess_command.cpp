// `torg assess`: the rules tried on worked cases, without a server.
#include "app/commands.hpp"
#include "base/file.hpp"
#include "records/rules/case_answer.hpp"
#include "records/settings/catalogue.hpp"

#include <fstream>
#include <iostream>

#include <fmt/format.h>

namespace torg::app {
namespace {

Result<records::Settings> read_rule_settings(std::vector<std::string> const& given) {
  records::Settings settings;
  for (auto const& pair : given) {
    auto const equals = pair.find('=');
    auto const* setting = records::find_setting(pair.substr(0, equals));
    if (setting == nullptr || equals == std::string::npos) {
      return fail(ErrorCode::invalid_param,
                  "A rule setting is key=value, such as internal_talk=finalised_when_sent.");
    }
    if (auto put = records::put_value(*setting, settings, pair.substr(equals + 1)); !put)
      return fail(std::move(put));
  }
  return settings;
}

void print(std::vector<records::CaseAnswer> const& answers, std::size_t agreeing, Output output) {
  if (output == Output::people) {
    for (auto const& one : answers) fmt::print("{}", records::to_text(one));
    fmt::print("{} of {} cases are decided as expected.\n", agreeing, answers.size());
    return;
  }
  json::array list;
  for (auto const& one : answers) list.push_back(records::to_json(one));
  fmt::print("{}\n", json::serialize(json::object{{"rule_version", records::kRuleVersion},
                                                  {"cases", std::move(list)},
                                                  {"agreeing", agreeing}}));
}

}  // namespace

int assess(AssessOptions const& options, Output output) {
  auto const settings = read_rule_settings(options.settings);
  auto const text =
      settings ? read_file(options.cases, records::kMaxCaseFile) : std::unexpected(settings.error());
  auto const cases = text ? records::read_cases(*text) : std::unexpected(text.error());
  if (!cases) {
    fmt::print(stderr, "torg: {}\n", cases.error().message);
    return 2;
  }
  std::vector<records::CaseAnswer> answers;
  std::size_t agreeing = 0;
  for (auto const& one : *cases) {
    answers.push_back(records::answer(one, *settings));
    agreeing += answers.back().agrees() ? 1 : 0;
  }
  print(answers, agreeing, output);
  return agreeing == answers.size() ? 0 : 1;
}

}  // namespace torg::app
