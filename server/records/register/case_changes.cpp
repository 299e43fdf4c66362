#include "records/register/case_changes.hpp"

#include "governance/zone.hpp"
#include "records/register/entry_json.hpp"
#include "records/register/staff_search.hpp"
#include "records/register/store.hpp"
#include "records/register/titles.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace torg::records {
namespace {

constexpr std::size_t kMostText = 500;  // bytes of a title, unit or reason
constexpr std::array<std::string_view, 4> kKinds{"see", "answers", "replaces", "version_of"};

constexpr db::Statement kSetTitle{
    "UPDATE register_case SET title = $1, public_title = $2, search = $3 WHERE id = $4"};
constexpr db::Statement kSetClassification{"UPDATE register_case SET classification = $1 WHERE id = $2"};
constexpr db::Statement kSetState{"UPDATE register_case SET state = $1 WHERE id = $2"};
constexpr db::Statement kSetOfficer{"UPDATE register_case SET officer = $1 WHERE id = $2"};
constexpr db::Statement kSetUnit{"UPDATE register_case SET unit = $1 WHERE id = $2"};
constexpr db::Statement kSetDeadline{"UPDATE register_case SET deadline = $1 WHERE id = $2"};
constexpr db::Statement kSetParallel{"UPDATE register_case SET parallel = $1 WHERE id = $2"};
constexpr db::Statement kAddEvent{
    "INSERT INTO register_case_event (case_id, at, by_user, field, old_value, new_value, reason) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7)"};
constexpr db::Statement kEvents{
    "SELECT at, by_user, field, old_value, new_value, reason FROM register_case_event WHERE case_id = $1 "
    "ORDER BY id"};
constexpr db::Statement kRelated{
    "SELECT 1 FROM register_relation WHERE subject_kind = $1 AND subject = $2 AND object = $3 AND kind = $4 "
    "AND ended_at IS NULL"};
constexpr db::Statement kRelate{
    "INSERT INTO register_relation (subject_kind, subject, kind, object, at, by_user, reason) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id"};
constexpr db::Statement kRelation{
    "SELECT subject_kind, subject, object FROM register_relation WHERE id = $1 AND ended_at IS NULL"};
constexpr db::Statement kEndRelation{
    "UPDATE register_relation SET ended_at = $1, ended_by = $2 WHERE id = $3 AND ended_at IS NULL"};
#define TORG_RELATIONS(table)                                                                  \
  "SELECT l.id, l.kind, l.subject, l.object, l.at, l.by_user, o.authority, o.number, o.title " \
  "FROM register_relation l JOIN " table                                                       \
  " o ON o.id = CASE WHEN l.subject = $1 THEN l.object ELSE l.subject END "                    \
  "WHERE l.subject_kind = $2 AND (l.subject = $1 OR l.object = $1) AND l.ended_at IS NULL ORDER BY l.id"
constexpr db::Statement kCaseRelations{TORG_RELATIONS("register_case")};
constexpr db::Statement kRecordRelations{TORG_RELATIONS("register_record")};

bool is_blank(std::string_view text) { return text.find_first_not_of(' ') == std::string_view::npos; }

using Changed = Result<std::string>;  ///< what stood there before

Changed set_title(db::Transaction& transaction, CaseView const& view, ChangeCase const& change) {
  if (is_blank(change.value) || change.value.size() > kMostText)
    return fail(ErrorCode::invalid_param, "A case has a title of at most 500 characters.");
  // What the web shows follows the registrar, and waits for her otherwise (R63).
  auto const shown = view.public_title && change.hand == CaseHand::registrar
                         ? std::optional<std::string_view>(change.value)
                         : std::nullopt;
  transaction.execute(kSetTitle, {change.value, shown, folded(view.number + " " + change.value), view.id});
  return view.title;
}

Result<> check_state(CaseView const& view, CaseStage wanted, CaseHand hand) {
  if (wanted == CaseStage::closed)
    return fail(ErrorCode::rule_refuses, "R13: a case is closed with its review, not by its state.");
  if (wanted == CaseStage::archived) {
    if (view.state != CaseStage::closed)
      return fail(ErrorCode::rule_refuses, "Only a closed case is archived.");
    if (hand != CaseHand::registrar)
      return fail(ErrorCode::forbidden, "Only a registrar or archivist archives a case.");
    return {};
  }
  if (view.state >= CaseStage::closed)
    return fail(ErrorCode::rule_refuses,
                "A closed case is not opened again. Open a new one and relate it to this one.");
  return {};
}

Changed set_state(db::Transaction& transaction, CaseView const& view, ChangeCase const& change) {
  auto const wanted = parse_case_stage(change.value);
  if (!wanted) return fail(ErrorCode::invalid_param, "A case is open, waiting, decided, closed or archived.");
  if (auto may = check_state(view, *wanted, change.hand); !may) return fail(std::move(may));
  transaction.execute(kSetState, {static_cast<int>(*wanted), view.id});
  return std::string(to_text(view.state));
}

Changed set_deadline(db::Transaction& transaction, CaseView const& view, ChangeCase const& change) {
  auto const day = governance::parse_day(change.value);
  if (!day && !change.value.empty())
    return fail(ErrorCode::invalid_param, "A deadline is a day, written 2026-11-24, or nothing.");
  auto const days = day ? std::optional(day->time_since_epoch().count()) : std::nullopt;
  transaction.execute(kSetDeadline, {days, view.id});
  return view.deadline ? governance::to_text(*view.deadline) : std::string();
}

Changed set_officer(db::Transaction& transaction, CaseView const& view, ChangeCase const& change) {
  std::int64_t user = 0;
  std::from_chars(change.value.data(), change.value.data() + change.value.size(), user);
  transaction.execute(kSetOfficer, {user, view.id});
  return view.officer ? std::to_string(view.officer.value) : std::string();
}

Changed set_parallel(db::Transaction& transaction, CaseView const& view, ChangeCase const& change) {
  constexpr std::size_t kMost = 20;
  auto const value = parse_json(change.value);
  if (!value || !value->is_array() || value->get_array().size() > kMost)
    return fail(ErrorCode::invalid_param,
                "Parallel cases are a list of at most 20, each with authority and number.");
  std::vector<ParallelCase> cases;
  for (auto const& one : value->get_array()) {
    if (!one.is_object())
      return fail(ErrorCode::invalid_param, "A parallel case has an authority and a number.");
    ParallelCase parallel{std::string(optional_string(one.get_object(), "authority").value_or("")),
                          std::string(optional_string(one.get_object(), "number").value_or(""))};
    if (is_blank(parallel.authority) || is_blank(parallel.number) || parallel.authority.size() > kMostText ||
        parallel.number.size() > kMostText)
      return fail(ErrorCode::invalid_param, "A parallel case has an authority and a number.");
    cases.push_back(std::move(parallel));
  }
  transaction.execute(kSetParallel, {parallel_text(cases), view.id});
  return parallel_text(view.parallel);
}

Changed set_text(db::Transaction& transaction, CaseView const& view, ChangeCase const& change) {
  if (change.value.size() > kMostText) return fail(ErrorCode::invalid_param, "That is too long.");
  bool const unit = change.field == "unit";
  transaction.execute(unit ? kSetUnit : kSetClassification, {change.value, view.id});
  return unit ? view.unit : view.classification;
}

using Setter = Changed (*)(db::Transaction&, CaseView const&, ChangeCase const&);
struct CaseField {
  std::string_view name;
  Setter set;
  bool needs_reason;
};
constexpr std::array<CaseField, 7> kFields{{{"title", set_title, true},
                                            {"classification", set_text, true},
                                            {"state", set_state, false},
                                            {"officer", set_officer, false},
                                            {"unit", set_text, false},
                                            {"deadline", set_deadline, false},
                                            {"parallel", set_parallel, false}}};

}  // namespace

