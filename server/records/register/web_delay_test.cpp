#include "records/register/web_delay.hpp"

#include "records/register/store.hpp"
#include "records/testing/office.hpp"
#include "records/testing/record_builder.hpp"

namespace torg::records {
namespace {

class WebDelays : public Office {
 protected:
  void SetUp() override {
    Office::SetUp();
    delay = std::make_unique<WebDelay>(runtime, *database, world->governance, world->settings);
  }
  void set(std::string key, std::string value) {
    ASSERT_TRUE(run(runtime, world->settings.change({world->ks, std::move(key), std::move(value),
                                                     runtime.now(), karin, "KS § 12"})));
  }
  RecordId add(std::string title, std::function<void(NewRecord&)> change = [](NewRecord&) {}) {
    auto record = a_record(++made);
    record.series = world->records.series(world->ks);
    record.at = runtime.now();
    record.title = std::move(title);
    change(record);
    return run(runtime, database->write([record](db::Transaction& t) { return register_record(t, record); }))
        .value()
        .id;
  }
  std::int64_t after(int hours) {
    return run(runtime, delay->round(runtime.now() + std::chrono::hours(hours))).value();
  }
  Publication shown(RecordId id) { return run(runtime, world->records.record(id)).value().publication; }
  std::unique_ptr<WebDelay> delay;
  std::uint64_t made = 1000;
};
INSTANTIATE_TEST_SUITE_P(Db, WebDelays, db::both_databases(), db::database_name);

TEST_P(WebDelays, ShowNothingWhereTheCheckIsTheRule) {
  add("Yttrande över vallen");
  EXPECT_EQ(after(1000), 0);
}

TEST_P(WebDelays, ShowATitleWhenTheHoursHavePassed) {
  auto const before =
      add("Yttrande över vallen", [](NewRecord& record) { record.at -= std::chrono::minutes(1); });
  set("before_the_web", "delay");
  set("web_delay_hours", "48");
  auto const id = add("Yttrande över vallen");
  EXPECT_EQ(after(47), 0);
  EXPECT_EQ(shown(id), Publication::waiting);
  EXPECT_EQ(after(49), 1);
  EXPECT_EQ(shown(id), Publication::full);
  EXPECT_EQ(shown(before), Publication::waiting) << "it was promised a check";
  EXPECT_EQ(after(49), 0) << "once";
}

TEST_P(WebDelays, LeaveToTheCheckWhatPointsSomebodyOut) {
  set("before_the_web", "delay");
  add("Synpunkt", [](NewRecord& record) { record.secrecy = Secrecy{"26 kap. 1 § OSL", kTestDay, ""}; });
  add("Fråga om 640823-3234");
  add("Synpunkt från Gun Ahlbäck om källaren", [](NewRecord& record) {
    record.private_person = true;
    record.sender = "Gun Ahlbäck";
  });
  EXPECT_EQ(after(25), 0);
}

TEST_P(WebDelays, LeaveWhatARegistrarDecided) {
  set("before_the_web", "delay");
  auto const id = add("Yttrande över vallen");
  ASSERT_TRUE(
      run(runtime, world->records.publish(world->sandra, id, Publication::number_only, std::nullopt)));
  EXPECT_EQ(after(25), 0);
  EXPECT_EQ(shown(id), Publication::number_only);
}

}  // namespace
}  // namespace torg::records
