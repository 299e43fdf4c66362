#include "records/secrecy/marks.hpp"

#include "crypto/hash.hpp"
#include "records/register/contains.hpp"
#include "records/register/staff_search.hpp"
#include "records/register/store.hpp"

namespace torg::records {
namespace {

/// A seed for the `n`th entry of one act; one-way, as salts are.
SaltSeed nth(SaltSeed const& seed, std::size_t n) {
  std::string text(reinterpret_cast<char const*>(seed.bytes.data()), seed.bytes.size());
  return SaltSeed{crypto::sha256(text + std::to_string(n))};
}

void audit(db::Transaction& transaction, Instant at, UserNid by, std::string_view what, AuthorityId authority,
           MarkedThing thing) {
  bool const a_case = thing.kind == MarkedThing::Kind::a_case;
  governance::Governance::audit(
      transaction, at, by, what,
      {{"authority", authority.value}, {a_case ? "case" : "record", thing.subject}, {"file", thing.n}});
}

/// The register's own people find what is marked.
void reindex(db::Transaction& transaction, MarkedThing thing) {
  if (thing.kind == MarkedThing::Kind::a_case)
    register_store::reindex_case(transaction, CaseId(thing.subject));
}

/// The earlier marking ends where the new one begins.
void put(db::Transaction& transaction, AuthorityId authority, MarkedThing thing, Mark const& mark) {
  static_cast<void>(secrecy_store::end(transaction, thing, mark.at, mark.by, "marked anew"));
  secrecy_store::add(transaction, thing, mark);
  audit(transaction, mark.at, mark.by, "secrecy.marked", authority, thing);
  reindex(transaction, thing);
}

}  // namespace

Result<> SecrecyMarks::may_mark(UserNid by, AuthorityId authority) const {
  using governance::Role;
  if (!records_.may_read(by, authority)) return fail(ErrorCode::not_found, "There is nothing with this id.");
  if (governance_.has_role(by, authority, Role::officer) || records_.is_registrar(by, authority)) return {};
  return fail(ErrorCode::forbidden, "Officers and registrars of the authority mark.");
}

Task<Result<AuthorityId>> SecrecyMarks::case_for(UserNid by, CaseId id) {
  auto view = co_await records_.case_view(id);
  if (!view) co_return fail(std::move(view));
  if (auto may = may_mark(by, view->authority); !may) co_return fail(std::move(may));
  co_return view->authority;
}

Task<Result<AuthorityId>> SecrecyMarks::file_for(UserNid by, RecordId record, int n) {
  auto view = co_await records_.record(record);
  if (!view) co_return fail(std::move(view));
  if (auto may = may_mark(by, view->authority); !may) co_return fail(std::move(may));
  if (!contains(view->files, n, &FileView::n))
    co_return fail(ErrorCode::not_found, "The record has no such file.");
  co_return view->authority;
}

Mark SecrecyMarks::new_mark(UserNid by, AuthorityId authority, Secrecy secrecy) const {
  if (secrecy.authority.empty()) secrecy.authority = governance_.authority(authority)->code;
  return {std::move(secrecy), runtime_.now(), by, std::nullopt, {}, {}};
}

Task<Result<Mark>> SecrecyMarks::mark_case(UserNid by, CaseId id, Secrecy secrecy, ShownTitles titles) {
  auto authority = co_await case_for(by, id);
  if (!authority) co_return fail(std::move(authority));
  auto const mark = new_mark(by, *authority, std::move(secrecy));
  auto const by_id = people_.user_id(by);
  auto const seed = draw_salt_seed(runtime_);
  auto done = co_await database_.write(
      [id, mark, by_id, titles, seed, authority = *authority](db::Transaction& transaction) -> Result<> {
        put(transaction, authority, marked_case(id), mark);
        if (titles == ShownTitles::keep) return {};
        register_store::hide_case_title(transaction, id);
        std::size_t n = 0;
        for (auto const& record : register_store::records_of(transaction, id)) {
          check_again(transaction, {record.id, Publication::waiting, std::nullopt, mark.by, by_id,
                                    log_time(transaction, mark.at), nth(seed, ++n)});
        }
        return {};
      });
  if (!done) co_return fail(std::move(done));
  co_return mark;
}

Task<Result<Mark>> SecrecyMarks::mark_file(UserNid by, RecordId record, int n, Secrecy secrecy) {
  auto authority = co_await file_for(by, record, n);
  if (!authority) co_return fail(std::move(authority));
  auto const mark = new_mark(by, *authority, std::move(secrecy));
  auto done = co_await database_.write(
      [record, n, mark, authority = *authority](db::Transaction& transaction) -> Result<> {
        put(transaction, authority, marked_file(record, n), mark);
        return {};
      });
  if (!done) co_return fail(std::move(done));
  co_return mark;
}

Task<Result<>> SecrecyMarks::end(UserNid by, AuthorityId authority, MarkedThing thing, std::string reason) {
  if (reason.find_first_not_of(' ') == std::string::npos)
    co_return fail(ErrorCode::missing_param, "Say why the marking ends.");
  co_return co_await database_.write(
      [by, authority, thing, reason, at = runtime_.now()](db::Transaction& transaction) -> Result<> {
        if (!secrecy_store::end(transaction, thing, at, by, reason))
          return fail(ErrorCode::conflict, "There is no marking to end.");
        audit(transaction, at, by, "secrecy.mark_ended", authority, thing);
        reindex(transaction, thing);
        return {};
      });
}

Task<Result<>> SecrecyMarks::end_case(UserNid by, CaseId id, std::string reason) {
  auto authority = co_await case_for(by, id);
  if (!authority) co_return fail(std::move(authority));
  co_return co_await end(by, *authority, marked_case(id), std::move(reason));
}

Task<Result<>> SecrecyMarks::end_file(UserNid by, RecordId record, int n, std::string reason) {
  auto authority = co_await file_for(by, record, n);
  if (!authority) co_return fail(std::move(authority));
  co_return co_await end(by, *authority, marked_file(record, n), std::move(reason));
}

Task<Result<std::vector<Mark>>> SecrecyMarks::of_case(UserNid by, CaseId id) {
  auto view = co_await records_.case_view(id);
  if (!view) co_return fail(std::move(view));
  if (!records_.may_read(by, view->authority)) co_return fail(ErrorCode::not_found, "There is no such case.");
  co_return co_await database_.read(
      [id](db::Reader& reader) { return secrecy_store::marks(reader, marked_case(id)); });
}

}  // namespace torg::records
