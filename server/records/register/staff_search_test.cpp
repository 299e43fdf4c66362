#include "records/register/staff_search.hpp"

#include "db/testing/on_both_databases.hpp"
#include "records/log/migrations/migrations.hpp"
#include "records/register/entry.hpp"
#include "records/register/migrations/migrations.hpp"
#include "records/register/saved_searches.hpp"
#include "records/register/store.hpp"
#include "records/testing/record_builder.hpp"

#include <gmock/gmock.h>

namespace torg::records {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::chrono::sys_days day(int year, unsigned month, unsigned of_month) {
  return std::chrono::year(year) / month / of_month;
}

class StaffSearch : public db::OnBothDatabases {
 protected:
  void SetUp() override {
    std::vector<db::Migration> all(log_migrations().begin(), log_migrations().end());
    all.insert(all.end(), register_migrations().begin(), register_migrations().end());
    ASSERT_TRUE(database->migrate(all));
  }
  template <class F>
  auto write(F work) {
    return run(runtime, database->write(std::move(work)));
  }
  Registered add(NewRecord const& record) {
    return write([record](db::Transaction& t) { return register_record(t, record); }).value();
  }
  NewRecord titled(std::string title) {
    auto record = a_record(++made);
    record.title = std::move(title);
    record.internal_title.clear();
    return record;
  }
  Result<> correct(RecordId id, std::string field, std::string value) {
    Correct const correction{
        id,           field,    value,        "fel från början", true, UserNid(9), "@sandra:alvhamn.example",
        kTestInstant, kTestDay, test_seed(77)};
    return write([correction](db::Transaction& t) { return records::correct(t, correction); });
  }
  StaffPage ask(StaffQuery query) {
    StaffPage page;
    if (query.authorities.empty() && query.masked.empty()) query.authorities = {AuthorityId(1)};
    database->read_now(
        [&](db::Reader& reader) { page = register_store::staff_search(reader, GetParam(), query); });
    return page;
  }
  std::vector<std::string> titles(StaffQuery query) {
    std::vector<std::string> found;
    for (auto const& hit : ask(std::move(query)).hits) found.push_back(hit.record.title);
    return found;
  }
  std::vector<std::string> titles(std::string text) {
    StaffQuery query;
    query.text = std::move(text);
    return titles(std::move(query));
  }
  std::uint64_t made = 0;
};
INSTANTIATE_TEST_SUITE_P(Db, StaffSearch, db::both_databases(), db::database_name);

TEST_P(StaffSearch, FindsWhatTheWebDoesNotShow) {
  auto record = titled("Synpunkt");
  record.internal_title = "Synpunkt från grannen om källaren";
  record.sender = "Gun Ahlbäck";
  record.private_person = true;
  record.secrecy = Secrecy{"26 kap. 1 § OSL", kTestDay, "hälsotillstånd"};
  record.attachments = {
      {FileRole::attachment, "fuktmätning.pdf", "application/pdf", 12, db::BlobId{std::string(64, 'a')}}};
  add(record);
  for (auto const* text : {"källaren", "ahlbäck", "Laxån", "hälsotillstånd", "fuktmätning", "26 kap"})
    EXPECT_THAT(titles(text), ElementsAre("Synpunkt")) << text;
}

TEST_P(StaffSearch, FindsOtherFormsBeginningsAndNumbers) {
  add(titled("Yttrande över provisoriska vallar"));
  for (auto const* text : {"vallarna", "provisorisk", "provis", "yttr vall", "2024/00001-1", "KS 2024/00001",
                           "\"provisoriska vallar\""})
    EXPECT_EQ(titles(text).size(), 1u) << text;
  for (auto const* text : {"visoriska", "vallar finnsinte", "\"vallar provisoriska\"", "2024/00002"})
    EXPECT_THAT(titles(text), IsEmpty()) << text;
}

TEST_P(StaffSearch, TakesAnyQuestionForWords) {
  add(titled("Vallen"));
  for (auto const& text : {std::string("\""), std::string("vall\" OR \"1"), std::string("words:vall"),
                           std::string("a1 OR vall*"), std::string("'; DROP TABLE register_text; --"),
                           std::string("(vall"), std::string("NEAR(vall, 1)"), std::string("'vall':*&|!<->"),
                           std::string("\\vall\\"), std::string("vall\0en", 7), std::string(900, '*'),
                           std::string("\x01vall"), std::string("\xf0\x9f\x98\x80")})
    EXPECT_LE(titles(text).size(), 1u) << text;
  EXPECT_THAT(titles("a1"), IsEmpty()) << "what narrows a search is no word";
  EXPECT_THAT(titles("***"), IsEmpty());
}

TEST_P(StaffSearch, NarrowsByEveryFacet) {
  auto letter = titled("Brev");
  letter.record_type = "Remiss";
  letter.direction = Direction::out;
  letter.by = UserNid(12);
  auto const first = add(letter);
  auto late = titled("Sent");
  late.at = kTestInstant + std::chrono::days(40);
  late.today = kTestDay + std::chrono::days(40);
  late.record_type = "Beslut";
  add(late);
  StaffQuery query;
  query.directions = {Direction::out};
  EXPECT_THAT(titles(query), ElementsAre("Brev"));
  query = {};
  query.types = {"BESLUT"};
  EXPECT_THAT(titles(query), ElementsAre("Sent"));
  query = {};
  query.officer = UserNid(12);
  EXPECT_THAT(titles(query), ElementsAre("Brev"));
  query = {};
  query.of_case = first.case_id;
  EXPECT_THAT(titles(query), ElementsAre("Brev"));
  query = {};
  query.from = kTestDay + std::chrono::days(1);
  EXPECT_THAT(titles(query), ElementsAre("Sent"));
  query = {};
  query.to = kTestDay;
  EXPECT_THAT(titles(query), ElementsAre("Brev"));
  query.from = kTestDay + std::chrono::days(1);
  EXPECT_THAT(titles(query), IsEmpty());
}

TEST_P(StaffSearch, FollowsTheClosingOfACase) {
  auto const added = add(titled("Brev"));
  StaffQuery open;
  open.statuses = {StaffStatus::case_open};
  EXPECT_THAT(titles(open), ElementsAre("Brev"));
  ASSERT_TRUE(write([id = added.case_id](db::Transaction& t) { return close_case(t, id, kTestDay); }));
  EXPECT_THAT(titles(open), IsEmpty());
  open.statuses = {StaffStatus::case_closed};
  EXPECT_THAT(titles(open), ElementsAre("Brev"));
}

TEST_P(StaffSearch, FollowsACorrectionATakeDownAndADisposal) {
  auto const id = add(titled("Felaktig rubrik")).id;
  ASSERT_TRUE(correct(id, "title", "Ansökan om bygglov"));
  EXPECT_THAT(titles("felaktig"), IsEmpty());
  EXPECT_EQ(titles("bygglov").size(), 1u);
  StaffQuery down;
  down.statuses = {StaffStatus::taken_down};
  EXPECT_THAT(titles(down), IsEmpty());
  Publish const decision{
      id, Publication::taken_down, std::nullopt, UserNid(9), "@s:a.example", kTestInstant, test_seed(9)};
  ASSERT_TRUE(write([decision](db::Transaction& t) { return publish(t, decision); }));
  EXPECT_EQ(titles(down).size(), 1u);
  ASSERT_TRUE(write([id](db::Transaction& t) { return dispose_record(t, id); }));
  EXPECT_THAT(titles("bygglov"), IsEmpty());
  EXPECT_EQ(titles("00001").size(), 1u) << "the number stays";
}

TEST_P(StaffSearch, ShowsOtherAuthoritiesOnlyAsTheWebDoes) {
  auto secret = titled("Hemlig rubrik");
  add(secret);
  auto shown = titled("Visad rubrik");
  shown.publication = Publication::full;
  add(shown);
  StaffQuery query;
  query.masked = {AuthorityId(1)};
  query.text = "rubrik";
  auto const page = ask(query);
  ASSERT_EQ(page.hits.size(), 1u);
  EXPECT_TRUE(page.hits[0].masked);
  EXPECT_EQ(page.hits[0].record.title, "Visad rubrik");
  EXPECT_EQ(page.count, 0);
}

TEST_P(StaffSearch, PagesWithoutGapsAndCountsOnce) {
  for (int n = 0; n < 5; ++n) add(titled("Brev " + std::to_string(n)));
  StaffQuery query;
  query.text = "brev";
  query.limit = 2;
  std::vector<std::string> all;
  for (;;) {
    auto const page = ask(query);
    if (!query.before) EXPECT_EQ(page.count, 5);
    for (auto const& hit : page.hits) all.push_back(hit.record.title);
    if (!page.next) break;
    query.before = *page.next;
  }
  EXPECT_THAT(all, ElementsAre("Brev 4", "Brev 3", "Brev 2", "Brev 1", "Brev 0"));
}

TEST_P(StaffSearch, TakesInWhatAnEarlierVersionRegistered) {
  add(titled("Brev ett"));
  add(titled("Brev två"));
  static constexpr db::Statement kForget{"UPDATE register_text SET words = '', facets = ''"};
  static constexpr db::Statement kLeft{"UPDATE register_reindex SET left_below = 3"};
  database->write_now([](db::Transaction& t) {
    t.execute(kForget, {});
    t.execute(kLeft, {});
  });
  ASSERT_THAT(titles("brev"), IsEmpty());
  for (bool more = true; more;)
    database->write_now([&](db::Transaction& t) { more = register_store::reindex_some(t, 1); });
  EXPECT_EQ(titles("brev").size(), 2u);
}

TEST_P(StaffSearch, KeepsAPersonsSearchesForHerAlone) {
  SavedSearch const search{0, "Mina brev", {{"q", "brev"}}, kTestInstant};
  auto const save = [&](UserNid user) {
    return write([user, search](db::Transaction& t) { return saved_search_store::save(t, user, search); })
        .value();
  };
  auto const mine = save(UserNid(7));
  save(UserNid(7));
  auto const of = [&](UserNid user) {
    std::vector<SavedSearch> found;
    database->read_now([&](db::Reader& reader) { found = saved_search_store::of(reader, user); });
    return found;
  };
  ASSERT_EQ(of(UserNid(7)).size(), 1u) << "the same name is the same search";
  EXPECT_EQ(of(UserNid(7))[0].query, search.query);
  EXPECT_TRUE(of(UserNid(8)).empty());
  auto const forget = [&](UserNid user) {
    return write([user, id = of(UserNid(7))[0].id](db::Transaction& t) {
      return saved_search_store::forget(t, user, id);
    });
  };
  EXPECT_FALSE(forget(UserNid(8)));
  EXPECT_TRUE(forget(UserNid(7)));
  EXPECT_TRUE(of(UserNid(7)).empty());
}

TEST(Facets, CoverAStretchOfDaysWithFewTokens) {
  EXPECT_THAT(facet::cover(day(2026, 11, 3), day(2026, 12, 24)), ElementsAre("m202611", "m202612"));
  EXPECT_THAT(facet::cover(day(2018, 11, 1), day(2031, 1, 2)),
              ElementsAre("m201811", "m201812", "y2019", "e202", "y2030", "m203101"));
  EXPECT_THAT(facet::cover(day(2026, 2, 1), day(2026, 1, 1)), IsEmpty());
}

}  // namespace
}  // namespace torg::records
