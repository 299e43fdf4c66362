#include "records/register/series.hpp"

#include "records/register/contains.hpp"
#include "records/register/titles.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

namespace torg::records {
namespace {

constexpr std::size_t kMostSeries = 50, kMostTypes = 200;

/// Looks at a new list line by line and gathers what is wrong with it.
class Change {
 public:
  Change(SeriesChange const& change, AllSeries const& before,
         std::function<bool(std::int64_t)> const& is_used)
      : change_(change), before_(before), is_used_(is_used) {
    auto const found = before.series.find(change.authority);
    own_ = found == before.series.end() ? std::vector{first_series()} : found->second;
  }

  std::expected<std::vector<NumberSeries>, std::vector<SeriesProblem>> run() {
    if (change_.wanted.size() > kMostSeries)
      add({0, {"En myndighet har högst 50 serier.", "An authority has 50 series at most."}});
    for (place_ = 0; place_ < change_.wanted.size(); ++place_) take(change_.wanted[place_]);
    check_types();
    if (!problems_.empty()) return std::unexpected(std::move(problems_));
    auto after = std::move(after_);
    for (auto& old : own_) {
      bool const kept = contains(after, old.n, &NumberSeries::n);
      if (kept || (!old.retired && !is_used_(old.n))) continue;
      old.retired = true;
      old.record_types.clear();
      after.push_back(std::move(old));
    }
    std::ranges::sort(after, {}, &NumberSeries::n);
    return after;
  }

 private:
  void add(SeriesProblem problem) { problems_.push_back(std::move(problem)); }
  void refuse(std::string sv, std::string en) { add({place_, {std::move(sv), std::move(en)}}); }

  [[nodiscard]] std::int64_t next_n() const {
    std::int64_t next = 0;
    for (auto const& one : own_) next = std::max(next, one.n + 1);
    for (auto const& one : after_) next = std::max(next, one.n + 1);
    return next;
  }

  void take(WantedSeries const& wanted) {
    auto const old = wanted.n ? std::ranges::find(own_, *wanted.n, &NumberSeries::n) : own_.end();
    if (wanted.n && (old == own_.end() || old->retired || contains(after_, *wanted.n, &NumberSeries::n)))
      return refuse("Det finns ingen sådan serie i bruk, eller så står den två gånger i listan.",
                    "There is no such series in use, or it stands twice in the list.");
    auto pattern = NumberPattern::check(wanted.pattern);
    if (!pattern) return add({place_, std::move(pattern.error())});
    if (old != own_.end() && is_used_(old->n) && !pattern->same_but_widths(old->pattern))
      return refuse("Serien har gett nummer: bara bredden kan ändras. Avsluta den och lägg till en ny.",
                    "The series has given numbers: only widths can change. Retire it and add another.");
    check_others(*pattern, old == own_.end() ? std::nullopt : std::optional(old->n));
    if (wanted.record_types.size() > kMostTypes)
      return refuse("En serie har högst 200 handlingstyper.", "A series has 200 record types at most.");
    after_.push_back({old == own_.end() ? next_n() : old->n, wanted.name_sv, wanted.name_en,
                      std::move(*pattern), wanted.record_types, false});
  }

  /// Nothing of this authority's list so far, of what it retires, or of another authority may meet it.
  void check_others(NumberPattern const& pattern, std::optional<std::int64_t> own_n) {
    PatternOf const mine{pattern, change_.code};
    auto const meets = [&](NumberSeries const& other, std::string const& code) {
      if (!could_meet(mine, {other.pattern, code})) return false;
      refuse(fmt::format("Mönstret kan ge samma nummer som {} i {}.", other.pattern.text(), code),
             fmt::format("The pattern can give the same number as {} of {}.", other.pattern.text(), code));
      return true;
    };
    for (auto const& one : after_)
      if (meets(one, change_.code)) return;
    for (auto const& one : own_) {
      bool const gone = !one.retired && !is_used_(one.n);
      bool const kept = std::ranges::any_of(change_.wanted, [&](auto const& w) { return w.n == one.n; });
      if (own_n != one.n && !gone && !kept && meets(one, change_.code)) return;
    }
    for (auto const& [authority, code] : before_.codes) {
      if (authority == change_.authority) continue;
      auto const found = before_.series.find(authority);
      auto const theirs = found == before_.series.end() ? std::vector{first_series()} : found->second;
      for (auto const& one : theirs)
        if (meets(one, code)) return;
    }
  }