Result<> change_case(db::Transaction& transaction, ChangeCase const& change) {
  auto const view = register_store::case_view(transaction, change.of_case);
  if (!view) return fail(ErrorCode::not_found, "There is no such case.");
  auto const field = std::ranges::find(kFields, change.field, &CaseField::name);
  if (field == kFields.end()) return fail(ErrorCode::invalid_param, "A case has no such field to change.");
  if ((field->needs_reason && is_blank(change.reason)) || change.reason.size() > kMostText)
    return fail(ErrorCode::invalid_param, "Say why, in at most 500 characters.");
  if (view->state >= CaseStage::closed && change.hand != CaseHand::registrar)
    return fail(ErrorCode::forbidden, "A closed case is changed by a registrar or archivist.");
  auto const before = field->set(transaction, *view, change);
  if (!before) return std::unexpected(before.error());
  transaction.execute(kAddEvent, {change.of_case, to_ms(change.at), change.by, change.field, *before,
                                  change.value, change.reason});
  register_store::reindex_case(transaction, change.of_case);
  return {};
}

std::string_view to_text(RelationKind kind) { return kKinds.at(static_cast<std::size_t>(kind)); }

std::optional<RelationKind> parse_relation_kind(std::string_view text) {
  auto const found = std::ranges::find(kKinds, text);
  if (found == kKinds.end()) return std::nullopt;
  return static_cast<RelationKind>(found - kKinds.begin());
}

