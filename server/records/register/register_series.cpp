// The register's series: which one writes, and how an authority changes them.
#include "records/register/register.hpp"
#include "records/register/store.hpp"

namespace torg::records {
namespace {

using Changed = std::expected<std::vector<NumberSeries>, std::vector<SeriesProblem>>;

}  // namespace

std::vector<NumberSeries> Register::all_series(AuthorityId authority) const {
  auto const found = series_.find(authority);
  return found == series_.end() ? std::vector{first_series()} : found->second;
}

Series Register::series(AuthorityId authority, std::string_view record_type) const {
  auto const* known = governance_.authority(authority);
  auto const all = all_series(authority);
  auto const& chosen = series_for(all, record_type);
  return {authority, known == nullptr ? std::string() : known->code, chosen.pattern, chosen.n};
}

Task<Result<std::set<std::int64_t>>> Register::used_series(AuthorityId authority) {
  co_return co_await database_.read([authority, all = all_series(authority)](db::Reader& reader) {
    std::set<std::int64_t> used;
    for (auto const& one : all)  // a handful
      if (register_store::has_given_numbers(reader, {authority, one.n})) used.insert(one.n);
    return used;
  });
}

std::map<AuthorityId, std::string> Register::series_codes() const {
  std::map<AuthorityId, std::string> codes;
  for (auto const& one : governance_.authorities()) codes[one.id] = one.code;
  return codes;
}

std::optional<Bilingual> Register::refusal_of(std::string code, std::string pattern) const {
  SeriesChange const change{
      {}, std::move(code), {{std::nullopt, "Diarium", "Register", std::move(pattern), {}}}};
  auto const checked = changed_series(change, {series_, series_codes()}, [](std::int64_t) { return false; });
  return checked ? std::nullopt : std::optional(checked.error().front().why);
}

Task<Result<Changed>> Register::set_series(UserNid by, AuthorityId authority,
                                           std::vector<WantedSeries> wanted, std::string decision) {
  auto const* known = governance_.authority(authority);
  if (known == nullptr) co_return fail(ErrorCode::not_found, "There is no such authority.");
  auto const codes = series_codes();
  SeriesChange const change{authority, known->code, std::move(wanted)};
  // In the lane, so that no number is given between the look and the change.
  auto changed = co_await database_.write(
      [change, codes, by, decision, at = runtime_.now()](db::Transaction& transaction) -> Result<Changed> {
        AllSeries const before{series_store::all(transaction), codes};
        auto after = changed_series(change, before, [&](std::int64_t n) {
          return register_store::has_given_numbers(transaction, {change.authority, n});
        });
        if (!after) return Changed(std::unexpected(std::move(after.error())));
        series_store::put(transaction, change.authority, *after);
        governance::Governance::audit(transaction, at, by, "register.series",
                                      {{"authority", change.code},
                                       {"series", static_cast<std::int64_t>(after->size())},
                                       {"decision", decision}});
        return Changed(std::move(*after));
      });
  if (changed && *changed) series_[authority] = **changed;
  co_return changed;
}

}  // namespace torg::records
