#include "records/register/series.hpp"

#include "db/testing/on_both_databases.hpp"
#include "records/log/migrations/migrations.hpp"
#include "records/register/entry.hpp"
#include "records/register/migrations/migrations.hpp"
#include "records/testing/record_builder.hpp"

#include <random>
#include <set>

#include <gmock/gmock.h>

namespace torg::records {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

NumberPattern pattern(std::string_view text) { return NumberPattern::parse(text).value(); }

bool meets(std::string_view a, std::string_view code_a, std::string_view b, std::string_view code_b) {
  auto const first = pattern(a), second = pattern(b);
  return could_meet({first, code_a}, {second, code_b});
}

TEST(PatternMeeting, TellsSeriesApartByCodeAndByWords) {
  constexpr std::string_view kUsual = "{code} {year}/{case:5}-{doc}";
  EXPECT_FALSE(meets(kUsual, "KS", kUsual, "BN"));
  EXPECT_TRUE(meets(kUsual, "KS", kUsual, "ks")) << "capitals don't tell numbers apart";
  EXPECT_TRUE(meets(kUsual, "KS", "{code} {year}/{case}-{doc}", "KS")) << "from 10,000 cases on";
  EXPECT_FALSE(meets(kUsual, "KS", "{code}-P {year}/{case}-{doc}", "KS"));
  EXPECT_TRUE(meets("{code} {year}/{case}-{doc}", "KS", "{code} {year}/{case}-1", "KS")) << "case and record";
  EXPECT_FALSE(meets("A {year}/{case}", "", "A {case}-{year}", ""));
  EXPECT_TRUE(meets("{code} {year}/{case} {class}", "KS", "{code} {year}/{case} P", "KS")) << "any class";
}

/// A pattern as an administrator in a hurry might write it.
std::string random_pattern(std::mt19937& random) {
  constexpr std::array kParts{"{code}",  "{year}",  "{case}", "{serial:2}", "{case:3}", "{doc}",
                              "{doc:2}", "{class}", "-",      "/",          " ",        ":",
                              "1",       "A",       "P-",     "0/",         "KS "};
  std::string text;
  auto const size = 3 + random() % 7;
  for (std::size_t n = 0; n < size; ++n) text += kParts[random() % kParts.size()];
  return text;
}

/// Small parts, so that numbers would meet soon if they could.
std::vector<NumberParts> some_parts(std::string const& code, std::mt19937& random) {
  constexpr std::array kClasses{"", "1", "1.4", "A", "2026/1", "-1", "1-1", "/", "P-2026"};
  std::vector<NumberParts> all;
  for (int n = 0; n < 200; ++n)
    all.push_back({code, 2025 + static_cast<int>(random() % 3), static_cast<std::int64_t>(1 + random() % 12),
                   static_cast<std::int64_t>(1 + random() % 12), kClasses[random() % kClasses.size()]});
  return all;
}

TEST(NumberPattern, OfThoseAcceptedNoneWritesOneNumberTwice) {
  std::mt19937 random(20261122);
  int accepted = 0;
  for (int n = 0; n < 60'000; ++n) {
    auto const made = NumberPattern::check(random_pattern(random));
    if (!made) continue;
    ++accepted;
    std::map<std::string, std::tuple<int, std::int64_t, std::int64_t>> seen;
    for (auto const& parts : some_parts("KS", random)) {
      std::tuple const what(parts.year, parts.case_serial, made->counts_documents() ? parts.document : 0);
      auto const [at, added] = seen.emplace(made->record_number(parts), what);
      ASSERT_EQ(at->second, what) << made->text() << " writes " << at->first << " twice";
    }
  }
  EXPECT_GT(accepted, 100);
}

TEST(PatternMeeting, OfThoseAcceptedNoTwoSeriesEverMeet) {
  std::mt19937 random(7);
  std::vector<std::pair<NumberPattern, std::string>> accepted;
  constexpr std::array<std::string_view, 4> kCodes{"KS", "K", "A", "P-1"};
  while (accepted.size() < 60) {
    auto made = NumberPattern::check(random_pattern(random));
    if (made) accepted.emplace_back(std::move(*made), kCodes[random() % kCodes.size()]);
  }
  int apart = 0;
  for (std::size_t a = 0; a < accepted.size(); ++a) {
    std::set<std::string> numbers;
    for (auto const& parts : some_parts(accepted[a].second, random)) {
      numbers.insert(accepted[a].first.record_number(parts));
      numbers.insert(accepted[a].first.case_number(parts));
    }
    for (std::size_t b = a + 1; b < accepted.size(); ++b) {
      if (could_meet({accepted[a].first, accepted[a].second}, {accepted[b].first, accepted[b].second}))
        continue;
      ++apart;
      for (auto const& parts : some_parts(accepted[b].second, random)) {
        ASSERT_FALSE(numbers.contains(accepted[b].first.record_number(parts)))
            << accepted[a].first.text() << " and " << accepted[b].first.text();
        ASSERT_FALSE(numbers.contains(accepted[b].first.case_number(parts)));
      }
    }
  }
  EXPECT_GT(apart, 300);
}

TEST(NumberPattern, ReadsTheNumbersItWrites) {
  std::mt19937 random(3);
  int read = 0;
  while (read < 200) {
    auto const made = NumberPattern::check(random_pattern(random));
    if (!made) continue;
    ++read;
    for (auto const& parts : some_parts("KS", random)) {
      auto const found = made->read_record(made->record_number(parts), "KS");
      ASSERT_TRUE(found) << made->text();
      ASSERT_EQ(std::pair(found->year, found->case_serial), std::pair(parts.year, parts.case_serial))
          << made->text() << " " << made->record_number(parts);
      ASSERT_EQ(found->document, made->counts_documents() ? parts.document : 0);
    }
  }
  EXPECT_FALSE(NumberPattern::standard().read_case("BN 2026/00001", "KS"));
}

AllSeries two_boards() { return {{}, {{AuthorityId(1), "KS"}, {AuthorityId(2), "BN"}}}; }

WantedSeries wanted(std::optional<std::int64_t> n, std::string text, std::vector<std::string> types = {}) {
  return {n, "Serie", "Series", std::move(text), std::move(types)};
}
bool unused(std::int64_t) { return false; }
bool used(std::int64_t) { return true; }

TEST(Series, SendsRecordTypesToTheirOwn) {
  auto const all = changed_series({AuthorityId(1),
                                   "KS",
                                   {wanted(0, "{code} {year}/{case:5}-{doc}"),
                                    wanted({}, "{code}-P {year}/{case}-{doc}", {"Personalakt"})}},
                                  two_boards(), used);
  ASSERT_TRUE(all);
  EXPECT_EQ(series_for(*all, "PERSONALAKT").n, 1);
  EXPECT_EQ(series_for(*all, "Remiss").n, 0);
}

TEST(Series, TellAllThatIsWrongAtOnce) {
  auto const refused =
      changed_series({AuthorityId(1),
                      "KS",
                      {wanted(0, "{code} {case}"), wanted({}, "BN {year}/{case}-{doc}", {"A"}),
                       wanted({}, "P {year}{case}", {"a"})}},
                     two_boards(), unused);
  ASSERT_FALSE(refused);
  std::vector<std::size_t> places;
  for (auto const& problem : refused.error()) places.push_back(problem.place);
  EXPECT_THAT(places, ElementsAre(0u, 1u, 2u, 2u));
  EXPECT_THAT(refused.error()[0].why.sv, HasSubstr("saknar {year}"));
  EXPECT_THAT(refused.error()[1].why.en, HasSubstr("same number as"));
}

TEST(Series, ThatHaveGivenNumbersChangeTheirWidthsOnly) {
  auto const change = [](std::string text, auto is_used) {
    return changed_series({AuthorityId(1), "KS", {wanted(0, std::move(text))}}, two_boards(), is_used)
        .has_value();
  };
  EXPECT_TRUE(change("{code} {year}/{case:4}-{doc:2}", used));
  EXPECT_FALSE(change("{code}/{year}/{case}", used));
  EXPECT_TRUE(change("{code}/{year}/{case}", unused));
}

TEST(Series, AreRetiredWhenTheyAreLeftOut) {
  SeriesChange const change{AuthorityId(1), "KS", {wanted({}, "{code}-A {year}/{case}-{doc}")}};
  auto const after = changed_series(change, two_boards(), used);
  ASSERT_TRUE(after);
  ASSERT_EQ(after->size(), 2u);
  EXPECT_TRUE(after->at(0).retired);
  EXPECT_EQ(series_for(*after, "").n, 1);
  EXPECT_EQ(changed_series(change, two_boards(), unused)->size(), 1u) << "it never gave a number";
  auto back = change;
  back.wanted = {wanted({}, "{code} {year}/{case}-{doc}")};
  EXPECT_FALSE(changed_series(back, {{{AuthorityId(1), *after}}, two_boards().codes}, used))
      << "numbers of the retired one would come again";
}

class SeriesStore : public db::OnBothDatabases {
 protected:
  void SetUp() override {
    std::vector<db::Migration> all(log_migrations().begin(), log_migrations().end());
    all.insert(all.end(), register_migrations().begin(), register_migrations().end());
    ASSERT_TRUE(database->migrate(all));
  }
  Registered add(NewRecord const& record) {
    return run(runtime, database->write([record](db::Transaction& t) { return register_record(t, record); }))
        .value();
  }
};
INSTANTIATE_TEST_SUITE_P(Db, SeriesStore, db::both_databases(), db::database_name);

TEST_P(SeriesStore, KeepsWhatWasSet) {
  std::vector<NumberSeries> const kept{first_series(),
                                       {1, "Personal", "Staff", pattern("P {year}/{case}"), {"Akt"}, true}};
  database->write_now([&](db::Transaction& t) { series_store::put(t, AuthorityId(1), kept); });
  database->read_now([&](db::Reader& reader) {
    auto const found = series_store::all(reader).at(AuthorityId(1));
    ASSERT_EQ(found.size(), 2u);
    EXPECT_EQ(found[1].pattern.text(), "P {year}/{case}");
    EXPECT_EQ(found[1].record_types, kept[1].record_types);
    EXPECT_TRUE(found[1].retired);
  });
}

TEST_P(SeriesStore, CountsEachSeriesByItselfAndACaseGoesOnInItsOwn) {
  auto staff = a_record(1);
  staff.series.n = 1;
  staff.series.pattern = pattern("{code}-P {year}/{case}:{doc}");
  auto const first = add(staff);
  EXPECT_EQ(first.number, "KS-P 2024/1:1");
  EXPECT_EQ(add(a_record(2)).number, "KS 2024/00001-1");
  auto later = a_record(3);
  later.of_case = first.case_id;
  EXPECT_EQ(add(later).number, "KS-P 2024/1:2");
}

}  // namespace
}  // namespace torg::records
