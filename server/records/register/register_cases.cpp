// What people do with a case besides opening and closing it.
#include "records/register/register.hpp"
#include "records/register/store.hpp"

namespace torg::records {

Task<Result<CaseView>> Register::change_case(UserNid by, CaseId id, std::string field, std::string value,
                                             std::string reason) {
  auto const view = co_await case_view(id);
  if (!view) co_return std::unexpected(view.error());
  if (!may_read(by, view->authority)) co_return fail(ErrorCode::not_found, "There is no such case.");
  if (field == "officer" && !value.empty()) {
    auto const officer = people_.find(value);
    if (!officer || !may_read(officer, view->authority))
      co_return fail(ErrorCode::invalid_param,
                     "Only somebody with a role in this register deals with its cases.");
    value = std::to_string(officer.value);
  }
  bool const registrar = is_registrar(by, view->authority) ||
                         governance_.has_role(by, view->authority, governance::Role::archivist);
  ChangeCase const change{id,
                          std::move(field),
                          std::move(value),
                          std::move(reason),
                          registrar ? CaseHand::registrar : CaseHand::officer,
                          by,
                          runtime_.now()};
  auto const done = co_await database_.write(
      [change](db::Transaction& transaction) { return records::change_case(transaction, change); });
  if (!done) co_return std::unexpected(done.error());
  co_return co_await case_view(id);
}

Task<Result<std::vector<CaseEvent>>> Register::case_events(CaseId id) {
  co_return co_await database_.read([id](db::Reader& reader) { return case_store::events(reader, id); });
}

Task<Result<>> Register::may_touch(UserNid user, Related what, std::int64_t id) {
  AuthorityId authority;
  if (what == Related::cases) {
    auto const view = co_await case_view(CaseId(id));
    if (!view) co_return std::unexpected(view.error());
    authority = view->authority;
  } else {
    auto const view = co_await record(RecordId(id));
    if (!view) co_return std::unexpected(view.error());
    authority = view->authority;
  }
  if (!may_read(user, authority)) co_return fail(ErrorCode::not_found, "There is nothing with this id.");
  co_return Result<>{};
}

Task<Result<std::int64_t>> Register::relate(Relate relation) {
  std::array const ends{relation.subject, relation.object};
  for (auto const end : ends) {
    auto const allowed = co_await may_touch(relation.by, relation.what, end);
    if (!allowed) co_return std::unexpected(allowed.error());
  }
  relation.at = runtime_.now();
  co_return co_await database_.write(
      [relation](db::Transaction& transaction) { return records::relate(transaction, relation); });
}

Task<Result<>> Register::end_relation(UserNid by, std::int64_t id) {
  auto const found =
      co_await database_.read([id](db::Reader& reader) { return case_store::relation(reader, id); });
  if (!found) co_return std::unexpected(found.error());
  if (!*found) co_return fail(ErrorCode::not_found, "There is no such relation.");
  std::array const ends{(*found)->subject, (*found)->object};
  for (auto const end : ends) {
    auto const allowed = co_await may_touch(by, (*found)->what, end);
    if (!allowed) co_return std::unexpected(allowed.error());
  }
  co_return co_await database_.write([id, by, at = runtime_.now()](db::Transaction& transaction) -> Result<> {
    case_store::end_relation(transaction, id, by, at);
    return {};
  });
}

Task<Result<std::vector<RelationView>>> Register::relations(UserNid reader, Related what, std::int64_t id) {
  auto found =
      co_await database_.read([what, id](db::Reader& r) { return case_store::relations(r, what, id); });
  if (!found) co_return fail(std::move(found));
  for (auto& one : *found)
    if (!may_read(reader, one.other_authority)) one.other_title.clear();
  co_return std::move(*found);
}

}  // namespace torg::records