  void check_types() {
    std::set<std::string> seen;
    std::size_t without = 0;
    for (place_ = 0; place_ < change_.wanted.size(); ++place_) {
      auto const& types = change_.wanted[place_].record_types;
      if (types.empty() && ++without > 1)
        refuse("Bara en serie kan ta emot det som ingen annan tar.",
               "Only one series can take what no other takes.");
      for (auto const& type : types)
        if (!seen.insert(folded(type)).second)
          refuse(fmt::format("Handlingstypen {} hör till två serier.", type),
                 fmt::format("The record type {} belongs to two series.", type));
    }
    place_ = 0;
    if (without == 0)
      refuse("En serie måste vara utan handlingstyper: den tar emot allt annat.",
             "One series must have no record types: it takes all else.");
  }

  SeriesChange const& change_;
  AllSeries const& before_;
  std::function<bool(std::int64_t)> const& is_used_;
  std::vector<NumberSeries> own_, after_;
  std::vector<SeriesProblem> problems_;
  std::size_t place_ = 0;
};

}  // namespace

NumberSeries first_series() { return {0, "Diarium", "Register", NumberPattern::standard(), {}, false}; }

NumberSeries const& series_for(std::vector<NumberSeries> const& all, std::string_view record_type) {
  auto const wanted = folded(record_type);
  NumberSeries const* rest = nullptr;
  for (auto const& one : all) {
    if (one.retired) continue;
    if (one.record_types.empty()) rest = &one;
    for (auto const& type : one.record_types)
      if (folded(type) == wanted) return one;
  }
  return *rest;
}

std::expected<std::vector<NumberSeries>, std::vector<SeriesProblem>> changed_series(
    SeriesChange const& change, AllSeries const& before, std::function<bool(std::int64_t)> const& is_used) {
  return Change(change, before, is_used).run();
}

namespace series_store {
namespace {

constexpr db::Statement kAll{
    "SELECT authority, n, name_sv, name_en, pattern, record_types, retired FROM register_number_series "
    "ORDER BY authority, n"};
constexpr db::Statement kDrop{"DELETE FROM register_number_series WHERE authority = $1"};
constexpr db::Statement kAdd{
    "INSERT INTO register_number_series (authority, n, name_sv, name_en, pattern, record_types, retired) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7)"};

std::vector<std::string> texts(std::string_view list) {
  auto const value = parse_json(list);
  if (!value || !value->is_array()) throw std::runtime_error("the record types of a series are broken");
  std::vector<std::string> found;
  for (auto const& one : value->get_array()) found.emplace_back(one.as_string());
  return found;
}

}  // namespace

SeriesByAuthority all(db::Reader& reader) {
  SeriesByAuthority found;
  reader.query(kAll, {}, [&](db::Row const& row) {
    auto pattern = NumberPattern::parse(row.text(4));
    if (!pattern) throw std::runtime_error("the number pattern of a register is broken: " + row.string(4));
    found[row.number<AuthorityId>(0)].push_back({row.integer(1), row.string(2), row.string(3),
                                                 std::move(*pattern), texts(row.text(5)),
                                                 row.integer(6) != 0});
  });
  return found;
}

void put(db::Transaction& transaction, AuthorityId authority, std::vector<NumberSeries> const& series) {
  transaction.execute(kDrop, {authority});
  for (auto const& one : series) {
    json::array types;
    for (auto const& type : one.record_types) types.emplace_back(type);
    transaction.execute(kAdd, {authority, one.n, one.name_sv, one.name_en, one.pattern.text(),
                               json::serialize(types), one.retired});
  }
}

}  // namespace series_store
}  // namespace torg::records
