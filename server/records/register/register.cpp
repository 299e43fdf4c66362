#include "records/register/register.hpp"

#include "governance/zone.hpp"
#include "records/assessment/assessment.hpp"
#include "records/register/entry_json.hpp"
#include "records/register/store.hpp"

#include <algorithm>
#include <stdexcept>

namespace torg::records {
namespace {

constexpr std::int64_t kRecent = 300;  // how far back duplicates are looked for
constexpr std::size_t kSimilar = 5;
constexpr std::size_t kShortestTelling = 4;  // bytes; shorter words say nothing of a title

std::set<std::string> telling_words(std::string_view title) {
  std::set<std::string> words;
  auto const lower = folded(title);
  std::string_view rest = lower;
  while (!rest.empty()) {
    auto const end = rest.find_first_of(" ,.:;()");
    if (auto const word = rest.substr(0, end); word.size() >= kShortestTelling) words.emplace(word);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  }
  return words;
}

std::vector<RecordView> likeliest(std::vector<RecordView> records, std::string_view title) {
  auto const wanted = telling_words(title);
  std::vector<std::pair<std::size_t, std::size_t>> scored;  // words in common, place
  for (std::size_t n = 0; n < records.size(); ++n) {
    auto const words = telling_words(records[n].title + " " + records[n].internal_title);
    auto const common = static_cast<std::size_t>(
        std::ranges::count_if(wanted, [&](auto const& word) { return words.contains(word); }));
    if (common > 0) scored.emplace_back(common, n);
  }
  std::ranges::sort(scored, [](auto const& a, auto const& b) {  // most in common first, then the newest
    return std::pair(b.first, a.second) < std::pair(a.first, b.second);
  });
  std::vector<RecordView> found;
  for (auto const& [common, n] : scored) {
    if (found.size() < kSimilar) found.push_back(std::move(records[n]));
  }
  return found;
}

CheckLine check_line(RecordView record) {
  std::vector<std::string> private_names;
  if (record.private_person) private_names = {record.sender, record.recipient};
  auto names = names_in(record.title, private_names);
  auto suggested = without_names(record.title, private_names);
  return {std::move(record), std::move(names), std::move(suggested)};
}

template <class T>
Result<T> found(Result<std::optional<T>>&& read, std::string_view what) {
  if (!read) return fail(std::move(read));
  if (!*read) return fail(ErrorCode::not_found, "There is no such " + std::string(what) + ".");
  return std::move(**read);
}

}  // namespace

Register::Register(Runtime& runtime, db::Database& database, governance::Governance const& governance,
                   People people, LogService& log)
    : runtime_(runtime),
      database_(database),
      governance_(governance),
      people_(std::move(people)),
      log_(log) {}

void Register::load() {
  database_.read_now([&](db::Reader& reader) { series_ = series_store::all(reader); });
  index_the_old();
}

void Register::index_the_old() {
  constexpr std::int64_t kAtOnce = 500;
  for (bool more = true; more;)
    database_.write_now([&](db::Transaction& t) { more = register_store::reindex_some(t, kAtOnce); });
}

Task<Result<RecordView>> Register::record(RecordId id) {
  co_return found(co_await database_.read([id](db::Reader& r) { return register_store::record(r, id); }),
                  "record");
}

Task<Result<RecordView>> Register::record_by_number(std::string number) {
  co_return found(
      co_await database_.read([number](db::Reader& r) { return register_store::record(r, number); }),
      "record");
}

Task<Result<CaseView>> Register::case_view(CaseId id) {
  co_return found(co_await database_.read([id](db::Reader& r) { return register_store::case_view(r, id); }),
                  "case");
}

Task<Result<CaseView>> Register::case_by_number(std::string number) {
  co_return found(
      co_await database_.read([number](db::Reader& r) { return register_store::case_view(r, number); }),
      "case");
}

Task<Result<std::vector<RecordView>>> Register::records_of(CaseId id) {
  co_return co_await database_.read([id](db::Reader& r) { return register_store::records_of(r, id); });
}

Task<Result<std::vector<CaseView>>> Register::cases(std::vector<AuthorityId> authorities, std::string text,
                                                    Open open, CaseId before, std::size_t limit,
                                                    CaseFilter filter) {
  co_return co_await database_.read_aside([=](db::Reader& reader) {
    std::vector<CaseView> all;
    for (auto const authority : authorities) {  // a person sees one to three authorities
      auto cases =
          register_store::cases(reader, {authority, text, static_cast<int>(open), filter, before, limit});
      std::ranges::move(cases, std::back_inserter(all));
    }
    std::ranges::sort(all, std::ranges::greater{}, &CaseView::id);
    if (all.size() > limit) all.resize(limit);
    return all;
  });
}

Task<Result<std::vector<RecordView>>> Register::day_list(AuthorityId authority, Day day) {
  co_return co_await database_.read(
      [authority, day](db::Reader& r) { return register_store::day_list(r, authority, day); });
}

Task<Result<std::vector<PublicRecordView>>> Register::public_search(RecordQuery query) {
  co_return co_await database_.read_aside([query, kind = database_.kind()](db::Reader& reader) {
    std::vector<PublicRecordView> views;
    for (auto const& record : register_store::search(reader, kind, query))
      views.push_back(public_view(record));
    return views;
  });
}

Task<Result<StaffPage>> Register::staff_search(StaffQuery query) {
  co_return co_await database_.read_aside([query, kind = database_.kind()](db::Reader& reader) {
    return register_store::staff_search(reader, kind, query);
  });
}

Task<Result<std::vector<RecordView>>> Register::recent(AuthorityId authority) {
  co_return co_await database_.read(
      [authority](db::Reader& r) { return register_store::recent(r, authority, kRecent); });
}

Task<Result<std::vector<RecordView>>> Register::similar(AuthorityId authority, std::string title) {
  auto latest = co_await recent(authority);
  if (!latest) co_return fail(std::move(latest));
  co_return likeliest(std::move(*latest), title);
}

Task<Result<std::vector<CheckLine>>> Register::checks(std::vector<AuthorityId> authorities) {
  co_return co_await database_.read([authorities](db::Reader& reader) {
    std::vector<CheckLine> lines;
    for (auto const authority : authorities) {  // one to three, as above
      for (auto& record : register_store::waiting(reader, authority))
        lines.push_back(check_line(std::move(record)));
    }
    return lines;
  });
}

Task<Result<std::int64_t>> Register::checked_since(AuthorityId authority, Instant since) {
  co_return co_await database_.read(
      [authority, since](db::Reader& r) { return register_store::checked_since(r, authority, since); });
}

Task<Result<std::string>> Register::next_number(AuthorityId authority, CaseId of_case,
                                                std::string classification, std::string record_type) {
  auto const writes = series(authority, record_type);
  auto const year = static_cast<int>(std::chrono::year_month_day(governance::day_of(runtime_.now())).year());
  co_return co_await database_.read([=](db::Reader& reader) {
    auto const row = of_case ? register_store::case_row(reader, of_case) : std::nullopt;
    auto const of_row = row && !row->pattern.empty() ? *NumberPattern::parse(row->pattern) : writes.pattern;
    if (row && of_row.counts_documents())
      return of_row.record_number(row->number, register_store::peek_document(reader, of_case));
    auto const n = row ? row->series : writes.n;
    return of_row.record_number(
        {writes.code, year, register_store::peek_serial(reader, {authority, n}, year), 1, classification});
  });
}

Task<Result<std::string>> Register::manifest(RecordId id) {
  co_return found(co_await database_.read([id](db::Reader& r) { return register_store::manifest(r, id); }),
                  "manifest");
}

Task<Result<ProofFile>> Register::proof(RecordId id) {
  auto view = co_await record(id);
  if (!view) co_return fail(std::move(view));
  co_return co_await log_.proof(id, may_show(std::move(*view)));
}

Task<Result<CaseView>> Register::open_case(UserNid by, AuthorityId authority, std::string title,
                                           std::string classification, std::string record_type) {
  if (!may_read(by, authority)) co_return fail(ErrorCode::forbidden, "You have no role in this register.");
  if (title.find_first_not_of(' ') == std::string::npos) {
    co_return fail(ErrorCode::invalid_param, "A case has a title.");
  }
  auto const now = runtime_.now();
  OpenCase const request{series(authority, record_type),
                         now,
                         governance::day_of(now),
                         by,
                         {std::move(title), std::move(classification), is_registrar(by, authority)}};
  auto id = co_await database_.write(
      [request](db::Transaction& t) -> Result<CaseId> { return records::open_case(t, request); });
  if (!id) co_return fail(std::move(id));
  co_return co_await case_view(*id);
}

Task<Result<CaseView>> Register::close_case(UserNid by, CaseId id,
                                            std::function<void(db::Transaction&)> review) {
  auto view = co_await case_view(id);
  if (!view) co_return fail(std::move(view));
  if (!may_read(by, view->authority)) co_return fail(ErrorCode::not_found, "There is no such case.");
  auto const today = governance::day_of(runtime_.now());
  auto closed = co_await database_.write([id, today, review](db::Transaction& transaction) -> Result<> {
    auto done = records::close_case(transaction, id, today);
    if (done && review) review(transaction);
    return done;
  });
  if (!closed) co_return fail(std::move(closed));
  co_return co_await case_view(id);
}

Task<Result<RecordView>> Register::publish(UserNid by, RecordId id, Publication show,
                                           std::optional<std::string> title) {
  auto authority = co_await authority_of(id, by);
  if (!authority) co_return fail(std::move(authority));
  if (!is_registrar(by, *authority))
    co_return fail(ErrorCode::forbidden, "Only a registrar decides about the web.");
  Publish const decision{
      id, show, std::move(title), by, people_.user_id(by), runtime_.now(), draw_salt_seed(runtime_)};
  auto done =
      co_await database_.write([decision](db::Transaction& t) { return records::publish(t, decision); });
  if (!done) co_return fail(std::move(done));
  co_return co_await record(id);
}

Task<Result<RecordView>> Register::correct(UserNid by, RecordId id, std::string field, std::string value,
                                           std::string reason) {
  auto authority = co_await authority_of(id, by);
  if (!authority) co_return fail(std::move(authority));
  auto const registrar = is_registrar(by, *authority);
  if (field == "not_a_record" && !registrar) {
    co_return fail(ErrorCode::forbidden, "Only a registrar says that something is no public record.");
  }
  if (reason.find_first_not_of(' ') == std::string::npos) {
    co_return fail(ErrorCode::invalid_param, "A correction says why.");
  }
  if (field == "secrecy") value = marked_by(std::move(value), governance_.authority(*authority)->code);
  auto const now = runtime_.now();
  Correct const correction{id,
                           std::move(field),
                           std::move(value),
                           std::move(reason),
                           registrar,
                           by,
                           people_.user_id(by),
                           now,
                           governance::day_of(now),
                           draw_salt_seed(runtime_)};
  auto done = co_await database_.write([correction](db::Transaction& transaction) -> Result<> {
    auto corrected = records::correct(transaction, correction);
    if (corrected && correction.field == "not_a_record") {
      assessment::unregistered(transaction, correction.record, correction.by, correction.at,
                               correction.reason);
    }
    return corrected;
  });
  if (!done) co_return fail(std::move(done));
  co_return co_await record(id);
}

Task<Result<>> Register::add_rendition(RecordId id, std::optional<NewFile> file, std::string tool) {
  Rendered const rendered{id, std::move(file), std::move(tool), runtime_.now(), draw_salt_seed(runtime_)};
  co_return co_await database_.write(
      [rendered](db::Transaction& t) { return records::add_rendition(t, rendered); });
}

bool Register::may_read(UserNid user, AuthorityId authority) const {
  using governance::Role;
  return governance_.has_role(user, authority, Role::officer) || is_registrar(user, authority) ||
         governance_.has_role(user, authority, Role::archivist);
}

bool Register::is_registrar(UserNid user, AuthorityId authority) const {
  return governance_.has_role(user, authority, governance::Role::registrar);
}

Task<Result<AuthorityId>> Register::authority_of(RecordId id, UserNid by) {
  auto view = co_await record(id);
  if (!view) co_return fail(std::move(view));
  if (!may_read(by, view->authority)) co_return fail(ErrorCode::not_found, "There is no such record.");
  co_return view->authority;
}

}  // namespace torg::records
