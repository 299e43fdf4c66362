#include "records/http/common.hpp"

#include "records/assessment/http.hpp"
#include "records/lift/plan_defaults.hpp"
#include "records/log/store.hpp"

#include <algorithm>
#include <charconv>

namespace torg::records {
namespace {

/// The row that a record was registered under, in the version of then.
json::value used_row(HttpServices const& services, PlanUse use) {
  auto version = services->plans.version(use.version);
  if (!version) return nullptr;
  auto const row = std::ranges::find(version->tables.rows, use.row, &PlanRow::row);
  if (row == version->tables.rows.end()) return nullptr;
  return plan_json({version, &*row});
}

/// That what the record says was handed over by a person's client, and what that means.
json::value handover_json(HttpServices const& services, HandoverRow const& row) {
  auto const words = statement(
      {services->people.user_id(row.by), services->people.name(row.by), row.device, row.at, row.files});
  return json::object{{"by", services->people.user_id(row.by)},
                      {"device", row.device},
                      {"at", to_ms(row.at)},
                      {"statement", json::object{{"sv", words.sv}, {"en", words.en}}}};
}

}  // namespace

Result<AuthorityId> authority_by(HttpServices const& services, std::string_view code) {
  auto const* authority = services->governance.authority_by_code(code);
  if (authority == nullptr)
    return fail(ErrorCode::not_found, "There is no authority '" + std::string(code) + "' here.");
  return authority->id;
}

Result<AuthorityId> authority_or_own(HttpServices const& services, UserNid user,
                                     std::optional<std::string> code) {
  if (code && !code->empty()) return authority_by(services, *code);
  auto const desks = services->governance.where_may(user, governance::Act::work_at_desk);
  if (!desks.empty()) return desks.front();
  if (auto const own = services->governance.authority_of(user)) return *own;
  return fail(ErrorCode::missing_param, "Say which authority.");
}

Result<std::vector<AuthorityId>> authorities_of(HttpServices const& services, UserNid user,
                                                std::vector<std::string> codes) {
  std::vector<AuthorityId> found;
  for (auto const& code : codes) {
    auto authority = authority_by(services, code);
    if (!authority) return fail(std::move(authority));
    if (!services->records.may_read(user, *authority)) {
      return fail(ErrorCode::forbidden, "You have no role in the register of " + code + ".");
    }
    found.push_back(*authority);
  }
  if (!codes.empty()) return found;
  found = services->governance.where_may(user, governance::Act::read_register);
  if (found.empty()) return fail(ErrorCode::forbidden, "You have no role in any register.");
  return found;
}

Result<std::int64_t> id_of(std::string_view text) {
  std::int64_t id = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  if (error != std::errc{} || end != text.data() + text.size() || id <= 0) {
    return fail(ErrorCode::not_found, "There is nothing with this id.");
  }
  return id;
}

Task<Result<json::object>> record_json(HttpServices services, RecordView record) {
  auto size = co_await services->database.read([](db::Reader& reader) { return log_store::size(reader); });
  if (!size) co_return fail(std::move(size));
  auto beside = co_await services->database.read([id = record.id](db::Reader& reader) {
    return std::tuple(plan_store::use_of(reader, id), rendition_jobs::report(reader, id),
                      lift_store::handover(reader, id));
  });
  if (!beside) co_return std::unexpected(beside.error());
  auto& [plan, report, handed_over] = *beside;
  auto shown = to_json(record, *size, names(services));
  shown["plan"] = plan ? used_row(services, *plan) : json::value(nullptr);
  shown["rendition_report"] = rendition_json(services, record.rendition, std::move(report));
  shown["handed_over"] =
      handed_over && !record.disposed ? handover_json(services, *handed_over) : json::value(nullptr);
  co_return shown;
}

json::object rendition_json(HttpServices const& services, RenditionState state, RenditionReport report) {
  if (state == RenditionState::waiting && !services->renditions.available())
    report.why = RenditionWhy{RenditionProblem::no_worker, {}};
  return to_json(report);
}

std::optional<net::Response> plan_refusal(HttpServices const& services, AuthorityId authority,
                                          Draft const& draft) {
  auto const missing = missing_field(services->plans, authority, draft);
  if (!missing) return std::nullopt;
  return identity::json_answer({{"errcode", "ORG.TORG.RULE_REFUSES"},
                                {"error", missing->why.en},
                                {"why", json::object{{"sv", missing->why.sv}, {"en", missing->why.en}}},
                                {"field", missing->field}},
                               409);
}

net::Response refusal_in_words(Error error) {
  constexpr std::string_view kOtherLanguage = " / ";
  auto const at = error.message.find(kOtherLanguage);
  if (at == std::string::npos) return net::error_response(error);
  Bilingual why{error.message.substr(at + kOtherLanguage.size()), error.message.substr(0, at)};
  error.message = why.en;
  return refusal_answer({std::move(error), std::move(why)});
}

Task<Result<RecordView>> readable_record(HttpServices services, UserNid user, RecordId id) {
  auto record = co_await services->records.record(id);
  if (!record) co_return fail(std::move(record));
  if (!services->records.may_read(user, record->authority)) {
    co_return fail(ErrorCode::not_found, "There is no such record.");
  }
  co_return std::move(*record);
}

}  // namespace torg::records
