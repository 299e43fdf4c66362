#include "records/plan/plans.hpp"

#include "records/assessment/store.hpp"
#include "records/register/contains.hpp"

#include <algorithm>

namespace torg::records {
namespace {

std::optional<PlanChoice> chosen(std::shared_ptr<PlanVersion const> version, PlanRow const* row) {
  if (row == nullptr) return std::nullopt;
  return PlanChoice{std::move(version), row};
}

}  // namespace

void InformationPlans::load() {
  versions_.clear();
  database_.read_now([this](db::Reader& reader) {
    for (auto& version : plan_store::versions(reader)) {
      auto const id = version.id;
      versions_[id] = std::make_shared<PlanVersion const>(std::move(version));
    }
  });
}

bool InformationPlans::may_import(UserNid user, AuthorityId authority) const {
  return governance_.may(user, governance::Act::import_plan, authority);
}

bool InformationPlans::may_adopt(UserNid user, AuthorityId authority) const {
  return governance_.may(user, governance::Act::adopt_plan, authority);
}

std::shared_ptr<PlanVersion const> InformationPlans::in_force(AuthorityId authority, Day day) const {
  Version found;
  for (auto const& [id, version] : versions_) {
    bool const holds = version->authority == authority && version->adopted_at && version->valid_from <= day;
    // Of two from the same day the one adopted last holds.
    if (holds && (!found || std::pair(found->valid_from, found->adopted_at) <=
                                std::pair(version->valid_from, version->adopted_at)))
      found = version;
  }
  return found;
}

std::vector<std::shared_ptr<PlanVersion const>> InformationPlans::versions(AuthorityId authority) const {
  std::vector<Version> found;
  for (auto const& [id, version] : versions_)
    if (version->authority == authority) found.insert(found.begin(), version);
  return found;
}

std::shared_ptr<PlanVersion const> InformationPlans::version(PlanVersionId id) const {
  auto const found = versions_.find(id);
  return found == versions_.end() ? nullptr : found->second;
}

std::optional<PlanChoice> InformationPlans::find(AuthorityId authority, std::string_view process,
                                                 std::string_view type) const {
  auto const today = governance_.today();
  auto const version = in_force(authority, today);
  return version ? chosen(version, find_row(version->tables, process, type, today)) : std::nullopt;
}

std::optional<PlanChoice> InformationPlans::guess(AuthorityId authority, std::string_view process,
                                                  std::string_view type) const {
  auto const today = governance_.today();
  auto const version = in_force(authority, today);
  return version ? chosen(version, guess_row(version->tables, process, type, today)) : std::nullopt;
}

InformationPlans::Complete InformationPlans::completed(AuthorityId authority, PlanTexts texts,
                                                       Day day) const {
  auto const before = in_force(authority, day);
  Complete complete;
  if (before) complete = {before->classification, before->plan};
  if (texts.classification) complete.classification = std::move(*texts.classification);
  if (texts.plan) complete.plan = std::move(*texts.plan);
  return complete;
}

Task<Result<PlanReport>> InformationPlans::report(AuthorityId authority, ReadPlan read, Day day) {
  PlanReport report;
  report.problems = std::move(read.problems);
  report.classes = read.tables.classes.size();
  report.rows = read.tables.rows.size();
  if (!report.problems.empty()) co_return report;
  auto const before = in_force(authority, day);
  report.changes = changes_between(before ? before->tables : PlanTables{}, read.tables);
  auto const codes = report.changes.concerned();
  for (auto const* plan : governance_.plans_in_force()) {
    if (contains(plan->parties, authority) && codes.contains(plan->classification))
      report.rooms.push_back({plan->room, plan->classification, 0});
  }
  if (report.rooms.empty()) co_return report;
  auto const counts = co_await database_.read(
      [authority](db::Reader& reader) { return assessment::unassessed_by_room(reader, authority); });
  if (!counts) co_return std::unexpected(counts.error());
  for (auto& room : report.rooms) {
    auto const count = counts->find(room.room);
    if (count != counts->end()) room.open_items = count->second;
  }
  co_return report;
}

Task<Result<PlanReport>> InformationPlans::check(AuthorityId authority, PlanTexts texts, Day day) {
  auto const complete = completed(authority, std::move(texts), day);
  auto read = read_plan(complete.classification, complete.plan);
  if (!read) co_return std::unexpected(read.error());
  co_return co_await report(authority, std::move(*read), day);
}

Task<Result<PlanReport>> InformationPlans::preview(AuthorityId authority, PlanVersionId id) {
  auto const found = version(id);
  if (!found || found->authority != authority)
    co_return fail(ErrorCode::not_found, "There is no such version.");
  co_return co_await report(authority, ReadPlan{found->tables, {}}, found->valid_from);
}

Task<Result<std::shared_ptr<PlanVersion const>>> InformationPlans::import(UserNid by, AuthorityId authority,
                                                                          PlanTexts texts, Day valid_from) {
  if (!may_import(by, authority))
    co_return fail(ErrorCode::forbidden,
                   "Archivists, registrars and administrators of the authority import its plan.");
  auto complete = completed(authority, std::move(texts), valid_from);
  auto read = read_plan(complete.classification, complete.plan);
  if (!read) co_return std::unexpected(read.error());
  if (!read->problems.empty())
    co_return fail(ErrorCode::rule_refuses, "The plan contradicts itself; check it to see where.");
  PlanVersion version;
  version.authority = authority;
  version.valid_from = valid_from;
  version.classification = std::move(complete.classification);
  version.plan = std::move(complete.plan);
  version.imported_at = runtime_.now();
  version.imported_by = by;
  auto const id = co_await database_.write([version](db::Transaction& transaction) -> Result<PlanVersionId> {
    auto const added = plan_store::add(transaction, version);
    governance::Governance::audit(transaction, version.imported_at, version.imported_by,
                                  "information_plan.imported",
                                  {{"authority", version.authority.value}, {"version", added.value}});
    return added;
  });
  if (!id) co_return std::unexpected(id.error());
  version.id = *id;
  version.tables = std::move(read->tables);
  co_return versions_[*id] = std::make_shared<PlanVersion const>(std::move(version));
}

Task<Result<std::shared_ptr<PlanVersion const>>> InformationPlans::adopt(UserNid by, AuthorityId authority,
                                                                         PlanVersionId id, Day valid_from,
                                                                         std::string decision) {
  if (!may_adopt(by, authority))
    co_return fail(ErrorCode::forbidden, "An archivist of the authority adopts its plan.");
  auto const found = version(id);
  if (!found || found->authority != authority)
    co_return fail(ErrorCode::not_found, "There is no such version.");
  if (decision.find_first_not_of(' ') == std::string::npos)
    co_return fail(ErrorCode::missing_param, "Say which decision of the authority it rests on.");
  if (valid_from < governance_.today())
    co_return fail(
        ErrorCode::rule_refuses,
        "A version takes effect today or later: what was decided keeps the version it was decided under.");
  auto adopted = *found;
  adopted.valid_from = valid_from;
  adopted.adopted_at = runtime_.now();
  adopted.adopted_by = by;
  adopted.decision = std::move(decision);
  auto const written = co_await database_.write([adopted](db::Transaction& transaction) -> Result<> {
    if (!plan_store::adopt(transaction, adopted))
      return fail(ErrorCode::conflict, "The version has been adopted already.");
    governance::Governance::audit(transaction, *adopted.adopted_at, adopted.adopted_by,
                                  "information_plan.adopted",
                                  {{"authority", adopted.authority.value}, {"version", adopted.id.value}});
    return {};
  });
  if (!written) co_return std::unexpected(written.error());
  co_return versions_[id] = std::make_shared<PlanVersion const>(std::move(adopted));
}

}  // namespace torg::records
