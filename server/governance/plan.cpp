#include "governance/plan.hpp"

#include "governance/zone.hpp"

#include <algorithm>

namespace torg::governance {
namespace {

std::unexpected<Error> refuse(std::string why) { return fail(ErrorCode::rule_refuses, std::move(why)); }

Result<Level> parse_level(std::string_view text) {
  if (text == "within") return Level::within;
  if (text == "shared") return Level::shared;
  if (text == "open") return Level::open;
  return fail(ErrorCode::invalid_param, "The plan's level must be within, shared or open.");
}

Result<InformationClass> parse_class(std::string_view text) {
  if (text == "open") return InformationClass::open;
  if (text == "internal") return InformationClass::internal;
  if (text == "sensitive") {
    return refuse("The class Känslig can't be chosen yet: it comes when its protection exists.");
  }
  return fail(ErrorCode::invalid_param, "The plan's class must be open or internal.");
}

Result<AuthorityId> parse_authority(std::string_view code, AuthorityByCode const& authority) {
  auto const* found = authority(code);
  if (found == nullptr)
    return fail(ErrorCode::invalid_param, "There is no authority '" + std::string(code) + "' here.");
  return found->id;
}

/// The authority named by `key`; the host when the plan doesn't name one.
Result<AuthorityId> authority_or_host(json::object const& content, std::string_view key, Plan const& plan,
                                      AuthorityByCode const& authority) {
  auto const code = optional_string(content, key);
  if (!code) return plan.host;
  return parse_authority(*code, authority);
}

Result<> read_parties(json::object const& content, Plan& plan, AuthorityByCode const& authority) {
  plan.parties.push_back(plan.host);
  if (auto const* codes = optional_array(content, "parties")) {
    for (auto const& code : *codes) {
      if (!code.is_string())
        return fail(ErrorCode::invalid_param, "The plan's parties must be codes of authorities.");
      auto const party = parse_authority(code.get_string(), authority);
      if (!party) return std::unexpected(party.error());
      if (std::ranges::find(plan.parties, *party) == plan.parties.end()) plan.parties.push_back(*party);
    }
  }
  if (plan.level == Level::within && plan.parties.size() > 1) {
    return refuse("A room within one authority can't be shared: choose the level shared (R8).");
  }
  return {};
}

Result<> read_standing_decision(json::object const& content, Plan& plan) {
  auto const* decision = optional_object(content, "standing_decision");
  if (decision == nullptr) return {};
  auto const number = optional_string(*decision, "number");
  auto const day = parse_day(optional_string(*decision, "day").value_or(""));
  if (!number || number->empty() || !day) {
    return refuse("A standing decision needs its number and its day (R17).");
  }
  plan.standing_decision = true;
  plan.standing_decision_number = *number;
  plan.standing_decision_date = *day;
  return {};
}

Result<> read_retention(json::object const& content, Plan& plan) {
  plan.retention_decision = optional_string(content, "retention_decision").value_or("");
  plan.weed_after_days = optional_integer(content, "weed_after_days").value_or(plan.weed_after_days);
  plan.dispose_after_days = optional_integer(content, "dispose_after_days").value_or(plan.dispose_after_days);
  if (plan.weed_after_days < 0 || plan.dispose_after_days < 0) {
    return fail(ErrorCode::invalid_param, "Days until weeding and disposal can't be negative.");
  }
  return {};
}

void read_case(json::object const& content, Plan& plan) {
  auto const* linked = optional_object(content, "case");
  if (linked == nullptr) return;
  if (auto const id = optional_integer(*linked, "id"); id && *id > 0) plan.case_id = CaseId(*id);
}

std::string_view to_text(Level level) {
  return level == Level::within ? "within" : level == Level::shared ? "shared" : "open";
}

std::string_view to_text(InformationClass information_class) {
  switch (information_class) {
    case InformationClass::open:
      return "open";
    case InformationClass::internal:
      return "internal";
    case InformationClass::sensitive:
      return "sensitive";
  }
  return {};
}

json::value code_of(AuthorityId id, AuthorityById const& authority) {
  auto const* found = authority(id);
  return found == nullptr ? json::value(nullptr) : json::value(found->code);
}

json::array codes_of(std::vector<AuthorityId> const& ids, AuthorityById const& authority) {
  json::array codes;
  for (auto const id : ids) codes.push_back(code_of(id, authority));
  return codes;
}

json::value standing_decision_json(Plan const& plan) {
  if (!plan.standing_decision) return nullptr;
  return json::object{{"number", plan.standing_decision_number},
                      {"day", governance::to_text(plan.standing_decision_date.value_or(Day{}))}};
}

}  // namespace

Result<Plan> parse_plan(json::object const& content, AuthorityByCode const& authority) {
  Plan plan;
  plan.purpose = optional_string(content, "purpose").value_or("");
  plan.classification = optional_string(content, "classification").value_or("");
  auto const level = parse_level(optional_string(content, "level").value_or("within"));
  if (!level) return std::unexpected(level.error());
  plan.level = *level;
  auto const information_class = parse_class(optional_string(content, "class").value_or("internal"));
  if (!information_class) return std::unexpected(information_class.error());
  plan.information_class = *information_class;
  auto const host = parse_authority(optional_string(content, "host").value_or(""), authority);
  if (!host) return std::unexpected(host.error());
  plan.host = *host;
  auto const registers = authority_or_host(content, "registers", plan, authority);
  if (!registers) return std::unexpected(registers.error());
  plan.registers = *registers;
  auto const archives = authority_or_host(content, "archives", plan, authority);
  if (!archives) return std::unexpected(archives.error());
  plan.archives = *archives;
  plan.end_to_end = optional_bool(content, "end_to_end").value_or(false);
  if (plan.end_to_end && plan.level == Level::open)
    return refuse("What everyone may read can't be encrypted end to end.");
  read_case(content, plan);
  for (auto* const read : {read_retention, read_standing_decision}) {
    if (auto done = read(content, plan); !done) return std::unexpected(done.error());
  }
  if (auto done = read_parties(content, plan, authority); !done) return std::unexpected(done.error());
  return plan;
}

json::value linked_case(json::object const& content) {
  auto const* linked = optional_object(content, "case");
  auto const id = linked == nullptr ? std::nullopt : optional_integer(*linked, "id");
  if (!id || *id <= 0) return nullptr;
  return json::object{{"id", *id},
                      {"number", optional_string(*linked, "number").value_or("")},
                      {"title", optional_string(*linked, "title").value_or("")}};
}

json::object to_json(Plan const& plan, json::object const& content, AuthorityById const& authority) {
  return {{"purpose", plan.purpose},
          {"level", to_text(plan.level)},
          {"class", to_text(plan.information_class)},
          {"host", code_of(plan.host, authority)},
          {"registers", code_of(plan.registers, authority)},
          {"archives", code_of(plan.archives, authority)},
          {"discloses", "each"},
          {"parties", codes_of(plan.parties, authority)},
          {"case", linked_case(content)},
          {"classification", plan.classification},
          {"retention_decision", plan.retention_decision},
          {"weed_after_days", plan.weed_after_days},
          {"dispose_after_days", plan.dispose_after_days},
          {"standing_decision", standing_decision_json(plan)},
          {"end_to_end", plan.end_to_end},
          {"accepted_by", codes_of(plan.accepted_by, authority)}};
}

}  // namespace torg::governance