Result<std::int64_t> relate(db::Transaction& transaction, Relate const& relation) {
  if (relation.subject == relation.object)
    return fail(ErrorCode::invalid_param, "Nothing is related to itself.");
  if (relation.reason.size() > kMostText) return fail(ErrorCode::invalid_param, "The reason is too long.");
  bool const of_records = relation.kind == RelationKind::answers || relation.kind == RelationKind::version_of;
  if (relation.what == Related::cases && of_records)
    return fail(ErrorCode::invalid_param, "A case refers to another or replaces it.");
  auto const what = static_cast<int>(relation.what), kind = static_cast<int>(relation.kind);
  auto const stands = [&](std::int64_t subject, std::int64_t object) {
    auto const get = [](db::Row const& row) { return row.integer(0); };
    return transaction.query_one(kRelated, {what, subject, object, kind}, get).has_value();
  };
  if (stands(relation.subject, relation.object) || stands(relation.object, relation.subject))
    return fail(ErrorCode::conflict, "They are related like this already.");
  return transaction
      .query_one(
          kRelate,
          {what, relation.subject, kind, relation.object, to_ms(relation.at), relation.by, relation.reason},
          [](db::Row const& row) { return row.integer(0); })
      .value();
}

namespace case_store {

std::vector<CaseEvent> events(db::Reader& reader, CaseId id) {
  std::vector<CaseEvent> found;
  reader.query(kEvents, {id}, [&](db::Row const& row) {
    found.push_back({instant_from_ms(row.integer(0)), row.number<UserNid>(1), row.string(2), row.string(3),
                     row.string(4), row.string(5)});
  });
  return found;
}

std::vector<RelationView> relations(db::Reader& reader, Related what, std::int64_t id) {
  std::vector<RelationView> found;
  reader.query(what == Related::cases ? kCaseRelations : kRecordRelations, {id, static_cast<int>(what)},
               [&](db::Row const& row) {
                 auto const reverse = row.integer(2) != id;
                 found.push_back({row.integer(0), static_cast<RelationKind>(row.integer(1)), reverse,
                                  row.integer(reverse ? 2 : 3), row.number<AuthorityId>(6), row.string(7),
                                  row.string(8), instant_from_ms(row.integer(4)), row.number<UserNid>(5)});
               });
  return found;
}

std::optional<RelationEnds> relation(db::Reader& reader, std::int64_t id) {
  return reader.query_one(kRelation, {id}, [](db::Row const& row) {
    return RelationEnds{static_cast<Related>(row.integer(0)), row.integer(1), row.integer(2)};
  });
}

void end_relation(db::Transaction& transaction, std::int64_t id, UserNid by, Instant at) {
  transaction.execute(kEndRelation, {to_ms(at), by, id});
}

}  // namespace case_store
}  // namespace torg::records
