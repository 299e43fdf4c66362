#include "records/escalation/notices.hpp"

#include "records/rules/working_days.hpp"

#include <array>

#include <fmt/format.h>

namespace torg::records {
namespace {

constexpr std::array<std::string_view, 3> kKinds{"items", "requests", "reviews"};
constexpr std::array<std::string_view, 3> kSteps{"due", "late", "very_late"};
/// R23: escalated on the last day, one working day after it, and three.
constexpr std::array<int, 3> kWorkingDaysPast{0, 1, 3};

struct Words {
  std::string_view one_sv, more_sv, one_en, more_en;
};
constexpr Words kWords[3][3] = {
    {{"En handling ska bedömas i dag.", "{} handlingar ska bedömas i dag.",
      "One record is to be assessed today.", "{} records are to be assessed today."},
     {"En handling skulle ha varit bedömd.", "{} handlingar skulle ha varit bedömda.",
      "One record should have been assessed.", "{} records should have been assessed."},
     {"En handling är tre arbetsdagar försenad.", "{} handlingar är tre arbetsdagar försenade.",
      "One record is three working days late.", "{} records are three working days late."}},
    {{"En begäran ska besvaras senast i dag.", "{} begäranden ska besvaras senast i dag.",
      "One request is to be answered today at the latest.",
      "{} requests are to be answered today at the latest."},
     {"En begäran skulle ha varit besvarad.", "{} begäranden skulle ha varit besvarade.",
      "One request should have been answered.", "{} requests should have been answered."},
     {"En begäran är mycket försenad.", "{} begäranden är mycket försenade.", "One request is very late.",
      "{} requests are very late."}},
    {{"En genomgång av ett avslutat ärende ska vara klar i dag.",
      "{} genomgångar av avslutade ärenden ska vara klara i dag.",
      "One review of a closed case is to be finished today.",
      "{} reviews of closed cases are to be finished today."},
     {"En genomgång skulle ha varit klar.", "{} genomgångar skulle ha varit klara.",
      "One review should have been finished.", "{} reviews should have been finished."},
     {"En genomgång är mycket försenad.", "{} genomgångar är mycket försenade.", "One review is very late.",
      "{} reviews are very late."}}};

/// On which day a clock that ended on `due` is told of, at `step`.
Day day_of_step(Day due, std::size_t step) { return plus_working_days(due, kWorkingDaysPast.at(step)); }

// escalation_day: how far each authority has been told. notice: what was told, for ever (R14: the list of it
// is no secret, it holds counts). notice_seen: who has put it away.
constexpr db::Migration kMigrations[] = {{"notices", 1, R"sql(
CREATE TABLE escalation_day (authority INTEGER NOT NULL PRIMARY KEY, day BIGINT NOT NULL) {rowless};
CREATE TABLE notice (
  nid {id},
  authority INTEGER NOT NULL,
  day BIGINT NOT NULL,
  kind INTEGER NOT NULL,
  step INTEGER NOT NULL,
  count BIGINT NOT NULL
);
CREATE INDEX notice_of_authority ON notice (authority, day);
CREATE TABLE notice_seen (
  notice BIGINT NOT NULL,
  person INTEGER NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (notice, person)
) {rowless};
)sql"},
                                         // late_room_notice, clock_letter: what a round has to tell rooms
                                         // and by mail, until it has gone out.
                                         {"notices", 2, R"sql(
CREATE TABLE late_room_notice (
  nid {id},
  authority INTEGER NOT NULL,
  room INTEGER NOT NULL,
  count BIGINT NOT NULL
);
CREATE TABLE clock_letter (
  nid {id},
  authority INTEGER NOT NULL,
  text TEXT NOT NULL
);
)sql"}};

// `handling = 0` stands in the text so that the queue's partial index is used.
constexpr db::Statement kItemsDue{
    "SELECT due_day, COUNT(*) FROM assessment WHERE authority = $1 AND handling = 0 AND due_day IS NOT NULL "
    "GROUP BY due_day ORDER BY due_day"};
constexpr db::Statement kTold{"SELECT day FROM escalation_day WHERE authority = $1"};
constexpr db::Statement kTell{
    "INSERT INTO escalation_day (authority, day) VALUES ($1, $2) "
    "ON CONFLICT (authority) DO UPDATE SET day = $2"};
constexpr db::Statement kAdd{
    "INSERT INTO notice (authority, day, kind, step, count) VALUES ($1, $2, $3, $4, $5)"};
constexpr db::Statement kUnseen{
    "SELECT nid, authority, day, kind, step, count FROM notice WHERE authority = $1 AND day >= $2 AND NOT "
    "EXISTS "
    "(SELECT 1 FROM notice_seen WHERE notice = nid AND person = $3) ORDER BY nid DESC"};
constexpr db::Statement kFind{"SELECT nid, authority, day, kind, step, count FROM notice WHERE nid = $1"};
constexpr db::Statement kSee{
    "INSERT INTO notice_seen (notice, person, at) VALUES ($1, $2, $3) ON CONFLICT (notice, person) DO "
    "NOTHING"};

std::int64_t to_number(Day day) { return day.time_since_epoch().count(); }
Day to_day(std::int64_t days) { return Day(std::chrono::days(days)); }

ClockNotice to_notice(db::Row const& row) {
  return {row.number<NoticeId>(0),
          row.number<AuthorityId>(1),
          to_day(row.integer(2)),
          static_cast<NoticeKind>(row.integer(3)),
          static_cast<NoticeStep>(row.integer(4)),
          row.integer(5)};
}

}  // namespace

std::string_view to_text(NoticeKind kind) { return kKinds.at(static_cast<std::size_t>(kind)); }
std::string_view to_text(NoticeStep step) { return kSteps.at(static_cast<std::size_t>(step)); }

Bilingual to_words(ClockNotice const& notice) {
  auto const& words = kWords[static_cast<std::size_t>(notice.kind)][static_cast<std::size_t>(notice.step)];
  if (notice.count == 1) return {std::string(words.one_sv), std::string(words.one_en)};
  return {fmt::format(fmt::runtime(words.more_sv), notice.count),
          fmt::format(fmt::runtime(words.more_en), notice.count)};
}

std::vector<ClockNotice> notices_of(AuthorityId authority, NoticeKind kind, DueCounts const& counts,
                                    Day after, Day today) {
  std::vector<ClockNotice> found;
  if (!is_working_day(today)) return found;
  std::array<std::int64_t, kSteps.size()> told{};
  for (auto const& [due, number] : counts) {
    // The highest step it has reached, so that what was missed while the server stood still is told once.
    std::size_t step = kSteps.size();
    while (step > 0 && day_of_step(due, step - 1) > today) --step;
    if (step == 0) continue;
    bool const every_day = kind == NoticeKind::requests && step > 1;
    if (every_day || day_of_step(due, step - 1) > after) told.at(step - 1) += number;
  }
  for (std::size_t step = 0; step < kSteps.size(); ++step) {
    if (told.at(step) > 0)
      found.push_back({{}, authority, today, kind, static_cast<NoticeStep>(step), told.at(step)});
  }
  return found;
}

std::span<db::Migration const> notice_migrations() { return kMigrations; }

namespace notice_store {

DueCounts items_due(db::Reader& reader, AuthorityId authority) {
  DueCounts counts;
  reader.query(kItemsDue, {authority},
               [&](db::Row const& row) { counts[to_day(row.integer(0))] = row.integer(1); });
  return counts;
}

std::optional<Day> told(db::Reader& reader, AuthorityId authority) {
  return reader.query_one(kTold, {authority}, [](db::Row const& row) { return to_day(row.integer(0)); });
}

void tell(db::Transaction& transaction, AuthorityId authority, Day day,
          std::vector<ClockNotice> const& notices) {
  transaction.execute(kTell, {authority, to_number(day)});
  for (auto const& notice : notices) {
    transaction.execute(kAdd, {notice.authority, to_number(notice.day), static_cast<int>(notice.kind),
                               static_cast<int>(notice.step), notice.count});
  }
}

std::vector<ClockNotice> unseen(db::Reader& reader, AuthorityId authority, Day since, UserNid person) {
  std::vector<ClockNotice> found;
  reader.query(kUnseen, {authority, to_number(since), person},
               [&](db::Row const& row) { found.push_back(to_notice(row)); });
  return found;
}

std::optional<ClockNotice> find(db::Reader& reader, NoticeId id) {
  return reader.query_one(kFind, {id}, to_notice);
}

void see(db::Transaction& transaction, NoticeId id, UserNid person, Instant at) {
  transaction.execute(kSee, {id, person, to_ms(at)});
}

}  // namespace notice_store
}  // namespace torg::records
